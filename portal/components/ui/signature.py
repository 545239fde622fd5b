"""Signing: a pad to draw on, the typed signature of equal standing, and how both look afterwards."""

from typing import Any

import reflex as rx
from reflex.event import passthrough_event_spec

from portal.components.ui.button import button
from portal.components.ui.icon import icon
from portal.components.ui.kit import Child, Event, Text, attributes, present

PAD = "react-signature-pad-wrapper@4.3.3"

#: The pad's ink is always one dark colour: the stylesheet turns it light in the dark theme, the data stays neutral.
#: After a turn of the phone the ink stands on the same line of the new pad, smaller where it would not fit; so what is
#: added goes together with what was there.
COMPONENT = """
const loadPad = () => import("react-signature-pad-wrapper").then((module) => module.default.default ?? module.default);
const SignatureCanvas = ClientSide(loadPad, "SignatureCanvas");
const rounded = (strokes) => strokes.map((stroke) => ({
  ...stroke,
  points: stroke.points.map(({ x, y, pressure, time }) => ({
    x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10, pressure: Math.round(pressure * 100) / 100, time,
  })),
}));
const asField = (strokes, width, height) => strokes.length === 0 ? "" : JSON.stringify({ width, height,
  strokes: strokes.map(({ points }) => ({
    points: points.map(({ x, y }) => ({ x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 })),
  })),
});
const fitted = (strokes, from, to) => {
  const points = strokes.flatMap((stroke) => stroke.points);
  const right = Math.max(...points.map(({ x }) => x)), top = Math.min(...points.map(({ y }) => y));
  const scale = Math.min(1, to.width / Math.max(right, 1), to.height / Math.max(from.height - top, 1));
  const placed = (point) => ({ ...point, x: point.x * scale, y: to.height - (from.height - point.y) * scale });
  return strokes.map((stroke) => ({ ...stroke, points: stroke.points.map(placed) }));
};
const inkOptions = { penColor: "#251a21", minWidth: 0.9, maxWidth: 2.6 };
function InkPad({ onStroke, label, name, children, ...box }) {
  const pad = useRef(null);
  const tell = useRef(null);
  const field = useRef(null);
  tell.current = () => {
    const { offsetWidth, offsetHeight } = pad.current.canvas.current;
    if (field.current) {
      field.current.value = asField(pad.current.toData(), offsetWidth, offsetHeight);
      field.current.dispatchEvent(new CustomEvent("ink", { bubbles: true }));
    }
    onStroke?.(rounded(pad.current.toData()), offsetWidth, offsetHeight);
  };
  const attach = useCallback((wrapper) => {
    pad.current = wrapper;
    if (!wrapper) return;
    const ended = () => tell.current();
    const canvas = wrapper.canvas.current;
    const size = () => ({ width: canvas.offsetWidth, height: canvas.offsetHeight });
    let before = size();
    const turned = new ResizeObserver(() => {
      const now = size(), strokes = wrapper.toData();
      if (!now.width || !now.height || (now.width === before.width && now.height === before.height)) return;
      wrapper.handleResize();
      if (strokes.length) {
        wrapper.fromData(fitted(strokes, before, now));
        tell.current();
      }
      before = now;
    });
    turned.observe(canvas);
    wrapper.instance.addEventListener("endStroke", ended);
    return () => {
      turned.disconnect();
      wrapper.instance.removeEventListener("endStroke", ended);
    };
  }, []);
  const clear = (event) => {
    if (!pad.current || !event.target.closest("[data-clear]")) return;
    pad.current.clear();
    tell.current();
  };
  return jsx("div", { ...box, role: "group", "aria-label": label, onClick: clear },
    jsx(SignatureCanvas, {
      ref: attach, redrawOnResize: true, options: inkOptions, canvasProps: { role: "img", "aria-label": label },
    }),
    name && jsx("input", { type: "hidden", name, ref: field }),
    children);
}
"""


class InkPad(rx.Component):
    """The canvas with its ink."""

    tag = "InkPad"
    label: rx.Var[str]
    name: rx.Var[str]
    on_stroke: rx.EventHandler[passthrough_event_spec(list[dict[str, Any]], int, int)]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks, Reflex's client-only wrapper, and the pad as a dependency imported when it is needed."""
        return {
            "react": [rx.ImportVar(tag="useRef"), rx.ImportVar(tag="useCallback")],
            "$/utils/context": [rx.ImportVar(tag="ClientSide")],
            PAD: [rx.ImportVar(tag=None, render=False)],
        }

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [COMPONENT]


def signature_pad(
    *,
    on_stroke: Event = None,
    label: Text = "Draw your signature with a finger or a mouse",
    caption: Text = "",
    attempt: Any = "0",
    name: str | None = None,
) -> rx.Component:
    """A place to draw. After each stroke, and after Clear, `on_stroke` receives all strokes and the size of the pad.

    Strokes are what signature_pad's `toData()` gives: `[{"points": [{"x", "y", "pressure", "time"}], …}]`, in CSS
    pixels from the top left, times in milliseconds; then width and height in CSS pixels. A handler may take the strokes
    alone.
    `caption` stands under the line (name and date). A new `attempt` empties the pad.

    With a `name` the pad is a field of its form, so that the ink can stay in the browser until the form is sent:
    `{"width", "height", "strokes": [{"points": [{"x", "y"}]}]}` as JSON, or empty while nothing is drawn.
    """
    return InkPad.create(
        rx.el.span(icon("x", 14), class_name="sigpad__x", aria_hidden="true"),
        rx.el.span(caption, class_name="sigpad__hint"),
        button(
            "Clear",
            kind="quiet",
            small=True,
            icon_name="eraser",
            class_name="sigpad__clear",
            custom_attrs={"data-clear": True},
        ),
        label=label,
        class_name="sigpad",
        key=attempt,
        **({} if name is None else {"name": name}),
        **({} if on_stroke is None else {"on_stroke": on_stroke}),
    )


def typed_signature(name: Text, caption: Text = "") -> rx.Component:
    """A typed name as it will stand in the document."""
    return rx.el.div(
        rx.el.span(name, class_name="typed"),
        rx.el.span(caption, class_name="sigpad__hint"),
        class_name="sigpad sigpad--typed",
    )


def signature_ink(path: Text, view_box: Text, label: Text) -> rx.Component:
    """A drawn signature as vector: `path` are its SVG commands, `label` says whose it is."""
    return rx.el.svg(
        rx.el.path(d=path), class_name="ink", custom_attrs={"viewBox": view_box, "role": "img", "aria-label": label}
    )


def signature_block(
    who: Text, role: Text, *, ink: Child = None, typed: Text | None = None, pill: Child = None, waiting: bool = False
) -> rx.Component:
    """One signature line of a document: drawn, typed, empty, or still `waiting`."""
    mark = ink if typed is None else rx.el.span(typed, class_name="typed")
    inside = [icon("pen-line")] if waiting else present(mark)
    return rx.el.div(
        *present(
            rx.el.div(*inside, class_name="sigblock__line is-open" if waiting else "sigblock__line"),
            rx.el.p(who, class_name="strong"),
            rx.el.p(role, class_name="row__meta"),
            pill,
        ),
        class_name="sigblock",
    )


def signature_blocks(*blocks: Child, label: str = "Signatures") -> rx.Component:
    """The signatures at the end of a document."""
    return rx.el.section(*present(*blocks), class_name="sigblocks", custom_attrs=attributes(**{"aria-label": label}))
