"""Two records that look alike, of two people: once somebody of the practice has said so, nobody is asked again."""

from uuid import UUID

from sqlmodel import select

from portal.domain.access import Privilege
from portal.errors import Conflict, NotFound
from portal.models import Patient, ToldApart
from portal.services.merging import GONE
from portal.work import Work


def tell_apart(work: Work, client_id: UUID, other_id: UUID) -> None:
    """Note that the two are not the same person; said twice it is noted once.

    `NotFound` for what is no client or the same one, `Conflict` for a record that was merged, `Denied` for who may not
    edit clients. They can still be merged by somebody who finds that they are one person after all.
    """
    work.require(Privilege.CLIENTS_EDIT)
    if client_id == other_id:
        raise NotFound
    work.hold("merge")
    for one in (client_id, other_id):
        if work.get(Patient, one).merged_into_id is not None:
            raise Conflict(GONE)
    first, second = sorted((client_id, other_id))
    pair = select(ToldApart.id).where(ToldApart.one_id == first, ToldApart.other_id == second)
    if work.db.exec(pair).first() is not None:
        return
    noted = work.add(ToldApart(one_id=first, other_id=second, staff_id=work.actor.staff_id, at=work.now()))
    for one, other in ((client_id, other_id), (other_id, client_id)):
        work.audit("client.told_apart", noted, patient_id=one, other=str(other))
        work.changed(one, "record")
