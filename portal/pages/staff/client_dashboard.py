"""The Dashboard tab of a client's profile: what comes next, what is open, what happened last."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.ui.kit import Child
from portal.state.staff.client import ClientState
from portal.state.staff.client_dashboard import ActivityRow, ClientForm, InvoiceLine, VisitLine
from portal.state.staff.client_dashboard import ClientDashboardState as State
from portal.state.staff.session import Privilege, may

Shown = State.shown
HERE = f"{routes.STAFF_CLIENTS}/{ClientState.client_id}"
VISIT_WORDS = ("Not confirmed", "Confirmed", "Checked in")
FORM_WORDS = ("Not Signed", "Not Filled", "Witness Signature Required", "Signed", "Filled")


def tab() -> rx.Component:
    """The tab."""
    waiting = ui.loading("Loading the dashboard", ui.skeleton("8rem"), ui.skeleton_card(5), ui.skeleton_card(3))
    parts = rx.el.div(
        rx.cond(may(Privilege.VISITS_VIEW), _next_visit()),
        rx.cond(may(Privilege.PAPERWORK_VIEW), _paperwork()),
        rx.cond(may(Privilege.VISITS_VIEW), _visits()),
        _activity(),
        rx.cond(Shown.invoices.length() > 0, _invoices()),
        class_name="sgrid",
    )
    return rx.cond(Shown, parts, waiting)


def _next_visit() -> rx.Component:
    """The lit card: the visit to get ready for."""
    visit = Shown.visit
    ready = rx.el.ul(
        rx.cond(visit.status != "", rx.el.li(ui.status_pill(visit.status, VISIT_WORDS))),
        rx.cond(Shown.forms_left != "", rx.el.li(ui.pill(Shown.forms_left, tone="danger", icon_name="circle-alert"))),
        rx.cond(Shown.owed != "", rx.el.li(ui.pill(Shown.owed, tone="danger", icon_name="circle-alert"))),
        class_name="readiness",
    )
    ahead = rx.el.div(
        rx.el.p("Next visit, ", visit.away, class_name="xs strong"),
        rx.el.h2(visit.when, class_name="title1", custom_attrs={"id": "next-visit"}),
        rx.el.p(visit.about, class_name="muted"),
        ready,
    )
    none = rx.el.div(
        rx.el.h2("No visit ahead", class_name="title1", custom_attrs={"id": "next-visit"}),
        rx.cond((Shown.forms_left != "") | (Shown.owed != ""), ready),
    )
    words = rx.cond(visit, "Open appointments", "Book a visit")
    act = ui.button_link(words, href=f"{HERE}?tab=appointments", kind="primary", icon_name="calendar-days")
    return ui.lit(rx.cond(visit, ahead, none), act, labelled_by="next-visit", class_name="card slit")


def _paperwork() -> rx.Component:
    more = rx.cond(
        Shown.more_forms > 0, rx.el.p(f"{Shown.more_forms} more in Task Management.", class_name="queue__note")
    )
    table = ui.table(
        "Forms", ["Form", "Kind", "Status", "Last change", "Expires", "Copy"], rx.foreach(Shown.forms, _form)
    )
    assign = ui.button_link("Assign form", href=f"{HERE}?tab=task-management", icon_name="plus", small=True)
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Paperwork", class_name="title2", custom_attrs={"id": "dash-paper"}),
            rx.el.span(
                ui.link("View all", href=f"{HERE}?tab=task-management"),
                rx.cond(may(Privilege.PAPERWORK_ASSIGN), assign),
                class_name="cluster toolbar__end",
            ),
            class_name="toolbar",
        ),
        rx.cond(Shown.forms.length() > 0, table, rx.el.p("No forms yet.", class_name="queue__note")),
        more,
        class_name="card card--flush sgrid__wide",
        custom_attrs={"aria-labelledby": "dash-paper"},
    )


def _form(form: ClientForm) -> rx.Component:
    until = rx.cond(form.expires != "", rx.fragment(form.expires), rx.el.span("None", class_name="faint"))
    soon = rx.el.span(ui.icon("timer", 16, label=form.expiry), form.expires, class_name="expiring")
    pdf = ui.download_link(form.pdf_href, f"Download {form.form}")
    return ui.table_row(
        rx.el.span(form.form, class_name="strong"),
        rx.el.span(form.kind, class_name="muted"),
        ui.status_pill(form.status, FORM_WORDS),
        rx.el.span(form.changed, class_name="nowrap"),
        rx.el.span(rx.cond(form.expiry != "", soon, until), class_name="nowrap"),
        rx.el.span(rx.cond(form.pdf_href != "", pdf), class_name="acts"),
    )


def _visits() -> rx.Component:
    return _card(
        "dash-visits", "Appointments", f"{HERE}?tab=appointments",
        rx.cond(
            Shown.visits.length() > 0,
            rx.el.ul(rx.foreach(Shown.visits, _visit), class_name="rows"),
            rx.el.p("No visit ahead.", class_name="muted"),
        ),
    )  # fmt: skip


def _visit(visit: VisitLine) -> rx.Component:
    status = rx.cond(visit.status != "", ui.status_pill(visit.status, VISIT_WORDS))
    return ui.row(visit.when, meta=visit.about, trail=status)


def _activity() -> rx.Component:
    return _card(
        "dash-activity", "Activity", f"{HERE}?tab=activity",
        rx.cond(
            Shown.deeds.length() > 0,
            rx.el.ol(rx.foreach(Shown.deeds, _deed), class_name="activity"),
            rx.el.p("Nothing has happened yet.", class_name="muted"),
        ),
    )  # fmt: skip


def _deed(deed: ActivityRow) -> rx.Component:
    who = rx.cond(deed.who != "", rx.el.span(f", {deed.who}", class_name="muted"))
    return rx.el.li(rx.el.span(deed.when, class_name="activity__when"), rx.el.span(deed.words, who))


def _invoices() -> rx.Component:
    return _card(
        "dash-unpaid", "Unpaid invoices", "", rx.el.ul(rx.foreach(Shown.invoices, _invoice), class_name="rows")
    )


def _invoice(invoice: InvoiceLine) -> rx.Component:
    trail = rx.fragment(
        rx.el.span(invoice.amount, class_name="num strong"),
        ui.status_pill(invoice.status, ("Unpaid", "Partly paid")),
    )
    return ui.row(invoice.number, meta=invoice.about, trail=trail)


def _card(name: str, title: str, href: rx.Var[str] | str, content: Child) -> rx.Component:
    view = [ui.link("View", rx.el.span(f" {title}", class_name="vh"), href=href)] if href else []
    head = rx.el.div(rx.el.h2(title, class_name="title2", custom_attrs={"id": name}), *view, class_name="card__head")
    return rx.el.section(head, content, class_name="card", custom_attrs={"aria-labelledby": name})
