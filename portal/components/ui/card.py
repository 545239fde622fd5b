"""Surfaces: cards, wells, and the lit card, at most one on a screen, which holds the next thing to do."""

from collections.abc import Sequence
from typing import Literal

import reflex as rx

from portal.components.ui.icon import icon
from portal.components.ui.kit import Child, Text, attributes, classes, hidden_text, inline, present, when
from portal.components.ui.progress import meter


def card(*children: Child, flush: bool = False, attention: bool = False, class_name: Text = "") -> rx.Component:
    """Quiet paper. `flush` for a table that reaches its edges."""
    kinds = classes("card", "card--flush" if flush else "", "card--attn" if attention else "", class_name)
    return rx.el.div(*present(*children), class_name=kinds)


def well(*children: Child) -> rx.Component:
    """A sunken place for what belongs to something else."""
    return rx.el.div(*present(*children), class_name="well")


def lit(*children: Child, labelled_by: str | None = None, class_name: Text = "") -> rx.Component:
    """The lit card: the halo and what matters most here."""
    named = attributes(**{"aria-labelledby": labelled_by})
    return rx.el.section(*present(*children), class_name=classes("lit", class_name), custom_attrs=named)


def visit_card(
    *,
    eyebrow: Child,
    day: Text,
    weekday: Text,
    month: Text,
    time: Text,
    title: Child,
    details: Child,
    acts: Sequence[Child],
    steps: Child = None,
    steps_title: Text = "Before you arrive",
    id: str = "next-visit",
    wide: bool = True,
) -> rx.Component:
    """The next visit, its date set large, with what to do before it: at its side where the card is `wide`."""
    main = rx.el.div(
        rx.el.p(eyebrow, class_name="visit__eyebrow", custom_attrs={"id": id}),
        rx.el.p(
            rx.el.span(day, class_name="visit__n"),
            rx.el.span(
                rx.el.span(weekday),
                rx.el.br(),
                rx.el.span(month),
                rx.el.br(),
                rx.el.span(time),
                class_name="visit__when",
            ),
            class_name="visit__date",
        ),
        rx.el.div(rx.el.h2(title, class_name="title1"), rx.el.p(details, class_name="muted")),
        rx.el.div(*present(*acts), class_name="visit__acts"),
        class_name="visit__main",
    )
    aside = (
        None
        if steps is None
        else rx.el.div(
            rx.el.h3(steps_title, class_name="title3", custom_attrs=inline(margin_bottom=".5rem")),
            steps,
            class_name="visit__thread",
        )
    )
    return lit(main, aside, labelled_by=id, class_name=classes("visit", "visit--wide" if steps and wide else ""))


def thread(*steps: Child) -> rx.Component:
    """Steps in order; see `thread_step`."""
    return rx.el.ol(*present(*steps), class_name="thread")


def thread_step(
    number: Text,
    title: Text,
    meta: Text = "",
    *,
    href: Text | None = None,
    state: Literal["done", "now", "later"] | rx.Var[str] = "later",
) -> rx.Component:
    """One step: done, now, or later. A var as `href` may be empty: then the step leads nowhere."""
    done, now = state == "done", state == "now"
    name = title if href is None else rx.el.a(title, href=href)
    if isinstance(href, rx.Var):
        name = rx.cond(href != "", name, rx.fragment(title))
    note = [rx.el.p(meta, class_name="thread__m")] if isinstance(meta, rx.Var) or meta else []
    return rx.el.li(
        rx.el.span(when(done, icon("check", 14), rx.fragment(number)), class_name="thread__node"),
        rx.el.div(rx.el.p(name, when(done, hidden_text(", done"), rx.fragment()), class_name="thread__t"), *note),
        class_name=classes("thread__step", when(done, "is-done"), when(now, "is-now")),
        custom_attrs=attributes(**{"aria-current": when(now, "step", None)}),
    )


def due_card(
    number: Text, words: Text, note: Text, *acts: Child, done: int | None = None, of: int = 0, id: str = "due"
) -> rx.Component:
    """What is due: the count set large, and how far one has come."""
    return lit(
        rx.el.p(number, class_name="visit__n due__n", custom_attrs={"aria-hidden": "true"}),
        rx.el.div(
            *present(
                rx.el.h2(rx.el.span(number, " ", class_name="vh"), words, class_name="title2", custom_attrs={"id": id}),
                rx.el.p(note, class_name="muted sm"),
                None if done is None else rx.el.div(meter(done, of, "forms complete"), class_name="due__meter"),
            ),
            class_name="due__body",
        ),
        *acts,
        labelled_by=id,
        class_name="due",
    )
