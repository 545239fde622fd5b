"""The makers' loyalty programs: what each asks for, and reading what staff type.

Source: `behaviour.md` 7. Alle, Xperience and Aspire have a log-in or a member number; Evolus is a tick only.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.domain import entry
from portal.domain.entry import Entries

#: In the order of the design, by the word that is kept.
PROGRAMS = {"alle": "Alle", "aspire": "Aspire", "xperience": "Xperience", "evolus": "Evolus"}
WITH_LOG_IN = frozenset({"alle", "aspire", "xperience"})
#: Those whose maker offers an integration of its own (settings, `PORTAL_LOYALTY_LINKS`). This portal exchanges nothing.
INTEGRATIONS = ("aspire", "evolus")

LOG_IN, NUMBER = "login", "number"
HOWS = {LOG_IN: "Username and password", NUMBER: "Member number only"}
LONGEST_PASSWORD = 200
SHOWN_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Entered:
    """A log-in, or a member number alone. None is "as it was", where something was."""

    username: str | None = None
    password: str | None = None
    member_number: str | None = None


def read_entered(program: str, typed: Mapping[str, Any], *, kept: str = "") -> Entered:
    """What was typed for a program; `kept` is what is on file (`LOG_IN`, `NUMBER`), which empty fields leave as it is.

    `Invalid` with every problem beside its field.
    """
    form = Entries(typed)
    if program not in WITH_LOG_IN:
        return Entered()
    how = form.take("how", entry.one_of, HOWS, "Choose what the client gave you.")
    form.check()
    if how == NUMBER:
        number = form.take("member_number", _optional, kept == NUMBER, "Add the member number.", 40)
        form.check()
        return Entered(member_number=number)
    username = form.take("username", _optional, kept == LOG_IN, "Add the username.", 254)
    password = form.take("password", _password, kept == LOG_IN)
    form.check()
    return Entered(username=username, password=password)


def _optional(typed: str, may_be_empty: bool, sentence: str, longest: int) -> str | None:
    text = entry.line(typed, longest) if may_be_empty else entry.required(typed, sentence, longest)
    return text or None


def _password(typed: str, may_be_empty: bool) -> str | None:
    """Exactly as typed: spaces may be part of it."""
    if not typed and not may_be_empty:
        raise entry.Unclear("Add the password.")
    if len(typed) > LONGEST_PASSWORD:
        raise entry.Unclear(f"Please keep this to {LONGEST_PASSWORD} characters.")
    if any(unicodedata.category(letter).startswith("C") for letter in typed):
        raise entry.Unclear("Please leave out characters that cannot be printed.")
    return typed or None
