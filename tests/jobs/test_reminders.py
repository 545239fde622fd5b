"""Reminders: each once, the latest only after an interruption, none for what changed; bounded work."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from portal.clock import FixedClock
from portal.domain.notifications import Kind
from portal.jobs import reminders
from portal.jobs.runner import JOBS
from portal.models import (
    Appointment,
    AppointmentStatus,
    AppointmentType,
    Notification,
    OutboxMessage,
    OutboxStatus,
    Patient,
    PatientStatus,
    Priority,
)
from portal.models import db as database
from portal.services import appointments, reminding
from portal.work import SYSTEM, Work, open_work
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.messages import feed, reachable, waiting

ZONE = ZoneInfo("America/Los_Angeles")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)  # the clock of the tests stands at 9:00 that day


@pytest.fixture
def clinic(engine: Engine, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> TestClinic:
    monkeypatch.setattr(database, "engine", lambda: engine)
    with open_as(SYSTEM) as work:
        made = furnish(work)
        reachable(work, made.amelia)
        return made


def visit(open_as: OpenAs, clinic: TestClinic, at: datetime, **values: Any) -> UUID:
    """A visit that was booked long ago."""
    with open_as(SYSTEM) as work:
        made = work.get(Appointment, clinic.visit(work, clinic.amelia, at))
        made.title, made.booked_at = "Botox", work.now() - timedelta(days=60)
        for name, value in values.items():
            setattr(made, name, value)
        return made.id


def texts(open_as: OpenAs) -> list[str]:
    with open_as(SYSTEM) as work:
        return [row.text or "" for row in waiting(work, "sms")]


@pytest.mark.promise("P70")
def test_each_reminder_goes_out_once_at_its_time(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    at = MONDAY + timedelta(days=4)
    visit(open_as, clinic, at)
    sent: list[datetime] = []
    clock.at = at - timedelta(days=4)
    while clock.at < at:
        if reminders.send_due(clock):
            sent.append(clock.at.astimezone(ZONE))
        clock.advance(minutes=7)
    assert [f"{moment:%a %H}" for moment in sent] == ["Tue 10", "Thu 10", "Fri 08"]
    assert len(texts(open_as)) == 3
    with open_as(SYSTEM) as work:
        assert len(waiting(work, "email")) == 3
        assert [title for title, *_ in feed(work, clinic.amelia.patient_id)] == ["Confirm your visit on Friday"] * 3


def test_it_says_what_there_is_to_do(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    visit(open_as, clinic, MONDAY + timedelta(days=1))
    visit(open_as, clinic, MONDAY + timedelta(days=1, hours=-1), status=AppointmentStatus.CONFIRMED)
    clock.at = MONDAY
    assert reminders.send_due(clock) == 2
    with open_as(SYSTEM) as work:
        assert feed(work, clinic.amelia.patient_id) == [
            ("Appointment reminder", "Botox on Tue, Nov 24 at 9:00 AM", True),
            ("Confirm your visit on Tuesday", "Botox at 10:00 AM with Naomi Reyes, NP", True),
        ]
        known, please = waiting(work, "sms")
        assert "confirm" not in (known.text or "").lower()
        assert "Please confirm: http" in (please.text or "")
        for row in waiting(work):
            assert "Botox" not in f"{row.subject} {row.text} {row.html} {row.calendar}"
            assert row.priority == Priority.REMINDER
            assert row.hours == "08:00-21:00 America/Los_Angeles"
            assert bool(row.unsubscribe) == (row.channel == "email")
        assert please.expires_at == MONDAY + timedelta(days=1)


def test_who_may_not_confirm_online_is_not_asked_to(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        work.get(AppointmentType, clinic.type_id).patient_may_confirm = False
    visit(open_as, clinic, MONDAY + timedelta(days=1))
    clock.at = MONDAY
    reminders.send_due(clock)
    assert "confirm" not in texts(open_as)[0].lower()


def test_after_an_interruption_only_the_latest_goes_out(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    visit(open_as, clinic, MONDAY + timedelta(days=1))
    clock.at = MONDAY + timedelta(hours=2)  # 72 and 24 hours before have passed
    assert reminders.send_due(clock) == 1
    assert reminders.send_due(clock) == 0
    clock.at = MONDAY + timedelta(days=1, hours=-0.4)  # she is on her way
    assert reminders.send_due(clock) == 0


def test_at_night_nothing_goes_out(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    visit(open_as, clinic, MONDAY + timedelta(days=1, hours=1))
    clock.at = MONDAY.replace(hour=21, minute=0)
    assert reminders.send_due(clock) == 0
    clock.at = MONDAY.replace(hour=20, minute=59)
    assert reminders.send_due(clock) == 1


@pytest.mark.parametrize(
    "values",
    [
        {"status": AppointmentStatus.CANCELLED},
        {"status": AppointmentStatus.CHECKED_IN},
        {"status": AppointmentStatus.NO_SHOW},
        {"booked_at": MONDAY + timedelta(minutes=1)},
    ],
)
def test_what_is_cancelled_here_already_or_just_booked_is_not_reminded_of(
    open_as: OpenAs, clinic: TestClinic, clock: FixedClock, values: dict[str, Any]
) -> None:
    visit(open_as, clinic, MONDAY + timedelta(days=1), **values)
    clock.at = MONDAY + timedelta(hours=2)
    assert reminders.send_due(clock) == 0


@pytest.mark.parametrize("gone", [{"status": PatientStatus.INACTIVE}, {"deceased_at": MONDAY}])
def test_nobody_reminds_the_inactive_and_the_deceased(
    open_as: OpenAs, clinic: TestClinic, clock: FixedClock, gone: dict[str, Any]
) -> None:
    visit(open_as, clinic, MONDAY + timedelta(days=1))
    with open_as(SYSTEM) as work:
        patient = work.get(Patient, clinic.amelia.patient_id)
        for name, value in gone.items():
            setattr(patient, name, value)
    clock.at = MONDAY
    assert reminders.send_due(clock) == 0
    with open_as(SYSTEM) as work:
        assert feed(work, clinic.amelia.patient_id) == []


def test_a_reminder_of_the_old_time_is_taken_back(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    at = MONDAY + timedelta(days=1)
    visit_id = visit(open_as, clinic, at)
    clock.at = MONDAY
    reminders.send_due(clock)
    clock.advance(minutes=1)
    with open_as(SYSTEM) as work:
        appointments.reschedule(work, visit_id, at + timedelta(days=2), outside_hours=True)
    with open_as(SYSTEM) as work:
        assert not [row for row in waiting(work) if row.priority == Priority.REMINDER]
        assert [unread for title, _body, unread in feed(work, clinic.amelia.patient_id) if "Confirm" in title] == [
            False
        ]
    clock.at = at + timedelta(days=1)
    assert reminders.send_due(clock) == 1, "the new time has reminders of its own"


def test_who_confirms_has_read_the_reminder(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    visit_id = visit(open_as, clinic, MONDAY + timedelta(days=1))
    clock.at = MONDAY
    reminders.send_due(clock)
    with open_as(clinic.amelia) as work:
        appointments.confirm(work, visit_id)
        assert [unread for *_, unread in feed(work, clinic.amelia.patient_id)] == [False]


def test_two_runners_at_once_remind_once(open_as: OpenAs, clinic: TestClinic, clock: FixedClock) -> None:
    for minutes in range(0, 300, 5):
        visit(open_as, clinic, MONDAY + timedelta(days=1, minutes=minutes))
    clock.at = MONDAY + timedelta(hours=6)
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _turn: reminders.send_due(clock), range(8)))
    assert sum(sent) == 60
    assert len(texts(open_as)) == 60
    with open_as(SYSTEM) as work:
        assert len(work.db.exec(select(Notification.id)).all()) == 60


def test_the_work_of_a_look_does_not_grow_with_the_visits(
    open_as: OpenAs, clinic: TestClinic, clock: FixedClock, engine: Engine
) -> None:
    counts = []
    for more in (1, 150):
        for number in range(more):
            visit(open_as, clinic, MONDAY + timedelta(hours=44, minutes=number))
        statements: list[str] = []

        def note(*args: Any, statements: list[str] = statements) -> None:
            statements.append(args[2])

        event.listen(engine, "before_cursor_execute", note)
        clock.at = MONDAY
        assert reminders.send_due(clock) == 0
        event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_visit_that_is_being_changed_is_left_to_the_next_look(
    open_as: OpenAs, clinic: TestClinic, clock: FixedClock, engine: Engine
) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    visit_id = visit(open_as, clinic, MONDAY + timedelta(days=1))
    clock.at = MONDAY
    with open_work(SYSTEM, clock=clock) as desk:
        appointments.cancel(desk, visit_id, "The cost")
        assert reminders.send_due(clock) == 0
    assert reminders.send_due(clock) == 0
    with open_as(SYSTEM) as work:
        states = work.db.exec(select(OutboxMessage.status)).all()
        assert OutboxStatus.PENDING not in states


def test_a_fresh_installation_runs_every_job_quietly(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    monkeypatch.setattr(database, "engine", lambda: engine)
    assert reminders.send_due(clock) == 0
    for job in JOBS:
        job.run()


def test_a_visit_that_cannot_be_reminded_of_holds_up_no_other(
    open_as: OpenAs, clinic: TestClinic, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = visit(open_as, clinic, MONDAY + timedelta(days=1))
    visit(open_as, clinic, MONDAY + timedelta(days=1, hours=-1))
    honest = reminding.notify.line

    def line(work: Work, patient_id: UUID, kind: Kind, body: str, href: str, *more: Any) -> None:
        if str(broken) in href:
            raise ValueError("a row that nobody thought of")
        honest(work, patient_id, kind, body, href, *more)

    clock.at = MONDAY
    with monkeypatch.context() as patched:
        patched.setattr(reminding.notify, "line", line)
        assert reminders.send_due(clock) == 1
        with pytest.raises(ValueError, match="nobody thought of"):  # what is left fails aloud: the operator is told
            reminders.send_due(clock)
    assert len(texts(open_as)) == 1
    assert reminders.send_due(clock) == 1, "and goes out once it can"
