"""Watches for a person's own activity: reports it, warns before the time is over, and says when it is."""

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec, passthrough_event_spec

from portal.components.ui.kit import Event, Number

#: Clicks, keys, touches and scrolling count; what the server pushes does not. Time is compared with the clock, so that
#: a device that slept finds out when it wakes.
COMPONENT = """
function IdleTimer({ idleSeconds, warnSeconds, onActive, onWarn, onExpire }) {
  const handlers = useRef({});
  handlers.current = { onActive, onWarn, onExpire };
  useEffect(() => {
    let last = Date.now(), told = last, warned = false, over = false;
    const active = () => {
      last = Date.now();
      if (over || (!warned && last - told < 60000)) return;
      told = last;
      warned = false;
      handlers.current.onActive?.();
    };
    const look = () => {
      const left = Math.ceil((last - Date.now()) / 1000) + idleSeconds;
      if (over) return;
      if (left <= 0) {
        over = true;
        handlers.current.onExpire?.();
      } else if (left <= warnSeconds && !warned) {
        warned = true;
        handlers.current.onWarn?.(left);
      }
    };
    const kinds = ["pointerdown", "keydown", "scroll", "touchstart"];
    kinds.forEach((kind) => window.addEventListener(kind, active, { passive: true, capture: true }));
    const tick = setInterval(look, 1000);
    document.addEventListener("visibilitychange", look);
    return () => {
      kinds.forEach((kind) => window.removeEventListener(kind, active, { capture: true }));
      clearInterval(tick);
      document.removeEventListener("visibilitychange", look);
    };
  }, [idleSeconds, warnSeconds]);
  return null;
}
"""


class IdleTimer(rx.Component):
    """Draws nothing."""

    tag = "IdleTimer"
    idle_seconds: rx.Var[int]
    warn_seconds: rx.Var[int]
    on_active: rx.EventHandler[no_args_event_spec]
    on_warn: rx.EventHandler[passthrough_event_spec(int)]
    on_expire: rx.EventHandler[no_args_event_spec]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag="useRef"), rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def idle_timer(
    *, idle_seconds: Number, warn_seconds: Number, on_active: Event, on_warn: Event, on_expire: Event, key: Any = None
) -> rx.Component:
    """Times a person's absence.

    `on_active` fires at most once a minute (and at once after a warning), `on_warn` with the seconds left when
    `warn_seconds` remain, `on_expire` when `idle_seconds` are over. The server keeps its own time: these only tell the
    page. A new `key` starts it over (another tab was busy).
    """
    return IdleTimer.create(
        idle_seconds=idle_seconds,
        warn_seconds=warn_seconds,
        on_active=on_active,
        on_warn=on_warn,
        on_expire=on_expire,
        **({} if key is None else {"key": key}),
    )
