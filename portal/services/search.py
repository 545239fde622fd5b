"""Keeps the words that clients are found by (`domain/search.py`) as the record and its contacts are."""

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, delete, select

from portal.domain import search
from portal.domain.contacts import show_phone
from portal.models import Channel, Contact, Patient, SearchWord
from portal.work import Work


def index(work: Work, patient: Patient) -> None:
    """Bring the words of one client up to date: for whoever changes a name or a contact, in the same transaction."""
    wanted = _words(patient, _contacts(work, [patient.id]).get(patient.id, []))
    kept = {row.word: row for row in work.db.exec(select(SearchWord).where(SearchWord.patient_id == patient.id)).all()}
    for word in kept.keys() - wanted:
        work.db.delete(kept[word])
    work.db.add_all(SearchWord(patient_id=patient.id, word=word) for word in sorted(wanted - kept.keys()))
    work.db.flush()


def index_all(work: Work, after: UUID | None = None, most: int = 500) -> UUID | None:
    """Make the words of the next `most` clients anew; the last one's id, or None at the end. For records
    that were there before their words were kept."""
    query = select(Patient).order_by(col(Patient.id)).limit(most)
    people = work.db.exec(query.where(Patient.id > after) if after else query).all()
    if not people:
        return None
    ids = [person.id for person in people]
    contacts = _contacts(work, ids)
    work.db.exec(delete(SearchWord).where(col(SearchWord.patient_id).in_(ids)))
    work.db.add_all(
        SearchWord(patient_id=person.id, word=word)
        for person in people
        for word in sorted(_words(person, contacts.get(person.id, [])))
    )
    work.db.flush()
    return ids[-1]


def _words(patient: Patient, contacts: Collection[Contact]) -> set[str]:
    if patient.merged_into_id is not None:
        return set()
    words = search.name_words(patient.first_name, patient.last_name, patient.preferred_name)
    for contact in contacts:
        if contact.channel is Channel.PHONE:
            words |= search.phone_words(contact.value, show_phone(contact.value, patient.country or "US"))
        else:
            words |= search.email_words(contact.value)
    return words


def _contacts(work: Work, patients: Collection[UUID]) -> dict[UUID, list[Contact]]:
    found: dict[UUID, list[Contact]] = {}
    for contact in work.db.exec(
        select(Contact).where(col(Contact.patient_id).in_(patients), col(Contact.retired_at).is_(None))
    ).all():
        found.setdefault(contact.patient_id, []).append(contact)
    return found
