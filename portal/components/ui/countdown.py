"""A countdown that runs in the browser: until a code can be sent again, until one is logged out."""

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec

from portal.components.ui.kit import Event, Number, Text

#: Counts against the clock, so that a sleeping device wakes up to the right time.
COMPONENT = """
function Countdown({ seconds, prefix, onDone, ...timer }) {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    if (seconds <= 0) return setLeft(0);
    const end = Date.now() + seconds * 1000;
    setLeft(seconds);
    const tick = setInterval(() => {
      const now = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setLeft(now);
      if (now === 0) {
        clearInterval(tick);
        onDone?.();
      }
    }, 1000);
    return () => clearInterval(tick);
  }, [seconds]);
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
  return left > 0 ? jsx("span", { ...timer, role: "timer" }, prefix + clock) : null;
}
"""


class Countdown(rx.Component):
    """Minutes and seconds that run down."""

    tag = "Countdown"
    seconds: rx.Var[int]
    prefix: rx.Var[str]
    on_done: rx.EventHandler[no_args_event_spec]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag="useState"), rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def countdown(
    seconds: Number, *, prefix: Text = "in ", on_done: Event = None, key: Any = None, class_name: Text = "sm faint num"
) -> rx.Component:
    """`seconds` running down as "in 0:24", then gone. `on_done` fires once at zero.

    A new number of seconds starts it again; where the number may be the same as before, change `key`.
    """
    return Countdown.create(
        seconds=seconds,
        prefix=prefix,
        class_name=class_name,
        **({} if on_done is None else {"on_done": on_done}),
        **({} if key is None else {"key": key}),
    )
