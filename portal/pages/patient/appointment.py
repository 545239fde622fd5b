"""One visit: what, with whom, where and when; what can be done; what belongs to it."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.pages.patient.appointments import PAST, framed
from portal.pages.patient.visit_parts import acts, cancel_dialog, links, not_found, reminders, status, why_not
from portal.state.patient.appointments import VisitState as State

FORM_STATUSES = ("Not Signed", "Witness Signature Required", "Signed", "Not Filled", "Filled")
INVOICE_STATUSES = ("Unpaid", "Partly paid", "Paid", "Refunded", "Void")


def appointment() -> rx.Component:
    """The page at /appointments/[visit_id]."""
    found = rx.cond(State.shown, _visit(), not_found())
    return framed(rx.cond(State.loading, _skeleton(), found), cancel_dialog())


def _skeleton() -> rx.Component:
    return ui.loading("Loading your appointment", ui.skeleton_card(5), ui.skeleton_card(3))


def _visit() -> rx.Component:
    page = State.shown
    back = rx.cond(
        page.coming,
        ui.link("Upcoming Appointments", href=routes.APPOINTMENTS, icon_name="arrow-left"),
        ui.link("Past Appointments", href=PAST, icon_name="arrow-left"),
    )
    return ui.stack(
        rx.el.p(back),
        _about(),
        rx.cond(page.visit.reminders.length() > 0, reminders(page.visit, card=True)),
        rx.cond(page.forms.length() > 0, _paperwork()),
        rx.cond(page.invoices.length() > 0, _invoices()),
        gap="1.25rem",
    )


def _about() -> rx.Component:
    visit = State.shown.visit
    fact = rx.el.div
    return rx.el.section(
        ui.day(visit.day, visit.day_month),
        rx.el.div(
            rx.el.h2(visit.title, class_name="title1", custom_attrs={"id": "visit"}),
            rx.el.p(status(visit), class_name="appt__status"),
            rx.cond(State.shown.cancelled != "", rx.el.p(State.shown.cancelled, class_name="muted sm")),
        ),
        rx.el.div(acts(visit), class_name="appt__acts"),
        rx.el.dl(
            fact(rx.el.dt("Date"), rx.el.dd(visit.full_day)),
            fact(rx.el.dt("Time"), rx.el.dd(visit.time, rx.cond(visit.lasts != "", f", {visit.lasts}", ""))),
            rx.cond(visit.provider != "", fact(rx.el.dt("Provider"), rx.el.dd(visit.provider))),
            rx.cond(
                visit.clinic != "", fact(rx.el.dt("Clinic"), rx.el.dd(visit.clinic, rx.el.br(), visit.address))
            ),
            class_name="kv visitfacts",
        ),
        rx.cond(visit.ics_href != "", rx.el.div(links(visit, details=False), class_name="visitfacts")),
        why_not(visit),
        class_name="card appt",
        custom_attrs={"aria-labelledby": "visit"},
    )  # fmt: skip


def _paperwork() -> rx.Component:
    def form(row: rx.Var) -> rx.Component:
        return ui.doc_row(
            row.name,
            ui.status_pill(row.status, only=FORM_STATUSES),
            "",
            ui.button_link("View", href=row.href, small=True, label=f"View {row.name}"),
            ui.download_link(row.pdf_href, f"Download {row.name}"),
        )

    return ui.section("Paperwork", ui.rows(rx.foreach(State.shown.forms, form)), id="paperwork")


def _invoices() -> rx.Component:
    def invoice(row: rx.Var) -> rx.Component:
        return rx.el.li(
            rx.el.span(rx.el.span(row.title, class_name="row__title"), class_name="row__body"),
            rx.el.span(row.amount, class_name="num strong"),
            ui.status_pill(row.status, only=INVOICE_STATUSES),
            class_name="row",
        )

    return ui.section("Invoice", ui.rows(rx.foreach(State.shown.invoices, invoice)), id="invoice")
