"""The dialog in which a visit is booked or moved: whom, what, with whom and where, the day, the times that are free."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.client_symbols import client_symbols
from portal.components.ui.field import choices
from portal.state.staff.booking import BookingState as State


def booking_dialog() -> rx.Component:
    """Open while a visit is booked or moved."""
    moving = State.moving
    title = rx.cond(moving, "Move visit", "Book visit")
    save = ui.button(
        rx.cond(State.ask != "", rx.cond(moving, "Move anyway", "Book anyway"), rx.cond(moving, "Move", "Book")),
        kind="primary",
        loading=State.busy,
        loading_text="Saving",
        on_click=State.save,
    )
    about = rx.el.p(
        rx.el.b(State.moving.client, class_name="strong"), ", ", State.moving.about, ". Now on ", State.moving.now, ".",
        class_name="muted",
    )  # fmt: skip
    return ui.dialog(
        title,
        rx.el.div(
            rx.cond(State.ask != "", ui.banner(State.ask, tone="warn")),
            rx.cond(State.blocked != "", ui.banner(State.blocked, tone="danger")),
            rx.cond(moving, about, rx.fragment(_client(), _what())),
            _when(),
            class_name="booking",
        ),
        open=State.opened,
        id="booking",
        on_close=State.close,
        actions=[save, ui.button("Close", kind="quiet", on_click=State.close)],
        width="44rem",
    )


def _client() -> rx.Component:
    chosen = rx.el.div(
        ui.icon("user-round"),
        rx.el.b(State.client.name),
        ui.link_button("Change", on_click=State.unpick),
        class_name="booking__client",
    )
    search = rx.fragment(
        ui.text_field(
            "Client",
            "client",
            id="booking-client",
            type="search",
            default_value=State.typed,
            hint="Name, phone, email or date of birth",
            error=_error("client"),
            on_change=State.search,
        ),
        rx.cond(
            State.found.length() > 0,
            rx.el.ul(rx.foreach(State.found, _found), class_name="booking__found", role="list"),
            rx.cond(State.typed != "", rx.el.p("Nobody was found.", class_name="sm muted")),
        ),
    )
    return rx.cond(State.client, chosen, search)


def _found(client: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(rx.el.b(client.name), client_symbols(client.symbols)),
            rx.el.span(client.about, class_name="sm muted"),
            type="button",
            on_click=State.pick(client.id),
        )
    )


def _what() -> rx.Component:
    choices = State.choices
    return ui.fields(
        _select("Service", "service", choices.services, State.service, "Choose a service", wide=True),
        _select("Provider", "provider", choices.providers, State.provider, "Choose a provider"),
        _select("Clinic", "clinic", choices.clinics, State.clinic, "Choose a clinic"),
    )


def _select(label: str, name: str, options: Any, value: Any, none: str, *, wide: bool = False) -> rx.Component:
    field_id = f"booking-{name}"
    return ui.field(
        label,
        rx.el.select(
            *choices(options, none),
            id=field_id,
            value=value,
            on_change=lambda chosen: State.change(name, chosen),
            class_name="select",
            custom_attrs=_described(name),
        ),
        id=field_id,
        error=_error(name),
        wide=wide,
    )


def _when() -> rx.Component:
    def entry(label: str, name: str, kind: str, value: Any, **more: Any) -> rx.Component:
        field_id = f"booking-{name}"
        control = rx.el.input(
            type=kind,
            id=field_id,
            default_value=value,
            key=f"{name} {State.key}",
            on_change=lambda typed: State.change(name, typed),
            class_name="input",
            custom_attrs=_described(name) | more,
        )
        return ui.field(label, control, id=field_id, error=_error(name))

    free = rx.el.fieldset(
        rx.el.legend("Free times", class_name="field__label"),
        rx.el.div(rx.foreach(State.times, _time), class_name="slots"),
        class_name="slotgroup booking__times",
    )
    ready = (State.provider != "") & (State.clinic != "") & ((State.service != "") | State.moving.to(bool))
    none = rx.el.p("There is no free time on this day. Another time can be given all the same.", class_name="sm muted")
    return rx.fragment(
        ui.fields(entry("Day", "day", "date", State.day), entry("Time", "clock", "time", State.clock, step=300)),
        rx.cond(State.times.length() > 0, free, rx.cond(ready, none)),
    )


def _time(time: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="time",
            value=time[0],
            checked=State.clock == time[0],
            on_change=State.choose_time(time[0]),
        ),
        time[1],
        class_name="slot",
    )


def _described(name: str) -> dict[str, Any]:
    wrong = State.errors.contains(name)
    return {
        "aria-required": "true",
        "aria-invalid": rx.cond(wrong, "true", "false"),
        "aria-describedby": rx.cond(wrong, f"booking-{name}-error", ""),
    }


def _error(field: str) -> rx.Var[str]:
    return rx.cond(State.errors.contains(field), State.errors[field], "")
