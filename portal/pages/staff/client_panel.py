"""The left side panel of a client's profile, in the order of the practice's own guide to it."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.client_symbols import client_symbols
from portal.components.ui.kit import Child, Text
from portal.state.staff.client import ClientState as State

Row = State.panel

# The sections that stand in files of their own, as the practice reads them: portal access, consents, loyalty.
ACCESS: tuple[Callable[[], rx.Component], ...] = ()
LOYALTY: tuple[Callable[[], rx.Component], ...] = ()


def client_panel() -> rx.Component:
    """Who it is, how to reach them, and what staff must know."""
    return rx.el.aside(
        rx.cond(
            Row,
            rx.fragment(
                _top(),
                _contact(),
                *(section() for section in ACCESS),
                _relationship(),
                *(section() for section in LOYALTY),
                _more(),
            ),
            _empty(),
        ),
        class_name="spanel",
        custom_attrs={"aria-label": "Client details"},
    )


def _empty() -> rx.Component:
    waiting = ui.loading("Loading the client", ui.skeleton("3.25rem"), ui.skeleton("6rem"), ui.skeleton("9rem"))
    return rx.el.div(_back(), rx.cond(State.missing, rx.fragment(), waiting), class_name="spanel__top")


def _back() -> rx.Component:
    return ui.link("Clients", href=routes.STAFF_CLIENTS, icon_name="arrow-left")


def _top() -> rx.Component:
    return rx.el.div(
        ui.split(_back()),
        rx.el.div(
            ui.avatar(Row.initials),
            rx.el.div(
                rx.el.h1(Row.name, class_name="spanel__name"),
                client_symbols(Row.symbols),
            ),
            class_name="spanel__id",
        ),
        rx.el.dl(
            _term("Preferred name", Row.preferred_name),
            _term("Date of birth", Row.born),
            _term("Age", Row.age.to(str)),
            _term("Guardian", Row.guardian),
            class_name="kvl",
        ),
        _allergies(),
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


def _contact() -> rx.Component:
    return _section("Contact")


def _relationship() -> rx.Component:
    return _section(
        "Relationship",
        rx.el.dl(
            _term("Last visit", Row.last_visit, "None yet"),
            class_name="kvl",
        ),
    )


def _more() -> rx.Component:
    return _section(
        "Additional information",
        rx.el.dl(
            _term("Emergency contact", Row.emergency_name),
            _term("Referral", Row.referral),
            class_name="kvl",
        ),
    )


def _section(title: str, *children: Child) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title, class_name="spanel__h"),
        *(child for child in children if child is not None),
        class_name="spanel__sec",
    )


def _term(words: str, value: Any, otherwise: Text = "") -> rx.Component:
    """One line; one with nothing to say is left out, or says so."""
    line = rx.el.div(rx.el.dt(words), rx.el.dd(value))
    if otherwise:
        return rx.cond(value != "", line, rx.el.div(rx.el.dt(words), rx.el.dd(otherwise, class_name="faint")))
    return rx.cond(value != "", line)
