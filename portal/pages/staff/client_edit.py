"""**Actions > Edit** of a client."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout.staff import staff_page
from portal.components.ui.error_focus import error_focus
from portal.components.ui.kit import Child, Text
from portal.pages.staff import client_loyalty
from portal.state.staff.client_edit import LABELS, Meanwhile
from portal.state.staff.client_edit import ClientEditState as State
from portal.state.staff.session import Privilege, may

HERE = f"{routes.STAFF_CLIENTS}/{State.client_id}"


def client_edit() -> rx.Component:
    """The page at /staff/clients/[client_id]/edit."""
    waiting = ui.loading("Loading the client", *(ui.skeleton_card() for _ in range(3)))
    return staff_page(
        "Clients",
        rx.cond(State.client_id != "", _page(), rx.cond(State.missing, _missing(), waiting)),
        form=True,
    )


def _page() -> rx.Component:
    return rx.fragment(
        rx.el.div(ui.link(State.name, href=HERE, icon_name="arrow-left"), class_name="shead"),
        rx.el.h1("Edit client", class_name="title1 editclient__title"),
        _draft(),
        _form(),
        client_loyalty.questions(),
    )


def _draft() -> rx.Component:
    """What was typed before is in the fields again."""
    words = ui.banner(
        "Your draft is here.",
        f"Last typed: {State.draft_from}. It is not saved yet. ",
        ui.link_button("Discard the draft", on_click=State.discard, class_name="link--inline"),
        class_name="editclient__note",
    )
    return rx.cond(State.draft_from != "", words)


def _form() -> rx.Component:
    return rx.el.form(
        error_focus(State.errors),
        _meanwhile(),
        _setting("primary", "Primary information", *_primary(), note=_whose()),
        _setting("demographic", "Demographic information", *_demographic()),
        _setting("emergency", "Emergency contact", *map(_text, EMERGENCY)),
        _setting("referral", "Referral", *_referral()),
        _setting(
            "carrier", "Carrier and prescription", *map(_text, ("carrier_name", "carrier_member_id")), *map(_text, RX)
        ),
        _loyalty(),
        rx.el.div(
            ui.unsaved_work(State.saved, State.values, on_keep=State.keep, on_discard=State.discard),
            ui.cluster(
                ui.button_link("Cancel", href=HERE),
                ui.button("Save", kind="primary", type="submit", loading=State.busy, loading_text="Saving"),
                gap=".5rem",
            ),
            class_name="saverow",
        ),
        class_name="stack editclient",
        on_submit=State.save,
        no_validate=True,
        key=f"client-{State.epoch}",
    )


EMERGENCY = ("emergency_name", "emergency_phone", "emergency_relationship")
REQUIRED = frozenset({"first_name", "last_name", "date_of_birth", "language"})
RX = ("pharmacy_name", "pharmacy_phone")
_LONGEST = {"street": 160, "email": 254, "state": 2, "postal_code": 10, "date_of_birth": 20}
_TYPES: dict[str, Any] = {"phone": "tel", "emergency_phone": "tel", "pharmacy_phone": "tel"}


def _primary() -> list[Child]:
    contacts = (_text("phone"), _text("email", input_mode="email"))
    guardian = (_text("guardian_name"), _choice("guardian_relationship", State.relationships, "Choose"))
    return [
        *map(_text, ("first_name", "last_name", "preferred_name")),
        _text("date_of_birth", input_mode="numeric", placeholder="MM/DD/YYYY", on_blur=State.born),
        rx.cond(may(Privilege.PORTAL_ACCESS), rx.fragment(rx.cond(State.minor, rx.fragment(*guardian)), *contacts)),
        _choice("clinic_id", State.clinics, "None"),
    ]


def _demographic() -> list[Child]:
    return [
        *map(_text, ("street", "city", "state", "postal_code")),
        _choice("sex", State.sexes, "Not said"),
        _choice("pronouns", State.pronouns, "Not said"),
        _choice("language", State.languages),
    ]


def _referral() -> list[Child]:
    source: Any = rx.cond(State.heard != "", State.heard, "Not said")  # words of before there was a list stay
    return [
        _choice("referral_id", State.sources, source, on_change=State.choose_source),
        _choice("referral_sub_id", State.subs, "None"),
        _text("referral_detail"),
    ]


def _whose() -> rx.Component:
    known = rx.fragment(f"Phone and email are those of {State.guardian}, who logs in.")
    new = rx.cond(State.minor, "Under 18: the phone and email are the guardian's.", "")
    return rx.cond(State.minor & (State.guardian != ""), known, rx.el.span(new, role="status"))


def _meanwhile() -> rx.Component:
    """What somebody else changed since the form was opened: to know, and to choose where both did."""
    words = rx.el.section(
        rx.el.div(
            rx.el.h2("Changed meanwhile", class_name="title2", id="meanwhile", custom_attrs={"tabIndex": -1}),
            rx.el.p("Where you changed it too, choose what stays. Nothing is overwritten.", class_name="row__meta"),
        ),
        rx.el.ul(rx.foreach(State.meanwhile, _one), class_name="rows rows--tight"),
        class_name="card card--attn setrow",
        custom_attrs={"aria-labelledby": "meanwhile"},
    )
    return ui.live_region(rx.cond(State.meanwhile.length() > 0, words))


def _one(one: Meanwhile) -> rx.Component:
    name = f"keep.{one.field}"
    told = rx.el.p(f"{one.who}, {one.when}: ", rx.el.b(one.theirs), class_name="row__meta")
    choice = rx.el.fieldset(
        rx.el.legend(one.label, class_name="row__title"),
        told,
        rx.el.div(_keep(name, "theirs", one.theirs, "Keep"), _keep(name, "mine", one.mine, "Take mine")),
        ui.field_error(State.errors.get(name, "").to(str), f"{name}-error"),
    )
    return rx.el.li(rx.cond(one.contested, choice, rx.fragment(rx.el.p(one.label, class_name="row__title"), told)))


def _keep(name: Any, value: str, words: Any, verb: str) -> rx.Component:
    box = rx.el.input(type="radio", name=name, value=value)
    return rx.el.label(box, rx.el.span(f"{verb}: ", rx.el.b(words), class_name="row__body"), class_name="check")


def _missing() -> rx.Component:
    words = ui.empty_state(
        "search",
        "No client at this address",
        "The record may have been moved, or the address is not complete. Look the client up by name, phone or email.",
        ui.button_link("All clients", href=routes.STAFF_CLIENTS, kind="primary"),
    )
    return rx.fragment(rx.el.h1("Edit client", class_name="vh"), words)


def _loyalty() -> rx.Component:
    """Each tick is saved by what it asks for: a log-in waits in no draft."""
    note = "Only the practice can enroll a client. A tick asks for the log-in, and is saved with it."
    return _section("loyalty", "Loyalty Programs", client_loyalty.programs(), note)


def _setting(name: str, title: str, *controls: Child, note: Child = None) -> rx.Component:
    return _section(name, title, ui.fields(*controls, columns=3), note)


def _section(name: str, title: str, body: rx.Component, note: Child = None) -> rx.Component:
    about = rx.el.div(
        rx.el.h2(title, class_name="title2", custom_attrs={"id": f"edit-{name}"}),
        *([] if note is None else [rx.el.p(note, class_name="row__meta")]),
    )
    return rx.el.section(
        about,
        body,
        class_name="card setrow",
        custom_attrs={"aria-labelledby": f"edit-{name}"},
    )


def _text(name: str, **props: Any) -> rx.Component:
    return ui.text_field(
        LABELS[name],
        name,
        type=_TYPES.get(name, "text"),
        default_value=State.values.get(name, "").to(str),
        error=_error(name),
        max_length=_LONGEST.get(name, 80),
        optional=_optional(name),
        **props,
    )


def _choice(name: str, options: Any, nothing: Text | None = None, **props: Any) -> rx.Component:
    return ui.select_field(
        LABELS[name],
        name,
        options,
        default_value=State.values.get(name, "").to(str),
        placeholder=nothing,
        error=_error(name),
        optional=_optional(name),
        **props,
    )


def _optional(name: str) -> bool | None:
    return False if name in REQUIRED else None


def _error(name: str) -> rx.Var[str]:
    return State.errors.get(name, "").to(str)
