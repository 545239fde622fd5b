"""A datum that is edited where it stands: a pencil, the field, **Save** and **Cancel**."""

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec

from portal.components.ui.kit import Child, Event, present

#: The field has the focus when it appears, Escape leaves it, and the button that opened it has the focus again.
COMPONENT = """
function InPlace({ opener, onLeave, children, ...given }) {
  const place = useRef(null);
  useEffect(() => {
    const first = place.current.querySelector("input, select, textarea");
    first?.focus();
    first?.select?.();
    return () => setTimeout(() => {
      if (document.activeElement === document.body) document.getElementById(opener)?.focus();
    }, 50);
  }, []);
  const key = (event) => {
    if (event.key !== "Escape" || event.target.closest("dialog")) return;
    event.preventDefault();
    onLeave?.();
  };
  return jsx("div", { ...given, ref: place, onKeyDown: key }, children);
}
"""


class InPlace(rx.Component):
    """Around the form that stands in the datum's place; `opener` is the id of its pencil."""

    tag = "InPlace"
    opener: rx.Var[str]
    on_leave: rx.EventHandler[no_args_event_spec]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag=tag) for tag in ("useEffect", "useRef")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def in_place(*children: Child, opener: str, on_leave: Event) -> rx.Component:
    """The form that stands in the place of a datum while it is edited."""
    return InPlace.create(*present(*children), opener=opener, on_leave=on_leave, class_name="inplace")
