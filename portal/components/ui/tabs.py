"""Tabs move between views and can carry counts; segments switch a mode."""

from typing import Any

import reflex as rx

from portal.components.ui.icon import icon
from portal.components.ui.kit import Child, Event, Flag, Text, attributes, present, when

#: Arrow keys, Home and End move focus within a tab list and choose; only the chosen tab is in the tab order.
ROVE = """
const rove = (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step && event.key !== "Home" && event.key !== "End") return;
  const tabs = [...event.currentTarget.querySelectorAll('[role="tab"]')];
  const here = tabs.indexOf(document.activeElement);
  const moved = (here + step + tabs.length) % tabs.length;
  const next = event.key === "Home" ? 0 : event.key === "End" ? tabs.length - 1 : moved;
  event.preventDefault();
  tabs[next].focus();
  tabs[next].click();
};
"""


class TabList(rx.el.Div):
    """A row of tabs that the arrow keys move through."""

    def add_custom_code(self) -> list[str]:
        """The key handler."""
        return [ROVE]


def tab_links(label: Text, *links: Child) -> rx.Component:
    """Tabs whose views have their own addresses: a navigation, each child a `tab_link`."""
    return rx.el.nav(*present(*links), class_name="tabs", custom_attrs={"aria-label": label})


def tab_link(words: Text, href: Text, *, current: Flag = False, count: Child = None) -> rx.Component:
    """One of `tab_links`."""
    return rx.el.a(
        *present(words, count), href=href, custom_attrs=attributes(**{"aria-current": when(current, "page", None)})
    )


def tabs(label: Text, *tabs: Child) -> rx.Component:
    """Tabs that change the view in place: each child a `tab`, with its `tab_panel` elsewhere."""
    return TabList.create(
        *present(*tabs),
        class_name="tabs",
        role="tablist",
        custom_attrs={"aria-label": label, "onKeyDown": rx.Var("rove")},
    )


def tab(words: Text, name: str, *, selected: Flag, on_click: Event, count: Child = None) -> rx.Component:
    """One of `tabs`; `name` ties it to its panel."""
    return rx.el.button(
        *present(words, count),
        type="button",
        role="tab",
        on_click=on_click,
        custom_attrs={
            "id": f"tab-{name}",
            "aria-controls": f"panel-{name}",
            "aria-selected": when(selected, "true", "false"),
            "tabIndex": when(selected, 0, -1),
        },
    )


def tab_panel(name: str, *children: Child) -> rx.Component:
    """The view of the tab `name`."""
    return rx.el.div(
        *present(*children), role="tabpanel", custom_attrs={"id": f"panel-{name}", "aria-labelledby": f"tab-{name}"}
    )


def segments(label: Text, *parts: Child, block: bool = False) -> rx.Component:
    """A mode to switch, each child a `segment`. `block` fills the line."""
    style: dict[str, Any] = {"style": {"display": "flex"}} if block else {}
    return rx.el.div(*present(*parts), class_name="seg", role="group", custom_attrs={"aria-label": label, **style})


def segment(words: Text, *, pressed: Flag, on_click: Any, icon_name: str | None = None) -> rx.Component:
    """One of `segments`."""
    return rx.el.button(
        *present(None if icon_name is None else icon(icon_name, 16), words),
        type="button",
        on_click=on_click,
        custom_attrs={"aria-pressed": when(pressed, "true", "false")},
    )
