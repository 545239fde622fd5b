"""Tables at staff density, in a frame that scrolls sideways by itself where the screen is narrow."""

from typing import Any

import reflex as rx

from portal.components.ui.kit import Child, Flag, Text, attributes, hidden_text, present, when


def table(label: Text, headers: list[str | tuple[str, str]], *rows: Child) -> rx.Component:
    """A table. A header given as (words, "r") is a column of money, at the right; an empty one stands over what can be
    done with each row. `rows` are `table_row`s."""
    return rx.el.div(
        rx.el.table(rx.el.thead(rx.el.tr(*map(_header, headers))), rx.el.tbody(*present(*rows)), class_name="table"),
        class_name="tablewrap",
        role="region",
        custom_attrs={"aria-label": label, "tabIndex": 0},
    )


def _header(header: str | tuple[str, str]) -> rx.Component:
    words, kind = (header, "") if isinstance(header, str) else header
    return rx.el.th(words or hidden_text("Actions"), class_name=kind, scope="col")


def table_row(*cells: Any, selected: Flag = False) -> rx.Component:
    """One row. A cell given as (content, "r") stands at the right."""
    return rx.el.tr(
        *(rx.el.td(cell[0], class_name=cell[1]) if isinstance(cell, tuple) else rx.el.td(cell) for cell in cells),
        custom_attrs=attributes(**{"data-selected": when(selected, "true", None)}),
    )


def toolbar(*children: Child) -> rx.Component:
    """Search and filters over a table."""
    return rx.el.div(*present(*children), class_name="toolbar", role="group", aria_label="Filters")
