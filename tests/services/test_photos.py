"""Photographs in a questionnaire: whose they are, how many there may be, and until when."""

from uuid import UUID

import pytest

from portal.clock import FixedClock
from portal.errors import Conflict, NotFound
from portal.queries import filling as reading
from portal.services import paperwork, photos
from portal.services.photos import Stored
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic
from tests.support.questions import fill, submit, to_fill

PICTURE = Stored("ab" * 32, "image/jpeg", 1234, 60, 40)


def add(open_as: OpenAs, who: Actor, form_id: UUID, link_id: str = "photo") -> UUID:
    """One more photograph."""
    with open_as(who) as work:
        return photos.add(work, form_id, link_id, PICTURE)


def test_a_photograph_is_an_answer_until_it_is_removed(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    photo_id = add(open_as, clinic.amelia, form_id)
    with open_as(clinic.amelia, write=False) as work:
        assert reading.filling(work, form_id).values["photo"] == [str(photo_id)]
        assert photos.seen(work, photo_id) == PICTURE
    with open_as(clinic.amelia) as work:
        photos.remove(work, photo_id)
    with open_as(clinic.amelia, write=False) as work:
        assert "photo" not in reading.filling(work, form_id).values
        with pytest.raises(NotFound):
            photos.seen(work, photo_id)
    with open_as(clinic.amelia) as work, pytest.raises(NotFound):
        photos.remove(work, photo_id)


def test_a_stranger_neither_adds_nor_sees_nor_removes(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    photo_id = add(open_as, clinic.amelia, form_id)
    with open_as(clinic.rosa) as work:
        with pytest.raises(NotFound):
            photos.seen(work, photo_id)
        with pytest.raises(NotFound):
            photos.remove(work, photo_id)
        with pytest.raises(NotFound):
            photos.add(work, form_id, "photo", PICTURE)


@pytest.mark.parametrize("link_id", ["name", "you", "nothing", ""])
def test_only_a_question_for_photographs_takes_one(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock, link_id: str
) -> None:
    form_id = to_fill(open_as, clinic)
    with pytest.raises(NotFound):
        add(open_as, clinic.amelia, form_id, link_id)


def test_there_are_no_more_than_are_asked_for(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    for _ in range(4):
        add(open_as, clinic.amelia, form_id)
    with pytest.raises(Conflict, match="4 photographs already"):
        add(open_as, clinic.amelia, form_id)


def test_what_was_submitted_keeps_its_photographs(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    photo_id = add(open_as, clinic.amelia, form_id)
    fill(open_as, clinic.amelia, form_id)
    submit(open_as, clinic.amelia, form_id)
    with pytest.raises(Conflict):
        add(open_as, clinic.amelia, form_id)
    with pytest.raises(Conflict), open_as(clinic.amelia) as work:
        photos.remove(work, photo_id)
    with open_as(clinic.amelia, write=False) as work:
        assert photos.seen(work, photo_id) == PICTURE


def test_a_withdrawn_form_takes_none(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    with open_as(SYSTEM) as work:
        paperwork.reset(work, form_id, "asked twice")
    with pytest.raises(Conflict):
        add(open_as, clinic.amelia, form_id)
