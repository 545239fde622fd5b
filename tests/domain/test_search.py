"""What clients are found by, and what is asked for."""

from datetime import date

import pytest

from portal.domain.search import Question, email_words, fold, name_words, phone_words, read_question

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("Amelia", "Hart"), {"amelia", "hart"}),
        (("José María", "Núñez"), {"jose", "maria", "nunez"}),
        (("Siobhán", "O’Brien"), {"siobhan", "o", "brien", "obrien"}),
        (("Anna", "Smith-Jones"), {"anna", "smith", "jones", "smithjones"}),
        (("李", "明"), {"李", "明"}),
        (("", " "), set()),
    ],
)
def test_the_words_of_a_name(names: tuple[str, ...], words: set[str]) -> None:
    assert name_words(*names) == words


def test_the_digits_of_a_number() -> None:
    assert phone_words("+15035550187", "(503) 555-0187") == {"15035550187", "5035550187", "5550187", "0187"}


def test_the_words_of_an_email() -> None:
    assert email_words("Amelia.Hart@Example.com") == {"amelia.hart@example.com", "amelia", "hart"}


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", ()),
        ("   ", ()),
        ("hart", ("hart",)),
        ("Hart Amelia", ("amelia", "hart")),
        ("NUÑ", ("nun",)),
        ("(503) 555-0187", ("5035550187",)),
        ("503.555.0187", ("5035550187",)),
        ("+1 503 555 01", ("150355501",)),
        ("hart 0187", ("hart", "0187")),
        ("0187 hart", ("hart", "0187")),
        ("amelia.h@ex", ("amelia.h@ex",)),
        ("am amelia", ("amelia",)),
        ("o'brien", ("o", "brien")),
        ("%_", ()),
    ],
)
def test_what_is_asked_for(typed: str, terms: tuple[str, ...]) -> None:
    found = read_question(typed, TODAY)
    assert (set(found.terms), found.born) == (set(terms), None)


@pytest.mark.parametrize("typed", ["03/14/1988", "3-14-1988", "1988-03-14", "03141988"])
def test_a_day_of_birth(typed: str) -> None:
    assert read_question(typed, TODAY) == Question((), date(1988, 3, 14))


def test_a_day_and_a_name() -> None:
    assert read_question("hart 03/14/1988", TODAY) == Question(("hart",), date(1988, 3, 14))


def test_a_day_that_never_was_is_no_day() -> None:
    assert read_question("02/30/1988", TODAY).born is None


def test_it_is_bounded() -> None:
    found = read_question(" ".join(f"{letter}{'x' * 81}" for letter in "abcdefghij"), TODAY)
    assert len(found.terms) == 6
    assert max(map(len, found.terms)) == 80


@pytest.mark.parametrize("typed", ["é", "e\u0301", "E", "ＥE"])
def test_folding(typed: str) -> None:
    assert fold(typed)[0] == "e"
