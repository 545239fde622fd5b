"""Task Management: the forms of the signed-in patient, ready to print."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import col, func

from portal import dates, routes
from portal.domain import paperwork
from portal.domain.paperwork import FormKind, FormStatus
from portal.errors import NotFound
from portal.models import (
    Appointment,
    AppointmentType,
    AssignedForm,
    Clinic,
    FormTemplate,
    Patient,
    Practice,
    Service,
    Signature,
    SignerRole,
    TemplateVersion,
)
from portal.models.db import columns
from portal.queries import filling
from portal.queries.filling import Filling
from portal.work import Actor, Work

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, and in which zone and manner: what every page for a patient starts from."""

    first_name: str
    born: date
    zone_name: str
    locale: str
    expiring_days: int

    @property
    def zone(self) -> ZoneInfo:
        """Where the patient's clinic is."""
        return ZoneInfo(self.zone_name)


@dataclass(frozen=True, slots=True)
class FormRow:
    """One form in a list.

    `sign_href`, `fill_href` and `witness_href` are empty where there is nothing to do, `view_href` where there is
    nothing to read yet, `expiry` where nothing expires soon.
    """

    id: str
    name: str
    status: str
    meta: str
    view_href: str
    sign_href: str
    pdf_href: str
    expiry: str
    fill_href: str = ""
    witness_href: str = ""


@dataclass(frozen=True, slots=True)
class Tasks:
    """The Task Management page. `headline` and `note` stand beside the number of open forms."""

    open: list[FormRow]
    done: list[FormRow]
    open_consents: int
    open_questionnaires: int
    done_count: int
    headline: str
    note: str
    to_fill: list[FormRow] = field(default_factory=list)
    filled: list[FormRow] = field(default_factory=list)

    @property
    def next_href(self) -> str:
        """The first form that this person can do something about; empty when there is none."""
        signing = next((row.view_href for row in self.open if row.sign_href), "")
        return signing or next((row.fill_href for row in self.to_fill if row.fill_href), "")


def reader(work: Work) -> Reader:
    """The signed-in patient. `NotFound` for anybody else."""
    row = work.rows(_READER, patient=work.patient_id).first()
    if row is None:
        raise NotFound
    return Reader(*row)


def tasks(work: Work) -> Tasks:
    """All forms of the signed-in patient that count; two statements, and some for each questionnaire that is begun."""
    who, now = reader(work), work.now()
    may_sign = paperwork.may_sign(who.born, dates.local_day(now, who.zone), by_guardian=work.actor.kind == "guardian")
    lines = _lines(work)
    consents = [line for line in lines if line.kind is FormKind.CONSENT]
    waiting = [line for line in consents if line.status in paperwork.INCOMPLETE]
    done = [line for line in consents if line.status is FormStatus.DONE]
    expiry = _expiries(lines, who, now)
    questionnaires = [line for line in lines if line.kind is FormKind.QUESTIONNAIRE]
    to_fill = [line for line in questionnaires if line.status in paperwork.INCOMPLETE]
    filled = [line for line in questionnaires if line.status is FormStatus.DONE]
    for finished in (done, filled):
        finished.sort(key=lambda line: line.done_at or line.assigned_at, reverse=True)
    begun = filling.begun(work) if to_fill else {}
    return Tasks(
        open=[_row(line, who, now, may_sign, here=_signed_here(line, work.actor)) for line in waiting],
        done=[_row(line, who, now, may_sign, expiry.get(line.id, "")) for line in done],
        open_consents=len(waiting),
        open_questionnaires=len(to_fill),
        done_count=sum(line.status is FormStatus.DONE for line in lines),
        headline=_headline([*waiting, *to_fill], who, now),
        note=_note(waiting, len(to_fill)),
        to_fill=[_questionnaire(line, who, now, may_sign, begun.get(line.id)) for line in to_fill],
        filled=[_questionnaire(line, who, now, may_sign, None, expiry.get(line.id, "")) for line in filled],
    )


@dataclass(frozen=True, slots=True)
class _Line:
    id: UUID
    kind: FormKind
    status: FormStatus
    assigned_at: datetime
    due_at: datetime | None
    valid_until: datetime | None
    done_at: datetime | None
    name: str
    length: int
    visit_at: datetime | None
    service: str | None
    signed_at: datetime | None
    visit_zone: str | None
    template_id: UUID
    expires: bool  # the form is in use, and not asked anew for each visit
    session_id: UUID | None  # of the signature
    device: str | None

    def zone(self, who: Reader) -> ZoneInfo:
        """Where the visit is that the form is for; else the reader's own."""
        return ZoneInfo(self.visit_zone) if self.visit_zone else who.zone


