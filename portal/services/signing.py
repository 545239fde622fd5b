"""Reading a consent and signing it.

What was shown is what is signed: the text is rendered again at the moment of signing, and must have the hash that the
person was shown. Signature, evidence, status, audit row and notification are one transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from portal.domain import paperwork, signature
from portal.domain.paperwork import INCOMPLETE, INTENT, FormKind, FormStatus, SignerRole
from portal.domain.signature import SignatureRefused
from portal.errors import Conflict, Invalid, NotFound
from portal.models import AssignedForm, Signature
from portal.queries import forms
from portal.queries.forms import Form
from portal.services import consent_text, notify
from portal.services.evidence import acting_guardian, verified_contact
from portal.services.paperwork import note, note_once
from portal.work import Work

OPENED = "opened"
VIEWED = "viewed to the end"
SIGNED = "signed"
WITNESSED = "witnessed"


@dataclass(frozen=True, slots=True)
class Ink:
    """What the pad reports: its strokes (`[{points: [{x, y, …}, …]}, …]`), and its size in its own units."""

    strokes: object
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    """A signature as it is kept: the drawing as JSON, or the typed name."""

    strokes: str | None = None
    typed_name: str = ""

    @property
    def method(self) -> str:
        """How it was made: drawn, typed."""
        return "drawn" if self.strokes else "typed"


@dataclass(frozen=True, slots=True)
class Act:
    """What the person did on the signing page. `shown_sha256` is the hash of the text that was on the screen, `option`
    the id of the choice made where the form offers some."""

    shown_sha256: str
    intent: bool
    ink: Ink | None = None
    typed_name: str = ""
    initials: Mapping[str, str] = field(default_factory=dict)
    option: str = ""


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
    `Denied` when someone else has to sign, `Invalid` (`signature`, `intent`, `option`, `initials.<n>`) for what is
    missing.
    """
    row = work.own(AssignedForm, form_id)  # locked: a second tab waits here and then finds it signed
    if row.kind is not FormKind.CONSENT:
        raise NotFound
    form = forms.form(work, form_id)
    status = paperwork.signed(form.status, needs_witness=form.needs_witness)
    guardian = acting_guardian(work)
    role = paperwork.signer(form.born, form.today(work.now()), by_guardian=guardian is not None)
    content = consent_text.content(form)
    if act.shown_sha256 != content.sha256:
        raise Conflict(paperwork.TEXT_CHANGED)
    mark, initials, option = _complete(form, act)
    signature_ = Signature(
        form_id=row.id,
        role=role,
        name=guardian.name if guardian else form.patient,
        relationship=guardian.relationship if guardian else "",
        method=mark.method,
        strokes=mark.strokes,
        typed_name=mark.typed_name,
        initials=initials,
        option=option,
        intent=INTENT,
        text_sha256=content.sha256,
        signed_at=work.now(),
        time_zone=form.zone_name,
        verified_contact=verified_contact(work),
        session_id=work.actor.session_id,
        address=work.actor.address,
        device=work.actor.device,
    )
    row.frozen_html, row.text_sha256 = content.html, content.sha256
    put_on(work, row, form, signature_, status)
    return Signed(row.id, form.name, status)


def put_on(work: Work, row: AssignedForm, form: Form, one: Signature, status: FormStatus) -> None:
    """Put a signature on its form, whole: the row, what becomes of the form, the evidence, the trace, the news.

    `Conflict` when a signature in this capacity is there already.
    """
    what = WITNESSED if one.role is SignerRole.WITNESS else SIGNED
    try:
        work.add(one)
    except IntegrityError:
        raise Conflict(paperwork.ALREADY_SIGNED) from None
    row.status = status
    if status is FormStatus.DONE:
        row.done_at = one.signed_at
        row.valid_until = paperwork.valid_until(one.signed_at, form.valid_months, form.zone)
    note(work, row.id, what)
    work.audit(f"form.{what}", row, method=one.method, role=one.role.value, text_sha256=one.text_sha256)
    work.changed(row.patient_id, "forms")
    work.changed(None, "practice")  # the paperwork queue
    notify.form_signed(work, row, form.name)


def marked(ink: Ink | None, typed_name: str) -> Mark:
    """The drawing, or the typed name where there is no ink. `Invalid` (`signature`) for what is no signature."""
    try:
        if ink is not None:
            return Mark(strokes=signature.drawn(ink.strokes, ink.width, ink.height).to_json())
        return Mark(typed_name=signature.typed(typed_name))
    except SignatureRefused as refused:
        raise Invalid({"signature": refused.sentence}) from None


def meant(intent: bool) -> None:
    """`Invalid` (`intent`) unless the box was ticked."""
    if intent is not True:
        raise Invalid({"intent": "Tick the box to say that you mean to sign."})


def _complete(form: Form, act: Act) -> tuple[Mark, dict[str, str], str]:
    """The mark, the initials and the choice made. `Invalid` with everything that is missing, at once."""
    mark, _, initials, option = together(
        lambda: marked(act.ink, act.typed_name),
        lambda: meant(act.intent),
        lambda: paperwork.initialled(form.initials, act.initials),
        lambda: paperwork.chosen(form.options, act.option),
    )
    return mark, initials, option


def together(*checks: Callable[[], Any]) -> tuple[Any, ...]:
    """What each of the checks finds. `Invalid` with everything that all of them miss."""
    found, problems = [], dict[str, str]()
    for check in checks:
        try:
            found.append(check())
        except Invalid as missing:
            problems |= missing.fields
    if problems:
        raise Invalid(problems)
    return tuple(found)


def _seen(work: Work, form_id: UUID, what: str) -> None:
    form = work.own(AssignedForm, form_id)
    if form.kind is not FormKind.CONSENT:
        raise NotFound
    if form.status in INCOMPLETE:
        note_once(work, form_id, what)
