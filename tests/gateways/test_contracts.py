"""The vendors' own clients, as we use them, against the vendors' own specifications (Prism answers by the OpenAPI)."""

from collections.abc import Callable

import pytest

from portal.gateways.email import Attachment, EmailMessage, Sender, SendGridEmail
from portal.gateways.errors import PermanentFailure, TemporaryFailure
from portal.gateways.sms import TwilioSms

pytestmark = pytest.mark.contract
SENDER = Sender("notifications@lumiere.example", "Lumière Aesthetics")


@pytest.fixture(scope="session")
def twilio(prism: Callable[[str], str]) -> str:
    return prism("twilio-messages")


@pytest.fixture(scope="session")
def sendgrid(prism: Callable[[str], str]) -> str:
    return prism("sendgrid-mail-send")


def sms(url: str, sender: str = "+12015550123") -> TwilioSms:
    return TwilioSms("AC" + "0" * 32, "token", sender, url)


def test_twilio_accepts_what_we_send(twilio: str):
    assert sms(twilio).send("+14155552671", "123456 is your code.", "key-1").provider_id


def test_twilio_refuses_a_message_to_nobody(twilio: str):
    with pytest.raises(PermanentFailure):
        sms(twilio).send(None, "123456 is your code.", "key-2")  # type: ignore[arg-type]  # left out by the client


def test_twilio_refuses_an_account_that_is_none(twilio: str):
    with pytest.raises(PermanentFailure):
        TwilioSms("not-an-account", "token", "+12015550123", twilio).send("+14155552671", "Hello", "key-3")


def test_sendgrid_accepts_what_we_send(sendgrid: str):
    message = EmailMessage(
        to="amelia.hart@example.com",
        subject="Your signed form is ready",
        text="Hello Amelia,",
        html="<p>Hello Amelia,</p>",
        attachments=(Attachment("form.pdf", "application/pdf", b"%PDF-1.7"),),
        headers={"Auto-Submitted": "auto-generated"},
    )
    assert SendGridEmail("SG.key", SENDER, sendgrid).send(message, "key-4").provider_id


@pytest.mark.parametrize("broken", [{"text": ""}, {"to": "@"}])
def test_sendgrid_refuses_what_its_specification_forbids(sendgrid: str, broken: dict[str, str]):
    fields = {"to": "amelia.hart@example.com", "subject": "Hello", "text": "Hello", "html": "<p>Hello</p>"} | broken
    with pytest.raises(PermanentFailure):
        SendGridEmail("SG.key", SENDER, sendgrid).send(EmailMessage(**fields), "key-5")


def test_a_vendor_that_is_down_is_worth_another_try():
    nobody = "http://127.0.0.1:9"
    with pytest.raises(TemporaryFailure):
        sms(nobody).send("+14155552671", "Hello", "key-6")
    with pytest.raises(TemporaryFailure):
        SendGridEmail("SG.key", SENDER, nobody).send(EmailMessage("a@example.com", "Hi", "Hi", "<p>Hi</p>"), "key-7")
