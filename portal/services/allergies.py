"""What a client must not be given or touched with: written down, ended, or known to be nothing."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from portal.domain.access import Privilege
from portal.domain.allergies import read_allergy, same_substance
from portal.errors import Conflict, Invalid, NotFound
from portal.models import Allergy, Patient
from portal.work import Work

ENDED_ALREADY = "That allergy was ended already. It stays in the list of earlier ones."
SOME_KNOWN = "End the allergies on the list first: both cannot be true."


def add(work: Work, client_id: UUID, typed: Mapping[str, Any]) -> UUID:
    """Write an allergy down. `Invalid` with all problems, also where the substance is on the list already.

    An earlier "No known allergies" is over with it.
    """
    work.require(Privilege.MEDICAL_EDIT)
    entry, client = read_allergy(typed), _client(work, client_id)
    if any(same_substance(entry.substance, row.substance) for row in _current(work, client.id)):
        raise Invalid({"substance": f"{entry.substance} is on the list already."})
    allergy = work.add(
        Allergy(
            patient_id=client.id,
            substance=entry.substance,
            reaction=entry.reaction,
            severity=entry.severity,
            recorded_by=work.actor.staff_id,
            recorded_at=work.now(),
        )
    )
    client.no_allergies_at, client.no_allergies_by = None, None
    work.db.add(client)
    _done(work, "allergy.added", allergy)
    return allergy.id


def end(work: Work, client_id: UUID, allergy_id: UUID) -> None:
    """An allergy counts no more: kept, with who ended it and when. `NotFound` for another client's."""
    work.require(Privilege.MEDICAL_EDIT)
    client = _client(work, client_id)
    allergy = work.db.exec(select(Allergy).where(Allergy.id == allergy_id, Allergy.patient_id == client.id)).first()
    if allergy is None:
        raise NotFound
    if allergy.ended_at is not None:
        raise Conflict(ENDED_ALREADY)
    allergy.ended_at, allergy.ended_by = work.now(), work.actor.staff_id
    work.db.add(allergy)
    _done(work, "allergy.ended", allergy)


def none_known(work: Work, client_id: UUID) -> None:
    """The client was asked and knows of no allergy: by whom and when. `Conflict` while one is on the list."""
    work.require(Privilege.MEDICAL_EDIT)
    client = _client(work, client_id)
    if _current(work, client.id):
        raise Conflict(SOME_KNOWN)
    client.no_allergies_at, client.no_allergies_by = work.now(), work.actor.staff_id
    work.db.add(client)
    work.audit("allergies.none_known", client, patient_id=client.id)
    work.changed(client.id, "record")


def _client(work: Work, client_id: UUID) -> Patient:
    """The client, locked: an allergy and "No known allergies" in one moment go one after the other."""
    client = work.db.exec(
        select(Patient)
        .where(Patient.id == client_id, col(Patient.merged_into_id).is_(None))
        .with_for_update(key_share=True)
    ).first()
    if client is None:
        raise NotFound
    return client


def _current(work: Work, client_id: UUID) -> list[Allergy]:
    rows = select(Allergy).where(Allergy.patient_id == client_id, col(Allergy.ended_at).is_(None))
    return list(work.db.exec(rows).all())


def _done(work: Work, action: str, allergy: Allergy) -> None:
    work.audit(action, allergy)
    work.changed(allergy.patient_id, "record")
    work.changed(None, "practice")  # the symbol by the name, wherever staff see it
