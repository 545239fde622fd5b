"""The end of cancellations: once each, whoever runs it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal.clock import FixedClock
from portal.jobs import visits as job
from portal.jobs.runner import JOBS
from portal.models import Appointment, AppointmentStatus, AppointmentTick, Invoice
from portal.models import db as database
from portal.services import appointments, visit_forms
from portal.work import SYSTEM
from tests.support.book import moment, open_book
from tests.support.clinic import OpenAs

AT = moment("2026-12-02", "09:00")


@pytest.fixture(autouse=True)
def in_this_database(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "engine", lambda: engine)


@pytest.fixture
def cancelled(open_as: OpenAs, clock: FixedClock) -> list[UUID]:
    """Three visits that Amelia cancelled late, a minute one after the other; a fourth is booked."""
    with open_as(SYSTEM) as work:
        book = open_book(work)
        made = [book.visit(work, AT + timedelta(hours=number)) for number in range(3)]
        book.visit(work, AT + timedelta(hours=5))
        work.add(
            Appointment(
                patient_id=book.amelia.patient_id, title="Imported", starts_at=AT, ends_at=AT,
                status=AppointmentStatus.CANCELLED,
            )
        )  # fmt: skip
    clock.at = AT - timedelta(hours=2)
    for visit in made:
        with open_as(book.amelia) as work:
            appointments.cancel(work, visit, "The cost")
        clock.advance(minutes=1)
    return made


def settled(open_as: OpenAs) -> tuple[int, int, int]:
    with open_as(SYSTEM) as work:
        visits = [visit for visit in work.db.exec(select(Appointment)) if visit.settled_at]
        return len(visits), len(work.db.exec(select(Invoice)).all()), len(work.db.exec(select(AppointmentTick)).all())


def test_each_ends_at_its_time_and_once(cancelled: list[UUID], open_as: OpenAs, clock: FixedClock) -> None:
    clock.at = AT - timedelta(hours=2) + timedelta(minutes=5)
    assert (job.settle(clock), settled(open_as)) == (0, (0, 0, 48))
    clock.advance(seconds=1)
    assert (job.settle(clock), settled(open_as)) == (1, (1, 1, 36))
    assert job.settle(clock) == 0
    clock.advance(days=3)  # it was down for a while
    assert (job.settle(clock), settled(open_as)) == (2, (3, 3, 12))
    assert job.settle(clock) == 0


def test_two_runners_end_each_once(cancelled: list[UUID], open_as: OpenAs, clock: FixedClock) -> None:
    clock.advance(minutes=10)
    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(lambda _: job.settle(clock), range(8)))
    assert sum(counts) == 3
    assert settled(open_as) == (3, 3, 12)


def test_one_that_fails_stops_no_other_and_is_tried_again(
    cancelled: list[UUID], open_as: OpenAs, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.advance(minutes=10)
    real = visit_forms.let_go

    def broken(work, visit, reason) -> None:
        if visit.id == cancelled[0]:
            raise TimeoutError
        real(work, visit, reason)

    monkeypatch.setattr(visit_forms, "let_go", broken)
    assert (job.settle(clock), settled(open_as)) == (2, (2, 2, 24))
    with pytest.raises(TimeoutError):
        job.settle(clock)
    monkeypatch.setattr(visit_forms, "let_go", real)
    assert (job.settle(clock), settled(open_as)) == (1, (3, 3, 12))


def test_the_runner_knows_it() -> None:
    assert [entry.every for entry in JOBS if entry.run is job.settle] == [5]
