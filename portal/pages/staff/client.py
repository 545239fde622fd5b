"""A client's profile: the panel on the left, and beside it the tabs, each a module of its own."""

from collections.abc import Callable

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout.staff import staff_page
from portal.pages.staff import (
    client_activity,
    client_appointments,
    client_dashboard,
    client_medical_history,
    client_notes,
    client_task_management,
)
from portal.pages.staff.client_panel import client_panel
from portal.state.staff.client import ClientState as State
from portal.state.staff.menu import CLIENT_TABS, StaffTab
from portal.state.staff.session import may

# What stands beside the panel, by the word in the address. A tab is on the screen when it is here.
TABS: dict[str, Callable[[], rx.Component]] = {
    "": client_dashboard.tab,
    "appointments": client_appointments.tab,
    "task-management": client_task_management.tab,
    "medical-history": client_medical_history.tab,
    "notes": client_notes.tab,
    "activity": client_activity.tab,
}


def client() -> rx.Component:
    """The page at /staff/clients/[client_id]."""
    shown = [(item.place, TABS[item.place]()) for item in CLIENT_TABS if item.place in TABS]
    return staff_page(
        "Clients",
        rx.cond(State.missing, _missing(), rx.fragment(_tabs(), rx.match(State.tab, *shown, rx.fragment()))),
        panel=client_panel(),
    )


def _tabs() -> rx.Component:
    return ui.tab_links("Client record", *(_tab(item) for item in CLIENT_TABS if item.place in TABS))


def _tab(item: StaffTab) -> rx.Component:
    """Only for whoever may open it."""
    here = f"{routes.STAFF_CLIENTS}/{State.client_id}"
    link = ui.tab_link(item.label, f"{here}?tab={item.place}" if item.place else here, current=State.tab == item.place)
    return rx.cond(may(item.privilege), link)


def _missing() -> rx.Component:
    words = ui.empty_state(
        "search",
        "No client at this address",
        "The record may have been moved, or the address is not complete. Look the client up by name, phone or email.",
        ui.button_link("All clients", href=routes.STAFF_CLIENTS, kind="primary"),
    )
    return rx.fragment(rx.el.h1("Clients", class_name="vh"), words)
