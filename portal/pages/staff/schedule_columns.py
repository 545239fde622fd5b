"""The columns of the schedule: hours at the side, visits by the clock.

On a phone, and for all providers in a week, each is a list by time.
"""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.client_symbols import client_symbols
from portal.components.schedule import now_line, walkable
from portal.components.ui.kit import attributes, hidden_text, inline, when
from portal.state.staff.booking import BookingState
from portal.state.staff.session import Privilege, may
from portal.state.staff.visit import VisitSheetState

STATUSES = ("Not confirmed", "Confirmed", "Checked in", "Completed", "Cancelled", "No show")


def columns(shown: Any) -> rx.Component:
    """A var of `queries.staff_schedule.Schedule`, drawn."""
    hours = rx.el.div(
        rx.foreach(shown.hours, lambda hour: rx.el.span(hour[1], custom_attrs=inline(_at=hour[0].to_string()))),
        class_name="sched__hours",
        aria_hidden="true",
    )
    grid = walkable(
        rx.cond(shown.timed, hours),
        rx.foreach(shown.columns, lambda column: _column(column, shown)),
        label="Visits",
        class_name=rx.cond(shown.timed, "sched", "sched sched--list"),
    )
    nothing = ui.empty_state("calendar-days", shown.empty, "Choose another day, or book a visit all the same.")
    framed = rx.el.div(
        grid,
        class_name="schedframe",
        custom_attrs=inline(_first=shown.first.to_string(), _span=shown.minutes.to_string())
        | {"data-view": shown.view},
    )
    return rx.cond(shown.empty != "", rx.el.div(nothing, class_name="card"), framed)


def _column(column: Any, shown: Any) -> rx.Component:
    title = rx.cond(column.href != "", rx.el.a(column.title, href=column.href), column.title)
    return rx.el.section(
        rx.el.h3(
            title,
            rx.cond(column.sub != "", rx.el.span(column.sub, class_name="sched__sub")),
            rx.cond(column.today & (shown.view == "week"), hidden_text(", today")),
            class_name="sched__head",
        ),
        rx.el.div(
            rx.foreach(column.shades, _shade),
            rx.cond(may(Privilege.VISITS_MANAGE), rx.foreach(column.gaps, _gap)),
            rx.el.ol(rx.foreach(column.visits, _visit), class_name="sched__visits", role="list"),
            rx.cond(column.visits.length() == 0, rx.el.p("No visits", class_name="sched__none")),
            now_line(column.origin, shown.minutes),
            class_name="sched__day",
        ),
        class_name="sched__col",
        key=column.key,
        custom_attrs=attributes(
            **{
                "data-column": True,
                "data-today": when(column.today, "true", None),
                "aria-label": f"{column.title} {column.sub}",
            }
        ),
    )


def _shade(shade: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(shade.words != "", rx.el.span(ui.icon("circle-slash", 14), shade.words)),
        class_name=rx.cond(shade.words != "", "sched__off", "sched__closed"),
        custom_attrs=inline(_at=shade.at.to_string(), _len=shade.minutes.to_string()),
    )


def _gap(gap: Any) -> rx.Component:
    return rx.el.button(
        rx.el.span(ui.icon("plus", 14), gap.words),
        type="button",
        class_name="sched__gap",
        on_click=BookingState.start(gap.provider_id, gap.clinic_id, gap.day, gap.clock),
        custom_attrs=inline(_at=gap.at.to_string(), _len=gap.minutes.to_string())
        | {"aria-label": gap.label, "data-at": gap.at, "tabIndex": -1},
    )


def _visit(visit: Any) -> rx.Component:
    status = ui.status_pill(visit.status, only=STATUSES)
    forms = rx.el.span(
        ui.icon("list-checks", 14),
        visit.forms,
        rx.el.span(rx.cond(visit.forms == 1, " form open", " forms open"), class_name="sv__word"),
        class_name="sv__forms",
    )
    held = rx.el.span(ui.icon("undo-2", 14), f"Held until {visit.held}", class_name="sv__forms sv__held")
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.b(visit.client, class_name="sv__who"), client_symbols(visit.symbols), class_name="sv__line"
            ),
            rx.el.span(
                rx.el.span(visit.time, class_name="sv__time"),
                " ",
                visit.title,
                class_name="sv__what",
            ),
            rx.el.span(visit.with_whom, class_name="sv__with"),
            rx.el.span(
                status,
                rx.cond(visit.forms > 0, forms),
                rx.cond(visit.held != "", held),
                class_name="sv__state",
            ),
            type="button",
            class_name="sv__b",
            on_click=VisitSheetState.open(visit.id),
            custom_attrs={"data-at": visit.at, "aria-haspopup": "dialog", "title": visit.label},
        ),
        class_name=rx.cond(visit.short, "sv sv--short", "sv"),
        key=visit.id,
        custom_attrs=inline(
            _at=visit.at.to_string(),
            _len=visit.minutes.to_string(),
            _buf=visit.buffer.to_string(),
            _lane=visit.lane.to_string(),
            _lanes=visit.lanes.to_string(),
        )
        | attributes(**{"data-status": visit.status, "data-gone": when(visit.gone, "true", None)}),
    )
