"""Email by SendGrid and by SMTP: what leaves, and how refusals are told apart."""

import json
import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from portal.gateways import email as module
from portal.gateways.email import Attachment, EmailMessage, Sender, SendGridEmail, SmtpEmail, TwinEmail
from portal.gateways.errors import PermanentFailure, TemporaryFailure
from tests.gateways.certificates import localhost_certificate
from tests.gateways.stand_in import StandIn
from tests.support.processes import free_port

SENDER = Sender("notifications@lumiere.example", "Lumière Aesthetics")
MESSAGE = EmailMessage(
    to="amelia.hart@example.com",
    subject="Prêt: your signed form",
    text="Hello Amelia,\n\nYour form is ready.",
    html="<p>Hello Amelia,</p>",
    attachments=(Attachment("form.pdf", "application/pdf", b"%PDF-1.7 \x00\xff"),),
    headers={"Auto-Submitted": "auto-generated"},
)


# --- SendGrid -----------------------------------------------------------------------------------------------------


def sendgrid(server: StandIn) -> SendGridEmail:
    return SendGridEmail("SG.secret", SENDER, server.url)


def test_sendgrid_gets_the_whole_message(server: StandIn):
    server.status, server.headers = 202, {"X-Message-Id": "m-1"}
    assert sendgrid(server).send(MESSAGE, "key").provider_id == "m-1"
    _, path, body = server.asked[0]
    sent = json.loads(body)
    assert path == "/v3/mail/send"
    assert sent["from"] == {"email": SENDER.address, "name": SENDER.name}
    assert sent["personalizations"][0]["to"] == [{"email": MESSAGE.to}]
    assert sent["personalizations"][0]["custom_args"] == {"key": "key"}
    assert [part["type"] for part in sent["content"]] == ["text/plain", "text/html"]
    assert sent["tracking_settings"]["click_tracking"]["enable"] is False


@pytest.mark.parametrize(
    ("status", "failure"),
    [(400, PermanentFailure), (413, PermanentFailure)]
    + [(status, TemporaryFailure) for status in (401, 403, 429, 500, 503)],
)
def test_sendgrid_refusals_are_told_apart(server: StandIn, status: int, failure: type[Exception]):
    server.status, server.body = status, {"errors": [{"message": f"about {MESSAGE.to}"}]}
    with pytest.raises(failure) as caught:
        sendgrid(server).send(MESSAGE, "key")
    assert MESSAGE.to not in str(caught.value)


def test_sendgrid_is_given_up_in_time(server: StandIn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "TIMEOUT_SECONDS", 0.2)
    server.delay_seconds = 1
    with pytest.raises(TemporaryFailure):
        sendgrid(server).send(MESSAGE, "key")


def test_letters_outside_ascii_are_refused_before_the_at_and_translated_after_it(server: StandIn):
    server.status = 202
    with pytest.raises(PermanentFailure, match="letters outside ASCII"):
        sendgrid(server).send(replace(MESSAGE, to="zoë@example.com"), "key")
    assert not server.asked
    sendgrid(server).send(replace(MESSAGE, to="zoe@bücher.example"), "key")
    assert json.loads(server.asked[0][2])["personalizations"][0]["to"] == [{"email": "zoe@xn--bcher-kva.example"}]


def test_neither_key_nor_message_is_logged(server: StandIn, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.DEBUG)
    server.status = 202
    sendgrid(server).send(MESSAGE, "key")
    assert server.asked
    assert "SG.secret" not in caplog.text
    assert "Amelia" not in caplog.text


# --- SMTP ---------------------------------------------------------------------------------------------------------


