"""Choosing a photograph: it goes to our own route at once, and the page hears what became of it."""

from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from portal.components.ui.kit import Child, Event, Flag, Text

#: What the picker of a device offers. Phones that keep HEIC hand over a JPEG when they are asked for one.
ACCEPTED = "image/jpeg,image/png,image/webp"

#: The file itself is the body of the request; the answer is its status. How far it is and what it looks like stay in
#: the browser: a page that is left or loaded again knows of nothing that is still under way. A file of more than
#: `largest` bytes is not sent at all.
COMPONENT = """
function PhotoInput({ action, question, instead, accept, largest, id, label, onGoing, onTold, children, ...box }) {
  const [going, setGoing] = useState(null);
  const send = (event) => {
    const input = event.target;
    const file = input.files[0];
    if (!file) return;
    onGoing?.();
    if (file.size > largest) {
      input.value = "";
      onTold?.(413);
      return;
    }
    const picture = URL.createObjectURL(file);
    const way = new XMLHttpRequest();
    way.upload.onprogress = ({ loaded, total }) =>
      setGoing({ picture, share: Math.round(100 * loaded / (total || 1)) });
    way.onloadend = () => {
      input.value = "";
      URL.revokeObjectURL(picture);
      setGoing(null);
      onTold?.(way.status);
    };
    const named = new URLSearchParams(instead ? { question, instead } : { question });
    way.open("POST", action + "?" + named);
    setGoing({ picture, share: 0 });
    way.send(file);
  };
  const hold = (event) => { if (going) event.preventDefault(); };
  const input = jsx("input", { type: "file", accept, className: "vh", id, "aria-label": label, "aria-disabled": !!going,
    onChange: send, onClick: hold });
  const words = going && jsx("span", { className: "photoinput__going", role: "status" },
    jsx("img", { src: going.picture, alt: "", className: "photoinput__img",
      onError: (event) => { event.target.hidden = true; } }),
    "Sending your photograph",
    jsx("progress", { className: "photoinput__bar", max: 100, value: going.share, "aria-hidden": true }));
  return jsx("label", { ...box, "aria-busy": !!going }, input, words || children);
}
"""


class PhotoInput(rx.Component):
    """A file input that sends what was chosen."""

    tag = "PhotoInput"
    action: rx.Var[str]
    question: rx.Var[str]
    instead: rx.Var[str]
    accept: rx.Var[str]
    largest: rx.Var[int]
    label: rx.Var[str]
    on_going: rx.EventHandler[rx.event.no_args_event_spec]
    on_told: rx.EventHandler[passthrough_event_spec(int)]

    def add_imports(self) -> dict[str, str]:
        """React's own state."""
        return {"react": "useState"}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def photo_input(
    *words: Child,
    action: Text,
    question: Text,
    on_going: Event,
    on_told: Event,
    largest: int,
    instead: Text = "",
    label: Text = "",
    id: Text = "",
    small: Flag = False,
) -> rx.Component:
    """A button that opens the camera or the pictures of the device. `largest` is in bytes.

    `on_told` receives the status of our answer: 201 when the photograph was taken, 0 when the connection was lost.
    """
    named: dict[str, Any] = {"id": id} if isinstance(id, rx.Var) or id else {}
    if isinstance(label, rx.Var) or label:
        named["label"] = label
    return PhotoInput.create(
        *words,
        action=action,
        question=question,
        instead=instead,
        accept=ACCEPTED,
        largest=largest,
        on_going=on_going,
        on_told=on_told,
        class_name="btn btn--quiet btn--sm photoinput" if small else "btn photoinput",
        custom_attrs=named,
    )
