"""The audit log: who did or saw what, on which record, when, from where. It can be read and checked, never edited."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.layout.staff import staff_page
from portal.components.ui.field import choices, described
from portal.state.staff.audit_log import KINDS
from portal.state.staff.audit_log import AuditLogState as State

HEADERS: list[str | tuple[str, str]] = ["When", "Who", "What", "Client", "From"]


def audit_log() -> rx.Component:
    """The page at /staff/audit-log."""
    waiting = ui.loading("Loading the audit log", ui.skeleton_card(5))
    return staff_page(
        "Audit log",
        rx.el.div(rx.el.h1("Audit log", class_name="title1"), class_name="shead"),
        rx.cond(State.loading, waiting, ui.stack(_chain(), _log(), gap="1.125rem")),
    )


def _chain() -> rx.Component:
    """How far the log is sealed, and whether it is whole."""
    progress = rx.el.p(
        rx.el.span(class_name="spinner", aria_hidden="true"),
        f" Checked {State.checked} of {State.chain_rows} rows",
        class_name="mline muted",
    )
    whole = ui.pill(State.verdict, tone="ok", icon_name="shield-check")
    broken = ui.banner(
        State.verdict,
        rx.el.ul(rx.foreach(State.wrong, lambda line: rx.el.li(line))),
        "Keep a copy of the database as it is, and call whoever runs the portal.",
        tone="danger",
    )
    outcome = rx.cond(State.verdict != "", rx.cond(State.wrong.length() > 0, broken, whole))
    return rx.el.section(
        ui.icon("lock", 16),
        rx.el.p(State.sealed, class_name="chain__words"),
        rx.el.div(rx.cond(State.checking, progress, outcome), role="status"),
        ui.button("Check the chain", small=True, disabled=State.checking, on_click=State.check),
        class_name="card chain",
        custom_attrs={"aria-label": "The chain of the log"},
    )


def _log() -> rx.Component:
    nothing = rx.el.div(
        rx.el.h2("Nothing found", class_name="title2"),
        rx.el.p("No row of the log fits. Widen the days, or search for less.", class_name="muted"),
        class_name="empty",
    )
    listed = rx.fragment(
        ui.table("Audit log", HEADERS, rx.foreach(State.rows, _row)),
        rx.cond(State.next != "", rx.el.p(ui.button("Show earlier", on_click=State.earlier), class_name="moreline")),
    )
    return rx.el.section(
        rx.el.div(_client(), _search(), class_name="toolbar asking", role="search", aria_label="Audit log"),
        rx.cond(State.rows.length() > 0, listed, nothing),
        class_name="card card--flush",
        custom_attrs={"aria-label": "What is in the log"},
    )


def _client() -> rx.Component:
    """Whom it is about: found as one types, or anybody."""
    chosen = rx.el.p(
        "About ",
        ui.link(State.client, href=f"/staff/clients/{State.client_id}"),
        ui.button("Any client", kind="quiet", small=True, icon_name="x", on_click=State.any_client),
        class_name="mline",
    )
    typed = rx.el.input(
        id="client",
        type="search",
        class_name="input",
        auto_complete="off",
        placeholder="Name, phone, email or date of birth",
        on_change=State.find.debounce(250),
    )
    found = rx.el.ul(rx.foreach(State.found, _choice), class_name="found", custom_attrs={"aria-label": "Clients found"})
    field = rx.fragment(ui.field("Client", typed, id="client"), rx.cond(State.found.length() > 0, found))
    return rx.el.div(rx.cond(State.client_id != "", chosen, field), class_name="finder")


def _choice(one: Any) -> rx.Component:
    return rx.el.li(
        ui.button(
            one.name, rx.el.span(f" born {one.more}", class_name="faint"), small=True, on_click=State.choose(one.id)
        )
    )


def _search() -> rx.Component:
    def choose(label: str, name: str, first: str, options: Any, value: rx.Var[str]) -> rx.Component:
        control = rx.el.select(*choices(options, first), id=name, name=name, default_value=value, class_name="select")
        return ui.field(label, control, id=name)

    def day(label: str, name: str, value: rx.Var[str]) -> rx.Component:
        error = State.errors.get(name, "").to(str)
        control = rx.el.input(
            id=name,
            name=name,
            type="date",
            default_value=value,
            class_name="input",
            custom_attrs=described(name, None, error),
        )
        return ui.field(label, control, id=name, error=error)

    return rx.el.form(
        choose("Staff", "staff", "Anybody", State.people, State.staff_id),
        choose("Kind", "kind", "Everything", KINDS, State.kind),
        day("From", "since", State.since),
        day("To", "until", State.until),
        ui.button("Search", kind="primary", icon_name="search", type="submit"),
        ui.button("Clear", kind="quiet", on_click=State.clear),
        on_submit=State.search,
        no_validate=True,
        key=f"asking-{State.epoch}",
    )


def _row(row: Any) -> rx.Component:
    altered = rx.cond(row.altered, ui.pill("Changed after it was sealed", tone="danger", icon_name="octagon-alert"))
    detail = rx.cond(row.detail != "", rx.el.span(row.detail, class_name="audit__more"))
    times = rx.cond(row.times != "", rx.el.span(row.times, class_name="audit__more"))
    client = rx.cond(row.client != "", ui.link(row.client, href=row.client_href))
    return ui.table_row(
        (
            rx.fragment(
                row.when, rx.cond(row.sealed, rx.fragment(), rx.el.span("Not sealed yet", class_name="audit__more"))
            ),
            "nowrap",
        ),
        rx.fragment(rx.el.span(row.who, class_name="strong"), rx.el.span(row.role, class_name="audit__more")),
        rx.el.div(row.words, detail, times, altered, title=row.action),
        client,
        (row.origin, "nowrap muted"),
    )
