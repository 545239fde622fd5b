"""Another time for a visit: the appointments, and over them the days and times that are free."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.pages.patient.appointments import framed, shown
from portal.state.patient.reschedule import RescheduleState as State
from portal.state.practice import PracticeState


def reschedule() -> rx.Component:
    """The page at /appointments/[visit_id]/reschedule."""
    sheet = rx.cond(State.shown, _sheet(), _cannot())
    return framed(shown(), rx.cond(State.loading, rx.fragment(), sheet))


def _sheet() -> rx.Component:
    choices = State.shown
    summary = rx.el.p(
        rx.cond(
            State.new_time != "",
            rx.fragment("New time: ", rx.el.b(State.new_time, class_name="strong")),
            "Choose a new time",
        ),
        class_name="sheet__sum",
        custom_attrs={"aria-live": "polite"},
    )
    save = ui.button(
        "Reschedule",
        kind="primary",
        disabled=State.chosen == "",
        loading=State.busy,
        loading_text="Rescheduling",
        on_click=State.save,
    )
    keep = ui.button_link("Keep current time", href=routes.APPOINTMENTS, kind="quiet", class_name="sheet__alt")
    return ui.dialog(
        "Reschedule",
        rx.el.p(
            choices.title,
            rx.cond(choices.about != "", f", {choices.about}", ""),
            ". Now on ",
            rx.el.b(choices.present, class_name="strong nowrap"),
            ".",
            class_name="row__meta",
        ),
        rx.el.div(_month(), _times(), class_name="resched"),
        open=True,
        id="reschedule",
        on_close=rx.redirect(routes.APPOINTMENTS),
        actions=[save, keep, summary],
        width="50rem",
    )


def _month() -> rx.Component:
    choices = State.shown
    return rx.el.section(
        ui.month_calendar(
            choices.month_title,
            choices.weeks,
            id="month",
            weekdays=choices.weekdays,
            on_day=State.choose_day,
            on_previous=State.turn_back,
            on_next=State.turn_on,
            every_day=True,
            first=choices.earlier == "",
            last=choices.later == "",
        ),
        custom_attrs={"aria-labelledby": "month"},
    )


def _times() -> rx.Component:
    """The free times of the chosen day; in a month without one, where there is one."""
    choices = State.shown
    return rx.el.section(
        rx.cond(
            choices.day != "",
            rx.fragment(
                rx.el.h3(choices.day_title, class_name="title3", custom_attrs={"id": "day"}),
                rx.el.div(rx.foreach(choices.parts, _part), class_name="partsofday"),
            ),
            _no_day(),
        ),
        custom_attrs={"aria-label": "Times"},
    )


def _part(part: rx.Var) -> rx.Component:
    def slot(time: Any) -> rx.Component:
        return rx.el.label(
            rx.el.input(
                type="radio",
                name="time",
                value=time[0],
                checked=State.chosen == time[0],
                on_change=State.choose_time(time[0]),
            ),
            time[1],
            class_name="slot",
        )

    return rx.el.fieldset(
        rx.el.legend(part.name, class_name="field__hint"),
        rx.el.div(rx.foreach(part.times, slot), class_name="slots"),
        class_name="slotgroup",
    )


def _no_day() -> rx.Component:
    choices = State.shown
    call = rx.fragment("Please call ", ui.phone_link(PracticeState.phone, PracticeState.phone_href), ".")
    other = ui.button(f"Go to {choices.other_title}", small=True, on_click=State.turn_to_other)
    return ui.stack(
        rx.el.h3("No free time", class_name="title3"),
        rx.cond(
            choices.other != "",
            rx.fragment(
                rx.el.p(
                    f"{choices.month_title} has no free time left. There is one in {choices.other_title}.",
                    class_name="muted sm",
                ),
                other,
            ),
            rx.el.p("There is no free time online at present. ", call, class_name="muted sm"),
        ),
    )


def _cannot() -> rx.Component:
    """The visit cannot be moved here, and why."""
    return ui.dialog(
        "Reschedule",
        rx.el.p(
            State.why_not,
            " To move a visit, call ",
            ui.phone_link(PracticeState.phone, PracticeState.phone_href),
            ".",
            class_name="muted",
        ),
        open=True,
        id="reschedule",
        on_close=rx.redirect(routes.APPOINTMENTS),
        actions=[ui.button_link("Back to Appointments", href=routes.APPOINTMENTS, kind="primary")],
        width="30rem",
    )
