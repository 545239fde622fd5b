"""Requests that another system signs with a shared secret: who sent it, that it is whole, and that it is of now.

    X-Portal-Signature: t=1763769600,v1=5257a869e7…

`v1` is HMAC-SHA256, in hex, of the time `t` (Unix seconds), a full stop, and the body as it is sent.
"""

import hashlib
import hmac
import re
from datetime import datetime

HEADER = "x-portal-signature"
FRESH_SECONDS = 300  # before and after: clocks differ, and a message may wait a little
FEWEST_CHARACTERS = 32  # of a secret
_SIGNED = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def sign(secret: str, body: bytes, at: int) -> str:
    """The header's value."""
    return f"t={at},v1={_digest(secret, body, at)}"


def problem(secret: str, body: bytes, header: str, now: datetime) -> str:
    """Why a request is not let through, in a word for the log; empty when it is genuine."""
    signed = _SIGNED.fullmatch(header)
    if signed is None:
        return "no signature"
    at = int(signed[1])
    if not hmac.compare_digest(_digest(secret, body, at), signed[2]):
        return "signature"
    return "" if abs(now.timestamp() - at) <= FRESH_SECONDS else "time"


def _digest(secret: str, body: bytes, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
