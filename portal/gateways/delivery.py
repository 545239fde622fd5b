"""What every sender answers with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

Console = Callable[[str], None]
"""Where a built-in twin says in one line what it would have sent: `print` at a desk, nothing in a test."""


@dataclass(frozen=True)
class Delivery:
    """A message was accepted for delivery; `provider_id` is the provider's own name for it."""

    provider_id: str


@runtime_checkable
class Knowing(Protocol):
    """A sender whose provider can be asked what became of a message when its answer was lost."""

    def find(self, to: str, text: str, key: str, since: datetime) -> Delivery | None:
        """The delivery of the message that was handed over at `since` or later; None when it never arrived there.

        Raises `TemporaryFailure` when the provider cannot be asked now.
        """
        ...


def silent(_line: str) -> None:
    """A console that nobody reads."""
