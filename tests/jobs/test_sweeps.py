"""The sweep: what is past its use goes, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from portal.clock import FixedClock
from portal.jobs import sweeps
from portal.models import OutboxMessage, OutboxStatus
from portal.models import db as database
from portal.work import SYSTEM
from tests.support.clinic import OpenAs


@pytest.fixture(autouse=True)
def in_this_database(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "engine", lambda: engine)


@pytest.mark.parametrize("status", OutboxStatus)
def test_the_bodies_of_messages_go_ninety_days_after_they_are_over(
    open_as: OpenAs, clock: FixedClock, status: OutboxStatus
) -> None:
    with open_as(SYSTEM) as work:
        message = OutboxMessage(
            key="visit:booked:1", channel="email", recipient="amelia@example.com", subject="Your visit", text="Hello",
            html="<p>Hello", calendar="BEGIN:VCALENDAR", unsubscribe="https://portal.example/x", status=status,
            due_at=work.now(), created_at=work.now(), sent_at=work.now(),
        )  # fmt: skip
        work.add(message)
    over = status not in (OutboxStatus.PENDING, OutboxStatus.SENDING)
    clock.advance(days=90)
    assert sweeps.sweep(clock) == 0
    clock.at += timedelta(seconds=1)
    assert sweeps.sweep(clock) == over
    assert sweeps.sweep(clock) == 0
    with open_as(SYSTEM) as work:
        row = work.get(OutboxMessage, message.id)
        body = (row.subject, row.text, row.html, row.calendar, row.unsubscribe)
        assert (body == (None,) * 5) == over
        assert (row.recipient, row.status) == ("amelia@example.com", status), "that it went out is known for ever"
