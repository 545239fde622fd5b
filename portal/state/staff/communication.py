"""**Communication consents** in the panel: Do Not SMS, Do Not Email, and what was said before."""

from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from portal.domain.communication import CAUTION, NAMES, TOLD, wording
from portal.errors import NotFound
from portal.queries.communication import Said, Wish, history, wishes
from portal.services import communication
from portal.state.bridge import Fields, Text, actor, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.opened import OfClient
from portal.state.staff.session import Privilege


class CommunicationState(OfClient, rx.State):
    """`asking` is the channel whose switch was touched and `stopping` what it would become: the question how the client
    said so, in the words that go on record."""

    rows: list[Wish] = []
    asking: str = ""
    name: str = ""
    stopping: bool = False
    record: str = ""  # what goes on record
    busy: bool = False
    errors: dict[str, str] = {}
    reading: bool = False
    said: list[Said] = []

    @staff_event(Privilege.CLIENTS_VIEW, passive=True)
    async def load(self) -> None:
        """The section, when the profile opens."""
        self._opens()
        await self._read()

    @staff_event(Privilege.CLIENTS_VIEW, passive=True)
    async def refresh(self) -> None:
        """The same by itself, when something of the client changed."""
        await self._read()
        if self.reading and actor().may(Privilege.COMMUNICATION):
            show(self, said=await read(history, self._whose()))

    @staff_event(Privilege.COMMUNICATION)
    async def ask(self, channel: Text, on: bool) -> None:
        """A switch was touched: it moves once somebody says how the client said so."""
        if channel not in NAMES:
            raise NotFound
        self._settle()
        self.asking, self.name, self.stopping = channel, NAMES[channel], on

    @staff_event(Privilege.COMMUNICATION)
    async def choose(self, told: Text) -> None:
        """How the client said so."""
        if self.asking not in NAMES or told not in TOLD:
            raise NotFound
        self.record, self.errors = wording(self.asking, told, stop=self.stopping), {}

    @staff_event(Privilege.COMMUNICATION)
    async def leave_it(self) -> None:
        """Not after all: the switch stays as it was."""
        self._settle()

    @staff_event(Privilege.COMMUNICATION)
    async def save(self, form: Fields) -> AsyncIterator[Any]:
        """Switch, with what was said."""
        if self.asking not in NAMES or self.busy:
            return
        self.busy, self.errors = True, {}
        yield
        on, told = self.stopping, str(form.get("told") or "")
        changed = await write(communication.switch, self._whose(), self.asking, on, told)
        name = self.name
        self._settle()
        await self._read()
        now = "on" if on else "off"
        await say(self, f"{name} is {now}." if changed else f"{name} was switched {now} by somebody else meanwhile.")

    @staff_event(Privilege.COMMUNICATION)
    async def open_history(self) -> None:
        """**History** of both."""
        self.said, self.reading = await read(history, self._whose()), True

    @staff_event(Privilege.COMMUNICATION)
    async def close_history(self) -> None:
        """Put it away."""
        self.said, self.reading = [], False

    async def _read(self) -> None:
        show(self, rows=await read(wishes, self._whose()))

    def _settle(self) -> None:
        self.asking, self.name, self.stopping, self.record, self.busy, self.errors = "", "", False, "", False, {}


__all__ = ["CAUTION", "TOLD", "CommunicationState", "Said", "Wish"]
