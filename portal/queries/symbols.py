"""The symbols beside a client's name, the same everywhere: in the list, the profile, the schedule, the Provider App.

The star of a member and its slashed sister join when there are memberships.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from portal.domain.access import Privilege
from portal.models import Allergy
from portal.models.db import columns
from portal.queries.expiring import has_expiring
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Symbols:
    """Which of them apply: the red triangle for allergies, the red timer for documents that expire soon or have."""

    allergies: bool = False
    expiring: bool = False


NONE = Symbols()


def symbols_of(work: Work, patient_ids: Collection[UUID]) -> dict[UUID, Symbols]:
    """The symbols of each of these clients. Three statements, none for nobody. `Denied` for who may not see clients."""
    work.require(Privilege.CLIENTS_VIEW)
    ids = list(patient_ids)
    if not ids:
        return {}
    allergic = set(work.rows(_ALLERGIC, patients=ids).scalars())
    expiring = has_expiring(work, ids)
    return {one: Symbols(one in allergic, one in expiring) for one in ids}


_ALLERGIC = (
    columns(Allergy.patient_id)
    .where(col(Allergy.patient_id).in_(bindparam("patients", expanding=True)), col(Allergy.ended_at).is_(None))
    .distinct()
)
