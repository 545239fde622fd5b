"""The symbols beside a client's name: on every screen of the staff side, and in the Provider App."""

from typing import Any

import reflex as rx

from portal.components import ui


def client_symbols(row: Any) -> rx.Component:
    """The symbols of `row`, a var of `queries.symbols.Symbols`: each with its name for a screen reader and a tooltip.

    Nothing is drawn where none applies.
    """
    symbols = ui.flags(allergy=row.allergies, expiring=row.expiring)
    return rx.cond(row.allergies | row.expiring, rx.fragment(" ", symbols))


def symbols_legend() -> rx.Component:
    """What the symbols mean, in words, below a list."""
    return rx.el.div(
        rx.el.span(ui.flag("allergy"), rx.el.span("Allergies", aria_hidden="true")),
        rx.el.span(ui.flag("timer"), rx.el.span("Documents expiring or expired", aria_hidden="true")),
        class_name="legend",
    )
