"""Free times for a visit: whose, which, and with how many statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, event
from sqlmodel import insert

from portal import dates
from portal.clock import FixedClock
from portal.domain import free_time
from portal.errors import NotFound
from portal.models import Appointment, AppointmentTick, Clinic
from portal.queries import slots
from portal.services import appointments, schedule
from portal.work import NOBODY, SYSTEM, Work
from tests.support.book import Book, moment, open_book
from tests.support.clinic import OpenAs
from tests.support.free_time import free_days, free_times

DAY = date(2026, 12, 2)
AT = moment("2026-12-02", "10:30")


@pytest.fixture
def book(open_as: OpenAs) -> Book:
    """A practice with a book."""
    with open_as(SYSTEM) as work:
        return open_book(work)


@pytest.fixture
def visit(book: Book, open_as: OpenAs) -> UUID:
    """Amelia's visit."""
    with open_as(SYSTEM) as work:
        return book.visit(work, AT)


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def times(work: Work, visit: UUID, day: date = DAY) -> list[str]:
    zone = slots.sought_of(work, visit, work.patient_id).zone  # type: ignore[union-attr]
    return [dates.clock_time(at, zone) for at in free_times(work, visit, day)]


def test_the_free_times_of_a_day(book: Book, open_as: OpenAs, visit: UUID) -> None:
    with open_as(SYSTEM) as work:
        book.change(work, step_minutes=30)
        book.visit(work, moment("2026-12-02", "14:00"), book.rosa)
        schedule.add_time_off(work, moment("2026-12-02", "16:00"), moment("2026-12-02", "17:00"))
    with open_as(book.amelia, write=False) as work:
        assert times(work, visit) == ["9:00 AM", "9:30 AM", "10:00 AM", "11:00 AM", "1:00 PM", "3:00 PM"]
        assert free_times(work, visit, DAY)[0].isoformat() == "2026-12-02T17:00:00+00:00"


def test_what_is_offered_can_be_had(book: Book, open_as: OpenAs, visit: UUID) -> None:
    with open_as(SYSTEM) as work:
        book.change(work, step_minutes=30)  # fewer of them than a patient may change a visit
    with open_as(book.amelia, write=False) as work:
        offered = free_times(work, visit, DAY)
    for starts_at in offered:
        with open_as(book.amelia) as work:
            appointments.reschedule(work, visit, starts_at)
    assert len(offered) > 10


def test_free_days_are_those_with_a_free_time(book: Book, open_as: OpenAs, visit: UUID) -> None:
    first, last = date(2026, 11, 20), date(2026, 12, 13)
    with open_as(SYSTEM) as work:
        schedule.add_time_off(work, moment("2026-12-03", "00:00"), moment("2026-12-05", "00:00"))
    with open_as(book.amelia, write=False) as work:
        days = set(free_days(work, visit, first, last))
        each = {first + timedelta(days=number) for number in range((last - first).days + 1)}
        assert days == {day for day in each if free_times(work, visit, day)}
        assert DAY in days
        assert not {date(2026, 11, 22), date(2026, 12, 3), date(2026, 12, 4), date(2026, 12, 5)} & days
        assert not free_days(work, visit, date(2026, 11, 1), date(2026, 11, 22))


def test_notice_and_horizon(book: Book, open_as: OpenAs, visit: UUID, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        book.change(work, notice_minutes=180, horizon_days=14, step_minutes=60)
    with open_as(book.amelia, write=False) as work:
        assert times(work, visit, date(2026, 11, 23)) == ["1:00 PM", "2:00 PM", "3:00 PM", "4:00 PM"]
        assert times(work, visit, date(2026, 12, 7))
        assert not times(work, visit, date(2026, 12, 8))
        assert max(free_days(work, visit, DAY, date(2027, 12, 2))) == date(2026, 12, 7)


def test_nobody_is_offered_a_time_with_another_visit_of_theirs(book: Book, open_as: OpenAs, visit: UUID) -> None:
    with open_as(SYSTEM) as work:
        work.add(
            Appointment(
                patient_id=book.amelia.patient_id, title="Elsewhere", starts_at=moment("2026-12-02", "13:00"),
                ends_at=moment("2026-12-02", "16:15"),
            )
        )  # fmt: skip
    with open_as(book.amelia, write=False) as work:
        assert [time for time in times(work, visit) if time.endswith("PM")] == ["4:15 PM"]


def test_time_off_elsewhere_does_not_count(book: Book, open_as: OpenAs, visit: UUID) -> None:
    with open_as(SYSTEM) as work:
        here = work.get(Clinic, book.clinic.clinic_id)
        clinic = work.add(Clinic(**here.model_dump(exclude={"id", "name"}), name="Lake"))
        off = (moment("2026-12-02", "00:00"), moment("2026-12-03", "00:00"))
        schedule.add_time_off(work, *off, clinic_id=clinic.id)
        schedule.add_time_off(work, *off, clinic_id=clinic.id, provider_id=book.clinic.provider_id)
    with open_as(book.amelia, write=False) as work:
        assert times(work, visit)
    with open_as(SYSTEM) as work:
        schedule.add_time_off(work, *off, provider_id=book.clinic.provider_id)
    with open_as(book.amelia, write=False) as work:
        assert not times(work, visit)


def test_a_strangers_visit_has_no_times(book: Book, open_as: OpenAs, visit: UUID) -> None:
    for actor in (book.rosa, NOBODY, SYSTEM):
        with open_as(actor, write=False) as work:
            with pytest.raises(NotFound):
                free_times(work, visit, DAY)
            with pytest.raises(NotFound):
                free_days(work, visit, DAY, DAY)


def test_a_visit_of_an_older_system_has_none(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        old = work.add(Appointment(patient_id=book.amelia.patient_id, starts_at=AT, ends_at=AT + timedelta(minutes=30)))
    with open_as(book.amelia, write=False) as work:
        assert free_times(work, old.id, DAY) == []
        assert free_days(work, old.id, DAY, DAY) == {}


def test_a_full_book_takes_no_more_statements(book: Book, open_as: OpenAs, visit: UUID, engine: Engine) -> None:
    def asked() -> list[str]:
        with counted(engine) as seen, open_as(book.amelia, write=False) as work:
            free_days(work, visit, date(2026, 12, 1), date(2026, 12, 31))
        return seen

    with open_as(SYSTEM) as work:
        _fill(book, work, 10)
    few = asked()
    with open_as(SYSTEM) as work:
        _fill(book, work, 1000)
    assert len(asked()) == len(few) <= 5


def _fill(book: Book, work: Work, many: int) -> None:
    """Visits of the same provider, each half an hour, every hour from a year ago on."""
    begin = AT - timedelta(days=370, hours=many % 7)
    for number in range(many):
        start = begin + timedelta(hours=9 * number, minutes=5 * (many % 6))
        row = work.add(
            Appointment(
                patient_id=book.rosa.patient_id, provider_id=book.clinic.provider_id, clinic_id=book.clinic.clinic_id,
                appointment_type_id=book.clinic.type_id, starts_at=start, ends_at=start + timedelta(minutes=30),
            )
        )  # fmt: skip
        steps = free_time.ticks(row.starts_at, row.ends_at)
        values = [{"provider_id": row.provider_id, "tick": tick, "appointment_id": row.id} for tick in steps]
        work.db.connection().execute(insert(AppointmentTick), values)
