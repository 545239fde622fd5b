"""When two records may be one person's. Staff are told and decide; nothing is done by itself."""

from dataclasses import dataclass
from datetime import date

from portal.domain.search import fold, name_words


@dataclass(frozen=True, slots=True)
class Who:
    """What two records are compared by. `reached` holds the telephone numbers and email addresses as they are kept."""

    first: str
    last: str
    born: date
    preferred: str = ""
    reached: frozenset[str] = frozenset()


def why_alike(one: Who, other: Who) -> str:
    """What the two share, as staff read it, or nothing where they are two people as far as anybody can tell.

    A household shares contacts, twins a birthday too: the first name has to fit as well. A contact and the whole name
    outweigh a date of birth that differs, and so does a day that was taken for a month.
    """
    if not _first_names_fit(one, other):
        return ""
    surname, contact = _last_names_fit(one, other), one.reached & other.reached
    if one.born == other.born and (surname or contact):
        shared = ["name" if surname else "first name", "date of birth", *(["contact"] if contact else [])]
        return f"Same {_listed(shared)}"
    if surname and contact:
        return "Same name and contact, another date of birth"
    if surname and turned(one.born) == other.born:
        return "Same name, day and month of birth the other way round"
    return ""


def turned(born: date) -> date | None:
    """The day that is meant when day and month were taken for one another."""
    try:
        return born.replace(month=born.day, day=born.month)
    except ValueError:
        return None


def _first_names_fit(one: Who, other: Who) -> bool:
    """The same, or one the beginning of the other ("Liz", "Lizbeth"), legal or preferred."""
    ours, theirs = ((_plain(who.first), _plain(who.preferred)) for who in (one, other))
    return any(
        a and b and (a.startswith(b) or b.startswith(a)) and min(len(a), len(b)) > 1 for a in ours for b in theirs
    )


def _last_names_fit(one: Who, other: Who) -> bool:
    """One of a double name is enough."""
    ours, theirs = name_words(one.last), name_words(other.last)
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


def _plain(name: str) -> str:
    """The first of somebody's first names, as it is compared."""
    return "".join(letter for letter in "".join(fold(name).split()[:1]) if letter.isalnum())


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}"
