"""Sessions: idle and absolute limits, revocation, guardians; always by the database."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal.clock import FixedClock
from portal.models import AuditEvent, Guardian, Patient, PatientStatus, Session
from portal.models import db as database
from portal.security.sessions import Caller, end_all_sessions, open_session, resolve, session_hash
from portal.work import open_work
from tests.support import rows


@pytest.fixture
def opened(engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> tuple[Patient, str]:
    """A patient and the token of her session, in the process's own database."""
    monkeypatch.setattr(database, "engine", lambda: engine)
    with open_work(clock=clock) as work:
        patient = rows.patient(work, rows.practice(work))
        token = open_session(work, patient.id)
    return patient, token


def caller(token: str) -> Caller:
    return Caller(session_hash=session_hash(token), address="192.0.2.7", device="Firefox")


def test_a_session_resolves_to_its_patient(opened: tuple[Patient, str], clock: FixedClock) -> None:
    patient, token = opened
    actor, left = resolve(caller(token), clock=clock)
    assert (actor.kind, actor.patient_id, actor.label, actor.address) == (
        "patient",
        patient.id,
        "Amelia Hart",
        "192.0.2.7",
    )
    assert left == 15 * 60


@pytest.mark.parametrize("token", ["", "x", "A" * 43])
def test_an_unknown_token_is_nobody(opened: tuple[Patient, str], clock: FixedClock, token: str) -> None:
    assert not resolve(caller(token), clock=clock)[0].is_patient


def test_the_token_itself_is_nowhere_in_the_database(opened: tuple[Patient, str], engine: Engine) -> None:
    _patient, token = opened
    with open_work(engine=engine, write=False) as work:
        session = work.db.exec(select(Session)).one()
    assert token not in repr(session.model_dump())
    assert session.token_hash == session_hash(token)


def test_activity_keeps_it_open_and_idleness_ends_it(opened: tuple[Patient, str], clock: FixedClock) -> None:
    _patient, token = opened
    clock.advance(minutes=14)
    assert resolve(caller(token), clock=clock)[0].is_patient
    clock.advance(minutes=14)
    assert resolve(caller(token), clock=clock)[0].is_patient
    clock.advance(minutes=15, seconds=1)
    assert not resolve(caller(token), clock=clock)[0].is_patient
    with open_work(clock=clock) as work:
        session = work.db.exec(select(Session)).one()
        assert session.ended_by == "idle"
        assert work.db.exec(select(AuditEvent).where(AuditEvent.action == "session.ended")).one()


def test_what_the_server_pushes_is_no_activity(opened: tuple[Patient, str], clock: FixedClock) -> None:
    _patient, token = opened
    for _ in range(3):
        clock.advance(minutes=4)
        assert resolve(caller(token), active=False, clock=clock)[1] > 0
    clock.advance(minutes=4)
    assert not resolve(caller(token), active=False, clock=clock)[0].is_patient


def test_twelve_hours_end_even_a_busy_session(opened: tuple[Patient, str], clock: FixedClock) -> None:
    _patient, token = opened
    for _ in range(12 * 6 - 1):
        clock.advance(minutes=10)
        assert resolve(caller(token), clock=clock)[0].is_patient
    clock.advance(minutes=10)
    assert not resolve(caller(token), clock=clock)[0].is_patient


def test_ending_all_sessions_takes_effect_at_the_next_event(opened: tuple[Patient, str], clock: FixedClock) -> None:
    patient, token = opened
    with open_work(clock=clock) as work:
        other = open_session(work, patient.id)
        kept = work.db.exec(select(Session).where(Session.token_hash == session_hash(other))).one()
        assert end_all_sessions(work, patient.id, "all devices", keep=kept.id) == 1
    assert not resolve(caller(token), clock=clock)[0].is_patient
    assert resolve(caller(other), clock=clock)[0].is_patient


@pytest.mark.parametrize("change", [{"status": PatientStatus.INACTIVE}, {"deceased_at": FixedClock().now()}])
def test_the_inactive_and_the_deceased_are_out_at_once(
    opened: tuple[Patient, str], clock: FixedClock, change: dict[str, object]
) -> None:
    patient, token = opened
    with open_work(clock=clock) as work:
        work.get(Patient, patient.id).sqlmodel_update(change)
    assert not resolve(caller(token), clock=clock)[0].is_patient


def test_a_guardian_acts_until_the_child_is_of_age(opened: tuple[Patient, str], clock: FixedClock) -> None:
    patient, own_token = opened
    with open_work(clock=clock) as work:
        work.get(Patient, patient.id).date_of_birth = date(clock.now().year - 18, 11, 24)
        guardian = work.add(Guardian(patient_id=patient.id, name="Grace Hart", relationship="Mother"))
        token = open_session(work, patient.id, guardian_id=guardian.id)
    actor, _left = resolve(caller(token), clock=clock)
    assert (actor.kind, actor.label, actor.patient_id) == ("guardian", "Grace Hart", patient.id)
    assert not resolve(caller(own_token), clock=clock)[0].is_patient, "a minor does not sign in for herself"
    clock.at = clock.at.replace(day=24, hour=20)
    assert not resolve(caller(token), clock=clock)[0].is_patient, (
        "on the eighteenth birthday the guardian's session ends"
    )


def test_signing_in_again_ends_the_session_before(opened: tuple[Patient, str], clock: FixedClock) -> None:
    patient, token = opened
    actor, _left = resolve(caller(token), clock=clock)
    with open_work(actor, clock=clock) as work:
        open_session(work, patient.id)
    assert not resolve(caller(token), clock=clock)[0].is_patient
