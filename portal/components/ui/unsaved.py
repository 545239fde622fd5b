"""Unsaved work: a form says what is not saved yet, keeps it on the server as it is typed, asks before it is left."""

from typing import Any

import reflex as rx
from reflex.event import no_args_event_spec

from portal.components.ui.button import button
from portal.components.ui.kit import Event, Text

PAUSE = 600  # milliseconds without a key before what was typed is sent

#: Stands within a form. A field differs when its value is not the one in `saved`, by name; what differs is sent after a
#: pause, when a field or the page is left, and before the form is. A new `shown` goes into the fields that nobody typed
#: into since the last. A way to another page is held back until the person has decided; the lock of the screen and the
#: log-in are not: what was typed is kept through them.
COMPONENT = """
const leaveFreely = /^\\/staff\\/(lock|login)/;
function UnsavedWork({ saved, shown, clean, pause, onKeep, onDiscard, children }) {
  const place = useRef(null), held = useRef(null), timer = useRef(0), sent = useRef("{}"), now = useRef({});
  const last = useRef(shown);
  const [names, setNames] = useState([]);
  now.current = { saved, onKeep };
  const differing = () => [...(held.current?.elements ?? [])].filter((field) =>
    field.name && field.name in now.current.saved && field.value !== now.current.saved[field.name]);
  const label = (field) => field.labels?.[0]?.firstChild?.textContent ?? field.name;
  const recount = () => setNames(differing().map(label));
  const send = () => {
    clearTimeout(timer.current);
    const typed = Object.fromEntries(differing().map((field) => [field.name, field.value]));
    const said = JSON.stringify(typed);
    if (said === sent.current) return;
    sent.current = said;
    now.current.onKeep?.(typed);
  };
  useEffect(() => {
    const form = (held.current = place.current.closest("form"));
    const typed = () => {
      recount();
      clearTimeout(timer.current);
      timer.current = setTimeout(send, pause);
    };
    const stay = (event) => {
      if (!differing().length) return;
      send();
      event.preventDefault();
    };
    form.addEventListener("input", typed);
    form.addEventListener("change", send);
    form.addEventListener("submit", send, true);
    window.addEventListener("beforeunload", stay, true);
    sent.current = JSON.stringify(Object.fromEntries(differing().map((field) => [field.name, field.value])));
    return () => {
      send();
      form.removeEventListener("input", typed);
      form.removeEventListener("change", send);
      form.removeEventListener("submit", send, true);
      window.removeEventListener("beforeunload", stay, true);
    };
  }, []);
  useEffect(() => {
    for (const field of held.current?.elements ?? [])
      if (field.name in shown && field.value === last.current[field.name]) field.value = shown[field.name];
    last.current = shown;
    recount();
  }, [saved, shown]);
  const blocker = useBlocker(({ currentLocation, nextLocation }) => differing().length > 0 &&
    currentLocation.pathname !== nextLocation.pathname && !leaveFreely.test(nextLocation.pathname));
  const decide = (event) => {
    const choice = event.target.closest("[data-leave]")?.dataset.leave;
    if (choice === "stay") return blocker.reset?.();
    if (choice === "discard") {
      clearTimeout(timer.current);
      held.current = null;
      onDiscard?.();
    } else if (choice === "keep") send();
    if (choice) blocker.proceed?.();
  };
  const asks = blocker.state === "blocked";
  const show = (dialog) => {
    if (!dialog || dialog.open) return;
    dialog.showModal();
    dialog.querySelector("[data-first-focus]")?.focus();
  };
  const few = names.slice(0, 3).join(", ") + (names.length > 3 ? " and " + (names.length - 3) + " more" : "");
  return jsx(Fragment, {},
    jsx("p", { ref: place, className: "sm muted", role: "status" }, names.length ? "Not saved yet: " + few : clean),
    asks && jsx("dialog", { ref: show, className: "scrim", role: "alertdialog", "aria-labelledby": "leave-title",
      "aria-describedby": "leave-words", onClick: decide,
      onCancel: (event) => { event.preventDefault(); blocker.reset?.(); } }, children));
}
"""


def _kept(typed: rx.Var[dict[str, str]]) -> tuple[rx.Var[dict[str, str]]]:
    return (typed,)


class UnsavedWork(rx.Component):
    """What is not saved yet of the form around it; its children are the question before it is left."""

    tag = "UnsavedWork"
    saved: rx.Var[dict[str, str]]
    shown: rx.Var[dict[str, str]]
    clean: rx.Var[str]
    pause: rx.Var[int]
    on_keep: rx.EventHandler[_kept]
    on_discard: rx.EventHandler[no_args_event_spec]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks, and the router's that holds a way back."""
        react = [rx.ImportVar(tag=tag) for tag in ("Fragment", "useEffect", "useRef", "useState")]
        return {"react": react, "react-router": [rx.ImportVar(tag="useBlocker")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def unsaved_work(
    saved: rx.Var[dict[str, str]],
    shown: rx.Var[dict[str, str]],
    *,
    on_keep: Event,
    on_discard: Event,
    clean: Text = "Everything is saved",
) -> rx.Component:
    """The line in a form that says what is not saved yet, and the question before the page is left with it.

    `saved` are the values on file by the fields' names, `shown` those that stand in the fields: a draft. `on_keep`
    receives what differs, by name, as it is typed (an empty one when nothing does any more); `on_discard` is the
    person's word that it may go.
    """
    question = rx.el.div(
        rx.el.div(
            rx.el.h2(
                "Leave without saving?",
                class_name="title1",
                custom_attrs={"id": "leave-title", "tabIndex": -1, "data-first-focus": True},
            ),
            class_name="sheet__head",
        ),
        rx.el.div(
            rx.el.p(
                "What you changed is not saved. It can wait for you on this client's profile as a draft.",
                class_name="muted",
            ),
            class_name="sheet__body",
            custom_attrs={"id": "leave-words"},
        ),
        rx.el.div(
            button("Stay", kind="primary", custom_attrs={"data-leave": "stay"}),
            button("Keep a draft and leave", custom_attrs={"data-leave": "keep"}),
            button("Discard changes", kind="quiet-danger", custom_attrs={"data-leave": "discard"}),
            class_name="sheet__foot sheet__foot--three",
        ),
        class_name="sheet",
    )
    return UnsavedWork.create(
        question, saved=saved, shown=shown, clean=clean, pause=PAUSE, on_keep=on_keep, on_discard=on_discard
    )
