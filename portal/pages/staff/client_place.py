"""How to reach a client, each datum edited in its place: a pencil, the field, **Save** and **Cancel**."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.ui.kit import Child, hidden_text
from portal.state.staff.client import ClientState
from portal.state.staff.client_place import LABELS, PLACES, WORDS, Meanwhile
from portal.state.staff.client_place import ClientPlaceState as State
from portal.state.staff.session import Privilege, may

Row = ClientState.panel
_TYPES: dict[str, Any] = {"phone": "tel"}
_LONGEST = {"street": 160, "email": 254, "state": 2, "postal_code": 10}


def contact() -> rx.Component:
    """Address, phone, email, primary clinic."""
    edits, corrects = may(Privilege.CLIENTS_EDIT), may(Privilege.PORTAL_ACCESS)
    return rx.el.section(
        rx.el.h2("Contact", class_name="spanel__h"),
        rx.cond(Row.contact_of != "", rx.el.p(f"Reached through {Row.contact_of}", class_name="xs muted")),
        _datum("address", "map-pin", _address(), edits),
        _datum("phone", "phone", _or_none(Row.phone), edits & corrects),
        _datum("email", "mail", _or_none(Row.email), edits & corrects),
        _datum("clinic", "building-2", _or_none(Row.clinic), edits),
        class_name="spanel__sec",
    )


def _address() -> rx.Component:
    known = (Row.street != "") | (Row.place != "")
    lines = rx.fragment(Row.street, rx.cond((Row.street != "") & (Row.place != ""), rx.el.br()), Row.place)
    return rx.cond(known, lines, _none())


def _or_none(value: Any) -> rx.Component:
    return rx.cond(value != "", rx.fragment(value), _none())


def _none() -> rx.Component:
    return rx.el.span("None on file", class_name="faint")


def _datum(what: str, icon_name: str, shown: Child, allowed: Any) -> rx.Component:
    """One line, or the form in its place."""
    pencil = ui.icon_button(
        "pencil", f"Edit {WORDS[what]}", on_click=State.begin(what), size=16, custom_attrs={"id": f"pencil-{what}"}
    )
    line = rx.el.div(
        ui.icon(icon_name, 16),
        rx.el.span(hidden_text(f"{WORDS[what]}: "), shown),
        rx.cond(allowed, pencil),
        class_name="editrow",
    )
    return rx.cond(allowed & (State.editing == what), _form(what), line)


def _form(what: str) -> rx.Component:
    return ui.in_place(
        rx.el.form(
            *(_field(name) for name in PLACES[what]),
            _theirs(),
            ui.cluster(
                ui.button("Save", type="submit", small=True, loading=State.busy, loading_text="Saving"),
                ui.button("Cancel", kind="quiet", small=True, on_click=State.cancel),
                gap=".375rem",
            ),
            ui.unsaved_work(State.saved, State.values, on_keep=State.keep, on_discard=State.cancel, clean=""),
            on_submit=State.save,
            no_validate=True,
            class_name="inplace__form",
        ),
        opener=f"pencil-{what}",
        on_leave=State.cancel,
    )


def _field(name: str) -> rx.Component:
    value, error = State.values.get(name, "").to(str), State.errors.get(name, "").to(str)
    field_id = f"place-{name}"
    if name == "clinic_id":
        return ui.select_field(
            LABELS[name],
            name,
            State.clinics,
            id=field_id,
            default_value=value,
            placeholder="None",
            error=error,
            optional=None,
        )
    return ui.text_field(
        LABELS[name], name, id=field_id, type=_TYPES.get(name, "text"), default_value=value, error=error,
        max_length=_LONGEST.get(name, 80), optional=None,
    )  # fmt: skip


def _theirs() -> rx.Component:
    """Somebody else changed it while it was open here."""
    words = rx.el.div(
        rx.el.ul(rx.foreach(State.meanwhile, _one)),
        ui.cluster(
            ui.button("Keep theirs", small=True, on_click=State.keep_theirs),
            ui.button("Keep mine", small=True, on_click=State.keep_mine),
            gap=".375rem",
        ),
        class_name="banner banner--warn inplace__theirs",
        role="alert",
    )
    return rx.cond(State.meanwhile.length() > 0, words)


def _one(one: Meanwhile) -> rx.Component:
    return rx.el.li(f"{one.who} changed {one.label} meanwhile, {one.when}: ", rx.el.b(one.theirs))
