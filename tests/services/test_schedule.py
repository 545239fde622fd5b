"""Hours, time off and the rules of a type: nonsense is refused in words."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from portal.errors import Denied, Invalid, NotFound
from portal.ids import uuid7
from portal.models import AppointmentType, AuditEvent, Clinic, ProviderHours, TimeOff
from portal.services import schedule
from portal.work import SYSTEM, Work
from tests.support.book import Book, moment, open_book
from tests.support.clinic import OpenAs

Week = dict[int, list[tuple[str, str]]]


@pytest.fixture
def book(open_as: OpenAs) -> Book:
    """A practice with a book."""
    with open_as(SYSTEM) as work:
        return open_book(work)


def set_hours(work: Work, book: Book, week: Any, *season: date | None) -> None:
    schedule.set_hours(work, book.clinic.provider_id, book.clinic.clinic_id, week, *season)


def rows(work: Work) -> list[tuple[int, str, str]]:
    return sorted((row.weekday, row.opens, row.closes) for row in work.db.exec(select(ProviderHours)))


def test_hours_are_set_in_place_of_what_was_said(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        assert len(rows(work)) == 10
        set_hours(work, book, {5: [("10:00", "12:30"), ("12:30", "14:00")]})
        assert rows(work) == [(5, "10:00", "12:30"), (5, "12:30", "14:00")]
        assert len(work.db.exec(select(AuditEvent).where(AuditEvent.action == "hours.set")).all()) == 2
        set_hours(work, book, {})
        assert rows(work) == []


def test_a_season_stands_beside_others(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        set_hours(work, book, {5: [("10:00", "12:00")]}, date(2026, 12, 1), date(2026, 12, 31))
        assert len(rows(work)) == 11
        set_hours(work, book, {5: [("10:00", "14:00")]}, date(2027, 1, 1), None)
        set_hours(work, book, {}, date(2026, 12, 1), date(2026, 12, 31))
        assert (5, "10:00", "14:00") in rows(work)
        assert len(rows(work)) == 11
        with pytest.raises(Invalid, match="marked"):
            set_hours(work, book, {0: [("10:00", "12:00")]}, date(2026, 12, 1), None)  # all year there are hours then


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ({0: [("09:00", "09:00")]}, "ends before it begins"),
        ({0: [("17:00", "09:00")]}, "ends before it begins"),
        ({0: [("9:00", "17:00")]}, "full five minutes"),
        ({0: [("09:02", "17:00")]}, "full five minutes"),
        ({0: [("09:00", "24:05")]}, "full five minutes"),
        ({0: [("nine", "17:00")]}, "full five minutes"),
        ({7: [("09:00", "17:00")]}, "seven weekdays"),
        ({-1: [("09:00", "17:00")]}, "seven weekdays"),
        ({0: [("09:00", "12:00"), ("11:55", "17:00")]}, "Monday: the times overlap at 11:55"),
    ],
)
def test_hours_that_make_no_sense(book: Book, open_as: OpenAs, week: Week, words: str) -> None:
    with pytest.raises(Invalid) as refusal, open_as(SYSTEM) as work:
        set_hours(work, book, week)
    assert words in refusal.value.fields["hours"]
    with open_as(SYSTEM) as work:
        assert len(rows(work)) == 10


def test_nobody_works_at_two_clinics_at_once(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        here = work.get(Clinic, book.clinic.clinic_id)
        lake = work.add(Clinic(**here.model_dump(exclude={"id", "name"}), name="Lake"))
        with pytest.raises(Invalid) as refusal:
            schedule.set_hours(work, book.clinic.provider_id, lake.id, {0: [("11:00", "13:00")]})
        assert "other hours" in refusal.value.fields["hours"]
        schedule.set_hours(work, book.clinic.provider_id, lake.id, {0: [("12:00", "13:00")], 5: [("09:00", "12:00")]})
        with pytest.raises(Invalid, match="marked"):
            schedule.set_hours(
                work, book.clinic.provider_id, lake.id, {}, date(2026, 12, 31), date(2026, 12, 1)
            )  # fmt: skip


def test_time_off_tells_which_visits_lie_in_it(book: Book, open_as: OpenAs) -> None:
    morning, noon = moment("2026-12-02", "09:00"), moment("2026-12-02", "12:00")
    with open_as(SYSTEM) as work:
        inside = book.visit(work, moment("2026-12-02", "10:30"))
        book.visit(work, moment("2026-12-02", "13:00"))
        added = schedule.add_time_off(
            work, morning, noon, provider_id=book.clinic.provider_id, reason=" A \n training "
        )
        assert added.visits == [inside]
        assert work.get(TimeOff, added.id).reason == "A training"
        schedule.remove_time_off(work, added.id)
        assert work.db.exec(select(TimeOff)).all() == []
        with pytest.raises(NotFound):
            schedule.remove_time_off(work, added.id)


def test_time_off_that_makes_no_sense(book: Book, open_as: OpenAs) -> None:
    at = moment("2026-12-02", "09:00")
    with open_as(SYSTEM) as work:
        for start, end, reason, field in (
            (at, at, "", "ends_at"),
            (at, at - timedelta(hours=1), "", "ends_at"),
            (at - timedelta(days=30), at - timedelta(days=20), "", "ends_at"),
            (at, at + timedelta(hours=1), "x" * 601, "reason"),
        ):
            with pytest.raises(Invalid) as refusal:
                schedule.add_time_off(work, start, end, reason=reason)
            assert set(refusal.value.fields) == {field}
        with pytest.raises(NotFound):
            schedule.add_time_off(work, at, at + timedelta(hours=1), provider_id=uuid7())


def test_a_types_rules_are_changed_and_logged(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        book.change(work, minutes=60, late_fee_cents=2500, rule_note=" Please call. ", patient_may_move=False)
        kind = work.get(AppointmentType, book.clinic.type_id)
        assert (kind.minutes, kind.late_fee_cents, kind.rule_note, kind.patient_may_move) == (
            60,
            2500,
            "Please call.",
            False,
        )
        changes = work.db.exec(select(AuditEvent).where(AuditEvent.action == "appointment_type.changed")).all()
        assert changes[-1].detail == {"fields": ["late_fee_cents", "minutes", "patient_may_move", "rule_note"]}


@pytest.mark.parametrize(
    "values",
    [
        {"minutes": 0}, {"minutes": 47}, {"minutes": 605}, {"minutes": "45"}, {"minutes": True},
        {"buffer_minutes": -5}, {"late_fee_cents": -1}, {"late_fee_cents": 10.5}, {"step_minutes": 0},
        {"step_minutes": 7}, {"horizon_days": 0}, {"horizon_days": 100_000}, {"move_until_minutes": 10**9},
        {"patient_may_move": 1}, {"rule_note": "x" * 601}, {"rule_note": None}, {"id": uuid7()},
        {"service_id": uuid7()},
    ],
)  # fmt: skip
def test_rules_that_make_no_sense(book: Book, open_as: OpenAs, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refusal, open_as(SYSTEM) as work:
        book.change(work, late_within_minutes=60, **values)
    assert set(refusal.value.fields) == set(values)
    with open_as(SYSTEM) as work:
        assert work.get(AppointmentType, book.clinic.type_id).late_within_minutes == 24 * 60


def test_patients_set_nothing(book: Book, open_as: OpenAs) -> None:
    at = moment("2026-12-02", "09:00")
    for act in (
        lambda work: set_hours(work, book, {}),
        lambda work: schedule.add_time_off(work, at, at + timedelta(hours=1)),
        lambda work: schedule.remove_time_off(work, uuid7()),
        lambda work: book.change(work, minutes=5),
    ):
        with pytest.raises(Denied), open_as(book.amelia) as work:
            act(work)
