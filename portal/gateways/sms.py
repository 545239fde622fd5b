"""Text messages: Twilio, and the twin that takes every text and sends none."""

import logging
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit, urlunsplit

from requests import ConnectionError as Disconnected
from requests import ConnectTimeout, RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from urllib3.exceptions import MaxRetryError, NewConnectionError

from portal.gateways.delivery import Console, Delivery, silent
from portal.gateways.errors import Blocked, PermanentFailure, TemporaryFailure, Unanswered

TIMEOUT_SECONDS = 8.0
LOOKED_THROUGH = 50
CLOCKS_DIFFER = timedelta(minutes=1)
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

    Twilio knows no idempotency key. When an answer was lost, `find` looks for the text among those that Twilio has.
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
            raise _unreached(error) from None
        return Delivery(message.sid or key)

    def find(self, to: str, text: str, key: str, since: datetime) -> Delivery | None:
        """The text among the newest to this number. Not by the day it was sent: one in Twilio's queue has none yet."""
        try:
            newest = self._client.messages.list(to=to, limit=LOOKED_THROUGH)
        except (RequestException, TwilioException) as error:
            raise TemporaryFailure(f"Twilio could not be asked ({type(error).__name__}).") from None
        for message in newest:
            made_at = message.date_created
            if message.body == text and (made_at is None or made_at >= since - CLOCKS_DIFFER):
                return Delivery(message.sid or key)
        return None


class TwinSms:
    """Takes every text. What was sent is read from the outbox; the console gets one line."""

    def __init__(self, console: Console = silent) -> None:
        self._console = console

    def send(self, to: str, text: str, key: str) -> Delivery:
        self._console(f"text to {to}: {' '.join(text.split())}")
        return Delivery(f"twin-{key}")

    def find(self, to: str, text: str, key: str, since: datetime) -> None:  # as `Knowing` has it
        """What the outbox does not call sent never went out: there is nowhere else to look."""
        return


def _failure(error: TwilioRestException) -> TemporaryFailure | PermanentFailure:
    reason = f"Twilio refused the message (status {error.status}, error {error.code})."
    if error.code == STOPPED_BY_RECIPIENT:
        return Blocked(reason)
    if error.status in _OPERATOR_CAN_MEND or error.status >= 500:
        return TemporaryFailure(reason)
    return PermanentFailure(reason)


def _unreached(error: Exception) -> TemporaryFailure:
    """No connection: nothing was asked. Anything later: Twilio may have the text."""
    cause = error.args[0] if error.args else None
    never = isinstance(error, ConnectTimeout) or (
        isinstance(error, Disconnected)
        and isinstance(cause, MaxRetryError)
        and isinstance(cause.reason, NewConnectionError)
    )
    if never or not isinstance(error, RequestException):
        return TemporaryFailure(f"Twilio could not be reached ({type(error).__name__}).")
    return Unanswered(f"Twilio did not answer ({type(error).__name__}).")


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
