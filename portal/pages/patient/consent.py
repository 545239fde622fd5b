"""One consent, to read: real text, the signatures under it, and the way to sign."""

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import focused_page
from portal.components.ui.kit import inline
from portal.pages.patient.end_of_text import EndOfText
from portal.state.patient.consent import ConsentState as State
from portal.state.practice import PracticeState

STATUSES = ("Not Signed", "Witness Signature Required", "Signed", "Void")
SIGNATURES = ("Signed", "Witness Signature Required")
BACK = (routes.TASK_MANAGEMENT, "Task Management")


def consent() -> rx.Component:
    """The page at /consent/[form_id]."""
    return focused_page(
        BACK,
        title(),
        paper(EndOfText.create(on_reached=State.reached_end)),
        actions=[_left(), _right()],
        tool=download(),
    )


def title() -> rx.Component:
    """The form's name in the bar."""
    return rx.cond(State.shown, State.shown.name, "Consent")


def download() -> rx.Component:
    """The PDF, in the bar."""
    return rx.cond(State.shown, ui.download_link(State.shown.pdf_href, f"Download {State.shown.name}"), rx.el.span())


def paper(*after_text: rx.Component) -> rx.Component:
    """The sheet of paper: skeleton, then the text, or that there is no such form."""
    return sheet(text(), *after_text, signatures())


def sheet(*inside: rx.Component) -> rx.Component:
    """A sheet of paper headed by the form's name, once it is there."""
    article = rx.el.article(_head(), *inside, class_name="sheetpaper")
    return rx.cond(State.loading, _skeleton(), rx.cond(State.missing, _missing(), article))


def _skeleton() -> rx.Component:
    lines = [ui.skeleton(width=width) for width in ("30%", "70%", "100%", "96%", "100%", "60%", "100%", "88%")]
    return rx.el.div(
        rx.el.h1("Loading your consent", class_name="vh"),
        ui.loading("Loading your consent", *lines),
        class_name="sheetpaper",
    )


def _missing() -> rx.Component:
    words = "It may have been moved or removed. All your forms are in Task Management."
    back = ui.button_link("Task Management", href=routes.TASK_MANAGEMENT, kind="primary")
    return rx.fragment(
        rx.el.h1("Form not found", class_name="vh"),
        ui.empty_state("file-text", "We could not find that form", words, back),
    )


def _head() -> rx.Component:
    return rx.el.header(
        rx.el.p(ui.status_pill(State.shown.status, only=STATUSES)),
        rx.el.h1(State.shown.name, class_name="display"),
        rx.el.p(State.shown.about, class_name="muted"),
        class_name="paperhead",
    )


def text() -> rx.Component:
    """The text of the consent. The server sanitised it: it holds the tags of a plain document and nothing else."""
    return rx.html(State.shown.html, class_name="prose")


def signatures(**style: str) -> rx.Component:
    """A block for everybody who signed and everybody who still has to."""
    return rx.el.section(
        rx.foreach(State.shown.lines, _signature),
        rx.cond(State.shown.can_sign, _date_to_come()),
        class_name="sigblocks",
        custom_attrs={"aria-label": "Signatures"} | inline(**style),
    )


def _date_to_come() -> rx.Component:
    return rx.el.div(
        rx.el.p(class_name="sigblock__line sigblock__line--short"),
        rx.el.p("Date", class_name="strong"),
        rx.el.p("Added when you sign", class_name="row__meta"),
        class_name="sigblock",
    )


def _signature(line: rx.Var) -> rx.Component:
    drawn = ui.signature_ink(line.ink, line.view_box, f"Signature of {line.name}")
    mark = rx.cond(line.ink != "", drawn, rx.el.span(line.typed, class_name="typed"))
    empty = rx.el.p(class_name="sigblock__line")
    waiting = rx.el.div(ui.icon("pen-line"), class_name="sigblock__line is-open")
    signed = (line.ink != "") | (line.typed != "")
    return rx.el.div(
        rx.cond(signed, rx.el.div(mark, class_name="sigblock__line"), rx.cond(line.waiting, waiting, empty)),
        rx.el.p(line.name, class_name="strong"),
        rx.el.p(line.role, class_name="row__meta"),
        rx.cond(line.date != "", rx.el.p(line.date, class_name="row__meta")),
        rx.cond(line.option != "", rx.el.p("Chosen: ", rx.el.b(line.option), class_name="row__meta")),
        rx.cond(
            line.status != "",
            rx.el.p(ui.status_pill(line.status, only=SIGNATURES), custom_attrs=inline(margin_top=".5rem")),
        ),
        class_name="sigblock",
    )


def _left() -> rx.Component:
    """How long the reading takes, why the person cannot sign, or that nothing is left to do."""
    call = rx.fragment(
        State.shown.why_not, " Questions? ", ui.phone_link(PracticeState.phone, PracticeState.phone_href)
    )
    reading = rx.cond(State.read_to_end, "You have read to the end", f"{State.shown.minutes} minute read")
    words = rx.cond(State.shown.can_sign, reading, rx.cond(State.shown.why_not != "", call, State.shown.stands))
    leave = ui.button_link("Leave for check-in", href=routes.TASK_MANAGEMENT, kind="quiet")
    left = rx.cond(State.shown.can_witness, leave, rx.el.p(words, class_name="sm muted"))
    progress = rx.cond(State.shown.can_sign, rx.el.span(class_name="readbar", aria_hidden="true"))
    return rx.cond(State.shown, rx.fragment(progress, left), rx.el.span())


def _right() -> rx.Component:
    sign = ui.button_link("Sign", href=State.shown.sign_href, kind="primary", icon_name="signature")
    witness = ui.button_link("Add a witness", href=State.shown.witness_href, kind="primary", icon_name="users-round")
    fresh = ui.button_link("Open the new form", href=State.shown.fresh_href, kind="primary")
    save = ui.download_link(
        State.shown.pdf_href,
        f"Download PDF, {State.shown.name}",
        ui.icon("download"),
        "Download PDF",
        class_name="btn btn--primary",
    )
    rest = rx.cond(State.shown.can_witness, witness, rx.cond(State.shown.fresh_href != "", fresh, save))
    return rx.cond(State.shown, rx.cond(State.shown.can_sign, sign, rest), rx.el.span())
