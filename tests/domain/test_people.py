"""Ages, names and dates of birth."""

from datetime import date

import pytest

from portal.domain.devices import device_name
from portal.domain.entry import Unclear, person_name
from portal.domain.people import age_on, is_adult, may_log_in, read_birth_date, short_name

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    "typed", ["03/14/1988", "3/14/1988", "3-14-1988", "03141988", "3.14.1988", "1988-03-14", " 03 / 14 / 1988 "]
)
def test_a_date_of_birth_in_many_formats(typed: str) -> None:
    assert read_birth_date(typed, TODAY) == date(1988, 3, 14)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Add your date of birth"),
        ("March 14", "month, day and year"),
        ("03/14/88", "four digits"),
        ("02/30/1988", "not in the calendar"),
        ("14/03/1988", "not in the calendar"),
        ("11/24/2026", "still to come"),
        ("01/01/1900", "120 years"),
    ],
)
def test_what_is_no_date_of_birth(typed: str, sentence: str) -> None:
    with pytest.raises(Unclear, match=sentence):
        read_birth_date(typed, TODAY)


def test_an_eighteenth_birthday_changes_who_logs_in() -> None:
    born = date(2008, 11, 23)
    assert not is_adult(born, date(2026, 11, 22))
    assert is_adult(born, TODAY)
    assert may_log_in(born, date(2026, 11, 22), by_guardian=True)
    assert not may_log_in(born, TODAY, by_guardian=True)
    assert age_on(date(2025, 2, 28), date(2008, 2, 29)) == 16


def test_a_household_is_told_apart_by_first_name_and_initial() -> None:
    assert short_name("Rosa", "Delgado") == "Rosa D."
    assert short_name("Cher", "") == "Cher"


@pytest.mark.parametrize("name", ["Inès", "O'Brien-Müller", "Nguyễn Văn An", "Zoë", "Åsa", "李明", "St. John"])
def test_names_of_all_the_world(name: str) -> None:
    assert person_name(name, "first name") == name


@pytest.mark.parametrize("name", ["", "  ", "R2D2", "<b>", "a\u0000b", "...", "x" * 81])
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(Unclear):
        person_name(name, "first name")


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36", "Chrome on Linux"),
        ("curl/8.0", "A browser"),
    ],
)
def test_a_device_has_a_name_that_its_owner_knows(agent: str, name: str) -> None:
    assert device_name(agent) == name
