"""The CAPTCHA: a box to tick that has the browser solve a proof of work. No cookies, no third party.

ALTCHA's widget does the work, unseen; the box is ours. Its 34 KB are fetched when the box first gets focus, so that the
sign-in page does not wait for them.
"""

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec, passthrough_event_spec

from portal.components.ui.icon import icon
from portal.components.ui.kit import Event, Text

ALTCHA = "altcha@3.2.2"

COMPONENT = """
const loadAltcha = () => import("altcha");
function CaptchaBox({ challenge, name, label, onVerified, onExpired, children, ...slot }) {
  const [state, setState] = useState("idle");
  const [running, setRunning] = useState(false);
  const handlers = useRef({});
  handlers.current = { onVerified, onExpired };
  const start = async () => {
    if (state === "verifying" || state === "verified") return;
    setState("verifying");
    try {
      await loadAltcha();
      setRunning(true);
    } catch {
      setState("error");
    }
  };
  // A form sent while the work is being done waits for it, and goes by itself then.
  const box = useRef(null);
  const latest = useRef(state);
  const waiting = useRef(false);
  latest.current = state;
  useEffect(() => {
    const form = box.current.closest("form");
    const hold = (event) => {
      if (latest.current !== "verifying") return;
      event.preventDefault();
      event.stopImmediatePropagation();
      waiting.current = true;
    };
    form?.addEventListener("submit", hold, true);
    return () => form?.removeEventListener("submit", hold, true);
  }, []);
  useEffect(() => {
    if (!waiting.current || state === "verifying") return;
    waiting.current = false;
    if (state === "verified") setTimeout(() => box.current?.closest("form")?.requestSubmit(), 0);
  }, [state]);
  const attach = useCallback((widget) => {
    if (!widget) return;
    const changed = ({ detail }) => {
      if (detail.state === "verified") handlers.current.onVerified?.(detail.payload);
      if (detail.state === "expired") handlers.current.onExpired?.();
      if (["verified", "error", "expired"].includes(detail.state)) {
        setState(detail.state);
        if (detail.state !== "verified") setRunning(false);
      }
    };
    widget.addEventListener("statechange", changed);
    const begin = setTimeout(() => widget.verify(), 0);
    return () => {
      clearTimeout(begin);
      widget.removeEventListener("statechange", changed);
    };
  }, []);
  const said = {
    verifying: "Checking", verified: "Verified", error: "The check did not work. Try again.",
    expired: "The check has expired. Tick the box again.",
  }[state];
  const busy = state === "verifying";
  return jsx("div", { ...slot, ref: box, "data-state": state },
    jsx("label", { className: "check" },
      jsx("input", {
        type: "checkbox", id: name + "-box", checked: busy || state === "verified", "aria-busy": busy,
        "aria-required": "true", onChange: start, onFocus: loadAltcha, onPointerEnter: loadAltcha,
      }),
      busy && jsx("span", { className: "spinner", "aria-hidden": "true" }),
      jsx("span", {}, label, jsx("span", {
        className: state === "error" || state === "expired" ? "field__hint" : "vh", role: "status",
      }, said && " " + said))),
    children,
    running && jsx("altcha-widget", { ref: attach, challenge, name, display: "invisible" }));
}
"""


class CaptchaBox(rx.Component):
    """The box and, once it is ticked, ALTCHA's widget behind it."""

    tag = "CaptchaBox"
    challenge: rx.Var[str]
    name: rx.Var[str]
    label: rx.Var[str]
    on_verified: rx.EventHandler[passthrough_event_spec(str)]
    on_expired: rx.EventHandler[no_args_event_spec]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks; ALTCHA as a dependency that the function above imports when it is needed."""
        hooks = [rx.ImportVar(tag=tag) for tag in ("useState", "useRef", "useCallback", "useEffect")]
        return {"react": hooks, ALTCHA: [rx.ImportVar(tag=None, render=False)]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def captcha(
    *,
    challenge: Text = "/captcha/challenge",
    name: str = "altcha",
    label: Text = "I am not a robot",
    on_verified: Event = None,
    on_expired: Event = None,
    attempt: Any = "0",
) -> rx.Component:
    """The CAPTCHA slot. `on_verified` receives the solution; inside a form it is also the field called `name`.

    A solution is good once: a new `attempt` starts over.
    """
    events = {"on_verified": on_verified, "on_expired": on_expired}
    mark = rx.el.span(icon("shield-check"), "CAPTCHA", rx.el.br(), "verification", class_name="captcha__by")
    return CaptchaBox.create(
        mark,
        challenge=challenge,
        name=name,
        label=label,
        class_name="captcha",
        key=attempt,
        **{event: handler for event, handler in events.items() if handler is not None},
    )
