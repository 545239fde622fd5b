"""A link to a question on the same page: the cursor goes to the field, and the screen with it."""

from typing import Any

import reflex as rx

from portal.components.ui.kit import Text

COMPONENT = """
function JumpLink({ to, children, ...given }) {
  const go = (event) => {
    event.preventDefault();
    const place = document.getElementById(to);
    place?.scrollIntoView({ block: "center" });
    const fields = "input:not([type=hidden]), textarea, select, button";
    (place?.querySelector("input:checked") ?? place?.querySelector(fields) ?? place)?.focus({ preventScroll: true });
  };
  return jsx("a", { ...given, href: "#" + to, onClick: go }, children);
}
"""


class JumpLink(rx.Component):
    """A link whose address is a place on this page."""

    tag = "JumpLink"
    to: rx.Var[str]

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def jump_link(words: Text, to: Text, *, class_name: Text = "link") -> rx.Component:
    """A link to the first field within the element whose id is `to`."""
    attributes: dict[str, Any] = {"to": to, "class_name": class_name}
    return JumpLink.create(words, **attributes)
