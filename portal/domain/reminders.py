"""When the reminders of a visit are due. Pure rules; instants are aware.

Whole days before a visit are days of the calendar where the clinic is: the reminder 24 hours before a visit at 10:30 is
due at 10:30 the day before, also when the clocks change in between. Source: behaviour, section 2 (quiet hours).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

#: A reminder that the night put off is of use only while so much is left.
LEAST = timedelta(hours=1)
#: So long before sending ends, reminders go out that the night would make useless.
EVENING = timedelta(hours=1)
#: No reminder that was put forward to the evening before is due earlier than this before its visit.
LONGEST_PUT_FORWARD = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Hours:
    """When messages may go out, on the clock of the clinic: from `opens` until just before `closes`.

    Where `closes` is not after `opens`, any time is allowed.
    """

    opens: time
    closes: time
    zone: ZoneInfo

    @classmethod
    def of(cls, opens: str, closes: str, zone: str) -> Self:
        """From "08:00", "21:00" and the name of a zone."""
        return cls(time.fromisoformat(opens), time.fromisoformat(closes), ZoneInfo(zone))

    @classmethod
    def read(cls, written: str) -> Self:
        """What `str` wrote: "08:00-21:00 America/Los_Angeles"."""
        span, _, zone = written.partition(" ")
        opens, _, closes = span.partition("-")
        return cls.of(opens, closes, zone)

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M} {self.zone.key}"

    def allow(self, at: datetime) -> bool:
        """Whether a message may go out now."""
        return self.closes <= self.opens or self.opens <= at.astimezone(self.zone).time() < self.closes

    def next(self, at: datetime) -> datetime:
        """The first allowed moment from `at` on, UTC."""
        if self.allow(at):
            return at.astimezone(UTC)
        local = at.astimezone(self.zone)
        day = local.date() + timedelta(days=local.time() >= self.closes)
        return datetime.combine(day, self.opens, self.zone).astimezone(UTC)

    def evening_before(self, starts_at: datetime) -> datetime:
        """An hour before sending ends on the day before a visit, or the first allowed moment where that is later."""
        day = starts_at.astimezone(self.zone).date() - timedelta(days=1)
        opens, closes = (datetime.combine(day, hour, self.zone).astimezone(UTC) for hour in (self.opens, self.closes))
        return max(opens, closes - EVENING)


@dataclass(frozen=True, slots=True)
class Reminder:
    """The reminder so many hours before a visit, and when it goes out."""

    hours: int
    due_at: datetime


def plan(starts_at: datetime, hours_before: Iterable[int], sending: Hours) -> list[Reminder]:
    """Every reminder of a visit, the first one first."""
    reminders = [Reminder(hours, _due(starts_at, hours, sending)) for hours in set(hours_before)]
    return sorted(reminders, key=lambda one: (one.due_at, -one.hours))


def due(
    starts_at: datetime, agreed_at: datetime | None, hours_before: Iterable[int], sending: Hours, now: datetime
) -> Reminder | None:
    """The one reminder of a visit that should have gone out by `now`, or None.

    Only the latest counts: after an interruption nobody gets two at once. It is of use until half of the time to what
    comes next, the next reminder or the visit, is gone. One that was due before the time of the visit was agreed on
    (`agreed_at`) is not sent: the booking itself told of it.
    """
    if not sending.allow(now):
        return None
    planned = plan(starts_at, hours_before, sending)
    past = [one for one in planned if one.due_at <= now]
    if not past:
        return None
    latest = past[-1]
    following = planned[len(past)].due_at if len(past) < len(planned) else starts_at
    stale = now - latest.due_at > (following - latest.due_at) / 2
    announced = agreed_at is not None and latest.due_at <= agreed_at
    return None if stale or announced else latest


def horizon(hours_before: Iterable[int]) -> timedelta:
    """How far ahead a visit may lie that has a reminder due now; an hour more for the change of the clocks."""
    return max([timedelta(hours=hours) for hours in hours_before] + [LONGEST_PUT_FORWARD]) + timedelta(hours=1)


def _due(starts_at: datetime, hours: int, sending: Hours) -> datetime:
    days, rest = divmod(hours, 24)
    local = starts_at.astimezone(sending.zone)
    that_day = datetime.combine(local.date() - timedelta(days=days), local.time(), sending.zone)
    allowed = sending.next(that_day.astimezone(UTC) - timedelta(hours=rest))
    return allowed if starts_at - allowed >= LEAST else sending.evening_before(starts_at)
