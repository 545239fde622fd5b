"""An allergy as staff write it down: what of, what it does, how badly."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain.entry import Entries, line, one_of, required

NONE_KNOWN = "No known allergies"
SEVERITIES = {"": "Not known", "mild": "Mild", "moderate": "Moderate", "severe": "Severe"}
LONGEST_SUBSTANCE, LONGEST_REACTION = 120, 200


@dataclass(frozen=True, slots=True)
class AllergyEntry:
    """A sound entry. `severity` is a key of `SEVERITIES`."""

    substance: str
    reaction: str
    severity: str


def read_allergy(typed: Mapping[str, Any]) -> AllergyEntry:
    """The entry in a form; `Invalid` with every problem of it."""
    entries = Entries(typed)
    substance = entries.take("substance", required, "Add what the client is allergic to.", LONGEST_SUBSTANCE)
    reaction = entries.take("reaction", line, LONGEST_REACTION)
    severity = entries.take("severity", one_of, SEVERITIES, "Choose how severe it is.")
    entries.check()
    return AllergyEntry(substance or "", reaction or "", severity or "")


def same_substance(one: str, other: str) -> bool:
    """Whether two entries name the same substance."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
