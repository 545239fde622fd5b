"""My Profile."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import patient_page
from portal.components.ui.error_focus import error_focus
from portal.components.ui.kit import Child, Text
from portal.state.patient.profile import EMAIL_WORDING, LANGUAGES, SMS_WORDING, DeviceRow, ProfileState

State = ProfileState
Row = State.row

#: Counts the fields that differ from what was read, and warns before the page is left with them.
SAVE_ROW = """
function SaveRow({ clean, children, ...row }) {
  const place = useRef(null);
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const form = place.current.closest("form");
    const differs = (field) => {
      if (!field.name) return false;
      if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
      if (field.tagName === "SELECT") {
        const first = [...field.options].find((option) => option.defaultSelected);
        return field.value !== (field.dataset.read ?? first?.value ?? field.value);
      }
      return "defaultValue" in field && field.value !== field.defaultValue;
    };
    for (const select of form.querySelectorAll("select")) select.dataset.read = select.value;
    const recount = () => setChanges([...form.elements].filter(differs).length);
    const stay = (event) => {
      if ([...form.elements].some(differs)) event.preventDefault();
    };
    form.addEventListener("input", recount);
    form.addEventListener("change", recount);
    window.addEventListener("beforeunload", stay);
    recount();
    return () => {
      form.removeEventListener("input", recount);
      form.removeEventListener("change", recount);
      window.removeEventListener("beforeunload", stay);
    };
  }, []);
  const words = changes === 0 ? clean : changes === 1 ? "1 change not saved yet" : changes + " changes not saved yet";
  return jsx("div", { ...row, ref: place }, jsx("p", { className: "sm muted", role: "status" }, words), children);
}
"""


class SaveRow(rx.Component):
    """The row with **Save** that says how much is not saved yet."""

    tag = "SaveRow"
    clean: rx.Var[str]

    def add_imports(self) -> dict[str, Any]:
        """React's hooks."""
        return {"react": [rx.ImportVar(tag=tag) for tag in ("useRef", "useState", "useEffect")]}

    def add_custom_code(self) -> list[str]:
        """The React function."""
        return [SAVE_ROW]


def profile() -> rx.Component:
    """The page at /profile."""
    waiting = ui.loading("Loading your profile", *(ui.skeleton_card() for _ in range(4)))
    return patient_page(
        "My Profile",
        rx.cond(Row, rx.fragment(_form(), _outside_the_form()), waiting),
        _proof(),
        _ask_all(),
        narrow=True,
    )


def _form() -> rx.Component:
    head = rx.el.section(
        ui.avatar(Row.initials, large=True),
        rx.el.div(
            rx.el.h2(Row.name, class_name="title1"),
            rx.el.p(
                f"Born {Row.born}",
                rx.el.br(),
                f"Client since {Row.since}",
                rx.cond(Row.guardian != "", rx.fragment(rx.el.br(), f"You act as {Row.guardian}")),
                class_name="row__meta",
            ),
        ),
        class_name="card profhead",
    )
    return rx.el.form(
        error_focus(State.errors),
        head,
        _setting(
            "login",
            "Log in",
            ui.fields(
                _contact(
                    ui.phone_field(
                        country_code=Row.country_code, default_value=Row.phone, error=_error("phone"), max_length=40
                    ),
                    "phone",
                    Row.phone_proved,
                ),
                _contact(
                    _text(
                        "Email address", "email", Row.email, input_mode="email", auto_complete="email", max_length=254
                    ),
                    "email",
                    Row.email_proved,
                ),
                columns=1,
            ),
            note="We text or email a passcode to the new one before it changes.",
        ),
        _setting(
            "name",
            "Name",
            ui.fields(
                _text("Preferred name", "preferred_name", Row.preferred_name, optional=True, max_length=80), columns=1
            ),
            note="What we call you. Your legal name is on your ID; we change it for you at the front desk.",
        ),
        _setting(
            "address",
            "Address",
            ui.fields(
                _text("Street", "street", Row.street, auto_complete="street-address", max_length=160, wide=True),
                _text("City", "city", Row.city, auto_complete="address-level2", max_length=80, wide=True),
                _text("State", "state", Row.state, auto_complete="address-level1", max_length=20),
                _text("ZIP code", "postal_code", Row.postal_code, auto_complete="postal-code", max_length=10),
                ui.select_field(
                    "Primary clinic",
                    "clinic_id",
                    State.clinics,
                    default_value=Row.clinic_id,
                    placeholder="Choose a clinic",
                    error=_error("clinic_id"),
                    wide=True,
                ),
            ),
        ),
        _setting(
            "emergency",
            "Emergency contact",
            ui.fields(
                _text("Name", "emergency_name", Row.emergency_name, max_length=80),
                _text("Phone number", "emergency_phone", Row.emergency_phone, type="tel", max_length=40),
                _text(
                    "How you are related",
                    "emergency_relationship",
                    Row.emergency_relationship,
                    max_length=80,
                    wide=True,
                ),
            ),
        ),
        _setting(
            "messages",
            "Messages",
            rx.el.div(
                ui.switch("Text messages", "wants_sms", checked=Row.wants_sms, note=SMS_WORDING),
                ui.rule(),
                ui.switch("Email", "wants_email", checked=Row.wants_email, note=EMAIL_WORDING),
                ui.rule(),
                ui.select_field(
                    "Language of messages", "language", list(LANGUAGES.items()), default_value=Row.language
                ),
                class_name="stack",
            ),
            note="Turning both off means no reminders before your visits. Codes that you ask for are always sent.",
        ),
        _setting(
            "carrier",
            "Carrier and prescriptions",
            ui.fields(
                _text("Insurance carrier", "carrier_name", Row.carrier_name, max_length=80),
                _text("Member number", "carrier_member_id", Row.carrier_member_id, max_length=80),
                _text("Pharmacy", "pharmacy_name", Row.pharmacy_name, max_length=80),
                _text("Pharmacy's phone", "pharmacy_phone", Row.pharmacy_phone, type="tel", max_length=40),
            ),
        ),
        SaveRow.create(
            ui.button("Save", kind="primary", type="submit", loading=State.busy, loading_text="Saving"),
            clean="Everything is saved",
            class_name="saverow",
        ),
        class_name="stack stack--5",
        on_submit=State.save,
        no_validate=True,
        key=f"profile-{State.epoch}",
    )


