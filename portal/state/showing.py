"""Putting what was read on the screen: a var that is as it was does not travel again, and nothing flickers."""

from typing import Any

import reflex as rx


def show(state: rx.State, **values: Any) -> None:
    """Set the vars that are new."""
    for name, value in values.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
