"""When two records may be one person's."""

from datetime import date

import pytest

from portal.domain.alike import Who, turned, why_alike

BORN = date(1988, 3, 4)
AMELIA = Who("Amelia", "Hart", BORN, "", frozenset({"+15035550187", "amelia.hart@example.com"}))


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (Who("Amelia", "Hart", BORN), "Same name and date of birth"),
        (Who("amelia", "HART", BORN), "Same name and date of birth"),
        (Who("Amélia", "Hart-Lund", BORN), "Same name and date of birth"),
        (Who("Amy", "Hart", BORN, "Amelia"), "Same name and date of birth"),
        (Who("Amelia Jane", "Hart", BORN), "Same name and date of birth"),
        (Who("Am", "Hart", BORN), "Same name and date of birth"),
        (Who("Amelia", "Lund", BORN, "", frozenset({"+15035550187"})), "Same first name, date of birth and contact"),
        (Who("Amelia", "Hart", BORN, "", frozenset({"+15035550187"})), "Same name, date of birth and contact"),
        (
            Who("Amelia", "Hart", date(1989, 3, 4), "", frozenset({"amelia.hart@example.com"})),
            "Same name and contact, another date of birth",
        ),
        (Who("Amelia", "Hart", date(1988, 4, 3)), "Same name, day and month of birth the other way round"),
    ],
)
def test_these_may_be_one_person(other: Who, why: str) -> None:
    assert why_alike(AMELIA, other) == why
    assert why_alike(other, AMELIA) == why, "whichever of the two one looks at"


@pytest.mark.parametrize(
    "other",
    [
        Who("Amelia", "Hart", date(1989, 3, 4)),  # the same name and nothing else
        Who("Amelia", "Lund", BORN),  # a first name and a birthday are shared by many
        Who("Rosa", "Hart", BORN, "", AMELIA.reached),  # a twin in the same household
        Who("A", "Hart", BORN),  # a letter is no name
        Who("Rosa", "Delgado", date(1979, 7, 2), "", AMELIA.reached),  # a household
        Who("Amelia", "", BORN),
        Who("", "Hart", BORN),
    ],
)
def test_these_are_two_people_as_far_as_anybody_can_tell(other: Who) -> None:
    assert why_alike(AMELIA, other) == ""
    assert why_alike(other, AMELIA) == ""


def test_a_day_that_is_no_month() -> None:
    assert turned(date(1988, 3, 4)) == date(1988, 4, 3)
    assert turned(date(1988, 3, 14)) is None
