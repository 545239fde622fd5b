"""Messages about visits: the same words in text, HTML and SMS; the direct link; nothing of the treatment."""

import re

import pytest

from portal.mails import (
    FormResetMail,
    Forms,
    InstructionsMail,
    InvoiceMail,
    Letter,
    Practice,
    PracticeNoticeMail,
    Reader,
    ReminderMail,
    Visit,
    VisitBookedMail,
    VisitCancelledMail,
    VisitMovedMail,
)
from tests.mails.test_mails import shown

PRACTICE = Practice("Lumière Aesthetics", "https://portal.lumiere.example", "(503) 555-0142")
STOP = "https://portal.lumiere.example/unsubscribe/AbC-_9"
STOPPABLE = Practice("Lumière Aesthetics", "https://portal.lumiere.example", "(503) 555-0142", unsubscribe=STOP)
LINK = "https://portal.lumiere.example/appointments/01a2"
VISIT = Visit(
    "Tuesday, November 24", "Tue, Nov 24", "Tuesday", "10:30 AM", "Pearl District", "41 Marlow Street, Portland", LINK,
    "Park in the garage on Lovejoy.",
)  # fmt: skip
AMELIA, ROSA = Reader("Amelia"), Reader("Rosa", "Mateo")
LETTERS = {
    "booked": VisitBookedMail(AMELIA, PRACTICE, VISIT, Forms(3, "Tuesday")).letter(),
    "booked, nothing to do": VisitBookedMail(AMELIA, PRACTICE, VISIT).letter(),
    "moved": VisitMovedMail(ROSA, PRACTICE, VISIT, "Monday, November 23 at 9:00 AM").letter(),
    "cancelled": VisitCancelledMail(AMELIA, PRACTICE, VISIT, fee="$50.00").letter(),
    "cancelled by us": VisitCancelledMail(ROSA, PRACTICE, VISIT, by_us=True, booking="https://book.example").letter(),
    "reminder": ReminderMail(AMELIA, STOPPABLE, VISIT).letter(),
    "please confirm": ReminderMail(ROSA, STOPPABLE, VISIT, confirm=True).letter(),
    "form again": FormResetMail("Amelia", PRACTICE, LINK).letter(),
    "invoice": InvoiceMail("Amelia", PRACTICE, LINK, 1047, "$185.00").letter(),
    "instructions": InstructionsMail("Amelia", PRACTICE, LINK, "Tuesday, November 24").letter(),
    "practice": PracticeNoticeMail(
        PRACTICE, "Appointment moved", "Amelia H.", "Tue, Nov 24 at 10:30 AM", LINK
    ).letter(),
}


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS.keys())
def test_text_and_html_say_the_same(letter: Letter) -> None:
    read, links = shown(letter.html), set(re.findall(r'href="([^"]+)"', letter.html))
    assert letter.subject
    for line in letter.text.splitlines():
        label, colon, href = line.partition(": http")
        assert label in read or label == PRACTICE.url
        assert not colon or f"http{href}" in links


@pytest.mark.parametrize("name", ["booked", "moved", "reminder", "please confirm"])
def test_day_time_place_and_the_direct_link_are_in_all_three(name: str) -> None:
    letter = LETTERS[name]
    for said in (letter.text, shown(letter.html), letter.sms or ""):
        assert "10:30 AM" in said
        assert "Nov 24" in said or "November 24" in said
        assert "41 Marlow Street" in said
        assert LINK in said


def test_a_guardian_reads_whose_visit_it_is() -> None:
    letter = LETTERS["moved"]
    assert letter.subject == "New time for Mateo’s visit: Tuesday, November 24 at 10:30 AM"
    assert letter.text.startswith("Hello Rosa,\n\nMateo’s visit at Lumière Aesthetics has a new time.")


def test_a_text_is_written_in_the_letters_that_texts_are_cheap_in() -> None:
    for letter in LETTERS.values():
        assert not set(letter.sms or "") & set("’“”–—")


def test_only_who_may_confirm_is_asked_to() -> None:
    assert "Please confirm" in LETTERS["please confirm"].text
    assert "onfirm" not in LETTERS["reminder"].text
    assert "onfirm" not in (LETTERS["reminder"].sms or "")


def test_reminders_say_how_to_end_them_and_answers_do_not() -> None:
    assert STOP in LETTERS["reminder"].text
    assert STOP in LETTERS["reminder"].html
    assert (LETTERS["reminder"].sms or "").endswith("Reply STOP to end texts.")
    assert "Stop these" not in LETTERS["booked"].text + LETTERS["booked"].html


def test_what_a_name_holds_stays_a_name() -> None:
    letter = VisitBookedMail(Reader("<b>Amelia</b>\r\nBcc: x"), PRACTICE, VISIT).letter()
    assert "<b>Amelia" not in letter.html
    assert "\n" not in letter.subject


def test_a_fee_is_named_with_its_amount() -> None:
    assert "late cancellation fee of $50.00" in LETTERS["cancelled"].text
    assert "fee" not in LETTERS["cancelled by us"].text
    assert "https://book.example" in LETTERS["cancelled by us"].text
