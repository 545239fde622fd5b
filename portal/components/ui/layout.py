"""Small layout parts: stacks, clusters, page heads."""

from typing import Any

import reflex as rx

from portal.components.ui.kit import Child, Text, attributes, classes, inline, present


def stack(*children: Child, gap: str = "1rem", class_name: Text = "", **props: Any) -> rx.Component:
    """Children under one another, `gap` apart."""
    return rx.el.div(
        *present(*children), class_name=classes("stack", class_name), custom_attrs=inline(_gap=gap), **props
    )


def cluster(*children: Child, gap: str = ".75rem", class_name: Text = "") -> rx.Component:
    """Children beside one another, wrapping where the line ends."""
    return rx.el.div(*present(*children), class_name=classes("cluster", class_name), custom_attrs=inline(_gap=gap))


def split(*children: Child, class_name: Text = "") -> rx.Component:
    """First and last at the two ends of the line."""
    return rx.el.div(*present(*children), class_name=classes("split", class_name))


def rule() -> rx.Component:
    """A hairline between two parts."""
    return rx.el.hr(class_name="rule")


def page_head(title: Child, *tools: Child, sub: Text | None = None) -> rx.Component:
    """The one h1 of a page, its tools, and a line below."""
    below = None if sub is None else rx.el.p(sub, class_name="pagehead__sub")
    return rx.el.div(*present(rx.el.h1(title, class_name="display"), *tools, below), class_name="pagehead")


def section(title: Text, *children: Child, tools: Child = None, id: str, class_name: Text = "card") -> rx.Component:
    """A titled region, by default a card; `tools` stand at the right of its head."""
    head = rx.el.div(
        *present(rx.el.h2(title, class_name="title2", custom_attrs={"id": id}), tools), class_name="card__head"
    )
    return rx.el.section(
        head, *present(*children), class_name=class_name, custom_attrs=attributes(**{"aria-labelledby": id})
    )


def prose(*children: Child) -> rx.Component:
    """Long text at a reading measure."""
    return rx.el.div(*present(*children), class_name="prose")
