"""How a day stands beside its clock: the long day and the short one, lanes, gaps."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.domain.free_time import Span
from portal.domain.schedule_grid import Axis, gaps, lanes, without

PACIFIC = ZoneInfo("America/Los_Angeles")
BACK, FORWARD = date(2026, 11, 1), date(2026, 3, 8)  # when its clocks are put
NEVER = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(("day", "minutes"), [(BACK, 1500), (FORWARD, 1380), (date(2026, 12, 2), 1440)])
def test_a_day_is_as_long_as_its_clock_makes_it(day: date, minutes: int) -> None:
    axis = Axis(day, PACIFIC, real=True)
    assert axis.minutes == minutes
    assert axis.at(axis.span.end) == minutes
    assert [axis.at(axis.moment(at)) for at in range(0, minutes, 45)] == list(range(0, minutes, 45))


def test_the_doubled_hour_stands_there_twice_by_time_that_passes_and_once_by_the_wall() -> None:
    first = datetime(2026, 11, 1, 8, 30, tzinfo=UTC)  # 1:30 AM, an hour later 1:30 AM again
    later = first + timedelta(hours=1)
    real, wall = Axis(BACK, PACIFIC, real=True), Axis(BACK, PACIFIC)
    assert (real.at(first), real.at(later)) == (90, 150)
    assert (wall.at(first), wall.at(later)) == (90, 90)
    noon = datetime(2026, 11, 1, 20, tzinfo=UTC)
    assert (real.at(noon), wall.at(noon)) == (13 * 60, 12 * 60)


def test_what_lies_outside_the_day_stands_at_its_edge() -> None:
    axis = Axis(BACK, PACIFIC)
    assert axis.at(NEVER) == 0
    assert axis.at(datetime(2100, 1, 1, tzinfo=UTC)) == 1440


@pytest.mark.parametrize(
    ("spans", "placed"),
    [
        ([], []),
        ([(0, 30), (30, 60)], [(0, 1), (0, 1)]),
        ([(0, 60), (30, 90), (60, 120)], [(0, 2), (1, 2), (0, 2)]),
        ([(0, 90), (0, 30), (30, 60), (90, 100)], [(0, 2), (1, 2), (1, 2), (0, 1)]),
        ([(0, 10), (0, 10), (0, 10), (20, 30)], [(0, 3), (1, 3), (2, 3), (0, 1)]),
    ],
)
def test_visits_at_one_time_stand_side_by_side(spans: list[tuple[int, int]], placed: list[tuple[int, int]]) -> None:
    assert lanes(spans) == placed


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-12-02T{clock}").replace(tzinfo=PACIFIC).astimezone(UTC)


def test_gaps_are_cut_at_the_half_hours_and_none_is_shorter_than_a_quarter() -> None:
    free = without([Span(at("09:00"), at("12:00"))], [Span(at("09:20"), at("10:20")), Span(at("11:10"), at("13:00"))])
    assert free == [Span(at("09:00"), at("09:20")), Span(at("10:20"), at("11:10"))]
    axis = Axis(date(2026, 12, 2), PACIFIC)
    assert gaps(free, axis, NEVER) == [(540, 560), (630, 660)]
    assert gaps([Span(at("09:00"), at("11:00"))], axis, at("09:41")) == [(585, 600), (600, 630), (630, 660)]
