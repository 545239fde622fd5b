"""The feed between commits and open pages: what it hears, whom it tells, and what it never does."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from portal import live as changes
from portal.clock import FixedClock
from portal.errors import NotFound
from portal.ids import earliest, uuid7
from portal.jobs.sweeps import sweep
from portal.live import Change
from portal.models import LiveChange
from portal.models import db as database
from portal.queries.live import changes_since
from portal.security import presence
from portal.state import live
from portal.state.live import Feed, Reloads
from portal.state.patient.dashboard import DashboardState
from portal.work import SYSTEM, Actor, open_work

PAGE: Reloads = {"dashboard": {"forms": (DashboardState.count,), "visits": (DashboardState.count,)}}
NOWHERE = "redis://127.0.0.1:1/0"
NONSENSE = [b"", b"{", b"[1]", b'[["x", null, []]]', b"[[null, null, null]]", b'{"a": 1}', b"null"]


class Processor:
    """What the feed asks of Reflex's queue: remembers the events, and finishes each after a while."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.events: list[tuple[str, str]] = []
        self.running = self.most = 0
        self.then: Callable[[], None] = lambda: None

    async def enqueue(self, token: str, event: Any) -> "asyncio.Task[None]":
        self.events.append((token, event.name.rpartition(".")[2]))
        return asyncio.create_task(self._run())

    async def _run(self) -> None:
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(self.seconds)
        self.then()
        self.running -= 1


@pytest.fixture(autouse=True)
def nobody_else() -> Iterator[None]:
    """No tabs of other tests."""
    presence.forget_gone(())
    yield
    presence.forget_gone(())


def tab(who: UUID | None, socket: str = "s1", page: str = "dashboard", kind: str = "patient") -> dict[str, str]:
    presence.note({"sid": socket, "token": f"t-{socket}", "pathname": f"/{page}"}, Actor(kind=kind, patient_id=who))
    return {socket: f"t-{socket}"}


def feed(connected: dict[str, str], seconds: float = 0.0, redis: str = "") -> tuple[Feed, Processor]:
    processor = Processor(seconds)
    app: Any = SimpleNamespace(event_processor=processor, event_namespace=SimpleNamespace(sid_to_token=connected))
    return Feed(app, PAGE, redis), processor


def change(who: UUID | None, *topics: str) -> Change:
    return Change(uuid7(), who, frozenset(topics))


