"""Reading what people type: all problems of a form at once, each as one sentence for beside its field."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from portal.errors import Invalid

T = TypeVar("T")

LONGEST_NAME = 80
LONGEST_LINE = 160
_ZIP = re.compile(r"\d{5}(-\d{4})?")
# Two letters of each US state, territory and military address.
_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP VI AA AE AP"
)
STATES = frozenset(_STATES.split())


class Unclear(ValueError):
    """One entry that cannot be taken; `str()` is the sentence that says what is wrong and how to mend it."""


class Entries:
    """The fields of one form. `take` them one by one, then `check`: `Invalid` carries every problem found."""

    def __init__(self, typed: Mapping[str, Any]) -> None:
        self._typed = typed
        self.problems: dict[str, str] = {}

    def take(self, name: str, read: Callable[..., T], *args: Any) -> T | None:
        """The field as `read` understands it; None after noting the problem."""
        value = self._typed.get(name)
        try:
            return read(value if isinstance(value, str) else "", *args)
        except Unclear as problem:
            self.refuse(name, str(problem))
            return None

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked; browsers send "on"."""
        return self._typed.get(name) in {True, "on", "true", "yes"}

    def refuse(self, name: str, sentence: str) -> None:
        """Note a problem; the first one of each field stands."""
        self.problems.setdefault(name, sentence)

    def check(self) -> None:
        """`Invalid` when anything was wrong."""
        if self.problems:
            raise Invalid(self.problems)


def line(typed: str, longest: int = LONGEST_LINE) -> str:
    """One line of free text: composed letters, single spaces, nothing that cannot be printed. May be empty."""
    text = " ".join(unicodedata.normalize("NFC", typed).split())
    if any(unicodedata.category(letter).startswith("C") for letter in text):
        raise Unclear("Please leave out characters that cannot be printed.")
    if len(text) > longest:
        raise Unclear(f"Please keep this to {longest} characters.")
    return text


def required(typed: str, sentence: str, longest: int = LONGEST_LINE) -> str:
    """One line that must not be empty; `sentence` asks for it."""
    text = line(typed, longest)
    if not text:
        raise Unclear(sentence)
    return text


def person_name(typed: str, what: str) -> str:
    """A legal name: letters of any script, with the marks that names have. `what` is "first name", for example."""
    text = required(typed, f"Add your {what}, as it is on your ID.", LONGEST_NAME)
    if not any(letter.isalpha() for letter in text):
        raise Unclear(f"A {what} needs at least one letter.")
    if any(letter.isdigit() or letter in "<>{}[]@#$%^*=+|\\/_~" for letter in text):
        raise Unclear(f"Please write your {what} with letters only. Hyphens, spaces and apostrophes are fine.")
    return text


def one_of(typed: str, known: Mapping[str, str] | list[str], sentence: str) -> str:
    """A choice from a list that we offered; `sentence` asks to choose from it."""
    if typed not in known:
        raise Unclear(sentence)
    return typed


def state_code(typed: str) -> str:
    """A US state's two letters, or nothing."""
    text = typed.strip().upper()
    if text and text not in STATES:
        raise Unclear("Use the two letters of the state, such as OR.")
    return text


def zip_code(typed: str) -> str:
    """A US ZIP code of five or nine digits, or nothing."""
    text = typed.strip()
    if text and not _ZIP.fullmatch(text):
        raise Unclear("A ZIP code has 5 digits, such as 97209.")
    return text
