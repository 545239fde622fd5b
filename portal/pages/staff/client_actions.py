"""**Actions** at the top of a client's panel."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.ui.kit import Text
from portal.state.staff.client import ClientState as State
from portal.state.staff.session import Privilege, may

HERE = f"{routes.STAFF_CLIENTS}/{State.client_id}"


def actions() -> rx.Component:
    """What can be done with a client, for whoever may; each leads to where it is done."""
    return ui.menu(
        _action("Edit", f"{HERE}/edit", "pencil", Privilege.CLIENTS_EDIT),
        _action("Book a visit", f"{HERE}?tab=appointments", "calendar-days", Privilege.VISITS_MANAGE),
        _action("Assign form", f"{HERE}?tab=task-management", "file-plus-2", Privilege.PAPERWORK_ASSIGN),
        _action("Merge clients", f"{HERE}/merge", "merge", Privilege.CLIENTS_MERGE),
        id="client-actions",
        trigger=rx.fragment("Actions", ui.icon("chevron-down", 16)),
    )


def _action(words: str, href: Text, icon_name: str, privilege: Privilege) -> rx.Component:
    return rx.cond(may(privilege), ui.menu_link(words, href, icon_name))
