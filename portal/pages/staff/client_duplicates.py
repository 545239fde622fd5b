"""At the top of a client's panel: who may be the same person, and the way to make one record of two."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.state.staff.client import ClientState
from portal.state.staff.merge import DuplicatesState as State
from portal.state.staff.session import Privilege, may


def section() -> rx.Component:
    """Nothing where there is nobody like that."""
    return rx.cond(
        State.alike.length() > 0,
        ui.banner(
            "Possible duplicate.",
            rx.el.ul(rx.foreach(State.alike, _one), class_name="alike"),
            tone="warn",
            class_name="spanel__alike",
        ),
    )


def _one(client: Any) -> rx.Component:
    here = f"{routes.STAFF_CLIENTS}/{ClientState.client_id}"
    compare = ui.link("Compare and merge", href=f"{here}/merge?with={client.id}", in_text=True)
    apart = ui.button(
        "Not the same person",
        small=True,
        on_click=State.tell_apart(client.id),
        label=f"{client.name} is not the same person",
    )
    return rx.el.li(
        ui.link(client.name, href=f"{routes.STAFF_CLIENTS}/{client.id}", in_text=True),
        " ",
        rx.el.span(client.born, class_name="num faint"),
        rx.el.br(),
        client.why,
        rx.el.div(
            rx.cond(may(Privilege.CLIENTS_EDIT), apart),
            rx.cond(may(Privilege.CLIENTS_MERGE), compare),
            class_name="cluster alike__acts",
        ),
    )
