"""**Access Client Portal** in the panel: was the client invited, did they come in, and help when they cannot."""

import reflex as rx

from portal.components import ui
from portal.components.ui.kit import Child
from portal.state.staff.portal_access import ContactRow
from portal.state.staff.portal_access import PortalAccessState as State
from portal.state.staff.session import Privilege, may

Row = State.row


def section() -> rx.Component:
    """The section, with its dialog."""
    helps = may(Privilege.PORTAL_ACCESS)
    content = rx.fragment(
        rx.el.h2(
            "Access Client Portal",
            ui.status_pill(Row.status, only=("Accepted", "Invited")),
            class_name="spanel__h",
        ),
        rx.el.p(_line(Row.invited), _line(Row.accepted), _line(Row.last_log_in), class_name="xs muted lines"),
        rx.cond(helps & Row.active, _acts()),
    )
    return rx.el.section(rx.cond(Row, content), rx.cond(State.helping, _help()), class_name="spanel__sec")


def _line(words: rx.Var[str]) -> rx.Component:
    return rx.cond(words != "", rx.el.span(words))


def _acts() -> rx.Component:
    """Before acceptance a link by email, afterwards help."""
    accepted = Row.status == "Accepted"
    words = rx.cond(Row.status == "Not invited", "Invite by email", "Resend invite")
    invite = ui.button(
        words, small=True, icon_name="mail", on_click=State.send_link, loading=State.busy, loading_text="Sending",
        kind="primary",
    )  # fmt: skip
    reset = rx.cond(accepted, rx.fragment("Reset access"), rx.fragment("Help to log in"))
    return rx.el.div(
        ui.button(reset, small=True, icon_name="key-round", on_click=State.help),
        rx.cond(accepted, rx.fragment(), invite),
        class_name="cluster spanel__acts",
    )


def _help() -> rx.Component:
    """Which contacts are registered, one corrected, everybody logged out, a fresh link."""
    return ui.dialog(
        "Help with logging in",
        ui.stack(
            ui.banner(
                "Make sure who is asking:",
                "name, date of birth, and something only the client knows. Every step here is noted and told to the "
                "client.",
                tone="info",
            ),
            rx.el.section(
                rx.el.h3("Phone and email on file", class_name="title3"),
                rx.el.ul(rx.foreach(State.contacts, _contact), class_name="rows rows--tight"),
                rx.cond(State.correcting != "", _form(), _missing()),
            ),
            rx.cond(State.leaving, _sure(), _steps()),
        ),
        open=True,
        id="access-help",
        on_close=State.close,
        width="36rem",
    )


def _contact(row: ContactRow) -> rx.Component:
    channel = rx.cond(row.channel == "phone number", "phone", "email")
    proved = rx.cond(row.proved != "", f"proved with a code on {row.proved}", "not proved with a code yet")
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                rx.cond(row.channel == "phone number", ui.icon("phone"), ui.icon("mail")), class_name="row__ico"
            ),
            rx.el.span(
                rx.el.span(row.value, class_name="row__title"),
                rx.el.span(rx.cond(row.whose != "", f"{row.whose}, ", ""), proved, class_name="row__meta"),
                class_name="row__body",
            ),
            rx.cond(
                row.login,
                ui.button(
                    "Correct",
                    small=True,
                    on_click=State.correct(channel, row.guardian_id),
                    label=f"Correct {row.value}",
                ),
                ui.pill("Does not log in", icon_name="circle-slash"),
            ),
            class_name="row",
        )
    )


def _missing() -> rx.Component:
    """What is not on file can be added."""
    return ui.cluster(
        rx.cond(
            State.has_phone,
            rx.fragment(),
            ui.link_button("Add a phone number", icon_name="plus", on_click=State.correct("phone", "")),
        ),
        rx.cond(
            State.has_email,
            rx.fragment(),
            ui.link_button("Add an email address", icon_name="plus", on_click=State.correct("email", "")),
        ),
    )


def _form() -> rx.Component:
    phone = State.correcting == "phone"
    note = "The one before is told, and open log-ins end."
    whose = rx.cond(State.whose != "", f" of {State.whose}", "")
    return rx.el.form(
        rx.cond(
            phone,
            ui.text_field(
                f"New phone number{whose}", "phone", id="access-phone", type="tel", hint=note, max_length=40,
                error=State.errors.get("phone", "").to(str),
            ),
            ui.text_field(
                f"New email address{whose}", "email", id="access-email", type="email", hint=note, max_length=254,
                error=State.errors.get("email", "").to(str),
            ),
        ),
        ui.cluster(
            ui.button("Save", kind="primary", type="submit", loading=State.busy, loading_text="Saving"),
            ui.button("Leave it", kind="quiet", on_click=State.leave_it),
        ),
        on_submit=State.save,
        no_validate=True,
        class_name="stack accessform",
        key=f"correct-{State.correcting}",
    )  # fmt: skip


def _steps() -> rx.Component:
    devices = rx.match(
        Row.signed_in,
        (0, "Logged in nowhere now"),
        (1, "Logged in on 1 device"),
        f"Logged in on {Row.signed_in} devices",
    )
    return rx.el.ul(
        _step(
            "Send a fresh link",
            "By email. It works once, for seven days, and asks for the date of birth. Earlier links stop working.",
            ui.button("Send", small=True, icon_name="send", on_click=State.send_link, loading=State.busy,
                      loading_text="Sending", label="Send a fresh link"),
        ),
        _step(
            "Log out everywhere",
            rx.fragment(devices, ". Use it where a phone was lost or somebody else may be in."),
            ui.button("Log out", small=True, icon_name="log-out", on_click=State.ask_sign_out,
                      label="Log out everywhere"),
        ),
        class_name="rows rows--tight",
    )  # fmt: skip


def _step(title: str, words: Child, act: rx.Component) -> rx.Component:
    body = rx.el.span(
        rx.el.span(title, class_name="row__title"), rx.el.span(words, class_name="row__meta"), class_name="row__body"
    )
    return rx.el.li(rx.el.div(body, act, class_name="row"))


def _sure() -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.el.b("Log the client out on all devices?"), " They need a new code to come back, and are told."),
        ui.cluster(
            ui.button("Log out everywhere", kind="danger", on_click=State.sign_out, loading=State.busy,
                      loading_text="Logging out"),
            ui.button("Leave it", kind="quiet", on_click=State.leave_it),
        ),
        class_name="stack well",
        role="alert",
    )  # fmt: skip
