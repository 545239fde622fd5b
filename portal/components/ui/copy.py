"""A text to take away, with a button that copies it in the browser."""

from typing import Any

import reflex as rx

from portal.components.ui.icon_paths import PATHS
from portal.components.ui.kit import Text

#: Says what came of it in the button itself and, for a screen reader, in a live region of its own.
COMPONENT = """
function CopyButton({ text, label, icon, ...button }) {
  const [said, setSaid] = useState("");
  const copy = () => navigator.clipboard.writeText(text)
    .then(() => setSaid("Copied"), () => setSaid("Select the address and copy it"));
  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => setSaid(""), 4000);
    return () => clearTimeout(timer);
  }, [said]);
  const picture = jsx("svg", {
    className: "i i--16", viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", strokeLinecap: "round",
    strokeLinejoin: "round", "aria-hidden": "true", children: jsx("path", { d: icon }),
  });
  return jsx("button", {
    ...button, type: "button", onClick: copy, "aria-label": said ? undefined : label,
    children: [
      jsx("span", { key: "picture", children: picture }),
      jsx("span", { key: "words", role: "status", children: said || "Copy" }),
    ],
  });
}
"""


class CopyButton(rx.Component):
    """The button; the browser alone works it."""

    tag = "CopyButton"
    text: rx.Var[str]
    label: rx.Var[str]
    icon: rx.Var[str]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag="useState"), rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def copy_button(text: Text, label: Text) -> rx.Component:
    """Copies `text`; `label` names what ("Copy the calendar address")."""
    return CopyButton.create(text=text, label=label, icon=PATHS["copy"], class_name="btn btn--sm")
