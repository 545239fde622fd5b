"""Errors that a person may read.

Every `PortalError` carries one plain sentence, fit for the screen. Anything else that escapes a use case is a fault
of ours and reaches the person as a reference code only (see `portal.state.bridge`).
"""

import secrets
from collections.abc import Mapping

_REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that can be misread over the telephone


class PortalError(Exception):
    """A refusal with a sentence for the person who asked."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(PortalError):
    """It does not exist, or it is someone else's: the two are told apart nowhere."""

    def __init__(self, sentence: str = "We could not find that. It may have been moved or removed.") -> None:
        super().__init__(sentence)


class Denied(PortalError):
    """The actor may not do this."""

    def __init__(self, sentence: str = "You are not signed in for that.") -> None:
        super().__init__(sentence)


class Conflict(PortalError):
    """The world moved on: taken, signed, or changed by someone else meanwhile."""


class TooMany(PortalError):
    """A limit was hit; `retry_seconds` says how long until it lifts."""

    def __init__(self, sentence: str, retry_seconds: int) -> None:
        super().__init__(sentence)
        self.retry_seconds = retry_seconds


class Invalid(PortalError):
    """Input that cannot be taken: one sentence for each field, shown beside it."""

    def __init__(
        self, fields: Mapping[str, str], sentence: str = "Please check the marked fields. Nothing was lost."
    ) -> None:
        super().__init__(sentence)
        self.fields = dict(fields)


def reference_code() -> str:
    """A short code such as LM-7Q4K-2291, printed on the screen and in the log."""
    letters = [secrets.choice(_REFERENCE_ALPHABET) for _ in range(4)]
    return f"LM-{''.join(letters)}-{secrets.randbelow(10_000):04d}"
