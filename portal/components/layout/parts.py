"""Parts that several frames share: brand, skip link, live regions, the idle watch, log out."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.state.feedback import FeedbackState
from portal.state.practice import PracticeState
from portal.state.session import WARN_SECONDS, SessionState


def brand_colours() -> rx.Component:
    """The practice's hue and chroma, on the root, so that every colour is computed from them."""
    hue, chroma = PracticeState.brand_hue, PracticeState.brand_chroma
    return rx.el.style(f":root{{--brand-hue:{hue};--brand-chroma:{chroma}}}")


def brandmark(href: str, *, suffix: str | rx.Var[str] | None = None, short: bool = False) -> rx.Component:
    """The practice's mark and name. `suffix` replaces the second part of the name ("Staff"); `short` leaves it out."""
    second = PracticeState.wordmark_b if suffix is None else suffix
    words = [PracticeState.wordmark_a] if short else [PracticeState.wordmark_a, " ", rx.el.span(second)]
    return rx.el.a(
        rx.el.span(class_name="brandmark__orb", aria_hidden="true"),
        rx.el.span(*words),
        href=href,
        class_name="brandmark",
    )


def live_regions() -> rx.Component:
    """What the server says back, and the banner of a lost connection."""
    words = rx.cond(
        FeedbackState.reference != "",
        f"{FeedbackState.message} Reference code {FeedbackState.reference}",
        FeedbackState.message,
    )
    close = ui.link_button("Close", on_click=FeedbackState.dismiss)
    alert = {"icon_name": "circle-alert", "action": close, "key": FeedbackState.seq}
    shown: Any = rx.match(
        FeedbackState.kind,
        ("error", ui.toast(words, **alert)),
        ("fault", ui.toast(words, **alert)),
        ("fields", ui.toast(words, on_dismiss=FeedbackState.dismiss, **alert)),
        ui.toast(words, action=close, on_dismiss=FeedbackState.dismiss, key=FeedbackState.seq),
    )
    region = ui.live_region(rx.cond(FeedbackState.message != "", shown), class_name="toasts")
    return rx.fragment(region, ui.reconnecting_banner())


def idle_watch() -> rx.Component:
    """Signs out after a time without activity, and asks two minutes before."""
    timer = ui.idle_timer(
        idle_seconds=SessionState.idle_seconds,
        warn_seconds=WARN_SECONDS,
        on_active=SessionState.touch,
        on_warn=SessionState.warn,
        on_expire=SessionState.expire,
        key=SessionState.idle_epoch,
    )
    question = ui.dialog(
        "Are you still there?",
        rx.el.p(
            "To protect your health record we log you out in ",
            ui.countdown(WARN_SECONDS, prefix="", class_name="strong num"),
            ". Your answers are saved.",
            class_name="muted",
        ),
        open=SessionState.idle_warning,
        id="idle",
        actions=[ui.button("Stay logged in", kind="primary", on_click=SessionState.touch), log_out("btn btn--quiet")],
        on_close=SessionState.touch,
        alert=True,
    )
    return rx.cond(SessionState.signed_in, rx.fragment(timer, question))


class PlainForm(rx.Component):
    """A form that the browser itself sends: the session's cookie can only be taken away over HTTP."""

    tag = "form"
    _is_tag_in_global_scope = True
    action: rx.Var[str]
    method: rx.Var[str]


def log_out(class_name: str = "menu__item", *, where: str = routes.SESSION_END) -> rx.Component:
    """Ends the session; `where` is the patient's end of it, or the staff's."""
    button = rx.el.button(ui.icon("log-out", 16), "Log out", type="submit", class_name=class_name)
    return PlainForm.create(button, action=where, method="post")


def contacts(class_name: str) -> rx.Component:
    """Where the practice is and how to reach it."""
    website = ui.anchor(PracticeState.website_name, href=PracticeState.website, new_tab=True)
    return rx.el.address(
        rx.foreach(PracticeState.address_lines, lambda line: rx.fragment(line, rx.el.br())),
        rx.cond(PracticeState.hours_today != "", rx.fragment("Today: ", PracticeState.hours_today, rx.el.br())),
        ui.phone_link(PracticeState.phone, PracticeState.phone_href),
        rx.cond(PracticeState.email != "", rx.fragment(rx.el.br(), _email())),
        rx.cond(PracticeState.website != "", rx.fragment(rx.el.br(), website)),
        class_name=class_name,
    )


def _email() -> rx.Component:
    return ui.anchor(PracticeState.email, href=f"mailto:{PracticeState.email}")


def footer() -> rx.Component:
    """The practice's name and telephone, and the small print."""
    return rx.el.footer(
        rx.el.span(PracticeState.name),
        ui.phone_link(PracticeState.phone, PracticeState.phone_href),
        rx.el.a("Help", href=routes.HELP),
        rx.el.a("Privacy", href=routes.PRIVACY),
        rx.el.a("Terms", href=routes.TERMS),
        class_name="footer",
    )
