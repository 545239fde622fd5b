"""Contacts as people type them."""

import pytest

from portal.domain.contacts import calling_code, mask, read_email, read_phone, show_phone
from portal.domain.entry import Unclear


@pytest.mark.parametrize(
    "typed",
    [
        "(503) 555-0187",
        "503.555.0187",
        "503 555 0187",
        "+1 503 555 0187",
        "1-503-555-0187",
        "tel:+15035550187",
        "５０３５５５０１８７",
    ],
)
def test_one_number_in_many_formats(typed: str) -> None:
    assert read_phone(typed, "US") == "+15035550187"


def test_the_practices_country_is_the_default() -> None:
    assert read_phone("020 7946 0018", "GB") == "+442079460018"
    assert read_phone("+44 20 7946 0018", "US") == "+442079460018"
    assert calling_code("GB") == "+44"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Add your phone number."),
        ("555-0187", "Add the area code"),
        ("503555018", "too short"),
        ("50355501877", "too many digits"),
        ("call me", "does not look like a phone number"),
        ("(503) 555-0187 x12", "leave out the extension"),
        ("5" * 60, "longer than any phone number"),
    ],
)
def test_an_impossible_number_is_told_what_is_wrong(typed: str, sentence: str) -> None:
    with pytest.raises(Unclear, match=sentence):
        read_phone(typed, "US")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Amelia.Hart@Example.COM", "amelia.hart@example.com"),
        (" <a@lumiere.example>, ", "a@lumiere.example"),
        ("José@exämple.com", "josé@exämple.com"),
        ("JOSE\u0301@EXÄMPLE.com", "josé@exämple.com"),
        ("x@portal.test", "x@portal.test"),
    ],
)
def test_an_address_has_one_form(typed: str, kept: str) -> None:
    assert read_email(typed) == kept
    assert read_email(kept) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Add your email address."),
        ("amelia.hart@example", "Add the ending of your email address, such as .com"),
        ("amelia.example.com", "has an @"),
        ("amelia@", "after the @"),
        ("a b@example.com", "no spaces"),
        ("a..b@example.com", "typing error"),
        (f"{'a' * 300}@example.com", "longer than any"),
    ],
)
def test_a_broken_address_is_told_what_is_wrong(typed: str, sentence: str) -> None:
    with pytest.raises(Unclear, match=sentence):
        read_email(typed)


def test_contacts_are_shown_masked_before_they_are_proved() -> None:
    assert mask("phone", "+15035550187") == "the number ending in 0187"
    assert mask("email", "amelia@example.com") == "a•••@example.com"


def test_numbers_are_shown_as_people_at_home_write_them() -> None:
    assert show_phone("+15035550187", "US") == "(503) 555-0187"
    assert show_phone("+442079460018", "US") == "+44 20 7946 0018"
    assert show_phone("", "US") == ""
