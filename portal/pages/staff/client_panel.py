"""The left side panel of a client's profile, in the order of the practice's own guide to it."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.client_symbols import client_symbols
from portal.components.ui.kit import Child, Text, present
from portal.pages.staff import client_access, client_communication, client_duplicates, client_loyalty
from portal.pages.staff.client_actions import actions
from portal.pages.staff.client_place import contact
from portal.state.staff.client import ClientState as State
from portal.state.staff.merge import NAME
from portal.state.staff.session import Privilege, may

Row = State.panel
HERE = f"{routes.STAFF_CLIENTS}/{State.client_id}"

# The sections that stand in files of their own: after the contact, and after the relationship.
ACCESS: tuple[Callable[[], rx.Component], ...] = (client_access.section, client_communication.section)
LOYALTY: tuple[Callable[[], rx.Component], ...] = (client_loyalty.section,)


def client_panel() -> rx.Component:
    """Who it is, how to reach them, and what staff must know."""
    sections = rx.fragment(
        _top(),
        contact(),
        *(section() for section in ACCESS),
        _relationship(),
        *(section() for section in LOYALTY),
        _more(),
    )
    return rx.el.aside(
        rx.cond(Row, sections, _empty()), class_name="spanel", custom_attrs={"aria-label": "Client details"}
    )


def _empty() -> rx.Component:
    waiting = ui.loading("Loading the client", ui.skeleton("3.25rem"), ui.skeleton("6rem"), ui.skeleton("9rem"))
    return rx.el.div(_back(), rx.cond(State.missing, rx.fragment(), waiting), class_name="spanel__top")


def _back() -> rx.Component:
    return ui.link("Clients", href=routes.STAFF_CLIENTS, icon_name="arrow-left")


def _top() -> rx.Component:
    name = rx.el.h1(Row.name, id=NAME, tab_index=-1, class_name="spanel__name")
    return rx.el.div(
        ui.split(_back(), actions()),
        rx.el.div(
            rx.el.span(Row.initials, class_name="avatar spanel__avatar", aria_hidden="true"),
            rx.el.div(name, client_symbols(Row.symbols)),
            class_name="spanel__id",
        ),
        rx.cond(Row.inactive != "", ui.pill(Row.inactive, icon_name="circle-slash")),
        rx.el.dl(
            _term("Preferred name", Row.preferred_name),
            _term("Pronouns", Row.pronouns),
            _term("Date of birth", Row.born),
            _term("Age", Row.age.to(str)),
            _term("Guardian", Row.guardian),
            class_name="kvl spanel__who",
        ),
        _allergies(),
        client_duplicates.section(),
        _draft(),
        class_name="spanel__top",
    )


def _allergies() -> rx.Component:
    some = rx.el.p(
        ui.icon("triangle-alert", 16),
        rx.el.span(rx.el.b("Allergies"), " ", Row.allergies.join(", ")),
        class_name="allergybox",
    )
    none = rx.el.p(rx.el.span(rx.el.b("Allergies"), " ", Row.no_allergies), class_name="allergybox allergybox--none")
    return rx.cond(Row.allergies.length() > 0, some, none)


def _draft() -> rx.Component:
    """What this person typed and did not save is not forgotten."""
    words = ui.banner(
        "Not saved yet:", Row.draft, ". ", ui.link("Continue", href=f"{HERE}/edit", in_text=True), tone="warn"
    )
    return rx.cond((Row.draft != "") & may(Privilege.CLIENTS_EDIT), words)


def _relationship() -> rx.Component:
    papers = rx.el.span(ui.flag("timer"), ui.link(Row.expiring, href=f"{HERE}?tab=task-management"), class_name="mline")
    return _section(
        "Relationship",
        _term("Last visit", Row.last_visit, "None yet"),
        rx.cond(Row.expiring != "", _line("Documents", papers)),
    )


def _more() -> rx.Component:
    """At the bottom: whom to call, where they heard of the practice, carrier and prescription."""
    return _section(
        "Additional information",
        _pair("Emergency contact", Row.emergency_name, Row.emergency_relationship, Row.emergency_phone),
        _term("Referral", Row.referral, "None on file"),
        _pair("Carrier", Row.carrier, Row.carrier_number),
        _pair("Prescription", Row.pharmacy, Row.pharmacy_phone),
    )


def _pair(words: str, first: Any, *further: Any) -> rx.Component:
    """A line of several data, each on a row of its own."""
    lines = [rx.cond(one != "", rx.el.span(one, class_name="num")) for one in (first, *further)]
    known = first != ""
    for one in further:
        known = known | (one != "")
    none = rx.el.span("None on file", class_name="faint")
    return _line(words, rx.cond(known, rx.el.span(*lines, class_name="stackedlines"), none))


def _section(title: str, *lines: Child) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="spanel__h"), rx.el.dl(*present(*lines), class_name="kvl"), class_name="spanel__sec"
    )


def _term(words: str, value: Any, otherwise: Text = "") -> rx.Component:
    """One line; one with nothing to say is left out, or says so."""
    if otherwise:
        return _line(words, rx.cond(value != "", rx.fragment(value), rx.el.span(otherwise, class_name="faint")))
    return rx.cond(value != "", _line(words, value))


def _line(words: str, value: Child) -> rx.Component:
    return rx.el.div(rx.el.dt(words), rx.el.dd(*present(value)))
