"""Find a client: the search in the bar of every staff page."""

import reflex as rx

from portal.queries import client_list
from portal.queries.client_list import ClientLine
from portal.security import intake
from portal.state.bridge import Text, actor, read, staff_event
from portal.state.staff.clients import ClientsState
from portal.state.staff.session import Privilege

MOST = 6


class FindState(rx.State):
    """The first few who are found, and how many there are. A new `turn` empties the field."""

    typed: str = ""
    turn: int = 0
    found: list[ClientLine] = []
    said: str = ""

    @staff_event(Privilege.CLIENTS_VIEW)
    async def search(self, typed: Text) -> None:
        """Look for what is typed so far."""
        self.typed = typed
        if not typed.strip():
            self.found, self.said = [], ""
            return
        page = await read(client_list.page, typed)
        self.found = page.lines[:MOST]
        number = len(page.lines) if page.found is None else page.found
        more = "" if page.found is not None else "more than "
        self.said = f"{more}{number} found" if page.lines else "Nobody was found"
        intake.viewed(actor(), "client.searched", count=f"{more}{number}" if more else number)

    @staff_event(Privilege.CLIENTS_VIEW)
    async def show_all(self):  # Reflex events
        """Everybody who is found, in the list."""
        typed, clients = self.typed, await self.get_state(ClientsState)
        self._forget()
        return [clients._ask(typed), ClientsState.load]

    @staff_event(Privilege.CLIENTS_VIEW)
    async def done(self) -> None:
        """One of them was opened: the field is empty again."""
        self._forget()

    def _forget(self) -> None:
        self.typed, self.found, self.said = "", [], ""
        self.turn += 1
