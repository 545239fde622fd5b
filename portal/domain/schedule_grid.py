"""How a day of visits is laid out beside a clock: minutes from the top, lanes where visits overlap, the gaps between.

Pure. A day has as many minutes as its clock gives it: 1,380 or 1,500 where the clock is put forward or back.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.domain import free_time
from portal.domain.free_time import Span

_MINUTE = timedelta(minutes=1)
HALF_HOUR = 30
SHORTEST_GAP = 15  # minutes: less is no time to book


@dataclass(frozen=True, slots=True)
class Axis:
    """The side of one day at one place. `real` counts the minutes that pass, so that a doubled hour stands there twice;
    else they are those of the clock on the wall, so that days of different lengths can stand side by side."""

    day: date
    zone: ZoneInfo
    real: bool = False

    @property
    def span(self) -> Span:
        """The day, from midnight to midnight there."""
        return free_time.day_span(self.day, self.day, self.zone)

    @property
    def minutes(self) -> int:
        """How long the side is."""
        return (self.span.end - self.span.start) // _MINUTE if self.real else 24 * 60

    def at(self, moment: datetime) -> int:
        """How far down a moment stands; what lies outside the day stands at its edge."""
        if moment <= self.span.start:
            return 0
        if moment >= self.span.end:
            return self.minutes
        if self.real:
            return (moment - self.span.start) // _MINUTE
        there = moment.astimezone(self.zone)
        return there.hour * 60 + there.minute

    def moment(self, minutes: int) -> datetime:
        """The moment that stands there; on a wall's clock, the first time that it shows it."""
        if self.real:
            return self.span.start + minutes * _MINUTE
        if minutes >= self.minutes:
            return self.span.end
        return free_time.instant(self.day, f"{minutes // 60:02}:{minutes % 60:02}", self.zone)


def lanes(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each of the spans, which begin in order: its lane, and how many lanes its neighbours need together."""
    placed: list[tuple[int, int]] = []
    cluster: list[int] = []  # numbers of spans that hang together
    ends: list[int] = []  # of the cluster's lanes

    def close() -> None:
        for number in cluster:
            placed[number] = (placed[number][0], len(ends))

    for number, (start, end) in enumerate(spans):
        if ends and start >= max(ends):
            close()
            cluster, ends = [], []
        lane = next((lane for lane, until in enumerate(ends) if until <= start), len(ends))
        ends[lane : lane + 1] = [end]
        cluster.append(number)
        placed.append((lane, 1))
    close()
    return placed


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of the spans, in order, once what is taken is cut out."""
    left = sorted(spans, key=lambda span: span.start)
    for cut in taken:
        left = [
            piece
            for span in left
            for piece in (
                (Span(span.start, min(span.end, cut.start)), Span(max(span.start, cut.end), span.end))
                if span.meets(cut.start, cut.end)
                else (span,)
            )
            if piece.start < piece.end
        ]
    return left


def gaps(free: Iterable[Span], axis: Axis, now: datetime) -> list[tuple[int, int]]:
    """Free time of a day, cut at the half hours, as (from, until) minutes down the axis; none that has passed."""
    found: list[tuple[int, int]] = []
    for span in free:
        start, end = axis.at(max(span.start, now)), axis.at(span.end)
        start = -(-start // 5) * 5  # visits begin on a full five minutes
        while start < end:
            until = min(end, (start // HALF_HOUR + 1) * HALF_HOUR)
            if until - start >= SHORTEST_GAP:
                found.append((start, until))
            start = until
    return found
