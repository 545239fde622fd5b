"""How clients are found: the words that somebody is found by, and what a typed question means.

Words are compared without case and accents, from their beginning, in any order. Telephone numbers are found by any
format, whole, without the country, by the last seven digits and by the last four; emails from their beginning and by
the parts before the @; a date of birth by the date.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.domain.entry import Unclear
from portal.domain.people import read_birth_date

MOST_TERMS = 6
LONGEST_TERM = 80
_APART = re.compile(r"[^\w]+|_")
_NUMBER = re.compile(r"[\d()+.\-/]*\d[\d()+.\-/]*")
_DATE = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{4}-\d{2}-\d{2}")
_DAY_MONTH = re.compile(r"^(\d{1,2})[-/.]?(\d{1,2})[-/.]?(\d{4})$")
_TAILS = (7, 4)


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed: words that each begin some word of the client's, and a day of birth. Empty is everybody."""

    terms: tuple[str, ...] = ()
    born: date | None = None


def fold(text: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def sort_name(first: str, last: str) -> str:
    """A name as lists are sorted by it: last name first, without case, accents and signs. Never empty."""
    # The tab sorts before the space: all of one last name stand together.
    return "\t".join(" ".join(part for part in _APART.split(fold(name)) if part) for name in (last, first))


def name_words(*names: str) -> set[str]:
    """The words of names: each part, and parts that were joined by a hyphen or an apostrophe as one."""
    words: set[str] = set()
    for name in names:
        for whole in fold(name).split():
            parts = [part for part in _APART.split(whole) if part]
            words.update(parts)
            words.add("".join(parts))
    return words - {""}


def phone_words(e164: str, national: str) -> set[str]:
    """The digits that a number is found by; `national` is it without its country's prefix."""
    whole, short = _digits(e164), _digits(national)
    return {whole, short, *(short[-length:] for length in _TAILS)} - {""}


def email_words(email: str) -> set[str]:
    """The address, and the parts before the @."""
    folded = fold(email)
    return {folded, *(part for part in _APART.split(folded.partition("@")[0]) if part)} - {""}


def read_question(typed: str, today: date, *, day_first: bool = False) -> Question:
    """What a search field's text asks for. Numbers that stand apart belong together: (503) 555 0187.

    `day_first` says how the practice writes dates; one that can only be meant the other way is understood so.
    """
    terms: list[str] = []
    born: date | None = None
    number = ""
    for word in [*typed[:500].split(), ""]:
        if _NUMBER.fullmatch(word) and not _DATE.fullmatch(word):
            number += _digits(word)
            continue
        if number:
            terms.append(number)
            number = ""
        if not word:
            continue
        if _DATE.fullmatch(word):
            born = _born(word, today, day_first) or born
        elif "@" in word:
            terms.append(fold(word))
        else:
            terms.extend(part for part in _APART.split(fold(word)) if part)
    if born is None and len(terms) == 1 and len(terms[0]) == 8 and terms[0].isdecimal():
        born = _born(terms[0], today, day_first)
        terms = [] if born else terms
    return Question(tuple(_distinct(term[:LONGEST_TERM] for term in terms))[:MOST_TERMS], born)


def _born(word: str, today: date, day_first: bool) -> date | None:
    turned = _DAY_MONTH.sub(r"\2/\1/\3", word)
    for reading in (turned, word) if day_first else (word, turned):
        try:
            return read_birth_date(reading, today)
        except Unclear:
            continue
    return None


def _distinct(terms: Iterable[str]) -> list[str]:
    """Each once, without those that another one begins with: what fits the longer fits the shorter."""
    found = sorted(set(terms), key=len, reverse=True)
    return [term for place, term in enumerate(found) if not any(longer.startswith(term) for longer in found[:place])]


def _digits(text: str) -> str:
    return "".join(str(int(letter)) for letter in text if letter.isdecimal())