def _outside_the_form() -> rx.Component:
    """What takes effect at once."""
    return ui.stack(
        _setting("appearance", "Appearance", ui.appearance(State.appear)),
        _setting(
            "devices",
            "Devices",
            rx.el.div(
                rx.el.ul(rx.foreach(State.devices, _device), class_name="rows rows--tight"),
                ui.button("Log out of all devices", icon_name="log-out", on_click=State.ask_all),
                class_name="stack",
            ),
            note="Where you are logged in now. A device that you do not know? Log it out and call us.",
        ),
        _setting(
            "record-access",
            "Who opened my record",
            rx.el.p(ui.button_link("See who opened it", href=routes.RECORD_ACCESS, icon_name="eye")),
            note="Who at the practice looked at your record, when, and what they saw.",
        ),
        gap="1.25rem",
        class_name="profilemore",
    )


def _setting(name: str, title: str, control: Child, note: str = "") -> rx.Component:
    about = [rx.el.h2(title, class_name="title2", custom_attrs={"id": f"set-{name}"})]
    if note:
        about.append(rx.el.p(note, class_name="row__meta"))
    return rx.el.section(
        rx.el.div(*about), control, class_name="card setrow", custom_attrs={"aria-labelledby": f"set-{name}"}
    )


def _contact(control: rx.Component, channel: str, proved: Any) -> rx.Component:
    """A contact, and the way to confirm it where nobody has proved it yet."""
    ask = rx.el.p(
        "Not confirmed yet. ",
        ui.link_button("Send a code to confirm it", on_click=State.prove(channel), class_name="link--inline"),
        class_name="field__hint",
    )
    return rx.el.div(control, rx.cond(proved, rx.fragment(), ask))


def _device(device: DeviceRow) -> rx.Component:
    pictured = rx.cond(device.handheld, ui.icon("smartphone"), ui.icon("laptop"))
    out = ui.button("Log out", small=True, on_click=State.sign_out_device(device.id), label=f"Log out {device.name}")
    return rx.el.li(
        rx.el.div(
            rx.el.span(pictured, class_name="row__ico"),
            rx.el.span(
                rx.el.span(device.name, class_name="row__title"),
                rx.el.span(device.last_used, class_name="row__meta"),
                class_name="row__body",
            ),
            rx.cond(device.here, ui.pill("This device", tone="ok", icon_name="circle-check"), out),
            class_name="row",
        )
    )


def _proof() -> rx.Component:
    """The code for a new contact."""
    title = rx.cond(State.proving == "phone", "Confirm your phone number", "Confirm your email address")
    return ui.dialog(
        title,
        ui.stack(
            rx.el.p(
                "We sent 6 digits to ",
                rx.el.b(State.masked, class_name="strong ink"),
                ". They work for 10 minutes.",
                class_name="muted",
            ),
            ui.otp(error=_error("code"), on_complete=State.enter_code, attempt=State.attempt, focus=True),
            ui.cluster(
                ui.button(
                    "Resend", kind="quiet", disabled=~State.may_resend, on_click=State.resend, class_name="flush"
                ),
                ui.countdown(State.resend_seconds, key=State.attempt, on_done=State.resend_ready),
                gap=".25rem",
            ),
        ),
        open=State.proving != "",
        id="proof",
        actions=[ui.button("Keep my old one", kind="quiet", on_click=State.stop_proving)],
        on_close=State.stop_proving,
        width="28rem",
    )


def _ask_all() -> rx.Component:
    return ui.confirm(
        "Log out of all devices?",
        "You are logged out everywhere, here too. To come back, log in with a new code.",
        open=State.asking_all,
        id="all-devices",
        action=ui.button("Log out of all devices", kind="primary", on_click=State.sign_out_everywhere),
        keep="Stay logged in",
        on_close=State.keep_all,
    )


def _text(label: str, name: str, value: Text, **props: Any) -> rx.Component:
    return ui.text_field(label, name, default_value=value, error=_error(name), **props)


def _error(name: str) -> rx.Var[str]:
    return State.errors.get(name, "").to(str)
