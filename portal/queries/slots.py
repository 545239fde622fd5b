"""When a patient's visit could be instead: days and times that are really free, with the same provider, at the same
clinic. Five statements at most, whatever the number of visits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, bindparam, or_
from sqlmodel import col, func

from portal import dates
from portal.domain import free_time
from portal.domain.free_time import Hours, Span, Visit
from portal.domain.scheduling import UPCOMING
from portal.errors import NotFound
from portal.models import (
    Appointment,
    AppointmentTick,
    AppointmentType,
    Clinic,
    Patient,
    Practice,
    ProviderHours,
    Staff,
    TimeOff,
)
from portal.models.db import columns, one_of
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Sought:
    """The visit that is to be moved, and what a new time has to heed."""

    visit_id: UUID
    patient_id: UUID
    provider_id: UUID
    clinic_id: UUID
    starts_at: datetime
    fits: Visit
    zone: ZoneInfo
    locale: str
    notice: timedelta
    horizon: timedelta
    step_minutes: int

    def last_day(self, now: datetime) -> date:
        """The last day on which a time is offered."""
        return dates.local_day(now, self.zone) + self.horizon


def sought_of(work: Work, visit_id: UUID, patient_id: UUID) -> Sought | None:
    """What a new time for that patient's visit has to heed; None for a visit of an older system, which nothing is known
    of, and where the provider has left or the clinic is closed. `NotFound` when it is someone else's."""
    row = work.rows(_SOUGHT, visit=visit_id, patient=patient_id).first()
    if row is None:
        raise NotFound
    if None in row:
        return None
    provider, clinic, starts_at, ends_at, buffer, zone_name, locale, notice, horizon, step = row
    return Sought(
        visit_id,
        patient_id,
        provider,
        clinic,
        starts_at,
        Visit((ends_at - starts_at) // timedelta(minutes=1), buffer),
        ZoneInfo(zone_name),
        locale,
        timedelta(minutes=notice),
        timedelta(days=horizon),
        step,
    )


def free_starts(work: Work, sought: Sought, first: date, last: date) -> dict[date, list[datetime]]:
    """The free starts by day, days without any left out. Neither the present time nor one that the patient has another
    visit at is offered."""
    now = work.now()
    first = max(first, dates.local_day(now, sought.zone))
    last = min(last, sought.last_day(now))
    if last < first:
        return {}
    hours = hours_of(work, sought.provider_id, sought.clinic_id)
    span = free_time.day_span(first, last + timedelta(days=1), sought.zone)
    taken = _taken(work, sought, span)
    off = time_off(work, sought.provider_id, sought.clinic_id, span) + _visits_elsewhere(work, sought, span)
    found = {
        day: _without(
            free_time.free_starts(
                sought.fits,
                day,
                sought.zone,
                hours,
                step_minutes=sought.step_minutes,
                taken=taken,
                off=off,
                earliest=now + sought.notice,
            ),
            sought.starts_at,
        )
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
    }
    return {day: starts for day, starts in found.items() if starts}


def hours_of(work: Work, provider_id: UUID, clinic_id: UUID) -> list[Hours]:
    """When the provider works at the clinic."""
    return [Hours(*row) for row in work.rows(_HOURS, provider=provider_id, clinic=clinic_id)]


def time_off(work: Work, provider_id: UUID, clinic_id: UUID, span: Span) -> list[Span]:
    """Time off within a span: the provider's, the clinic's, the whole practice's."""
    rows = work.rows(_OFF, provider=provider_id, clinic=clinic_id, start=span.start, end=span.end)
    return [Span(*row) for row in rows]


def _taken(work: Work, sought: Sought, span: Span) -> frozenset[int]:
    """The provider's ticks that other visits hold; each visit's are one run, so a row a visit is enough."""
    steps = free_time.ticks(span.start, span.end)
    values: dict[str, Any] = {"first": steps.start, "after": steps.stop}
    rows = work.rows(_TAKEN, provider=sought.provider_id, visit=sought.visit_id, **values)
    return frozenset(tick for first, last in rows for tick in range(first, last + 1))


def _visits_elsewhere(work: Work, sought: Sought, span: Span) -> list[Span]:
    """The patient's other visits: nobody is in two rooms at once."""
    rows = work.rows(_ELSEWHERE, patient=sought.patient_id, visit=sought.visit_id, start=span.start, end=span.end)
    return [Span(*row) for row in rows]


def _without(starts: list[datetime], present: datetime) -> list[datetime]:
    return [start for start in starts if start != present]


def part(at: datetime, zone: ZoneInfo) -> str:
    """Morning, Afternoon or Evening, by the clock there."""
    hour = at.astimezone(zone).hour
    if hour < 12:
        return "Morning"
    return "Afternoon" if hour < 17 else "Evening"


_PROVIDER, _CLINIC = bindparam("provider"), bindparam("clinic")
_PATIENT, _VISIT = bindparam("patient"), bindparam("visit")
_START, _END = bindparam("start"), bindparam("end")

_SOUGHT = (
    columns(
        Staff.id,
        Clinic.id,
        Appointment.starts_at,
        Appointment.ends_at,
        Appointment.buffer_minutes,
        Clinic.time_zone,
        Practice.locale,
        AppointmentType.notice_minutes,
        AppointmentType.horizon_days,
        AppointmentType.step_minutes,
    )
    .join(Patient, col(Patient.id) == Appointment.patient_id)
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .outerjoin(Staff, and_(col(Staff.id) == Appointment.provider_id, col(Staff.active)))
    .outerjoin(Clinic, and_(col(Clinic.id) == Appointment.clinic_id, col(Clinic.active)))
    .outerjoin(AppointmentType, col(AppointmentType.id) == Appointment.appointment_type_id)
    .where(Appointment.id == _VISIT, Appointment.patient_id == _PATIENT)
)

_HOURS = columns(
    ProviderHours.weekday,
    ProviderHours.opens,
    ProviderHours.closes,
    ProviderHours.first_day,
    ProviderHours.last_day,
).where(ProviderHours.provider_id == _PROVIDER, ProviderHours.clinic_id == _CLINIC)

_TAKEN = (
    columns(func.min(AppointmentTick.tick), func.max(AppointmentTick.tick))
    .where(
        AppointmentTick.provider_id == _PROVIDER,
        AppointmentTick.tick >= bindparam("first"),
        AppointmentTick.tick < bindparam("after"),
        AppointmentTick.appointment_id != _VISIT,
    )
    .group_by(AppointmentTick.appointment_id)
)

_OFF = columns(TimeOff.starts_at, TimeOff.ends_at).where(
    or_(col(TimeOff.provider_id).is_(None), col(TimeOff.provider_id) == _PROVIDER),
    or_(col(TimeOff.clinic_id).is_(None), col(TimeOff.clinic_id) == _CLINIC),
    TimeOff.starts_at < _END,
    TimeOff.ends_at > _START,
)

_ELSEWHERE = columns(Appointment.starts_at, Appointment.ends_at).where(
    Appointment.patient_id == _PATIENT,
    Appointment.id != _VISIT,
    one_of(col(Appointment.status), UPCOMING),
    Appointment.starts_at < _END,
    Appointment.ends_at > _START,
)
