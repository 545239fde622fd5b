"""The audit log: who did or saw what, on which record, when, from where. It can be read and checked, never edited."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.layout.staff import staff_page
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
        _client(),
        _search(),
        rx.cond(State.rows.length() > 0, listed, nothing),
        class_name="card card--flush",
        custom_attrs={"aria-label": "Search"},
    )


def _client() -> rx.Component:
    """Whom it is about: found as one types, or anybody."""
    chosen = rx.el.p(
        "About ",
        ui.link(State.client, href=f"/staff/clients/{State.client_id}"),
        ui.button("Any client", kind="quiet", small=True, icon_name="x", on_click=State.any_client),
        class_name="mline",
    )
    field = rx.el.div(
        ui.text_field(
            "Client",
            "client",
            type="search",
            hint="Name, phone, email or date of birth",
            on_change=State.find.debounce(250),
            optional=True,
        ),
        rx.cond(State.found.length() > 0, rx.el.ul(rx.foreach(State.found, _choice), class_name="found")),
        class_name="finder",
    )
    return rx.el.div(rx.cond(State.client_id != "", chosen, field), class_name="toolbar")


def _choice(one: Any) -> rx.Component:
    return rx.el.li(
        ui.button(
            one.name, rx.el.span(f" born {one.more}", class_name="faint"), small=True, on_click=State.choose(one.id)
        )
    )


def _search() -> rx.Component:
    def day(label: str, name: str, value: rx.Var[str]) -> rx.Component:
        return ui.text_field(
            label, name, type="date", default_value=value, error=State.errors.get(name, "").to(str), optional=True
        )

    return rx.el.form(
        ui.select_field(
            "Staff", "staff", State.people, default_value=State.staff_id, placeholder="Anybody", optional=True
        ),
        ui.select_field("Kind", "kind", KINDS, default_value=State.kind, placeholder="Everything", optional=True),
        day("From", "since", State.since),
        day("To", "until", State.until),
        ui.button("Search", kind="primary", icon_name="search", type="submit"),
        ui.button("Clear", kind="quiet", on_click=State.clear),
        class_name="toolbar asking",
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
        rx.fragment(row.words, detail, times, rx.el.code(row.action, class_name="audit__more"), altered),
        client,
        (row.origin, "nowrap muted"),
    )
