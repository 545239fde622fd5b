"""Menus that open from a button: the profile menu, the actions of a record.

A popover of the browser: a click outside, Escape and a second press close it, focus returns to the button, and it needs
no script. What it holds are links and buttons in a list, reached by Tab.
"""

from typing import Any

import reflex as rx

from portal.components.ui.icon import icon
from portal.components.ui.kit import Child, Event, Text, attributes, classes, present
from portal.components.ui.link import anchor


def menu(
    *items: Child, id: str, label: Text | None = None, trigger: Child, trigger_class: Text = "btn btn--sm"
) -> rx.Component:
    """A button with what it opens. `trigger` is what stands on the button; `label` names it where that does not."""
    return rx.el.div(
        rx.el.button(
            trigger,
            type="button",
            class_name=trigger_class,
            custom_attrs=attributes(**{"popoverTarget": id, "aria-label": label}),
        ),
        rx.el.div(
            rx.el.ul(*present(*items)),
            class_name="menu",
            custom_attrs={"id": id, "popover": "auto"},
        ),
        class_name="menuwrap",
    )


def menu_link(words: Text, href: Text, icon_name: str | None = None, *, full_load: bool = False) -> rx.Component:
    """A way to another page. `full_load` leaves the client-side router."""
    if full_load:
        return rx.el.li(anchor(*_content(words, icon_name), href=href, class_name="menu__item"))
    return rx.el.li(rx.el.a(*_content(words, icon_name), href=href, class_name="menu__item"))


def menu_button(words: Text, on_click: Event, icon_name: str | None = None, *, danger: bool = False) -> rx.Component:
    """An act."""
    kind: Any = classes("menu__item", "menu__item--danger" if danger else "")
    return rx.el.li(rx.el.button(*_content(words, icon_name), type="button", on_click=on_click, class_name=kind))


def _content(words: Text, icon_name: str | None) -> list[Any]:
    return present(None if icon_name is None else icon(icon_name, 16), words)
