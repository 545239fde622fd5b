"""What an import has to tell, what both kinds of import ask of a value, and how a lot is brought in."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from sqlalchemy.exc import DBAPIError

from portal.imports.reading import Record
from portal.work import Work

LONGEST_VALUE = 200  # characters
# They turn the direction of what follows, so that a name could be shown as another.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to tell: `kind` is "row" (not taken at all), "value" (left out) or "note" (taken; good to know)."""

    line: int
    external_id: str
    kind: str
    field: str
    reason: str


class Refused(Exception):
    """A whole record cannot be taken; the column and the reason."""


class Judged(Protocol):
    """A sound record: where it stood, and the person's id in the old system."""

    @property
    def line(self) -> int: ...
    @property
    def external_id(self) -> str: ...


Item = TypeVar("Item", bound=Judged)


@dataclass
class Taken:
    """What became of the records of a file: how many, and what there is to tell."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: "Taken") -> None:
        """Count another lot in."""
        self.created += other.created
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.refused += other.refused
        self.findings += other.findings

    def tell(self, item: Judged, kind: str, column: str, reason: str) -> None:
        """Report something about one record."""
        self.findings.append(Finding(item.line, item.external_id, kind, column, reason))

    def refuse(self, item: Judged, column: str, reason: str) -> None:
        """One record is not taken."""
        self.refused += 1
        self.tell(item, "row", column, reason)


def take_each(work: Work, items: Sequence[Item], take: Callable[[Sequence[Item], Taken], None]) -> Taken:
    """Bring a lot in with `take`. One record that the database refuses is rolled back alone, and reported."""
    taken = Taken()
    try:
        with work.db.begin_nested():
            take(items, taken)
            work.db.flush()
    except DBAPIError:
        taken = Taken()
        if len(items) == 1:
            taken.refuse(items[0], "", "the database refuses it")
        else:
            for item in items:
                taken.add(take_each(work, [item], take))
    return taken


def cells_of(record: Record) -> dict[str, str]:
    """The cells of a record, composed (NFC) and with single spaces."""
    return {name: unicodedata.normalize("NFC", " ".join(value.split())) for name, value in record.cells.items()}


def unfit(value: str) -> str:
    """Why a value cannot be stored as words; empty when it can."""
    if len(value) > LONGEST_VALUE:
        return f"is longer than {LONGEST_VALUE} characters"
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"} or letter in _TURNING for letter in value):
        return "holds characters that cannot be seen"
    return ""
