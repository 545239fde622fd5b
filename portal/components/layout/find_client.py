"""Find a client: a field in the bar, and below it the first few who are found."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components.client_symbols import client_symbols
from portal.components.ui.keyed_list import ROW, keyed_list, slash_key
from portal.components.ui.search_field import search_field
from portal.state.staff.find import FindState
from portal.state.staff.session import Privilege, may

State: Any = FindState  # its handlers, as the guard wraps them, look like plain functions to a type checker


def find_client() -> rx.Component:
    """Only for whoever may see clients. `/` puts the cursor there; the list shows while the cursor is in it."""
    field = search_field(
        "Find a client",
        id="find-client",
        find="bar",
        placeholder="Find a client",
        turn=State.turn,
        on_search=State.search,
        on_all=State.show_all,
        suffix=rx.el.kbd("/", aria_hidden="true"),
    )
    everybody = rx.el.button(State.said, " · show all", type="button", on_click=State.show_all, class_name="find__all")
    none = rx.el.p(State.said, class_name="find__none")
    found = rx.el.div(
        rx.el.ul(rx.foreach(State.found, _line)),
        rx.cond(State.found.length() > 0, everybody, none),
        class_name="find__list",
    )
    said = rx.el.p(State.said, class_name="vh", role="status")
    shown = keyed_list(
        field, rx.cond(State.said != "", found), said, as_="div", label="Find a client", class_name="find"
    )
    return rx.cond(may(Privilege.CLIENTS_VIEW), rx.fragment(shown, slash_key()))


def _line(client: Any) -> rx.Component:
    return rx.el.li(
        rx.el.a(
            rx.el.b(client.first, " ", client.last),
            client_symbols(client.symbols),
            rx.el.span(client.born, " (", client.age, ") ", client.phone, class_name="find__facts"),
            href=f"{routes.STAFF_CLIENTS}/{client.id}",
            on_click=State.done,
            custom_attrs=ROW,
        )
    )
