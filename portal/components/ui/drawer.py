"""A drawer beside a list: what was chosen there, in detail. It takes focus when it opens and gives it back."""

from typing import Any

import reflex as rx

from portal.components.ui.button import icon_button
from portal.components.ui.kit import Child, Event, Text, attributes, present

#: Focus goes back only from within: whoever has moved on to another row stays there.
COMPONENT = """
const beside = (drawer) => {
  if (!drawer) return;
  const before = document.activeElement;
  drawer.querySelector("[data-first-focus]")?.focus();
  return () => {
    if (drawer.contains(document.activeElement) && before?.isConnected) before.focus();
  };
};
function SideDrawer(drawer) {
  return jsx("aside", { ...drawer, ref: beside });
}
"""


class SideDrawer(rx.Component):
    """The drawer's frame."""

    tag = "SideDrawer"

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def drawer(
    title: Text, *children: Child, id: str, on_close: Event, sub: Child = None, close_label: Text = "Close", key: Any
) -> rx.Component:
    """The drawer, mounted while something is chosen; `key` is what: another one moves focus again."""
    head = rx.el.div(
        rx.el.div(
            *present(
                rx.el.h2(
                    title,
                    class_name="title2",
                    custom_attrs={"id": f"{id}-title", "tabIndex": -1, "data-first-focus": True},
                ),
                sub,
            )
        ),
        icon_button("x", close_label, size=16, on_click=on_close),
        class_name="drawer__head",
    )
    return SideDrawer.create(
        head,
        rx.el.div(*present(*children), class_name="drawer__body"),
        class_name="drawer",
        custom_attrs=attributes(id=id, **{"aria-labelledby": f"{id}-title"}),
        key=key,
    )
