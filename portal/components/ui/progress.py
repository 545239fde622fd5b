"""How far along: a bar, and a meter of pieces used."""

import reflex as rx

from portal.components.ui.kit import Number, Text, inline


def progress(label: Text, now: Number, of: Number) -> rx.Component:
    """A bar: `now` of `of` steps are done."""
    width = rx.Var(f"(`${{Math.round(100 * {rx.Var.create(now)} / {rx.Var.create(of)})}}%`)").to(str)
    return rx.el.div(
        rx.el.span(custom_attrs=inline(width=width)),
        class_name="progress",
        custom_attrs={
            "role": "progressbar",
            "aria-label": label,
            "aria-valuemin": 0,
            "aria-valuemax": of,
            "aria-valuenow": now,
        },
    )


def meter(on: int, of: int, what: str) -> rx.Component:
    """Pieces, the first `on` of `of` filled, said as "4 of 6 sessions left"."""
    pieces = [rx.el.span(class_name="on" if index < on else "") for index in range(of)]
    return rx.el.div(
        *pieces, class_name="meter__track", custom_attrs={"role": "img", "aria-label": f"{on} of {of} {what}"}
    )
