"""What open pages must hear of."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from portal.models.types import Row, instant


class LiveChange(Row, table=True):
    """Something of a patient's changed, written in the transaction that changed it. Kept for some minutes.

    `patient_id` is None for the practice's own feed. `topics` are separated by spaces (`portal.live`).
    """

    __tablename__ = "live_change"
    patient_id: UUID | None = Field(default=None)
    topics: str
    at: datetime = instant(index=True)
