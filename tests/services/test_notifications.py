"""Marking as read: one's own, again and again, and never another's."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from portal.clock import FixedClock
from portal.errors import NotFound
from portal.models import LiveChange, Notification
from portal.services import notifications
from portal.work import NOBODY, SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic, furnish


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """A small practice with its people."""
    with open_as(SYSTEM) as work:
        return furnish(work)


def told(open_as: OpenAs, who: Actor, title: str = "New") -> UUID:
    with open_as(SYSTEM) as work:
        assert who.patient_id is not None
        return work.add(
            Notification(patient_id=who.patient_id, kind="form.assigned", title=title, created_at=work.now())
        ).id


def pushes(open_as: OpenAs) -> int:
    with open_as(SYSTEM, write=False) as work:
        return len(work.db.exec(select(LiveChange)).all())


def test_one_is_read_once_and_open_pages_hear_of_it(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    line, other = told(open_as, clinic.amelia), told(open_as, clinic.amelia)
    seen_at = clock.now()
    for _ in range(2):
        with open_as(clinic.amelia) as work:
            notifications.mark_read(work, line)
        clock.advance(minutes=1)
    with open_as(SYSTEM, write=False) as work:
        assert work.get(Notification, line).read_at == seen_at
        assert work.get(Notification, other).read_at is None
    assert pushes(open_as) == 1


def test_all_are_read_at_once(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    lines = [told(open_as, clinic.amelia) for _ in range(3)]
    theirs = told(open_as, clinic.rosa)
    with open_as(clinic.amelia) as work:
        notifications.mark_read(work, lines[0])
    first_read = clock.now()
    clock.advance(hours=1)
    with open_as(clinic.amelia) as work:
        assert notifications.mark_all_read(work) == 2
        assert notifications.mark_all_read(work) == 0
    with open_as(SYSTEM, write=False) as work:
        assert [work.get(Notification, line).read_at for line in lines] == [
            first_read,
            first_read + timedelta(hours=1),
            first_read + timedelta(hours=1),
        ]
        assert work.get(Notification, theirs).read_at is None


def test_anothers_is_not_found_and_stays_as_it_is(clinic: TestClinic, open_as: OpenAs) -> None:
    line = told(open_as, clinic.amelia)
    for who in (clinic.rosa, clinic.guardian, SYSTEM, NOBODY):
        with pytest.raises(NotFound), open_as(who) as work:
            notifications.mark_read(work, line)
    with pytest.raises(NotFound), open_as(NOBODY) as work:
        notifications.mark_all_read(work)
    with open_as(SYSTEM, write=False) as work:
        assert work.get(Notification, line).read_at is None


def test_a_guardian_reads_for_the_child(clinic: TestClinic, open_as: OpenAs) -> None:
    line = told(open_as, clinic.child)
    with open_as(clinic.guardian) as work:
        notifications.mark_read(work, line)
    with open_as(SYSTEM, write=False) as work:
        assert work.get(Notification, line).read_at is not None
