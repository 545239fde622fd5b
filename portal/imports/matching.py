"""Who of the file is here already, and what was last taken from the file for them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from portal.imports.people import Person
from portal.models import Channel, Contact, Guardian, ImportedRow, Patient
from portal.security.keys import keyed_hash
from portal.work import Work

KIND = "patients"
CHANNELS = {"phone": Channel.PHONE, "email": Channel.EMAIL}


@dataclass
class Known:
    """What the database has of one person of the file. `contacts` are the person's own current ones, by column."""

    patient: Patient
    row: ImportedRow | None
    contacts: dict[str, Contact]
    has_guardian: bool

    def current(self, name: str) -> str:
        """A value as it stands here, in the words that are hashed."""
        if name in CHANNELS:
            return self.contacts[name].value if name in self.contacts else ""
        return plain(getattr(self.patient, name))

    def untouched(self, name: str) -> bool:
        """Whether a value still is as the last import left it; before the first one, whether it is empty."""
        before = self.row.hashes.get(name) if self.row else None
        return hash_of(name, self.current(name)) == (before or hash_of(name, ""))


def clients_here(work: Work, external_ids: Iterable[str]) -> dict[str, Patient]:
    """The clients by their ids in the old system; of a record that was merged, the one that it went into."""
    found = work.db.exec(select(Patient).where(col(Patient.external_id).in_(list(external_ids)))).all()
    return {
        str(patient.external_id): work.get(Patient, patient.merged_into_id) if patient.merged_into_id else patient
        for patient in found
    }


def known_people(work: Work, people: Sequence[Person]) -> dict[str, Known]:
    """Those who came with an earlier import, by their id in the old system."""
    patients = clients_here(work, [person.external_id for person in people])
    rows = {
        row.external_id: row
        for row in work.db.exec(
            select(ImportedRow).where(ImportedRow.kind == KIND, col(ImportedRow.external_id).in_(list(patients)))
        )
    }
    known = _with_contacts(work, [(patient, rows.get(one)) for one, patient in patients.items()])
    return dict(zip(patients, known, strict=True))


@dataclass(frozen=True, slots=True)
class Match:
    """A person of the file and somebody here of the same name and birth date; `same` when they share a contact too."""

    person: Person
    known: Known
    same: bool


def people_alike(work: Work, people: Sequence[Person]) -> Iterator[Match]:
    """Those who are here without an id of the old system, because they signed up before the import."""
    born = {person.born for person in people}
    rows = work.db.exec(
        select(Patient).where(col(Patient.external_id).is_(None), col(Patient.date_of_birth).in_(born))
    ).all()
    here = list(_with_contacts(work, [(patient, None) for patient in rows]))
    for person in people:
        alike = [known for known in here if _who(known.patient) == _who_in(person)]
        theirs = {person.phone, person.email} - {""}
        shared = [known for known in alike if theirs & {known.current(name) for name in CHANNELS}]
        if shared:
            here.remove(shared[0])
        if alike:
            yield Match(person, (shared or alike)[0], bool(shared))


def hashes_of(person: Person) -> dict[str, str]:
    """A keyed hash of each value that the file gives."""
    given = {**person.values, "phone": person.phone, "email": person.email}
    return {name: hash_of(name, plain(value)) for name, value in given.items() if plain(value)}


def hash_of(name: str, value: str) -> str:
    """A keyed hash of one value of one column: the same value elsewhere has another."""
    return keyed_hash("import", f"{name}={value}")[:24]


def plain(value: Any) -> str:
    """A value in the words that are hashed and compared."""
    return "" if value is None else str(value)


def _with_contacts(work: Work, rows: Iterable[tuple[Patient, ImportedRow | None]]) -> Iterator[Known]:
    rows = list(rows)
    ids = [patient.id for patient, _ in rows]
    if not ids:
        return
    own: dict[UUID, dict[str, Contact]] = {patient_id: {} for patient_id in ids}
    current = select(Contact).where(
        col(Contact.patient_id).in_(ids), col(Contact.retired_at).is_(None), col(Contact.guardian_id).is_(None)
    )
    for contact in work.db.exec(current):
        own[contact.patient_id][contact.channel.value] = contact
    guarded = set(work.db.exec(select(Guardian.patient_id).where(col(Guardian.patient_id).in_(ids))))
    for patient, row in rows:
        yield Known(patient, row, own[patient.id], patient.id in guarded)


def _who(patient: Patient) -> tuple[str, str, Any]:
    return patient.first_name.casefold(), patient.last_name.casefold(), patient.date_of_birth


def _who_in(person: Person) -> tuple[str, str, Any]:
    return person.values["first_name"].casefold(), person.values["last_name"].casefold(), person.born
