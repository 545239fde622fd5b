"""Views and denials: batched, counted, never without end."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal.models import AuditEvent
from portal.models import db as database
from portal.security import intake
from portal.work import Actor, open_work


@pytest.fixture(autouse=True)
def in_this_database(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "engine", lambda: engine)
    intake._views.clear()  # what other tests of this process left behind
    intake._denials.clear()


def test_views_are_written_and_denials_of_a_minute_are_one_row() -> None:
    actor = Actor(address="192.0.2.66")
    intake.viewed(actor, "consent.viewed", "assigned_form")
    for _ in range(1000):
        intake.denied(actor, "state.load", "not signed in")
    intake.flush()
    with open_work(write=False) as work:
        found = work.db.exec(select(AuditEvent)).all()
    denials = [row for row in found if row.action == "denied"]
    assert len(found) - len(denials) == 1
    assert len(denials) <= 2, "one for each minute that the loop touched"
    assert sum(row.count for row in found if row.action == "denied") == 1000
    assert denials[0].address == "192.0.2.66"


def test_what_could_not_be_written_is_kept(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    intake.viewed(Actor(), "form.viewed")
    monkeypatch.setattr(database, "engine", lambda: (_ for _ in ()).throw(OSError("away")))
    with pytest.raises(OSError, match="away"):
        intake.flush()
    monkeypatch.setattr(database, "engine", lambda: engine)
    assert intake.flush() == 1
