"""The Clients tab: what was typed and chosen, and the page of the list that fits it."""

from typing import Any
from uuid import UUID

import reflex as rx

from portal import routes
from portal.errors import NotFound
from portal.queries import client_list
from portal.queries.client_conditions import Filters
from portal.queries.client_list import PAGE, SORTS, ClientLine, ClientPage
from portal.queries.profile import clinic_choices
from portal.security import intake
from portal.services import preferences
from portal.state.bridge import Id, Text, actor, read, staff_event, write
from portal.state.showing import show
from portal.state.staff.session import Privilege
from portal.work import Work

VIEW = "clients"  # of the preferences
#: The columns beside the name, in their order, and the words of each; those of the design are there at first.
COLUMNS = {
    "born": "Date of birth",
    "phone": "Phone",
    "email": "Email",
    "clinic": "Primary clinic",
    "portal": "Access Client Portal",
    "paperwork": "Paperwork",
    "next_visit": "Next visit",
    "last_visit": "Last visit",
    "added": "Client since",
}
AT_FIRST = tuple(name for name in COLUMNS if name not in {"email", "added"})
FILTERS = {
    "visiting": "Visit in the next 7 days",
    "unsigned": "Paperwork to complete",
    "unpaid": "Unpaid",
    "expiring": "Documents expiring or expired",
    "not_accepted": "Portal not accepted",
    "inactive": "Inactive clients",
}


class ClientsState(rx.State):
    """The list. `typed`, `clinic` and `on` (the filters that are on) are what is asked; they stay while one looks at a
    client and comes back. A new `turn` draws the search field anew, with the words that are in `typed`."""

    loading: bool = True
    typed: str = ""
    turn: int = 0
    clinic: str = ""
    clinic_name: str = "all"
    on: list[str] = []
    sort: str = "name"
    columns: list[str] = list(AT_FIRST)
    clinics: list[tuple[str, str]] = []
    lines: list[ClientLine] = []
    total: str = ""
    shown: str = ""
    number: int = 1  # of the page
    more: bool = False
    filtered: bool = False  # something was asked: where nobody is found, it can be taken back

    _keys: list[str] = [""]  # of the pages up to this one
    _found: int | None = None
    _next: str = ""

    @staff_event(Privilege.CLIENTS_VIEW)
    async def load(self) -> None:
        """Open the list as it was left, with the columns and the order that the person keeps."""
        kept, clinics, total = await read(_frame)
        columns = [name for name in COLUMNS if name in kept.get("columns", AT_FIRST)]
        sort = kept.get("sort") if kept.get("sort") in SORTS else "name"
        if sort != self.sort:
            self._keys = [""]
        show(self, columns=columns, sort=sort, clinics=clinics, total=f"{total:,}")
        await self._fill()

    @staff_event(Privilege.CLIENTS_VIEW, passive=True)
    async def refresh(self) -> None:
        """The same page, by itself, when something in the practice changed."""
        await self._fill()

    @staff_event(Privilege.CLIENTS_VIEW)
    async def search(self, typed: Text) -> None:
        """Look for what is typed so far."""
        self.typed = typed
        await self._begin()
        if typed.strip():
            found = f"more than {PAGE}" if self._found is None else self._found
            intake.viewed(actor(), "client.searched", count=found)

    @staff_event(Privilege.CLIENTS_VIEW)
    async def switch(self, name: Text) -> None:
        """One of the filters, on or off."""
        if name not in FILTERS:
            raise NotFound
        self.on = [one for one in FILTERS if (one in self.on) != (one == name)]
        await self._begin()

    @staff_event(Privilege.CLIENTS_VIEW)
    async def choose_clinic(self, clinic_id: Id) -> None:
        """Those of one primary clinic."""
        self.clinic = clinic_id
        self.clinic_name = next((name for row_id, name in self.clinics if row_id == clinic_id), "all")
        await self._begin()

    @staff_event(Privilege.CLIENTS_VIEW)
    async def all_clinics(self) -> None:
        """Those of every clinic."""
        self.clinic, self.clinic_name = "", "all"
        await self._begin()

    @staff_event(Privilege.CLIENTS_VIEW)
    async def clear(self) -> None:
        """Ask for nothing: everybody."""
        self.typed, self.clinic, self.clinic_name, self.on = "", "", "all", []
        self.turn += 1
        await self._begin()

    @staff_event(Privilege.CLIENTS_VIEW)
    async def sort_by(self, name: Text) -> None:
        """In the order of a column; the same once more turns it around. Kept for the person."""
        sort = f"-{name}" if self.sort == name else name
        if sort not in SORTS:
            raise NotFound
        self.sort = sort
        await self._begin()
        await write(preferences.keep, VIEW, sort=sort)

    @staff_event(Privilege.CLIENTS_VIEW)
    async def switch_column(self, name: Text) -> None:
        """Show a column, or not. Kept for the person."""
        if name not in COLUMNS:
            raise NotFound
        self.columns = [one for one in COLUMNS if (one in self.columns) != (one == name)]
        await write(preferences.keep, VIEW, columns=self.columns)

    @staff_event(Privilege.CLIENTS_VIEW)
    async def next(self) -> None:
        """The next page."""
        if self.more:
            self._keys.append(self._next)
            await self._fill()

    @staff_event(Privilege.CLIENTS_VIEW)
    async def previous(self) -> None:
        """The page before."""
        if len(self._keys) > 1:
            self._keys.pop()
            await self._fill()

    async def _begin(self) -> None:
        """From the first page."""
        self._keys = [""]
        await self._fill()

    async def _fill(self) -> None:
        asked = Filters(UUID(self.clinic) if self.clinic else None, **dict.fromkeys(self.on, True))
        page = await read(client_list.page, self.typed, asked, self.sort, self._keys[-1])
        if not page.lines and len(self._keys) > 1:  # those of the last page went away meanwhile
            self._keys = [""]
            page = await read(client_list.page, self.typed, asked, self.sort)
        self._next = page.next
        if len(self._keys) == 1:
            self._found = page.found
        show(self, lines=page.lines, number=len(self._keys), more=bool(page.next), shown=self._shown(page))
        show(self, filtered=bool(self.typed.strip() or self.clinic or self.on), loading=False)

    def _shown(self, page: ClientPage) -> str:
        first = (len(self._keys) - 1) * PAGE + 1
        of = "" if self._found is None else f" of {self._found:,}"
        return f"{first:,} to {first + len(page.lines) - 1:,}{of} shown" if page.lines else ""

    async def _leave(self) -> None:
        """The list is left: nobody of it stays on the screen. What was asked does, for coming back."""
        show(self, loading=True, lines=[], shown="", total="", more=False)

    def _ask(self, typed: str) -> Any:
        """Ask for these words alone, from another page."""
        self.typed, self.clinic, self.clinic_name, self.on, self._keys = typed, "", "all", [], [""]
        self.turn += 1
        return rx.redirect(routes.STAFF_CLIENTS)


def _frame(work: Work) -> tuple[dict[str, Any], list[tuple[str, str]], int]:
    return preferences.kept(work, VIEW), clinic_choices(work), client_list.number(work)
