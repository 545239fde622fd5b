"""One question of a questionnaire, in each of the ways it can be asked, with what stands beside it."""

from typing import Any, Literal

import reflex as rx

from portal.components import ui
from portal.components.ui.kept_choice import kept_choice
from portal.components.ui.kept_field import kept_field
from portal.pages.patient.questionnaire_marks import photographs, signature
from portal.state.patient.questionnaire import QuestionnaireState as State


def question(item: Any) -> rx.Component:
    """The item as it is asked. It stays the same element while its answer changes: the cursor is not lost."""
    asked = rx.match(
        item.shape,
        ("display", rx.el.p(item.text, class_name="prose measure")),
        ("group", rx.el.h2(item.text, class_name="title2")),
        ("area", _typed(item, _area(item))),
        ("line", _typed(item, _line(item))),
        ("photos", _grouped(item, photographs(item))),
        ("signature", _grouped(item, signature(item))),
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
        rx.cond(
            item.note != "", rx.el.p(item.note, class_name=rx.cond(item.known, "field__hint", "field__hint q__saved"))
        ),
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


def _turn(item: Any) -> rx.Var[int]:
    return rx.cond(State.turns.contains(item.link_id), State.turns[item.link_id], 0).to(int)


def _line(item: Any) -> rx.Component:
    more = {"type": "text", "inputMode": item.input_mode, "autoComplete": "off", "className": "input"}
    field = _kept("input", item, more)
    unit = rx.el.span(item.unit, class_name="muted nowrap")
    return rx.cond(item.unit != "", rx.el.div(field, unit, class_name="q__unit"), field)


def _area(item: Any) -> rx.Component:
    return _kept("textarea", item, {"className": "textarea"})


def _kept(tag: Literal["input", "textarea"], item: Any, more: dict[str, Any]) -> rx.Component:
    return kept_field(
        tag,
        place=State.page.form_id,
        question=item.link_id,
        value=item.value,
        revision=item.revision,
        heard=State.heard,
        turn=_turn(item),
        on_keep=lambda words, shown, ticket, left: State.fill_in(item.link_id, words, shown, ticket, left),
        custom_attrs={
            **_field(item),
            "name": item.link_id,
            "placeholder": item.placeholder,
            "maxLength": item.longest,
            **more,
        },
    )


def _choices(item: Any) -> rx.Component:
    """What is offered."""

    def line(choice: Any) -> rx.Component:
        box = kept_choice(
            type=rx.cond(item.shape == "many", "checkbox", "radio"),
            place=State.page.form_id,
            question=item.link_id,
            code=choice.code,
            checked=choice.chosen,
            refused=State.others.contains(item.link_id),
            turn=_turn(item),
            on_press=lambda on: State.choose(item.link_id, choice.code, on),
            custom_attrs={**_described(item), "name": item.link_id},
        )
        return rx.el.label(box, rx.el.span(choice.label, class_name="row__body"), class_name="check", key=choice.code)

    own = rx.el.div(
        rx.el.label("Something else", class_name="field__label", html_for=f"a-{item.link_id}"),
        _line(item),
        class_name="field",
    )
    given = item.choices.to(list[Any])
    return rx.fragment(
        rx.el.div(
            rx.foreach(item.choices, line),
            class_name=rx.cond(item.scale, "choice choice--scale", rx.cond(item.short, "choice choice--row", "choice")),
        ),
        rx.cond(item.open, own),
        rx.cond((item.shape == "one") & ~item.required & (item.note != "") & (given.length() > 0), _clear(item)),
    )


def _clear(item: Any) -> rx.Component:
    return rx.el.p(ui.link_button("Clear this answer", on_click=State.clear(item.link_id)), class_name="sm")
