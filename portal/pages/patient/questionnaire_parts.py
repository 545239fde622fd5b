"""One question of a questionnaire, in each of the ways it can be asked, with what stands beside it."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.ui.kit import inline
from portal.components.ui.photo import photo_input
from portal.state.patient.questionnaire import QuestionnaireState as State

DRAW = "Draw your signature with a finger or a mouse"


def question(item: Any) -> rx.Component:
    """The item as it is asked. It stays the same element while its answer changes: the cursor is not lost."""
    asked = rx.match(
        item.shape,
        ("display", rx.el.p(item.text, class_name="prose measure")),
        ("group", rx.el.h2(item.text, class_name="title2")),
        ("area", _typed(item, _area(item))),
        ("line", _typed(item, _line(item))),
        ("photos", _grouped(item, _photos(item))),
        ("signature", _grouped(item, _signature(item))),
        _grouped(item, _choices(item)),
    )
    return rx.el.div(asked, key=item.link_id, custom_attrs={"id": f"q-{item.link_id}"})


def _error(item: Any) -> rx.Var[str]:
    return rx.cond(State.errors.contains(item.link_id), State.errors[item.link_id], "").to(str)


def _heading(item: Any) -> list[rx.Component]:
    return [
        rx.el.span(item.number, class_name="q__n", aria_hidden="true"),
        item.text,
        rx.cond(item.extra != "", rx.el.span(" ", item.extra, class_name="field__opt")),
    ]


def _under(item: Any) -> rx.Component:
    """Below the answer: help, what is wrong, the answer from elsewhere, when it was saved."""
    return rx.fragment(
        rx.cond(
            item.help != "", rx.el.p(item.help, class_name="field__hint", custom_attrs={"id": f"a-{item.link_id}-hint"})
        ),
        ui.field_error(_error(item), f"a-{item.link_id}-error"),
        rx.cond(State.others.contains(item.link_id), _elsewhere(item)),
        rx.cond(item.note != "", rx.el.p(item.note, class_name="field__hint")),
    )


def _elsewhere(item: Any) -> rx.Component:
    """Both answers, and the choice between them."""
    return ui.banner(
        "This answer was changed in another window or on another device.",
        rx.el.p("There it says: ", rx.el.b(State.others[item.link_id])),
        ui.cluster(
            ui.button("Use that answer", small=True, on_click=State.take_other(item.link_id)),
            ui.button("Keep the answer I gave here", small=True, on_click=State.keep_mine(item.link_id)),
        ),
        tone="warn",
        announce="status",
    )


def _described(item: Any) -> dict[str, Any]:
    wrong = State.errors.contains(item.link_id)
    names = f"a-{item.link_id}-error a-{item.link_id}-hint"
    return {"aria-invalid": rx.cond(wrong, "true", None), "aria-describedby": names}


def _field(item: Any) -> dict[str, Any]:
    """The attributes of a field that is typed in. Within a list, an `id=` of Reflex's would make one ref for all."""
    required = rx.cond(item.required, "true", None)
    return {**_described(item), "id": f"a-{item.link_id}", "aria-required": required}


def _typed(item: Any, control: rx.Component) -> rx.Component:
    """A question that is answered by typing, under its label."""
    return rx.el.div(
        rx.el.label(*_heading(item), class_name="q__t", html_for=f"a-{item.link_id}"),
        control,
        _under(item),
        class_name=rx.cond(State.errors.contains(item.link_id), "q has-error", "q"),
    )


def _grouped(item: Any, control: rx.Component) -> rx.Component:
    """A question whose answer has several parts, as a group that its words name."""
    return rx.el.fieldset(
        rx.el.legend(*_heading(item), class_name="q__t"),
        control,
        _under(item),
        class_name=rx.cond(State.errors.contains(item.link_id), "q has-error", "q"),
        custom_attrs={"aria-describedby": f"a-{item.link_id}-error a-{item.link_id}-hint"},
    )


def _turn(item: Any) -> rx.Var[str]:
    """New when the answer comes from elsewhere: the field is made anew with it."""
    turns = rx.cond(State.turns.contains(item.link_id), State.turns[item.link_id], 0)
    return f"{item.link_id} {turns}"


