"""Open pages follow the database: what a commit changed, whoever made it, is reloaded by the tabs it concerns.

Three roads bring the news, and each change counts once: this process's own commits at once; Redis from the other
workers; and the table of changes, read every third of a second, for everything else (the command line, Redis away).
The news itself carries nothing: the tab runs handlers of its page, each past the guard, as the person it belongs to.
"""

import asyncio
import json
import logging
import time
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import reflex as rx
from redis.asyncio import Redis
from redis.exceptions import RedisError
from reflex.event import Event
from reflex.utils.format import format_event_handler

from portal import live
from portal.ids import earliest
from portal.live import Change
from portal.metrics import CHANGES, PUSHES
from portal.queries.live import changes_since
from portal.security import presence
from portal.security.pool import in_thread
from portal.security.presence import Tab
from portal.state.session import SessionState
from portal.work import open_work

log = logging.getLogger("portal.live")

LOOK_EVERY = 0.3  # seconds between two looks at the table
OVERLAP = 10.0  # seconds looked back: a smaller id may be committed later, and clocks of machines differ
PAUSE = 0.25  # seconds between two reloads of a tab, however much changes
PATIENCE = 10.0  # seconds that a reload may take before the next is sent after it
REDIS_AGAIN = 2.0  # seconds before Redis is tried again
CHANNEL = "portal:live"

Reloads = Mapping[str, Mapping[str, tuple[Any, ...]]]  # handlers by page (its route without slashes) and topic


class Feed:
    """Brings changes to the open pages of this process; `run` it for as long as the process serves."""

    def __init__(self, app: rx.App, reloads: Reloads, redis_url: str = "") -> None:
        self._app = app
        self._redis = Redis.from_url(redis_url) if redis_url else None
        self._names = {
            page: {topic: [format_event_handler(handler) for handler in handlers] for topic, handlers in of.items()}
            for page, of in reloads.items()
        }
        self._recheck = format_event_handler(SessionState.event_handlers["recheck"])
        self._heard: set[UUID] = set()
        self._waiting: dict[str, set[str]] = {}  # topics by socket; a socket that is here has a task
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Follow all roads until cancelled."""
        loop = asyncio.get_running_loop()

        def committed_here(changes: Sequence[Change]) -> None:
            loop.call_soon_threadsafe(self._hear, changes, "here")

        live.listen(committed_here)
        try:
            async with asyncio.TaskGroup() as roads:
                roads.create_task(self._look(), name="live: table")
                if self._redis is not None:
                    roads.create_task(self._subscribe(self._redis), name="live: redis")
        finally:
            live.unlisten(committed_here)
            for task in list(self._tasks):
                task.cancel()
            if self._redis is not None:
                await self._redis.aclose()

    def _hear(self, changes: Sequence[Change], road: str) -> None:
        """Whoever is concerned is told; what was heard on another road already is no news."""
        fresh = [change for change in changes if change.id not in self._heard]
        if not fresh:
            return
        CHANGES.labels(road=road).inc(len(fresh))
        self._heard.update(change.id for change in fresh)
        if road == "here" and self._redis is not None:
            self._start(self._publish(self._redis, fresh))
        topics: dict[UUID | None, set[str]] = {}
        for change in fresh:
            topics.setdefault(change.patient_id, set()).update(change.topics)
        for tab in presence.tabs():
            for patient_id in {tab.patient_id, tab.client_id, None}:
                if patient_id in topics and tab.concerned(patient_id):
                    self._tell(tab, topics[patient_id])

    def _tell(self, tab: Tab, topics: set[str]) -> None:
        if tab.socket in self._waiting:
            self._waiting[tab.socket] |= topics
        else:
            self._waiting[tab.socket] = set(topics)
            self._start(self._reload(tab))

    async def _reload(self, tab: Tab) -> None:
        """Reload the tab for everything that has come by then, again as long as more comes, with a pause between."""
        try:
            while (topics := self._waiting[tab.socket]) and self._connected(tab):
                self._waiting[tab.socket] = set()
                if "session" in topics:
                    await self._run(tab, [self._recheck])
                if self._connected(tab) and presence.is_signed_in(tab.socket):
                    await self._run(tab, self._wanted(tab, topics))
                await asyncio.sleep(PAUSE)
        finally:
            del self._waiting[tab.socket]

    async def _run(self, tab: Tab, names: Sequence[str]) -> None:
        """Have the tab run handlers, as if it had asked for them, and wait for their end."""
        events = [Event(name=name, router_data=dict(tab.connection)) for name in names]
        running = [await self._app.event_processor.enqueue(tab.token, event) for event in events]
        if running:
            PUSHES.inc(len(running))
            await asyncio.wait(running, timeout=PATIENCE)

    def _wanted(self, tab: Tab, topics: set[str]) -> list[str]:
        """Names of the page's handlers to run, each once."""
        of_page = self._names.get(tab.page, {})
        return list(dict.fromkeys(name for topic in sorted(topics) for name in of_page.get(topic, ())))

    def _connected(self, tab: Tab) -> bool:
        """Whether the very socket that the tab was seen on is still open, and the tab is still its."""
        namespace = self._app.event_namespace
        return namespace is not None and namespace.sid_to_token.get(tab.socket) == tab.token

    def _start(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("an open page could not be told of a change", exc_info=error)

    async def _look(self) -> None:
        """The table: nothing is missed for longer than this takes."""
        since = time.time()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            if self._app.event_namespace is not None:
                presence.forget_gone(self._app.event_namespace.sid_to_token)
            started = time.time()
            try:
                if presence.tabs():
                    self._hear(await in_thread(_changes, earliest(since - OVERLAP)), "table")
                since = started
            except Exception:
                log.exception("the table of changes could not be read; it is tried again")
                await asyncio.sleep(REDIS_AGAIN)
            oldest = earliest(since - 2 * OVERLAP)
            self._heard = {change_id for change_id in self._heard if change_id > oldest}

    async def _publish(self, redis: Redis, changes: Sequence[Change]) -> None:
        said = [[str(one.id), one.patient_id and str(one.patient_id), sorted(one.topics)] for one in changes]
        try:
            await redis.publish(CHANNEL, json.dumps(said))
        except (RedisError, OSError) as error:
            log.warning("Redis did not take the news of a change (%s): other workers find it in the table", error)

    async def _subscribe(self, redis: Redis) -> None:
        while True:
            try:
                async with redis.pubsub() as channel:
                    await channel.subscribe(CHANNEL)
                    async for message in channel.listen():
                        if message["type"] == "message":
                            self._hear(_understood(message["data"]), "redis")
            except Exception as error:  # noqa: BLE001  # whatever ails this road, the others go on
                log.warning("Redis brings no news of changes (%s): they are found in the table", type(error).__name__)
            await asyncio.sleep(REDIS_AGAIN)


def _understood(said: bytes) -> list[Change]:
    try:
        changes = json.loads(said)
        return [Change(UUID(id_), UUID(who) if who else None, frozenset(topics)) for id_, who, topics in changes]
    except (ValueError, TypeError, AttributeError):
        log.warning("something on the channel of changes was no change")
        return []


def _changes(after: UUID) -> list[Change]:
    with open_work(write=False) as work:
        return changes_since(work, after)
