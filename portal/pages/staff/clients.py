"""The Clients tab: the list, what it is asked for, and how to register somebody new."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.client_symbols import client_symbols, symbols_legend
from portal.components.layout.staff import staff_page
from portal.components.ui.keyed_list import ROW, keyed_list
from portal.components.ui.kit import attributes, hidden_text, inline, when
from portal.components.ui.search_field import search_field
from portal.pages.staff.new_client import new_client_button, new_client_dialog
from portal.state.staff.clients import COLUMNS, FILTERS
from portal.state.staff.clients import ClientsState as State

SORTED = {"name": "Client", "born": COLUMNS["born"], "added": COLUMNS["added"]}
PORTAL = ("Accepted", "Invited")


def clients() -> rx.Component:
    """The page at /staff/clients."""
    return staff_page("Clients", _head(), _list(), _foot(), new_client_dialog())


def _head() -> rx.Component:
    total = rx.cond(State.total != "", ui.count(State.total, "clients", tone="quiet"))
    return rx.el.div(
        rx.el.h1("Clients", class_name="title1"),
        total,
        rx.el.div(new_client_button(), class_name="cluster", custom_attrs=inline(margin_left="auto")),
        class_name="shead",
    )


def _list() -> rx.Component:
    nothing = rx.cond(State.filtered, _nobody_found(), _nobody_yet())
    found = rx.cond(State.lines.length() > 0, _table(), nothing)
    return keyed_list(
        _toolbar(),
        rx.cond(State.loading, _skeleton(), found),
        label="Client list",
        class_name="card card--flush",
    )


def _toolbar() -> rx.Component:
    """Search and filters; those that are on stand in the open, each to be taken off again."""
    field = search_field(
        "Search clients",
        id="client-search",
        find="page",
        placeholder="Name, phone, email or date of birth",
        value=State.typed,
        turn=State.turn,
        on_search=State.search,
    )
    chips = (_chip(name, words) for name, words in FILTERS.items() if name != "visiting")
    return ui.toolbar(
        field,
        _clinic(),
        _toggle("visiting", FILTERS["visiting"]),
        *chips,
        ui.menu(
            *(_choice(words, State.on.contains(name), State.switch(name)) for name, words in _more_filters()),
            id="client-filters",
            trigger=rx.fragment(ui.icon("sliders-horizontal", 16), "More filters"),
            trigger_class="btn",
        ),
        ui.menu(
            *(
                _choice(words, State.columns.contains(name), State.switch_column(name))
                for name, words in COLUMNS.items()
            ),
            id="client-columns",
            trigger=rx.fragment("Columns", ui.icon("chevron-down", 16)),
            trigger_class="btn",
        ),
        rx.el.p(State.shown, class_name="xs faint toolbar__note", role="status"),
    )


def _more_filters() -> list[tuple[str, str]]:
    return [(name, words) for name, words in FILTERS.items() if name != "visiting"]


def _clinic() -> rx.Component:
    every = _choice("All clinics", State.clinic == "", State.all_clinics)

    def one(clinic: Any) -> rx.Component:
        return _choice(clinic[1], State.clinic == clinic[0], State.choose_clinic(clinic[0]))

    return ui.menu(
        every,
        rx.foreach(State.clinics, one),
        id="client-clinic",
        trigger=rx.fragment("Primary clinic: ", State.clinic_name, ui.icon("chevron-down", 16)),
        trigger_class=when(State.clinic != "", "btn filter-on", "btn"),
    )


def _choice(words: Any, on: Any, event: Any) -> rx.Component:
    """One line of a menu that is on or off."""
    mark = rx.el.span(rx.cond(on, ui.icon("check", 16)), class_name="menu__mark")
    return rx.el.li(
        rx.el.button(
            mark,
            words,
            type="button",
            on_click=event,
            class_name="menu__item",
            custom_attrs={"aria-pressed": rx.cond(on, "true", "false")},
        )
    )


def _toggle(name: str, words: str) -> rx.Component:
    on = State.on.contains(name)
    return rx.el.button(
        words,
        rx.cond(on, ui.icon("x", 16)),
        type="button",
        on_click=State.switch(name),
        class_name=when(on, "btn filter-on", "btn"),
        custom_attrs={"aria-pressed": rx.cond(on, "true", "false")},
    )


def _chip(name: str, words: str) -> rx.Component:
    """A filter that is on, out of the menu."""
    chip = rx.el.button(
        hidden_text("Take off the filter "),
        words,
        ui.icon("x", 16),
        type="button",
        on_click=State.switch(name),
        class_name="btn filter-on",
    )
    return rx.cond(State.on.contains(name), chip)


def _table() -> rx.Component:
    heads = [_head_cell("name", "Client")] + [
        rx.cond(State.columns.contains(name), _head_cell(name, words)) for name, words in COLUMNS.items()
    ]
    return rx.el.div(
        rx.el.table(
            rx.el.thead(rx.el.tr(*heads)), rx.el.tbody(rx.foreach(State.lines, _line)), class_name="table listtable"
        ),
        class_name="tablewrap",
        role="region",
        custom_attrs={"aria-label": "Clients, scrolls sideways on small screens", "tabIndex": 0},
    )


def _head_cell(name: str, words: str) -> rx.Component:
    """The head of a column; of those that sort, a button that says which way."""
    if name not in SORTED:
        return rx.el.th(words, scope="col")
    up, down = State.sort == name, State.sort == f"-{name}"
    arrow = rx.cond(
        up | down, rx.el.span(ui.icon("chevron-down", 14), class_name=when(up, "sorted sorted--up", "sorted"))
    )
    sort = rx.el.button(words, arrow, type="button", on_click=State.sort_by(name), class_name="sortbtn")
    said = rx.cond(up, "ascending", rx.cond(down, "descending", "none"))
    return rx.el.th(sort, scope="col", custom_attrs={"aria-sort": said})


def _line(line: Any) -> rx.Component:
    name = rx.el.a(
        rx.el.span(line.first, class_name="clientlink__first"),
        " ",
        line.last,
        href=f"{routes.STAFF_CLIENTS}/{line.id}",
        class_name="clientlink",
        custom_attrs=ROW,
    )
    gone = rx.cond(line.inactive != "", rx.el.span(" ", line.inactive, class_name="faint xs"))
    cells = {
        "born": rx.el.td(line.born, rx.el.span(" (", line.age, ")", class_name="faint"), class_name="num nowrap"),
        "phone": rx.el.td(line.phone, class_name="num nowrap"),
        "email": rx.el.td(line.email, class_name="nowrap"),
        "clinic": rx.el.td(line.clinic, class_name="nowrap"),
        "portal": rx.el.td(_portal(line)),
        "paperwork": rx.el.td(_paperwork(line)),
        "next_visit": rx.el.td(line.next_visit, class_name="nowrap"),
        "last_visit": rx.el.td(line.last_visit, class_name="nowrap muted"),
        "added": rx.el.td(line.added, class_name="nowrap muted"),
    }
    return rx.el.tr(
        rx.el.td(name, client_symbols(line.symbols), gone, class_name="nowrap"),
        *(rx.cond(State.columns.contains(column), cells[column]) for column in COLUMNS),
    )


def _portal(line: Any) -> rx.Component:
    not_yet = ui.pill("Not invited", icon_name="mail-x")
    return rx.cond(line.portal == "Not invited", not_yet, ui.status_pill(line.portal, only=PORTAL))


def _paperwork(line: Any) -> rx.Component:
    to_do = ui.pill(line.paperwork, tone="danger", icon_name="circle-alert")
    done = ui.pill("Complete", tone="ok", icon_name="circle-check")
    return rx.match(line.paperwork, ("", rx.fragment()), ("Complete", done), to_do)


def _skeleton() -> rx.Component:
    return rx.el.div(ui.loading("Loading clients", *(ui.skeleton("1.5rem") for _ in range(8))), class_name="listpad")


def _nobody_found() -> rx.Component:
    return ui.empty_state(
        "search",
        "Nobody was found",
        "Names may be in any order; a phone number whole or its last four digits; a date of birth as 03/14/1988.",
        ui.button("Show all clients", on_click=State.clear),
    )


def _nobody_yet() -> rx.Component:
    return ui.empty_state(
        "users-round", "No clients yet", "Whoever registers, is registered here or imported stands in this list."
    )


def _foot() -> rx.Component:
    def turn(words: str, event: Any, off: Any) -> rx.Component:
        return ui.button(words, small=True, on_click=event, disabled=off)

    pages = rx.el.nav(
        turn("Previous", State.previous, State.number == 1),
        rx.el.span("Page ", State.number, class_name="xs muted pages__number"),
        turn("Next", State.next, ~State.more),
        class_name="cluster pages",
        custom_attrs=attributes(**{"aria-label": "Pages"}),
    )
    many = State.more | (State.number > 1)
    return rx.cond(
        ~State.loading & (State.lines.length() > 0),
        rx.el.div(symbols_legend(), rx.cond(many, pages), class_name="listfoot"),
    )
