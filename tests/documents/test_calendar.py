"""Calendar entries, read by other authors' library: the visit at the clinic's hour, on both sides of each change."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream

from portal.documents import calendar
from portal.documents.calendar import Entry

PORTLAND = ZoneInfo("America/Los_Angeles")
ZONES = ("America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Phoenix", "UTC")
STAMP = datetime(2026, 11, 20, 17, tzinfo=UTC)


def entry(at: datetime, zone: ZoneInfo = PORTLAND, **values: object) -> Entry:
    given = Entry(
        uid=uuid4(),
        sequence=0,
        cancelled=False,
        starts_at=at.astimezone(UTC),
        ends_at=at.astimezone(UTC) + timedelta(minutes=45),
        zone=zone,
        stamp=STAMP,
        practice="Lumière Aesthetics",
        email="hello@lumiere.example",
        place="Pearl District, 41 Marlow Street; Suite 200, Portland",
        phone="(503) 555-0142",
        link="https://portal.lumiere.example/appointments/1",
    )
    return replace(given, **values)


def read(text: str) -> Calendar:
    return IcsCalendarStream.calendar_from_ics(text)


def seen(text: str) -> tuple[datetime, datetime]:
    """When a calendar program shows the one visit. The zone's name is taken away: only the rules in the file count."""
    nameless = text.replace("TZID:", "TZID:Clinic-").replace("TZID=", "TZID=Clinic-")
    [event] = read(nameless).events
    assert isinstance(event.dtstart, datetime)
    return event.dtstart.astimezone(UTC), event.dtend.astimezone(UTC)


@pytest.mark.parametrize(
    "local",
    [
        "2026-03-07T10:30", "2026-03-08T00:30", "2026-03-08T03:00", "2026-03-08T10:30", "2026-03-09T10:30",
        "2026-10-31T10:30", "2026-11-01T00:45", "2026-11-01T01:30", "2026-11-01T02:00", "2026-11-02T10:30",
    ],
)  # fmt: skip
def test_a_client_sees_the_clinics_hour_on_both_sides_of_a_change(local: str) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=PORTLAND)
    starts, ends = seen(calendar.one(entry(at)))
    assert starts == at.astimezone(UTC)
    assert ends - starts == timedelta(minutes=45)


def test_the_second_of_a_doubled_hour_is_not_taken_for_the_first() -> None:
    second = datetime(2026, 11, 1, 1, 30, tzinfo=PORTLAND, fold=1)
    assert seen(calendar.one(entry(second)))[0] == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns"])
def test_each_onset_in_the_file_is_the_moment_when_the_clocks_change(zone: str) -> None:
    made = calendar.one(entry(datetime(2026, 11, 24, 18, 30, tzinfo=UTC), ZoneInfo(zone)))
    [rules] = read(made).timezones
    onsets = [
        (onset - observance.tz_offset_from.offset).replace(tzinfo=UTC)
        for observance in (*rules.standard, *rules.daylight)
        if observance.tz_offset_from.offset != observance.tz_offset_to.offset
        for onset in observance.rdate
    ]
    assert len(onsets) >= 4
    for onset in onsets:
        before, after = ((onset + timedelta(seconds=step)).astimezone(ZoneInfo(zone)).utcoffset() for step in (-1, 0))
        assert before != after


@settings(deadline=None)  # the first reading loads the time zones
@given(
    at=st.integers(0, 6_000_000).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    zone=st.sampled_from(ZONES),
)
def test_any_moment_in_any_zone_survives(at: datetime, zone: str) -> None:
    assert seen(calendar.one(entry(at, ZoneInfo(zone))))[0] == at


def test_it_says_when_and_where_and_nothing_else() -> None:
    made = entry(datetime(2026, 11, 24, 10, 30, tzinfo=PORTLAND), sequence=2)
    text = calendar.one(made)
    [event] = read(text).events
    assert event.summary == "Visit at Lumière Aesthetics"
    assert event.location == made.place
    assert (event.uid, event.sequence, event.status.value) == (str(made.uid), 2, "CONFIRMED")
    assert event.dtstamp == STAMP
    assert read(text).method == "PUBLISH"
    assert "BEGIN:VTIMEZONE" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_cancelled_visit_leaves_the_calendar_that_has_it() -> None:
    made = entry(datetime(2026, 11, 24, 10, 30, tzinfo=PORTLAND))
    again = replace(made, cancelled=True, sequence=1)
    text = calendar.one(again, "CANCEL")
    [event] = read(text).events
    assert (event.uid, event.sequence, event.status.value) == (str(made.uid), 1, "CANCELLED")
    assert read(text).method == "CANCEL"


def test_a_feed_is_the_same_as_long_as_its_visits_are() -> None:
    visits = [entry(datetime(2026, 11, day, 10, 30, tzinfo=PORTLAND)) for day in (24, 26)]
    now = datetime(2026, 11, 22, tzinfo=UTC)
    text = calendar.feed("Visits at Lumière", visits, PORTLAND, now)
    assert text == calendar.feed("Visits at Lumière", visits, PORTLAND, now + timedelta(hours=5))
    assert len(read(text).events) == 2
    assert text.count("BEGIN:VTIMEZONE") == 1


def test_a_feed_without_visits_is_still_a_calendar() -> None:
    text = calendar.feed("Visits", [], PORTLAND, STAMP)
    assert read(text).events == []
    assert "BEGIN:VTIMEZONE" in text  # a calendar has at least one component (RFC 5545, 3.6)
