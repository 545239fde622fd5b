"""Text messages: Twilio, and the twin that takes every text and sends none."""

import logging
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from portal.gateways.delivery import Console, Delivery, silent
from portal.gateways.errors import Blocked, PermanentFailure, TemporaryFailure

TIMEOUT_SECONDS = 8.0
STOPPED_BY_RECIPIENT = 21610  # https://www.twilio.com/docs/api/errors/21610
_OPERATOR_CAN_MEND = frozenset({401, 403, 408, 429})


class Sms(Protocol):
    """Sends texts."""

    def send(self, to: str, text: str, key: str) -> Delivery:
        """Send `text` to the E.164 number `to`. `key` is the message's stable name in the outbox.

        Raises `TemporaryFailure`, `PermanentFailure`, or `Blocked` after a carrier-level STOP.
        """
        ...


class TwilioSms:
    """Texts through Twilio's Messages API, with Twilio's own client.

    Twilio knows no idempotency key: a text whose answer was lost may be sent a second time by a retry.
    """

    def __init__(self, account_sid: str, auth_token: str, sender: str, api_url: str | None = None) -> None:
        http = _Http(api_url, timeout=TIMEOUT_SECONDS, logger=_muted())
        self._client = Client(account_sid, auth_token, http_client=http)
        self._sender = sender

    def send(self, to: str, text: str, key: str) -> Delivery:
        try:
            message = self._client.messages.create(to=to, from_=self._sender, body=text)
        except TwilioRestException as error:
            raise _failure(error) from None  # its own words repeat the recipient's number
        except (RequestException, TwilioException) as error:
            raise TemporaryFailure(f"Twilio could not be reached ({type(error).__name__}).") from None
        return Delivery(message.sid or key)


class TwinSms:
    """Takes every text. What was sent is read from the outbox; the console gets one line."""

    def __init__(self, console: Console = silent) -> None:
        self._console = console

    def send(self, to: str, text: str, key: str) -> Delivery:
        self._console(f"text to {to}: {' '.join(text.split())}")
        return Delivery(f"twin-{key}")


def _failure(error: TwilioRestException) -> TemporaryFailure | PermanentFailure:
    reason = f"Twilio refused the message (status {error.status}, error {error.code})."
    if error.code == STOPPED_BY_RECIPIENT:
        return Blocked(reason)
    if error.status in _OPERATOR_CAN_MEND or error.status >= 500:
        return TemporaryFailure(reason)
    return PermanentFailure(reason)


class _Http(TwilioHttpClient):
    """Twilio's client has no base address of its own to set: the host is replaced as the request leaves."""

    def __init__(self, api_url: str | None, **options: Any) -> None:
        super().__init__(**options)
        self._base = urlsplit(api_url) if api_url else None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        if self._base:
            url = urlunsplit(urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc))
        return super().request(method, url, *args, **kwargs)


def _muted() -> logging.Logger:
    """Twilio's client logs addresses and answers, which name the recipient: nobody shall hear it."""
    logger = logging.getLogger("portal.gateways.twilio")
    logger.disabled = True
    return logger
