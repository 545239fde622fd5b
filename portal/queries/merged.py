"""The records that went into one: what was done with them belongs to the one that stays."""

from uuid import UUID

from sqlmodel import col, select

from portal.models import Patient
from portal.work import Work

DEEPEST = 10  # merges of merges


def records_of(work: Work, client_id: UUID) -> list[UUID]:
    """The record's own id first, then those of the records that were merged into it."""
    found, newest = [client_id], [client_id]
    for _ in range(DEEPEST):
        newest = list(work.db.exec(select(Patient.id).where(col(Patient.merged_into_id).in_(newest))).all())
        newest = [one for one in newest if one not in found]
        if not newest:
            break
        found += newest
    return found
