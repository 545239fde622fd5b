"""How often somebody may ask: counted in this process, in windows of time."""

import time
from collections import Counter
from collections.abc import Callable

MOST_KEYS = 10_000


class Pace:
    """`most` times in `seconds` for each key. Keys beyond `MOST_KEYS` begin a new window: memory stays bounded."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.seconds = most, seconds
        self._clock = clock
        self._asked: Counter[str] = Counter()
        self._until = 0.0

    def left(self, key: str) -> int:
        """How often the key may still ask in this window."""
        if self._clock() >= self._until or len(self._asked) >= MOST_KEYS:
            self._asked.clear()
            self._until = self._clock() + self.seconds
        return self.most - self._asked[key] if key in self._asked else self.most

    def count(self, key: str) -> None:
        """The key asked once more."""
        if self.left(key) > 0:
            self._asked[key] += 1

    def knows(self, key: str) -> bool:
        """Whether the key asked in this window."""
        return self.left(key) < self.most
