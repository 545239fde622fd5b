"""**Loyalty Programs** in the panel: ticks, what is on file, and a log-in shown for half a minute.

What is secret comes into this state at **Show** alone, and leaves it by itself on the server, whatever the browser
does.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import reflex as rx

from portal.domain.loyalty import HOWS, LOG_IN, LONGEST_PASSWORD, PROGRAMS, SHOWN_SECONDS
from portal.errors import NotFound
from portal.queries.loyalty import ProgramRow, programs
from portal.services import loyalty
from portal.services.loyalty import Revealed
from portal.state.bridge import Fields, Text, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.opened import OfClient
from portal.state.staff.session import Privilege


class LoyaltyState(OfClient, rx.State):
    """`listing` opens the list of programs; `asking` is the program whose log-in is asked for, `ending` the one whose
    tick is to go. `shown` is a log-in in clear, for `SHOWN_SECONDS`."""

    rows: list[ProgramRow] = []
    listing: bool = False
    asking: str = ""
    name: str = ""
    kept: str = ""  # what is on file of the program that is asked for
    how: str = LOG_IN
    ending: str = ""
    busy: bool = False
    errors: dict[str, str] = {}
    shown: Revealed | None = None
    shows: int = 0  # counts what was shown, so that only the latest is hidden by its own clock

    _version: int = 0

    @staff_event(Privilege.CLIENTS_VIEW, passive=True)
    async def load(self) -> None:
        """The section, when the profile opens."""
        self.shown = None
        self._opens()
        await self._read()

    @staff_event(Privilege.CLIENTS_VIEW, passive=True)
    async def refresh(self) -> None:
        """The same by itself, when something of the client changed."""
        await self._read()

    @staff_event(Privilege.CLIENTS_VIEW)
    async def open_list(self) -> None:
        """**Details**: every program with what is on file."""
        await self._read()
        self.listing = True

    @staff_event(Privilege.CLIENTS_VIEW)
    async def close_list(self) -> None:
        """Put it away, and what was shown with it."""
        self.listing, self.shown = False, None

    @staff_event(Privilege.LOYALTY_MANAGE)
    async def tick(self, program: Text, on: bool) -> None:
        """A box was touched: a log-in is asked for, a tick that goes is asked about."""
        row = self._row(program)
        self._settle()
        if on:
            await self._enrol(row)
        else:
            self.ending, self.name, self._version = row.program, row.name, row.version

    @staff_event(Privilege.LOYALTY_MANAGE)
    async def begin(self, program: Text) -> None:
        """**Enroll** in the list."""
        row = self._row(program)
        self._settle()
        await self._enrol(row)

    @staff_event(Privilege.LOYALTY_MANAGE)
    async def edit(self, program: Text) -> None:
        """**Edit** what is on file."""
        row = self._row(program)
        self._settle()
        self._ask(row)

    @staff_event(Privilege.LOYALTY_MANAGE)
    async def choose(self, how: Text) -> None:
        """Username and password, or the member number only."""
        self.how, self.errors = how, {}

    @staff_event(Privilege.LOYALTY_MANAGE)
    async def leave_it(self) -> None:
        """Not after all: everything stays as it was."""
        self._settle()

    @staff_event(Privilege.LOYALTY_MANAGE)
    async def save(self, form: Fields) -> AsyncIterator[Any]:
        """**Save** the log-in, or the number."""
        if self.asking not in PROGRAMS or self.busy:
            return
        self.busy, self.errors = True, {}
        yield
        await write(loyalty.enrol, self._whose(), self.asking, form, self._version)
        name = self.name
        self._settle()
        await self._read()
        await say(self, f"{name} is saved.")

    @staff_event(Privilege.LOYALTY_MANAGE)
    async def withdraw(self) -> AsyncIterator[Any]:
        """Yes: the tick goes, and what is on file with it."""
        if self.ending not in PROGRAMS or self.busy:
            return
        self.busy = True
        yield
        await write(loyalty.withdraw, self._whose(), self.ending, self._version)
        name = self.name
        self._settle()
        await self._read()
        await say(self, f"{name} is no longer ticked, and nothing of it is on file.")

    @staff_event(Privilege.LOYALTY_REVEAL)
    async def reveal(self, program: Text):  # Reflex events
        """**Show** what is on file. It is noted, and hidden again by itself."""
        self.shown = None
        self.shown = await write(loyalty.reveal, self._whose(), program)
        self.listing, self.shows = True, self.shows + 1
        return LoyaltyState.hide_later

    @staff_event(Privilege.OWN_ACCOUNT, passive=True)
    @rx.event(background=True)
    async def hide_later(self) -> None:
        """Hide what was shown once its time is over, even where the browser is gone by then."""
        async with self:
            mine, there = self.shows, self.shown is not None
        if not there:
            return
        await asyncio.sleep(SHOWN_SECONDS)
        async with self:
            if self.shows == mine:
                self.shown = None

    @staff_event(Privilege.OWN_ACCOUNT, passive=True)
    async def hide(self) -> None:
        """**Hide** it now."""
        self.shown = None

    async def _leave(self) -> None:
        """Another page: nothing of this stays, least of all what was shown."""
        self.reset()

    async def _read(self) -> None:
        show(self, rows=await read(programs, self._whose()))

    async def _enrol(self, row: ProgramRow) -> None:
        """Ask for the log-in; Evolus is ticked at once."""
        if row.asks:
            self._ask(row)
            return
        await write(loyalty.enrol, self._whose(), row.program, {}, row.version)
        await self._read()
        await say(self, f"{row.name} is ticked.")

    def _row(self, program: str) -> ProgramRow:
        row = next((row for row in self.rows if row.program == program), None)
        if row is None:
            raise NotFound
        return row

    def _ask(self, row: ProgramRow) -> None:
        self.asking, self.name, self.kept, self._version = row.program, row.name, row.kept, row.version
        self.how = row.kept or LOG_IN

    def _settle(self) -> None:
        self.asking, self.name, self.kept, self.ending, self.how = "", "", "", "", LOG_IN
        self.busy, self.errors, self._version, self.shown = False, {}, 0, None


__all__ = ["HOWS", "LOG_IN", "LONGEST_PASSWORD", "SHOWN_SECONDS", "LoyaltyState", "ProgramRow"]
