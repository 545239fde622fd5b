"""What people are written: the same words in text, HTML and SMS, and nothing about health."""

import re
from html import unescape

import pytest

from portal.mails import (
    ContactChangedMail,
    FormsDueMail,
    FormsToCompleteMail,
    InviteMail,
    Letter,
    PasscodeMail,
    Practice,
    SignedCopyMail,
    SignedOutMail,
)

PRACTICE = Practice("Lumière Aesthetics", "https://portal.lumiere.example", "(503) 555-0142")
LINK = "https://portal.lumiere.example/task-management?a=1&b=2"
LETTERS = {
    "passcode": PasscodeMail("123456", PRACTICE).letter(),
    "invite": InviteMail("Amelia", PRACTICE, LINK).letter(),
    "contact": ContactChangedMail("Amelia", PRACTICE, "phone number").letter(),
    "signed out": SignedOutMail("Amelia", PRACTICE).letter(),
    "signed": SignedCopyMail("Amelia", PRACTICE, LINK).letter(),
    "due": FormsDueMail("Amelia", PRACTICE, LINK, 2, "Tuesday").letter(),
    "forms": FormsToCompleteMail("Amelia", PRACTICE, LINK, 3, "Tuesday").letter(),
}


def shown(html: str) -> str:
    """The words of an HTML letter."""
    body = re.sub(r"<style>.*?</style>|<title>.*?</title>", "", html, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS.keys())
def test_text_and_html_say_the_same(letter: Letter):
    assert letter.subject
    assert "\n" not in letter.subject
    read = shown(letter.html)
    for paragraph in letter.text.split("\n\n"):
        for line in paragraph.splitlines():
            label, colon, href = line.partition(": http")
            expected = (label, f"http{href}") if colon else (line,)
            for words in expected:
                assert words in read or words == PRACTICE.url


def test_the_code_stands_first_in_the_sms_and_is_bound_to_the_domain_in_its_last_line():
    sms = LETTERS["passcode"].sms
    assert sms
    assert sms.startswith("123456 ")
    assert sms.splitlines()[-1] == "@portal.lumiere.example #123456"
    assert len(sms) <= 160 * 2


@pytest.mark.parametrize("url", ["http://127.0.0.1:3000", "http://localhost:3000", "http://[::1]:3000"])
def test_a_desk_without_a_domain_binds_no_code(url: str):
    sms = PasscodeMail("123456", Practice("Lumière", url)).letter().sms
    assert sms
    assert "@" not in sms


def test_numbers_are_said_as_people_say_them():
    assert LETTERS["forms"].subject == "You have 3 forms to complete before Tuesday"
    assert FormsToCompleteMail("Amelia", PRACTICE, LINK, 1).letter().subject == "You have 1 form to complete"
    assert LETTERS["due"].subject == "2 forms are still to complete before your visit on Tuesday"


def test_an_invitation_is_an_email():
    assert LETTERS["invite"].sms is None


def test_names_are_never_markup_nor_headers():
    evil = Practice("<b>x</b>\r\nBcc: a@example.com", 'https://x.example/"><script>', brand="red;}</style>")
    letter = InviteMail("<script>alert(1)</script>", evil, 'https://x.example/"><script>').letter()
    assert "<script" not in letter.html
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert "red;" not in letter.html
