"""What the front desk chooses from to book or move a visit: services, providers, free times; what is in the way."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col

from portal import dates
from portal.domain import free_time
from portal.domain.access import Privilege
from portal.domain.free_time import Visit
from portal.domain.scheduling import UPCOMING, AppointmentStatus
from portal.errors import Invalid, NotFound
from portal.models import Appointment, AppointmentTick, AppointmentType, Clinic, Patient, Practice, ProviderHours, Staff
from portal.models.db import columns, one_of
from portal.queries import slots
from portal.queries.slots import Sought
from portal.queries.visits import PROVIDER, TITLE, ZONE, minutes_of, provider_of, visits_with, zone_of
from portal.work import Work

NOBODY = UUID(int=0)
YEARS_AHEAD = 3
NO_VISIT = "There is no such visit."


@dataclass(frozen=True, slots=True)
class Choices:
    """As (id, words). `works_at` are the clinics of each provider, the one with most hours first."""

    services: list[tuple[str, str]]
    providers: list[tuple[str, str]]
    clinics: list[tuple[str, str]]
    works_at: dict[str, list[str]]
    today: str


@dataclass(frozen=True, slots=True)
class Client:
    """Whom a visit is for."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Moving:
    """A visit that is to be moved: what stays as it is, and where it is now. `version` as in the visit's sheet."""

    id: str
    version: str
    client: str
    about: str
    now: str
    day: str
    clock: str
    provider_id: str
    clinic_id: str


@dataclass(frozen=True, slots=True)
class Wish:
    """A time that is asked for, so far as it is known: ids, an ISO day, a clock time such as "10:30".

    `visit_id` is the visit that is moved; its own time is free for it.
    """

    provider_id: str = ""
    clinic_id: str = ""
    service_id: str = ""
    day: str = ""
    clock: str = ""
    client_id: str = ""
    visit_id: str = ""


def choices(work: Work) -> Choices:
    """What can be booked, with whom, where; five statements. `Denied` for who may not."""
    work.require(Privilege.VISITS_MANAGE)
    practice = work.practice()
    hours: dict[str, dict[str, int]] = {}
    for provider_id, clinic_id in work.rows(_WORKS_AT):
        at = hours.setdefault(str(provider_id), {})
        at[str(clinic_id)] = at.get(str(clinic_id), 0) + 1
    return Choices(
        services=[(str(row.id), f"{row.name}, {row.minutes} minutes") for row in work.rows(_SERVICES)],
        providers=[(str(row.id), provider_of(row)) for row in work.rows(_PROVIDERS) if str(row.id) in hours],
        clinics=[(str(row.id), row.name) for row in work.rows(_CLINICS)],
        works_at={who: sorted(at, key=lambda clinic: -at[clinic]) for who, at in hours.items()},
        today=dates.local_day(work.now(), ZoneInfo(practice.time_zone)).isoformat(),
    )


def client(work: Work, client_id: UUID) -> Client:
    """Whom a visit is booked for. `NotFound` for an id that is nobody's."""
    work.require(Privilege.CLIENTS_VIEW)
    row = work.get(Patient, client_id)
    return Client(str(row.id), f"{row.first_name} {row.last_name}")


def moving(work: Work, visit_id: UUID) -> Moving:
    """The visit that is to be moved. `NotFound` when there is none."""
    work.require(Privilege.VISITS_MANAGE)
    row = work.rows(_MOVING, visit=visit_id).first()
    if row is None:
        raise NotFound(NO_VISIT)
    there = row.starts_at.astimezone(zone_of(row))
    when = f"{dates.short_day(there.date(), row.locale)} at {dates.clock_time(there, zone_of(row), row.locale)}"
    about = ", ".join(filter(None, (f"{row.title}, {minutes_of(row)} minutes", provider_of(row), row.clinic)))
    return Moving(
        id=str(visit_id),
        version=f"{row.sequence}:{row.status.value}",
        client=f"{row.client_first} {row.client_last}",
        about=about,
        now=when,
        day=there.date().isoformat(),
        clock=f"{there:%H:%M}",
        provider_id=str(row.provider_id or ""),
        clinic_id=str(row.clinic_id or ""),
    )


def free_times(work: Work, wish: Wish) -> list[tuple[str, str]]:
    """The free times of the day that is wished for, as (clock, words); none while something is not known yet. At which
    the client has another visit is left out too."""
    work.require(Privilege.VISITS_MANAGE)
    found = _sought(work, wish)
    if found is None:
        return []
    sought, day = found
    free = slots.free_starts(work, sought, day, day).get(day, [])
    there = [(at.astimezone(sought.zone), at) for at in free]
    return [(f"{local:%H:%M}", dates.clock_time(at, sought.zone, sought.locale)) for local, at in there]


def starts_at(work: Work, wish: Wish) -> datetime:
    """The moment that is wished for, by the clinic's clock; its first run where it shows that time twice. `Invalid`
    under "day" or "clock" for what is no day within reach, or a time that the clock there skips."""
    work.require(Privilege.VISITS_MANAGE)
    zone = ZoneInfo(work.get(Clinic, _id(wish.clinic_id)).time_zone)
    day = _day(wish.day, dates.local_day(work.now(), zone))
    if day is None:
        raise Invalid({"day": f"Choose a day within the next {YEARS_AHEAD} years."})
    try:
        local = datetime.strptime(f"{day.isoformat()} {wish.clock}", "%Y-%m-%d %H:%M")  # noqa: DTZ007  # the zone is in `instant`
    except ValueError:
        raise Invalid({"clock": "Choose a time, such as 10:30 AM."}) from None
    at = free_time.instant(day, f"{local:%H:%M}", zone)
    if at.astimezone(zone).replace(tzinfo=None) != local:
        raise Invalid({"clock": "The clock is put forward over that time on this day. Choose another."})
    return at


