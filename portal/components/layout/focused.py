"""A focused task (read, sign, fill, pay): no menu, a way back, a title, the actions at the bottom."""

from collections.abc import Sequence

import reflex as rx

from portal.components import ui
from portal.components.layout import parts
from portal.components.layout.patient import MAIN
from portal.components.ui.kit import Child, Text, present


def focused_page(
    back: tuple[Text, Text],
    title: Text,
    *children: Child,
    actions: Sequence[Child] = (),
    tool: Child = None,
) -> rx.Component:
    """The frame of a task. `back` is where it came from, as (address, name); `tool` stands at the right of the bar.

    The page brings its own h1. The first of `actions` stands left (what can be put off), the last one right (the filled
    button).
    """
    href, name = back
    way_back = rx.el.a(
        ui.icon("arrow-left"), href=href, class_name="iconbtn", custom_attrs={"aria-label": f"Back to {name}"}
    )
    bar = rx.el.header(
        way_back,
        rx.el.p(title, class_name="focus__title"),
        rx.el.span() if tool is None else tool,
        class_name="focus__bar",
    )
    foot = None
    if actions:
        foot = rx.el.div(
            rx.el.div(*present(*actions), class_name="actionbar__in"),
            class_name="actionbar",
            role="region",
            custom_attrs={"aria-label": "Actions"},
        )
    return rx.fragment(
        parts.brand_colours(),
        ui.skip_link(),
        rx.el.div(
            *present(bar, rx.el.main(*present(*children), class_name="focus__main", custom_attrs=MAIN), foot),
            class_name="focus",
        ),
        parts.live_regions(),
        parts.idle_watch(),
    )
