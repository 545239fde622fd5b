"""One questionnaire: filled page by page, reviewed, submitted, and read once it is."""

from typing import Any

import reflex as rx

from portal import routes
from portal.components import ui
from portal.components.layout import focused_page
from portal.components.ui.jump import jump_link
from portal.components.ui.kit import inline
from portal.components.ui.place import kept_place
from portal.pages.patient.questionnaire_marks import photo
from portal.pages.patient.questionnaire_parts import question
from portal.state.patient.questionnaire import SUMMARY, TITLE
from portal.state.patient.questionnaire import QuestionnaireState as State
from portal.state.practice import PracticeState

BACK = (routes.TASK_MANAGEMENT, "Task Management")
STATUSES = ("Not Filled", "Filled", "Void")


def questionnaire() -> rx.Component:
    """The page at /questionnaire/[form_id]."""
    shown = rx.match(
        State.page.state,
        ("fill", _page()),
        ("review", _review()),
        ("void", _void()),
        ("wait", _wait()),
        _filled(),
    )
    return focused_page(
        BACK,
        _bar(),
        rx.cond(State.loading, _skeleton(), rx.cond(State.missing, _missing(), rx.fragment(_head(), shown))),
        actions=[_left(), _right()],
        tool=_tool(),
    )


def _is(*states: str) -> rx.Var[bool]:
    found = State.page.state == states[0]
    for state in states[1:]:
        found = found | (State.page.state == state)
    return rx.cond(State.page, found, False).to(bool)  # noqa: FBT003  # what it is otherwise


def _bar() -> rx.Var[str]:
    where = rx.match(
        State.page.state,
        ("fill", f"Step {State.page.step} of {State.page.steps}"),
        ("review", "Review"),
        State.page.name,
    )
    return rx.cond(State.page, where, "Questionnaire").to(str)


def _tool() -> rx.Component:
    """At the right: that it is saved while it is filled, the document once it is."""
    download = ui.download_link(State.page.pdf_href, f"Download {State.page.name}")
    saved = rx.el.div(
        rx.cond(State.page.saved != "", ui.saved("Saved"), rx.el.span()),
        rx.el.span("Saving", class_name="qsaving"),
        rx.el.span("Not saved yet", class_name="qlate"),
        class_name="qsaved",
    )
    return rx.cond(State.page, rx.cond(_is("fill", "review"), saved, download), rx.el.span())


def _skeleton() -> rx.Component:
    lines = [ui.skeleton(width=width) for width in ("60%", "90%", "100%", "100%", "80%")]
    return rx.fragment(
        rx.el.h1("Loading your questionnaire", class_name="vh"), ui.loading("Loading your questionnaire", *lines)
    )


def _missing() -> rx.Component:
    return rx.fragment(
        rx.el.h1("Questionnaire", class_name="vh"),
        ui.empty_state(
            "clipboard-list",
            "We could not find this questionnaire",
            "It may have been moved or removed. All your forms are in Task Management.",
        ),
    )


def _head() -> rx.Component:
    """How far one is or what became of it, and the heading: one element through all steps, that can be gone to."""
    progress = ui.progress("Questionnaire progress", State.page.step, State.page.steps)
    status = rx.el.p(ui.status_pill(State.page.status, only=STATUSES), class_name="doc__status")
    return rx.fragment(
        kept_place(State.page.place),
        rx.cond(_is("fill", "review"), rx.el.div(progress, class_name="qprog"), status),
        rx.el.h1(State.page.title, class_name="display", id=TITLE, tab_index=-1),
    )


def _page() -> rx.Component:
    """One section of questions."""
    return rx.fragment(
        rx.el.p(State.page.about, class_name="muted"),
        rx.cond(State.page.intro != "", rx.el.p(State.page.intro, class_name="measure qintro")),
        _summary(),
        rx.el.div(rx.foreach(State.page.questions, question), class_name="qs"),
    )