@contextmanager
def on(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process's database is the test's."""
    monkeypatch.setattr(database, "engine", lambda: engine)
    yield


async def settled(seconds: float = 0.05) -> None:
    await asyncio.sleep(seconds)


def test_those_concerned_are_told_and_nobody_else() -> None:
    me, other = uuid4(), uuid4()

    async def story() -> list[tuple[str, str]]:
        connected = tab(me, "mine") | tab(other, "other") | tab(None, "staff", kind="staff")
        one, processor = feed(connected)
        one._hear([change(me, "visits")], "redis")
        await settled()
        return processor.events

    assert asyncio.run(story()) == [("t-mine", "count")]


def test_the_practices_own_feed_is_for_staff() -> None:
    async def story() -> list[str]:
        connected = tab(uuid4(), "patient") | tab(None, "staff", "staff/clients", kind="staff")
        one, _ = feed(connected)
        told: list[str] = []
        one._tell = lambda tab, _topics: told.append(tab.socket)  # type: ignore[method-assign]
        one._hear([change(None, "practice")], "here")
        return told

    assert asyncio.run(story()) == ["staff"]


def test_a_change_counts_once_whatever_road_it_comes() -> None:
    me = uuid4()

    async def story() -> int:
        one, processor = feed(tab(me))
        news = [change(me, "visits")]
        for road in ("here", "redis", "table"):
            one._hear(news, road)
            await settled(0.4)
        return len(processor.events)

    assert asyncio.run(story()) == 1


def test_a_flood_is_one_reload_at_a_time_and_few(monkeypatch: pytest.MonkeyPatch) -> None:
    me = uuid4()
    monkeypatch.setattr(live, "PAUSE", 0.1)

    async def story() -> Processor:
        one, processor = feed(tab(me), seconds=0.05)
        end = time.monotonic() + 1
        while time.monotonic() < end:
            one._hear([change(me, "visits")], "here")
            await asyncio.sleep(0.002)
        await settled(0.4)
        assert one._waiting == {}
        assert one._tasks == set()
        return processor

    processor = asyncio.run(story())
    assert processor.most == 1
    assert 3 <= len(processor.events) <= 9


@pytest.mark.parametrize("connected", [{}, {"s1": "another token"}])
def test_a_socket_that_is_gone_or_another_tabs_is_told_nothing(connected: dict[str, str]) -> None:
    me = uuid4()

    async def story() -> list[Any]:
        tab(me)
        one, processor = feed(connected)
        one._hear([change(me, "visits")], "here")
        await settled()
        return processor.events

    assert asyncio.run(story()) == []


def test_pages_run_what_they_name() -> None:
    me = uuid4()

    async def story() -> list[str]:
        one, processor = feed(tab(me, "a") | tab(me, "b", "elsewhere"))
        one._hear([change(me, "invoices")], "here")
        await settled(0.4)
        assert processor.events == [], "nothing here shows invoices"
        one._hear([change(me, "visits")], "here")
        await settled(0.4)
        return [token for token, _ in processor.events]

    assert asyncio.run(story()) == ["t-a"]


@pytest.mark.parametrize(("still", "ran"), [(True, ["recheck", "count"]), (False, ["recheck"])])
def test_a_session_comes_first_and_the_rest_only_to_who_is_still_signed_in(still: bool, ran: list[str]) -> None:
    me = uuid4()

    async def story() -> list[str]:
        one, processor = feed(tab(me))
        if not still:
            processor.then = lambda: presence.note({"sid": "s1", "token": "t-s1"}, Actor())
        one._hear([change(me, "session"), change(me, "visits")], "table")
        await settled(0.4)
        return [name for _, name in processor.events]

    assert asyncio.run(story()) == ran


def test_visitors_and_those_who_log_out_are_not_kept() -> None:
    me = uuid4()
    tab(me)
    assert [one.patient_id for one in presence.tabs()] == [me]
    presence.note({"sid": "s1", "token": "t-s1"}, Actor())
    assert presence.tabs() == []
    tab(me)
    tab(me, "s1", "profile")
    assert [one.page for one in presence.tabs()] == ["profile"]
    presence.forget_gone({"s2"})
    assert presence.tabs() == []


def test_what_another_process_commits_is_found_in_the_table(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    me = uuid4()

    async def story() -> list[Any]:
        one, processor = feed(tab(me))
        running = asyncio.create_task(one.run())
        await settled(0.1)
        await asyncio.to_thread(_commit_elsewhere, engine, me)
        await settled(0.9)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return processor.events

    with on(engine, monkeypatch):
        assert asyncio.run(story()) == [("t-s1", "count")]


def _commit_elsewhere(engine: Engine, patient_id: UUID) -> None:
    with open_work(SYSTEM, engine=engine) as work:
        work.db.add(LiveChange(patient_id=patient_id, topics="visits", at=work.now()))


def test_a_row_with_an_older_id_that_is_committed_later_is_not_missed(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    me = uuid4()
    older = uuid7()

    async def story() -> int:
        one, processor = feed(tab(me))
        running = asyncio.create_task(one.run())
        await asyncio.to_thread(_commit_elsewhere, engine, me)
        await settled(1.0)
        with open_work(SYSTEM, engine=engine) as work:
            work.db.add(LiveChange(id=older, patient_id=me, topics="visits", at=work.now()))
        await settled(1.0)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return len(processor.events)

    with on(engine, monkeypatch):
        assert asyncio.run(story()) == 2


def test_redis_away_costs_a_warning_and_nothing_else(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    me = uuid4()

    async def story() -> tuple[float, list[Any]]:
        one, processor = feed(tab(me), redis=NOWHERE)
        running = asyncio.create_task(one.run())
        await settled(0.2)
        took = await asyncio.to_thread(_commit_here, me)
        await settled(0.5)
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return took, processor.events

    with on(engine, monkeypatch), caplog.at_level(logging.WARNING, "portal.live"):
        took, events = asyncio.run(story())
    assert events == [("t-s1", "count")]
    assert took < 0.5
    assert "they are found in the table" in caplog.text


def _commit_here(patient_id: UUID) -> float:
    started = time.perf_counter()
    with open_work(SYSTEM) as work:
        work.changed(patient_id, "visits")
    return time.perf_counter() - started


@pytest.mark.parametrize(
    "said", [b"", b"{", b"[1]", b'[["x", null, []]]', b"[[null, null, null]]", b'{"a": 1}', b"null"]
)
def test_nonsense_on_the_channel_is_nothing(said: bytes) -> None:
    assert live._understood(said) == []


def test_what_is_rolled_back_is_heard_of_nowhere(engine: Engine) -> None:
    me, heard = uuid4(), []
    changes.listen(heard.append)
    try:
        with pytest.raises(NotFound):
            _change_and_fail(engine, me)
        with open_work(SYSTEM, engine=engine) as work:
            work.changed(me, "visits")
            work.changed(me, "forms")
    finally:
        changes.unlisten(heard.append)
    ((one,),) = heard
    assert (one.patient_id, one.topics) == (me, frozenset({"visits", "forms"}))
    with open_work(SYSTEM, engine=engine, write=False) as work:
        assert changes_since(work, earliest(time.time() - 60)) == [one]
        assert changes_since(work, one.id) == []


def _change_and_fail(engine: Engine, patient_id: UUID) -> None:
    with open_work(SYSTEM, engine=engine) as work:
        work.changed(patient_id, "visits")
        raise NotFound


def test_a_listener_that_fails_fails_nobody_else(engine: Engine) -> None:
    heard: list[Any] = []

    def broken(_changes: Any) -> None:
        raise RuntimeError

    changes.listen(broken)
    changes.listen(heard.append)
    try:
        with open_work(SYSTEM, engine=engine) as work:
            work.changed(uuid4(), "visits")
    finally:
        changes.unlisten(broken)
        changes.unlisten(heard.append)
    assert len(heard) == 1


def test_changes_are_swept(engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_work(SYSTEM, engine=engine, clock=clock) as work:
        work.changed(uuid4(), "visits")
    with on(engine, monkeypatch):
        clock.advance(minutes=9)
        sweep(clock)
        with open_work(SYSTEM, engine=engine, write=False) as work:
            assert len(work.db.exec(select(LiveChange)).all()) == 1
        clock.at += timedelta(minutes=2)
        sweep(clock)
        with open_work(SYSTEM, engine=engine, write=False) as work:
            assert work.db.exec(select(LiveChange)).all() == []


def test_commits_of_many_threads_reach_the_loop(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [uuid4() for _ in range(8)]

    async def story() -> set[str]:
        connected: dict[str, str] = {}
        for number, who in enumerate(people):
            connected |= tab(who, f"s{number}")
        one, processor = feed(connected)
        running = asyncio.create_task(one.run())
        await settled(0.1)
        threads = [threading.Thread(target=_commit_here, args=(who,)) for who in people]
        for thread in threads:
            thread.start()
        await asyncio.to_thread(lambda: [thread.join() for thread in threads])
        await settled(0.1)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return {token for token, _ in processor.events}

    with on(engine, monkeypatch):
        assert asyncio.run(story()) == {f"t-s{number}" for number in range(8)}
