"""How Twilio's answers become: sent, try again, give up, blocked."""

import logging
from datetime import UTC, datetime

import pytest

from portal.gateways import sms as module
from portal.gateways.errors import Blocked, PermanentFailure, TemporaryFailure, Unanswered
from portal.gateways.sms import TwilioSms, TwinSms
from tests.gateways.stand_in import StandIn

NUMBER = "+14155552671"


def twilio(server: StandIn) -> TwilioSms:
    return TwilioSms("AC" + "0" * 32, "a-token", "+12015550123", server.url)


def test_a_text_goes_to_the_account_with_number_and_words(server: StandIn):
    server.status, server.body = 201, {"sid": "SM1", "status": "queued"}
    assert twilio(server).send(NUMBER, "123456 is your code.", "key").provider_id == "SM1"
    method, path, body = server.asked[0]
    assert (method, path) == ("POST", f"/2010-04-01/Accounts/AC{'0' * 32}/Messages.json")
    assert b"To=%2B14155552671" in body
    assert b"Body=123456+is+your+code." in body


@pytest.mark.parametrize(
    ("status", "code", "failure"),
    [
        (400, 21610, Blocked),
        (400, 21211, PermanentFailure),
        (401, 20003, TemporaryFailure),
        (429, 20429, TemporaryFailure),
        (500, 20500, TemporaryFailure),
        (503, None, TemporaryFailure),
    ],
)
def test_refusals_are_told_apart(server: StandIn, status: int, code: int | None, failure: type[Exception]):
    server.status, server.body = status, {"code": code, "message": f"about {NUMBER}", "status": status}
    with pytest.raises(failure) as caught:
        twilio(server).send(NUMBER, "123456 is your code.", "key")
    assert type(caught.value) is failure
    assert NUMBER not in str(caught.value)


def test_a_silent_peer_is_given_up_in_time(server: StandIn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.2)
    server.delay_seconds = 1
    with pytest.raises(TemporaryFailure):
        twilio(server).send(NUMBER, "Hello", "key")


def test_a_lost_answer_is_told_apart_from_a_peer_that_was_never_reached(
    server: StandIn, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.2)
    server.delay_seconds = 1
    with pytest.raises(Unanswered):
        twilio(server).send(NUMBER, "Hello", "key")
    nobody = TwilioSms("AC" + "0" * 32, "a-token", "+12015550123", "http://127.0.0.1:9")
    with pytest.raises(TemporaryFailure) as caught:
        nobody.send(NUMBER, "Hello", "key")
    assert type(caught.value) is TemporaryFailure


@pytest.mark.parametrize(
    ("body", "made", "found"),
    [
        ("See you on Tuesday", "Mon, 23 Nov 2026 17:00:05 +0000", True),
        ("See you on Tuesday", "Mon, 23 Nov 2026 16:59:30 +0000", True),  # two clocks are never quite alike
        ("See you on Tuesday", "Sat, 21 Nov 2026 17:00:05 +0000", False),  # the same words, an earlier reminder
        ("See you on Friday", "Mon, 23 Nov 2026 17:00:05 +0000", False),
    ],
)
def test_twilio_is_asked_for_a_text_whose_answer_was_lost(server: StandIn, body: str, made: str, found: bool):
    server.body = {
        "messages": [{"sid": "SM7", "to": NUMBER, "body": body, "date_created": made, "status": "queued"}],
        "page_size": 50,
        "next_page_uri": None,
    }
    since = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    delivery = twilio(server).find(NUMBER, "See you on Tuesday", "key", since)
    assert (delivery.provider_id if delivery else None) == ("SM7" if found else None)
    method, path, _body = server.asked[0]
    assert method == "GET"
    assert "To=%2B14155552671" in path


def test_a_question_that_twilio_does_not_answer_is_asked_again(server: StandIn):
    server.status, server.body = 503, {"message": "busy"}
    with pytest.raises(TemporaryFailure):
        twilio(server).find(NUMBER, "Hello", "key", datetime(2026, 11, 23, tzinfo=UTC))


def test_nothing_of_a_message_is_logged(server: StandIn, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    server.body = {"sid": "SM1", "to": NUMBER, "body": "123456 is your code."}
    twilio(server).send(NUMBER, "123456 is your code.", "key")
    assert server.asked
    assert "123456" not in caplog.text
    assert NUMBER not in caplog.text


def test_the_twin_says_in_one_line_what_it_would_send():
    lines: list[str] = []
    delivery = TwinSms(lines.append).send(NUMBER, "123456 is your code.\n\n@example.com #123456", "key")
    assert delivery.provider_id == "twin-key"
    assert lines == [f"text to {NUMBER}: 123456 is your code. @example.com #123456"]
