"""The month on the Dashboard: which days carry a badge, in whose zone, and what a browser may ask for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from portal.clock import FixedClock
from portal.errors import NotFound
from portal.models import Appointment, AppointmentStatus, Clinic, Practice
from portal.queries import calendar
from portal.queries.calendar import Day, Month
from portal.work import NOBODY, SYSTEM
from tests.queries.counting import counted
from tests.support.clinic import OpenAs, TestClinic, furnish


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """A small practice; it is Monday, November 23, 2026, nine in the morning there."""
    with open_as(SYSTEM) as work:
        return furnish(work)


def days(month: Month) -> dict[int, Day]:
    return {day.number: day for week in month.weeks for day in week if day.number}


def test_each_day_with_a_visit_has_its_badge(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, datetime(2026, 11, 24, 18, 30, tzinfo=UTC))
        clinic.visit(work, clinic.amelia, datetime(2026, 11, 24, 22, 0, tzinfo=UTC))
        done = clinic.visit(work, clinic.amelia, datetime(2026, 11, 5, 17, 15, tzinfo=UTC))
        work.get(Appointment, done).status = AppointmentStatus.COMPLETED
        for status in (AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW):
            not_kept = clinic.visit(work, clinic.amelia, datetime(2026, 11, 12, 18, 0, tzinfo=UTC))
            work.get(Appointment, not_kept).status = status
        clinic.visit(work, clinic.rosa, datetime(2026, 11, 26, 18, 0, tzinfo=UTC))
    with open_as(clinic.amelia, write=False) as work:
        month = calendar.month(work)
    shown = days(month)
    assert (month.title, month.key) == ("November 2026", "2026-11-01")
    assert [week[0].number for week in month.weeks] == [1, 8, 15, 22, 29]
    assert {number: day.visits for number, day in shown.items() if day.visits} == {5: 1, 24: 2}
    assert [number for number, day in shown.items() if day.today] == [23]
    assert (shown[5].past, shown[24].past) == (True, False)
    assert shown[23].words == "Monday, November 23, today"
    assert "Botox, forehead and glabella at 10:30 AM, Botox" in shown[24].words
    assert "past visit" in shown[5].words
    assert (month.weekdays[0].letter, month.weekdays[0].name) == ("S", "Sunday")


def test_a_day_is_the_clinics_day(clinic: TestClinic, open_as: OpenAs) -> None:
    """Half past six in the evening of the 30th in Portland is December in UTC."""
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, datetime(2026, 12, 1, 2, 30, tzinfo=UTC))
    with open_as(clinic.amelia, write=False) as work:
        assert days(calendar.month(work))[30].visits == 1
        assert not any(day.visits for day in days(calendar.month(work, turn=1)).values())


@pytest.mark.parametrize(
    ("zone", "at", "title", "today"),
    [
        ("America/Los_Angeles", datetime(2026, 12, 1, 3, 0, tzinfo=UTC), "November 2026", 30),
        ("Pacific/Kiritimati", datetime(2026, 11, 30, 11, 0, tzinfo=UTC), "December 2026", 1),
    ],
)
def test_the_month_turns_with_the_clinics_midnight(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock, zone: str, at: datetime, title: str, today: int
) -> None:
    with open_as(SYSTEM) as work:
        work.get(Clinic, clinic.clinic_id).time_zone = zone
    clock.at = at
    with open_as(clinic.amelia, write=False) as work:
        month = calendar.month(work)
    assert month.title == title
    assert [number for number, day in days(month).items() if day.today] == [today]


def test_months_turn_in_both_directions_and_over_the_year(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(clinic.amelia, write=False) as work:
        month = calendar.month(work, turn=1)
        assert month.title == "December 2026"
        month = calendar.month(work, month.key, turn=1)
        assert (month.title, month.key) == ("January 2027", "2027-01-01")
        assert calendar.month(work, month.key, turn=-1).title == "December 2026"
        assert calendar.month(work, calendar.LAST.isoformat(), turn=1).key == calendar.LAST.isoformat()
        assert calendar.month(work, calendar.FIRST.isoformat(), turn=-1).key == calendar.FIRST.isoformat()


def test_the_chosen_day_lists_its_visits(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        visit_id = clinic.visit(work, clinic.amelia, datetime(2026, 11, 24, 18, 30, tzinfo=UTC))
    with open_as(clinic.amelia, write=False) as work:
        month = calendar.month(work, "2026-11-01", "2026-11-24")
    assert (month.chosen, month.chosen_words) == ("2026-11-24", "Tuesday, November 24")
    assert [(visit.time, visit.title, visit.status) for visit in month.visits] == [
        ("10:30 AM", "Botox, forehead and glabella", "Not confirmed")
    ]
    assert month.visits[0].href == f"/appointments/{visit_id}"
    assert [number for number, day in days(month).items() if day.chosen] == [24]


@pytest.mark.parametrize("nonsense", ["2026-11-25", "0001-01-01", "9999-12-31", "tomorrow", "2026-13-45", "'; --"])
def test_a_day_without_visits_and_nonsense_choose_nothing(clinic: TestClinic, open_as: OpenAs, nonsense: str) -> None:
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, datetime(2026, 11, 24, 18, 30, tzinfo=UTC))
    with open_as(clinic.amelia, write=False) as work:
        assert calendar.month(work, "2026-11-01", nonsense).chosen == ""
        assert calendar.month(work, nonsense).title == "November 2026"


def test_weeks_begin_as_the_practices_country_has_it(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        work.get(Practice, clinic.practice_id).locale = "de_DE"
    with open_as(clinic.amelia, write=False) as work:
        month = calendar.month(work)
    assert (month.title, month.weekdays[0].name) == ("November 2026", "Montag")
    assert [day.number for day in month.weeks[0]] == [0, 0, 0, 0, 0, 0, 1]


def test_it_is_ones_own(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        clinic.visit(work, clinic.amelia, datetime(2026, 11, 24, 18, 30, tzinfo=UTC))
    with open_as(clinic.rosa, write=False) as work:
        assert calendar.month(work, "2026-11-01", "2026-11-24").visits == []
    with open_as(NOBODY, write=False) as work, pytest.raises(NotFound):
        calendar.month(work)


def test_a_month_is_one_statement_however_many_visits(clinic: TestClinic, open_as: OpenAs, engine: Engine) -> None:
    with open_as(clinic.amelia, write=False) as work, counted(engine) as few:
        calendar.month(work)
    with open_as(SYSTEM) as work:
        for day in range(28):
            clinic.visit(work, clinic.amelia, datetime(2026, 11, 1, 18, 0, tzinfo=UTC) + timedelta(days=day))
    with open_as(clinic.amelia, write=False) as work, counted(engine) as many:
        shown = calendar.month(work)
    assert sum(day.visits for day in days(shown).values()) == 28
    assert len(few) == len(many) == 1
    assert date.fromisoformat(shown.key) == date(2026, 11, 1)
