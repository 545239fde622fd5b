"""Choosing a photograph: it goes to our own route at once, and the page hears what became of it."""

from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from portal.components.ui.icon import icon
from portal.components.ui.kit import Event, Flag, Text

#: The file itself is the body of the request; the answer is its status.
COMPONENT = """
function PhotoInput({ action, question, accept, onGoing, onTold, children, ...box }) {
  const send = async (event) => {
    const input = event.target;
    const file = input.files[0];
    if (!file) return;
    onGoing?.();
    let status = 0;
    try {
      const address = action + "?question=" + encodeURIComponent(question);
      status = (await fetch(address, { method: "POST", body: file, credentials: "same-origin" })).status;
    } catch { /* the connection was lost: status 0 */ }
    input.value = "";
    onTold?.(status);
  };
  return jsx("label", { ...box }, jsx("input", { type: "file", accept, className: "vh", onChange: send,
    id: box["data-id"] }), children);
}
"""


class PhotoInput(rx.Component):
    """A file input that sends what was chosen."""

    tag = "PhotoInput"
    action: rx.Var[str]
    question: rx.Var[str]
    accept: rx.Var[str]
    on_going: rx.EventHandler[rx.event.no_args_event_spec]
    on_told: rx.EventHandler[passthrough_event_spec(int)]

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def photo_input(
    words: Text, *, action: Text, question: Text, on_going: Event, on_told: Event, sending: Flag = False, id: Text = ""
) -> rx.Component:
    """A button that opens the camera or the pictures of the device. `on_told` receives the status of our answer: 201
    when the photograph was taken, 0 when the connection was lost."""
    spinner = rx.fragment(rx.el.span(class_name="spinner", aria_hidden="true"), "Sending your photograph")
    idle = rx.fragment(icon("plus"), words)
    given: dict[str, Any] = {"data-id": id}
    return PhotoInput.create(
        rx.cond(sending, spinner, idle) if isinstance(sending, rx.Var) else idle,
        action=action,
        question=question,
        accept="image/jpeg,image/png,image/webp",
        on_going=on_going,
        on_told=on_told,
        class_name="btn photoinput",
        custom_attrs=given,
    )
