"""A provider's time: whether it can be had, taking it, giving it back.

It is held tick by tick: the key of `AppointmentTick` is what no two visits can share, whatever else goes wrong.
"""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import DBAPIError
from sqlmodel import col, delete, insert, select

from portal import dates
from portal.domain import free_time
from portal.domain.free_time import TICK, Visit
from portal.domain.scheduling import UPCOMING
from portal.errors import Conflict
from portal.models import Appointment, AppointmentTick, Clinic
from portal.queries import slots
from portal.work import Work

TAKEN = "That time has just been taken."


class OutsideHours(Conflict):
    """The time has passed, is outside the provider's hours, or in time off: staff may take it all the same."""


def open_book(work: Work) -> None:
    """Before a time is looked at to be taken. Any number may have the book open; until they are done, neither hours nor
    time off change, so that no visit is booked into time off entered in the same moment."""
    work.hold(_BOOK, shared=True)


def close_book(work: Work) -> None:
    """Before hours or time off change: those who are booking are waited for, and then seen."""
    work.hold(_BOOK)


def require_aligned(starts_at: datetime) -> None:
    """`Conflict` unless it is an aware instant on a full five minutes."""
    if starts_at.tzinfo is None or starts_at.timestamp() % TICK.total_seconds():
        raise Conflict("Visits begin on a full five minutes, such as 9:05.")


def require_hours(work: Work, provider_id: UUID, clinic: Clinic, wanted: Visit, starts_at: datetime) -> None:
    """`OutsideHours` unless it is still to come, the provider works there then, and nobody is off."""
    if starts_at < work.now():
        raise OutsideHours("That time has passed.")
    zone = ZoneInfo(clinic.time_zone)
    day = dates.local_day(starts_at, zone)
    worked = free_time.working(slots.hours_of(work, provider_id, clinic.id), day, zone)
    span = free_time.Span(starts_at, wanted.leaves(starts_at))
    if not free_time.fits(wanted, starts_at, worked, ()):
        raise OutsideHours("That time is outside the provider's hours.")
    if slots.time_off(work, provider_id, clinic.id, span):
        raise OutsideHours("Nobody can be booked then: it is time off.")


def require_free(work: Work, visit: Appointment, starts_at: datetime) -> None:
    """`Conflict` unless the start is one of those that the patient is offered now."""
    sought = slots.sought_of(work, visit.id, visit.patient_id)
    if sought is None:
        raise Conflict("This visit cannot be moved online.")
    day = dates.local_day(starts_at, sought.zone)
    if starts_at not in slots.free_starts(work, sought, day, day).get(day, ()):
        raise Conflict(TAKEN)


def take(work: Work, visit: Appointment, starts_at: datetime) -> None:
    """Hold the provider's time from `starts_at`, buffer included, in place of what the visit held before. `Conflict`
    when one tick of it is held already; nothing has changed then."""
    wanted = free_time.ticks(starts_at, fits(visit).leaves(starts_at))
    rows = [{"provider_id": visit.provider_id, "tick": tick, "appointment_id": visit.id} for tick in wanted]
    try:
        with work.db.begin_nested():
            give_back(work, visit)
            work.db.connection().execute(insert(AppointmentTick), rows)  # in order, so that two who meet do not lock
    except DBAPIError as error:
        if not _met_another(error):
            raise
        raise Conflict(TAKEN) from None


def give_back(work: Work, visit: Appointment) -> None:
    """Let others have the time of a visit."""
    work.db.connection().execute(delete(AppointmentTick).where(col(AppointmentTick.appointment_id) == visit.id))


def _met_another(error: DBAPIError) -> bool:
    """A key that is there already, or (PostgreSQL) two that waited for each other."""
    state = getattr(error.orig, "sqlstate", None)
    name = getattr(error.orig, "sqlite_errorname", "")
    return state in {"23505", "40P01", "40001"} or name == "SQLITE_CONSTRAINT_PRIMARYKEY"


def meets_another(work: Work, visit: Appointment) -> bool:
    """Whether its patient has another visit ahead in the same time: nobody is in two rooms at once."""
    others = select(Appointment.id).where(
        Appointment.patient_id == visit.patient_id,
        Appointment.id != visit.id,
        col(Appointment.status).in_(UPCOMING),
        Appointment.starts_at < visit.ends_at,
        Appointment.ends_at > visit.starts_at,
    )
    return work.db.exec(others.limit(1)).first() is not None


_BOOK = "the book of visits"


def fits(visit: Appointment) -> Visit:
    """How long a visit is, and its buffer."""
    return Visit((visit.ends_at - visit.starts_at) // timedelta(minutes=1), visit.buffer_minutes)
