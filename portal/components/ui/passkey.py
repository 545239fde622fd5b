"""A button for passkeys: asks the server what to ask, the device for the passkey, and gives its answer back."""

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec, passthrough_event_spec

from portal.components.ui.icon import icon
from portal.components.ui.kit import Event, Text

#: Where the browser has no passkeys nothing is drawn: there is always another way. What is asked (`asked`) arrives as
#: JSON from the server, and each new one is put to the device; one that is taken back is called off.
COMPONENT = """
function PasskeyButton({ asked, making, onAsk, onAnswer, onFailed, children, ...button }) {
  const [able, setAble] = useState(false);
  const handlers = useRef({});
  handlers.current = { onAsk, onAnswer, onFailed };
  useEffect(() => setAble(Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON)), []);
  useEffect(() => {
    if (!asked || !window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
    const off = new AbortController();
    const options = JSON.parse(asked);
    const answer = making
      ? navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), signal: off.signal })
      : navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), signal: off.signal });
    answer.then(
      (credential) => handlers.current.onAnswer?.(JSON.stringify(credential)),
      (error) => off.signal.aborted || handlers.current.onFailed?.(error.name));
    return () => off.abort();
  }, [asked, making]);
  const ask = () => handlers.current.onAsk?.();
  return able ? jsx("button", { ...button, type: "button", onClick: ask }, children) : null;
}
"""


class PasskeyButton(rx.Component):
    """The button; the browser's own WebAuthn does the work."""

    tag = "PasskeyButton"
    asked: rx.Var[str]
    making: rx.Var[bool]
    on_ask: rx.EventHandler[no_args_event_spec]
    on_answer: rx.EventHandler[passthrough_event_spec(str)]
    on_failed: rx.EventHandler[passthrough_event_spec(str)]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag=tag) for tag in ("useState", "useRef", "useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def passkey_button(
    words: Text,
    *,
    asked: Text,
    on_ask: Event,
    on_answer: Event,
    on_failed: Event,
    making: bool = False,
    class_name: Text = "btn btn--block",
) -> rx.Component:
    """Uses a passkey, or makes one (`making`).

    `on_ask` has the server fill `asked` with the options (JSON); `on_answer` receives the credential as JSON, and
    `on_failed` the name of the browser's error ("NotAllowedError" when the person changed their mind).
    """
    return PasskeyButton.create(
        icon("key-round", 16),
        words,
        asked=asked,
        making=making,
        on_ask=on_ask,
        on_answer=on_answer,
        on_failed=on_failed,
        class_name=class_name,
    )
