"""The Appointments tab beside a client's panel: what is coming, what was, and everything that can be done with it."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.pages.staff.schedule_booking import booking_dialog
from portal.pages.staff.schedule_visit import STATUSES, visit_drawer
from portal.state.staff.booking import BookingState
from portal.state.staff.client_visits import ClientVisitsState as State
from portal.state.staff.session import Privilege, may
from portal.state.staff.visit import VisitSheetState

HEADERS: list[str | tuple[str, str]] = ["When", "Visit", "Provider", "Status", ""]


def tab() -> rx.Component:
    """The tab."""
    shown = State.shown
    book = ui.button(
        "Book visit", icon_name="calendar-plus", small=True, on_click=BookingState.start_for(State.client_id)
    )
    earlier = ui.button("Show earlier", small=True, on_click=State.show_earlier)
    return rx.el.div(
        rx.cond(
            shown,
            rx.fragment(
                _card(
                    "Upcoming Appointments",
                    shown.coming,
                    "No visit is booked.",
                    rx.cond(may(Privilege.VISITS_MANAGE), book),
                ),
                _card("Past Appointments", shown.past, "There was no visit yet."),
                rx.cond(shown.more, rx.el.p(earlier, class_name="vmore")),
            ),
            ui.loading("Loading the visits", ui.skeleton_card()),
        ),
        visit_drawer(),
        booking_dialog(),
        class_name="stack",
    )


def _card(title: str, visits: Any, none: str, act: Any = None) -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2(title, class_name="title2"), *([] if act is None else [act]), class_name="card__head"),
        rx.cond(
            visits.length() > 0,
            ui.table(title, HEADERS, rx.foreach(visits, _row)),
            rx.el.p(none, class_name="queue__note"),
        ),
        class_name="card card--flush",
    )


def _row(visit: Any) -> rx.Component:
    when = f"{visit.day}, {visit.time}"
    forms = rx.el.span(rx.cond(visit.forms == 1, "1 form open", f"{visit.forms} forms open"), class_name="xs muted")
    return ui.table_row(
        rx.fragment(rx.el.b(visit.day), rx.el.br(), rx.el.span(visit.time, class_name="sm muted")),
        rx.fragment(visit.title, rx.cond(visit.forms > 0, rx.fragment(rx.el.br(), forms))),
        rx.fragment(visit.provider, rx.el.br(), rx.el.span(visit.clinic, class_name="sm muted")),
        ui.status_pill(visit.status, only=STATUSES),
        (
            ui.button("View", small=True, on_click=VisitSheetState.open(visit.id), label=f"View {visit.title}, {when}"),
            "r",
        ),
    )