def _line(item: Any) -> rx.Component:
    field = rx.el.input(
        name=item.link_id,
        key=_turn(item),
        type="text",
        default_value=item.value,
        max_length=item.longest,
        input_mode=item.input_mode,
        auto_complete="off",
        class_name="input",
        on_blur=lambda words: State.fill_in(item.link_id, words),
        custom_attrs=_field(item),
    )
    unit = rx.el.span(item.unit, class_name="muted nowrap")
    return rx.cond(item.unit != "", rx.el.div(field, unit, class_name="q__unit"), field)


def _area(item: Any) -> rx.Component:
    return rx.el.textarea(
        name=item.link_id,
        key=_turn(item),
        default_value=item.value,
        max_length=item.longest,
        class_name="textarea",
        on_blur=lambda words: State.fill_in(item.link_id, words),
        custom_attrs=_field(item),
    )


def _choices(item: Any) -> rx.Component:
    """What is offered. The server says what is chosen: what is ticked on the screen is what is saved."""

    def line(choice: Any) -> rx.Component:
        box = rx.el.input(
            type=rx.cond(item.shape == "many", "checkbox", "radio"),
            name=item.link_id,
            checked=choice.chosen,
            on_change=State.choose(item.link_id, choice.code),
            custom_attrs=_described(item),
        )
        return rx.el.label(box, rx.el.span(choice.label, class_name="row__body"), class_name="check", key=choice.code)

    own = rx.el.div(
        rx.el.label("Something else", class_name="field__label", html_for=f"a-{item.link_id}"),
        _line(item),
        class_name="field",
    )
    given = item.choices.to(list[Any])
    return rx.fragment(
        rx.el.div(rx.foreach(item.choices, line), class_name=rx.cond(item.short, "choice choice--row", "choice")),
        rx.cond(item.open, own),
        rx.cond((item.shape == "one") & ~item.required & (item.note != "") & (given.length() > 0), _clear(item)),
    )


def _clear(item: Any) -> rx.Component:
    return rx.el.p(ui.link_button("Clear this answer", on_click=State.clear(item.link_id)), class_name="sm")


def photo(one: Any) -> rx.Component:
    """A photograph, small; a click shows all of it."""
    picture = rx.el.img(src=one.href, alt=one.label, class_name="qphoto__img", loading="lazy")
    return ui.anchor(picture, href=one.href, new_tab=True, class_name="qphoto")


def _photos(item: Any) -> rx.Component:
    def shown(one: Any) -> rx.Component:
        remove = ui.button(
            "Remove", small=True, kind="quiet", label=f"Remove {one.label}", on_click=State.remove_photo(one.id)
        )
        return rx.el.li(photo(one), remove, key=one.id)

    send = photo_input(
        "Add a photograph",
        action=State.page.photos_href,
        question=item.link_id,
        id=f"a-{item.link_id}",
        sending=State.sending == item.link_id,
        on_going=State.photo_going(item.link_id),
        on_told=lambda status: State.photo_told(item.link_id, status),
    )
    return rx.fragment(
        rx.cond(item.photos.to(list[Any]).length() > 0, rx.el.ul(rx.foreach(item.photos, shown), class_name="qphotos")),
        rx.cond(item.room, send),
        rx.el.p("JPEG or PNG, at most 10 MB. Place and time of the picture are taken out.", class_name="field__hint"),
    )


def _signature(item: Any) -> rx.Component:
    """What is signed, or a place to sign: drawn or typed, of equal standing."""
    done = rx.el.div(
        rx.el.p(item.value, class_name="strong"),
        ui.link_button("Sign again", on_click=State.clear(item.link_id)),
        class_name="cluster",
    )
    draw = ui.signature_pad(label=DRAW, name="ink")
    name = rx.el.label(
        rx.el.span("Type your name as your signature", class_name="field__label"),
        rx.el.input(name="name", max_length=120, auto_complete="off", class_name="input"),
        class_name="field",
    )
    place = rx.el.form(
        rx.el.input(type="hidden", name="question", default_value=item.link_id),
        ui.segments(
            "How to sign",
            ui.segment("Draw", pressed=~State.typing, on_click=State.sign_by(False), icon_name="pen-line"),  # noqa: FBT003
            ui.segment("Type", pressed=State.typing, on_click=State.sign_by(True), icon_name="type"),  # noqa: FBT003
            block=True,
        ),
        rx.cond(State.typing, name, draw),
        ui.button("Keep this signature", type="submit"),
        on_submit=State.sign,
        class_name="stack",
        custom_attrs=inline(display="grid", gap=".875rem"),
    )
    return rx.cond(item.value != "", done, place)
