"""The feed of a patient: by the clinic's days, newest first, some at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from portal.domain.notifications import Kind
from portal.errors import NotFound
from portal.models import Notification
from portal.queries import notifications
from portal.work import NOBODY, SYSTEM, Actor, Work
from tests.queries.counting import counted
from tests.support.clinic import OpenAs, TestClinic, furnish


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """A small practice; it is Monday, November 23, 2026, nine in the morning there."""
    with open_as(SYSTEM) as work:
        return furnish(work)


def tell(work: Work, who: Actor, at: datetime, **values: Any) -> None:
    assert who.patient_id is not None
    given: dict[str, Any] = {"kind": Kind.FORM_ASSIGNED, "title": "New form to complete", "href": "/consent/x"}
    work.add(Notification(patient_id=who.patient_id, created_at=at, **given | values))


def test_the_groups_are_the_clinics_days(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        midnight = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # in Portland
        tell(work, clinic.amelia, midnight, title="first of today")
        tell(work, clinic.amelia, midnight - timedelta(minutes=1), title="last of yesterday")
        tell(work, clinic.amelia, midnight - timedelta(days=1, minutes=1), title="before")
        tell(work, clinic.amelia, datetime(2025, 12, 30, 20, 0, tzinfo=UTC), title="last year", read_at=midnight)
        tell(work, clinic.rosa, midnight, title="another's")
    with open_as(clinic.amelia, write=False) as work:
        feed = notifications.feed(work)
    assert [(row.title, row.when) for row in feed.today] == [("first of today", "12:00 AM")]
    assert [(row.title, row.when) for row in feed.yesterday] == [("last of yesterday", "11:59 PM")]
    assert [(row.title, row.when, row.unread) for row in feed.earlier] == [
        ("before", "November 21", True),
        ("last year", "December 30, 2025", False),
    ]
    assert (feed.badges.unread, feed.more) == (3, False)


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        ({"kind": Kind.REMINDER, "title": "Confirm your visit on Tuesday"}, "Confirm"),
        ({"kind": Kind.REMINDER, "title": "Appointment reminder"}, "View"),
        ({"kind": Kind.FORM_ASSIGNED}, "View"),
        ({"kind": Kind.FORM_ASSIGNED, "href": "/task-management"}, "Fill"),
        ({"kind": Kind.INSTRUCTIONS, "href": ""}, ""),
    ],
)
def test_each_line_says_what_opening_it_does(
    clinic: TestClinic, open_as: OpenAs, line: dict[str, str], verb: str
) -> None:
    with open_as(SYSTEM) as work:
        tell(work, clinic.amelia, work.now(), **line)
    with open_as(clinic.amelia, write=False) as work:
        assert [row.verb for row in notifications.feed(work).today] == [verb]


def test_thirty_at_a_time_and_three_statements(clinic: TestClinic, open_as: OpenAs, engine: Engine) -> None:
    with open_as(SYSTEM) as work:
        for number in range(61):
            tell(work, clinic.amelia, work.now() - timedelta(days=number), title=str(number))

    def shown(most: int) -> tuple[list[str], bool, int]:
        with open_as(clinic.amelia, write=False) as work, counted(engine) as seen:
            feed = notifications.feed(work, most)
        return [row.title for row in feed.today + feed.yesterday + feed.earlier], feed.more, len(seen)

    assert shown(30) == ([str(number) for number in range(30)], True, 3)
    assert shown(60) == ([str(number) for number in range(60)], True, 3)
    assert shown(90) == ([str(number) for number in range(61)], False, 3)
    assert len(shown(-5)[0]) == 30
    assert len(shown(10**9)[0]) == 61


def test_nobody_has_no_feed(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(NOBODY, write=False) as work, pytest.raises(NotFound):
        notifications.feed(work)
