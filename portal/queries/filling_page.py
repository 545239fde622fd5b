"""A questionnaire as it stands on the screen: one page of questions, the review, or what was submitted."""

import re
from dataclasses import dataclass
from uuid import UUID

from portal import dates, routes
from portal.domain import paperwork
from portal.domain.paperwork import FormStatus, SignerRole
from portal.domain.questionnaire import Line
from portal.queries.filling import Filling
from portal.queries.filling_questions import Photo, Question, pictures, questions, saved
from portal.queries.forms import Form

REVIEW = "review"
_MERGED = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Told:
    """A question and its answer in words."""

    question: str
    answer: str
    answered: bool
    photos: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section in words."""

    link_id: str
    title: str
    lines: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class FillingPage:
    """What is on the screen. `step` counts from 1; the review comes after the last one.

    `state` is fill, review, filled, void, or wait when someone else has to fill it. `sha256` is what is submitted.
    """

    form_id: str
    name: str
    state: str
    place: str
    title: str
    about: str
    intro: str
    step: int
    steps: int
    questions: tuple[Question, ...]
    parts: tuple[Part, ...]
    saved: str
    status: str
    submitted: str
    sha256: str
    pdf_href: str
    photos_href: str
    fresh_href: str


def filling_page(found: Filling, place: str, fresh: UUID | None = None) -> FillingPage:
    """The page `place` (the link id of a section, or `REVIEW`) of a questionnaire; where nothing is named or what is
    named is not asked, the first one that needs something. `fresh` is the form that took this one's place."""
    form = found.form
    pages = found.pages
    number = next((at for at, page in enumerate(pages) if page.link_id == place), None)
    if number is None:
        number = len(pages) if place == REVIEW else _resume(found)
    at_review = number >= len(pages)
    state = _state(found, at_review=at_review)
    asks = state == "fill"
    return FillingPage(
        form_id=str(form.id),
        name=form.name,
        state=state,
        place=REVIEW if at_review else pages[number].link_id,
        title=pages[number].text if asks else ("Review your answers" if state == "review" else form.name),
        about=_about(form) if state in {"fill", "review"} else "",
        intro=_intro(form) if asks and number == 0 else "",
        step=min(number + 1, len(pages)),
        steps=len(pages),
        questions=tuple(questions(found, pages[number])) if asks else (),
        parts=() if asks else tuple(_part(section.link_id, section.title, section.lines) for section in found.sections),
        saved=saved(form, found.saved_at) if found.saved_at else "",
        status=paperwork.label(form.kind, form.status),
        submitted=_submitted(found),
        sha256=found.sha256,
        pdf_href=routes.form_pdf(str(form.id)),
        photos_href=routes.photos_of(str(form.id)),
        fresh_href=routes.questionnaire(str(fresh)) if fresh else "",
    )


def _resume(found: Filling) -> int:
    """Where one goes on: the beginning when nothing was saved yet."""
    return found.page_of_first_problem() if found.saved_at else 0


def _state(found: Filling, *, at_review: bool) -> str:
    if found.form.status is FormStatus.VOID:
        return "void"
    if found.filled or found.form.status is not FormStatus.OPEN:
        return "filled"
    if not found.may_fill:
        return "wait"
    return "review" if at_review else "fill"


def _intro(form: Form) -> str:
    """The questionnaire's introduction as plain text, with the names filled in."""
    words = form.words()
    return _MERGED.sub(lambda found: words.get(found[1], ""), form.text)


def _about(form: Form) -> str:
    if form.visit_at is None:
        return form.name
    day = dates.weekday_and_date(dates.local_day(form.visit_at, form.zone), form.locale)
    return f"{form.name} for {form.service or 'your visit'} on {day}"


def _part(link_id: str, title: str, lines: list[Line]) -> Part:
    told = tuple(Told(line.question, line.answer, line.answered, pictures(line.photos)) for line in lines)
    return Part(link_id, title, told)


def _submitted(found: Filling) -> str:
    """By whom and when: "Submitted by Amelia Hart on November 20, 2026 at 9:14 AM."."""
    submission = found.submission
    if submission is None:
        return ""
    form = found.form
    at = submission.submitted_at
    day = dates.full_date(dates.local_day(at, form.zone), form.locale)
    who = submission.name
    if submission.role is not SignerRole.PATIENT and submission.relationship:
        who = f"{who} ({submission.relationship})"
    return f"Submitted by {who} on {day} at {dates.clock_time(at, form.zone, form.locale)}."