def in_the_way(work: Work, wish: Wish) -> str:
    """What holds the time that was wished for, in words; empty when nothing does any more."""
    work.require(Privilege.VISITS_VIEW)
    found = _sought(work, wish)
    if found is None:
        return ""
    sought, at = found[0], starts_at(work, wish)
    ticks = free_time.ticks(at, sought.fits.leaves(at))
    rows = work.rows(
        _HOLDS, provider=sought.provider_id, first=ticks.start, after=ticks.stop, visit=sought.visit_id
    ).all()
    return "; ".join(dict.fromkeys(_held(row) for row in rows))


def also_then(work: Work, wish: Wish) -> str:
    """Another visit of the client's at the time that is wished for, in words; empty when there is none."""
    work.require(Privilege.VISITS_VIEW)
    found, patient = _sought(work, wish), _id(wish.client_id)
    if found is None or patient == NOBODY:
        return ""
    at = starts_at(work, wish)
    span = {"start": at, "end": found[0].fits.ends(at)}
    row = work.rows(_ALSO, patient=patient, visit=_id(wish.visit_id), **span).first()
    return _held(row) if row else ""


def _held(row: Any) -> str:
    zone = zone_of(row)
    span = f"{dates.clock_time(row.starts_at, zone, row.locale)} to {dates.clock_time(row.ends_at, zone, row.locale)}"
    more = f", then {row.buffer_minutes} minutes kept free" if row.buffer_minutes else ""
    held = ", cancelled just now, held for undo" if row.status is AppointmentStatus.CANCELLED else ""
    return f"{row.client_first} {row.client_last}, {row.title}, {span}{more}{held}"


def _sought(work: Work, wish: Wish) -> tuple[Sought, date] | None:
    """What a time has to heed, and the day; None while something is missing or is none."""
    clinic = work.rows(_CLINIC, clinic=_id(wish.clinic_id)).first()
    if clinic is None:
        return None
    zone = ZoneInfo(clinic.time_zone)
    day = _day(wish.day, dates.local_day(work.now(), zone))
    moved = work.rows(_MOVING, visit=_id(wish.visit_id)).first() if wish.visit_id else None
    kind = moved or work.rows(_SERVICE, service=_id(wish.service_id)).first()
    if day is None or kind is None:
        return None
    length = Visit(minutes_of(moved) if moved else kind.minutes, kind.buffer_minutes)
    sought = Sought(
        visit_id=_id(wish.visit_id),
        patient_id=moved.patient_id if moved else _id(wish.client_id),
        provider_id=_id(wish.provider_id),
        clinic_id=_id(wish.clinic_id),
        starts_at=moved.starts_at if moved else datetime(1970, 1, 1, tzinfo=UTC),
        fits=length,
        zone=zone,
        locale=clinic.locale,
        notice=timedelta(0),
        horizon=timedelta(days=366 * YEARS_AHEAD),
        step_minutes=kind.step_minutes or 15,
    )
    return sought, day


def _day(words: str, today: date) -> date | None:
    """A day from a form; None where it is none, or so far away that nobody means it."""
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if abs((day - today).days) <= 366 * YEARS_AHEAD else None


def _id(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError:
        return NOBODY


_SERVICES = (
    columns(AppointmentType.id, AppointmentType.name, AppointmentType.minutes)
    .where(col(AppointmentType.active))
    .order_by(col(AppointmentType.name))
)
_PROVIDERS = columns(Staff.id, *PROVIDER).where(col(Staff.active)).order_by(col(Staff.last_name), col(Staff.first_name))
_CLINICS = columns(Clinic.id, Clinic.name).where(col(Clinic.active)).order_by(col(Clinic.name))
_WORKS_AT = columns(ProviderHours.provider_id, ProviderHours.clinic_id).order_by(col(ProviderHours.id))
_CLINIC = (
    columns(Clinic.time_zone, Practice.locale)
    .join(Practice, col(Practice.id) == Clinic.practice_id)
    .where(Clinic.id == bindparam("clinic"))
)
_SERVICE = columns(AppointmentType.minutes, AppointmentType.buffer_minutes, AppointmentType.step_minutes).where(
    AppointmentType.id == bindparam("service")
)
_SHOWN = visits_with(
    Appointment.patient_id,
    Appointment.provider_id,
    Appointment.clinic_id,
    Appointment.starts_at,
    Appointment.ends_at,
    Appointment.buffer_minutes,
    Appointment.status,
    Appointment.sequence,
    TITLE,
    ZONE,
    col(Patient.first_name).label("client_first"),
    col(Patient.last_name).label("client_last"),
    *PROVIDER,
    col(Clinic.name).label("clinic"),
    AppointmentType.step_minutes,
    Practice.locale,
)
_MOVING = _SHOWN.where(Appointment.id == bindparam("visit"))
_HOLDS = (
    _SHOWN.join(AppointmentTick, col(AppointmentTick.appointment_id) == Appointment.id)
    .where(
        AppointmentTick.provider_id == bindparam("provider"),
        AppointmentTick.tick >= bindparam("first"),
        AppointmentTick.tick < bindparam("after"),
        AppointmentTick.appointment_id != bindparam("visit"),
    )
    .order_by(col(Appointment.starts_at))
)
_ALSO = _SHOWN.where(
    Appointment.patient_id == bindparam("patient"),
    Appointment.id != bindparam("visit"),
    one_of(col(Appointment.status), UPCOMING),
    Appointment.starts_at < bindparam("end"),
    Appointment.ends_at > bindparam("start"),
)