def _lines(work: Work) -> Sequence[_Line]:
    """What is due first comes first; what has no day comes last."""
    return [_Line(*row) for row in work.rows(_LINES, patient=work.patient_id)]


def _signed_here(line: _Line, actor: Actor) -> bool:
    """Whether a companion may witness it on this device; elsewhere it waits for check-in."""
    return paperwork.same_device(line.session_id, line.device, actor.session_id, actor.device)


def _row(line: _Line, who: Reader, now: datetime, may_sign: bool, expiry: str = "", *, here: bool = False) -> FormRow:
    form_id = str(line.id)
    return FormRow(
        id=form_id,
        name=line.name,
        status=paperwork.label(line.kind, line.status),
        meta=_meta(line, who, now),
        view_href=routes.consent(form_id),
        sign_href=routes.consent_sign(form_id) if may_sign and line.status is FormStatus.OPEN else "",
        pdf_href=routes.form_pdf(form_id),
        expiry=expiry,
        witness_href=routes.consent_witness(form_id) if may_sign and here and line.status is FormStatus.WITNESS else "",
    )


def _questionnaire(
    line: _Line, who: Reader, now: datetime, may_fill: bool, begun: Filling | None, expiry: str = ""
) -> FormRow:
    """A questionnaire: filled on the page on which it is read once it is submitted."""
    href, is_open = routes.questionnaire(str(line.id)), line.status is FormStatus.OPEN
    return FormRow(
        id=str(line.id),
        name=line.name,
        status=paperwork.label(line.kind, line.status),
        meta=_filling_meta(line, who, now, begun),
        view_href="" if is_open and may_fill else href,
        sign_href="",
        pdf_href=routes.form_pdf(str(line.id)),
        expiry=expiry,
        fill_href=href if is_open and may_fill else "",
    )


def _filling_meta(line: _Line, who: Reader, now: datetime, begun: Filling | None) -> str:
    """Why it is asked and how far it is: "For Botox on Tue, Nov 24. Step 2 of 4, saved today at 9:12 AM."."""
    if line.status is FormStatus.DONE:
        return _meta(line, who, now).replace("Signed on", "Submitted on", 1)
    if begun is None or begun.saved_at is None:
        return f"{_asked(line, who, now)}. Not started yet."
    saved = f"saved {_when(begun.saved_at, who, now)}"
    step, steps = begun.page_of_first_problem() + 1, len(begun.pages)
    where = f"Step {step} of {steps}" if step <= steps else "Ready to review"
    return f"{_asked(line, who, now)}. {where}, {saved}."


def _when(at: datetime, who: Reader, now: datetime) -> str:
    day, time = dates.local_day(at, who.zone), dates.clock_time(at, who.zone, who.locale)
    today = day == dates.local_day(now, who.zone)
    return f"today at {time}" if today else f"on {dates.short_date(day, who.locale)} at {time}"


def _meta(line: _Line, who: Reader, now: datetime) -> str:
    """Why the form is asked and by when; once it is signed, when that was and how long it counts."""

    def day(at: datetime) -> date:
        return dates.local_day(at, who.zone)

    if line.status is FormStatus.DONE:
        signed = f"Signed on {dates.full_date(day(line.done_at or line.assigned_at), who.locale)}"
        if line.valid_until is None:
            return f"{signed}."
        verb = "Counts until" if now <= line.valid_until else "Counted until"
        return f"{signed}. {verb} {dates.full_date(day(line.valid_until), who.locale)}."
    if line.status is FormStatus.WITNESS:
        signed = f"You signed on {dates.short_date(day(line.signed_at), who.locale)}. " if line.signed_at else ""
        return f"{signed}An adult who saw you sign adds theirs at your visit."
    minutes = paperwork.minutes_for(line.length)
    reading = f"About {minutes} minute{'s' if minutes > 1 else ''}."
    return f"{_asked(line, who, now)}. {reading}"


