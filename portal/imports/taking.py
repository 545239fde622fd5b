"""Bringing judged people into the records, a batch at a time.

Who wins when both sides changed: the file may change what still is as the last run left it. What a patient or the front
desk has changed since stays, and is reported once. An empty cell says nothing. A phone or email that was proved with a
code belongs to the person: no file replaces it.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from portal.imports.findings import Taken, take_each
from portal.imports.matching import CHANNELS, KIND, Known, hash_of, hashes_of, known_people, people_alike, plain
from portal.imports.people import Person
from portal.models import Contact, Guardian, ImportedRow, Patient, PatientStatus, Practice
from portal.services import search
from portal.work import Work

_DEFAULTED = ("country", "language")  # the portal fills these where the file does not


def take(work: Work, practice: Practice, people: Sequence[Person]) -> Taken:
    """Create or update these people. One that the database refuses is rolled back alone, and reported."""
    return take_each(work, people, lambda some, taken: _take(work, practice.id, practice.country, some, taken))


def _take(work: Work, practice_id: UUID, country: str, people: Sequence[Person], taken: Taken) -> None:
    known = known_people(work, people)
    for match in people_alike(work, [person for person in people if person.external_id not in known]):
        if match.same:
            match.known.patient.external_id = match.person.external_id
            known[match.person.external_id] = match.known
            taken.tell(match.person, "note", "", "is here already (name, birth date, contact): the same person")
        else:
            taken.tell(match.person, "note", "", "name and birth date are here already: another person was made")
    new = [person for person in people if person.external_id not in known]
    touched = _create(work, practice_id, country, new, taken)
    for person in people:
        if person.external_id in known and _update(work, known[person.external_id], person, taken):
            touched.append(known[person.external_id].patient)
    if touched:
        search.index_many(work, touched)


def _create(work: Work, practice_id: UUID, country: str, people: Sequence[Person], taken: Taken) -> list[Patient]:
    made = [(person, _patient(work, practice_id, country, person)) for person in people]
    work.db.flush()
    for person, patient in made:
        _add_contacts(work, patient.id, person.phone, person.email)
        hashes = hashes_of(person) | {name: hash_of(name, getattr(patient, name)) for name in _DEFAULTED}
        work.db.add(
            ImportedRow(
                kind=KIND, external_id=person.external_id, patient_id=patient.id, hashes=hashes, taken_at=work.now()
            )
        )
        if person.guardian is not None:
            _add_guardian(work, patient.id, person)
        work.audit("patient.imported", patient, patient_id=patient.id)
    taken.created += len(made)
    return [patient for _, patient in made]


def _patient(work: Work, practice_id: UUID, country: str, person: Person) -> Patient:
    status = PatientStatus.INACTIVE if "deceased_at" in person.values else PatientStatus.ACTIVE
    values: dict[str, Any] = {"country": country} | person.values
    patient = Patient(
        practice_id=practice_id,
        external_id=person.external_id,
        source="import",
        created_at=work.now(),
        status=status,
        **values,
    )
    work.db.add(patient)
    return patient


def _update(work: Work, known: Known, person: Person, taken: Taken) -> bool:
    before, in_file = known.row.hashes if known.row else {}, hashes_of(person)
    changed: list[str] = []
    for name, value in (person.values | {"phone": person.phone, "email": person.email}).items():
        if in_file.get(name) == before.get(name) or name not in in_file or known.current(name) == plain(value):
            continue
        if name in known.contacts and known.contacts[name].verified_at is not None:
            taken.tell(person, "value", name, f"{name} here was proved with a code: kept as it is here")
        elif not known.untouched(name):
            taken.tell(person, "value", name, f"{name} was changed here since the last import: kept as it is here")
        else:
            _change(work, known, name, value)
            changed.append(name)
    if person.guardian is not None and not known.has_guardian:
        _add_guardian(work, known.patient.id, person)
        changed.append("guardian")
    _remember(work, known, person, before | in_file)
    if changed:
        known.patient.version += 1
        work.audit("patient.import_changed", known.patient, patient_id=known.patient.id, fields=sorted(changed))
        taken.changed += 1
    else:
        taken.unchanged += 1
    return bool(changed)


def _remember(work: Work, known: Known, person: Person, hashes: dict[str, str]) -> None:
    if known.row is None:
        known.row = ImportedRow(
            kind=KIND, external_id=person.external_id, patient_id=known.patient.id, hashes=hashes, taken_at=work.now()
        )
        work.db.add(known.row)
    elif known.row.hashes != hashes:
        known.row.hashes, known.row.taken_at = hashes, work.now()


def _change(work: Work, known: Known, name: str, value: Any) -> None:
    if name not in CHANNELS:
        setattr(known.patient, name, value)
        if name == "deceased_at":
            known.patient.status = PatientStatus.INACTIVE
        return
    if name in known.contacts:
        known.contacts[name].retired_at = work.now()
        work.db.flush()  # one current contact of each kind: the old one goes first
    _add_contacts(work, known.patient.id, value if name == "phone" else "", value if name == "email" else "")


def _add_guardian(work: Work, patient_id: UUID, person: Person) -> None:
    if person.guardian is not None:
        guardian = work.add(
            Guardian(patient_id=patient_id, name=person.guardian.name, relationship=person.guardian.relationship)
        )
        _add_contacts(work, patient_id, person.guardian.phone, person.guardian.email, guardian.id)


def _add_contacts(work: Work, patient_id: UUID, phone: str, email: str, guardian_id: UUID | None = None) -> None:
    for name, value in (("phone", phone), ("email", email)):
        if value:
            work.db.add(
                Contact(
                    patient_id=patient_id,
                    guardian_id=guardian_id,
                    channel=CHANNELS[name],
                    value=value,
                    created_at=work.now(),
                )
            )
