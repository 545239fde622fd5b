"""Answers that are no words: photographs and signatures."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.ui.kept_signature import kept_signature
from portal.components.ui.kit import Child, inline
from portal.components.ui.photo import photo_input
from portal.state.patient.answers import LARGEST_PHOTO
from portal.state.patient.questionnaire import QuestionnaireState as State

DRAWN, TYPED = False, True  # what `sign_by` takes
DRAW = "Draw your signature with a finger or a mouse"


def photo(one: Any) -> rx.Component:
    """A photograph, small; a click shows all of it."""
    picture = rx.el.img(src=one.small_href, alt=one.label, class_name="qphoto__img", loading="lazy")
    return ui.anchor(picture, href=one.href, new_tab=True, class_name="qphoto")


def photographs(item: Any) -> rx.Component:
    def send(*words: Child, **how: Any) -> rx.Component:
        return photo_input(
            *words,
            action=State.page.photos_href,
            question=item.link_id,
            largest=LARGEST_PHOTO,
            on_going=State.photo_going(item.link_id),
            on_told=lambda status: State.photo_told(item.link_id, status),
            **how,
        )

    def shown(one: Any) -> rx.Component:
        replace = send("Replace", instead=one.id, label=f"Replace {one.label}", small=True)
        remove = ui.button(
            "Remove", small=True, kind="quiet", label=f"Remove {one.label}", on_click=State.remove_photo(one.id)
        )
        return rx.el.li(photo(one), rx.el.div(replace, remove, class_name="qphoto__acts"), key=one.id)

    add = send(ui.icon("plus"), "Add a photograph", id=f"a-{item.link_id}")
    return rx.fragment(
        rx.cond(item.photos.to(list[Any]).length() > 0, rx.el.ul(rx.foreach(item.photos, shown), class_name="qphotos")),
        rx.cond(item.room, add),
        rx.el.p("A JPEG, PNG or WebP of at most 10 MB. Its place and time are taken out.", class_name="field__hint"),
    )


def signature(item: Any) -> rx.Component:
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
            ui.segment("Draw", pressed=~State.typing, on_click=State.sign_by(DRAWN), icon_name="pen-line"),
            ui.segment("Type", pressed=State.typing, on_click=State.sign_by(TYPED), icon_name="type"),
            block=True,
        ),
        rx.cond(State.typing, name, draw),
        ui.button("Keep this signature", type="submit"),
        kept_signature(),
        on_submit=State.sign,
        class_name="stack",
        custom_attrs=inline(display="grid", gap=".875rem"),
    )
    return rx.cond(item.value != "", done, place)
