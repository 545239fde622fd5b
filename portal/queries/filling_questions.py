"""The questions of a page as they stand on the screen: how each is asked, and what is answered."""

from dataclasses import dataclass
from datetime import datetime

from portal import dates, routes
from portal.domain import questionnaire
from portal.domain.questionnaire import Item, Kind, Value
from portal.queries.filling import Answer, Filling
from portal.queries.forms import Form

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
    """One item of the page. `shape` is how it is asked: group, display, one, many, line, area, photos or signature.

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


def questions(found: Filling, page: Item) -> list[Question]:
    """What the page asks, as the answers stand."""
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
    photos = pictures(value) if item.kind is Kind.ATTACHMENT else ()
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
        value=questionnaire.say(item, value) if item.kind is Kind.SIGNATURE else _typed(item, value),
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


def _typed(item: Item, value: Value) -> str:
    """What stands in a field for a typed answer; of an open choice, the words beside the options."""
    if item.kind is Kind.OPEN_CHOICE:
        return questionnaire.other(value)
    if item.kind is Kind.DATE and (day := questionnaire.day(value)):
        return f"{day.month:02}/{day.day:02}/{day.year:04}"  # as it is typed here
    return value if isinstance(value, str) else ""


def _shape(item: Item) -> str:
    match item.kind:
        case Kind.GROUP | Kind.DISPLAY:
            return item.kind.value
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
    return saved(form, answer.saved_at) if answer.saved_at and answer.value is not None else ""


def saved(form: Form, at: datetime) -> str:
    """When an answer was kept, on the clock of the clinic."""
    return f"Saved at {dates.clock_time(at, form.zone, form.locale)}"


def pictures(value: Value | tuple[str, ...]) -> tuple[Photo, ...]:
    """The photographs of an answer, which is a list of their ids."""
    ids = list(value) if isinstance(value, list | tuple) else []
    return tuple(
        Photo(one, routes.photo(one), routes.small_photo(one), f"Photograph {number}")
        for number, one in enumerate(ids, 1)
    )
