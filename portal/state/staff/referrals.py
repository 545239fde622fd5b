"""The page of referral sources."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import reflex as rx

from portal.errors import NotFound
from portal.queries.referrals import SourceRow, sources
from portal.services import referrals
from portal.state.bridge import Fields, Id, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.session import Privilege


class ReferralsState(rx.State):
    """`editing` is the id of the row whose form is open, `adding` whether a new one's is; `under` names the source that
    a new subcategory belongs to."""

    rows: list[SourceRow] = []
    loaded: bool = False
    adding: bool = False
    editing: SourceRow | None = None
    under: str = ""
    busy: bool = False
    errors: dict[str, str] = {}

    _parent: str = ""

    @staff_event(Privilege.REFERRALS_MANAGE)
    async def load(self) -> None:
        """The page."""
        self._settle()
        await self._read()

    @staff_event(Privilege.REFERRALS_MANAGE, passive=True)
    async def refresh(self) -> None:
        """The same by itself, when somebody else changed it."""
        await self._read()

    async def _leave(self) -> None:
        """Another page: nothing of this stays."""
        self.reset()

    @staff_event(Privilege.REFERRALS_MANAGE)
    async def add(self) -> None:
        """**Add source**."""
        self._settle()
        self.adding = True

    @staff_event(Privilege.REFERRALS_MANAGE)
    async def add_under(self, source_id: Id) -> None:
        """**Add** a subcategory."""
        row = self._row(source_id)
        self._settle()
        self.adding, self._parent, self.under = True, row.id, row.name

    @staff_event(Privilege.REFERRALS_MANAGE)
    async def edit(self, source_id: Id) -> None:
        """**Edit** one."""
        row = self._row(source_id)
        self._settle()
        self.editing = row

    @staff_event(Privilege.REFERRALS_MANAGE)
    async def leave_it(self) -> None:
        """Not after all."""
        self._settle()

    @staff_event(Privilege.REFERRALS_MANAGE)
    async def save(self, form: Fields) -> AsyncIterator[Any]:
        """**Save** what the form holds."""
        if self.busy or not (self.adding or self.editing):
            return
        self.busy, self.errors = True, {}
        yield
        if self.editing is not None:
            await write(referrals.change, UUID(self.editing.id), form)
        else:
            await write(referrals.add, form, UUID(self._parent) if self._parent else None)
        self._settle()
        await self._read()
        await say(self, "Saved.")

    @staff_event(Privilege.REFERRALS_MANAGE)
    async def move(self, source_id: Id, up: bool) -> None:
        """One place up or down."""
        await write(referrals.move, UUID(source_id), up=up)
        await self._read()

    async def _read(self) -> None:
        show(self, rows=await read(sources), loaded=True)

    def _row(self, source_id: str) -> SourceRow:
        row = next((row for row in self.rows if row.id == source_id), None)
        if row is None:
            raise NotFound
        return row

    def _settle(self) -> None:
        self.adding, self.editing, self.under, self._parent = False, None, "", ""
        self.busy, self.errors = False, {}


__all__ = ["ReferralsState", "SourceRow"]
