"""Email: SendGrid, plain SMTP, and the twin that takes every message and sends none."""

import base64
import hashlib
import http.client
import logging
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage as MimeMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formataddr
from typing import Any, Protocol
from urllib.error import URLError

from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from portal.gateways.delivery import Console, Delivery, silent
from portal.gateways.errors import PermanentFailure, TemporaryFailure, Unanswered

TIMEOUT_SECONDS = 8
IMPLICIT_TLS_PORT = 465
_OPERATOR_CAN_MEND = frozenset({401, 403, 408, 429})

# SendGrid's HTTP client writes whole bodies and the bearer token to its debug log.
logging.getLogger("python_http_client").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Attachment:
    """A file that travels with a message. `parameters` are those of its type, such as a calendar's method."""

    filename: str
    content_type: str
    content: bytes
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EmailMessage:
    """One message to one address, in plain text and HTML."""

    to: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sender:
    """Who messages come from: the practice's address and its name."""

    address: str
    name: str = ""


class Email(Protocol):
    """Sends emails."""

    def send(self, message: EmailMessage, key: str) -> Delivery:
        """Send `message`; `key` is its stable name in the outbox and becomes its Message-ID where the road allows.

        Raises `TemporaryFailure` or `PermanentFailure`.
        """
        ...


class SendGridEmail:
    """Email through SendGrid's v3 API, with SendGrid's own client."""

    def __init__(self, api_key: str, sender: Sender, api_url: str | None = None) -> None:
        self._api = SendGridAPIClient(api_key, **({"host": api_url.rstrip("/")} if api_url else {}))
        self._api.client.timeout = TIMEOUT_SECONDS  # passed on to urllib; without it a dead peer blocks for ever
        self._sender = sender

    def send(self, message: EmailMessage, key: str) -> Delivery:
        body = _sendgrid_body(message, self._sender, key)
        try:
            answer = self._api.send(body)
        except HTTPError as error:
            raise _sendgrid_failure(error) from None  # the answer's body may repeat the address
        except URLError as error:  # urllib's word for what failed before the request was out
            raise TemporaryFailure(f"SendGrid could not be reached ({type(error.reason).__name__}).") from None
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(f"SendGrid did not answer ({type(error).__name__}).") from None
        return Delivery(answer.headers.get("X-Message-Id") or key)


class SmtpEmail:
    """Email through any SMTP server, encrypted by STARTTLS or, on port 465, from the first byte."""

    def __init__(
        self,
        host: str,
        port: int,
        sender: Sender,
        username: str = "",
        password: str = "",
        starttls: bool = True,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._host, self._port = host, port
        self._username, self._password = username, password
        self._starttls = starttls and port != IMPLICIT_TLS_PORT
        self._sender = sender
        self._tls = tls or ssl.create_default_context()

    def send(self, message: EmailMessage, key: str) -> Delivery:
        mime, handed = _mime(message, self._sender, key), False
        try:
            with self._connect() as server:
                if self._starttls:
                    server.starttls(context=self._tls)
                if self._username:
                    server.login(self._username, self._password)
                handed = True
                server.send_message(mime)
        except smtplib.SMTPNotSupportedError:
            raise PermanentFailure(
                "The mail server lacks what this message needs: STARTTLS, a login, or SMTPUTF8 for an address "
                "with letters outside ASCII."
            ) from None
        except smtplib.SMTPServerDisconnected:
            raise (Unanswered if handed else TemporaryFailure)("The mail server broke off.") from None
        except smtplib.SMTPException as error:
            raise _smtp_failure(error) from None
        except OSError as error:
            failure = Unanswered if handed else TemporaryFailure
            raise failure(f"The mail server could not be reached ({type(error).__name__}).") from None
        return Delivery(mime["Message-ID"])

    def _connect(self) -> smtplib.SMTP:
        if self._port == IMPLICIT_TLS_PORT:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT_SECONDS, context=self._tls)
        return smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)


class TwinEmail:
    """Takes every email. What was sent is read from the outbox; the console gets one line."""

    def __init__(self, console: Console = silent) -> None:
        self._console = console

    def send(self, message: EmailMessage, key: str) -> Delivery:
        self._console(f"email to {message.to}: {message.subject}")
        return Delivery(f"twin-{key}")

    def find(self, to: str, text: str, key: str, since: datetime) -> None:  # as `Knowing` has it
        """What the outbox does not call sent never went out: there is nowhere else to look."""
        return


def _sendgrid_body(message: EmailMessage, sender: Sender, key: str) -> dict[str, Any]:
    """The request as SendGrid's specification has it; click tracking off, since it rewrites sign-in links."""
    local, _, domain = message.to.rpartition("@")
    if not local.isascii():
        raise PermanentFailure("SendGrid cannot deliver to an address with letters outside ASCII before the @.")
    body: dict[str, Any] = {
        "personalizations": [{"to": [{"email": f"{local}@{_ascii_domain(domain)}"}], "custom_args": {"key": key}}],
        "from": {"email": sender.address} | ({"name": sender.name} if sender.name else {}),
        "subject": message.subject,
        "content": [{"type": "text/plain", "value": message.text}, {"type": "text/html", "value": message.html}],
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
        },
    }
    if message.headers:
        body["headers"] = dict(message.headers)
    if message.attachments:
        body["attachments"] = [
            {
                "content": base64.b64encode(file.content).decode(),
                "type": file.content_type,
                "filename": file.filename,
                "disposition": "attachment",
            }
            for file in message.attachments
        ]
    return body


def _mime(message: EmailMessage, sender: Sender, key: str) -> MimeMessage:
    local, _, domain = message.to.rpartition("@")
    mime = MimeMessage(policy=SMTP if local.isascii() else SMTPUTF8)
    try:
        mime["From"] = formataddr((sender.name, sender.address))
        mime["To"] = f"{local}@{_ascii_domain(domain)}"
        mime["Subject"] = message.subject
        # The same message is the same id at every try, so that mail systems can drop a second copy.
        mime["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{sender.address.rpartition('@')[2]}>"
        for name, value in message.headers.items():
            mime[name] = value
    except ValueError:
        raise PermanentFailure("A header of the message holds what no header may hold.") from None
    mime.set_content(message.text)
    mime.add_alternative(message.html, subtype="html")
    for file in message.attachments:
        kind, _, subtype = file.content_type.partition("/")
        mime.add_attachment(
            file.content, maintype=kind, subtype=subtype, filename=file.filename, params=dict(file.parameters)
        )
    return mime


def _ascii_domain(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        raise PermanentFailure("The part of the address after the @ is not a domain name.") from None


def _sendgrid_failure(error: HTTPError) -> TemporaryFailure | PermanentFailure:
    reason = f"SendGrid refused the message (status {error.status_code})."
    mendable = error.status_code in _OPERATOR_CAN_MEND or error.status_code >= 500
    return TemporaryFailure(reason) if mendable else PermanentFailure(reason)


def _smtp_failure(error: smtplib.SMTPException) -> TemporaryFailure | PermanentFailure:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return TemporaryFailure("The mail server refused the user name or password.")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    else:
        return TemporaryFailure(f"The mail server broke off ({type(error).__name__}).")
    reason = f"The mail server refused the message (code {codes[0]})."
    return PermanentFailure(reason) if all(code >= 500 for code in codes) else TemporaryFailure(reason)
