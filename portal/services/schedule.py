"""When providers work, when nobody can be booked, and how each appointment type is booked. For staff."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, or_, select

from portal.domain.access import Privilege
from portal.domain.free_time import MIDNIGHT, Hours
from portal.domain.scheduling import UPCOMING
from portal.errors import Invalid
from portal.models import Appointment, AppointmentType, Clinic, ProviderHours, Staff, TimeOff
from portal.services import visit_time
from portal.work import Work

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5][05]")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LONGEST_TEXT = 600
YEAR_MINUTES = 366 * 24 * 60
# What an appointment type may be set to: least, most, and the step, in the unit of the field's name.
_BOUNDS: dict[str, tuple[int, int, int]] = {
    "minutes": (5, 600, 5),
    "buffer_minutes": (0, 240, 5),
    "confirm_until_minutes": (0, YEAR_MINUTES, 1),
    "move_until_minutes": (0, YEAR_MINUTES, 1),
    "cancel_until_minutes": (0, YEAR_MINUTES, 1),
    "late_within_minutes": (0, YEAR_MINUTES, 1),
    "late_fee_cents": (0, 1_000_000, 1),
    "notice_minutes": (0, YEAR_MINUTES, 1),
    "horizon_days": (1, 730, 1),
    "step_minutes": (5, 240, 5),
    "arrive_minutes": (0, 120, 1),
}
_SWITCHES = frozenset({"patient_may_confirm", "patient_may_move", "patient_may_cancel", "active"})
_TEXTS = frozenset({"rule_note", "bring", "prepare"})


@dataclass(frozen=True, slots=True)
class AddedTimeOff:
    """A time off, and the visits ahead that lie in it: they stay booked until somebody moves or cancels them."""

    id: UUID
    visits: list[UUID]


def set_hours(
    work: Work,
    provider_id: UUID,
    clinic_id: UUID,
    week: Mapping[int, Sequence[tuple[str, str]]],
    first_day: date | None = None,
    last_day: date | None = None,
) -> None:
    """Say when a provider works at a clinic, by weekday (0 is Monday), such as `{0: [("09:00", "12:30")]}`, in place of
    what was said for the same season. Visits that are booked stay.

    `Invalid` under "hours" for times that are none, that overlap, or at which the provider works elsewhere.
    """
    work.require(Privilege.PRACTICE_MANAGE)
    provider, clinic = work.get(Staff, provider_id), work.get(Clinic, clinic_id)
    if first_day and last_day and last_day < first_day:
        raise Invalid({"hours": "The season ends before it begins."})
    wanted = [
        Hours(weekday, opens, closes, first_day, last_day) for weekday, spans in week.items() for opens, closes in spans
    ]
    for one in wanted:
        _check(one)
    work.hold(f"hours:{provider_id}")
    visit_time.close_book(work)
    season = (col(ProviderHours.first_day) == first_day, col(ProviderHours.last_day) == last_day)
    work.db.exec(
        delete(ProviderHours).where(
            col(ProviderHours.provider_id) == provider.id, col(ProviderHours.clinic_id) == clinic.id, *season
        )
    )
    kept = work.db.exec(select(ProviderHours).where(ProviderHours.provider_id == provider.id)).all()
    others = [Hours(row.weekday, row.opens, row.closes, row.first_day, row.last_day) for row in kept]
    _check_apart(wanted, others)
    for one in wanted:
        work.add(
            ProviderHours(
                provider_id=provider.id,
                clinic_id=clinic.id,
                weekday=one.weekday,
                opens=one.opens,
                closes=one.closes,
                first_day=first_day,
                last_day=last_day,
            )
        )
    work.audit("hours.set", provider, clinic=str(clinic.id), rows=len(wanted))
    work.changed(None, "practice")


def add_time_off(
    work: Work,
    starts_at: datetime,
    ends_at: datetime,
    *,
    provider_id: UUID | None = None,
    clinic_id: UUID | None = None,
    reason: str = "",
) -> AddedTimeOff:
    """Let nobody be booked for a while: with one provider, at one clinic, with one at one, or (both None) at all.

    `Invalid` under "ends_at" when it ends before it begins or is over already, "reason" when that is too long.
    """
    work.require(Privilege.VISITS_MANAGE)
    if ends_at <= starts_at:
        raise Invalid({"ends_at": "It ends before it begins."})
    if ends_at <= work.now():
        raise Invalid({"ends_at": "It is over already."})
    if len(reason) > LONGEST_TEXT:
        raise Invalid({"reason": f"Keep the reason to {LONGEST_TEXT} characters."})
    if provider_id:
        work.get(Staff, provider_id)
    if clinic_id:
        work.get(Clinic, clinic_id)
    visit_time.close_book(work)
    off = work.add(
        TimeOff(
            provider_id=provider_id,
            clinic_id=clinic_id,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=" ".join(reason.split()),
        )
    )
    work.audit("time_off.added", off)
    work.changed(None, "practice")
    return AddedTimeOff(off.id, _visits_within(work, off))


def remove_time_off(work: Work, time_off_id: UUID) -> None:
    """Let visits be booked then again. `NotFound` when there is no such time off."""
    work.require(Privilege.VISITS_MANAGE)
    off = work.get(TimeOff, time_off_id)
    work.audit("time_off.removed", off, starts_at=off.starts_at.isoformat(), ends_at=off.ends_at.isoformat())
    work.db.delete(off)
    work.db.flush()
    work.changed(None, "practice")


def change_type(work: Work, appointment_type_id: UUID, **values: Any) -> None:
    """Change how an appointment type is booked, by the names of its columns. Visits that are booked keep their length.

    `Invalid`, with a sentence for each, for values that make no sense.
    """
    work.require(Privilege.PRACTICE_MANAGE)
    kind = work.get(AppointmentType, appointment_type_id)
    wrong = {name: sentence for name, value in values.items() if (sentence := _wrong(name, value))}
    if wrong:
        raise Invalid(wrong)
    for name, value in values.items():
        setattr(kind, name, value.strip() if isinstance(value, str) else value)
    work.db.add(kind)
    work.db.flush()
    work.audit("appointment_type.changed", kind, fields=sorted(values))
    work.changed(None, "practice")


def _check(hours: Hours) -> None:
    if not 0 <= hours.weekday < len(_DAYS):
        raise Invalid({"hours": "There are seven weekdays, 0 is Monday."})
    span = f"{_DAYS[hours.weekday]}, {hours.opens} to {hours.closes}"
    if not _CLOCK.fullmatch(hours.opens) or not (_CLOCK.fullmatch(hours.closes) or hours.closes == MIDNIGHT):
        raise Invalid({"hours": f"{span}: give times such as 09:00, on a full five minutes."})
    if hours.closes <= hours.opens:
        raise Invalid({"hours": f"{span}: it ends before it begins."})


def _check_apart(wanted: Sequence[Hours], others: Sequence[Hours]) -> None:
    """Nobody works twice at once, here or elsewhere."""
    ordered = sorted(wanted, key=lambda one: (one.weekday, one.opens))
    for earlier, later in pairwise(ordered):
        if _meet(earlier, later):
            raise Invalid({"hours": f"{_DAYS[later.weekday]}: the times overlap at {later.opens}."})
    for one in wanted:
        if any(_meet(one, other) for other in others):
            raise Invalid({"hours": f"{_DAYS[one.weekday]}, {one.opens}: there are other hours then already."})


def _meet(one: Hours, other: Hours) -> bool:
    seasons = (one.first_day or date.min) <= (other.last_day or date.max) and (other.first_day or date.min) <= (
        one.last_day or date.max
    )
    return one.weekday == other.weekday and seasons and one.opens < other.closes and other.opens < one.closes


def _visits_within(work: Work, off: TimeOff) -> list[UUID]:
    query = select(Appointment.id).where(
        col(Appointment.status).in_(UPCOMING),
        Appointment.starts_at < off.ends_at,
        Appointment.ends_at > off.starts_at,
        Appointment.ends_at > work.now(),
    )
    if off.provider_id:
        query = query.where(Appointment.provider_id == off.provider_id)
    if off.clinic_id:
        query = query.where(or_(Appointment.clinic_id == off.clinic_id, col(Appointment.clinic_id).is_(None)))
    return list(work.db.exec(query.order_by(col(Appointment.starts_at))).all())


def _wrong(name: str, value: object) -> str:
    """The sentence for a value that cannot be taken; empty where it can."""
    if name in _BOUNDS:
        least, most, step = _BOUNDS[name]
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most or value % step:
            return f"Give a number from {least} to {most}" + (f", in steps of {step}." if step > 1 else ".")
        return ""
    if name in _SWITCHES:
        return "" if isinstance(value, bool) else "It is on or off."
    if name in _TEXTS:
        return "" if isinstance(value, str) and len(value) <= LONGEST_TEXT else f"At most {LONGEST_TEXT} characters."
    return "An appointment type has no such setting."