class Mailbox:
    """Keeps what arrives; refuses as it is told."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.recipients: list[str] = []
        self.encrypted: list[bool] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.received.append(envelope.original_content)
        self.recipients += envelope.rcpt_tos
        self.encrypted.append(server._tls_protocol is not None)
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return localhost_certificate(tmp_path_factory.mktemp("smtp") / "localhost.pem")


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@contextmanager
def smtp_server(mailbox: Mailbox, certificate: Path, utf8: bool = True) -> Iterator[int]:
    """A mail server that insists on STARTTLS and on the password "right"; its port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=free_port(),
        enable_SMTPUTF8=utf8,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=lambda _s, _e, _c, _m, data: AuthResult(success=data.password == b"right", handled=False),
    )
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def smtp(port: int, certificate: Path, password: str = "right", starttls: bool = True) -> SmtpEmail:
    trust = ssl.create_default_context(cafile=str(certificate))
    return SmtpEmail("localhost", port, SENDER, "portal", password, starttls, tls=trust)


def test_smtp_sends_encrypted_after_a_login(mailbox: Mailbox, certificate: Path):
    with smtp_server(mailbox, certificate) as port:
        delivery = smtp(port, certificate).send(MESSAGE, "key")
        again = smtp(port, certificate).send(MESSAGE, "key")
    assert mailbox.encrypted == [True, True]
    mime = message_from_bytes(mailbox.received[0], policy=policy.default)
    assert mime["Message-ID"] == delivery.provider_id == again.provider_id  # one message, however often it is tried
    assert mime["Subject"] == MESSAGE.subject
    assert mime["From"].addresses[0].display_name == SENDER.name
    assert mime["Auto-Submitted"] == "auto-generated"
    assert mime.get_body(("plain",)).get_content().split() == MESSAGE.text.split()
    assert [part.get_content() for part in mime.iter_attachments()] == [MESSAGE.attachments[0].content]


def test_a_wrong_password_and_a_stranger_certificate_can_be_mended(mailbox: Mailbox, certificate: Path):
    with smtp_server(mailbox, certificate) as port:
        with pytest.raises(TemporaryFailure, match="user name or password"):
            smtp(port, certificate, password="wrong").send(MESSAGE, "key")
        with pytest.raises(TemporaryFailure):
            SmtpEmail("localhost", port, SENDER, "portal", "right").send(MESSAGE, "key")
    assert not mailbox.received


@pytest.mark.parametrize(
    ("answer", "failure"), [("550 No such user", PermanentFailure), ("451 Try later", TemporaryFailure)]
)
def test_refused_recipients(mailbox: Mailbox, certificate: Path, answer: str, failure: type[Exception]):
    mailbox.answer = answer
    with smtp_server(mailbox, certificate) as port, pytest.raises(failure) as caught:
        smtp(port, certificate).send(MESSAGE, "key")
    assert MESSAGE.to not in str(caught.value)


def test_addresses_with_letters_outside_ascii(mailbox: Mailbox, certificate: Path):
    with smtp_server(mailbox, certificate) as port:
        smtp(port, certificate).send(replace(MESSAGE, to="zoë@bücher.example"), "key")
    assert mailbox.recipients == ["zoë@xn--bcher-kva.example"]
    with smtp_server(mailbox, certificate, utf8=False) as port, pytest.raises(PermanentFailure, match="SMTPUTF8"):
        smtp(port, certificate).send(replace(MESSAGE, to="zoë@example.com"), "key")


@pytest.mark.parametrize("field", ["to", "subject"])
def test_a_line_break_does_not_become_a_header(mailbox: Mailbox, certificate: Path, field: str):
    broken = replace(MESSAGE, **{field: f"{getattr(MESSAGE, field)}\r\nBcc: everybody@example.com"})
    with smtp_server(mailbox, certificate) as port, pytest.raises(PermanentFailure):
        smtp(port, certificate).send(broken, "key")
    assert not mailbox.received


def test_no_server_is_worth_another_try():
    with pytest.raises(TemporaryFailure):
        SmtpEmail("127.0.0.1", 9, SENDER).send(MESSAGE, "key")


def test_the_twin_says_in_one_line_what_it_would_send():
    lines: list[str] = []
    assert TwinEmail(lines.append).send(MESSAGE, "key").provider_id == "twin-key"
    assert lines == [f"email to {MESSAGE.to}: {MESSAGE.subject}"]
