"""Sessions of staff: the lock after half an hour, 12 hours, and what a change of role does; always by the database."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain.access import Privilege, Role, needs_proof
from portal.models import AuditEvent, LiveChange, Session, Staff
from portal.models import db as database
from portal.security import sessions, staff_sessions
from portal.security.sessions import Caller
from portal.security.staff_sessions import resolve
from portal.services import staff_people, staff_proving
from portal.work import SYSTEM, open_work
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.staff_in import SignedIn, signed_in


@pytest.fixture
def clinic(engine: Engine, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> TestClinic:
    """A practice in the process's own database."""
    monkeypatch.setattr(database, "engine", lambda: engine)
    with open_as(SYSTEM) as work:
        return furnish(work)


@pytest.fixture
def naomi(open_as: OpenAs, clinic: TestClinic) -> SignedIn:
    """Naomi, signed in now."""
    return signed_in(open_as)


def caller(who: SignedIn) -> Caller:
    return Caller(staff_hash=sessions.session_hash(who.token), address="192.0.2.9", device="Firefox")


def test_half_an_hour_without_life_locks_the_screen(naomi: SignedIn, clock: FixedClock) -> None:
    clock.advance(minutes=30)
    assert resolve(caller(naomi), active=False, clock=clock)[0].kind == "staff"
    clock.advance(seconds=1)
    locked, left = resolve(caller(naomi), clock=clock)
    assert (locked.kind, locked.privileges, left) == ("locked", frozenset(), 0)
    assert not locked.may(Privilege.OWN_ACCOUNT)
    with open_work(clock=clock) as work:
        assert work.db.exec(select(AuditEvent).where(AuditEvent.action == "staff-session.locked")).one()
        assert "session" in work.db.exec(select(LiveChange.topics)).all(), "its other tabs hear of it"


def test_no_sign_of_life_unlocks_it_and_a_second_factor_does(
    naomi: SignedIn, open_as: OpenAs, clock: FixedClock
) -> None:
    clock.advance(minutes=31)
    for _ in range(3):
        assert resolve(caller(naomi), active=True, clock=clock)[0].kind == "locked"
    locked, _ = resolve(caller(naomi), clock=clock)
    with open_as(locked) as work:
        assert not staff_proving.prove_code(work, naomi.code(clock.now())).wrong
    back, left = resolve(caller(naomi), clock=clock)
    assert (back.kind, left) == ("staff", 30 * 60)
    assert back.proved_at == clock.now()


def test_activity_keeps_it_open_and_pushes_do_not(naomi: SignedIn, clock: FixedClock) -> None:
    for _ in range(3):
        clock.advance(minutes=29)
        assert resolve(caller(naomi), clock=clock)[0].kind == "staff"
    for _ in range(2):
        clock.advance(minutes=14)
        assert resolve(caller(naomi), active=False, clock=clock)[0].kind == "staff"
    clock.advance(minutes=3)
    assert resolve(caller(naomi), active=False, clock=clock)[0].kind == "locked"


def test_twelve_hours_end_even_a_locked_session(naomi: SignedIn, clock: FixedClock) -> None:
    clock.advance(hours=12)
    assert resolve(caller(naomi), clock=clock)[0].kind == "nobody"
    with open_work(clock=clock) as work:
        assert work.db.exec(select(Session.ended_by).where(Session.id == naomi.actor.session_id)).one() == "12 hours"


def test_a_proof_lasts_ten_minutes(naomi: SignedIn, clock: FixedClock) -> None:
    proved = resolve(caller(naomi), clock=clock)[0].proved_at
    at = clock.now()
    assert not needs_proof(Privilege.LOYALTY_REVEAL, proved, at + timedelta(minutes=10))
    assert needs_proof(Privilege.LOYALTY_REVEAL, proved, at + timedelta(minutes=10, seconds=1))
    assert not needs_proof(Privilege.CLIENTS_VIEW, None, at)


def test_changes_count_from_the_next_event(naomi: SignedIn, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        staff_people.give(work, "naomi.reyes@lumiere.example", Privilege.LOYALTY_REVEAL)
    assert resolve(caller(naomi), clock=clock)[0].may(Privilege.LOYALTY_REVEAL)
    with open_as(SYSTEM) as work:
        staff_people.take(work, "naomi.reyes@lumiere.example", Privilege.LOYALTY_REVEAL)
        staff_people.set_role(work, "naomi.reyes@lumiere.example", Role.ADMIN)
    assert not resolve(caller(naomi), clock=clock)[0].may(Privilege.LOYALTY_REVEAL), "deny wins"
    with open_as(SYSTEM) as work:
        staff = work.get(Staff, naomi.id)
        staff.active = False  # however it came about
        work.add(staff)
    assert resolve(caller(naomi), clock=clock)[0].kind == "nobody"


def test_the_two_sides_do_not_open_each_other(
    naomi: SignedIn, clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    """A token in the wrong cookie is nobody's, on both sides."""
    amelia = clinic.amelia.patient_id
    assert amelia is not None
    with open_as(SYSTEM) as work:
        token = sessions.open_session(work, amelia)
    hashed, hers = sessions.session_hash(token), sessions.session_hash(naomi.token)
    assert resolve(Caller(staff_hash=hashed), clock=clock)[0].kind == "nobody"
    assert sessions.resolve(Caller(session_hash=hers), clock=clock)[0].kind == "nobody"
    both = Caller(session_hash=hashed, staff_hash=hers)
    assert resolve(both, clock=clock)[0].kind == "staff"
    assert sessions.resolve(both, clock=clock)[0].kind == "patient"


def test_signing_in_again_ends_the_session_before_and_leaves_the_patients(
    naomi: SignedIn, open_as: OpenAs, clock: FixedClock
) -> None:
    with open_as(naomi.actor) as work:
        staff_sessions.open_session(work, work.get(Staff, naomi.id), "totp")
    assert resolve(caller(naomi), clock=clock)[0].kind == "nobody"
