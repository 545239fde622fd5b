"""Appointments: what is coming, what was, the way to book, and the visits in one's own calendar."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import patient_page
from portal.components.ui.kit import inline
from portal.pages.patient.visit_parts import STATUSES, cancel_dialog, centred, lit_visit, plain_visit
from portal.state.patient.appointments import AppointmentsState as State
from portal.state.patient.calendar_feed import CalendarFeedState as Feed
from portal.state.practice import PracticeState

TITLE = "Appointments"
PAST = f"{routes.APPOINTMENTS}?tab=past"


def appointments() -> rx.Component:
    """The page at /appointments; `?tab=past` opens the history."""
    return framed(shown(), cancel_dialog())


def framed(*children: rx.Component) -> rx.Component:
    """The frame of all pages about visits."""
    return patient_page(
        TITLE,
        *children,
        narrow=True,
    )


def shown() -> rx.Component:
    """Both tabs."""
    past = State.tab == "past"
    return rx.fragment(
        ui.tab_links(
            TITLE,
            ui.tab_link(
                "Upcoming Appointments", routes.APPOINTMENTS, current=~past, count=_count(State.coming_count, "ahead")
            ),
            ui.tab_link("Past Appointments", PAST, current=past, count=_count(State.past_count, "so far")),
        ),
        rx.cond(State.loading, _skeleton(), rx.cond(past, _past(), _coming())),
    )


def _count(number: rx.vars.NumberVar[int], what: str) -> rx.Component:
    return rx.cond(number > 0, ui.count(number, what, tone="quiet"))


def _skeleton() -> rx.Component:
    return ui.loading("Loading your appointments", ui.skeleton("22rem"), ui.skeleton_card(3), ui.skeleton_card(3))


def _coming() -> rx.Component:
    nothing = ui.empty_state(
        "calendar-days", "No visit ahead", "When the practice books a visit for you, it appears here."
    )
    others = rx.foreach(
        State.coming, lambda visit, number: rx.cond(number > 0, rx.fragment(plain_visit(visit), key=visit.id))
    )
    return ui.stack(
        rx.cond(State.coming.length() > 0, rx.fragment(lit_visit(State.coming[0]), others), nothing),
        _booking(),
        rx.cond(State.coming.length() > 0, _feed()),
        gap="1.25rem",
    )


def _booking() -> rx.Component:
    """New visits are booked elsewhere; where there is no such place, by telephone."""
    call = rx.fragment("To book a visit, call ", ui.phone_link(PracticeState.phone, PracticeState.phone_href), ".")
    online = "New appointments are made in our Online Booking Portal."
    there = PracticeState.booking_url != ""
    return rx.el.div(
        rx.el.div(
            rx.el.p("Book another visit", class_name="strong"),
            rx.el.p(rx.cond(there, online, call), class_name="row__meta"),
        ),
        rx.cond(
            there,
            ui.anchor(
                "Online Booking Portal",
                ui.icon("arrow-up-right", 16),
                href=PracticeState.booking_url,
                label="Online Booking Portal, opens in a new tab",
                class_name="btn",
                new_tab=True,
            ),
        ),
        class_name="well split",
    )


def _feed() -> rx.Component:
    """The private address for a calendar program: made, shown once, turned off."""
    words = rx.cond(
        Feed.active,
        f"A calendar program reads your visits from a private address since {Feed.since}.",
        "Let your phone or computer follow your visits through a private address. It shows times and places, "
        "no treatments.",
    )
    make = rx.cond(Feed.active, "Make a new address", "Get a private address")
    return ui.section(
        "Your calendar",
        ui.stack(
            rx.el.p(words, class_name="muted sm measure"),
            rx.cond(Feed.address != "", _address()),
            ui.cluster(
                ui.button(make, small=True, icon_name="calendar-plus", on_click=Feed.create),
                rx.cond(Feed.active, ui.button("Turn off", kind="quiet", small=True, on_click=Feed.revoke)),
            ),
            gap=".875rem",
        ),
        id="calendar",
    )


def _address() -> rx.Component:
    return rx.el.div(
        rx.el.p("This address is shown once. Keep it to yourself: whoever has it sees when your visits are."),
        rx.el.p(rx.el.code(Feed.address), class_name="feedaddress"),
        ui.cluster(
            ui.copy_button(Feed.address, "Copy the calendar address"),
            ui.button_link("Open in a calendar", href=Feed.webcal, small=True, full_load=True),
        ),
        class_name="well feed",
        role="status",
    )


def _past() -> rx.Component:
    nothing = ui.empty_state("history", "No visits yet", "After a visit you find it here, with its paperwork.")
    earlier = ui.button("Show earlier", on_click=State.show_earlier)
    return rx.cond(
        State.past.length() > 0,
        rx.fragment(
            ui.stack(rx.foreach(State.past, _year), gap="1.25rem"),
            rx.cond(
                State.more,
                rx.el.div(earlier, class_name="cluster", custom_attrs=inline(margin_top="1.25rem")),
                centred(f"That is everything since {State.since}."),
            ),
        ),
        nothing,
    )


def _year(year: rx.Var) -> rx.Component:
    return rx.el.section(
        rx.el.h2(year.year, class_name="title2", custom_attrs=inline(margin_bottom="1rem")),
        ui.rows(rx.foreach(year.visits, _visit)),
        class_name="card",
        custom_attrs={"aria-label": year.year},
    )


def _visit(visit: rx.Var) -> rx.Component:
    pill = rx.el.p(ui.status_pill(visit.status, only=STATUSES), class_name="appt__status")
    return rx.el.li(
        ui.day(visit.day, visit.day_month),
        rx.el.div(
            rx.el.h3(visit.title, class_name="row__title"),
            rx.el.p(visit.where, class_name="row__meta"),
            rx.cond(visit.status != "", pill),
            class_name="row__body",
        ),
        ui.button_link("View", href=visit.href, small=True, label=visit.label),
        class_name="row",
    )
