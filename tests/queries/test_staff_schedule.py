"""The schedule: whose visits, where on the page, in the zone of each clinic; statements do not grow with visits."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain.access import ROLES, Role
from portal.errors import Denied
from portal.models import Allergy, Appointment, AssignedForm, Clinic, Staff
from portal.queries.staff_schedule import Asked, Column, Schedule, schedule
from portal.services import appointments
from portal.services import schedule as hours
from portal.work import NOBODY, SYSTEM, Actor
from tests.queries.counting import counted
from tests.support.book import Book, moment, open_book
from tests.support.clinic import OpenAs

DESK = Actor(kind="staff", role="front_desk", privileges=ROLES[Role.FRONT_DESK])
WEDNESDAY = date(2026, 12, 2)
BOISE = ZoneInfo("America/Boise")


@dataclass
class Two:
    """The book, with a second provider at a clinic one hour further east."""

    book: Book
    jonah: UUID
    boise: UUID

    @property
    def amelia(self) -> UUID:
        assert self.book.amelia.patient_id
        return self.book.amelia.patient_id

    @property
    def rosa(self) -> UUID:
        assert self.book.rosa.patient_id
        return self.book.rosa.patient_id


@pytest.fixture
def two(open_as: OpenAs, clock: FixedClock) -> Two:
    clock.at = moment("2026-12-01", "12:00")
    with open_as(SYSTEM) as work:
        book = open_book(work)
        practice = book.clinic.practice_id
        boise = work.add(
            Clinic(
                practice_id=practice, name="Boise", street="1 Main", city="Boise", state="ID", postal_code="83702",
                phone="+12085550100", time_zone="America/Boise",
            )
        )  # fmt: skip
        jonah = work.add(
            Staff(
                practice_id=practice, first_name="Jonah", last_name="Bell", email="j@lumiere.example",
                role=Role.PROVIDER,
            )
        )  # fmt: skip
        hours.set_hours(work, jonah.id, boise.id, {day: [("08:00", "16:00")] for day in range(5)})
        book.clinic.template(work, per_visit=True)
        return Two(book, jonah.id, boise.id)


def seen(open_as: OpenAs, view: str = "day", day: date | None = WEDNESDAY, **more: object) -> Schedule:
    with open_as(DESK, write=False) as work:
        return schedule(work, Asked(view=view, day=day, **more))  # type: ignore[arg-type]


def column(shown: Schedule, title: str) -> Column:
    return next(column for column in shown.columns if column.title.startswith(title))


def test_a_day_has_a_column_for_each_provider_and_clinic(two: Two, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        visit = two.book.visit(work, moment("2026-12-02", "10:30"))
        work.add(Allergy(patient_id=two.amelia, substance="Latex", recorded_at=work.now(), source="staff"))
    shown = seen(open_as)
    assert [(one.title, one.sub) for one in shown.columns] == [
        ("Jonah Bell", "Boise"),
        ("Naomi Reyes, NP", "Pearl District"),
    ]
    assert (shown.title, shown.count, shown.timed) == ("Wednesday, December 2, 2026", "1 visit", True)
    row = column(shown, "Naomi").visits[0]
    assert (row.id, row.client, row.time, row.until) == (str(visit), "Amelia Hart", "10:30 AM", "11:15 AM")
    assert (row.status, row.symbols.allergies, row.symbols.expiring, row.forms) == ("Not confirmed", True, False, 1)
    assert (row.at, row.minutes, row.buffer, row.lane, row.lanes) == (630, 45, 15, 0, 1)
    assert "Amelia Hart" in row.label
    assert "Not confirmed" in row.label
    assert (shown.first, shown.first + shown.minutes) == (8 * 60, 17 * 60)


def test_each_clinic_goes_by_its_own_clock(two: Two, open_as: OpenAs) -> None:
    """Nine in Boise is eight in Portland: both columns show what the clock on their wall shows."""
    there = datetime(2026, 12, 2, 9, tzinfo=BOISE)
    with open_as(SYSTEM) as work:
        appointments.book(
            work,
            patient_id=two.rosa,
            provider_id=two.jonah,
            clinic_id=two.boise,
            appointment_type_id=two.book.clinic.type_id,
            starts_at=there,
        )
        two.book.visit(work, moment("2026-12-02", "09:00"))
    shown = seen(open_as)
    assert column(shown, "Jonah").visits[0].at == column(shown, "Naomi").visits[0].at == 9 * 60
    assert column(shown, "Jonah").visits[0].time == "9:00 AM"
    late = datetime(2026, 12, 2, 23, 30, tzinfo=BOISE)  # the same day there, and in Portland too; an hour later neither
    with open_as(SYSTEM) as work:
        work.add(_plain(two, late))
        work.add(_plain(two, late + timedelta(hours=1)))
    assert [visit.time for visit in column(seen(open_as), "Jonah").visits] == ["9:00 AM", "11:30 PM"]
    assert [visit.time for visit in column(seen(open_as, day=date(2026, 12, 3)), "Jonah").visits] == ["12:30 AM"]


def _plain(two: Two, at: datetime) -> Appointment:
    return Appointment(
        patient_id=two.rosa,
        provider_id=two.jonah,
        clinic_id=two.boise,
        appointment_type_id=two.book.clinic.type_id,
        starts_at=at,
        ends_at=at + timedelta(minutes=30),
    )


@pytest.mark.parametrize(
    ("day", "labels"),
    [("2026-11-01", ["12 AM", "1 AM", "1 AM", "2 AM"]), ("2027-03-14", ["12 AM", "1 AM", "3 AM", "4 AM"])],
)
def test_on_the_days_the_clock_is_put_its_hours_stand_as_they_pass(
    two: Two, open_as: OpenAs, clock: FixedClock, day: str, labels: list[str]
) -> None:
    clock.at = moment("2026-10-01", "12:00")
    with open_as(SYSTEM) as work:
        two.book.visit(work, moment(day, "00:15"), outside_hours=True)
        two.book.visit(work, moment(day, "05:00"), two.book.rosa, outside_hours=True)
    shown = seen(open_as, day=date.fromisoformat(day))
    assert [words for _, words in shown.hours][:4] == labels
    first, second = shown.columns[0].visits
    assert (first.at, second.at) == (15, (6 if day == "2026-11-01" else 4) * 60)
    week = seen(open_as, "week", date.fromisoformat(day), provider_id=two.book.clinic.provider_id)
    assert [visit.at for one in week.columns for visit in one.visits] == [15, 300]


def test_a_week_of_one_provider_is_by_the_clock_and_of_all_a_list(two: Two, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        for day in ("2026-11-30", "2026-12-04"):
            two.book.visit(work, moment(day, "13:00"), outside_hours=True)
        two.book.visit(work, moment("2026-12-07", "13:00"))
    everybody = seen(open_as, "week")
    assert not everybody.timed
    assert everybody.hours == []
    assert everybody.title == "Nov 29 to Dec 5, 2026"
    assert [len(one.visits) for one in everybody.columns] == [0, 1, 0, 0, 0, 1, 0]
    assert not any(one.gaps for one in everybody.columns)
    naomi = seen(open_as, "week", provider_id=two.book.clinic.provider_id)
    assert naomi.timed
    assert [len(one.visits) for one in naomi.columns] == [0, 1, 0, 0, 0, 1, 0]
    assert seen(open_as, "week", provider_id=two.jonah).count == "No visits"
    assert [one.today for one in naomi.columns].index(True) == 2
    assert naomi.columns[2].origin == int(moment("2026-12-01", "09:00").timestamp())


def test_what_is_free_can_be_booked_and_what_is_closed_or_off_is_shaded(
    two: Two, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        two.book.visit(work, moment("2026-12-02", "09:00"))
        hours.add_time_off(
            work, moment("2026-12-02", "14:00"), moment("2026-12-02", "17:00"),
            provider_id=two.book.clinic.provider_id, reason="Training",
        )  # fmt: skip
    naomi = column(seen(open_as), "Naomi")
    assert [gap.clock for gap in naomi.gaps] == ["10:00", "10:30", "11:00", "11:30", "13:00", "13:30"]
    assert {(gap.provider_id, gap.clinic_id, gap.day) for gap in naomi.gaps} == {
        (str(two.book.clinic.provider_id), str(two.book.clinic.clinic_id), "2026-12-02")
    }
    assert [(shade.at, shade.minutes, shade.words) for shade in naomi.shades] == [
        (480, 60, ""), (720, 60, ""), (840, 180, "Training"),
    ]  # fmt: skip
    clock.at = moment("2026-12-02", "11:10")
    assert [gap.clock for gap in column(seen(open_as), "Naomi").gaps] == ["11:10", "11:30", "13:00", "13:30"]


def test_a_cancelled_visit_holds_its_time_while_it_can_be_undone_and_then_is_gone(
    two: Two, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(SYSTEM) as work:
        visit = two.book.visit(work, moment("2026-12-02", "09:00"))
        appointments.cancel(work, visit, "The cost")
    held = column(seen(open_as), "Naomi").visits[0]
    assert (held.status, held.held, held.gone, held.forms) == ("Cancelled", "12:05 PM", True, 0)
    assert "09:00" not in [gap.clock for gap in column(seen(open_as), "Naomi").gaps]
    clock.at += timedelta(minutes=6)
    with open_as(SYSTEM) as work:
        appointments.settle(work, visit)
    assert column(seen(open_as), "Naomi").visits == []
    assert column(seen(open_as), "Naomi").gaps[0].clock == "09:00"
    gone = column(seen(open_as, gone=True), "Naomi").visits[0]
    assert (gone.status, gone.held, gone.buffer) == ("Cancelled", "", 0)


def test_the_filters(two: Two, open_as: OpenAs) -> None:
    assert [one.title for one in seen(open_as, provider_id=two.jonah).columns] == ["Jonah Bell"]
    assert [one.sub for one in seen(open_as, clinic_id=two.book.clinic.clinic_id).columns] == ["Pearl District"]
    assert seen(open_as, clinic_id=two.boise, provider_id=two.book.clinic.provider_id).columns == []
    assert seen(open_as, day=date(2026, 12, 6)).empty != ""
    stranger = seen(open_as, provider_id=UUID(int=1), clinic_id=UUID(int=2))
    assert (stranger.provider_id, stranger.clinic_id, len(stranger.columns)) == ("", "", 2)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1969, 7, 20), date(9999, 12, 31)])
@pytest.mark.parametrize("view", ["day", "week"])
def test_days_that_nobody_means_are_today(two: Two, open_as: OpenAs, view: str, day: date) -> None:
    shown = seen(open_as, view, day)
    assert shown.day == "2026-12-01"
    assert shown.today


def test_a_visit_without_provider_and_clinic_is_seen(two: Two, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        at = moment("2026-12-02", "10:00")
        work.add(Appointment(patient_id=two.rosa, title="From before", starts_at=at, ends_at=at))
    one = column(seen(open_as), "No provider")
    assert [(visit.title, visit.minutes) for visit in one.visits] == [("From before", 5)]
    assert one.gaps == []


def test_statements_do_not_grow_with_visits(two: Two, open_as: OpenAs, engine: Engine) -> None:
    counts = []
    for number in range(3):
        with open_as(SYSTEM) as work:
            for step in range(number * 4):
                who = (two.book.amelia, two.book.rosa, two.book.clinic.child)[step % 3]
                at = moment("2026-12-02", "00:00") + timedelta(hours=number * 4 + step)
                two.book.visit(work, at, who, outside_hours=True)
        for view in ("day", "week"):
            with open_as(DESK, write=False) as work, counted(engine) as statements:
                schedule(work, Asked(view=view, day=WEDNESDAY))
            counts.append(len(statements))
    assert max(counts[2:]) <= 10
    assert len(set(counts[2:])) == 1


def test_only_those_who_may_see_visits(two: Two, open_as: OpenAs) -> None:
    less = ROLES[Role.FRONT_DESK] - {next(one for one in ROLES[Role.FRONT_DESK] if one == "visits.view")}
    for actor in (NOBODY, two.book.amelia, Actor(kind="locked"), Actor(kind="staff", privileges=less)):
        with pytest.raises(Denied), open_as(actor, write=False) as work:
            schedule(work, Asked())


def test_forms_that_are_open_are_counted(two: Two, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        visit = two.book.visit(work, moment("2026-12-02", "10:30"))
        assert work.db.get(Appointment, visit)
        for form in work.db.exec(select(AssignedForm)).all():
            form.status = "witness"  # type: ignore[assignment]
    assert column(seen(open_as), "Naomi").visits[0].forms == 1