def _summary() -> rx.Component:
    """What still needs an answer, with ways there."""

    def way(one: Any) -> rx.Component:
        return jump_link(f"Go to question {one[1]}", f"q-{one[0]}", class_name="nowrap link")

    number = State.wrong.length()
    words = rx.cond(number == 1, "1 question still needs an answer.", f"{number} questions still need an answer.")
    banner = ui.banner(
        words.to(str), rx.el.span(rx.foreach(State.wrong, way), class_name="cluster"), tone="danger", announce="alert"
    )
    return rx.el.div(rx.cond(number > 0, banner), id=SUMMARY, tab_index=-1, class_name="qlacks")


def _part(part: Any) -> rx.Component:
    def line(told: Any) -> rx.Component:
        answer = rx.cond(told.answered, told.answer, rx.el.span(told.answer, class_name="faint"))
        photos = rx.el.div(rx.foreach(told.photos, photo), class_name="qphotos")
        return rx.el.div(
            rx.el.dt(told.question),
            rx.el.dd(answer, rx.cond(told.photos.to(list[Any]).length() > 0, photos)),
            class_name="told",
        )

    edit = ui.button("Edit", small=True, label=f"Edit {part.title}", on_click=State.edit(part.link_id))
    return rx.el.section(
        rx.el.div(rx.el.h2(part.title, class_name="title2"), rx.cond(_is("review"), edit), class_name="told__head"),
        rx.el.dl(rx.foreach(part.lines, line), class_name="tolds"),
        class_name="card",
        key=part.link_id,
    )


def _parts() -> rx.Component:
    return ui.stack(rx.foreach(State.page.parts, _part), gap="1.25rem")


def _review() -> rx.Component:
    return rx.fragment(
        rx.el.p(State.page.about, class_name="muted"),
        rx.el.p(
            "Please read it once more. After you submit it, it cannot be edited.",
            class_name="muted",
            custom_attrs=inline(margin_bottom="1.25rem"),
        ),
        _parts(),
    )


def _filled() -> rx.Component:
    return rx.fragment(
        rx.el.p(State.page.submitted, class_name="muted", custom_attrs=inline(margin_bottom="1.25rem")),
        _parts(),
        rx.el.p(
            "It cannot be edited now that it is submitted. If something is wrong, call ",
            ui.phone_link(PracticeState.phone, PracticeState.phone_href),
            " and we will reset it for you.",
            class_name="sm faint measure",
            custom_attrs=inline(margin_top="1.25rem"),
        ),
    )


def _void() -> rx.Component:
    fresh = rx.cond(
        State.page.fresh_href != "",
        rx.fragment("A new one waits for you; it begins with your answers."),
        rx.fragment("You need not fill it any more."),
    )
    typed = rx.el.div(
        rx.el.p("What you typed last was not added. You can copy it:", class_name="field__label"),
        rx.foreach(State.unsaved, lambda words: rx.el.p(words, class_name="well measure")),
    )
    return ui.stack(
        ui.banner(
            "The practice has withdrawn this questionnaire.", "Your answers are kept. ", fresh, announce="status"
        ),
        rx.cond(State.unsaved.length() > 0, typed),
        _parts(),
        gap="1.25rem",
        class_name="qstands",
    )


def _wait() -> rx.Component:
    words = "It has to be filled by the person who may sign for this patient. What is answered so far is below."
    return ui.stack(
        ui.banner("You cannot fill this questionnaire.", words), _parts(), gap="1.25rem", class_name="qstands"
    )


def _left() -> rx.Component:
    """Back: to the page before, and from the first one to the list."""
    to_list = ui.button_link("Task Management", href=routes.TASK_MANAGEMENT, kind="quiet")
    back = ui.button("Back", kind="quiet", on_click=State.go_back)
    first = _is("fill") & (State.page.step == 1)
    return rx.cond(_is("fill", "review") & ~first, back, to_list)


def _right() -> rx.Component:
    last = State.page.step == State.page.steps
    go_on = ui.button(rx.cond(last, "Review", "Continue"), kind="primary", on_click=State.go_on)
    submit = ui.button(
        "Submit", kind="primary", on_click=State.submit, loading=State.busy, loading_text="Submitting your answers"
    )
    fresh = ui.button_link("Continue with the new one", href=State.page.fresh_href, kind="primary")
    other = rx.cond(_is("void") & (State.page.fresh_href != ""), fresh, rx.el.span())
    return rx.cond(_is("fill"), go_on, rx.cond(_is("review"), submit, other))
