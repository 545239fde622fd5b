"""Getting in: a greeting in the light on one side, the form on the other. All of it stands in the prerendered HTML."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import parts
from portal.components.layout.patient import MAIN
from portal.components.ui.kit import Child, Text, present
from portal.state.practice import PracticeState


def auth_page(hero: Text, *children: Child, staff: bool = False) -> rx.Component:
    """The frame of sign-in and sign-up. `hero` is the greeting; the page brings its own h1. `staff` says whose side."""
    mark = parts.brandmark(routes.STAFF_LOGIN, suffix="Staff") if staff else parts.brandmark(routes.LOGIN)
    art = rx.el.header(
        mark,
        rx.el.p(hero, class_name="hero-type"),
        rx.el.div(
            rx.el.p(
                rx.el.b(PracticeState.clinic),
                rx.foreach(PracticeState.address_lines, lambda line: rx.fragment(line, rx.el.br())),
            ),
            rx.cond(PracticeState.hours_today != "", rx.el.p(_open(), PracticeState.hours_today)),
            rx.el.p(rx.el.b("Front desk"), ui.phone_link(PracticeState.phone, PracticeState.phone_href)),
            class_name="auth__foot",
        ),
        class_name="lit auth__art",
    )
    return rx.fragment(
        parts.brand_colours(),
        ui.skip_link(),
        rx.el.div(
            art,
            rx.el.main(*present(*children), class_name="auth__panel", custom_attrs=MAIN),
            class_name="auth",
        ),
        parts.live_regions(),
    )


def _open() -> rx.Component:
    return rx.el.b(rx.cond(PracticeState.hours_today == "Closed", "Today", "Open today"))
