"""Who of the staff is signed in, and what waits for them, for the frame of every staff page."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import col, func

from portal.domain.access import ROLE_NAMES, Privilege
from portal.domain.paperwork import FormStatus
from portal.errors import NotFound
from portal.models import AssignedForm, ClientChange, Staff
from portal.models.db import columns
from portal.queries.notice_feed import NEW
from portal.work import Work


@dataclass(frozen=True, slots=True)
class StaffFrame:
    """The member of staff as the bar shows them. `waiting` counts what the paperwork queue holds for somebody to do:
    witness signatures, and clients' own changes to review. `news` counts the practice's notices since they last looked
    at the feed, no further than "99+"."""

    name: str
    initials: str
    role: str
    waiting: int
    news: int = 0


def staff_frame(work: Work) -> StaffFrame:
    """The signed-in member of staff; one statement. `NotFound` for anybody else."""
    row = work.rows(_FRAME, staff=work.actor.staff_id).first()
    if row is None:
        raise NotFound
    name = f"{row.first_name} {row.last_name}"
    return StaffFrame(
        name=f"{name}, {row.credentials}" if row.credentials else name,
        initials=f"{row.first_name[:1]}{row.last_name[:1]}".upper(),
        role=ROLE_NAMES[row.role],
        waiting=row.witnesses + row.changes,
        news=row.news if work.actor.may(Privilege.NOTICES_VIEW) else 0,
    )


_WITNESSES = select(func.count()).where(col(AssignedForm.status) == FormStatus.WITNESS).scalar_subquery()
_CHANGES = select(func.count()).where(col(ClientChange.reviewed_at).is_(None)).scalar_subquery()
_FRAME = columns(
    Staff.first_name,
    Staff.last_name,
    Staff.credentials,
    Staff.role,
    _WITNESSES.label("witnesses"),
    _CHANGES.label("changes"),
    NEW.label("news"),
).where(Staff.id == bindparam("staff"))
