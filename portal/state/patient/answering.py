"""What happens to an answer between the screen and the service: in the thread, with the questions at hand."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from portal.domain import questionnaire
from portal.domain.questionnaire import CHOSEN, Kind, Value
from portal.errors import NotFound
from portal.queries import filling as queries
from portal.queries.filling import Filling
from portal.queries.filling_page import FillingPage, filling_page
from portal.services import filling, paperwork, photos
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page for the screen with what the screen does not need: answers and revisions, and what is missing or wrong.

    `revision` is that of the answer that was just kept.
    """

    page: FillingPage
    values: Mapping[str, Value]
    revisions: Mapping[str, int]
    problems: Mapping[str, str]
    revision: int = 0


def opened(work: Work, form_id: UUID, place: str) -> Sheet:
    """Open a questionnaire; that is put on record."""
    return _sheet(work, filling.open_form(work, form_id), place)


def as_it_is(work: Work, form_id: UUID, place: str) -> Sheet:
    """A questionnaire as it stands now; nothing is recorded."""
    return _sheet(work, queries.filling(work, form_id), place)


def written(work: Work, form_id: UUID, place: str, link_id: str, words: str, seen: Value, based_on: int) -> Sheet:
    """Keep what was typed: the answer itself, or the words beside the options of an open choice."""
    item = queries.question(work, form_id, link_id)
    value: object = words
    if item is not None and item.kind is Kind.OPEN_CHOICE:
        beside = questionnaire.chosen(item, seen) if item.many or not words.strip() else []
        alone = any(option.exclusive for option in item.options if option.code in beside)
        value = {"chosen": [] if alone and words.strip() else beside, "other": words}
    return kept(work, form_id, place, link_id, value, based_on)


def chosen(
    work: Work, form_id: UUID, place: str, link_id: str, code: str, seen: Value, on: bool, based_on: int
) -> Sheet:
    """Keep a choice that was pressed; of several it is added or taken away. Said twice it is the same."""
    item = queries.question(work, form_id, link_id)
    if item is None:
        raise NotFound
    value: object = code if on else None
    if item.kind in CHOSEN and item.option(code) is not None:
        value = seen if (code in questionnaire.chosen(item, seen)) == on else questionnaire.toggle(item, seen, code)
    return kept(work, form_id, place, link_id, value, based_on)


def kept(work: Work, form_id: UUID, place: str, link_id: str, value: object, based_on: int) -> Sheet:
    """Keep an answer; the page as it is then."""
    saved = filling.save_answer(work, form_id, link_id, value, based_on)
    return replace(as_it_is(work, form_id, place), revision=saved.revision)


def photo_removed(work: Work, form_id: UUID, place: str, photo_id: UUID) -> Sheet:
    """Take a photograph away; the page as it is then."""
    photos.remove(work, photo_id)
    return as_it_is(work, form_id, place)


def in_words(work: Work, form_id: UUID, link_id: str, value: Any) -> str:
    """An answer as it is read."""
    item = queries.question(work, form_id, link_id)
    return questionnaire.say(item, value) if item is not None else ""


def places(work: Work, form_id: UUID) -> list[str]:
    """The pages that are asked, in order."""
    return [page.link_id for page in queries.filling(work, form_id).pages]


def _sheet(work: Work, found: Filling, place: str) -> Sheet:
    page = filling_page(found, place, paperwork.replacement(work, found.form.id))
    asked = {question.link_id for question in page.questions}
    answers = {link_id: answer for link_id, answer in found.answers.items() if link_id in asked}
    return Sheet(
        page,
        {link_id: answer.value for link_id, answer in answers.items()},
        {link_id: answer.revision for link_id, answer in answers.items()},
        found.problems if found.may_fill else {},
    )
