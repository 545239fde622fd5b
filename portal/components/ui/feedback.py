"""What the portal says back: toasts, banners, the lost connection, empty and loading places.

A toast is a var of a state shown in a live region. Reflex's own toasts are sent as code to evaluate, which the
Content-Security-Policy forbids.
"""

from typing import Any, Literal

import reflex as rx
from reflex.event import no_args_event_spec
from reflex_components_core.core.banner import has_connection_errors

from portal.components.ui.icon import icon
from portal.components.ui.kit import Child, Event, Text, attributes, classes, inline, present
from portal.components.ui.live import live_region

Tone = Literal["neutral", "danger", "ok", "warn", "info"]
BANNER_ICONS = {
    "neutral": "info",
    "danger": "circle-alert",
    "ok": "circle-check",
    "warn": "triangle-alert",
    "info": "info",
}
TOAST_SECONDS = 6
Heading = Literal["h2", "h3", "h4"]
HEADINGS = {"h2": rx.el.h2, "h3": rx.el.h3, "h4": rx.el.h4}

#: Goes away after a while, but not under a pointer or with focus inside.
COMPONENT = """
function FadingToast({ seconds, onDismiss, ...toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || !onDismiss) return;
    const timer = setTimeout(onDismiss, seconds * 1000);
    return () => clearTimeout(timer);
  }, [held, seconds]);
  const hold = () => setHeld(true);
  const release = () => setHeld(false);
  return jsx("div", {
    ...toast, onMouseEnter: hold, onMouseLeave: release, onFocus: hold, onBlur: release,
  });
}
"""


class FadingToast(rx.Component):
    """A toast that reports when its time is over."""

    tag = "FadingToast"
    seconds: rx.Var[int]
    on_dismiss: rx.EventHandler[no_args_event_spec]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag="useState"), rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def toast(
    message: Text, *, action: Child = None, icon_name: str = "check", on_dismiss: Event = None, key: Any = None
) -> rx.Component:
    """One message, with Undo (or View) as its `action` where that is possible."""
    return FadingToast.create(
        *present(icon(icon_name), rx.el.span(message), action),
        seconds=TOAST_SECONDS,
        class_name="toast",
        **({} if on_dismiss is None else {"on_dismiss": on_dismiss}),
        **({} if key is None else {"key": key}),
    )


def feedback(message: rx.Var[str] | str, *, action: Child = None, on_dismiss: Event = None) -> rx.Component:
    """The live region of a page: empty, or a toast while `message` is not. Mounted always, so that it is announced."""
    shown = toast(message, action=action, on_dismiss=on_dismiss, key=message)
    content = rx.cond(message != "", shown) if isinstance(message, rx.Var) else shown if message else rx.fragment()
    return live_region(content, class_name="toasts")


def banner(
    title: Text,
    *words: Child,
    tone: Tone = "neutral",
    icon_name: str | None = None,
    announce: Literal["status", "alert"] | None = None,
    class_name: Text = "",
) -> rx.Component:
    """A message that stays. `announce` has it read out when it appears: politely, or at once."""
    return rx.el.div(
        icon(icon_name or BANNER_ICONS[tone]),
        rx.el.div(rx.el.b(title), " ", *present(*words), class_name="banner__body"),
        class_name=classes("banner", f"banner--{tone}" if tone != "neutral" else "", class_name),
        custom_attrs=attributes(role=announce),
    )


def reconnecting_banner() -> rx.Component:
    """Over the page while the connection to the server is lost. Mounted always, so that it is announced."""
    words = rx.el.div(
        rx.el.span(class_name="spinner", aria_hidden="true"),
        rx.el.div(rx.el.b("Reconnecting."), " What you entered on this page stays here.", class_name="banner__body"),
        class_name="banner banner--warn",
    )
    return live_region(rx.cond(has_connection_errors, words), class_name="reconnecting")


def empty_state(icon_name: str, title: Text, words: Text, *actions: Child, heading: Heading = "h2") -> rx.Component:
    """Nothing here: what that means, what will fill it, one action if there is one. Under the halo."""
    return rx.el.div(
        rx.el.span(icon(icon_name, 24), class_name="empty__halo"),
        HEADINGS[heading](title, class_name="title2"),
        rx.el.p(words),
        *present(*actions),
        class_name="card empty",
    )


def error_state(title: Text, words: Text, reference: Text, *actions: Child, heading: Heading = "h2") -> rx.Component:
    """A fault on our side: what it means for the reader, what to do, and the reference code that staff can look up."""
    return rx.el.div(
        rx.el.span(icon("unplug", 24), class_name="empty__halo"),
        HEADINGS[heading](title, class_name="title2"),
        rx.el.p(words),
        rx.el.div(*present(*actions), class_name="cluster"),
        rx.el.p("Reference code ", rx.el.b(reference), class_name="refcode"),
        class_name="card empty",
        role="alert",
    )


def skeleton(height: str = "1rem", width: str = "100%") -> rx.Component:
    """A place that is being filled."""
    return rx.el.div(class_name="skel", custom_attrs=inline(height=height, width=width))


def skeleton_card(lines: int = 3) -> rx.Component:
    """A card that is being filled."""
    widths = ("40%", "100%", "75%", "90%", "60%")
    bars = [skeleton("1.25rem" if not line else ".875rem", widths[line % len(widths)]) for line in range(lines)]
    return rx.el.div(*bars, class_name="skelcard stack")


def loading(label: Text, *skeletons: Child) -> rx.Component:
    """Skeletons, said as "Loading …". They fade in after 200 ms, so that a quick answer shows none."""
    return rx.el.div(
        *present(*skeletons), class_name="loading stack", role="status", custom_attrs={"aria-label": label}
    )


def saved(words: Text) -> rx.Component:
    """What was kept, and when: "Saved at 9:14 AM"."""
    return rx.el.span(icon("cloud-check", 16), words, class_name="saved", role="status")
