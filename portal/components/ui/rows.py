"""Lists: rows with hairlines between them, paperwork rows, dates as pictures, terms with their values."""

from typing import Literal

import reflex as rx

from portal.components.ui.icon import icon
from portal.components.ui.kit import Child, Text, classes, present


def rows(*children: Child, tight: bool = False) -> rx.Component:
    """A list of rows (each child one item, or a `rx.foreach` of `rx.el.li`)."""
    return rx.el.ul(*present(*children), class_name=classes("rows", "rows--tight" if tight else ""))


def row(
    title: Text,
    *,
    meta: Child = None,
    lead: Child = None,
    trail: Child = None,
    icon_name: str | None = None,
    href: Text | None = None,
) -> rx.Component:
    """One row: what leads it (an icon, a day), title, a line of detail, what ends it. `href` makes all of it a link."""
    start = lead if icon_name is None else rx.el.span(icon(icon_name), class_name="row__ico")
    body = rx.el.span(
        rx.el.span(title, class_name="row__title"),
        *([] if meta is None else [rx.el.span(meta, class_name="row__meta")]),
        class_name="row__body",
    )
    parts = present(start, body, trail)
    line = rx.el.div(*parts, class_name="row") if href is None else rx.el.a(*parts, href=href, class_name="row")
    return rx.el.li(line)


def doc_row(title: Text, status: Child, meta: Child, *acts: Child) -> rx.Component:
    """A form in Task Management: its status, name, why and when, and what can be done."""
    return rx.el.li(
        rx.el.div(
            rx.el.p(status, class_name="doc__status"),
            rx.el.h3(title, class_name="title3"),
            rx.el.p(meta, class_name="row__meta"),
        ),
        rx.el.div(*present(*acts), class_name="doc__acts"),
        class_name="doc",
    )


def day(number: Text, month: Text) -> rx.Component:
    """A date as a picture: the day large, "Thu, Dec" below."""
    return rx.el.span(rx.el.span(number, class_name="day__n"), rx.el.span(month, class_name="day__m"), class_name="day")


def kv(*pairs: tuple[Text, Child], columns: Literal[2, 3, 4] = 2) -> rx.Component:
    """Terms with their values, two or more beside one another."""
    items = [rx.el.div(rx.el.dt(term), rx.el.dd(*present(value))) for term, value in pairs]
    return rx.el.dl(*items, class_name=classes("kv", f"kv--{columns}" if columns > 2 else ""))


def reminders(*items: tuple[str, Child]) -> rx.Component:
    """Short hints, each (icon, words)."""
    return rx.el.ul(
        *(rx.el.li(icon(name), rx.el.span(*present(words))) for name, words in items), class_name="reminders"
    )


def total(term: Text, amount: Text, *, last: bool = False) -> rx.Component:
    """A line of money: what it is for and the amount, the last one larger."""
    return rx.el.div(
        rx.el.dt(term),
        rx.el.dd(amount, class_name="num"),
        class_name=classes("total", "lines__total" if last else ""),
    )


def totals(*lines: Child) -> rx.Component:
    """The lines of an invoice."""
    return rx.el.dl(*present(*lines), class_name="lines")
