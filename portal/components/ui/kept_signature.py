"""A signature that is drawn or typed and not kept yet: it says so, and is kept when one goes on to something else."""

from typing import Any

import reflex as rx

#: Within a form that sends `ink` or `name`. A click outside of the form sends it first, so that what the click does
#: (the next page) comes after it: both are events of one queue.
COMPONENT = """
function KeptSignature() {
  const mark = useRef(null);
  const [unkept, setUnkept] = useState();
  useEffect(() => {
    const form = mark.current.closest("form");
    const given = () => ["ink", "name"].some((name) => form.elements.namedItem(name)?.value.trim());
    const look = () => setUnkept(given() ? "unkept" : undefined);
    const away = (event) => { if (!form.contains(event.target) && given()) form.requestSubmit(); };
    const changes = new MutationObserver(look);
    changes.observe(form, { childList: true, subtree: true });
    for (const kind of ["input", "ink"]) form.addEventListener(kind, look);
    document.addEventListener("click", away, true);
    return () => {
      changes.disconnect();
      for (const kind of ["input", "ink"]) form.removeEventListener(kind, look);
      document.removeEventListener("click", away, true);
    };
  }, []);
  return jsx("span", { ref: mark, hidden: true, "data-unsaved": unkept });
}
"""


class KeptSignature(rx.Component):
    """The mark in the form."""

    tag = "KeptSignature"

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag=tag) for tag in ("useEffect", "useRef", "useState")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def kept_signature() -> rx.Component:
    """Stands in a form with a `signature_pad(name="ink")` or a field `name`: neither is left behind."""
    return KeptSignature.create()
