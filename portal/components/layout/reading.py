"""A page to read, signed in or not: a bar with the practice and the way back, a title, the text."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import parts
from portal.components.layout.patient import MAIN
from portal.components.ui.kit import Child, present
from portal.state.session import SessionState


def reading_page(title: str, *children: Child) -> rx.Component:
    """The frame of Help and of the practice's texts. `title` is the h1."""
    way = rx.cond(
        SessionState.signed_in,
        ui.button_link("Dashboard", href=routes.DASHBOARD, small=True),
        ui.button_link("Log in", href=routes.LOGIN, small=True),
    )
    return rx.fragment(
        parts.brand_colours(),
        ui.skip_link(),
        rx.el.div(
            rx.el.header(parts.brandmark(routes.LOGIN), way, class_name="reading__bar"),
            rx.el.main(
                rx.el.h1(title, class_name="display"),
                *present(*children),
                class_name="reading__main",
                custom_attrs=MAIN,
            ),
            parts.footer(),
            class_name="reading",
        ),
        parts.live_regions(),
        parts.idle_watch(),
    )
