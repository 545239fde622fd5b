"""What every sender answers with."""

from collections.abc import Callable
from dataclasses import dataclass

Console = Callable[[str], None]
"""Where a built-in twin says in one line what it would have sent: `print` at a desk, nothing in a test."""


@dataclass(frozen=True)
class Delivery:
    """A message was accepted for delivery; `provider_id` is the provider's own name for it."""

    provider_id: str


def silent(_line: str) -> None:
    """A console that nobody reads."""
