"""A visit on the screen, as every page that acts on visits draws it: the lit card, the plain card, the acts, the
question before a cancellation."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.ui.kit import inline
from portal.state.patient.visit_acts import VisitActsState as Acts
from portal.state.practice import PracticeState

STATUSES = ("Not confirmed", "Confirmed", "Checked in", "Completed", "Cancelled", "No show")
REMINDER_ICONS = ("clock", "square-parking", "wallet", "circle-check", "info", "list-checks")


def status(visit: Any) -> rx.Component:
    """The pill in words; none for a visit that is over and that nobody has closed."""
    return rx.cond(visit.status != "", ui.status_pill(visit.status, only=STATUSES))


def lit_visit(visit: Any) -> rx.Component:
    """The next visit: the date set large, what can be done, and what to know before it."""
    return ui.lit(
        rx.el.div(
            rx.el.p(visit.away, " ", status(visit), class_name="visit__eyebrow cluster"),
            rx.el.p(
                rx.el.span(visit.day, class_name="visit__n"),
                rx.el.span(
                    rx.el.span(visit.weekday),
                    rx.el.br(),
                    rx.el.span(visit.month),
                    rx.el.br(),
                    rx.el.span(visit.time),
                    class_name="visit__when",
                ),
                class_name="visit__date",
            ),
            rx.el.div(
                rx.el.h2(visit.title, class_name="title1", custom_attrs={"id": "next-visit"}),
                rx.el.p(
                    rx.cond(visit.provider != "", rx.fragment(f"With {visit.provider}", rx.el.br())),
                    length_and_place(visit),
                    rx.cond(visit.address != "", rx.fragment(rx.el.br(), visit.address)),
                    class_name="muted",
                ),
            ),
            rx.el.div(
                rx.el.div(_forms(visit), acts(visit, lit=True), class_name="visit__acts"),
                why_not(visit, "visit__why"),
                links(visit),
                class_name="visit__do",
            ),
            class_name="visit__main",
        ),
        rx.cond(visit.reminders.length() > 0, reminders(visit)),
        labelled_by="next-visit",
        class_name=rx.cond(visit.reminders.length() > 0, "visit visit--wide", "visit"),
    )


def _forms(visit: Any) -> rx.Component:
    """Once there is nothing to confirm, the forms are what is next."""
    words = rx.cond(visit.forms == 1, "Complete 1 form", f"Complete {visit.forms} forms")
    button = ui.button_link(words, href=routes.TASK_MANAGEMENT, kind="primary", icon_name="list-checks")
    return rx.cond((visit.forms > 0) & ~visit.confirm & (visit.undo_seconds == 0), button)


def length_and_place(visit: Any) -> rx.Component:
    """“45 minutes, Pearl District”, with what is known of it."""
    between = rx.cond((visit.lasts != "") & (visit.clinic != ""), ", ", "")
    return rx.fragment(visit.lasts, between, visit.clinic)


def plain_visit(visit: Any) -> rx.Component:
    """A further visit."""
    return rx.el.article(
        ui.day(visit.day, visit.day_month),
        rx.el.div(
            rx.el.h2(visit.title, class_name="title3"),
            rx.el.p(
                visit.time,
                rx.cond(visit.lasts != "", f", {visit.lasts}", ""),
                rx.el.br(),
                visit.provider,
                rx.cond((visit.provider != "") & (visit.clinic != ""), " at ", ""),
                visit.clinic,
                class_name="row__meta",
            ),
            rx.el.p(status(visit), class_name="appt__status"),
            links(visit),
        ),
        rx.el.div(acts(visit), class_name="appt__acts"),
        why_not(visit),
        class_name="card appt",
        custom_attrs={"aria-label": f"{visit.title}, {visit.when}"},
    )


def acts(visit: Any, *, lit: bool = False) -> rx.Component:
    """Confirm, Reschedule, Cancel, where they are offered; Undo for five minutes after a cancellation."""
    small = not lit
    working = Acts.working == visit.id
    confirm = ui.button(
        "Confirm",
        kind="primary" if lit else "plain",
        icon_name="check" if lit else None,
        small=small,
        loading=working,
        loading_text="Confirming",
        on_click=Acts.confirm(visit.id),
        label=f"Confirm {visit.title}, {visit.when}",
    )
    move = ui.button_link(
        "Reschedule", href=visit.move_href, small=small, label=f"Reschedule {visit.title}, {visit.when}"
    )
    cancel = ui.button(
        "Cancel",
        kind="quiet",
        small=small,
        on_click=Acts.ask_cancel(visit.id),
        label=f"Cancel {visit.title}, {visit.when}",
    )
    undo = rx.fragment(
        ui.button(
            "Undo",
            kind="primary" if lit else "plain",
            icon_name="undo-2" if lit else None,
            small=small,
            loading=working,
            loading_text="Undoing",
            on_click=Acts.undo(visit.id),
            label=f"Undo the cancellation of {visit.title}, {visit.when}",
        ),
        ui.countdown(
            visit.undo_seconds, prefix="Time left to undo: ", on_done=Acts.time_is_up, class_name="undoleft sm num"
        ),
    )
    return rx.cond(
        visit.undo_seconds > 0,
        undo,
        rx.fragment(rx.cond(visit.confirm, confirm), rx.cond(visit.move, move), rx.cond(visit.cancel, cancel)),
    )


def why_not(visit: Any, class_name: str = "appt__note") -> rx.Component:
    """Why a button is missing, and the practice's telephone in its place."""
    call = rx.cond(
        visit.call != "",
        rx.fragment(
            " ", visit.call, " ", ui.phone_link(PracticeState.phone, PracticeState.phone_href), "."
        ),
    )  # fmt: skip
    words = rx.el.p(ui.icon("info", 16), rx.el.span(visit.note, call), class_name=class_name)
    return rx.cond(visit.note != "", words)


