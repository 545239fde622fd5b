"""Leases: one holder at a time, and a dead holder's lapses."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from portal.clock import FixedClock, SystemClock
from portal.jobs import lease
from portal.models import db as database


@pytest.fixture(autouse=True)
def in_this_database(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "engine", lambda: engine)


def test_only_the_holder_renews_and_a_dead_ones_lapses(clock: FixedClock) -> None:
    assert lease.take("outbox", "a", 30, clock)
    assert lease.take("outbox", "a", 30, clock)
    assert not lease.take("outbox", "b", 30, clock)
    clock.advance(seconds=31)
    assert lease.take("outbox", "b", 30, clock)
    assert not lease.take("outbox", "a", 30, clock)
    lease.give_back("outbox", "b", clock)
    assert lease.take("outbox", "a", 30, clock)


def test_of_many_at_once_one_wins() -> None:
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda name: lease.take("x", f"holder-{name}", 30, SystemClock()), range(24)))
    assert taken.count(True) == 1
