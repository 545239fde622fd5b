"""One record of a file, judged: what of it is sound, and what is left out and why. Nothing is guessed."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

import phonenumbers

from portal.domain.contacts import read_email, read_phone
from portal.domain.entry import Unclear
from portal.domain.people import OLDEST_AGE, age_on, is_adult
from portal.imports.findings import LONGEST_VALUE, Finding, Refused, cells_of, unfit
from portal.imports.reading import Record

REQUIRED = frozenset({"external_id", "first_name", "last_name", "birth_date"})
OPTIONAL = (
    *("preferred_name", "prefix", "deceased_at", "sex", "phone", "email", "address", "city", "state", "postal_code"),
    *("country", "language", "clinic", "emergency_name", "emergency_phone", "guardian_name", "guardian_relationship"),
    *("guardian_phone", "guardian_email"),
)
COLUMNS = (*sorted(REQUIRED), *OPTIONAL)
SEXES = {"f": "female", "m": "male"} | {word: word for word in ("female", "male", "other", "unknown")}

# Column of the file → column of the record, for plain words.
_WORDS = {
    "preferred_name": "preferred_name",
    "prefix": "prefix",
    "address": "street",
    "city": "city",
    "state": "state",
    "postal_code": "postal_code",
    "emergency_name": "emergency_name",
    "emergency_phone": "emergency_phone",
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who speaks for a child, as the file has it."""

    name: str
    relationship: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """What is sound of one record. `values` are columns of the patient that the file gives, empty ones left out."""

    line: int
    external_id: str
    values: dict[str, Any]
    phone: str = ""  # E.164
    email: str = ""  # as normalised
    guardian: Guardian | None = None

    @property
    def born(self) -> date:
        """Date of birth."""
        return self.values["date_of_birth"]


@dataclass
class Reader:
    """Judges records for one practice on one day. `clinics` are the ids of clinics by name in lower case."""

    today: date
    country: str
    clinics: dict[str, Any] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def read(self, record: Record) -> Person | None:
        """The person in a record, or None; `findings` grows by whatever is not taken."""
        cells = cells_of(record)
        row = _Row(record.line, cells.get("external_id", "")[:LONGEST_VALUE], cells, self)
        if record.problem:
            row.tell("row", "", record.problem)
            return None
        try:
            return row.person()
        except Refused as refused:
            column, reason = refused.args
            row.tell("row", column, reason)
            return None


