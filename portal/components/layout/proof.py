"""The question for a second factor: a field and a button for the lock page, and a dialog for sensitive acts."""

from typing import Any

import reflex as rx

from portal.components import ui
from portal.components.ui.passkey import passkey_button
from portal.state.staff.proving import ProvingState
from portal.state.staff.session import WARN_SECONDS, StaffSessionState

State: Any = ProvingState


def proof_field(*, focus: bool = False) -> rx.Component:
    """The authenticator's six digits."""
    return ui.otp(
        "Authenticator code",
        name="proof",
        hint="The 6 digits that your authenticator app shows now.",
        error=State.errors.get("proof", "").to(str),
        on_complete=State.enter,
        attempt=State.attempt,
        focus=focus,
    )


def proof_passkey() -> rx.Component:
    """A passkey in its place."""
    return passkey_button(
        "Use a passkey instead",
        asked=State.asked,
        on_ask=State.ask_passkey,
        on_answer=State.answer_passkey,
        on_failed=State.passkey_failed,
    )


def proof_dialog() -> rx.Component:
    """Opened by the guard before a sensitive act; after it the act can be done again, for ten minutes."""
    return ui.dialog(
        "Is it you?",
        rx.el.form(
            rx.el.p(
                "This needs a fresh proof. It then holds for ten minutes, and what you do is in the audit log.",
                class_name="muted",
            ),
            proof_field(focus=True),
            rx.cond(StaffSessionState.passkeys, proof_passkey()),
            ui.cluster(
                ui.button("Continue", kind="primary", type="submit"),
                ui.button("Not now", kind="quiet", on_click=State.leave),
            ),
            class_name="stack stack--5",
            on_submit=State.submit,
        ),
        open=StaffSessionState.asking_proof,
        id="proof-dialog",
        on_close=State.leave,
        width="28rem",
    )


def lock_watch() -> rx.Component:
    """Locks the screen after a time without activity, and asks two minutes before."""
    timer = ui.idle_timer(
        idle_seconds=StaffSessionState.lock_seconds,
        warn_seconds=WARN_SECONDS,
        on_active=StaffSessionState.touch,
        on_warn=StaffSessionState.warn,
        on_expire=StaffSessionState.expire,
        key=StaffSessionState.lock_epoch,
    )
    question = ui.dialog(
        "Are you still there?",
        rx.el.p(
            "Your screen locks in ",
            ui.countdown(WARN_SECONDS, prefix="", class_name="strong num"),
            ". Nobody else should read what is on it.",
            class_name="muted",
        ),
        open=StaffSessionState.lock_warning,
        id="idle",
        actions=[
            ui.button("Stay here", kind="primary", on_click=StaffSessionState.touch),
            ui.button("Lock now", kind="quiet", on_click=StaffSessionState.lock),
        ],
        on_close=StaffSessionState.touch,
        alert=True,
    )
    return rx.cond(StaffSessionState.signed_in, rx.fragment(timer, question))
