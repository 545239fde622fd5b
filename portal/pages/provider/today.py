"""The Provider App at /provider: today's clients on a tablet, their allergies, their forms, the witness's signature.

A calm frame of its own: no tabs, everything large enough for a finger. Under the name of a client is the place for what
is done with them here; the Fitzpatrick test joins when it exists.
"""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.client_symbols import client_symbols, symbols_legend
from portal.components.layout import parts
from portal.components.layout.patient import MAIN
from portal.components.layout.proof import lock_watch, proof_dialog
from portal.components.ui.field import choices
from portal.components.ui.kit import hidden_text
from portal.pages.staff.form_drawer import form_dialogs, form_over
from portal.state.provider.today import TodayState as State
from portal.state.staff.form_drawer import FormDrawerState as Form
from portal.state.staff.session import Privilege, StaffSessionState, may

STATUSES = ("Not confirmed", "Confirmed", "Checked in", "Completed", "No show")
FORMS = ("Not Signed", "Witness Signature Required", "Not Filled")


def today() -> rx.Component:
    """The page at /provider."""
    main = rx.el.main(
        rx.el.div(rx.el.h1("Today's clients", class_name="display"), rx.el.p(State.day, class_name="muted")),
        _whose(),
        rx.cond(State.loading, ui.loading("Loading today's clients", ui.skeleton_card(4), ui.skeleton_card(4)), _day()),
        class_name="pmain",
        custom_attrs=MAIN,
    )
    return rx.fragment(
        parts.brand_colours(),
        ui.skip_link(),
        rx.el.div(
            _bar(),
            main,
            form_over(),
            form_dialogs(),
            parts.live_regions(),
            lock_watch(),
            proof_dialog(),
            class_name="staff papp",
        ),
    )


def _bar() -> rx.Component:
    name = StaffSessionState.name
    return rx.el.header(
        parts.brandmark(routes.PROVIDER, suffix="Provider"),
        rx.el.div(
            ui.menu(
                rx.el.li(rx.el.p(rx.el.b(name), rx.el.br(), StaffSessionState.role, class_name="menu__head")),
                ui.menu_link("Clients and schedule", routes.STAFF_CLIENTS, "users-round"),
                ui.menu_link("Account and devices", routes.STAFF_ACCOUNT, "user-round"),
                ui.menu_button("Lock screen", StaffSessionState.lock, "lock"),
                rx.el.li(parts.log_out(where=routes.STAFF_SESSION_END)),
                id="account-menu",
                trigger=rx.fragment(ui.avatar(StaffSessionState.initials), hidden_text(f"Account of {name}")),
                trigger_class="profilebtn",
            ),
            class_name="sbar__tools",
        ),
        class_name="sbar",
    )


def _whose() -> rx.Component:
    """One's own clients or everybody's; which clinic's."""
    own = ui.segments(
        "Whose clients",
        ui.segment("My clients", pressed=State.mine, on_click=State.show_mine),
        ui.segment("All clients", pressed=~State.mine, on_click=State.show_all),
    )
    clinic = rx.el.select(
        *choices(State.clinics, "All clinics"),
        default_value=State.clinic,
        on_change=State.at_clinic,
        class_name="select",
        custom_attrs={"aria-label": "Clinic"},
    )
    return rx.el.div(
        rx.cond(State.treats, own), rx.cond((State.clinics.length() > 1) & ~State.mine, clinic), class_name="cluster"
    )


def _day() -> rx.Component:
    nothing = ui.empty_state(
        "calendar-days", "Nobody is expected today", "Visits that are booked for today stand here, by time."
    )
    listed = rx.fragment(rx.el.ul(rx.foreach(State.rows, _visit), class_name="pday"), symbols_legend())
    return rx.cond(State.rows.length() > 0, listed, nothing)


def _visit(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(rx.el.p(row.time, class_name="pvisit__time"), rx.el.p(row.lasts, class_name="xs faint")),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h2(
                        rx.el.a(row.client, href=f"{routes.STAFF_CLIENTS}/{row.client_id}", class_name="clientlink"),
                        client_symbols(row.symbols),
                        class_name="title2",
                    ),
                    rx.el.p("Born ", row.born, class_name="row__meta"),
                ),
                ui.status_pill(row.status, only=STATUSES),
                class_name="pvisit__head",
            ),
            rx.el.p(
                row.title,
                rx.cond(State.mine, rx.fragment(), rx.cond(row.provider != "", rx.fragment(" with ", row.provider))),
                rx.cond(row.clinic != "", rx.fragment(". ", row.clinic)),
            ),
            rx.cond(row.allergies.length() > 0, _allergies(row)),
            _forms(row),
            _acts(row),
            class_name="pvisit__body",
        ),
        class_name=rx.cond(row.over, "card pvisit is-over", "card pvisit"),
    )


def _allergies(row: Any) -> rx.Component:
    return rx.el.p(
        ui.icon("triangle-alert", 16),
        rx.el.span(rx.el.b("Allergies "), row.allergies.join(", ")),
        class_name="allergybox",
    )


def _forms(row: Any) -> rx.Component:
    """What is not complete; what waits for a witness first."""
    listed = rx.el.ul(rx.foreach(row.forms, _form), class_name="pforms", custom_attrs={"aria-label": "Forms"})
    done = rx.el.p(ui.icon("circle-check", 16), "All forms are complete", class_name="pforms__done")
    return rx.cond(row.forms.length() > 0, listed, done)


def _form(form: Any) -> rx.Component:
    witness = (form.status == "Witness Signature Required") & may(Privilege.PAPERWORK_WITNESS)
    verb = rx.cond(witness, "Witness", "View")
    return rx.el.li(
        rx.el.div(rx.el.p(form.form, class_name="strong"), ui.status_pill(form.status, only=FORMS)),
        ui.button(verb, label=f"{verb} {form.form}", on_click=Form.open_form(form.form_id)),
    )


def _acts(row: Any) -> rx.Component:
    here = ui.button(
        "Check in", icon_name="check", label=f"Check in {row.client}", on_click=State.check_in(row.visit_id)
    )
    over = ui.button(
        "Complete visit",
        icon_name="circle-check",
        label=f"Complete the visit of {row.client}",
        on_click=State.complete(row.visit_id),
    )
    acts = rx.el.div(rx.cond(row.can_check_in, here), rx.cond(row.can_complete, over), class_name="cluster")
    return rx.cond(row.can_check_in | row.can_complete, acts)
