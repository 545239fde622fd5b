"""Photographs in a questionnaire: whose they are, how many there may be, and until when."""

import threading
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col, func, select

from portal.clock import FixedClock
from portal.errors import Conflict, Denied, NotFound
from portal.models import AuditEvent, FormEvent, FormPhoto
from portal.queries import filling as reading
from portal.queries.paperwork import tasks
from portal.services import filling, paperwork, photos
from portal.services.photos import KEEP_REMOVED, KEEP_WITHDRAWN, Stored
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic
from tests.support.questions import fill, submit, to_fill

PICTURE = Stored("ab" * 32, "image/jpeg", 1234, 60, 40)


def add(
    open_as: OpenAs,
    who: Actor,
    form_id: UUID,
    link_id: str = "photo",
    picture: Stored = PICTURE,
    instead: UUID | None = None,
) -> UUID:
    """One more photograph."""
    with open_as(who) as work:
        photo_id = photos.announce(work, form_id, link_id, picture, instead)
    with open_as(who) as work:
        photos.add(work, photo_id, instead)
    return photo_id


def answer(open_as: OpenAs, who: Actor, form_id: UUID) -> object:
    """The photographs that are the answer."""
    with open_as(who, write=False) as work:
        return reading.filling(work, form_id).values.get("photo")


def forget(open_as: OpenAs) -> tuple[int, list[str]]:
    """What goes out of storage now."""
    with open_as(SYSTEM) as work:
        return photos.forget(work)


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


def test_a_photograph_alone_is_a_beginning(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    photo_id = add(open_as, clinic.amelia, form_id)
    assert "saved today at" in how_far(open_as, clinic.amelia)
    with open_as(clinic.amelia) as work:
        photos.remove(work, photo_id)
    assert "Not started yet" in how_far(open_as, clinic.amelia)


def test_a_stranger_neither_adds_nor_sees_nor_removes(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    photo_id = add(open_as, clinic.amelia, form_id)
    with open_as(clinic.rosa) as work:
        with pytest.raises(NotFound):
            photos.seen(work, photo_id)
        with pytest.raises(NotFound):
            photos.remove(work, photo_id)
        with pytest.raises(NotFound):
            photos.announce(work, form_id, "photo", PICTURE)
        with pytest.raises(NotFound):
            photos.add(work, photo_id)


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


def test_what_is_announced_is_no_answer_until_it_arrived(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    form_id = to_fill(open_as, clinic)
    with open_as(clinic.amelia) as work:
        photo_id = photos.announce(work, form_id, "photo", PICTURE)
        assert not work.db.exec(select(FormEvent.id).where(FormEvent.what == filling.SAVED)).all()
    assert answer(open_as, clinic.amelia, form_id) is None
    with open_as(clinic.amelia, write=False) as work, pytest.raises(NotFound):
        photos.seen(work, photo_id)
    with open_as(clinic.amelia) as work:
        photos.add(work, photo_id)
    assert answer(open_as, clinic.amelia, form_id) == [str(photo_id)]


def test_one_takes_the_place_of_another(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    first, *others = [add(open_as, clinic.amelia, form_id) for _ in range(4)]
    fresh = add(open_as, clinic.amelia, form_id, instead=first)
    assert answer(open_as, clinic.amelia, form_id) == [str(one) for one in (*others, fresh)]
    with pytest.raises(NotFound):  # it is gone already
        add(open_as, clinic.amelia, form_id, instead=first)
    other_form = to_fill(open_as, clinic)
    with pytest.raises(NotFound):  # it is in another form
        add(open_as, clinic.amelia, other_form, instead=fresh)
    with open_as(SYSTEM, write=False) as work:
        acts = work.db.exec(select(AuditEvent.action).where(col(AuditEvent.action).startswith("photo."))).all()
    assert sorted(acts) == ["photo.added"] * 5 + ["photo.removed"]


def test_too_many_at_once_are_not_taken(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    together, came = threading.Barrier(8), []

    def send() -> None:
        together.wait()
        try:
            came.append(add(open_as, clinic.amelia, form_id))
        except Conflict as refused:
            came.append(refused.sentence)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(isinstance(one, UUID) for one in came) == [False] * 4 + [True] * 4
    found = answer(open_as, clinic.amelia, form_id)
    assert isinstance(found, list)
    assert sorted(found) == sorted(str(one) for one in came if isinstance(one, UUID))


def test_replacing_and_removing_at_once_wait_for_one_another(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    first = add(open_as, clinic.amelia, form_id)

    def remove() -> None:
        with open_as(clinic.amelia) as work:
            photos.remove(work, first)

    with ThreadPoolExecutor(1) as pool:
        with open_as(clinic.amelia) as work:
            photos.expected(work, form_id, "photo")
            removing = pool.submit(remove)
            wait([removing], timeout=0.5)  # it waits for the form, and holds nothing meanwhile
            photos.expected(work, form_id, "photo", first)
        removing.result()
    assert answer(open_as, clinic.amelia, form_id) is None


def test_only_who_may_sign_for_her_adds_to_a_minors(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic, clinic.child)
    photo_id = add(open_as, clinic.guardian, form_id)
    assert photo_id
    with pytest.raises(Denied):
        add(open_as, clinic.child, form_id)


def test_what_was_taken_away_or_never_came_is_forgotten(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    kept, removed, shared = ("ab" * 32, "cd" * 32, "ef" * 32)
    add(open_as, clinic.amelia, form_id, picture=picture(kept))
    for sha256 in (removed, shared):
        photo_id = add(open_as, clinic.amelia, form_id, picture=picture(sha256))
        with open_as(clinic.amelia) as work:
            photos.remove(work, photo_id)
    add(open_as, clinic.amelia, form_id, picture=picture(shared))  # the same picture once more
    with open_as(clinic.amelia) as work:  # and then the power went
        photos.announce(work, form_id, "photo", picture("01" * 32))
    clock.advance(seconds=KEEP_REMOVED.total_seconds())
    assert forget(open_as) == (0, [])
    clock.at += timedelta(seconds=1)
    assert forget(open_as) == (3, ["01" * 32, removed])
    assert forget(open_as) == (0, [])
    with open_as(SYSTEM, write=False) as work:
        assert sorted(work.db.exec(select(FormPhoto.sha256)).all()) == sorted([kept, shared])


@pytest.mark.parametrize("filled", [True, False])
def test_a_withdrawn_form_keeps_what_was_submitted_and_no_more(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock, filled: bool
) -> None:
    form_id = to_fill(open_as, clinic)
    photo_id = add(open_as, clinic.amelia, form_id)
    if filled:
        fill(open_as, clinic.amelia, form_id)
        submit(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        paperwork.reset(work, form_id, "asked twice")
    clock.advance(seconds=KEEP_WITHDRAWN.total_seconds())
    assert forget(open_as) == (0, [])
    clock.at += timedelta(seconds=1)
    assert forget(open_as) == ((0, []) if filled else (1, [PICTURE.sha256]))
    with open_as(clinic.amelia, write=False) as work:
        assert work.db.exec(select(func.count()).select_from(FormPhoto)).one() == filled
        if filled:
            assert photos.seen(work, photo_id) == PICTURE


def how_far(open_as: OpenAs, who: Actor) -> str:
    """What Task Management says of the one questionnaire."""
    with open_as(who, write=False) as work:
        (row,) = tasks(work).to_fill
        return row.meta


def picture(sha256: str) -> Stored:
    """A picture with this hash."""
    return Stored(sha256, "image/jpeg", 1234, 60, 40)
