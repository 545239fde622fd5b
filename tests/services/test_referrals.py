"""Referral sources: in order, with subcategories, offered through their last day."""

from datetime import UTC, datetime

import pytest

from portal.clock import FixedClock
from portal.domain.access import Role
from portal.errors import Conflict, Denied, Invalid
from portal.ids import uuid7
from portal.models import Patient, ReferralSource
from portal.queries.referrals import offered, sources
from portal.services import referrals
from portal.services.household import local_day
from portal.work import Actor, Work
from tests.support.clinic import OpenAs, TestClinic
from tests.support.team import acting, hired


@pytest.fixture
def director(clinic: TestClinic, open_as: OpenAs) -> Actor:
    """Who manages them."""
    return hired(open_as, clinic, Role.MEDICAL_DIRECTOR, "Adaeze", "Okonkwo")


def offered_today(work: Work) -> list[ReferralSource]:
    return offered(work, local_day(work, work.practice()))


def named(work: Work) -> list[str]:
    return [("  " if row.parent else "") + row.name for row in sources(work)]


def test_they_are_added_renamed_and_put_in_order(clinic: TestClinic, director: Actor, open_as: OpenAs) -> None:
    with open_as(director) as work:
        friend = referrals.add(work, {"name": "Friend"})
        media = referrals.add(work, {"name": "Social media"})
        referrals.add(work, {"name": "Instagram"}, media)
        tiktok = referrals.add(work, {"name": "TikTok"}, media)
        assert named(work) == ["Friend", "Social media", "  Instagram", "  TikTok"]
        referrals.move(work, media, up=True)
        referrals.move(work, tiktok, up=True)
        referrals.move(work, tiktok, up=True)  # at the top already
        referrals.change(work, friend, {"name": "Friend or family", "asks_name": "on"})
        assert named(work) == ["Social media", "  TikTok", "  Instagram", "Friend or family"]
        assert sources(work)[-1].asks_name
        assert (sources(work)[0].first, sources(work)[-1].last) == (True, True)


def test_a_name_stands_once_in_its_list(clinic: TestClinic, director: Actor, open_as: OpenAs) -> None:
    with open_as(director) as work:
        friend = referrals.add(work, {"name": "Friend"})
        for typed in ({"name": " FRIEND "}, {"name": ""}, {"name": "x" * 81}):
            with pytest.raises(Invalid) as refused:
                referrals.add(work, typed)
            assert set(refused.value.fields) == {"name"}
        with pytest.raises(Invalid):
            referrals.add(work, {"name": "Other", "ends_on": "soon"})
        sub = referrals.add(work, {"name": "Friend"}, friend)  # under another one it may
        with pytest.raises(Conflict):
            referrals.add(work, {"name": "deeper"}, sub)
        referrals.change(work, friend, {"name": "friend"})  # its own name, written otherwise


def test_what_ends_is_offered_through_its_last_day_at_the_practice(
    clinic: TestClinic, director: Actor, open_as: OpenAs, clock: FixedClock
) -> None:
    """Late in the evening at the practice it is the next day in UTC already."""
    late = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)  # 11:30 PM on the 23rd in Los Angeles
    clock.advance(seconds=(late - clock.now()).total_seconds())
    with open_as(director) as work:
        event = referrals.add(work, {"name": "Event"})
        house = referrals.add(work, {"name": "Open house", "ends_on": "2026-11-23"}, event)
        patient = work.get(Patient, clinic.amelia.patient_id)
        patient.referral_source_id = house
        work.add(patient)
        assert house in {row.id for row in offered_today(work)}
        assert sources(work)[1].ends == "until Nov 23, 2026"
    clock.advance(hours=1)
    with open_as(director) as work:
        assert house not in {row.id for row in offered_today(work)}
        ended = sources(work)[1]
        assert (ended.ended, ended.ends, ended.clients) == (True, "ended Nov 23, 2026", "1 client")
        assert work.get(Patient, clinic.amelia.patient_id).referral_source_id == house, "it stays on the client"
        today = local_day(work, work.practice())
        assert house in {row.id for row in offered(work, today, house)}, "and in that client's form"
        referrals.change(work, house, {"name": "Open house"})
        assert house in {row.id for row in offered_today(work)}
        referrals.change(work, event, {"name": "Event", "ends_on": "2026-01-01"})
        assert not offered_today(work), "nor is what belongs to it"


def test_who_may_not_cannot(clinic: TestClinic, director: Actor, open_as: OpenAs) -> None:
    for actor in (acting(Role.FRONT_DESK), acting(Role.PROVIDER), clinic.amelia):
        with open_as(actor) as work, pytest.raises(Denied):
            referrals.add(work, {"name": "x"})
        with open_as(actor) as work, pytest.raises(Denied):
            referrals.move(work, uuid7(), up=True)
        with open_as(actor) as work, pytest.raises(Denied):
            sources(work)
