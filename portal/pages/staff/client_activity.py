"""The Activity tab beside a client's panel: what happened with this client, newest first."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.state.staff.activity import SYMBOLS
from portal.state.staff.activity import ActivityState as State
from portal.state.staff.client import ClientState
from portal.state.staff.session import Privilege, may


def tab() -> rx.Component:
    """The lines by day."""
    waiting = ui.loading("Loading the activity", ui.skeleton_card(5))
    nothing = ui.empty_state(
        "history", "Nothing has happened yet", "Visits, forms, messages and log-ins will be listed here."
    )
    return rx.cond(State.loading, waiting, rx.cond(State.rows.length() > 0, _lines(), nothing))


def _lines() -> rx.Component:
    log = f"{routes.STAFF_AUDIT}?client={ClientState.client_id}"
    more = rx.el.p(ui.button("Show earlier", on_click=State.earlier), class_name="moreline")
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Activity", class_name="title2", custom_attrs={"id": "activity"}),
            rx.cond(may(Privilege.AUDIT_SEARCH), ui.link("Audit log", href=log)),
            class_name="card__head",
        ),
        rx.el.ol(rx.foreach(State.rows, _line), class_name="happened"),
        rx.cond(State.next != "", more),
        class_name="card",
        custom_attrs={"aria-labelledby": "activity"},
    )


def _line(row: Any) -> rx.Component:
    where = rx.cond(row.origin != "", rx.el.span("from ", row.origin))
    by = rx.cond(row.who != "", rx.el.span(row.who, " "))
    return rx.el.li(
        rx.cond(row.heading, rx.el.h3(row.day, class_name="happened__day")),
        rx.el.div(
            rx.el.time(row.time),
            ui.icon(row.icon, 16, options=SYMBOLS),
            rx.el.p(row.words, rx.el.span(by, where, class_name="happened__by")),
            class_name="happened__line",
        ),
    )
