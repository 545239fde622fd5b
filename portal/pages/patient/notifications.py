"""Notifications: everything that is new, by day, each line with the way to what it is about."""

import reflex as rx

from portal.components import ui
from portal.components.layout import patient_page
from portal.components.ui.kit import inline
from portal.state.patient.dashboard import DashboardState
from portal.state.patient.notifications import NotificationsState as State

#: The picture of each kind of notification.
ICONS = {
    "appointment.booked": "calendar-plus",
    "appointment.changed": "calendar-clock",
    "appointment.cancelled": "calendar",
    "appointment.restored": "calendar-check-2",
    "appointment.reminder": "bell-ring",
    "appointment.reminder.confirm": "calendar-check-2",
    "form.assigned": "file-pen-line",
    "form.reset": "rotate-ccw",
    "form.signed": "signature",
    "form.filled": "list-checks",
    "form.due": "clipboard-list",
    "form.expiring": "timer",
    "instructions.ready": "leaf",
    "invoice.issued": "receipt-text",
    "payment.received": "circle-check",
    "payment.failed": "circle-alert",
    "membership.changed": "star",
    "prescription.added": "pill",
    "message.received": "message-square",
    "access.changed": "key-round",
}
USUAL = "bell"


def notifications() -> rx.Component:
    """The page at /notifications."""
    mark_all = ui.button("Mark all as read", small=True, icon_name="check-check", on_click=State.mark_all)
    lists = ui.stack(
        _group("today", "Today", State.today),
        _group("yesterday", "Yesterday", State.yesterday),
        _group("earlier", "Earlier", State.earlier),
        rx.cond(State.more, ui.cluster(ui.button("Show earlier", on_click=State.show_earlier))),
        gap="1.25rem",
    )
    some = State.today.length() + State.yesterday.length() + State.earlier.length() > 0
    return patient_page(
        "Notifications",
        rx.cond(State.loading, _skeleton(), rx.cond(some, lists, _nothing())),
        tools=rx.cond(DashboardState.unread > 0, mark_all),
        narrow=True,
    )


def _skeleton() -> rx.Component:
    return ui.loading("Loading your notifications", ui.skeleton_card(4), ui.skeleton_card(5))


def _nothing() -> rx.Component:
    return ui.empty_state("bell", "Nothing new", "Visits, forms and news from the practice are announced here.")


def _group(name: str, title: str, lines: rx.Var) -> rx.Component:
    card = rx.el.section(
        rx.el.h2(title, class_name="title2", custom_attrs={"id": name} | inline(margin_bottom="1rem")),
        ui.rows(rx.foreach(lines, _line)),
        class_name="card",
        custom_attrs={"aria-labelledby": name},
    )
    return rx.cond(lines.length() > 0, card)


def _line(line: rx.Var) -> rx.Component:
    """New: a button leads to what it is about. Seen: its title does."""
    picture = rx.match(line.kind, *ICONS.items(), USUAL)
    named = rx.cond(line.body != "", f"{line.verb}: {line.title}, {line.body}", f"{line.verb}: {line.title}")
    act = rx.el.a(
        line.verb,
        href=line.href,
        on_click=State.open(line.id),
        class_name="btn btn--sm",
        custom_attrs={"aria-label": named},
    )
    read = ui.icon_button("check", f"Mark as read: {line.title}", on_click=State.mark(line.id), size=16)
    new = rx.el.span(ui.dot(), "New", class_name="note__new")
    seen = rx.cond(line.href != "", rx.el.a(line.title, href=line.href, class_name="plainlink"), line.title)
    return rx.el.li(
        rx.el.span(ui.icon(picture, options=(*ICONS.values(), USUAL)), class_name="row__ico"),
        rx.el.div(
            rx.el.div(
                rx.el.h3(rx.cond(line.unread, line.title, seen), class_name="row__title"),
                rx.cond(line.body != "", rx.el.p(line.body, class_name="row__meta")),
                rx.el.p(rx.cond(line.unread, new), line.when, class_name="note__when"),
            ),
            rx.cond(
                line.unread,
                rx.el.div(rx.cond(line.href != "", act), read, class_name="note__acts"),
            ),
            class_name="row__body",
        ),
        class_name="row row--top note",
    )
