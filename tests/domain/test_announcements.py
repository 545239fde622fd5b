"""What a practice may tell everybody."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain import announcements
from portal.errors import Invalid

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=7)


def test_fifty_words_are_enough_and_fifty_one_too_many() -> None:
    assert announcements.important_reminders(" word \n" * 50) == " ".join(["word"] * 50)
    with pytest.raises(Invalid) as refused:
        announcements.important_reminders("word " * 51)
    assert refused.value.fields == {"reminders": "Use at most 50 words. These are 51."}
    assert announcements.important_reminders("  ") == ""


def test_a_banner_is_put_in_order() -> None:
    shown = announcements.banner("  Gift \n cards ", " /help ", " See  them ", NOW, LATER)
    assert shown == ("Gift cards", "/help", "See them")
    assert announcements.banner("Gift cards", "", "", NOW, LATER) == ("Gift cards", "", "")


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (("", "", "", NOW, LATER), {"text"}),
        (("x" * 161, "", "", NOW, LATER), {"text"}),
        (("Gift cards", "/help", "", NOW, LATER), {"label"}),
        (("Gift cards", "", "See them", NOW, LATER), {"label"}),
        (("Gift cards", "/help", "x" * 31, NOW, LATER), {"label"}),
        (("Gift cards", "", "", NOW, NOW), {"ends_at"}),
        (("", "http://x", "y", LATER, NOW), {"text", "href", "ends_at"}),
    ],
)
def test_what_cannot_be_shown_is_named(given: tuple[str, str, str, datetime, datetime], wrong: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        announcements.banner(*given)
    assert set(refused.value.fields) == wrong


@pytest.mark.parametrize("href", ["/help", "/dashboard#invoices", "https://lumiere.example/gift?x=1#y"])
def test_a_link_leads_to_us_or_to_a_site(href: str) -> None:
    assert announcements.leads_somewhere_safe(href)


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "http://lumiere.example",
        "https://",
        "https://lumiere.example@evil.example",
        "https://[",
        "help",
        "",
    ],
)
def test_nothing_that_a_browser_would_run(href: str) -> None:
    assert not announcements.leads_somewhere_safe(href)
