"""When reminders are due: on the clinic's clock, never at night, the latest only, none that is stale."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.reminders import LEAST, Hours, due, horizon, plan

PORTLAND = ZoneInfo("America/Los_Angeles")
DAY = Hours.of("08:00", "21:00", "America/Los_Angeles")
USUAL = (72, 24, 3)
ZONES = ("America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "UTC")


def at(text: str, zone: ZoneInfo = PORTLAND) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def when(text: str, hours: int, sending: Hours = DAY) -> str:
    [one] = plan(at(text), [hours], sending)
    return f"{one.due_at.astimezone(PORTLAND):%a %H:%M}"


@pytest.mark.parametrize(
    ("visit", "hours", "expected"),
    [
        ("2026-11-24T10:30", 72, "Sat 10:30"),
        ("2026-11-24T10:30", 24, "Mon 10:30"),
        ("2026-11-24T11:30", 3, "Tue 08:30"),
        ("2026-11-24T10:30", 3, "Tue 08:00"),  # 7:30 is night: half an hour later is still of use
        ("2026-11-24T09:00", 3, "Tue 08:00"),  # an hour is left, just
        ("2026-11-24T08:45", 3, "Mon 20:00"),  # it is not: the evening before
        ("2026-11-24T23:30", 24, "Tue 08:00"),  # 23:30 the day before is night: the next morning
        ("2026-11-24T00:30", 3, "Mon 20:00"),
        ("2026-11-24T20:59", 24, "Mon 20:59"),
        ("2026-11-24T21:00", 24, "Tue 08:00"),
    ],
)
def test_a_reminder_is_due(visit: str, hours: int, expected: str) -> None:
    assert when(visit, hours) == expected


@pytest.mark.parametrize(("monday", "change"), [("2026-03-09T10:30", 23), ("2026-11-02T10:30", 25)])
def test_a_day_before_is_a_day_of_the_calendar_when_the_clocks_change(monday: str, change: int) -> None:
    [two_days] = plan(at(monday), [48], DAY)
    assert two_days.due_at.astimezone(PORTLAND).time() == time(10, 30)
    assert at(monday).astimezone(UTC) - two_days.due_at == timedelta(hours=24 + change)


def test_hours_can_be_written_down_and_read() -> None:
    assert str(DAY) == "08:00-21:00 America/Los_Angeles"
    assert Hours.read(str(DAY)) == DAY


def test_hours_that_leave_nothing_out_allow_everything() -> None:
    always = Hours.of("00:00", "00:00", "UTC")
    assert always.allow(datetime(2026, 1, 1, 3, tzinfo=UTC))
    assert always.next(at("2026-01-01T03:00")) == at("2026-01-01T03:00")


VISIT = at("2026-11-24T10:30")
LONG_AGO = VISIT - timedelta(days=30)


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        ("2026-11-21T10:29", None),
        ("2026-11-21T10:30", 72),
        ("2026-11-22T10:29", 72),  # a day late, and two days to go
        ("2026-11-22T10:31", None),  # the next one is nearer
        ("2026-11-23T10:30", 24),
        ("2026-11-23T20:59", 24),
        ("2026-11-23T21:00", None),  # night
        ("2026-11-24T08:00", 3),
        ("2026-11-24T09:14", 3),
        ("2026-11-24T09:16", None),  # she is on her way
        ("2026-11-24T10:31", None),
    ],
)
def test_only_the_latest_is_sent_and_no_stale_one(now: str, hours: int | None) -> None:
    found = due(VISIT, LONG_AGO, USUAL, DAY, at(now))
    assert (found.hours if found else None) == hours


def test_what_was_due_before_the_booking_is_not_sent_after_it() -> None:
    booked = at("2026-11-23T12:00")
    assert due(VISIT, booked, USUAL, DAY, at("2026-11-23T12:01")) is None
    assert due(VISIT, booked, USUAL, DAY, at("2026-11-24T08:00")) is not None


def test_a_practice_without_reminders_sends_none() -> None:
    assert due(VISIT, LONG_AGO, (), DAY, at("2026-11-23T12:00")) is None
    assert plan(VISIT, (), DAY) == []


instants = st.integers(0, 1_500_000).map(lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))


@given(starts=instants, hours=st.integers(1, 200), zone=st.sampled_from(ZONES))
def test_never_at_night_never_after_the_visit(starts: datetime, hours: int, zone: str) -> None:
    sending = Hours.of("08:00", "21:00", zone)
    [one] = plan(starts, [hours], sending)
    assert sending.allow(one.due_at)
    assert starts - one.due_at >= LEAST
    assert starts - one.due_at <= horizon([hours])


@given(
    starts=instants, zone=st.sampled_from(ZONES), late=st.integers(0, 60 * 24 * 4), booked=st.integers(0, 60 * 24 * 5)
)
def test_what_is_due_has_come_is_planned_and_allowed(starts: datetime, zone: str, late: int, booked: int) -> None:
    sending = Hours.of("08:00", "21:00", zone)
    now, agreed = starts - timedelta(minutes=late), starts - timedelta(minutes=booked)
    found = due(starts, agreed, USUAL, sending, now)
    if found is not None:
        planned = plan(starts, USUAL, sending)
        assert found in planned
        assert agreed < found.due_at <= now < starts
        assert sending.allow(now)
        assert not [one for one in planned if found.due_at < one.due_at <= now]


@given(starts=instants, zone=st.sampled_from(ZONES))
def test_a_runner_that_looks_every_minute_sends_each_of_them(starts: datetime, zone: str) -> None:
    sending = Hours.of("08:00", "21:00", zone)
    for one in plan(starts, USUAL, sending):
        same_moment = [other for other in plan(starts, USUAL, sending) if other.due_at == one.due_at]
        found = due(starts, None, USUAL, sending, one.due_at + timedelta(seconds=59))
        assert found == same_moment[-1] or not sending.allow(one.due_at + timedelta(seconds=59))
