"""The Dashboard tab of a client's profile."""

import reflex as rx

from portal.queries.activity import ActivityRow
from portal.queries.client_dashboard import ClientDashboard, InvoiceLine, VisitLine, client_dashboard
from portal.queries.client_forms import ClientForm
from portal.state.bridge import read, staff_event
from portal.state.showing import show
from portal.state.staff.opened import client_of
from portal.state.staff.session import Privilege


class ClientDashboardState(rx.State):
    """The tab; nothing is edited here."""

    shown: ClientDashboard | None = None

    @staff_event(Privilege.CLIENTS_VIEW)
    async def load(self) -> None:
        """Open the tab."""
        show(self, shown=await read(client_dashboard, client_of(self)))

    @staff_event(Privilege.CLIENTS_VIEW, passive=True)
    async def refresh(self) -> None:
        """The same by itself, when something changed."""
        show(self, shown=await read(client_dashboard, client_of(self)))


__all__ = ["ActivityRow", "ClientDashboardState", "ClientForm", "InvoiceLine", "VisitLine"]
