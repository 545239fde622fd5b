"""Task Management of the staff: what waits for a witness, what is overdue, what runs out, what clients changed."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.client_symbols import client_symbols, symbols_legend
from portal.components.layout.staff import staff_page
from portal.components.ui.field import choices
from portal.components.ui.kit import inline
from portal.pages.staff.form_drawer import form_dialogs, form_drawer
from portal.routes import STAFF_CLIENTS
from portal.state.staff.form_drawer import FormDrawerState as Drawer
from portal.state.staff.session import Privilege, may
from portal.state.staff.task_management import CHANGES, Sort, View
from portal.state.staff.task_management import QueueState as State

STATUSES = ("Not Signed", "Witness Signature Required", "Signed", "Not Filled", "Filled")
SORTS = [(Sort.DUE.value, "Visit: soonest first"), (Sort.ASKED.value, "Waiting longest")]
WITNESSES = (
    "A witness must have watched the client sign. The provider who gives the treatment cannot be the witness, unless "
    "the practice allows it."
)
EMPTY = {
    View.WITNESS: ("Nobody waits for a witness", "A consent that needs one stands here as soon as its client signed."),
    View.OVERDUE: ("Nothing is overdue", "A form stands here when its day is over and it is not complete."),
    View.UNSIGNED: ("Nothing waits to be signed", "Consents that were sent stand here until they are signed."),
    View.UNFILLED: ("Nothing waits to be filled", "Questionnaires that were sent stand here until they are filled."),
    View.EXPIRING: (
        "Nothing expires soon",
        "Signed forms stand here when they count for a few more days, or no longer.",
    ),
    View.SIGNED: ("Nothing is signed yet", "Signed consents stand here, the newest first."),
    View.FILLED: ("Nothing is filled yet", "Filled questionnaires stand here, the newest first."),
}
SINCE = {View.WITNESS: "Client signed", View.EXPIRING: "Counts until", View.SIGNED: "Signed", View.FILLED: "Filled"}


def task_management() -> rx.Component:
    """The page at /staff/task-management."""
    return staff_page(
        "Task Management",
        rx.el.div(rx.el.h1("Task Management", class_name="title1"), _clinic(), class_name="shead"),
        _tabs(),
        rx.cond(State.loading, ui.loading("Loading the queue", ui.skeleton_card(5)), _open()),
        form_dialogs(),
    )


def _clinic() -> rx.Component:
    choose = rx.el.select(
        *choices(State.clinics, "All clinics"),
        default_value=State.clinic,
        on_change=State.at_clinic,
        class_name="select",
        custom_attrs={"aria-label": "Clinic"},
    )
    return rx.el.div(choose, class_name="cluster", custom_attrs=inline(margin_left="auto"))


def _tabs() -> rx.Component:
    counts: Any = State.counts
    return ui.tabs(
        "Paperwork queue",
        _tab("Witness Signature Required", View.WITNESS, counts.witness, alert=True),
        _tab("Overdue", View.OVERDUE, counts.overdue, alert=True),
        _tab("Not Signed", View.UNSIGNED, counts.unsigned),
        _tab("Not Filled", View.UNFILLED, counts.unfilled),
        _tab("Expiring", View.EXPIRING, counts.expiring),
        _tab("Signed", View.SIGNED),
        _tab("Filled", View.FILLED),
        rx.cond(may(Privilege.CHANGES_REVIEW), _tab("Changes to review", CHANGES, State.to_review, alert=True)),
    )


def _tab(words: str, name: str, number: Any = None, *, alert: bool = False) -> rx.Component:
    badge = None
    if number is not None:
        badge = rx.cond(number > 0, ui.count(number, "waiting", tone="alert" if alert else "quiet"))
    return ui.tab(words, str(name), selected=State.tab == str(name), on_click=State.show_tab(str(name)), count=badge)


def _open() -> rx.Component:
    """The tab that is open: a list with the drawer beside it, or what clients changed."""
    listed = rx.el.div(_list(), symbols_legend())
    forms = rx.el.div(listed, form_drawer(), class_name=rx.cond(Drawer.shown, "queue", "queue queue--whole"))
    return rx.el.div(
        rx.cond(State.tab == CHANGES, _changes(), forms),
        role="tabpanel",
        custom_attrs={"id": f"panel-{State.tab}", "aria-labelledby": f"tab-{State.tab}"},
    )


def _list() -> rx.Component:
    since = rx.match(State.tab, *((view.value, words) for view, words in SINCE.items()), "Sent").to(str)
    table = rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    *(rx.el.th(words, scope="col") for words in ("Client", "Form", "Visit")),
                    rx.el.th(since, scope="col"),
                    rx.el.th(rx.el.span("Actions", class_name="vh"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(State.rows, _row)),
            class_name="table",
        ),
        class_name="tablewrap",
        role="region",
        custom_attrs={"aria-label": "Queue, scrolls sideways on small screens", "tabIndex": 0},
    )
    more = rx.el.div(ui.button("Show more", small=True, on_click=State.show_more), class_name="queue__note")
    note = rx.el.div(ui.icon("info", 16), rx.el.span(WITNESSES), class_name="queue__note")
    return rx.el.section(
        _toolbar(),
        rx.cond(State.rows.length() > 0, table, _nothing()),
        rx.cond(State.more, more),
        rx.cond(State.tab == View.WITNESS.value, note),
        class_name="card card--flush",
        custom_attrs={"aria-label": "Forms"},
    )


def _toolbar() -> rx.Component:
    find = rx.el.div(
        rx.el.span(ui.icon("search", 16), class_name="inputgroup__pre", custom_attrs={"aria-hidden": "true"}),
        rx.el.input(
            type="search",
            default_value=State.typed,
            placeholder="Client or form",
            on_change=State.search.debounce(250),
            class_name="input",
            custom_attrs={"aria-label": "Search the queue"},
        ),
        class_name="inputgroup",
    )
    sort = rx.el.select(
        *(rx.el.option(words, value=word) for word, words in SORTS),
        default_value=State.sort,
        on_change=State.sort_by,
        class_name="select queue__sort",
        custom_attrs={"aria-label": "What comes first"},
    )
    ended = (State.tab == View.SIGNED.value) | (State.tab == View.FILLED.value) | (State.tab == View.EXPIRING.value)
    return ui.toolbar(find, rx.cond(ended, rx.fragment(), sort))


def _nothing() -> rx.Component:
    """Nothing found, or nothing there."""
    empty = rx.match(
        State.tab,
        *((view.value, _said("clipboard-list", *words)) for view, words in EMPTY.items()),
        rx.fragment(),
    )
    words = "Another spelling, or part of a name, may find it. The other tabs are not searched."
    return rx.cond(State.typed != "", _said("search", "Nothing found", words), empty)


def _said(icon: str, title: str, words: str) -> rx.Component:
    return rx.el.div(
        rx.el.span(ui.icon(icon, 24), class_name="empty__halo"),
        rx.el.h2(title, class_name="title2"),
        rx.el.p(words),
        class_name="empty",
    )


def _row(row: Any) -> rx.Component:
    expiry = rx.cond(row.expiry != "", ui.status_pill(row.expiry, only=("Expiring soon", "Expired")))
    late = rx.cond(row.late, ui.pill("Overdue", tone="danger", icon_name="clock"))
    acts = rx.el.span(
        rx.cond(may(Privilege.PAPERWORK_RESET), _act("Reset form", row, Drawer.ask_reset, quiet=True)),
        _act("View", row, Drawer.open_form),
        rx.cond(
            (row.status == "Witness Signature Required") & may(Privilege.PAPERWORK_WITNESS),
            _act("Sign", row, Drawer.open_form),
        ),
        class_name="acts",
    )
    return rx.el.tr(
        rx.el.td(
            rx.el.a(row.client, href=f"{STAFF_CLIENTS}/{row.client_id}", class_name="clientlink"),
            client_symbols(row.symbols),
        ),
        rx.el.td(
            row.form,
            rx.el.span(ui.status_pill(row.status, only=STATUSES), late, expiry, class_name="pillrow queue__status"),
        ),
        rx.el.td(row.visit, class_name="nowrap"),
        rx.el.td(row.since, class_name="nowrap muted"),
        rx.el.td(acts),
        custom_attrs={"data-selected": rx.cond(Drawer.shown.form_id == row.form_id, "true", None)},
    )


def _act(verb: str, row: Any, event: Any, *, quiet: bool = False) -> rx.Component:
    return ui.button(
        verb,
        small=True,
        kind="quiet" if quiet else "plain",
        label=f"{verb}: {row.form} for {row.client}",
        on_click=event(row.form_id),
    )


def _changes() -> rx.Component:
    """Clients' own changes: what it was and what it is."""
    nothing = ui.empty_state(
        "circle-check", "Nothing to review", "What clients change in their own portal stands here, before and after."
    )
    cards = rx.el.ul(rx.foreach(State.changes, _change), class_name="reviews")
    return rx.cond(State.changes.length() > 0, cards, nothing)


def _change(one: Any) -> rx.Component:
    def line(field: Any) -> rx.Component:
        before = rx.el.td(field.before, class_name="muted")
        return rx.el.tr(rx.el.th(field.label, scope="row"), before, rx.el.td(field.after))

    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.h2(rx.el.a(one.client, href=one.href, class_name="clientlink"), class_name="title3"),
                rx.el.p(one.area, ", ", one.when, class_name="row__meta"),
            ),
            ui.button(
                "Mark as reviewed",
                small=True,
                icon_name="check",
                label=f"Mark as reviewed: {one.area} of {one.client}",
                on_click=State.review(one.id),
            ),
            class_name="split",
        ),
        rx.el.div(
            rx.el.table(
                rx.el.thead(rx.el.tr(*(rx.el.th(words, scope="col") for words in ("What", "Before", "Now")))),
                rx.el.tbody(rx.foreach(one.fields, line)),
                class_name="table reviews__table",
            ),
            class_name="tablewrap",
            role="region",
            custom_attrs={"aria-label": f"What changed, {one.client}", "tabIndex": 0},
        ),
        class_name="card",
    )
