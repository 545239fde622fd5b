"""The proof-of-work CAPTCHA (ALTCHA): no third party, no cookie, no picture to decipher.

The browser derives keys until it meets one that we picked. The work is bounded (we pick a counter from a fixed range)
and checking it costs one HMAC, however much the work cost. A solved challenge is good once: the caller keeps what
`verify` returns until the challenge would have expired.
"""

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from typing import Any, Protocol

import altcha

ALGORITHM = "PBKDF2/SHA-256"
LIFETIME_SECONDS = 600
FEWEST_TRIES, MOST_TRIES = 100, 400
_LONGEST_PAYLOAD = 4096  # a real one has about 700 characters


class Captcha(Protocol):
    """Asks for work and checks that it was done."""

    def challenge(self) -> dict[str, Any]:
        """A fresh signed challenge, as the widget takes it in JSON."""
        ...

    def verify(self, payload: str) -> str | None:
        """The solved challenge's own id, to be accepted once; None when it is wrong, changed or expired."""
        ...


class Altcha:
    """ALTCHA's challenges, signed with keys derived from `key`. `cost` is PBKDF2 rounds per try."""

    def __init__(self, key: bytes, cost: int, now: Callable[[], float] = time.time) -> None:
        self._challenge_key = hmac.digest(key, b"altcha challenge", hashlib.sha256)
        self._solution_key = hmac.digest(key, b"altcha solution", hashlib.sha256)
        self._cost = cost
        self._now = now

    def challenge(self) -> dict[str, Any]:
        return altcha.create_challenge(
            ALGORITHM,
            self._cost,
            counter=FEWEST_TRIES + secrets.randbelow(MOST_TRIES - FEWEST_TRIES),
            expires_at=int(self._now()) + LIFETIME_SECONDS,
            hmac_secret=self._challenge_key,
            hmac_key_secret=self._solution_key,
        ).to_dict()

    def verify(self, payload: str) -> str | None:
        if not isinstance(payload, str) or not 0 < len(payload) <= _LONGEST_PAYLOAD:
            return None
        try:
            solved = altcha.Payload.from_base64(payload)
            result = altcha.verify_solution(solved, self._challenge_key, hmac_key_secret=self._solution_key)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):  # whatever a stranger may send
            return None
        expires_at = solved.challenge.parameters.expires_at
        fresh = isinstance(expires_at, int) and self._now() < expires_at
        return solved.challenge.signature if result.verified and fresh else None
