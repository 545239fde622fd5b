"""A search field that asks as one types: not at every key, but at every pause, and at once with Enter."""

from typing import Any, Literal

import reflex as rx
from reflex.event import no_args_event_spec, passthrough_event_spec

from portal.components.ui.icon import icon
from portal.components.ui.icon_paths import PATHS
from portal.components.ui.kit import Event, Text, attributes, present

PAUSE = 180  # milliseconds without a key
LONGEST = 120

#: What was asked last is not asked again. The field belongs to the person: nothing that the server answers changes it;
#: a new key draws it anew. `onAll` is Enter where there is more to see than what stands below the field.
COMPONENT = """
function SearchField({ pause, onSearch, onAll, clearLabel, clearPath, ...given }) {
  const field = useRef(null), timer = useRef(0), asked = useRef(given.defaultValue ?? "");
  const [empty, setEmpty] = useState(!given.defaultValue);
  const ask = () => {
    clearTimeout(timer.current);
    const words = field.current?.value ?? "";
    if (words === asked.current) return;
    asked.current = words;
    onSearch?.(words);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const typed = (event) => {
    setEmpty(!event.target.value);
    clearTimeout(timer.current);
    timer.current = setTimeout(ask, pause);
  };
  const press = (event) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    ask();
    onAll?.();
  };
  const clear = () => {
    field.current.value = "";
    setEmpty(true);
    field.current.focus();
    ask();
  };
  const stroke = { fill: "none", stroke: "currentColor", "aria-hidden": true };
  const cross = { className: "i i--16", viewBox: "0 0 24 24", ...stroke };
  const button = { type: "button", className: "iconbtn searchclear", "aria-label": clearLabel, onClick: clear };
  return jsx(Fragment, {}, jsx("input", { ...given, ref: field, onInput: typed, onKeyDown: press }),
    !empty && jsx("button", button, jsx("svg", cross, jsx("path", { d: clearPath }))));
}
"""


class SearchField(rx.Component):
    """The input and its Clear button."""

    tag = "SearchField"
    pause: rx.Var[int]
    default_value: rx.Var[str]
    clear_label: rx.Var[str]
    clear_path: rx.Var[str]
    on_search: rx.EventHandler[passthrough_event_spec(str)]
    on_all: rx.EventHandler[no_args_event_spec]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag=tag) for tag in ("Fragment", "useEffect", "useRef", "useState")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def search_field(
    label: Text,
    *,
    id: str,
    find: Literal["page", "bar"],
    placeholder: Text,
    value: Text = "",
    turn: Any = None,
    on_search: Event,
    on_all: Event = None,
    suffix: rx.Component | None = None,
) -> rx.Component:
    """The field within its frame. `on_search` receives the words, `on_all` is Enter; a new `turn` puts `value` in.

    `find` says whether `/` means this field wherever it is pressed, or only where the page has none of its own.
    """
    field = SearchField.create(
        pause=PAUSE,
        default_value=value,
        class_name="input",
        clear_label="Clear the search",
        clear_path=PATHS["x"],
        custom_attrs=attributes(
            id=id,
            type="text",
            inputMode="search",
            enterKeyHint="search",
            autoComplete="off",
            spellCheck=False,
            maxLength=LONGEST,
            placeholder=placeholder,
            **{"aria-label": label, "data-find": find},
        ),
        on_search=on_search,
        **({} if on_all is None else {"on_all": on_all}),
        **({} if turn is None else {"key": turn}),
    )
    glass = rx.el.span(icon("search", 16), class_name="inputgroup__pre")
    return rx.el.div(*present(glass, field, suffix), class_name="inputgroup searchfield")
