"""Free time: what is offered really is free, by the clock on the clinic's wall, on every day of the year."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.free_time import (
    Hours,
    Span,
    Visit,
    day_span,
    fits,
    free_starts,
    instant,
    ticks,
    working,
)

# Zones whose clocks change by an hour, by half an hour, at midnight, in the other half of the year, and never.
ZONES = {
    name: ZoneInfo(name)
    for name in (
        "America/Los_Angeles", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Africa/Cairo",
        "America/Santiago", "Asia/Kathmandu",
    )
}  # fmt: skip
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NIGHT_AND_DAY = tuple(Hours(weekday, "00:00", "23:55") for weekday in range(7))


def changes(zone: ZoneInfo, year: int = 2026) -> list[date]:
    """The days of the year on which the clock there is changed."""
    days = [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
    spans = {day: day_span(day, day, zone) for day in days}
    return [day for day, span in spans.items() if span.end - span.start != timedelta(days=1)]


DAYS = [(zone, day) for name, zone in ZONES.items() for day in [*changes(zone), date(2026, 7, 8)]]
clocks = st.integers(0, 287).map(lambda number: f"{number // 12:02}:{number % 12 * 5:02}")


@st.composite
def openings(draw: st.DrawFn) -> Hours:
    """Working hours on any weekday."""
    opens, closes = sorted(draw(st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1])))
    return Hours(draw(st.integers(0, 6)), opens, closes)


def test_the_days_are_those_on_which_the_clock_changes() -> None:
    assert [len(changes(ZONES[name])) for name in ("Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu")] == [
        2,
        2,
        0,
    ]


@settings(deadline=None)
@given(
    where=st.sampled_from(DAYS),
    hours=st.lists(openings(), max_size=12),
    visit=st.builds(Visit, st.integers(1, 36).map(lambda n: n * 5), st.integers(0, 12).map(lambda n: n * 5)),
    step=st.integers(1, 12).map(lambda n: n * 5),
    others=st.lists(st.tuples(st.integers(0, 287), st.integers(1, 24)), max_size=8),
    off=st.lists(st.tuples(st.integers(-300, 1500), st.integers(1, 600)), max_size=3),
    notice=st.integers(-60, 1500),
)
def test_what_is_offered_is_what_is_free_and_nothing_else(where, hours, visit, step, others, off, notice) -> None:
    zone, day = where
    begin = day_span(day, day, zone).start
    taken = {
        tick for start, length in others for tick in range(tick_of(begin) + start, tick_of(begin) + start + length)
    }
    spans = [Span(begin + timedelta(minutes=at), begin + timedelta(minutes=at + length)) for at, length in off]
    earliest = begin + timedelta(minutes=notice)
    found = free_starts(visit, day, zone, hours, step_minutes=step, taken=taken, off=spans, earliest=earliest)
    today = [one for one in hours if one.weekday == day.weekday()]
    expected = [
        start
        for start, clock in first_runs(zone, day)
        if start >= earliest
        and any(one.opens <= clock < one.closes and minutes(clock, one.opens) % step == 0 for one in today)
        and all(shows_work(at, today, day, zone) for at in every_five_minutes(start, visit.ends(start)))
        and not any(tick_of(at) in taken for at in every_five_minutes(start, visit.leaves(start)))
        and not any(span.start < visit.leaves(start) and start < span.end for span in spans)
    ]
    assert found == expected


# The model: one look at the wall every five minutes, with no arithmetic on wall-clock times.


def every_five_minutes(start: datetime, end: datetime) -> list[datetime]:
    return [start + timedelta(minutes=5 * number) for number in range(int((end - start) / timedelta(minutes=5)))]


@lru_cache
def first_runs(zone: ZoneInfo, day: date) -> list[tuple[datetime, str]]:
    """When the wall first shows each time of the day."""
    long = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=15)
    shown: dict[str, datetime] = {}
    for at in every_five_minutes(long, long + timedelta(hours=54)):
        if at.astimezone(zone).date() == day:
            shown.setdefault(f"{at.astimezone(zone):%H:%M}", at)
    return sorted((at, clock) for clock, at in shown.items())


def shows_work(at: datetime, today: list[Hours], day: date, zone: ZoneInfo) -> bool:
    local = at.astimezone(zone)
    return local.date() == day and any(one.opens <= f"{local:%H:%M}" < one.closes for one in today)


def tick_of(at: datetime) -> int:
    return int((at - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(minutes=5))


def minutes(clock: str, since: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:]) - int(since[:2]) * 60 - int(since[3:])


@pytest.mark.parametrize(("zone", "day"), DAYS, ids=lambda value: str(value))
@pytest.mark.parametrize("step", [5, 15, 45])
def test_every_time_that_the_clock_shows_is_offered_once_and_no_other(zone: ZoneInfo, day: date, step: int) -> None:
    found = free_starts(
        Visit(5), day, zone, NIGHT_AND_DAY, step_minutes=step, taken=(), off=(), earliest=LONG_AGO
    )  # fmt: skip
    wall = [clock for _, clock in first_runs(zone, day) if minutes(clock, "00:00") % step == 0 and clock < "23:55"]
    assert [f"{start.astimezone(zone):%H:%M}" for start in found] == wall
    assert all(later - earlier >= timedelta(minutes=5) for earlier, later in pairwise(found))


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected"),
    [
        ("America/Los_Angeles", date(2026, 3, 8), "01:55", "2026-03-08T09:55"),
        ("America/Los_Angeles", date(2026, 3, 8), "02:30", "2026-03-08T10:00"),  # never shown: when it is skipped
        ("America/Los_Angeles", date(2026, 3, 8), "03:00", "2026-03-08T10:00"),
        ("America/Los_Angeles", date(2026, 11, 1), "01:30", "2026-11-01T08:30"),  # shown twice: the first run
        ("America/Los_Angeles", date(2026, 11, 1), "02:00", "2026-11-01T10:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "02:15", "2026-10-03T15:30"),  # half an hour is skipped
        ("Australia/Lord_Howe", date(2026, 4, 5), "01:45", "2026-04-04T14:45"),
        ("Africa/Cairo", date(2026, 4, 24), "00:00", "2026-04-23T22:00"),  # the day begins at one
    ],
)  # fmt: skip
def test_an_instant_is_when_the_wall_shows_it(zone: str, day: date, clock: str, expected: str) -> None:
    assert instant(day, clock, ZONES[zone]) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_working_day_across_the_missing_hour_is_an_hour_shorter() -> None:
    hours = [Hours(6, "01:00", "05:00")]
    zone = ZONES["America/Los_Angeles"]
    [spring] = working(hours, date(2026, 3, 8), zone)
    [autumn] = working(hours, date(2026, 11, 1), zone)
    assert (spring.end - spring.start, autumn.end - autumn.start) == (timedelta(hours=3), timedelta(hours=5))


def test_hours_that_end_within_the_missing_hour_have_no_times_in_it() -> None:
    zone, day = ZONES["America/Los_Angeles"], date(2026, 3, 8)
    hours = [Hours(6, "01:00", "02:40"), Hours(6, "02:40", "05:00")]
    found = free_starts(Visit(5), day, zone, hours, step_minutes=25, taken=(), off=(), earliest=LONG_AGO)
    shown = [f"{at.astimezone(zone):%H:%M}" for at in found]
    assert shown == ["01:00", "01:25", "01:50", "03:05", "03:30", "03:55", "04:20", "04:45"]


def test_ordinary_hours_keep_their_wall_clock_on_both_sides_of_a_change() -> None:
    zone, week = ZONES["America/Los_Angeles"], [Hours(weekday, "09:00", "17:00") for weekday in range(7)]

    def first(day: date) -> datetime:
        return free_starts(Visit(45), day, zone, week, step_minutes=15, taken=(), off=(), earliest=LONG_AGO)[0]

    before, after = first(date(2026, 10, 31)), first(date(2026, 11, 1))
    assert after - before == timedelta(hours=25)
    assert {at.astimezone(zone).hour for at in (before, after)} == {9}


def test_a_visit_may_end_when_hours_end_and_its_buffer_may_run_over() -> None:
    zone, day = ZONES["America/Los_Angeles"], date(2026, 12, 2)
    hours = [Hours(2, "09:00", "12:00"), Hours(2, "12:00", "13:00"), Hours(2, "14:00", "15:00")]
    found = free_starts(
        Visit(60, 15), day, zone, hours, step_minutes=30, taken=(), off=(), earliest=LONG_AGO
    )  # fmt: skip
    shown = [f"{at.astimezone(zone):%H:%M}" for at in found]
    assert shown == ["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00", "14:00"]


def test_a_season_has_a_first_and_a_last_day() -> None:
    hours = Hours(2, "09:00", "12:00", date(2026, 12, 2), date(2026, 12, 9))
    days = [date(2026, 11, 25) + timedelta(days=7 * number) for number in range(4)]
    assert [hours.hold(day) for day in days] == [False, True, True, False]
    assert not hours.hold(date(2026, 12, 3))


def test_time_off_may_begin_when_the_buffer_is_over() -> None:
    at = datetime(2026, 12, 2, 18, tzinfo=UTC)
    worked = [Span(at, at + timedelta(hours=8))]
    after = Span(at + timedelta(minutes=60), at + timedelta(hours=2))
    assert fits(Visit(45, 15), at, worked, [after])
    assert not fits(Visit(45, 20), at, worked, [after])
    assert fits(Visit(45, 15), after.end, worked, [after])


def test_ticks_cover_what_they_touch() -> None:
    at = datetime(2026, 12, 2, 18, tzinfo=UTC)
    assert len(ticks(at, at + timedelta(minutes=60))) == 12
    assert len(ticks(at + timedelta(minutes=2), at + timedelta(minutes=6))) == 2
    assert (
        ticks(at, at + timedelta(minutes=5)).stop == ticks(at + timedelta(minutes=5), at + timedelta(minutes=9)).start
    )
