"""Unlocking and stepping up: the authenticator's code, wrong ones, replays, the end of a session; new factors."""

import pytest
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.errors import Denied, Invalid, NotFound
from portal.models import AuditEvent, OutboxMessage, RecoveryCode, Session, Staff
from portal.services import second_factor, staff_devices, staff_factors, staff_proving
from portal.services.staff_entering import WRONG
from portal.work import NOBODY, SYSTEM
from tests.support.clinic import OpenAs, TestClinic
from tests.support.staff_in import SignedIn, signed_in

pytestmark = pytest.mark.usefixtures("clinic")


def prove(open_as: OpenAs, who: SignedIn, typed: str) -> staff_proving.Proof:
    with open_as(who.actor) as work:
        return staff_proving.prove_code(work, typed)


def session_of(open_as: OpenAs, who: SignedIn) -> Session:
    with open_as(SYSTEM, write=False) as work:
        return work.get(Session, who.actor.session_id)


def test_a_code_unlocks_and_proves(open_as: OpenAs, clock: FixedClock) -> None:
    locked = signed_in(open_as, kind="locked")
    with open_as(SYSTEM) as work:
        work.get(Session, locked.actor.session_id).locked_at = work.now()
    clock.advance(minutes=40)
    assert prove(open_as, locked, locked.code(clock.now())) == staff_proving.Proof()
    session = session_of(open_as, locked)
    assert (session.locked_at, session.proved_at, session.seen_at) == (None, clock.now(), clock.now())


def test_a_code_counts_once_here_and_at_the_door(open_as: OpenAs, clock: FixedClock) -> None:
    naomi = signed_in(open_as)
    used = naomi.code(clock.now())
    assert not prove(open_as, naomi, used).wrong
    assert prove(open_as, naomi, used).wrong == WRONG
    with open_as(SYSTEM) as work:
        assert not second_factor.accept_totp(work, work.get(Staff, naomi.id), used)


def test_five_wrong_ones_end_the_session(open_as: OpenAs, clock: FixedClock) -> None:
    naomi = signed_in(open_as)
    for _ in range(4):
        assert prove(open_as, naomi, "000000") == staff_proving.Proof(WRONG)
    assert prove(open_as, naomi, "000000") == staff_proving.Proof(staff_proving.OVER, over=True)
    assert session_of(open_as, naomi).ended_by == "wrong second factors"
    clock.advance(minutes=1)
    assert prove(open_as, naomi, naomi.code(clock.now())).over, "the right one comes too late"
    with open_as(SYSTEM) as work:
        failed = work.db.exec(select(AuditEvent).where(AuditEvent.action == "staff-proof.failed")).all()
    assert len(failed) == 5


def test_a_right_one_forgives_the_wrong_ones(open_as: OpenAs, clock: FixedClock) -> None:
    naomi = signed_in(open_as)
    for _ in range(3):
        for _ in range(4):
            assert not prove(open_as, naomi, "000000").over
        clock.advance(minutes=1)
        assert not prove(open_as, naomi, naomi.code(clock.now())).wrong


def test_what_is_no_code_costs_no_try(open_as: OpenAs) -> None:
    naomi = signed_in(open_as)
    for _ in range(9):
        with pytest.raises(Invalid):
            prove(open_as, naomi, "twelve")
    assert session_of(open_as, naomi).factor_attempts == 0


def test_nobody_proves_anything(open_as: OpenAs, clinic: TestClinic) -> None:
    for who in (NOBODY, clinic.amelia):
        with open_as(who) as work, pytest.raises(Denied):
            staff_proving.prove_code(work, "123456")


def test_an_authenticator_is_replaced_and_the_old_one_stops(open_as: OpenAs, clock: FixedClock) -> None:
    naomi = signed_in(open_as)
    with open_as(naomi.actor) as work:
        secret, uri = staff_factors.begin_authenticator(work)
    assert f"secret={secret}" in uri
    clock.advance(minutes=1)
    with open_as(naomi.actor) as work, pytest.raises(Invalid):
        staff_factors.replace_authenticator(work, secret, naomi.code(clock.now()))
    fresh = SignedIn(naomi.id, naomi.token, secret, naomi.actor)
    with open_as(naomi.actor) as work:
        staff_factors.replace_authenticator(work, secret, fresh.code(clock.now()))
    assert prove(open_as, fresh, fresh.code(clock.now())).wrong, "the code that enrolled it counts no more"
    clock.advance(minutes=1)
    assert prove(open_as, naomi, naomi.code(clock.now())).wrong
    assert not prove(open_as, fresh, fresh.code(clock.now())).wrong
    with open_as(SYSTEM) as work:
        assert "Your authenticator was replaced" in repr(work.db.exec(select(OutboxMessage.subject)).all())


def test_new_recovery_codes_end_the_old(open_as: OpenAs) -> None:
    naomi = signed_in(open_as)
    with open_as(naomi.actor) as work:
        old = staff_factors.fresh_recovery_codes(work)
        new = staff_factors.fresh_recovery_codes(work)
    with open_as(SYSTEM) as work:
        staff = work.get(Staff, naomi.id)
        assert not second_factor.accept_recovery_code(work, staff, old[0])
        assert second_factor.accept_recovery_code(work, staff, new[0])
        stored = repr(work.db.exec(select(RecoveryCode.code_hash)).all())
    assert not any(code in stored or code.replace("-", "") in stored for code in [*old, *new])


def test_devices_are_ones_own(open_as: OpenAs) -> None:
    naomi, elsewhere, jonah = signed_in(open_as), signed_in(open_as), signed_in(open_as, "jonah.bell@lumiere.example")
    with open_as(naomi.actor) as work, pytest.raises(NotFound):
        staff_devices.sign_out(work, jonah.actor.session_id)  # pyright: ignore[reportArgumentType]
    with open_as(naomi.actor) as work:
        assert staff_devices.sign_out_others(work) == 1
    with open_as(SYSTEM, write=False) as work:
        open_ones = set(work.db.exec(select(Session.id).where(col(Session.ended_at).is_(None))).all())
    assert {naomi.actor.session_id, jonah.actor.session_id} <= open_ones
    assert elsewhere.actor.session_id not in open_ones
