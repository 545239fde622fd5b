"""Referral sources and their subcategories: add, rename, order, end."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.layout import staff_page
from portal.state.staff.referrals import ReferralsState as State
from portal.state.staff.referrals import SourceRow

Editing: Any = State.editing


def referral_sources() -> rx.Component:
    """The page at /staff/referral-sources."""
    waiting = ui.loading("Loading the referral sources", ui.skeleton_card(5))
    listed = rx.cond(State.rows.length() > 0, _list(), _none())
    return staff_page(
        "Referral sources",
        ui.page_head(
            "Referral sources",
            ui.button("Add source", kind="primary", small=True, icon_name="plus", on_click=State.add),
            sub="Where clients hear of the practice. One that ends is no longer offered, and stays on clients who have "
            "it.",
        ),
        rx.cond(State.loaded, listed, waiting),
        rx.cond(State.adding | Editing.is_not_none(), _form()),
        form=True,
    )


def _none() -> rx.Component:
    return ui.empty_state(
        "users-round",
        "No referral sources yet",
        "Add the ways in which clients find you: friends, a search, an event.",
    )


def _list() -> rx.Component:
    return rx.el.ul(rx.foreach(State.rows, _source), class_name="card card--flush sources")


def _source(row: SourceRow) -> rx.Component:
    """A source in its own line, a subcategory a step to the right."""
    notes = rx.el.span(
        row.clients,
        rx.cond(row.asks_name, ", asks for a name", ""),
        rx.cond(row.ends != "", f", {row.ends}", ""),
        class_name="row__meta",
    )
    ended = rx.cond(row.ended, ui.pill("Ended", icon_name="circle-slash"))
    top = row.parent == ""
    return rx.el.li(
        rx.el.span(rx.el.span(row.name, " ", ended, class_name="row__title"), notes, class_name="row__body"),
        rx.el.span(
            rx.cond(
                top,
                ui.button(
                    "Add subcategory", small=True, kind="quiet", on_click=State.add_under(row.id),
                    label=f"Add a subcategory of {row.name}",
                ),
            ),
            _arrow("chevron-up", f"Move up: {row.shown_as}", row, row.first, up=True),
            _arrow("chevron-down", f"Move down: {row.shown_as}", row, row.last, up=False),
            ui.button("Edit", small=True, on_click=State.edit(row.id), label=f"Edit {row.shown_as}"),
            class_name="cluster sources__acts",
        ),
        class_name=rx.cond(top, "row sources__top", "row sources__sub"),
        key=row.id,
    )  # fmt: skip


def _arrow(icon_name: str, label: Any, row: SourceRow, end: Any, *, up: bool) -> rx.Component:
    """At the end of its list the arrow stays, so that focus does, and does nothing."""
    return ui.icon_button(
        icon_name, label, size=16, on_click=rx.cond(end, rx.noop(), State.move(row.id, up)),
        custom_attrs={"aria-disabled": rx.cond(end, "true", "false")},
    )  # fmt: skip


def _form() -> rx.Component:
    form = rx.el.form(
        ui.text_field(
            "Name", "name", id="source-name", default_value=rx.cond(Editing, Editing.name, ""), max_length=80,
            error=_error("name"),
        ),
        ui.check(
            "A name goes with it: who, or which other one",
            name="asks_name",
            id="source-asks",
            default_checked=rx.cond(Editing, Editing.asks_name, False),  # noqa: FBT003  # a var's value
        ),
        ui.text_field(
            "Last day on which it is offered", "ends_on", id="source-ends", type="date", optional=True,
            default_value=rx.cond(Editing, Editing.ends_on, ""), error=_error("ends_on"),
            hint="Clients who have it keep it.",
        ),
        id="source-form",
        on_submit=State.save,
        no_validate=True,
        class_name="stack",
    )  # fmt: skip
    new = rx.cond(State.under != "", f"Add a subcategory of {State.under}", "Add a source")
    return ui.dialog(
        rx.cond(Editing, f"Edit {Editing.name}", new),
        form,
        open=True,
        id="source-entry",
        actions=[
            ui.button(
                "Save", kind="primary", type="submit", loading=State.busy, loading_text="Saving",
                custom_attrs={"form": "source-form"},
            ),
            ui.button("Leave it", kind="quiet", on_click=State.leave_it),
        ],
        on_close=State.leave_it,
        width="30rem",
    )  # fmt: skip


def _error(name: str) -> rx.Var[str]:
    return State.errors.get(name, "").to(str)
