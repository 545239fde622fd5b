"""A field whose words are kept as they are typed, by itself, until the server says that it has them."""

from typing import Any, Literal

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from portal.components.ui.kit import Event, Number, Text

PAUSE = 700  # milliseconds without a key before the words are sent
AGAIN = 3000  # milliseconds without an answer before they are sent again

#: A draft is what was typed and is not known to be kept. It outlives its field: the page may be drawn anew after a lost
#: connection. Each sending has a ticket, and `heard` says which one the server heard last, and the revision that it
#: made; -1 says that it was not taken. `shown` is the revision of the words in the field. A sending of which nothing
#: was heard (`first`) is repeated before the newest words, so that they rest upon it. While there is a draft the
#: element says so (`data-unsaved`), and the stylesheet takes every "Saved" away. Words from the server replace those
#: in the field when somebody else wrote them, when it is not in use, or when the person chose them (`turn`). A field
#: that is drawn anew while somebody types in it has the cursor again, where it was (`rest`).
COMPONENT = """
const drafts = new Map();
let tickets = 0, rest = null;
function KeptField({ as, place, question, revision, heard, turn, lost, pause, again, defaultValue, onKeep, ...given }) {
  const key = place + " " + question, mine = heard?.[question];
  const field = useRef(null), timer = useRef(0), shown = useRef(revision), left = useRef(true), now = useRef({});
  const [state, setState] = useState(drafts.has(key) ? "waiting" : undefined);
  now.current = { revision, defaultValue, onKeep, lost };
  const say = (one) => now.current.onKeep?.(one.words, one.shown, one.ticket, left.current);
  const send = (again) => {
    clearTimeout(timer.current);
    const draft = drafts.get(key);
    if (!draft) return;
    const { first, sent } = draft;
    draft.said = Date.now();
    if (again && first) say(first);
    if (sent?.words !== draft.words) {
      draft.sent = { words: draft.words, shown: draft.shown, ticket: Date.now() + "-" + ++tickets };
      draft.first ??= draft.sent;
      draft.refused = false;
      say(draft.sent);
    } else if (again && sent !== first) say(sent);
  };
  const follow = (always) => {
    const element = field.current, { revision, defaultValue } = now.current;
    if (drafts.has(key) || !element) return;
    const used = element === document.activeElement, caret = element.selectionEnd;
    if (element.value !== defaultValue && (always || !used || revision !== shown.current)) {
      element.value = defaultValue;
      if (used) element.setSelectionRange(caret, caret);
    }
    if (element.value === defaultValue) shown.current = revision;
  };
  useLayoutEffect(() => {
    const element = field.current, free = document.activeElement === document.body;
    if (rest?.key === key && free && Date.now() - rest.at < 15000) {
      element.focus({ preventScroll: true });
      element.setSelectionRange(rest.caret, rest.caret);
      left.current = !drafts.has(key);
    }
    return () => {
      if (element === document.activeElement) rest = { key, caret: element.selectionEnd, at: Date.now() };
      send();
    };
  }, []);
  useEffect(() => {
    if (!lost) send(true);
    else if (drafts.has(key)) setState("late");
  }, [lost]);
  useEffect(() => {
    const draft = drafts.get(key);
    if (!draft?.sent || !mine) return;
    const [ticket, made] = mine;
    if (ticket === draft.first?.ticket || ticket === draft.sent.ticket) draft.first = undefined;
    if (ticket !== draft.sent.ticket) return;
    draft.refused = made < 0;
    if (draft.refused) return setState("refused");
    draft.shown = shown.current = made;
    if (draft.words !== draft.sent.words) return;
    drafts.delete(key);
    setState(undefined);
    follow();
  }, [mine?.[0], mine?.[1]]);
  useEffect(() => follow(), [revision, defaultValue]);
  const turned = useRef(turn);
  useEffect(() => {
    if (turned.current === turn) return;
    turned.current = turn;
    drafts.delete(key);
    setState(undefined);
    follow(true);
  }, [turn]);
  useEffect(() => {
    if (!state) return;
    const close = (event) => {
      send();
      if (state === "late") event.preventDefault();
    };
    const look = setInterval(() => {
      const draft = drafts.get(key);
      if (!draft?.first || Date.now() - draft.said < again) return;
      setState("late");
      if (!now.current.lost) send(true);
    }, 1000);
    const hide = () => { if (document.hidden) send(); };
    window.addEventListener("beforeunload", close, true);
    document.addEventListener("visibilitychange", hide);
    return () => {
      clearInterval(look);
      window.removeEventListener("beforeunload", close, true);
      document.removeEventListener("visibilitychange", hide);
    };
  }, [state]);
  const typed = (event) => {
    const draft = drafts.get(key) ?? { shown: shown.current };
    draft.words = event.target.value;
    drafts.set(key, draft);
    left.current = false;
    setState((before) => before ?? (lost ? "late" : "waiting"));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => send(), pause);
  };
  const leave = () => {
    const touched = !left.current, draft = drafts.get(key);
    left.current = true;
    if (draft && draft.sent?.words !== draft.words) send();
    else if (draft && !draft.refused) say(draft.sent);
    else if (touched && !draft) say({ words: field.current.value, shown: shown.current, ticket: "" });
    follow();
  };
  return jsx(as, { ...given, ref: field, defaultValue: drafts.get(key)?.words ?? defaultValue, onInput: typed,
    onBlur: leave, "data-unsaved": state });
}
"""


def _kept(words: rx.Var[str], shown: rx.Var[int], ticket: rx.Var[str], left: rx.Var[bool]) -> tuple[rx.Var[Any], ...]:
    return (words, shown, ticket, left)


class KeptField(rx.Component):
    """An input or a textarea, named by `as_`."""

    tag = "KeptField"
    as_: rx.Var[str]
    place: rx.Var[str]
    question: rx.Var[str]
    revision: rx.Var[int]
    heard: rx.Var[dict[str, tuple[str, int]]]
    turn: rx.Var[int]
    lost: rx.Var[bool]
    pause: rx.Var[int]
    again: rx.Var[int]
    default_value: rx.Var[str]
    on_keep: rx.EventHandler[_kept]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag=tag) for tag in ("useEffect", "useLayoutEffect", "useRef", "useState")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def kept_field(
    as_: Literal["input", "textarea"],
    *,
    place: Text,
    question: Text,
    value: Text,
    revision: Number,
    heard: rx.Var[dict[str, tuple[str, int]]],
    turn: Number,
    on_keep: Event,
    custom_attrs: dict[str, Any],
) -> rx.Component:
    """A field that keeps what is typed.

    `on_keep` receives the words, the revision that they rest upon, a ticket, and whether the field was left. The server
    puts `(ticket, new revision)` into `heard` under `question`, or `(ticket, -1)` where it did not take the words.
    `place` tells one form's questions from another's; a new `turn` puts the server's `value` into the field.
    """
    return KeptField.create(
        as_=as_,
        place=place,
        question=question,
        default_value=value,
        revision=revision,
        heard=heard,
        turn=turn,
        lost=has_connection_errors,
        pause=PAUSE,
        again=AGAIN,
        on_keep=on_keep,
        custom_attrs=custom_attrs,
    )
