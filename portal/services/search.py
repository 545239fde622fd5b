"""Keeps the words that clients are found by (`domain/search.py`), and the name they are sorted by, as the record and
its contacts are."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import col, delete, select

from portal.domain import search
from portal.domain.contacts import show_phone
from portal.models import Channel, Contact, Patient, SearchWord
from portal.models.db import columns
from portal.work import Work


def index(work: Work, patient: Patient) -> None:
    """Bring one client up to date: for whoever changes a name or a contact, in the same transaction."""
    work.db.flush()
    wanted = _words(patient, _contacts(work, [patient.id]).get(patient.id, []))
    kept = set(work.db.exec(select(SearchWord.word).where(SearchWord.patient_id == patient.id)).all())
    if gone := kept - wanted:
        work.db.exec(delete(SearchWord).where(col(SearchWord.patient_id) == patient.id, col(SearchWord.word).in_(gone)))
    _add(work, [{"patient_id": patient.id, "word": word} for word in sorted(wanted - kept)])
    patient.sort_name = search.sort_name(patient.first_name, patient.last_name)
    work.db.add(patient)
    work.db.flush()


def index_many(work: Work, people: Collection[Patient]) -> None:
    """The same for many at once, in four statements: for an import, and for `index_missing`."""
    work.db.flush()
    ids = [person.id for person in people]
    contacts = _contacts(work, ids)
    work.db.exec(delete(SearchWord).where(col(SearchWord.patient_id).in_(ids)))
    rows: list[dict[str, Any]] = []
    for person in people:
        person.sort_name = search.sort_name(person.first_name, person.last_name)
        words = sorted(_words(person, contacts.get(person.id, [])))
        rows += [{"patient_id": person.id, "word": word} for word in words]
    _add(work, rows)
    work.db.flush()


def index_missing(work: Work, most: int = 200) -> int:
    """Make the words of clients who have none yet, because they were there before words were kept; how many."""
    missing = select(Patient).where(Patient.sort_name == "").limit(most).with_for_update(key_share=True)
    people = work.db.exec(missing).all()
    if people:
        index_many(work, people)
    return len(people)


def _add(work: Work, rows: list[dict[str, Any]]) -> None:
    if rows:
        work.db.execute(insert(SearchWord), rows)


def _words(patient: Patient, contacts: Collection[tuple[Channel, str]]) -> set[str]:
    if patient.merged_into_id is not None:
        return set()
    words = search.name_words(patient.first_name, patient.last_name, patient.preferred_name)
    for channel, value in contacts:
        if channel is Channel.PHONE:
            words |= search.phone_words(value, show_phone(value, patient.country or "US"))
        else:
            words |= search.email_words(value)
    return words


def _contacts(work: Work, patients: Collection[UUID]) -> dict[UUID, list[tuple[Channel, str]]]:
    found: dict[UUID, list[tuple[Channel, str]]] = {}
    current = columns(Contact.patient_id, Contact.channel, Contact.value).where(
        col(Contact.patient_id).in_(patients), col(Contact.retired_at).is_(None)
    )
    for patient_id, channel, value in work.rows(current):
        found.setdefault(patient_id, []).append((channel, value))
    return found
