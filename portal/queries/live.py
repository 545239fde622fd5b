"""What changed lately: how a process hears of what another one committed."""

from uuid import UUID

from sqlalchemy import bindparam
from sqlmodel import col

from portal.live import Change
from portal.models import LiveChange
from portal.models.db import columns
from portal.work import Work


def changes_since(work: Work, after: UUID) -> list[Change]:
    """Every change whose id is greater, in order. A row with a smaller id may be committed later than one seen."""
    return [
        Change(row.id, row.patient_id, frozenset(row.topics.split())) for row in work.rows(_SINCE, after=after).all()
    ]


_SINCE = (
    columns(LiveChange.id, LiveChange.patient_id, LiveChange.topics)
    .where(col(LiveChange.id) > bindparam("after"))
    .order_by(col(LiveChange.id))
)
