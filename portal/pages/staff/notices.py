"""The practice's own feed: what clients did, newest first."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.client_symbols import client_symbols
from portal.components.layout.staff import staff_page
from portal.components.ui.kit import inline
from portal.state.staff.notices import KINDS
from portal.state.staff.notices import NoticesState as State

#: The picture of each kind of notice.
ICONS = {
    "appointment.confirmed": "calendar-check-2",
    "appointment.changed": "calendar-clock",
    "appointment.cancelled": "calendar",
    "appointment.restored": "undo-2",
    "opt-out.unmatched": "circle-alert",
    "opt-out.shared": "circle-alert",
    "client.duplicate": "users-round",
}
USUAL = "bell"


def notices() -> rx.Component:
    """The page at /staff/notifications."""
    shown = rx.cond(State.rows.length() > 0, _list(), _nothing())
    return staff_page(
        "Notifications",
        rx.el.div(rx.el.h1("Notifications", class_name="title1"), _kinds(), class_name="shead"),
        rx.cond(State.loading, ui.loading("Loading the feed", ui.skeleton_card(5)), shown),
        form=True,
    )


def _kinds() -> rx.Component:
    choose = rx.el.select(
        rx.el.option("Everything", value=""),
        *(rx.el.option(words, value=kind) for kind, words in KINDS),
        default_value=State.kind,
        on_change=State.only,
        class_name="select",
        custom_attrs={"aria-label": "Kind"},
    )
    return rx.el.div(choose, class_name="cluster", custom_attrs=inline(margin_left="auto"))


def _list() -> rx.Component:
    more = ui.button("Show earlier", on_click=State.show_more)
    return ui.stack(
        rx.el.section(
            ui.rows(rx.foreach(State.rows, _line)), class_name="card", custom_attrs={"aria-label": "Notifications"}
        ),
        rx.cond(State.more, ui.cluster(more)),
    )


def _nothing() -> rx.Component:
    words = "When a client confirms, moves or cancels a visit, it stands here at once."
    return ui.empty_state("bell", "Nothing here yet", words)


def _line(row: Any) -> rx.Component:
    picture = rx.match(row.kind, *ICONS.items(), USUAL)
    client = rx.fragment(
        rx.el.a(row.client, href=row.client_href, class_name="clientlink"), client_symbols(row.symbols)
    )
    opens = rx.el.a(
        "Open", href=row.href, class_name="btn btn--sm", custom_attrs={"aria-label": f"Open: {row.title}, {row.client}"}
    )
    new = rx.el.span(ui.dot(), "New", class_name="note__new")
    return rx.el.li(
        rx.el.div(
            rx.el.span(ui.icon(picture, options=(*ICONS.values(), USUAL)), class_name="row__ico"),
            rx.el.div(
                rx.el.h2(row.title, class_name="row__title"),
                rx.cond(row.client != "", rx.el.p(client)),
                rx.cond(row.body != "", rx.el.p(row.body, class_name="row__meta")),
                rx.el.p(rx.cond(row.new, new), row.when, class_name="note__when"),
                class_name="row__body",
            ),
            rx.cond(row.href != "", opens),
            class_name="row",
        )
    )
