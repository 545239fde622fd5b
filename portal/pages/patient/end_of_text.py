"""The end of a text, which says when it has been on the screen."""

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec

#: Tells once, when the place itself is in view.
COMPONENT = """
function EndOfText({ onReached, ...place }) {
  const here = useRef(null);
  const told = useRef(false);
  useEffect(() => {
    const watch = new IntersectionObserver(([entry]) => {
      if (!entry.isIntersecting || told.current) return;
      told.current = true;
      watch.disconnect();
      onReached?.();
    });
    watch.observe(here.current);
    return () => watch.disconnect();
  }, []);
  return jsx("div", { ...place, ref: here });
}
"""


class EndOfText(rx.Component):
    """An empty place after the last line."""

    tag = "EndOfText"
    on_reached: rx.EventHandler[no_args_event_spec]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag="useRef"), rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]