def links(visit: Any, *, details: bool = True) -> rx.Component:
    """View, and the entry for a calendar."""
    calendar = ui.anchor(
        ui.icon("calendar-plus", 16),
        "Add to calendar",
        href=visit.ics_href,
        label=f"Add {visit.title}, {visit.when} to your calendar",
        class_name="link",
    )
    view = rx.el.a(
        "View",
        href=visit.view_href,
        class_name="link",
        custom_attrs={"aria-label": f"View {visit.title}, {visit.when}"},
    )
    return rx.el.p(*([view] if details else []), rx.cond(visit.ics_href != "", calendar), class_name="visitlinks")


def reminders(visit: Any, *, card: bool = False) -> rx.Component:
    """Important Reminders: when to arrive, where to park, what to bring, what to do before."""

    def line(reminder: Any) -> rx.Component:
        way = rx.cond(reminder.href != "", rx.fragment(rx.el.a(reminder.link, href=reminder.href), " "))
        return rx.el.li(ui.icon(reminder.icon, options=REMINDER_ICONS), rx.el.span(way, reminder.words))

    listed = rx.el.ul(rx.foreach(visit.reminders, line), class_name="reminders")
    if card:
        return ui.section("Important Reminders", listed, id="reminders")
    return rx.el.div(rx.el.h3("Important Reminders", class_name="title3"), listed, class_name="visit__note")


def cancel_dialog() -> rx.Component:
    """Which visit, what it costs now, why; then the button that does it."""
    terms = Acts.terms
    body = rx.el.form(
        ui.stack(
            rx.el.p(rx.el.b(terms.title, class_name="strong"), ", ", terms.when, class_name="muted"),
            rx.cond(
                terms.fee_cents > 0, ui.banner(terms.fee, tone="warn"), ui.banner(terms.fee, tone="neutral")
            ),
            rx.cond(terms.final, ui.banner(terms.final, tone="warn")),
            ui.choice_group("Why are you cancelling?", "reason", terms.reasons, error=_error("reason")),
            ui.text_area(
                "Anything we should know?", "note", optional=True, max_length=500, error=_error("note")
            ),
        ),
        id="cancelling",
        on_submit=Acts.cancel,
    )  # fmt: skip
    do_it = ui.button(
        "Cancel visit",
        kind="danger-solid",
        type="submit",
        loading=Acts.busy,
        loading_text="Cancelling",
        custom_attrs={"form": "cancelling"},
    )
    shown = ui.dialog(
        "Cancel this visit?",
        body,
        open=True,
        id="cancel",
        actions=[do_it, ui.button("Keep it", kind="quiet", on_click=Acts.keep)],
        on_close=Acts.keep,
    )
    return rx.cond(Acts.terms, shown)


def _error(field: str) -> rx.Var[str]:
    return rx.cond(Acts.errors.contains(field), Acts.errors[field], "")


def not_found() -> rx.Component:
    """No such visit, or another's: the two are told apart nowhere."""
    back = ui.button_link("Appointments", href=routes.APPOINTMENTS, kind="primary")
    words = "It may have been removed. All your visits are under Appointments."
    return ui.empty_state("calendar-days", "We could not find that appointment", words, back)


def centred(*children: rx.Component | str) -> rx.Component:
    """A quiet line below a list."""
    return rx.el.p(*children, class_name="sm faint", custom_attrs=inline(text_align="center", margin_top="1.25rem"))
