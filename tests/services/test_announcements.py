"""Telling all patients something: kept as it is shown, refused where it cannot be."""

from datetime import timedelta

import pytest
from sqlmodel import select

from portal.errors import Invalid, NotFound
from portal.ids import uuid7
from portal.models import AuditEvent, Banner, Practice
from portal.services import announcements
from portal.work import SYSTEM
from tests.support.clinic import OpenAs, furnish


def test_reminders_of_more_than_fifty_words_are_not_stored(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        furnish(work)
        announcements.set_important_reminders(work, "Please be on time.\n")
    with pytest.raises(Invalid), open_as(SYSTEM) as work:
        announcements.set_important_reminders(work, "word " * 51)
    with open_as(SYSTEM, write=False) as work:
        assert work.db.exec(select(Practice.important_reminders)).one() == "Please be on time."
        assert work.db.exec(select(AuditEvent.action)).all() == ["practice.reminders_set"]


def test_a_banner_is_put_up_and_switched_off(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        furnish(work)
        until = work.now() + timedelta(days=2)
        banner_id = announcements.put_up_banner(work, "Gift cards", work.now(), until, href="/help", label="More")
        announcements.switch_banner(work, banner_id, on=False)
    with pytest.raises(Invalid), open_as(SYSTEM) as work:
        announcements.put_up_banner(work, "Gift cards", work.now(), until, href="javascript:alert(1)", label="More")
    with pytest.raises(NotFound), open_as(SYSTEM) as work:
        announcements.switch_banner(work, uuid7(), on=True)
    with open_as(SYSTEM, write=False) as work:
        banners = work.db.exec(select(Banner)).all()
    assert [(banner.text, banner.link_label, banner.active) for banner in banners] == [("Gift cards", "More", False)]


def test_without_a_practice_there_is_nobody_to_tell(open_as: OpenAs) -> None:
    with pytest.raises(NotFound), open_as(SYSTEM) as work:
        announcements.set_important_reminders(work, "Hello")
