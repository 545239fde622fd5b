"""Merging two clients: choosing the other one, both side by side, then one of them is the other."""

import re
from typing import Any
from uuid import UUID

import reflex as rx

from portal import routes
from portal.errors import Conflict, NotFound, PortalError
from portal.queries import client_list
from portal.queries.client_list import ClientLine
from portal.queries.client_panel import kept_id
from portal.queries.duplicates import Duplicate, duplicates_of
from portal.queries.merging import Choice, Side, candidates, compare
from portal.security import intake, presence
from portal.security.access import as_uuid
from portal.services import merging, telling_apart
from portal.state.bridge import Id, Text, actor, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.opened import OfClient
from portal.state.staff.session import Privilege

_HERE = re.compile(r"/staff/clients/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/merge$")
MOST = 8
NAME = "client-name"  # the heading that the cursor goes to when a hint has gone
TOLD_APART = "Noted: they are two people."


class DuplicatesState(OfClient, rx.State):
    """Who else may be the client whose profile is open: a hint at the top of the panel."""

    alike: list[Duplicate] = []

    @staff_event(Privilege.CLIENTS_VIEW)
    async def load(self) -> None:
        """Look for them."""
        self.alike = await read(duplicates_of, self._opens())

    @staff_event(Privilege.CLIENTS_VIEW, passive=True)
    async def refresh(self) -> None:
        """The same, by itself."""
        show(self, alike=await read(duplicates_of, self._whose()))

    @staff_event(Privilege.CLIENTS_EDIT)
    async def tell_apart(self, other: Id) -> Any:
        """**Not the same person**: nobody is asked about these two again."""
        await write(telling_apart.tell_apart, self._whose(), as_uuid(other))
        await say(self, TOLD_APART)
        show(self, alike=await read(duplicates_of, self._whose()))
        return rx.set_focus(NAME)


class MergeState(rx.State):
    """The page. `taken` are the choices whose value is that of the record that goes; `wrong` says why there is nothing
    to merge."""

    client_id: str = ""
    name: str = ""
    wrong: str = ""
    alike: list[Duplicate] = []
    found: list[ClientLine] = []
    said: str = ""
    kept: Side | None = None
    gone: Side | None = None
    choices: list[Choice] = []
    taken: list[str] = []
    asking: bool = False
    busy: bool = False

    @staff_event(Privilege.CLIENTS_VIEW)
    async def load(self):  # Reflex events
        """Open the page; with the other record in the address, both side by side."""
        self.reset()
        named = _HERE.search(str(self.router.url.path).rstrip("/"))
        other = str(self.router.url.query_parameters.get("with", ""))[:40]
        try:
            if named is None:
                raise NotFound("There is no client at this address.")
            client_id = UUID(named[1])
            into = await read(kept_id, client_id)
            if into is not None:
                return rx.redirect(routes.staff_client(str(into)), replace=True)
            presence.follows(self.router.session.session_id, client_id)
            some = await read(candidates, client_id)
            show(self, client_id=str(client_id), name=some.name, alike=some.alike)
            if other:
                await self._compare(other)
        except (PortalError, ValueError) as problem:
            self.wrong = problem.sentence if isinstance(problem, PortalError) else "There is no client at this address."
        return None

    @staff_event(Privilege.CLIENTS_VIEW)
    async def search(self, typed: Text) -> None:
        """Look for the other record."""
        if not typed.strip():
            self.found, self.said = [], ""
            return
        page = await read(client_list.page, typed)
        self.found = [line for line in page.lines if line.id != self.client_id][:MOST]
        self.said = "" if self.found else "Nobody else was found"
        intake.viewed(actor(), "client.searched", count=len(page.lines))

    @staff_event(Privilege.CLIENTS_VIEW)
    async def choose(self, other: Id) -> None:
        """That is the other record."""
        await self._compare(other)

    @staff_event(Privilege.CLIENTS_VIEW)
    async def another(self) -> None:
        """Not that one: choose again."""
        self.kept, self.gone, self.choices, self.taken = None, None, [], []

    @staff_event(Privilege.CLIENTS_VIEW)
    async def turn(self) -> None:
        """The other one of the two stays."""
        if self.kept is not None and self.gone is not None:
            kept, gone = self.gone.id, self.kept.id
            self.client_id = kept
            self.name = self.gone.name
            await self._compare(gone)

    @staff_event(Privilege.CLIENTS_VIEW)
    async def take(self, name: Text, theirs: bool) -> None:
        """Of this datum, the value of one or the other."""
        if name not in {choice.name for choice in self.choices if choice.open}:
            raise NotFound
        self.taken = [*(one for one in self.taken if one != name), *([name] if theirs else [])]

    @staff_event(Privilege.CLIENTS_VIEW)
    async def ask(self) -> None:
        """The last question."""
        self.asking = True

    @staff_event(Privilege.CLIENTS_VIEW)
    async def keep(self) -> None:
        """Not yet."""
        self.asking = False

    @staff_event(Privilege.CLIENTS_MERGE)
    async def merge(self):  # Reflex events
        """**Merge**: after a fresh second factor. What was changed meanwhile is shown first."""
        if self.kept is None or self.gone is None:
            raise NotFound
        kept, gone, self.busy = self.kept, self.gone, True
        yield
        try:
            seen = (kept.version, gone.version)
            await write(merging.merge, as_uuid(kept.id), as_uuid(gone.id), self.taken, seen)
        except Conflict as problem:
            self.busy = self.asking = False
            if problem.sentence == merging.CHANGED:
                await self._compare(gone.id)
            raise
        self.reset()
        await say(self, f"{gone.name} was merged into {kept.name}.")
        yield rx.redirect(routes.staff_client(kept.id))

    async def _compare(self, other: str) -> None:
        both = await read(compare, as_uuid(self.client_id), as_uuid(other))
        taken = [choice.name for choice in both.choices if choice.open and choice.name in self.taken]
        show(self, kept=both.kept, gone=both.gone, choices=both.choices, taken=taken)
        for side in (both.kept, both.gone):
            intake.viewed(actor(), "client.viewed", "patient", as_uuid(side.id), patient_id=as_uuid(side.id))

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()


__all__ = ["DuplicatesState", "MergeState"]
