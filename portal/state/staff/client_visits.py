"""The Appointments tab of a client's profile."""

import reflex as rx

from portal.queries.client_visits import MOST, PAGE, ClientVisits, client_visits
from portal.security.intake import viewed
from portal.state.bridge import actor, read, staff_event
from portal.state.showing import show
from portal.state.staff.booking import BookingState
from portal.state.staff.opened import OfClient, tab_of
from portal.state.staff.session import Privilege
from portal.state.staff.visit import VisitSheetState

TAB = "appointments"


class ClientVisitsState(OfClient, rx.State):
    """`shown` is what is coming and what was."""

    shown: ClientVisits | None = None
    client_id: str = ""

    _most: int = PAGE

    @staff_event(Privilege.VISITS_VIEW)
    async def load(self) -> None:
        """Fill the tab, when it is the one that is open."""
        if tab_of(self) != TAB:
            return
        client_id = self._opens()
        await self._fill()
        viewed(actor(), "appointments.viewed", "patient", client_id, client_id)

    @staff_event(Privilege.VISITS_VIEW, passive=True)
    async def refresh(self) -> None:
        """Something changed: the tab, and what is open over it, as they are now."""
        if tab_of(self) != TAB or self.shown is None:
            return
        await self._fill()
        await (await self.get_state(VisitSheetState))._fill()
        await (await self.get_state(BookingState))._follow()

    @staff_event(Privilege.VISITS_VIEW)
    async def show_earlier(self) -> None:
        """**Show earlier**: more of the history."""
        self._most = min(self._most + PAGE, MOST)
        await self._fill()

    async def _fill(self) -> None:
        client_id = self._whose()
        show(self, client_id=str(client_id), shown=await read(client_visits, client_id, self._most))
