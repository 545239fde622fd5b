"""The audit chain: sealed in order, and every tampering shows."""

import pytest
from sqlalchemy import Engine, text

from portal.clock import FixedClock
from portal.jobs import audit_chain
from portal.models import db as database
from portal.work import open_work


@pytest.fixture(autouse=True)
def sealed(engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten sealed rows in the process's own database."""
    monkeypatch.setattr(database, "engine", lambda: engine)
    for number in range(10):
        with open_work(clock=clock) as work:
            work.audit("test.happened", number=number, note="é")
    clock.advance(seconds=5)
    assert audit_chain.seal(clock) == 10
    assert audit_chain.seal(clock) == 0


def wrong() -> list[str]:
    with open_work(write=False) as work:
        return list(audit_chain.broken(work))


def run(statement: str) -> None:
    with open_work() as work:
        work.db.execute(text(statement))


def test_an_untouched_log_is_whole() -> None:
    assert wrong() == []


def test_more_rows_go_on_where_the_chain_ended(clock: FixedClock) -> None:
    with open_work(clock=clock) as work:
        work.audit("test.later")
    assert audit_chain.seal(clock) == 0, "a row waits until it has settled"
    clock.advance(seconds=5)
    assert audit_chain.seal(clock) == 1
    assert wrong() == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_event SET action = 'test.other' WHERE seq = 4",
        "UPDATE audit_event SET actor_label = 'Somebody' WHERE seq = 10",
        "UPDATE audit_event SET count = 7 WHERE seq = 1",
        "UPDATE audit_event SET hash = prev_hash WHERE seq = 3",
    ],
)
def test_a_changed_row_shows(tampering: str) -> None:
    run(tampering)
    assert wrong()


def test_a_removed_row_shows() -> None:
    run("DELETE FROM audit_event WHERE seq = 5")
    assert wrong() == ["Audit row 5 is missing (row 6 follows)."]
