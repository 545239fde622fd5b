"""The forms of the signed-in patient, one line each, and what is said of them: why and by when, how far, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Text, bindparam, cast
from sqlalchemy.orm import aliased
from sqlmodel import col, func

from portal import dates
from portal.domain import paperwork
from portal.domain.paperwork import FormKind, FormStatus
from portal.models import (
    Appointment,
    AppointmentType,
    AssignedForm,
    Clinic,
    FormTemplate,
    Service,
    Signature,
    SignerRole,
    TemplateVersion,
)
from portal.models.db import columns
from portal.queries.filling import Filling
from portal.queries.reader import Reader
from portal.work import Work

MOST = 200

#: How long a form is, in characters: its text and, of a questionnaire, its questions as they are stored. What is stored
#: around the words is about as long as they are, and answering takes about as long as reading.
LENGTH = func.length(TemplateVersion.text) + func.coalesce(func.length(cast(TemplateVersion.questions, Text)), 0)


@dataclass(frozen=True, slots=True)
class Line:
    """A form that counts: neither void nor another patient's."""

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


def lines(work: Work) -> Sequence[Line]:
    """What is due first comes first; what has no day comes last."""
    return [Line(*row) for row in work.rows(_LINES, patient=work.patient_id)]


def about(line: Line, who: Reader, now: datetime) -> str:
    """Why the form is asked and by when; once it is done, when that was and how long it counts."""

    def day(at: datetime) -> date:
        return dates.local_day(at, who.zone)

    if line.status is FormStatus.DONE:
        act = "Submitted" if line.kind is FormKind.QUESTIONNAIRE else "Signed"
        done = f"{act} on {dates.full_date(day(line.done_at or line.assigned_at), who.locale)}"
        if line.valid_until is None:
            return f"{done}."
        verb = "Counts until" if now <= line.valid_until else "Counted until"
        return f"{done}. {verb} {dates.full_date(day(line.valid_until), who.locale)}."
    if line.status is FormStatus.WITNESS:
        signed = f"You signed on {dates.short_date(day(line.signed_at), who.locale)}. " if line.signed_at else ""
        return f"{signed}An adult who saw you sign adds theirs at your visit."
    minutes = paperwork.minutes_for(line.length)
    reading = f"About {minutes} minute{'s' if minutes > 1 else ''}."
    return f"{_asked(line, who, now)}. {reading}"


def how_far(line: Line, who: Reader, now: datetime, begun: Filling | None) -> str:
    """Why a questionnaire is asked and how far it is: "For Botox on Tue, Nov 24. Step 2 of 4, saved on Nov 20 at …"."""
    if line.status is FormStatus.DONE:
        return about(line, who, now)
    if begun is None or begun.saved_at is None:
        return f"{_asked(line, who, now)}. Not started yet."
    saved = f"saved {_when(begun.saved_at, who, now)}"
    step, steps = begun.page_of_first_problem() + 1, len(begun.pages)
    where = f"Step {step} of {steps}" if step <= steps else "Ready to review"
    return f"{_asked(line, who, now)}. {where}, {saved}."


def _asked(line: Line, who: Reader, now: datetime) -> str:
    """What for and by when: "For Botox on Tue, Nov 24", "Due Tue, Nov 24", "Asked on Nov 3"."""
    if line.visit_at is not None:
        on = dates.short_day(dates.local_day(line.visit_at, line.zone(who)), who.locale)
        return f"For {line.service or 'your visit'} on {on}"
    if line.due_at is not None:
        verb = "Due" if line.due_at >= now else "Was due"
        return f"{verb} {dates.short_day(dates.local_day(line.due_at, who.zone), who.locale)}"
    return f"Asked on {dates.short_date(dates.local_day(line.assigned_at, who.zone), who.locale)}"


def _when(at: datetime, who: Reader, now: datetime) -> str:
    day, time = dates.local_day(at, who.zone), dates.clock_time(at, who.zone, who.locale)
    today = day == dates.local_day(now, who.zone)
    return f"today at {time}" if today else f"on {dates.short_date(day, who.locale)} at {time}"


def expiries(lines: Sequence[Line], who: Reader, now: datetime) -> dict[UUID, str]:
    """Of finished forms that run out soon, or have: the words. What a newer one replaced runs out silently."""
    done = [line for line in lines if line.status is FormStatus.DONE]
    return {
        line.id: paperwork.expiry(line.valid_until, now, who.expiring_days)
        for line in done
        if line.expires and not any(_replaces(other, line) for other in done if other.template_id == line.template_id)
    }


def _replaces(one: Line, other: Line) -> bool:
    """Whether one form counts longer than the other."""
    return other.valid_until is not None and (one.valid_until is None or one.valid_until > other.valid_until)


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
        LENGTH,
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
    .where(AssignedForm.patient_id == bindparam("patient"), AssignedForm.status != FormStatus.VOID)
    .order_by(col(AssignedForm.due_at).is_(None), AssignedForm.due_at, col(AssignedForm.id))
    .limit(MOST)
)
