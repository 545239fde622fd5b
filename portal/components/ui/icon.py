"""Icons: Lucide, drawn inline as one path, so that a page carries only the icons that it shows."""

import json
from typing import Literal

import reflex as rx

from portal.components.ui.icon_paths import PATHS
from portal.components.ui.kit import Text, attributes, classes

Size = Literal[14, 16, 20, 24, 32]
STROKES = {
    "fill": "none",
    "stroke": "currentColor",
    "strokeLinecap": "round",
    "strokeLinejoin": "round",
    "viewBox": "0 0 24 24",
}


def icon(name: Text, size: Size = 20, *, label: Text | None = None, options: tuple[str, ...] = ()) -> rx.Component:
    """One icon in the colour of the text around it.

    Beside words it is hidden from assistive technology; alone it needs a `label`. A name that is only known in the
    browser needs `options`, the names that it can be.

    Raises:
        KeyError: when there is no such icon; scripts/icons.py adds one.
    """
    path = _chosen(name, options) if isinstance(name, rx.Var) else PATHS[name]
    spoken = attributes(role="img", **{"aria-label": label}) if label is not None else {"aria-hidden": "true"}
    return rx.el.svg(
        rx.el.path(d=path),
        class_name=classes("i", "" if size == 20 else f"i--{size}"),
        custom_attrs=STROKES | spoken,
    )


def _chosen(name: rx.Var[str], options: tuple[str, ...]) -> rx.Var[str]:
    """The path of the named icon, looked up in the browser among `options`."""
    table = json.dumps({option: PATHS[option] for option in options})
    return rx.Var(f"({table})[{name}]", _var_data=name._get_all_var_data()).to(str)
