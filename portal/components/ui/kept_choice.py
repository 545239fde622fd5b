"""A box or a radio button that is ticked at once, and sent until the server has it ticked as well."""

from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec
from reflex_components_core.core.banner import has_connection_errors

from portal.components.ui.kit import Event, Flag, Number, Text

#: A press says what is wanted, so that it may be sent twice. It outlives its box, as a draft does its field
#: (`kept_field`); until the server agrees the element says that it is not saved (`data-unsaved`). `refused`: another
#: answer stands there, and the person chooses between the two; a new `turn` says that it is the server's.
COMPONENT = """
const presses = new Map();
function KeptChoice({ type, place, question, code, checked, refused, turn, lost, again, tries, onPress, ...given }) {
  const group = place + " " + question + " ", key = group + code;
  const box = useRef(null), now = useRef({});
  const [state, setState] = useState(presses.has(key) ? "waiting" : undefined);
  now.current = { checked, lost, onPress };
  const settle = () => {
    presses.delete(key);
    box.current.checked = now.current.checked;
    setState(undefined);
  };
  const say = (press) => {
    press.said = Date.now();
    press.times = (press.times ?? 0) + 1;
    now.current.onPress?.(press.on);
  };
  useEffect(() => {
    const press = presses.get(key);
    if (!press || press.on === checked) settle();
    else if (refused) setState("refused");
  }, [checked, refused]);
  const turned = useRef(turn);
  useEffect(() => {
    if (turned.current !== turn) settle();
    turned.current = turn;
  }, [turn]);
  useEffect(() => {
    if (!state || state === "refused") return;
    const look = setInterval(() => {
      const press = presses.get(key);
      if (!press) return setState(undefined);
      if (now.current.lost) return setState("late");
      if (Date.now() - press.said < again) return;
      if (press.times >= tries) return settle();
      setState("late");
      say(press);
    }, 1000);
    return () => clearInterval(look);
  }, [state]);
  const pressed = (event) => {
    if (type === "radio") for (const one of [...presses.keys()]) if (one.startsWith(group)) presses.delete(one);
    const press = { on: event.target.checked };
    presses.set(key, press);
    setState(lost ? "late" : "waiting");
    say(press);
  };
  return jsx("input", { ...given, type, ref: box, defaultChecked: presses.get(key)?.on ?? checked, onChange: pressed,
    "data-unsaved": state });
}
"""

AGAIN = 3000  # milliseconds without an answer before a press is sent again
TRIES = 5  # then what is saved is shown


class KeptChoice(rx.Component):
    """An input of type checkbox or radio."""

    tag = "KeptChoice"
    type: rx.Var[str]
    place: rx.Var[str]
    question: rx.Var[str]
    code: rx.Var[str]
    checked: rx.Var[bool]
    refused: rx.Var[bool]
    turn: rx.Var[int]
    lost: rx.Var[bool]
    again: rx.Var[int]
    tries: rx.Var[int]
    on_press: rx.EventHandler[passthrough_event_spec(bool)]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag=tag) for tag in ("useEffect", "useRef", "useState")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def kept_choice(
    *,
    type: Text,
    place: Text,
    question: Text,
    code: Text,
    checked: Flag,
    refused: Flag,
    turn: Number,
    on_press: Event,
    custom_attrs: dict[str, Any],
) -> rx.Component:
    """One of the answers that are offered. `on_press` receives whether it shall be chosen; `checked` is what is saved.

    `refused`: somebody else's answer stands there instead; a new `turn` shows what is saved.
    """
    return KeptChoice.create(
        type=type,
        place=place,
        question=question,
        code=code,
        checked=checked,
        refused=refused,
        turn=turn,
        lost=has_connection_errors,
        again=AGAIN,
        tries=TRIES,
        on_press=on_press,
        custom_attrs=custom_attrs,
    )
