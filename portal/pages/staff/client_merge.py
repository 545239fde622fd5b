"""Merging two clients: choosing the other record, then both side by side."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.client_symbols import client_symbols
from portal.components.layout.staff import staff_page
from portal.components.ui.keyed_list import keyed_list
from portal.components.ui.kit import attributes, hidden_text
from portal.components.ui.search_field import search_field
from portal.state.staff.merge import MergeState as State

HERE = f"{routes.STAFF_CLIENTS}/{State.client_id}"


def client_merge() -> rx.Component:
    """The page at /staff/clients/[client_id]/merge."""
    waiting = ui.loading("Loading the client", ui.skeleton_card(5))
    page = rx.cond(State.kept, rx.fragment(_both(), _question()), _choose())
    return staff_page("Clients", rx.cond(State.wrong != "", _wrong(), rx.cond(State.client_id != "", page, waiting)))


def _head(*words: Any) -> rx.Component:
    return rx.fragment(
        rx.el.div(ui.link(State.name, href=HERE, icon_name="arrow-left"), class_name="shead"),
        rx.el.h1("Merge clients", class_name="title1 mergehead"),
        *words,
    )


def _wrong() -> rx.Component:
    back = ui.button_link("All clients", href=routes.STAFF_CLIENTS, kind="primary")
    return rx.fragment(
        rx.el.h1("Merge clients", class_name="vh"), ui.empty_state("merge", "Nothing to merge", State.wrong, back)
    )


def _choose() -> rx.Component:
    """Who may be the same person, and a search for whoever is not among them."""
    field = search_field(
        "Find the other record",
        id="merge-search",
        find="page",
        placeholder="Name, phone, email or date of birth",
        on_search=State.search,
    )
    alike = ui.section(
        "Who may be the same person", ui.rows(rx.foreach(State.alike, _alike)), id="merge-alike", class_name="card"
    )
    return rx.fragment(
        _head(rx.el.p("Which record is of the same person as ", rx.el.b(State.name), "?", class_name="muted measure")),
        ui.stack(
            rx.cond(State.alike.length() > 0, alike),
            keyed_list(
                rx.el.h2("Find the other record", class_name="title2"),
                field,
                rx.cond(State.said != "", rx.el.p(State.said, class_name="muted", role="status")),
                ui.rows(rx.foreach(State.found, _found)),
                label="Find the other record",
                class_name="card stack",
            ),
        ),
    )


def _pick(client: Any, name: Any) -> rx.Component:
    return ui.button(
        "Compare", small=True, on_click=State.choose(client.id), label=f"Compare with {name}, born {client.born}"
    )


def _alike(client: Any) -> rx.Component:
    facts = rx.el.p(client.born, " (", client.age, ") ", client.phone, " ", client.email, class_name="muted num")
    body = rx.el.div(rx.el.p(client.name, class_name="title3"), facts, rx.el.p(client.why, class_name="sm"))
    return rx.el.li(rx.el.div(body, class_name="row__body"), _pick(client, client.name), class_name="row")


def _found(client: Any) -> rx.Component:
    name = f"{client.first} {client.last}"
    facts = rx.el.p(client.born, " (", client.age, ") ", client.phone, " ", client.email, class_name="muted num")
    body = rx.el.div(rx.el.p(name, client_symbols(client.symbols), class_name="title3"), facts)
    return rx.el.li(rx.el.div(body, class_name="row__body"), _pick(client, name), class_name="row")


def _both() -> rx.Component:
    """The two, what differs, what comes along."""
    words = rx.el.p(
        "Choose what stays where the two differ. Visits, forms, documents, invoices and notes of both are kept; "
        "nothing that was signed changes.",
        class_name="muted measure",
    )
    return rx.fragment(
        _head(words),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(hidden_text("What"), scope="col"),
                        _side(State.kept, stays=True),
                        _side(State.gone, stays=False),
                    )
                ),
                rx.el.tbody(_fact("Client since", "since"), _fact("Has", "has"), rx.foreach(State.choices, _choice)),
                class_name="table mergetable",
            ),
            class_name="card card--flush tablewrap",
            role="region",
            custom_attrs={"aria-label": "The two records", "tabIndex": 0},
        ),
        rx.el.div(
            ui.button("Merge into one record", kind="primary", icon_name="merge", on_click=State.ask),
            ui.button("Let the other one stay", icon_name="undo-2", on_click=State.turn),
            ui.button("Choose another record", kind="quiet", on_click=State.another),
            class_name="cluster mergeacts",
        ),
    )


def _side(side: Any, *, stays: bool) -> rx.Component:
    what = (
        ui.pill("Stays", tone="ok", icon_name="circle-check") if stays else ui.pill("Goes into it", icon_name="merge")
    )
    link = ui.link(side.name, href=f"{routes.STAFF_CLIENTS}/{side.id}", in_text=True)
    born = rx.el.span(side.born, class_name="faint num")
    return rx.el.th(rx.el.span(link, what, class_name="cluster mergeside"), born, scope="col")


def _fact(words: str, name: str) -> rx.Component:
    return rx.el.tr(
        rx.el.th(words, scope="row"), rx.el.td(getattr(State.kept, name)), rx.el.td(getattr(State.gone, name))
    )


def _choice(choice: Any) -> rx.Component:
    """Where both say something: one of the two. Where one says nothing, what is known stays."""
    taken = State.taken.contains(choice.name)
    return rx.el.tr(
        rx.el.th(choice.label, scope="row"),
        rx.el.td(rx.cond(choice.open, _radio(choice, choice.kept, ~taken, theirs=False), _alone(choice.kept))),
        rx.el.td(rx.cond(choice.open, _radio(choice, choice.gone, taken, theirs=True), _alone(choice.gone))),
    )


def _alone(words: Any) -> rx.Component:
    return rx.cond(words != "", rx.el.span(words), rx.el.span("None on file", class_name="faint"))


def _radio(choice: Any, words: Any, on: Any, *, theirs: bool) -> rx.Component:
    box = rx.el.input(
        type="radio",
        name=f"merge-{choice.name}",
        checked=on,
        on_change=State.take(choice.name, theirs),
        custom_attrs=attributes(**{"aria-label": f"{choice.label}: {words}"}),
    )
    return rx.el.label(box, rx.el.span(words), class_name="check")


def _question() -> rx.Component:
    words = rx.fragment(
        rx.el.b(State.gone.name),
        ", born ",
        State.gone.born,
        ", goes into ",
        rx.el.b(State.kept.name),
        ", born ",
        State.kept.born,
        ". Whoever is signed in to the record that goes is signed out. This cannot be undone.",
    )
    merge = ui.button(
        "Merge into one record", kind="primary", on_click=State.merge, loading=State.busy, loading_text="Merging"
    )
    return ui.confirm(
        "Are these two one person?",
        words,
        open=State.asking,
        id="merge-question",
        action=merge,
        keep="Keep both records",
        on_close=State.keep,
    )
