"""What the app itself carries on every page: the head, and nothing around the pages.

Reflex's own overlay (toasts and a pulsing icon when the connection is lost) is left out: its toast library is 12 KB,
and the layouts have a banner of their own.
"""

from collections.abc import Callable

import reflex as rx

PRELOADED_FONTS = ("hanken-grotesk-latin-wght-normal", "ysabeau-latin-wght-normal")


def head() -> list[rx.Component]:
    """Icons, the two typefaces ahead of the stylesheet that asks for them, the colour of the browser's own frame."""
    return [
        rx.el.meta(char_set="utf-8"),
        rx.el.meta(name="viewport", content="width=device-width, initial-scale=1, viewport-fit=cover"),
        *(_font(name) for name in PRELOADED_FONTS),
        rx.el.link(rel="icon", href="/favicon.svg", custom_attrs={"type": "image/svg+xml"}),
        rx.el.link(rel="apple-touch-icon", href="/apple-touch-icon.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        _theme_color("light", "#f9f4f2"),
        _theme_color("dark", "#150f12"),
    ]


def app_wraps() -> dict[tuple[int, str], Callable[[bool], rx.Component | None]]:
    """Components around every page: none."""
    return {}


def _font(name: str) -> rx.Component:
    attrs = {"as": "font", "type": "font/woff2", "crossOrigin": "anonymous"}
    return rx.el.link(rel="preload", href=f"/fonts/{name}.woff2", custom_attrs=attrs)


def _theme_color(scheme: str, color: str) -> rx.Component:
    media = {"media": f"(prefers-color-scheme: {scheme})"}
    return rx.el.meta(name="theme-color", content=color, custom_attrs=media)
