"""Appointments: the practice's schedule by day and by week, per provider and clinic."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.client_symbols import symbols_legend
from portal.components.layout.staff import staff_page
from portal.components.ui.field import choices
from portal.components.ui.kit import attributes, inline, when
from portal.pages.staff.schedule_booking import booking_dialog
from portal.pages.staff.schedule_columns import columns
from portal.pages.staff.schedule_visit import visit_drawer
from portal.state.staff.booking import BookingState
from portal.state.staff.schedule import ScheduleState as State
from portal.state.staff.session import Privilege, may

Shown = State.shown


def schedule() -> rx.Component:
    """The page at /staff/appointments."""
    waiting = ui.loading("Loading the schedule", ui.skeleton("3rem"), ui.skeleton("28rem"))
    return staff_page(
        "Appointments",
        rx.el.div(
            rx.el.h1("Appointments", class_name="title1"),
            rx.el.div(
                rx.cond(may(Privilege.VISITS_MANAGE), _book()),
                class_name="cluster",
                custom_attrs=inline(margin_left="auto"),
            ),
            class_name="shead",
        ),
        rx.cond(Shown, rx.fragment(_bar(), columns(Shown), symbols_legend()), waiting),
        visit_drawer(),
        booking_dialog(),
    )


def _book() -> rx.Component:
    provider, clinic = (rx.cond(Shown, value, "") for value in (Shown.provider_id, Shown.clinic_id))
    return ui.button(
        "Book visit",
        kind="primary",
        icon_name="calendar-plus",
        on_click=BookingState.start(provider, clinic, rx.cond(Shown, Shown.day, ""), ""),
    )


def _bar() -> rx.Component:
    """When, and whose."""
    return rx.el.div(
        rx.el.div(
            rx.el.nav(
                _step(
                    "chevron-left", rx.cond(Shown.view == "week", "Previous week", "Previous day"), Shown.before_href
                ),
                rx.el.a(
                    "Today",
                    href=Shown.today_href,
                    class_name="btn btn--sm",
                    custom_attrs=attributes(**{"aria-current": when(Shown.today, "date", None)}),
                ),
                _step("chevron-right", rx.cond(Shown.view == "week", "Next week", "Next day"), Shown.after_href),
                class_name="schedbar__step",
                custom_attrs={"aria-label": "Day"},
            ),
            rx.el.h2(Shown.title, class_name="title2", custom_attrs={"aria-live": "polite"}),
            rx.el.span(Shown.count, class_name="sm muted"),
            class_name="schedbar__when",
        ),
        rx.el.div(
            _view(),
            _jump(),
            _filter("provider", "Provider", "All providers", Shown.providers, Shown.provider_id),
            _filter("clinic", "Clinic", "All clinics", Shown.clinics, Shown.clinic_id),
            ui.button(
                "Cancelled",
                small=True,
                icon_name="eye",
                on_click=State.choose("gone", ""),
                label="Show cancelled visits",
                custom_attrs={"aria-pressed": when(Shown.gone, "true", "false")},
                class_name="schedbar__gone",
            ),
            class_name="schedbar__what",
            role="group",
            aria_label="Filters",
        ),
        class_name="schedbar",
    )


def _step(icon: str, label: Any, href: Any) -> rx.Component:
    return rx.el.a(ui.icon(icon), href=href, class_name="iconbtn iconbtn--line", custom_attrs={"aria-label": label})


def _view() -> rx.Component:
    def one(words: str, view: str, href: Any) -> rx.Component:
        current = attributes(**{"aria-current": when(Shown.view == view, "page", None)})
        return rx.el.a(words, href=href, custom_attrs=current)

    return rx.el.nav(
        one("Day", "day", Shown.day_href),
        one("Week", "week", Shown.week_href),
        class_name="seg",
        custom_attrs={"aria-label": "View"},
    )


def _jump() -> rx.Component:
    return rx.el.input(
        type="date",
        id="schedule-day",
        default_value=Shown.day,
        key=Shown.day,
        on_change=lambda day: State.choose("day", day),
        class_name="input",
        custom_attrs={"aria-label": "Go to a day"},
    )


def _filter(what: str, label: str, every: str, options: Any, chosen: Any) -> rx.Component:
    return rx.el.select(
        *choices(options, every),
        value=chosen,
        on_change=lambda value: State.choose(what, value),
        class_name="select",
        custom_attrs={"aria-label": label},
    )
