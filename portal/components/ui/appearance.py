"""Light, dark, or as the device is set. Kept in this browser; Reflex applies it before the first paint."""

from typing import Any, Literal

import reflex as rx
from reflex.style import color_mode, set_color_mode

from portal.components.ui.tabs import segment, segments

Mode = Literal["light", "dark", "system"]
MODES: tuple[tuple[str, Mode, str], ...] = (
    ("Light", "light", "sun"),
    ("Dark", "dark", "moon"),
    ("System", "system", "monitor-smartphone"),
)


def appearance(on_change: Any = None) -> rx.Component:
    """Three segments that switch the theme at once. `on_change` also receives the choice, for the profile to keep."""

    def choose(mode: Mode) -> Any:
        return set_color_mode(mode) if on_change is None else [set_color_mode(mode), on_change(mode)]

    parts = [
        segment(words, pressed=color_mode == mode, on_click=choose(mode), icon_name=icon_name)
        for words, mode, icon_name in MODES
    ]
    return segments("Appearance", *parts)
