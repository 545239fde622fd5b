"""Account and devices of a member of staff."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.layout import staff_page
from portal.components.ui.passkey import passkey_button
from portal.pages.staff.login import authenticator_qr, recovery_codes
from portal.state.staff.account import StaffAccountState
from portal.state.staff.session import StaffSessionState

State: Any = StaffAccountState
Account: Any = StaffAccountState.account


def account() -> rx.Component:
    """The page at /staff/account."""
    waiting = ui.loading("Loading your account", ui.skeleton_card(4), ui.skeleton_card(3))
    return staff_page(
        "Account and devices",
        ui.page_head("Account and devices"),
        rx.cond(Account, ui.stack(_devices(), _passkeys(), _authenticator(), _codes(), gap="1.25rem"), waiting),
        _replacing(),
        _fresh_codes(),
        _removing(),
        form=True,
    )


def _devices() -> rx.Component:
    several = Account.devices.length() > 1
    tools = rx.cond(several, ui.button("Sign out all others", small=True, on_click=State.sign_out_others))
    who = rx.el.p("You log in as ", rx.el.b(Account.email, class_name="strong ink"), ".", class_name="muted")
    listed = rx.el.ul(rx.foreach(Account.devices, _device), class_name="rows")
    return ui.section("Where you are signed in", who, listed, tools=tools, id="devices")


def _device(device: Any) -> rx.Component:
    out = ui.button("Sign out", small=True, on_click=State.sign_out(device.id), label=f"Sign out {device.name}")
    pill = ui.pill("This device", tone="ok", icon_name="circle-check")
    return _line(
        rx.cond(device.handheld, ui.icon("smartphone"), ui.icon("laptop")),
        rx.fragment(device.name, rx.cond(device.locked, " (locked)", "")),
        device.detail,
        rx.cond(device.here, pill, out),
    )


def _passkeys() -> rx.Component:
    add = passkey_button(
        "Add a passkey",
        asked=State.asked,
        on_ask=State.ask_passkey,
        on_answer=State.add_passkey,
        on_failed=State.passkey_failed,
        making=True,
        class_name="btn btn--sm",
    )
    words = "The better way in: your device shows that it is you, and nobody can trick you out of it."
    elsewhere = "Passkeys need the portal to be opened by its name, not by an address of numbers."
    return ui.section(
        "Passkeys",
        rx.el.p(rx.cond(StaffSessionState.passkeys, words, elsewhere), class_name="muted"),
        ui.field_error(State.errors.get("passkey", "").to(str), "passkey-error"),
        rx.el.ul(rx.foreach(Account.passkeys, _passkey), class_name="rows"),
        tools=rx.cond(StaffSessionState.passkeys, add),
        id="passkeys",
    )


def _passkey(key: Any) -> rx.Component:
    acts = ui.cluster(
        ui.button("Rename", small=True, kind="quiet", on_click=State.rename(key.id), label=f"Rename {key.name}"),
        ui.button("Remove", small=True, kind="quiet", on_click=State.ask_remove(key.id), label=f"Remove {key.name}"),
        gap=".25rem",
    )
    naming = rx.el.li(
        rx.el.form(
            ui.text_field(
                "Name of this passkey",
                "name",
                id="passkey-name",
                default_value=key.name,
                max_length=60,
                auto_focus=True,
                error=State.errors.get("name", "").to(str),
            ),
            ui.cluster(
                ui.button("Save", kind="primary", small=True, type="submit"),
                ui.button("Keep the name", kind="quiet", small=True, on_click=State.put_away),
            ),
            class_name="stack",
            on_submit=State.save_name,
        )
    )
    return rx.cond(State.naming == key.id, naming, _line(ui.icon("key-round"), key.name, key.detail, acts))


def _authenticator() -> rx.Component:
    replace = ui.button("Replace", small=True, on_click=State.begin_replacing, label="Replace the authenticator")
    words = rx.el.p(Account.authenticator, ". When you replace it, the old one stops at once.", class_name="muted")
    return ui.section("Authenticator", words, tools=replace, id="authenticator")


def _codes() -> rx.Component:
    left = rx.cond(Account.codes_left == 1, "1 code is left. ", f"{Account.codes_left} codes are left. ")
    words = rx.el.p(left, "Each lets you in once when your authenticator is lost.", class_name="muted")
    make = ui.button("New codes", small=True, on_click=State.make_codes, label="New recovery codes")
    return ui.section("Recovery codes", words, tools=make, id="recovery")


def _replacing() -> rx.Component:
    form = rx.el.form(
        rx.el.p("Scan this with the new authenticator. Then enter the 6 digits it shows.", class_name="muted"),
        authenticator_qr(State.qr_path, State.qr_box, State.secret),
        ui.otp(
            "Code of the new authenticator",
            error=State.errors.get("code", "").to(str),
            on_complete=State.enter_code,
            attempt=State.attempt,
            focus=True,
        ),
        ui.cluster(
            ui.button("Use the new one", kind="primary", type="submit"),
            ui.button("Keep the old one", kind="quiet", on_click=State.put_away),
        ),
        class_name="stack stack--5",
        on_submit=State.submit_code,
    )
    return ui.dialog(
        "Replace your authenticator", form, open=State.replacing, id="replacing", on_close=State.put_away, width="28rem"
    )


def _fresh_codes() -> rx.Component:
    return ui.dialog(
        "Keep these recovery codes",
        rx.el.p("They are shown this one time. Those before work no more.", class_name="muted"),
        recovery_codes(State.codes),
        open=State.codes.length() > 0,
        id="fresh-codes",
        actions=[ui.button("I have kept them", kind="primary", on_click=State.put_away)],
        width="28rem",
    )


def _removing() -> rx.Component:
    return ui.confirm(
        "Remove this passkey?",
        "It will not open the portal any more. Your authenticator still does.",
        open=State.removing != "",
        id="removing",
        action=ui.button("Remove it", kind="danger", on_click=State.remove),
        keep="Keep it",
        on_close=State.put_away,
    )


def _line(picture: rx.Component, title: Any, detail: Any, end: rx.Component) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(picture, class_name="row__ico"),
            rx.el.span(
                rx.el.span(title, class_name="row__title"),
                rx.el.span(detail, class_name="row__meta"),
                class_name="row__body",
            ),
            end,
            class_name="row",
        )
    )
