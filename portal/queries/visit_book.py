"""The practice's book of visits, for those who work there."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col

from portal import dates
from portal.domain import free_time
from portal.domain.access import Privilege
from portal.domain.scheduling import LABELS, AppointmentStatus
from portal.models import Appointment, Clinic, Patient, ProviderHours, Staff, TimeOff
from portal.models.db import columns
from portal.queries import slots
from portal.queries.visits import TITLE, ZONE, visits_with
from portal.work import Work

MOST = 200


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One visit in the book, in the time of its clinic."""

    id: UUID
    day: str
    time: str
    title: str
    client: str
    provider: str
    clinic: str
    status: str


@dataclass(frozen=True, slots=True)
class HoursLine:
    """When a provider works at a clinic, on one weekday (0 is Monday)."""

    provider: str
    clinic: str
    weekday: int
    opens: str
    closes: str
    season: str


@dataclass(frozen=True, slots=True)
class TimeOffLine:
    """When nobody can be booked, and with whom or where."""

    id: UUID
    starts: str
    ends: str
    whose: str
    reason: str


def visits(
    work: Work,
    *,
    patient_id: UUID | None = None,
    provider_id: UUID | None = None,
    first: date | None = None,
    last: date | None = None,
    statuses: tuple[AppointmentStatus, ...] = (),
) -> list[VisitLine]:
    """Visits by time, at most `MOST`; days are those of the practice. `Denied` for patients."""
    work.require(Privilege.VISITS_VIEW)
    practice = work.practice()
    query = _VISITS
    if patient_id:
        query = query.where(Appointment.patient_id == patient_id)
    if provider_id:
        query = query.where(Appointment.provider_id == provider_id)
    zone = ZoneInfo(practice.time_zone)
    if first:
        query = query.where(Appointment.starts_at >= free_time.instant(first, "00:00", zone))
    if last:
        query = query.where(Appointment.starts_at < free_time.instant(last + timedelta(days=1), "00:00", zone))
    if statuses:
        query = query.where(col(Appointment.status).in_(statuses))
    return [_line(row, practice.locale) for row in work.db.exec(query).all()]


def hours(work: Work) -> list[HoursLine]:
    """When everybody works."""
    work.require(Privilege.VISITS_VIEW)
    query = (
        columns(ProviderHours, Staff.first_name, Staff.last_name, Clinic.name)
        .join(Staff, col(Staff.id) == ProviderHours.provider_id)
        .join(Clinic, col(Clinic.id) == ProviderHours.clinic_id)
        .order_by(Staff.last_name, Clinic.name, ProviderHours.first_day, ProviderHours.weekday, ProviderHours.opens)
    )
    return [
        HoursLine(f"{first} {last}", clinic, row.weekday, row.opens, row.closes, _season(row))
        for row, first, last, clinic in work.db.exec(query).all()
    ]


def time_off(work: Work) -> list[TimeOffLine]:
    """Time off that is not over."""
    work.require(Privilege.VISITS_VIEW)
    practice = work.practice()
    query = (
        columns(TimeOff, Staff.first_name, Staff.last_name, Clinic.name, Clinic.time_zone)
        .outerjoin(Staff, col(Staff.id) == TimeOff.provider_id)
        .outerjoin(Clinic, col(Clinic.id) == TimeOff.clinic_id)
        .where(TimeOff.ends_at > work.now())
        .order_by(TimeOff.starts_at)
        .limit(MOST)
    )
    return [
        TimeOffLine(
            row.id,
            _moment(row.starts_at, ZoneInfo(zone or practice.time_zone)),
            _moment(row.ends_at, ZoneInfo(zone or practice.time_zone)),
            ", ".join(filter(None, (f"{first} {last}" if first else "", clinic))) or "everybody",
            row.reason,
        )
        for row, first, last, clinic, zone in work.db.exec(query).all()
    ]


def free(work: Work, visit_id: UUID, first: date, days: int) -> list[str]:
    """The free times for a visit from a day on, one line a day; as its patient is offered them."""
    work.require(Privilege.VISITS_VIEW)
    visit = work.get(Appointment, visit_id)
    sought = slots.sought_of(work, visit.id, visit.patient_id)
    if sought is None:
        return []
    found = slots.free_starts(work, sought, first, first + timedelta(days=days - 1))
    return [
        f"{day.isoformat()}  {'  '.join(f'{start.astimezone(sought.zone):%H:%M}' for start in starts)}"
        for day, starts in found.items()
    ]


def _line(row: tuple, locale: str) -> VisitLine:
    visit_id, starts_at, status, settled_at, title, zone_name, first, last, provider, surname, clinic = row
    zone = ZoneInfo(zone_name)
    words = LABELS[status]
    if status is AppointmentStatus.CANCELLED and settled_at is None:
        words += ", can be undone"
    return VisitLine(
        visit_id,
        dates.local_day(starts_at, zone).isoformat(),
        dates.clock_time(starts_at, zone, locale),
        title,
        f"{first} {last}",
        f"{provider} {surname}" if provider else "",
        clinic or "",
        words,
    )


def _season(hours: ProviderHours) -> str:
    if hours.first_day is None and hours.last_day is None:
        return ""
    return f"from {hours.first_day or 'ever'} to {hours.last_day or 'further notice'}"


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


_VISITS = (
    visits_with(
        Appointment.id,
        Appointment.starts_at,
        Appointment.status,
        Appointment.settled_at,
        TITLE,
        ZONE,
        Patient.first_name,
        Patient.last_name,
        Staff.first_name,
        Staff.last_name,
        Clinic.name,
    )
    .order_by(Appointment.starts_at, Appointment.id)
    .limit(MOST)
)
