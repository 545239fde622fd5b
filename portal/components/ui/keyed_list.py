"""A list that is walked with the arrow keys: from its search field into its rows and back, Enter opens the row's link.

One row at a time is in the tab order. `/` puts the cursor into the search field, of the page before that of the bar.
"""

from typing import Any

import reflex as rx

from portal.components.ui.kit import Child, Text, attributes, present

#: Rows are the elements marked `data-row`, the field is the one marked `data-find`. Rows that come later, with another
#: page of the list, are seen by the observer: one of them is always to be reached by Tab.
COMPONENT = """
function KeyedList({ as, ...list }) {
  const place = useRef(null);
  const rows = () => [...place.current.querySelectorAll("[data-row]")];
  const field = () => place.current.querySelector("[data-find]");
  const rest = (row) => rows().forEach((one) => { one.tabIndex = one === row ? 0 : -1; });
  useEffect(() => {
    const settle = () => {
      const all = rows();
      if (all.length && !all.some((one) => one.tabIndex === 0)) rest(all[0]);
    };
    settle();
    const watch = new MutationObserver(settle);
    watch.observe(place.current, { childList: true, subtree: true });
    return () => watch.disconnect();
  }, []);
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const all = rows(), here = all.indexOf(document.activeElement), typing = event.target === field();
    if (typing && event.key === "Escape") event.target.blur();
    if (here < 0 && !(typing && event.key === "ArrowDown")) return;
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    if (next < 0) field()?.focus();
    else all[next]?.focus();
  };
  const arrive = (event) => event.target.matches("[data-row]") && rest(event.target);
  return jsx(as, { ...list, ref: place, onKeyDown: press, onFocus: arrive });
}
"""

SLASH = """
function SlashKey() {
  useEffect(() => {
    const press = (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
      if (document.querySelector("dialog:modal")) return;
      const field = document.querySelector('[data-find="page"]') ?? document.querySelector('[data-find="bar"]');
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, []);
  return null;
}
"""


class KeyedList(rx.Component):
    """An element, named by `as_`, that the arrow keys walk through."""

    tag = "KeyedList"
    as_: rx.Var[str]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag="useRef"), rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


class SlashKey(rx.Component):
    """Listens for `/`; draws nothing."""

    tag = "SlashKey"

    def add_imports(self) -> dict[str, Any]:
        """React's hook."""
        return {"react": [rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [SLASH]


#: What makes a link one of the rows that the arrow keys walk through.
ROW = {"data-row": True, "tabIndex": -1}


def keyed_list(*children: Child, as_: str = "section", label: Text, class_name: Text = "") -> rx.Component:
    """A search field (`search_field`) with what it finds: links that have `ROW` among their attributes."""
    return KeyedList.create(
        *present(*children), as_=as_, class_name=class_name, custom_attrs=attributes(**{"aria-label": label})
    )


def slash_key() -> rx.Component:
    """Once in the frame of a page."""
    return SlashKey.create()