@dataclass
class _Row:
    line: int
    external_id: str
    cells: dict[str, str]
    reader: Reader

    def tell(self, kind: str, column: str, reason: str) -> None:
        self.reader.findings.append(Finding(self.line, self.external_id, kind, column, reason))

    def person(self) -> Person:
        for column in ("external_id", "first_name", "last_name"):
            self._must_be_words(column)
        born = self._born()
        died = self._died(born)
        values: dict[str, Any] = {
            "first_name": self.cells["first_name"],
            "last_name": self.cells["last_name"],
            "date_of_birth": born,
            "deceased_at": died,
            "sex": self._choice("sex", SEXES, "is none of female, male, other, unknown"),
            "country": self._country(),
            "language": self._language(),
            "primary_clinic_id": self._choice("clinic", self.reader.clinics, "is no clinic of this practice"),
        } | {theirs: self._words(column) for column, theirs in _WORDS.items()}
        region = values["country"] or self.reader.country
        person = Person(
            self.line,
            self.external_id,
            {name: value for name, value in values.items() if value},
            self._phone("phone", region),
            self._email("email"),
            self._guardian(born, region),
        )
        self._notes(person)
        return person

    def _notes(self, person: Person) -> None:
        if "deceased_at" in person.values:
            self.tell("note", "deceased_at", "has died: taken as inactive, with no log-in and no messages")
        elif not is_adult(person.born, self.reader.today):
            if person.guardian is None:
                self.tell("note", "birth_date", "is under 18: needs a guardian before anyone can log in")
        elif not person.phone and not person.email:
            self.tell("note", "", "no phone or email could be taken: cannot log in until the front desk adds one")

    def _must_be_words(self, column: str) -> None:
        value = self.cells.get(column, "")
        if not value:
            raise Refused(column, f"{column} is empty")
        if problem := unfit(value):
            raise Refused(column, f"{column} {problem}")

    def _words(self, column: str) -> str:
        value = self.cells.get(column, "")
        if value and (problem := unfit(value)):
            self.tell("value", column, f"{column} {problem}: left out")
            return ""
        return value

    def _born(self) -> date:
        value = self.cells["birth_date"]
        born = _day(value)
        if born is None:
            raise Refused("birth_date", f"birth_date {value[:20]!r} is not a date written YYYY-MM-DD")
        if born > self.reader.today:
            raise Refused("birth_date", f"birth_date {value} is in the future")
        return born

    def _died(self, born: date) -> datetime | None:
        value = self.cells.get("deceased_at", "")
        died = _instant(value)
        if value and died is None:
            raise Refused("deceased_at", f"deceased_at {value[:40]!r} is no date: it cannot be told who lives")
        if died and not born <= died.date() <= self.reader.today:
            raise Refused("deceased_at", f"deceased_at {value[:40]} is before the birth or in the future")
        if age_on(died.date() if died else self.reader.today, born) > OLDEST_AGE:
            raise Refused("birth_date", f"birth_date {born} makes this person older than {OLDEST_AGE}")
        return died

    def _choice(self, column: str, choices: dict[str, Any], problem: str) -> Any:
        value = self.cells.get(column, "")
        if value and value.casefold() not in choices:
            self.tell("value", column, f"{column} {value[:40]!r} {problem}: left out")
        return choices.get(value.casefold(), "")

    def _country(self) -> str:
        value = self.cells.get("country", "").upper()
        if value and value not in phonenumbers.SUPPORTED_REGIONS:
            self.tell("value", "country", f"country {value[:20]!r} is not a two-letter code such as US: left out")
            return ""
        return value

    def _language(self) -> str:
        value = self.cells.get("language", "")
        if value and not _LANGUAGE.fullmatch(value):
            self.tell("value", "language", f"language {value[:20]!r} is not a code such as en or es-MX: left out")
            return ""
        return value

    def _phone(self, column: str, region: str) -> str:
        value = self.cells.get(column, "")
        if not value:
            return ""
        try:
            number = read_phone(value, region)
        except Unclear:
            number = ""
        # Log-in takes any number of the right length; a record wants one that its country's plan has.
        if not number or not phonenumbers.is_valid_number(phonenumbers.parse(number)):
            self.tell("value", column, f"{column} {value[:40]} is not a possible number: left out")
            return ""
        return number

    def _email(self, column: str) -> str:
        value = self.cells.get(column, "")
        if not value:
            return ""
        try:
            email = read_email(value)
        except Unclear as unclear:
            self.tell("value", column, f"{column} {value[:80]}: left out. {unclear}")
            return ""
        if not email.rpartition("@")[0].isascii():
            kept = "kept, and codes reach it where the mail service takes such addresses"
            self.tell("note", column, f"{column} {value[:80]} has letters outside ASCII before the @: {kept}")
        return email

    def _guardian(self, born: date, region: str) -> Guardian | None:
        name, relationship = self._words("guardian_name"), self._words("guardian_relationship")
        if not name:
            return None
        if is_adult(born, self.reader.today):
            self.tell("value", "guardian_name", "is 18 or older: the guardian is left out")
            return None
        phone, email = self._phone("guardian_phone", region), self._email("guardian_email")
        if not relationship or not (phone or email):
            self.tell("value", "guardian_name", "a guardian needs a relationship and a phone or email: left out")
            return None
        return Guardian(name, relationship, phone, email)


def _day(value: str) -> date | None:
    """A date written YYYY-MM-DD; None for anything else, since 03/04/05 could be three dates."""
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        return None


def _instant(value: str) -> datetime | None:
    """A date, or a date with a time; without a zone it is taken as UTC."""
    day = _day(value[:10])
    try:
        moment = datetime.fromisoformat(value) if day and value[10:] else day and datetime.combine(day, time())
    except ValueError:
        return None
    return moment and (moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
