"""Reading a consent and signing it.

What was shown is what is signed: the text is rendered again at the moment of signing, and must have the hash that the
person was shown. Signature, evidence, status, audit row and notification are one transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from portal.domain import paperwork, signature
from portal.domain.paperwork import INCOMPLETE, INTENT, FormKind, FormStatus
from portal.domain.signature import Drawing, SignatureRefused
from portal.errors import Conflict, Invalid, NotFound
from portal.models import AssignedForm, FormEvent, Guardian, Signature
from portal.queries import forms
from portal.queries.forms import Form
from portal.services import consent_text, notify
from portal.services.evidence import verified_contact
from portal.services.paperwork import note
from portal.work import Work

OPENED = "opened"
VIEWED = "viewed to the end"
SIGNED = "signed"
# Looking again within this time is the same reading: a page that is reloaded does not fill the record.
SAME_READING = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Ink:
    """What the pad reports: its strokes (`[{points: [{x, y, …}, …]}, …]`), and its size in its own units."""

    strokes: object
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Act:
    """What the person did on the signing page. `shown_sha256` is the hash of the text that was on the screen."""

    shown_sha256: str
    intent: bool
    ink: Ink | None = None
    typed_name: str = ""
    initials: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """What became of the form."""

    form_id: UUID
    name: str
    status: FormStatus


def opened(work: Work, form_id: UUID) -> None:
    """Put it on record that the signed-in person opened the consent. Only while it is unfinished."""
    _seen(work, form_id, OPENED)


def viewed_to_end(work: Work, form_id: UUID) -> None:
    """Put it on record that the end of the text was on the screen. Only while it is unfinished."""
    _seen(work, form_id, VIEWED)


def sign(work: Work, form_id: UUID, act: Act) -> Signed:
    """Sign the consent as the signed-in patient, or as the guardian of a minor.

    Raises `NotFound` for a stranger's form, `Conflict` when it is signed or void or its text is not the one shown,
    `Denied` when someone else has to sign, `Invalid` (`signature`, `intent`, `initials.<n>`) for what is missing.
    """
    row = work.own(AssignedForm, form_id)  # locked: a second tab waits here and then finds it signed
    if row.kind is not FormKind.CONSENT:
        raise NotFound
    form = forms.form(work, form_id)
    status = paperwork.signed(form.status, needs_witness=form.needs_witness)
    guardian = _guardian(work)
    role = paperwork.signer(form.born, form.today(work.now()), by_guardian=guardian is not None)
    content = consent_text.content(form)
    if act.shown_sha256 != content.sha256:
        raise Conflict(paperwork.TEXT_CHANGED)
    drawing, typed_name, initials = _complete(form, act)
    try:
        signed = work.add(
            Signature(
                form_id=row.id,
                role=role,
                name=guardian.name if guardian else form.patient,
                relationship=guardian.relationship if guardian else "",
                method="drawn" if drawing else "typed",
                strokes=drawing.to_json() if drawing else None,
                typed_name=typed_name,
                initials=initials,
                intent=INTENT,
                text_sha256=content.sha256,
                signed_at=work.now(),
                time_zone=form.zone_name,
                verified_contact=verified_contact(work),
                session_id=work.actor.session_id,
                address=work.actor.address,
                device=work.actor.device,
            )
        )
    except IntegrityError:
        raise Conflict(paperwork.ALREADY_SIGNED) from None
    row.frozen_html, row.text_sha256 = content.html, content.sha256
    row.status = status
    if status is FormStatus.DONE:
        row.done_at = signed.signed_at
        row.valid_until = paperwork.valid_until(signed.signed_at, form.valid_months, form.zone)
    note(work, row.id, SIGNED)
    work.audit("form.signed", row, method=signed.method, role=role.value, text_sha256=content.sha256)
    work.changed(row.patient_id, "forms")
    notify.form_signed(work, row, form.name)
    return Signed(row.id, form.name, status)


def _guardian(work: Work) -> Guardian | None:
    """The guardian who is signed in for this patient."""
    if work.actor.kind != "guardian":
        return None
    guardian = work.get(Guardian, work.actor.guardian_id)
    if guardian.patient_id != work.patient_id:
        raise NotFound
    return guardian


def _complete(form: Form, act: Act) -> tuple[Drawing | None, str, dict[str, str]]:
    """The drawing or the typed name, and the initials. `Invalid` with everything that is missing, at once."""
    problems: dict[str, str] = {}
    drawing, typed_name, initials = None, "", {}
    try:
        if act.ink is not None:
            drawing = signature.drawn(act.ink.strokes, act.ink.width, act.ink.height)
        else:
            typed_name = signature.typed(act.typed_name)
    except SignatureRefused as refused:
        problems["signature"] = refused.sentence
    if act.intent is not True:
        problems["intent"] = "Tick the box to say that you mean to sign."
    try:
        initials = paperwork.initialled(form.initials, act.initials)
    except Invalid as missing:
        problems |= missing.fields
    if problems:
        raise Invalid(problems)
    return drawing, typed_name, initials


def _seen(work: Work, form_id: UUID, what: str) -> None:
    form = work.own(AssignedForm, form_id)
    if form.kind is not FormKind.CONSENT:
        raise NotFound
    if form.status not in INCOMPLETE:
        return
    before = work.db.exec(
        select(FormEvent.at)
        .where(
            FormEvent.form_id == form_id,
            FormEvent.what == what,
            FormEvent.device == work.actor.device,
            FormEvent.address == work.actor.address,
        )
        .order_by(col(FormEvent.at).desc())
        .limit(1)
    ).first()
    if before is None or work.now() - before > SAME_READING:
        note(work, form_id, what)
