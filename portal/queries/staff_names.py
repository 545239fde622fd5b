"""Members of staff by name, for lists that say who did something."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from portal.domain.access import ROLE_NAMES
from portal.models import Staff
from portal.work import Work


@dataclass(frozen=True, slots=True)
class StaffName:
    """Who it is and what they are at the practice."""

    name: str
    role: str


def staff_names(work: Work, ids: Iterable[UUID | None]) -> dict[UUID | None, StaffName]:
    """Name and role of those asked for; who is no staff is left out."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = work.db.exec(select(Staff).where(col(Staff.id).in_(wanted))).all()
    return {row.id: StaffName(row.display_name, row.title or ROLE_NAMES[row.role]) for row in rows}
