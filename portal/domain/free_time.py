"""When a visit fits: working hours, time off and other visits in, free starts out. Pure; instants are UTC.

Hours are what the clock on the clinic's wall shows. On the day it is put forward the missing hour is never offered; on
the day it is put back the doubled hour is offered once, its first run.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TICK = timedelta(minutes=5)
_TICK_SECONDS = 300
_DAY = timedelta(days=1)
MIDNIGHT = "24:00"  # hours may close at the end of the day


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant up to another, which is not part of it."""

    start: datetime
    end: datetime

    def meets(self, start: datetime, end: datetime) -> bool:
        """Whether they have a moment in common."""
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours on one weekday (0 is Monday), such as "09:00" to "17:00", within a season; None is open. They may
    close at "24:00"."""

    weekday: int
    opens: str
    closes: str
    first_day: date | None = None
    last_day: date | None = None

    def hold(self, day: date) -> bool:
        """Whether they hold on that day."""
        return (
            day.weekday() == self.weekday
            and (self.first_day is None or self.first_day <= day)
            and (self.last_day is None or day <= self.last_day)
        )


@dataclass(frozen=True, slots=True)
class Visit:
    """What has to fit: minutes of the visit itself, and minutes kept free after it."""

    minutes: int
    buffer_minutes: int = 0

    def ends(self, start: datetime) -> datetime:
        """When it is over, without its buffer."""
        return start + timedelta(minutes=self.minutes)

    def leaves(self, start: datetime) -> datetime:
        """When its buffer is over too."""
        return start + timedelta(minutes=self.minutes + self.buffer_minutes)


def ticks(start: datetime, end: datetime) -> range:
    """The five-minute steps since 1970 that a span touches."""
    return range(int(start.timestamp()) // _TICK_SECONDS, -(-int(end.timestamp()) // _TICK_SECONDS))


def instant(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The instant at which a clock there shows `clock`; its first run where it does so twice. A time that the clock
    skips is the moment it skips it."""
    local = _on_the_wall(day, clock, zone)
    at = local.astimezone(UTC)
    return at if _shows(at, local, zone) else _end_of_gap(local, zone)


def day_span(first: date, last: date, zone: ZoneInfo) -> Span:
    """From the beginning of one day to the end of another, where the clinic is."""
    return Span(instant(first, "00:00", zone), instant(last + _DAY, "00:00", zone))


def working(hours: Iterable[Hours], day: date, zone: ZoneInfo) -> list[Span]:
    """The working time of a day, in order; hours that touch are one."""
    spans = [Span(instant(day, at.opens, zone), instant(day, at.closes, zone)) for at in hours if at.hold(day)]
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: span.start):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def fits(visit: Visit, start: datetime, worked: Iterable[Span], off: Iterable[Span]) -> bool:
    """Whether the visit lies within working time, and with its buffer clear of time off.

    The buffer may run past closing: nobody is seen in it.
    """
    ends, leaves = visit.ends(start), visit.leaves(start)
    within = any(span.start <= start and ends <= span.end for span in worked)
    return within and not any(span.meets(start, leaves) for span in off)


def free_starts(
    visit: Visit,
    day: date,
    zone: ZoneInfo,
    hours: Collection[Hours],
    *,
    step_minutes: int,
    taken: Collection[int],
    off: Collection[Span],
    earliest: datetime,
) -> list[datetime]:
    """When the visit could begin on that day, not before `earliest`.

    Starts are on the wall clock, every `step_minutes` from each opening. `taken` are the ticks of the provider's other
    visits, buffers included; `off` is when nobody can be booked.
    """
    worked = working(hours, day, zone)
    off = [span for span in off if any(span.meets(at.start, at.end + _DAY) for at in worked)]
    taken = frozenset(taken)
    found = {
        start
        for at in hours
        if at.hold(day)
        for start in _steps(day, at, zone, step_minutes)
        if start >= earliest and fits(visit, start, worked, off) and taken.isdisjoint(ticks(start, visit.leaves(start)))
    }
    return sorted(found)


def _on_the_wall(day: date, clock: str, zone: ZoneInfo) -> datetime:
    """The day at that time of its clock; "24:00" is the midnight that ends it."""
    if clock == MIDNIGHT:
        return datetime.combine(day + _DAY, time(), zone)
    return datetime.combine(day, time.fromisoformat(clock), zone)


def _steps(day: date, hours: Hours, zone: ZoneInfo, step_minutes: int) -> Iterator[datetime]:
    """The instants at which the wall clock shows each step; what it never shows is left out."""
    clock, closes = (_on_the_wall(day, at, zone) for at in (hours.opens, hours.closes))
    step, at, last = max(TICK, timedelta(minutes=step_minutes)), clock.astimezone(UTC), closes.astimezone(UTC)
    if clock.utcoffset() == closes.utcoffset() and _shows(at, clock, zone) and _shows(last, closes, zone):
        while at < last:  # an ordinary day needs no look at the clock
            yield at
            at += step
        return
    while clock < closes:  # two times of one zone are compared, and added to, as the wall clock shows them
        at = clock.astimezone(UTC)
        if _shows(at, clock, zone):
            yield at
        clock += step


def _shows(at: datetime, local: datetime, zone: ZoneInfo) -> bool:
    """Whether the clock really shows that time then: in the missing hour it does not."""
    return at.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None)


def _end_of_gap(local: datetime, zone: ZoneInfo) -> datetime:
    """The first instant after the gap that `local` lies in, which reading it with either offset brackets."""
    low, high = local.replace(fold=1).astimezone(UTC), local.replace(fold=0).astimezone(UTC)
    offset = high.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        low, high = (low, middle) if middle.astimezone(zone).utcoffset() == offset else (middle, high)
    return high.replace(microsecond=0)
