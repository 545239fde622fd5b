"""A client's profile: the panel, and which tab beside it is open."""

from typing import Any

import reflex as rx

from portal import routes
from portal.errors import NotFound
from portal.queries.client_panel import Panel, kept_id, panel
from portal.security import access, intake
from portal.state.bridge import actor, read, staff_event
from portal.state.showing import show
from portal.state.staff.activity import ActivityState
from portal.state.staff.allergies import AllergiesState
from portal.state.staff.booking import BookingState
from portal.state.staff.client_dashboard import ClientDashboardState
from portal.state.staff.client_forms import ClientFormsState
from portal.state.staff.client_place import ClientPlaceState
from portal.state.staff.client_visits import ClientVisitsState
from portal.state.staff.communication import CommunicationState
from portal.state.staff.form_drawer import FormDrawerState
from portal.state.staff.loyalty import LoyaltyState
from portal.state.staff.menu import CLIENT_TABS
from portal.state.staff.merge import DuplicatesState
from portal.state.staff.notes import NotesState
from portal.state.staff.opened import client_of, tab_of
from portal.state.staff.portal_access import PortalAccessState
from portal.state.staff.session import Privilege
from portal.state.staff.visit import VisitSheetState

# What stands on the page in states of its own: beside the panel by the tab's word, and in the panel. Each has `load`
# and a passive `refresh`; they run for whoever may, and the tab's when it is open.
TABS: dict[str, type[rx.State]] = {
    "": ClientDashboardState,
    "appointments": ClientVisitsState,
    "task-management": ClientFormsState,
    "medical-history": AllergiesState,
    "notes": NotesState,
    "activity": ActivityState,
}
SECTIONS: tuple[type[rx.State], ...] = (
    DuplicatesState,
    FormDrawerState,
    PortalAccessState,
    CommunicationState,
    LoyaltyState,
)


class ClientState(rx.State):
    """The page. `client_id` is whose profile is on the screen: a view is noted once for each opening.

    `tab` is the word of the open tab; `missing` where there is no such client.
    """

    client_id: str = ""
    panel: Panel | None = None
    missing: bool = False
    tab: str = ""

    @staff_event(Privilege.CLIENTS_VIEW)
    async def load(self):  # Reflex events
        """Open the client's profile at the tab in the address; a record that was merged leads to the one that stays."""
        try:
            client_id = client_of(self)
            into = await read(kept_id, client_id)
            if into is not None:
                return rx.redirect(routes.staff_client(str(into), tab_of(self)), replace=True)
            found = await read(panel, client_id)
        except NotFound:
            await self._leave()
            self.missing = True
            return None
        if self.client_id != str(client_id):
            await self._leave()
            self.client_id = str(client_id)
            intake.viewed(actor(), "client.viewed", "patient", client_id, patient_id=client_id)
        show(self, panel=found, tab=_known(tab_of(self)))
        await (await self.get_state(ClientPlaceState))._again()
        return [*self._run("load", SECTIONS), *self._run("load", self._open())]

    @staff_event(Privilege.CLIENTS_VIEW, passive=True)
    async def refresh(self):  # Reflex events
        """The same by itself, when something of the client changed."""
        if not self.client_id:
            return None
        await self._read_panel()
        return [*self._run("refresh", SECTIONS), *self._run("refresh", self._open())]

    async def _read_panel(self) -> None:
        show(self, panel=await read(panel, client_of(self)))

    async def _leave(self) -> None:
        """The profile is left, or another client's is opened: nothing of this one stays."""
        self.reset()
        for held in (ClientPlaceState, VisitSheetState, BookingState, *SECTIONS, *TABS.values()):
            (await self.get_state(held)).reset()

    def _open(self) -> tuple[type[rx.State], ...]:
        return (TABS[self.tab],) if self.tab in TABS else ()

    def _run(self, name: str, states: tuple[type[rx.State], ...]) -> list[Any]:
        """The handlers of that name, of those states that the person may see."""
        handlers = [state.event_handlers[name] for state in states if name in state.event_handlers]
        return [handler for handler in handlers if _may(handler)]


def _may(handler: Any) -> bool:
    declared = access.declared(handler.fn)
    return declared is not None and declared.privilege is not None and actor().may(declared.privilege)


def _known(word: str) -> str:
    """The tab of that word if this person has it, else the Dashboard."""
    return next((tab.place for tab in CLIENT_TABS if tab.place == word and actor().may(tab.privilege)), "")


for _state in (*TABS.values(), *SECTIONS):  # what the page loads by itself is no sign of life
    access.runs_by_itself(_state.event_handlers["load"].fn)
