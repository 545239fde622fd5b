"""Where the practice is, as every page says it."""

from portal.clock import FixedClock
from portal.models import Practice
from portal.queries.practice import practice_card
from portal.work import SYSTEM
from tests.support import rows
from tests.support.clinic import OpenAs


def test_every_clinic_says_where_it_is_and_when_it_is_open(open_as: OpenAs, clock: FixedClock) -> None:
    long_saturday = {str(day): ["09:00", "17:00"] for day in range(5)} | {"5": ["10:00", "20:30"]}
    with open_as(SYSTEM) as work:
        practice = rows.practice(work, website="lumiere.example/")
        rows.clinic(work, practice, hours=long_saturday)
        rows.clinic(work, practice, name="Lake Oswego", phone="+15035550145", hours={"0": ["09:00", "12:00"]})
        rows.clinic(work, practice, name="Closed for good", active=False)
        card = practice_card(work)
    assert [clinic.name for clinic in card.clinics] == ["Pearl District", "Lake Oswego"]
    assert card.clinics[0].hours == ["Monday to Friday, 9:00 AM to 5:00 PM", "Saturday, 10:00 AM to 8:30 PM"]
    assert card.clinics[1].hours == ["Monday, 9:00 AM to 12:00 PM"]
    assert card.clinics[1].phone_href == "tel:+15035550145"
    assert (card.website, card.website_name, card.email) == (
        "https://lumiere.example/",
        "lumiere.example",
        "desk@lumiere.example",
    )
    assert card.hours_today == "9:00 AM to 5:00 PM"
    clock.advance(days=6)  # Sunday
    with open_as(SYSTEM, write=False) as work:
        assert practice_card(work).hours_today == "Closed"


def test_without_a_practice_or_a_clinic_nothing_is_made_up(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        assert practice_card(work).clinics == ()
        work.add(Practice(name="Glow", wordmark="Glow", phone="+14155552671", email="desk@glow.example"))
        card = practice_card(work)
    assert (card.clinics, card.hours_today, card.website, card.website_name) == ((), "", "", "")
