"""The life of visits, at random: whatever patients, staff, the clock and the job do in whatever order, each visit
stands as a model says that knows no database, nobody overlaps, and a fee is made once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain import scheduling
from portal.domain.scheduling import AppointmentStatus as Status
from portal.errors import PortalError
from portal.jobs import visits as job
from portal.models import Appointment, AppointmentTick, AssignedForm, FormStatus, Invoice
from portal.models import db as database
from portal.services import appointments
from portal.work import SYSTEM, Actor, Work, open_work
from tests.support.book import PACIFIC, moment, open_book
from tests.support.databases import Databases

DAY = timedelta(days=1)
HOLDS = timedelta(minutes=60)  # 45 and a buffer of 15
LASTS = timedelta(minutes=45)
CANCEL_UNTIL, MOVE_UNTIL, LATE = timedelta(hours=2), timedelta(hours=24), timedelta(hours=24)
NOTICE = timedelta(hours=2)
STEPS = [
    moment(f"2026-11-{day}", f"{clock // 60:02}:{clock % 60:02}")
    for day in (23, 24, 25, 26, 27)
    for clock in range(9 * 60, 17 * 60, 30)
]
starts = st.sampled_from(STEPS)
AHEAD = (Status.BOOKED, Status.CONFIRMED)


@dataclass
class Known:
    """A visit as the model knows it."""

    who: str
    start: datetime
    status: Status = Status.BOOKED
    former: Status = Status.BOOKED
    cancelled_at: datetime | None = None
    by_patient: bool = False
    fee: int = 0
    free: bool = False  # the practice moved it too near
    settled: bool = False
    changes: int = 0
    undone: int = 0

    @property
    def holds(self) -> bool:
        return not self.settled


class Visits(RuleBasedStateMachine):
    """Two patients, one provider, one clock."""

    databases: Databases

    @initialize()
    def begin(self) -> None:
        self._held = self.databases.engine()
        self.engine = self._held.__enter__()
        self.clock = FixedClock(moment("2026-11-23", "08:00"))
        self.open_as = partial(open_work, clock=self.clock, engine=self.engine)
        with self.open_as(SYSTEM) as work:
            self.book = open_book(work)
            self.book.change(work, cancel_until_minutes=120)
            self.book.clinic.template(work, per_visit=True)
        self.people: dict[str, Actor] = {"amelia": self.book.amelia, "rosa": self.book.rosa}
        self.known: dict[UUID, Known] = {}

    def teardown(self) -> None:
        if hasattr(self, "_held"):
            self._held.__exit__(None, None, None)

    # What happens

    @rule(who=st.sampled_from(["amelia", "rosa"]), at=starts)
    def is_booked(self, who: str, at: datetime) -> None:
        allowed = at >= self.now and within_hours(at) and self.is_free(at)
        made = self.attempt(SYSTEM, allowed, lambda work: self.book.visit(work, at, self.people[who]))
        if isinstance(made, UUID):
            self.known[made] = Known(who, at)

    @precondition(lambda self: self.known)
    @rule(which=st.integers(min_value=0), staff=st.booleans())
    def is_confirmed(self, which: int, staff: bool) -> None:
        visit_id, known = self.one(which)
        again = known.status is Status.CONFIRMED
        allowed = again or (known.status is Status.BOOKED and (staff or self.now < known.start))
        self.attempt(self.actor(known, staff), allowed, lambda work: appointments.confirm(work, visit_id))
        if allowed:
            known.status = Status.CONFIRMED

    @precondition(lambda self: self.known)
    @rule(which=st.integers(min_value=0), at=starts, staff=st.booleans())
    def is_moved(self, which: int, at: datetime, staff: bool) -> None:
        visit_id, known = self.one(which)
        fits = known.status in AHEAD and at != known.start and within_hours(at) and self.is_free(at, besides=visit_id)
        in_time = at >= self.now if staff else at >= self.now + NOTICE and known.start - self.now >= MOVE_UNTIL
        allowed = fits and in_time and (staff or known.changes < scheduling.MOST_CHANGES)
        self.attempt(self.actor(known, staff), allowed, lambda work: appointments.reschedule(work, visit_id, at))
        if allowed:
            known.start, known.status, known.changes = at, Status.BOOKED, known.changes + 1
            known.free = staff and at - self.now < LATE

    @precondition(lambda self: self.known)
    @rule(which=st.integers(min_value=0), staff=st.booleans(), charge=st.booleans())
    def is_cancelled(self, which: int, staff: bool, charge: bool) -> None:
        visit_id, known = self.one(which)
        again = known.status is Status.CANCELLED and self.can_be_undone(known)
        by_staff = known.status in (*AHEAD, Status.CHECKED_IN)
        by_patient = known.status in AHEAD and known.start - self.now >= CANCEL_UNTIL
        allowed = again or (by_staff if staff else by_patient)
        act = partial(appointments.cancel, visit_id=visit_id, reason="The cost", charge=charge)
        done = self.attempt(self.actor(known, staff), allowed, act)
        if not allowed:
            return
        if not again:
            late = known.start - self.now < LATE and (charge or not staff) and not known.free
            known.former, known.status, known.cancelled_at = known.status, Status.CANCELLED, self.now
            known.by_patient, known.fee, known.changes = not staff, 5000 if late else 0, known.changes + 1
        assert isinstance(done, appointments.Cancelled)
        final = not staff and (not known.by_patient or known.undone >= scheduling.MOST_UNDOS)
        assert (done.fee_cents, done.undo_until) == (known.fee, None if final else known.cancelled_at + scheduling.UNDO)

    @precondition(lambda self: self.known)
    @rule(which=st.integers(min_value=0), staff=st.booleans())
    def is_taken_back(self, which: int, staff: bool) -> None:
        visit_id, known = self.one(which)
        may = staff or (known.by_patient and known.undone < scheduling.MOST_UNDOS)
        allowed = known.status is Status.CANCELLED and self.can_be_undone(known) and may
        self.attempt(self.actor(known, staff), allowed, lambda work: appointments.undo_cancel(work, visit_id))
        if allowed:
            known.status, known.cancelled_at, known.fee, known.changes = known.former, None, 0, known.changes + 1
            known.undone += not staff

    @precondition(lambda self: self.known)
    @rule(which=st.integers(min_value=0), what=st.sampled_from(["check_in", "complete", "no_show"]))
    def is_seen_through(self, which: int, what: str) -> None:
        visit_id, known = self.one(which)
        same_day = self.now.astimezone(PACIFIC).date() == known.start.astimezone(PACIFIC).date()
        begun = self.now >= known.start
        allowed, becomes = {
            "check_in": (same_day and known.status in AHEAD, Status.CHECKED_IN),
            "complete": (begun and known.status in (*AHEAD, Status.CHECKED_IN, Status.NO_SHOW), Status.COMPLETED),
            "no_show": (begun and known.status in AHEAD, Status.NO_SHOW),
        }[what]
        self.attempt(SYSTEM, allowed, lambda work: getattr(appointments, what)(work, visit_id))
        if allowed:
            known.status = becomes

    @precondition(lambda self: self.known)
    @rule(which=st.integers(min_value=0), what=st.sampled_from(["confirm", "undo_cancel", "move", "cancel"]))
    def a_stranger_tries(self, which: int, what: str) -> None:
        visit_id, known = self.one(which)
        stranger = self.people["rosa" if known.who == "amelia" else "amelia"]
        acts: dict[str, Callable[[Work], object]] = {
            "confirm": lambda work: appointments.confirm(work, visit_id),
            "undo_cancel": lambda work: appointments.undo_cancel(work, visit_id),
            "move": lambda work: appointments.reschedule(work, visit_id, STEPS[-4]),
            "cancel": lambda work: appointments.cancel(work, visit_id, "The cost"),
        }
        self.attempt(stranger, False, acts[what])

    @rule()
    def the_job_runs(self) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(database, "engine", lambda: self.engine)
            over = [
                known
                for known in self.known.values()
                if known.status is Status.CANCELLED and not known.settled and not self.can_be_undone(known)
            ]
            assert job.settle(self.clock) == len(over)
        for known in over:
            known.settled = True

    @rule(minutes=st.sampled_from([1, 4, 5, 6, 60, 180, 12 * 60, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.clock.advance(minutes=minutes)

    # What holds at all times

    @invariant()
    def every_visit_stands_as_the_model_says(self) -> None:
        if not hasattr(self, "known"):
            return
        with self.open_as(SYSTEM, write=False) as work:
            rows = {row.id: row for row in work.db.exec(select(Appointment))}
            assert rows.keys() == self.known.keys()
            for visit_id, known in self.known.items():
                row = rows[visit_id]
                assert (row.status, row.starts_at, row.ends_at) == (known.status, known.start, known.start + LASTS)
                assert (row.cancelled_at, row.late_fee_cents) == (known.cancelled_at, known.fee)
                assert (row.settled_at is not None, row.sequence) == (known.settled, known.changes)

    @invariant()
    def time_is_held_by_those_who_have_it_and_by_no_two(self) -> None:
        if not hasattr(self, "known"):
            return
        with self.open_as(SYSTEM, write=False) as work:
            ticks = {(tick.tick, tick.appointment_id) for tick in work.db.exec(select(AppointmentTick))}
        assert ticks == {
            (int(known.start.timestamp()) // 300 + number, visit_id)
            for visit_id, known in self.known.items()
            if known.holds
            for number in range(12)
        }
        assert len({tick for tick, _ in ticks}) == len(ticks)

    @invariant()
    def fees_and_forms_follow(self) -> None:
        if not hasattr(self, "known"):
            return
        with self.open_as(SYSTEM, write=False) as work:
            invoices = work.db.exec(select(Invoice)).all()
            forms = work.db.exec(select(AssignedForm)).all()
        assert {(one.appointment_id, one.total_cents) for one in invoices} == {
            (visit_id, known.fee) for visit_id, known in self.known.items() if known.settled and known.fee
        }
        assert sorted(one.number for one in invoices) == list(range(1001, 1001 + len(invoices)))
        assert {one.appointment_id: one.status for one in forms} == {
            visit_id: FormStatus.VOID if known.settled else FormStatus.OPEN for visit_id, known in self.known.items()
        }
        assert {one.due_at for one in forms} <= {known.start for known in self.known.values()}

    # The model's own eyes

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def one(self, which: int) -> tuple[UUID, Known]:
        return list(self.known.items())[which % len(self.known)]

    def actor(self, known: Known, staff: bool) -> Actor:
        return SYSTEM if staff else self.people[known.who]

    def is_free(self, at: datetime, besides: UUID | None = None) -> bool:
        return not any(
            known.holds and visit_id != besides and abs(known.start - at) < HOLDS
            for visit_id, known in self.known.items()
        )

    def can_be_undone(self, known: Known) -> bool:
        in_time = known.cancelled_at is not None and self.now - known.cancelled_at <= timedelta(minutes=5)
        return in_time and not known.settled

    def attempt(self, actor: Actor, allowed: bool, act: Callable[[Work], object]) -> object:
        """Do it; it must be refused exactly when the model says so."""
        outcome: object = None
        try:
            with self.open_as(actor) as work:
                outcome = act(work)
        except PortalError as error:
            outcome = error
        assert isinstance(outcome, PortalError) != allowed, outcome
        return outcome


def within_hours(at: datetime) -> bool:
    begin, end = (f"{each.astimezone(PACIFIC):%H:%M}" for each in (at, at + LASTS))
    return any(begin >= opens and end <= closes for opens, closes in (("09:00", "12:00"), ("13:00", "17:00")))


@pytest.mark.long
def test_visits_at_random(databases: Databases) -> None:
    machine = type("VisitsHere", (Visits,), {"databases": databases})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
