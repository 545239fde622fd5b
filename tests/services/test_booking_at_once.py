"""Many at once: one slot has one winner, whatever the engine, and the losers leave nothing behind."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain.scheduling import AppointmentStatus
from portal.errors import Conflict, PortalError
from portal.models import (
    Appointment,
    AppointmentTick,
    AssignedForm,
    AuditEvent,
    Invoice,
    Notification,
    OutboxMessage,
)
from portal.services import appointments, invoices
from portal.services.invoices import Line
from portal.work import SYSTEM, Actor, Work
from tests.support.book import Book, held, moment, open_book, visits
from tests.support.clinic import OpenAs

AT = moment("2026-12-02", "10:30")
ATTEMPTS = 50
AT_ONCE = 12


@pytest.fixture
def book(open_as: OpenAs) -> Book:
    """A practice with a book."""
    with open_as(SYSTEM) as work:
        made = open_book(work)
        made.clinic.template(work, per_visit=True)
        return made


def rush(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Let all begin at the same moment, in waves; what each returned or raised, in order."""
    gate = threading.Barrier(min(AT_ONCE, len(acts)))

    def run(act: Callable[[], object]) -> object:
        with suppress(threading.BrokenBarrierError):  # the last wave is a small one
            gate.wait(timeout=2)
        try:
            return act()
        except PortalError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, acts))


def trying(open_as: OpenAs, actor: Actor, act: Callable[[Work], object]) -> Callable[[], object]:
    def attempt() -> object:
        with open_as(actor) as work:
            return act(work)

    return attempt


def test_fifty_book_one_slot_and_one_has_it(book: Book, open_as: OpenAs) -> None:
    people = (book.amelia, book.rosa, book.clinic.guardian)
    outcomes = rush(
        [
            trying(open_as, SYSTEM, lambda work, n=n: book.visit(work, AT, people[n % len(people)]))
            for n in range(ATTEMPTS)
        ]
    )
    winners = [one for one in outcomes if isinstance(one, UUID)]
    refused = Counter(one.sentence for one in outcomes if isinstance(one, Conflict))
    assert (len(winners), refused) == (1, {"That time has just been taken.": ATTEMPTS - 1})
    with open_as(SYSTEM) as work:
        assert [visit.id for visit in visits(work)] == winners
        assert len(held(work, winners[0])) == len(work.db.exec(select(AppointmentTick)).all()) == 12
        assert set(work.db.exec(select(AssignedForm.appointment_id)).all()) == set(winners)
        booked = select(AuditEvent.subject_id).where(AuditEvent.action == "appointment.booked")
        assert work.db.exec(booked).all() == winners
        assert len(work.db.exec(select(Notification).where(Notification.kind == "appointment.booked")).all()) == 1
        assert {one.appointment_id for one in work.db.exec(select(OutboxMessage))} <= {*winners, None}


def test_fifty_overlap_and_those_who_have_their_time_do_not_meet(book: Book, open_as: OpenAs) -> None:
    """Starts are five minutes apart, so most meet only within a buffer."""
    starts = [AT + timedelta(minutes=5 * (number * 7 % 18)) for number in range(ATTEMPTS)]
    outcomes = rush(
        [
            trying(open_as, SYSTEM, lambda work, at=at: book.visit(work, at, book.rosa, outside_hours=True))
            for at in starts
        ]
    )
    with open_as(SYSTEM) as work:
        rows = visits(work)
        assert {row.id for row in rows} == {one for one in outcomes if isinstance(one, UUID)}
        assert rows
        for earlier, later in pairwise(rows):
            assert later.starts_at >= earlier.ends_at + timedelta(minutes=earlier.buffer_minutes)
        assert len(work.db.exec(select(AppointmentTick)).all()) == 12 * len(rows)


def test_two_patients_move_into_one_free_slot(book: Book, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        first = book.visit(work, moment("2026-12-02", "13:00"))
        second = book.visit(work, moment("2026-12-02", "15:00"), book.rosa)
    outcomes = rush(
        [
            trying(open_as, actor, lambda work, visit=visit: appointments.reschedule(work, visit, AT))
            for actor, visit in ((book.amelia, first), (book.rosa, second))
        ]
    )
    assert sorted(type(one) is Conflict for one in outcomes) == [False, True]
    with open_as(SYSTEM) as work:
        assert sorted(visit.starts_at == AT for visit in visits(work)) == [False, True]
        assert all(held(work, visit.id)[0] == visit.starts_at for visit in visits(work))


def test_two_that_change_places_do_not_lock_each_other_out(book: Book, open_as: OpenAs) -> None:
    """Each asks for what the other holds: both are refused or, when one was early enough, neither overlaps."""
    here, there = AT, moment("2026-12-02", "14:00")
    with open_as(SYSTEM) as work:
        first, second = book.visit(work, here), book.visit(work, there, book.rosa)
    for _ in range(5):
        outcomes = rush(
            [
                trying(open_as, SYSTEM, lambda work: appointments.reschedule(work, first, there)),
                trying(open_as, SYSTEM, lambda work: appointments.reschedule(work, second, here)),
            ]
        )
        assert all(isinstance(one, Conflict) for one in outcomes)
    with open_as(SYSTEM) as work:
        assert (held(work, first)[0], held(work, second)[0]) == (here, there)


def test_an_undo_and_the_end_of_its_time_agree(book: Book, open_as: OpenAs, clock: FixedClock) -> None:
    """One of them wins, wholly: the visit is back with its time, or settled with its fee."""
    seen = set()
    for day in range(1, 9):
        clock.at = moment("2026-12-01", "09:00") + timedelta(days=7 * day)
        at = AT + timedelta(days=7 * day)
        with open_as(SYSTEM) as work:
            visit = book.visit(work, at)
        clock.at = at - timedelta(hours=2)
        with open_as(book.amelia) as work:
            appointments.cancel(work, visit, "The cost")
        in_time, too_late = FixedClock(clock.at + timedelta(minutes=5)), FixedClock(clock.at + timedelta(minutes=5.1))
        rush(
            [
                _at(open_as, book.amelia, in_time, lambda work, visit=visit: appointments.undo_cancel(work, visit)),
                *[
                    _at(open_as, SYSTEM, too_late, lambda work, visit=visit: appointments.settle(work, visit))
                    for _ in range(3)
                ],
            ]
        )
        with open_as(SYSTEM) as work:
            row = work.get(Appointment, visit)
            fees = work.db.exec(select(Invoice).where(Invoice.appointment_id == visit)).all()
            stands = (row.status, len(held(work, visit)), len(fees), row.settled_at is None)
        seen.add(stands)
    assert seen <= {(AppointmentStatus.BOOKED, 12, 0, True), (AppointmentStatus.CANCELLED, 0, 1, False)}


def _at(open_as: OpenAs, actor: Actor, clock: FixedClock, act: Callable[[Work], object]) -> Callable[[], object]:
    def attempt() -> object:
        with open_as(actor, clock=clock) as work:
            return act(work)

    return attempt


def test_invoices_have_every_number_once(book: Book, open_as: OpenAs) -> None:
    patient = book.amelia.patient_id
    assert patient is not None
    rush(
        [
            trying(open_as, SYSTEM, lambda work: invoices.issue(work, patient, "Peel", [Line("Peel", 9000)]))
            for _ in range(24)
        ]
    )
    with open_as(SYSTEM) as work:
        assert sorted(work.db.exec(select(Invoice.number)).all()) == list(range(1001, 1025))
