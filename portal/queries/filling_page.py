"""A questionnaire as it stands on the screen: one page of questions, the review, or what was submitted."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import dates, routes
from portal.domain import paperwork, questionnaire
from portal.domain.paperwork import FormStatus, SignerRole
from portal.domain.questionnaire import Item, Kind, Line, Value
from portal.queries.filling import Answer, Filling
from portal.queries.forms import Form

REVIEW = "review"
_MERGED = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_INPUT_MODES = {Kind.INTEGER: "numeric", Kind.DECIMAL: "decimal"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that is offered, and whether it is chosen."""

    code: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph in an answer, whole and small; `label` says which one it is."""

    id: str
    href: str
    small_href: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """One item of the page. `shape` is how it is asked: display, one, many, line, area, photos or signature.

    `note` says when it was saved or where it comes from, `known` that it stands there without being saved yet.
    What is typed here rests upon `revision`.
    """

    link_id: str
    number: str
    shape: str
    text: str
    help: str = ""
    extra: str = ""
    required: bool = False
    short: bool = False
    scale: bool = False
    choices: tuple[Choice, ...] = ()
    open: bool = False
    value: str = ""
    unit: str = ""
    input_mode: str = "text"
    placeholder: str = ""
    longest: int = 255
    photos: tuple[Photo, ...] = ()
    room: bool = False
    note: str = ""
    known: bool = False
    revision: int = 0


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
        questions=tuple(_questions(found, pages[number])) if asks else (),
        parts=() if asks else tuple(_part(section.link_id, section.title, section.lines) for section in found.sections),
        saved=f"Saved at {dates.clock_time(found.saved_at, form.zone, form.locale)}" if found.saved_at else "",
        status=paperwork.label(form.kind, form.status),
        submitted=_submitted(found),
        sha256=found.sha256,
        pdf_href=routes.form_pdf(str(form.id)),
        photos_href=routes.photos_of(str(form.id)),
        fresh_href=routes.questionnaire(str(fresh)) if fresh else "",
    )


def typed(item: Item, value: Value) -> str:
    """What stands in a field for a typed answer; of an open choice, the words beside the options."""
    if item.kind is Kind.OPEN_CHOICE:
        return questionnaire.other(value)
    if item.kind is Kind.DATE and (day := _day(value)):
        return day
    return value if isinstance(value, str) else ""


def _day(value: Value) -> str:
    """A date as it is typed here: 03/14/1988."""
    parts = value.split("-") if isinstance(value, str) else []
    return f"{parts[1]}/{parts[2]}/{parts[0]}" if len(parts) == 3 and all(map(str.isdigit, parts)) else ""


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


def _questions(found: Filling, page: Item) -> list[Question]:
    shown: list[Question] = []
    number = 0
    for item in page.walk():
        if item is page or item.link_id not in found.visible:
            continue
        number += item.asks
        answer = found.answers.get(item.link_id, Answer(None, 0))
        shown.append(_question(found.form, item, answer, str(number) if item.asks else ""))
    return shown


def _question(form: Form, item: Item, answer: Answer, number: str) -> Question:
    value = answer.value
    photos = _photos(value) if item.kind is Kind.ATTACHMENT else ()
    return Question(
        link_id=item.link_id,
        number=number,
        shape=_shape(item),
        text=item.text,
        help=item.help,
        extra=_extra(item),
        required=item.required,
        short=_short(item),
        scale=item.kind is Kind.SCALE,
        choices=_choices(item, value),
        open=item.kind is Kind.OPEN_CHOICE,
        value=questionnaire.say(item, value) if item.kind is Kind.SIGNATURE else typed(item, value),
        unit=item.unit,
        input_mode=_INPUT_MODES.get(item.kind, "text"),
        placeholder="MM/DD/YYYY" if item.kind is Kind.DATE else "",
        longest=item.longest,
        photos=photos,
        room=item.kind is Kind.ATTACHMENT and len(photos) < item.photos,
        note=_note(form, answer),
        known=answer.prefilled,
        revision=answer.revision,
    )


def _shape(item: Item) -> str:
    match item.kind:
        case Kind.GROUP | Kind.DISPLAY:
            return "display" if item.kind is Kind.DISPLAY else "group"
        case Kind.BOOLEAN | Kind.SCALE:
            return "one"
        case Kind.CHOICE | Kind.OPEN_CHOICE:
            return "many" if item.many else "one"
        case Kind.TEXT:
            return "area"
        case Kind.ATTACHMENT:
            return "photos"
        case Kind.SIGNATURE:
            return "signature"
        case _:
            return "line"


def _choices(item: Item, value: Value) -> tuple[Choice, ...]:
    if item.kind is Kind.BOOLEAN:
        return (Choice("true", "Yes", value is True), Choice("false", "No", value is False))
    if item.kind is Kind.SCALE and item.least is not None and item.most is not None:
        steps = range(int(item.least), int(item.most) + 1)
        return tuple(Choice(str(step), str(step), value == step and value is not True) for step in steps)
    codes = questionnaire.chosen(item, value)
    return tuple(Choice(option.code, option.label, option.code in codes) for option in item.options)


def _short(item: Item) -> bool:
    """Whether the answers stand beside one another."""
    few = len(item.options) <= 3 and all(len(option.label) <= 12 for option in item.options)
    return item.kind in {Kind.BOOLEAN, Kind.SCALE} or (item.kind is Kind.CHOICE and not item.many and few)


def _extra(item: Item) -> str:
    """What stands small beside the question."""
    if item.kind is Kind.SCALE:
        ends = (item.least, item.least_label), (item.most, item.most_label)
        said = ", ".join(f"{step:f} is {words}" for step, words in ends if step is not None and words)
        return ". ".join(filter(None, (said, "" if item.required else "Optional")))
    words = ["Choose all that apply"] * item.many + ["Optional"] * (item.asks and not item.required)
    return ", ".join(words)


def _note(form: Form, answer: Answer) -> str:
    if answer.prefilled:
        return "From what we have on record. Please check it."
    return _saved(form, answer.saved_at) if answer.saved_at and answer.value is not None else ""


def _saved(form: Form, at: datetime) -> str:
    return f"Saved at {dates.clock_time(at, form.zone, form.locale)}"


def _photos(value: Value | tuple[str, ...]) -> tuple[Photo, ...]:
    ids = list(value) if isinstance(value, list | tuple) else []
    return tuple(
        Photo(one, routes.photo(one), routes.small_photo(one), f"Photograph {number}")
        for number, one in enumerate(ids, 1)
    )


def _part(link_id: str, title: str, lines: list[Line]) -> Part:
    told = tuple(Told(line.question, line.answer, line.answered, _photos(line.photos)) for line in lines)
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
