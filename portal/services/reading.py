"""A consent on the screen: its text, who signs it, and what has been signed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from portal import dates, routes
from portal.documents import strokes
from portal.documents.markdown import sanitise
from portal.domain import paperwork
from portal.domain.paperwork import FormKind, FormStatus, SignerRole
from portal.domain.people import is_adult
from portal.domain.signature import Drawing
from portal.errors import NotFound
from portal.models import Guardian, Signature
from portal.queries import forms
from portal.queries.forms import Form
from portal.services import consent_text, notifications, signing, witnessing
from portal.services.paperwork import replacement
from portal.work import Work

_STANDS = {
    FormStatus.WITNESS: "You have signed. A team member witnesses it at check-in.",
    FormStatus.DONE: "Signed and locked.",
    FormStatus.VOID: "The practice has withdrawn this form.",
}


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature line under the text: empty, typed, or drawn (`ink` are SVG commands in `view_box`).

    `status` is the word of its pill, `option` the choice made with it.
    """

    name: str
    role: str
    date: str = ""
    typed: str = ""
    ink: str = ""
    view_box: str = ""
    waiting: bool = False
    status: str = ""
    option: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """Everything that reading and signing show. `html` is sanitised; `sha256` is the hash of the text as stored.

    `why_not` says why the person who is signed in cannot sign; `stands` how it stands where nothing is left to sign.
    `intent` is the sentence to tick, `options` (id, words) what the signer chooses one of. `can_witness` says
    that a companion may sign here and now, `witness_intent` is theirs. `fresh_href` leads to what took its place.
    """

    form_id: str
    name: str
    status: str
    about: str
    version: str
    html: str
    sha256: str
    minutes: int
    initials: list[str]
    options: list[tuple[str, str]]
    lines: list[SignatureLine]
    signer: str
    today: str
    can_sign: bool
    why_not: str
    stands: str
    intent: str
    can_witness: bool
    witness_intent: str
    pdf_href: str
    read_href: str
    sign_href: str
    witness_href: str
    fresh_href: str


def read_consent(work: Work, form_id: UUID) -> Consent:
    """Open the consent: what the screen shows, with the opening on record. `NotFound` for a stranger's."""
    form = _form(work, form_id)
    signing.opened(work, form_id)
    notifications.mark_read_at(work, routes.consent(str(form_id)))
    return _consent(work, form)


def as_it_is(work: Work, form_id: UUID) -> Consent:
    """The consent that is on the screen already, as it is now; nothing is recorded. `NotFound` for a stranger's."""
    return _consent(work, _form(work, form_id))


def _form(work: Work, form_id: UUID) -> Form:
    form = forms.form(work, form_id)
    if form.kind is not FormKind.CONSENT:
        raise NotFound
    return form


def _consent(work: Work, form: Form) -> Consent:
    now, form_id = work.now(), str(form.id)
    text = consent_text.content(form)
    guardian = work.get(Guardian, work.actor.guardian_id) if work.actor.kind == "guardian" else None
    may_sign = paperwork.may_sign(form.born, form.today(now), by_guardian=guardian is not None)
    unsigned = form.status is FormStatus.OPEN
    first = witnessing.signature_to_witness(work, form.id) if form.status is FormStatus.WITNESS else None
    fresh = replacement(work, form.id) if form.status is FormStatus.VOID else None
    return Consent(
        form_id=form_id,
        name=form.name,
        status=paperwork.label(form.kind, form.status),
        about=_about(form),
        version=str(form.number),
        html=sanitise(text.html),
        sha256=text.sha256,
        minutes=paperwork.minutes_for(len(form.text)),
        initials=form.initials,
        options=[(option["id"], option["label"]) for option in form.options],
        lines=_lines(work, form, guardian),
        signer=guardian.name if guardian else form.patient,
        today=dates.full_date(form.today(now), form.locale),
        can_sign=unsigned and may_sign,
        why_not=_why_not(form, guardian is not None) if unsigned and not may_sign else "",
        stands=_stands(form, now),
        intent=paperwork.INTENT,
        can_witness=first is not None and witnessing.same_device(work, first),
        witness_intent=paperwork.witness_intent(first.name) if first else "",
        pdf_href=routes.form_pdf(form_id),
        read_href=routes.consent(form_id),
        sign_href=routes.consent_sign(form_id),
        witness_href=routes.consent_witness(form_id),
        fresh_href=routes.consent(str(fresh)) if fresh else "",
    )


def _about(form: Form) -> str:
    """What the consent is for: "Botox, on Tuesday, November 24, 2026. Version 4."."""
    version = f"Version {form.number}."
    if form.visit_at is None:
        return version
    day = dates.full_day(dates.local_day(form.visit_at, form.zone), form.locale)
    return f"{form.service}, on {day}. {version}"


def _stands(form: Form, now: datetime) -> str:
    """How it stands: "Signed and locked. Counts until November 20, 2027."."""
    words = _STANDS.get(form.status, "")
    if form.status is not FormStatus.DONE or form.valid_until is None:
        return words
    verb = "Counts until" if paperwork.covers(form.valid_until, now) else "Counted until"
    return f"{words} {verb} {dates.full_date(dates.local_day(form.valid_until, form.zone), form.locale)}."


def _why_not(form: Form, by_guardian: bool) -> str:
    if by_guardian:
        return f"{form.first_name} is an adult now, and signs in and signs in person."
    return "Until you are 18, a parent or guardian signs in and signs this for you."


def _lines(work: Work, form: Form, guardian: Guardian | None) -> list[SignatureLine]:
    """A line for everybody who signed, and for everybody who still has to."""
    signed = work.db.exec(
        select(Signature).where(Signature.form_id == form.id).order_by(col(Signature.signed_at), col(Signature.id))
    ).all()
    lines = [signature_line(one, form) for one in signed]
    if form.status is FormStatus.OPEN:
        minor = not is_adult(form.born, form.today(work.now()))
        name = guardian.name if guardian else "Parent or guardian" if minor else form.patient
        role = "Parent or guardian signature" if minor else "Patient signature"
        lines.append(SignatureLine(name, role))
    if form.needs_witness and all(one.role is not SignerRole.WITNESS for one in signed):
        waiting = form.status is FormStatus.WITNESS
        status = paperwork.label(form.kind, FormStatus.WITNESS) if waiting else ""
        lines.append(SignatureLine("Witness", "Any adult who is not treating you", waiting=waiting, status=status))
    return lines


def signature_line(signature: Signature, form: Form) -> SignatureLine:
    """One signature as it stands under the text."""
    drawing = Drawing.from_json(signature.strokes) if signature.strokes else None
    return SignatureLine(
        name=signature.name,
        role=paperwork.capacity(signature.role, signature.relationship),
        date=_when(signature.signed_at, form),
        typed=signature.typed_name,
        ink=strokes.path(drawing) if drawing else "",
        view_box=_view_box(drawing) if drawing else "",
        status=paperwork.label(FormKind.CONSENT, FormStatus.DONE) if form.needs_witness else "",
        option=signature.option,
    )


def _when(at: datetime, form: Form) -> str:
    day = dates.full_date(dates.local_day(at, form.zone), form.locale)
    return f"{day} at {dates.clock_time(at, form.zone, form.locale)}"


def _view_box(drawing: Drawing) -> str:
    """The ink with a little air around it."""
    left, top, right, bottom = drawing.bounds
    air = 0.06 * max(right - left, bottom - top)
    return f"{left - air:g} {top - air:g} {right - left + 2 * air:g} {bottom - top + 2 * air:g}"
