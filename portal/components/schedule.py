"""What the schedule needs of the browser: arrow keys from visit to visit, and a line that moves with the time."""

from typing import Any

import reflex as rx

from portal.components.ui.kit import Child, present

#: Up and down within a column, by time; left and right to what is nearest in the next column that has anything.
WALK = """
const walkSchedule = (event) => {
  const down = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
  const aside = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
  const here = event.target.closest("[data-at]");
  if (!here || (!down && !aside)) return;
  event.preventDefault();
  const at = (place) => Number(place.dataset.at);
  const places = (column) => [...column.querySelectorAll("[data-at]")]
    .filter((place) => place.offsetParent).sort((one, other) => at(one) - at(other));
  const columns = [...event.currentTarget.querySelectorAll("[data-column]")];
  const column = columns.indexOf(here.closest("[data-column]"));
  if (down) {
    const own = places(columns[column]);
    own[own.indexOf(here) + down]?.focus();
    return;
  }
  for (let next = column + aside; columns[next]; next += aside) {
    const near = places(columns[next])
      .sort((one, other) => Math.abs(at(one) - at(here)) - Math.abs(at(other) - at(here)));
    if (near.length) return near[0].focus();
  }
};
"""

#: `origin` is the moment at the top, in seconds since 1970; `minutes` the height. Asks the clock twice a minute.
NOW = """
function NowLine({ origin, minutes, ...line }) {
  const down = () => Math.floor((Date.now() / 1000 - origin) / 60);
  const [at, setAt] = useState(down);
  useEffect(() => {
    setAt(down());
    const timer = setInterval(() => setAt(down()), 30000);
    return () => clearInterval(timer);
  }, [origin]);
  if (!origin || at < 0 || at > minutes) return null;
  return jsx("div", { ...line, "aria-hidden": "true", style: { "--at": at } });
}
"""


class Walkable(rx.el.Div):
    """A part of the page that the arrow keys walk through, once something in it has the focus."""

    def add_custom_code(self) -> list[str]:
        """The key handler."""
        return [WALK]


class NowLine(rx.Component):
    """The present moment beside a day's hours."""

    tag = "NowLine"
    origin: rx.Var[int]
    minutes: rx.Var[int]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag="useState"), rx.ImportVar(tag="useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [NOW]


def walkable(*children: Child, label: str, class_name: Any) -> rx.Component:
    """The columns of the schedule."""
    return Walkable.create(
        *present(*children),
        class_name=class_name,
        role="group",
        custom_attrs={"aria-label": label, "onKeyDown": rx.Var("walkSchedule")},
    )


def now_line(origin: Any, minutes: Any) -> rx.Component:
    """Drawn while now lies between the top, the moment `origin`, and `minutes` further down."""
    return NowLine.create(origin=origin, minutes=minutes, class_name="sched__now")
