"""Who opened your record: who of the practice, when, and what kind of thing, by day."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import patient_page
from portal.state.patient.record_access import RecordAccessState as State
from portal.state.practice import PracticeState

TITLE = "Who opened my record"


def record_access() -> rx.Component:
    """The page at /profile/record-access."""
    waiting = ui.loading("Loading who opened your record", ui.skeleton_card(4))
    nothing = ui.empty_state(
        "eye", "Nobody has opened your record yet", "When somebody at the practice looks at it, you see it here."
    )
    shown = rx.cond(State.days.length() > 0, _days(), nothing)
    return patient_page(TITLE, ui.stack(_about(), rx.cond(State.loading, waiting, shown), _back()), narrow=True)


def _back() -> rx.Component:
    return rx.el.p(ui.link("Back to My Profile", href=routes.PROFILE))


def _about() -> rx.Component:
    return rx.el.p(
        "Everybody at the practice who looked at your record, and when. Your own visits to this portal are not listed. "
        "If something surprises you, call ",
        ui.phone_link(PracticeState.phone, PracticeState.phone_href),
        ".",
        class_name="muted measure",
    )


def _days() -> rx.Component:
    more = rx.el.p(ui.button("Show earlier days", on_click=State.earlier))
    return ui.stack(rx.el.div(rx.foreach(State.days, _day), class_name="card accessed"), rx.cond(State.more, more))


def _day(day: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(day.day, class_name="title3"),
        ui.rows(rx.foreach(day.rows, _row), tight=True),
        custom_attrs={"aria-label": day.day},
    )


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(ui.icon("user-round"), class_name="row__ico"),
        rx.el.div(
            rx.el.p(row.who, class_name="row__title"),
            rx.cond(row.role != "", rx.el.p(row.role, class_name="row__meta")),
            rx.el.p(row.what, class_name="row__meta"),
            class_name="row__body",
        ),
        rx.el.span(row.times, class_name="sm muted nowrap"),
        class_name="row",
    )
