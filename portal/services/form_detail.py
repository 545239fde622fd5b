"""One form as staff see it: how it stands, who signed, what may be done with it; and, for who may, what is in it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from portal import dates, routes
from portal.documents.markdown import sanitise
from portal.domain import paperwork
from portal.domain.access import ROLE_NAMES, Privilege
from portal.domain.paperwork import INCOMPLETE, FormKind, FormStatus, SignerRole
from portal.models import AssignedForm, FormSubmission, Signature, Staff
from portal.queries import filling, forms
from portal.queries.forms import Form
from portal.services import consent_text, witnessing
from portal.services import document_parts as parts
from portal.services.reading import SignatureLine, signature_line
from portal.work import Work

NOT_YOURS = "The answers are for the people who treat. Your role sees how the form stands."
REASONS = {
    FormKind.CONSENT: ("Client asked for a correction", "Wrong form or version", "Signature is not readable"),
    FormKind.QUESTIONNAIRE: ("Client asked for a correction", "Wrong form or version", "Answers are not complete"),
}


@dataclass(frozen=True, slots=True)
class FormDetail:
    """A form, ready to print. `why_not_read`, `why_not_witness` are empty where the person may.

    `intent` is what a witness ticks, on the text with the hash `sha256`; `name` and `role` are the witness's, who is
    signed in. `reset_to` and `reset_keeps` say what a reset does, before it does.
    """

    form_id: str
    client_id: str
    client: str
    first_name: str
    born: str
    form: str
    kind: str
    status: str
    about: str
    facts: list[tuple[str, str]]
    signatures: list[SignatureLine]
    submitted: str
    pdf_href: str
    why_not_read: str
    can_witness: bool
    why_not_witness: str
    sha256: str
    name: str
    role: str
    today: str
    intent: str
    can_reset: bool
    reset_to: str
    reset_keeps: str
    reasons: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A question with its answer in words. `photos` are the addresses of its photographs, `ink` a drawn signature."""

    question: str
    answer: str
    answered: bool
    photos: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A page of a questionnaire."""

    title: str
    rows: list[AnswerRow]


@dataclass(frozen=True, slots=True)
class FormContent:
    """What is in a form: a consent's text (`html`, sanitised) as it was signed or is, or a questionnaire's answers."""

    html: str = ""
    parts: list[AnswerPart] = field(default_factory=list)


def detail(work: Work, form_id: UUID) -> FormDetail:
    """The form, whosever it is. `Denied` for who may not see paperwork, `NotFound` for none."""
    work.require(Privilege.PAPERWORK_VIEW)
    form, now = forms.any_form(work, form_id), work.now()
    row = work.get(AssignedForm, form_id)
    signed = work.db.exec(
        select(Signature).where(Signature.form_id == form_id).order_by(col(Signature.signed_at), col(Signature.id))
    ).all()
    person = work.db.get(Staff, work.actor.staff_id) if work.actor.staff_id else None
    waiting = form.status is FormStatus.WITNESS and bool(signed)
    why_not = _why_not_witness(work, form, signed[0], person) if waiting else ""
    is_consent = form.kind is FormKind.CONSENT
    return FormDetail(
        form_id=str(form.id),
        client_id=str(form.patient_id),
        client=form.patient,
        first_name=form.preferred_name or form.first_name,
        born=dates.full_date(form.born, form.locale),
        form=form.name,
        kind="Consent" if is_consent else "Questionnaire",
        status=paperwork.label(form.kind, form.status),
        about=_about(form),
        facts=_facts(form, row, now),
        signatures=[signature_line(one, form) for one in signed],
        submitted="" if is_consent else _submitted(work, form),
        pdf_href=routes.staff_form_pdf(str(form.id)),
        why_not_read="" if is_consent or work.actor.may(Privilege.MEDICAL_VIEW) else NOT_YOURS,
        can_witness=waiting and not why_not,
        why_not_witness=why_not,
        sha256=form.text_sha256 or "",
        name=f"{person.first_name} {person.last_name}" if person else "",
        role=ROLE_NAMES[person.role] if person else "",
        today=dates.full_date(form.today(now), form.locale),
        intent=paperwork.witness_intent(signed[0].name) if waiting else "",
        can_reset=form.status is not FormStatus.VOID and work.actor.may(Privilege.PAPERWORK_RESET),
        reset_to=paperwork.label(form.kind, FormStatus.OPEN),
        reset_keeps=_kept(form),
        reasons=[(words, words) for words in REASONS[form.kind]],
    )


def content(work: Work, form_id: UUID) -> FormContent:
    """What is in the form. `Denied` for who may not read it (`forms.readable`), `NotFound` for none."""
    form = forms.readable(work, form_id)
    if form.kind is FormKind.CONSENT:
        return FormContent(html=sanitise(consent_text.content(form).html))
    found = filling.any_filling(work, form_id)
    return FormContent(
        parts=[
            AnswerPart(
                section.title,
                [
                    AnswerRow(
                        line.question,
                        line.answer,
                        line.answered,
                        [routes.staff_photo(photo) for photo in line.photos if photo in found.photos],
                    )
                    for line in section.lines
                ],
            )
            for section in found.sections
        ]
    )


def _why_not_witness(work: Work, form: Form, first: Signature, person: Staff | None) -> str:
    if person is None or not work.actor.may(Privilege.PAPERWORK_WITNESS):
        return "Your role does not include witnessing."
    return witnessing.staff_may_not(work, form, first, person)


def _about(form: Form) -> str:
    """What it is for: "Botox with Naomi Reyes, NP. Version 3."."""
    what = " with ".join(part for part in (form.service or "", form.provider) if part)
    return " ".join(part for part in (f"{what}." if what else "", f"Version {form.number}.") if part)


def _facts(form: Form, row: AssignedForm, now: datetime) -> list[tuple[str, str]]:
    """What is known of its days, each a label and its words."""

    def said(at: datetime | None) -> str:
        return dates.moment(at, now, form.zone, form.locale) if at else ""

    def day(at: datetime | None) -> str:
        return dates.full_date(dates.local_day(at, form.zone), form.locale) if at else ""

    over = form.valid_until is not None and form.valid_until < now
    void = f"{said(row.voided_at)}. {row.void_reason}" if row.voided_at else ""
    pairs = (
        ("Visit", dates.ahead(form.visit_at, now, form.zone, form.locale) if form.visit_at else ""),
        ("Sent", said(form.assigned_at)),
        ("Due", said(form.due_at) if form.status in INCOMPLETE and form.due_at != form.visit_at else ""),
        ("Completed", said(form.done_at)),
        ("Counted until" if over else "Counts until", day(form.valid_until)),
        ("Made void", void),
    )
    return [pair for pair in pairs if pair[1]]


def _submitted(work: Work, form: Form) -> str:
    """Who gave the answers: "Amelia Hart, patient, November 20, 2026 at 6:42 PM"."""
    one = work.db.exec(select(FormSubmission).where(FormSubmission.form_id == form.id)).first()
    if one is None:
        return ""
    day = dates.full_date(dates.local_day(one.submitted_at, form.zone), form.locale)
    at = f"{day} at {dates.clock_time(one.submitted_at, form.zone, form.locale)}"
    return f"{parts.acting_as(one.name, SignerRole(one.role), one.relationship, form.patient)}, {at}"


def _kept(form: Form) -> str:
    """What becomes of the form as it stands."""
    if form.status is FormStatus.OPEN:
        return "Nothing is complete yet. The form as it stands is kept in the record, marked void."
    if form.kind is FormKind.CONSENT:
        return "The signed copy is kept in the record with its signatures, marked void, and stays in the audit log."
    return "The submitted answers are kept in the record, marked void, and stay in the audit log."