def _asked(line: _Line, who: Reader, now: datetime) -> str:
    """What for and by when: "For Botox on Tue, Nov 24", "Due Tue, Nov 24", "Asked on Nov 3"."""
    if line.visit_at is not None:
        on = dates.short_day(dates.local_day(line.visit_at, line.zone(who)), who.locale)
        return f"For {line.service or 'your visit'} on {on}"
    if line.due_at is not None:
        verb = "Due" if line.due_at >= now else "Was due"
        return f"{verb} {dates.short_day(dates.local_day(line.due_at, who.zone), who.locale)}"
    return f"Asked on {dates.short_date(dates.local_day(line.assigned_at, who.zone), who.locale)}"


def _expiries(lines: Sequence[_Line], who: Reader, now: datetime) -> dict[UUID, str]:
    """Of finished forms that run out soon, or have: the words. What a newer one replaced runs out silently."""
    done = [line for line in lines if line.status is FormStatus.DONE]
    return {
        line.id: paperwork.expiry(line.valid_until, now, who.expiring_days)
        for line in done
        if line.expires and not any(_replaces(other, line) for other in done if other.template_id == line.template_id)
    }


def _replaces(one: _Line, other: _Line) -> bool:
    """Whether one form counts longer than the other."""
    return other.valid_until is not None and (one.valid_until is None or one.valid_until > other.valid_until)


def _headline(waiting: list[_Line], who: Reader, now: datetime) -> str:
    """What stands beside the number: "forms to complete before Tuesday, November 24"."""
    words = "form to complete" if len(waiting) == 1 else "forms to complete"
    due = [(line.due_at, line.zone(who)) for line in waiting if line.due_at is not None and line.due_at >= now]
    if not due:
        return words
    at, zone = min(due, key=lambda one: one[0])
    return f"{words} before {dates.weekday_and_date(dates.local_day(at, zone), who.locale)}"


def _note(waiting: list[_Line], to_fill: int) -> str:
    minutes = sum(paperwork.minutes_for(line.length) for line in waiting if line.status is FormStatus.OPEN)
    if not minutes and to_fill:
        return "You can stop and come back, your answers are kept."
    if not minutes:
        return "Nothing is left for you to sign. A witness adds theirs at your visit."
    return f"About {minutes} minute{'s' if minutes > 1 else ''}. You can stop and come back at any time."


_PATIENT = bindparam("patient")

_READER = (
    columns(
        func.coalesce(func.nullif(Patient.preferred_name, ""), Patient.first_name),
        Patient.date_of_birth,
        func.coalesce(Clinic.time_zone, Practice.time_zone),
        Practice.locale,
        Practice.expiring_days,
    )
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .outerjoin(Clinic, col(Clinic.id) == Patient.primary_clinic_id)
    .where(Patient.id == _PATIENT)
)

_VISIT_CLINIC = aliased(Clinic)
_LINES = (
    columns(
        AssignedForm.id,
        AssignedForm.kind,
        AssignedForm.status,
        AssignedForm.assigned_at,
        AssignedForm.due_at,
        AssignedForm.valid_until,
        AssignedForm.done_at,
        FormTemplate.name,
        func.length(TemplateVersion.text),
        Appointment.starts_at,
        Service.name,
        Signature.signed_at,
        _VISIT_CLINIC.time_zone,
        FormTemplate.id,
        col(FormTemplate.active) & ~col(TemplateVersion.per_visit),
        Signature.session_id,
        Signature.device,
    )
    .select_from(AssignedForm)
    .join(TemplateVersion, col(TemplateVersion.id) == AssignedForm.version_id)
    .join(FormTemplate, col(FormTemplate.id) == TemplateVersion.template_id)
    .outerjoin(Appointment, col(Appointment.id) == AssignedForm.appointment_id)
    .outerjoin(_VISIT_CLINIC, col(_VISIT_CLINIC.id) == Appointment.clinic_id)
    .outerjoin(AppointmentType, col(AppointmentType.id) == Appointment.appointment_type_id)
    .outerjoin(Service, col(Service.id) == AppointmentType.service_id)
    .outerjoin(Signature, (col(Signature.form_id) == AssignedForm.id) & (col(Signature.role) != SignerRole.WITNESS))
    .where(AssignedForm.patient_id == _PATIENT, AssignedForm.status != FormStatus.VOID)
    .order_by(col(AssignedForm.due_at).is_(None), AssignedForm.due_at, col(AssignedForm.id))
    .limit(MOST_ROWS)
)
