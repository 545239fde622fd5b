"""The one-time passcode: one real input over six drawn cells."""

from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from portal.components.ui.field import described, field
from portal.components.ui.kit import Event, Text

LENGTH = 6

#: Keeps digits only, draws them into the cells, and reports the code once when the last cell fills.
COMPONENT = """
function PasscodeInput({ onComplete, length, wrong, ...input }) {
  const [code, setCode] = useState("");
  const [focused, setFocused] = useState(false);
  const type = (event) => {
    const next = event.target.value.replace(/\\D/g, "").slice(0, length);
    if (next.length === length && next !== code) onComplete?.(next);
    setCode(next);
  };
  const cells = Array.from({ length }, (_, i) =>
    jsx("span", {
      key: i,
      className: "otp__cell" + (focused && i === code.length ? " is-next" : ""),
      "aria-hidden": "true",
    }, code[i]));
  return jsx("div", { className: "otp" + (wrong ? " otp--err" : "") }, ...cells,
    jsx("input", {
      ...input,
      className: "otp__input",
      value: code,
      onChange: type,
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
    }));
}
"""


class PasscodeInput(rx.Component):
    """The drawn cells and the input, a small React function declared here."""

    tag = "PasscodeInput"
    length: rx.Var[int]
    wrong: rx.Var[bool]
    name: rx.Var[str]
    on_complete: rx.EventHandler[passthrough_event_spec(str)]

    def add_imports(self) -> dict[str, Any]:
        """React's state hook."""
        return {"react": [rx.ImportVar(tag="useState")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def otp(
    label: Text = "One-time passcode",
    *,
    name: str = "code",
    hint: Text | None = None,
    error: Text = "",
    on_complete: Event = None,
    attempt: Text | int | rx.Var[int] = "0",
    focus: bool = False,
) -> rx.Component:
    """A six-digit code. `on_complete` receives it when the sixth digit is typed, pasted or filled in by the phone.

    Inside a form the code is also a field called `name`. A new `attempt` empties the cells (a wrong code, a resend).
    `focus` puts the cursor there as soon as the field appears.
    """
    wrong = error != "" if isinstance(error, rx.Var) else bool(error)
    control = PasscodeInput.create(
        length=LENGTH,
        wrong=wrong,
        name=name,
        key=attempt,
        custom_attrs={
            "id": name,
            "inputMode": "numeric",
            "autoComplete": "one-time-code",
            "pattern": f"[0-9]{{{LENGTH}}}",
            "aria-required": "true",
            **({"autoFocus": True} if focus else {}),
            **described(name, hint, error),
        },
        **({} if on_complete is None else {"on_complete": on_complete}),
    )
    return field(label, control, id=name, hint=hint, error=error)
