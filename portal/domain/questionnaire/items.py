"""What a questionnaire is made of: groups and questions, their options and conditions.

The words are those of FHIR R4 Questionnaire (hl7.org/fhir/R4/questionnaire.html). Where FHIR needs an extension (unit,
bounds, scales, help), a plain key says it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, cast

LONGEST_LINE = 255
LONGEST_TEXT = 4_000
MOST_PHOTOS = 4
LARGEST_PHOTO = 10_000_000  # bytes of the file that is sent
LARGEST = 10**12  # no number that anybody answers with is larger

#: What may stand in a question before anybody has typed: the latest submission of the same form, or what is on record.
LAST = "last"
SOURCES = (
    *("patient.name", "patient.preferredName", "patient.birthDate", "patient.phone", "patient.email"),
    *("patient.address", "emergency.name", "emergency.phone", "emergency.relationship"),
    *("pharmacy.name", "pharmacy.phone", "carrier.name", "carrier.memberId", "referral"),
)


class Kind(StrEnum):
    """The types of items. SCALE is one of a row of whole numbers; ATTACHMENT is photographs."""

    GROUP = "group"
    DISPLAY = "display"
    STRING = "string"
    TEXT = "text"
    BOOLEAN = "boolean"
    CHOICE = "choice"
    OPEN_CHOICE = "open-choice"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    SCALE = "scale"
    ATTACHMENT = "attachment"
    SIGNATURE = "signature"


SILENT = frozenset({Kind.GROUP, Kind.DISPLAY})
CHOSEN = frozenset({Kind.CHOICE, Kind.OPEN_CHOICE})
NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL})


class Days(StrEnum):
    """Which days a date may be."""

    ANY = "any"
    PAST = "past"  # today too
    FUTURE = "future"  # today too
    BIRTH = "birth"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that is offered. An `exclusive` one ("None of these") stands alone."""

    code: str
    label: str
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of `enableWhen`. For the operator "exists", `answer` says whether there has to be one."""

    question: str
    operator: str
    answer: bool | str | Decimal | date


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `least` and `most` bound numbers and scales, `longest` texts (characters), `photos` the photographs.

    `missing` is what is said when it is required and not answered, where the usual words do not say why.

    `prefill` names what is known already and may stand here (`SOURCES`, `LAST`).
    """

    link_id: str
    kind: Kind
    text: str
    help: str = ""
    missing: str = ""
    required: bool = False
    repeats: bool = False
    options: tuple[Option, ...] = ()
    items: tuple["Item", ...] = ()
    conditions: tuple[Condition, ...] = ()
    any_of: bool = False
    longest: int = LONGEST_LINE
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    least_label: str = ""
    most_label: str = ""
    days: Days = Days.ANY
    photos: int = MOST_PHOTOS
    prefill: str = ""

    @property
    def asks(self) -> bool:
        """Whether it is a question."""
        return self.kind not in SILENT

    @property
    def many(self) -> bool:
        """Whether several of its options may be chosen."""
        return self.repeats and self.kind in CHOSEN

    def option(self, code: object) -> Option | None:
        """The option with this code."""
        return next((option for option in self.options if option.code == code), None)

    def walk(self) -> Iterator["Item"]:
        """This item and all within it, as they are read."""
        yield self
        for item in self.items:
            yield from item.walk()


def as_object(raw: object) -> Mapping[str, Any] | None:
    """A JSON object as such; None for anything else."""
    if not isinstance(raw, Mapping):
        return None
    found = cast("Mapping[object, Any]", raw)
    return cast("Mapping[str, Any]", found) if all(isinstance(key, str) for key in found) else None


def as_list(raw: object) -> list[Any] | None:
    """A JSON list as such; None for anything else."""
    return list(cast("list[Any]", raw)) if isinstance(raw, list | tuple) else None
