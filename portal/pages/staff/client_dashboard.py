"""The Dashboard tab of a client's profile."""

import reflex as rx


def tab() -> rx.Component:
    """What comes next for the client, and what is open."""
    return rx.el.div(class_name="sgrid")
