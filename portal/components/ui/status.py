"""Status: always an icon, a word and a colour, never colour alone."""

from typing import Any, Literal

import reflex as rx

from portal.components.ui.icon import icon
from portal.components.ui.kit import Child, Flag, Text, classes, hidden_text

Tone = Literal["neutral", "danger", "ok", "warn", "info", "brand"]

#: The words of the product and how each looks. A status that is not here is drawn neutral.
STATUSES: dict[str, tuple[Tone, str]] = {
    "Not Signed": ("danger", "circle-alert"),
    "Not Filled": ("danger", "circle-alert"),
    "Witness Signature Required": ("warn", "users-round"),
    "Signed": ("ok", "circle-check"),
    "Filled": ("ok", "circle-check"),
    "Void": ("neutral", "circle-slash"),
    "Not confirmed": ("warn", "clock"),
    "Confirmed": ("ok", "circle-check"),
    "Checked in": ("info", "circle-check"),
    "Completed": ("ok", "circle-check"),
    "Cancelled": ("neutral", "circle-x"),
    "No show": ("danger", "circle-x"),
    "Paid": ("ok", "circle-check"),
    "Unpaid": ("danger", "circle-alert"),
    "Partly paid": ("warn", "circle-dot"),
    "Refunded": ("info", "undo-2"),
    "Active": ("ok", "circle-check"),
    "On hold": ("warn", "circle-pause"),
    "Past due": ("danger", "circle-alert"),
    "Inactive": ("neutral", "circle-slash"),
    "Expiring soon": ("warn", "timer"),
    "Expired": ("danger", "timer"),
    "Accepted": ("ok", "circle-check"),
    "Invited": ("info", "mail"),
}


def pill(*words: Child, tone: Tone = "neutral", icon_name: str, plain: bool = False) -> rx.Component:
    """An icon and a word in the colour of the tone."""
    return rx.el.span(
        icon(icon_name, 14),
        *words,
        class_name=classes("pill", f"pill--{tone}" if tone != "neutral" else "", "pill--plain" if plain else ""),
    )


def status_pill(status: Text, only: tuple[str, ...] = tuple(STATUSES)) -> rx.Component:
    """The pill of a status by its word. For a var, `only` names the words that it can be: fewer make a smaller page."""
    if not isinstance(status, rx.Var):
        tone, icon_name = STATUSES.get(status, ("neutral", "circle-dot"))
        return pill(status, tone=tone, icon_name=icon_name)
    tones = rx.match(status, *((word, f"pill pill--{STATUSES[word][0]}") for word in only), "pill")
    names: Any = rx.match(status, *((word, STATUSES[word][1]) for word in only), "circle-dot")
    used = tuple(sorted({STATUSES[word][1] for word in only} | {"circle-dot"}))
    return rx.el.span(icon(names, 14, options=used), status, class_name=tones)


def count(
    number: Text | int | rx.Var[int], what: str, *, tone: Literal["brand", "alert", "quiet"] = "brand"
) -> rx.Component:
    """A number in a disc; `what` it counts is said to a screen reader ("to complete")."""
    return rx.el.span(
        number, hidden_text(f" {what}"), class_name=classes("count", f"count--{tone}" if tone != "brand" else "")
    )


def dot(label: Text | None = None) -> rx.Component:
    """A point that marks something new; with a label where no word beside it says so."""
    return rx.el.span(*([] if label is None else [hidden_text(label)]), class_name="dot")


def avatar(initials: Text, *, large: bool = False) -> rx.Component:
    """A person's initials; the name stands beside it."""
    return rx.el.span(initials, class_name=classes("avatar", "avatar--lg" if large else ""), aria_hidden="true")


Symbol = Literal["allergy", "star", "hold", "timer"]
FLAGS: dict[Symbol, tuple[str, str]] = {
    "allergy": ("triangle-alert", "Allergies"),
    "star": ("star", "Member"),
    "hold": ("star-off", "Membership on hold"),
    "timer": ("timer", "Documents expiring or expired"),
}


def flag(kind: Symbol) -> rx.Component:
    """One symbol beside a client's name, with its name as a tooltip."""
    icon_name, label = FLAGS[kind]
    return rx.el.span(icon(icon_name, 14, label=label), class_name=f"flag flag--{kind}", title=label)


def flags(
    *, allergy: Flag = False, member: Flag = False, on_hold: Flag = False, expiring: Flag = False
) -> rx.Component:
    """The symbols that apply to a client, in the order of the design."""
    shown: dict[Symbol, Flag] = {"allergy": allergy, "star": member, "hold": on_hold, "timer": expiring}
    symbols = [
        rx.cond(on, flag(kind)) if isinstance(on, rx.Var) else flag(kind)
        for kind, on in shown.items()
        if isinstance(on, rx.Var) or on
    ]
    return rx.el.span(*symbols, class_name="flags")
