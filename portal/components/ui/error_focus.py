"""After a refused form: the cursor goes to the first field that has something wrong."""

from typing import Any

import reflex as rx

COMPONENT = """
function ErrorFocus({ errors }) {
  const wrong = Object.keys(errors ?? {}).join();
  useEffect(() => {
    if (!wrong) return;
    const wait = setTimeout(() => document.querySelector('[aria-invalid="true"]')?.focus(), 60);
    return () => clearTimeout(wait);
  }, [wrong]);
  return null;
}
"""


class ErrorFocus(rx.Component):
    """Watches a state's `errors`; draws nothing."""

    tag = "ErrorFocus"
    errors: rx.Var[dict[str, str]]

    def add_imports(self) -> dict[str, Any]:
        """React's hook."""
        return {"react": [rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def error_focus(errors: rx.Var[dict[str, str]]) -> rx.Component:
    """Place it once in a form, with the `errors` of its state."""
    return ErrorFocus.create(errors=errors)
