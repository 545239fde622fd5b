"""A month as a table: today a ring, a visit filled with a badge, a past visit a tint, a closed day struck through."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from portal.components.ui.button import icon_button
from portal.components.ui.kit import Event, Flag, Text, attributes, classes, hidden_text, when

WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One cell: the day's number (0 for none), its ISO date, its words for a screen reader ("Tuesday, November 24")."""

    number: int = 0
    date: str = ""
    words: str = ""
    visits: int = 0
    today: bool = False
    past: bool = False
    open: bool = True
    chosen: bool = False


def month_calendar(
    title: Text,
    weeks: list[list[CalendarDay]] | rx.Var[list[list[CalendarDay]]],
    *,
    id: str,
    on_day: Any = None,
    on_previous: Event = None,
    on_next: Event = None,
    every_day: bool = False,
    weekdays: Any = None,
    first: Flag = False,
    last: Flag = False,
) -> rx.Component:
    """A month with buttons to the ones before and after. `weekdays` heads the columns, each with its `letter` and
    `name`; weeks begin on Sunday, in English, without it.

    `on_day` receives the ISO date of the day touched: of days with a visit, or with `every_day` of all open days (to
    choose a new date). `first` and `last` say that there is no month to turn to.
    """
    head = rx.el.div(
        rx.el.h2(title, class_name="title2", custom_attrs={"id": id, "aria-live": "polite"}),
        rx.el.span(
            icon_button("chevron-left", "Previous month", on_click=on_previous, custom_attrs=_off(first)),
            icon_button("chevron-right", "Next month", on_click=on_next, custom_attrs=_off(last)),
            class_name="nowrap",
        ),
        class_name="cal__head",
    )
    names: list[Any] = [_head(name[0], name) for name in WEEKDAYS]
    if weekdays is not None:
        names = [rx.foreach(weekdays, lambda day: _head(day.letter, day.name))]
    body = rx.foreach(weeks, lambda week: rx.el.tr(rx.foreach(week, lambda day: _cell(day, on_day, every_day))))
    grid = rx.el.table(
        rx.el.thead(rx.el.tr(*names)), rx.el.tbody(body), class_name="cal", custom_attrs={"aria-labelledby": id}
    )
    return rx.el.div(head, grid)


def _off(flag: Flag) -> dict[str, Any]:
    """Off, but still there for the focus; whoever handles the click decides by itself."""
    return attributes(**{"aria-disabled": when(flag, "true", None)})


def _head(letter: Text, name: Text) -> rx.Component:
    return rx.el.th(rx.el.abbr(letter, title=name), scope="col")


def _cell(day: Any, on_day: Any, every_day: bool) -> rx.Component:
    looks = classes(
        "cal__d",
        when(day.today, " is-today"),
        when(day.chosen, " is-sel"),
        "" if every_day else when(day.visits > 0, when(day.past, " has-visit is-done", " has-visit")),
    )
    badge = rx.cond(
        (day.visits > 0) & ~day.past, rx.el.span(day.visits, class_name="cal__n", custom_attrs={"aria-hidden": "true"})
    )
    said = attributes(**{"aria-current": when(day.today, "date", None)})
    content = [rx.el.span(day.number, custom_attrs={"aria-hidden": "true"}), hidden_text(day.words)]
    plain = rx.el.span(*content, class_name=looks, custom_attrs=said)
    if on_day is None:
        inside: rx.Component = plain
    else:
        pressed = attributes(**{"aria-pressed": when(day.chosen, "true", "false")})
        button = rx.el.button(
            *content,
            *([] if every_day else [badge]),
            type="button",
            class_name=looks,
            disabled=~day.open if every_day else False,
            on_click=on_day(day.date),
            custom_attrs=said | pressed,
        )
        inside = button if every_day else rx.cond(day.visits > 0, button, plain)
    return rx.cond(day.number > 0, rx.el.td(inside), rx.el.td(class_name="is-out"))
