"""Pages to read, open to everybody: help, the privacy notice, the terms."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import reading_page
from portal.state.practice import PracticeState
from portal.state.public.texts import Block, Line, Question, Run, Section, TextState, sections
from portal.state.session import SessionState


def help_page() -> rx.Component:
    """The page at /help: the FAQ's questions by feature."""
    shown = sections(frozenset(item.label for item in routes.MENU))
    contents = rx.el.nav(
        rx.el.ul(*(rx.el.li(ui.anchor(section.title, href=f"#{section.id}", class_name="link")) for section in shown)),
        class_name="helpnav",
        custom_attrs={"aria-label": "Questions by subject"},
    )
    return reading_page("Help", contents, *map(_section, shown), _contacts())


def privacy() -> rx.Component:
    """The page at /privacy."""
    return reading_page("Notice of Privacy Practices", _text("privacy"))


def terms() -> rx.Component:
    """The page at /terms."""
    return reading_page("Terms of Use", _text("terms"))


def not_found() -> rx.Component:
    """What stands at every address that is not a page."""
    home = rx.cond(
        SessionState.signed_in,
        ui.button_link("Dashboard", href=routes.DASHBOARD, kind="primary"),
        ui.button_link("Log in", href=routes.LOGIN, kind="primary"),
    )
    words = "It may have moved, or the link may be incomplete. Nothing is lost."
    return reading_page("Page not found", ui.empty_state("file-text", "There is no page at this address", words, home))


def _section(section: Section) -> rx.Component:
    return rx.el.section(
        rx.el.h2(section.title, class_name="title1", custom_attrs={"id": section.id, "tabIndex": -1}),
        *map(_question, section.questions),
        class_name="helpsection",
        custom_attrs={"aria-labelledby": section.id},
    )


def _question(question: Question) -> rx.Component:
    points = [rx.el.li(_filled(point)) for point in question.points]
    listed = (rx.el.ol if question.ordered else rx.el.ul)(*points) if points else None
    call = [rx.el.p("Call us: ", ui.phone_link(PracticeState.phone, PracticeState.phone_href))] if question.call else []
    return rx.el.details(
        rx.el.summary(rx.el.h3(question.asked, class_name="title3"), ui.icon("chevron-down")),
        rx.el.div(
            *([rx.el.p(_filled(question.words))] if question.words else []),
            *([listed] if listed is not None else []),
            *([rx.el.p(_filled(question.closing))] if question.closing else []),
            *call,
            class_name="prose",
        ),
        class_name="faq",
    )


def _filled(words: str) -> Any:
    """The practice's name and the address that codes come from, where the answer names them."""
    for mark, known in (("{practice}", PracticeState.name), ("{sender}", PracticeState.sender)):
        before, found, after = words.partition(mark)
        if found:
            return rx.fragment(before, known, after)
    return words


def _contacts() -> rx.Component:
    return rx.el.section(
        rx.el.h2(PracticeState.name, class_name="title2"),
        rx.el.p(
            ui.phone_link(PracticeState.phone, PracticeState.phone_href),
            rx.cond(PracticeState.email != "", rx.fragment(rx.el.br(), _mail())),
            rx.cond(PracticeState.website != "", rx.fragment(rx.el.br(), _website())),
        ),
        rx.el.div(rx.foreach(PracticeState.clinics, _clinic), class_name="clinics"),
        rx.el.p("Our codes and messages come from ", rx.el.b(PracticeState.sender), ".", class_name="muted sm"),
        class_name="card",
    )


def _mail() -> rx.Component:
    return ui.anchor(PracticeState.email, href=f"mailto:{PracticeState.email}", class_name="link")


def _website() -> rx.Component:
    return ui.anchor(PracticeState.website_name, href=PracticeState.website, class_name="link", new_tab=True)


def _clinic(clinic: Any) -> rx.Component:
    """One location: where it is, its telephone, when it is open."""

    def line(words: Any) -> rx.Component:
        return rx.fragment(words, rx.el.br())

    return rx.el.address(
        rx.el.h3(clinic.name, class_name="title3"),
        rx.foreach(clinic.address_lines, line),
        ui.phone_link(clinic.phone, clinic.phone_href),
        rx.el.p(rx.foreach(clinic.hours, line), class_name="muted sm"),
    )


def _text(name: str) -> rx.Component:
    body = rx.el.article(
        rx.foreach(TextState.blocks, _block),
        rx.cond(TextState.version != "", rx.el.p("Version ", TextState.version, class_name="muted sm")),
        class_name="prose",
    )
    waiting = ui.loading("Loading", ui.skeleton(), ui.skeleton(), ui.skeleton(width="70%"))
    return rx.cond(TextState.shown == name, body, waiting)


def _block(block: Block) -> rx.Component:
    return rx.match(
        block.kind,
        ("heading", rx.el.h2(rx.foreach(block.lines, _line), class_name="title2")),
        ("list", rx.el.ul(rx.foreach(block.lines, lambda line: rx.el.li(_line(line))))),
        rx.el.p(rx.foreach(block.lines, _line)),
    )


def _line(line: Line) -> rx.Component:
    return rx.fragment(rx.foreach(line.runs, _run))


def _run(run: Run) -> rx.Component:
    return rx.cond(run.strong, rx.el.strong(run.text), rx.fragment(run.text))
