"""The sweep: what is past its use goes, and nothing else."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from portal.clock import FixedClock
from portal.gateways.storage import NotFound, Storage
from portal.jobs import sweeps
from portal.models import OutboxMessage, OutboxStatus
from portal.models import db as database
from portal.services import photos
from portal.services.photos import Stored
from portal.work import SYSTEM
from tests.support.clinic import OpenAs, furnish
from tests.support.questions import to_fill


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


def test_photographs_that_are_no_answer_leave_storage(
    engine: Engine, open_as: OpenAs, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = Storage(tmp_path, bytes(32))
    monkeypatch.setattr(sweeps, "gateways", lambda: SimpleNamespace(storage=storage))
    with open_as(SYSTEM) as work:
        clinic = furnish(work)
    form_id = to_fill(open_as, clinic)
    hashes, ids = [storage.put(content) for content in (b"stays", b"goes", b"never arrived")], []
    for sha256 in hashes:
        with open_as(clinic.amelia) as work:
            ids.append(photos.announce(work, form_id, "photo", Stored(sha256, "image/jpeg", 5, 1, 1)))
    with open_as(clinic.amelia) as work:
        photos.add(work, ids[0])
        photos.add(work, ids[1])
    with open_as(clinic.amelia) as work:
        photos.remove(work, ids[1])
    assert sweeps.forget_photographs(clock) == 0
    clock.advance(days=3)
    with (
        pytest.MonkeyPatch.context() as there
    ):  # the disk fails: the rows are still there, and it is done the next time
        there.setattr(storage, "remove", fails)
        with pytest.raises(OSError, match="disk"):
            sweeps.forget_photographs(clock)
    assert sweeps.forget_photographs(clock) == 2
    assert storage.get(hashes[0]) == b"stays"
    for gone in hashes[1:]:
        with pytest.raises(NotFound):
            storage.get(gone)
    assert sweeps.forget_photographs(clock) == 0


def fails(digest: str) -> None:
    raise OSError("disk")
