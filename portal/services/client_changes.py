"""What clients change by themselves: kept with before and after, for staff to look at.

The change counts at once; the review is that somebody at the practice has seen it.
"""

import json
from collections.abc import Mapping
from uuid import UUID

from sqlmodel import select

from portal.domain.access import Privilege
from portal.domain.client_record import area_of
from portal.errors import Conflict, NotFound
from portal.models import ClientChange
from portal.work import Work


def record(work: Work, patient_id: UUID, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """Note what a client changed: an item to review for each area (`domain/client_record.AREAS`).

    Both are by field, in the words in which people read them. What did not change is left out.
    """
    changed = [name for name in after if before.get(name, "") != after[name]]
    for area in dict.fromkeys(area_of(name) for name in changed):
        fields = [name for name in changed if area_of(name) == area]
        work.add(
            ClientChange(
                patient_id=patient_id,
                area=area,
                before=json.dumps({name: before.get(name, "") for name in fields}),
                after=json.dumps({name: after[name] for name in fields}),
                changed_at=work.now(),
            )
        )
    if changed:
        work.changed(patient_id, "record")
        work.changed(None, "practice")


def review(work: Work, change_id: UUID) -> None:
    """Somebody of the staff has seen the change. `Conflict` where somebody has before."""
    work.require(Privilege.CHANGES_REVIEW)
    change = work.db.exec(
        select(ClientChange).where(ClientChange.id == change_id).with_for_update(key_share=True)
    ).first()
    if change is None:
        raise NotFound
    if change.reviewed_at is not None:
        raise Conflict("Somebody has reviewed this change already.")
    change.reviewed_at, change.reviewed_by = work.now(), work.actor.staff_id
    work.db.add(change)
    work.audit("client-change.reviewed", change, area=change.area)
    work.changed(change.patient_id, "record")
    work.changed(None, "practice")
