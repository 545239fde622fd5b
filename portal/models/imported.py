"""What an import remembers of each line it took, so that the next run knows what is new in the file."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field

from portal.models.types import Row, instant, to


class ImportedRow(Row, table=True):
    """One line of another system, as last taken: a keyed hash of each value that was in it.

    A value in the record that still fits its hash here has not been changed in the portal since: the file may change
    it.
    """

    __tablename__ = "imported_row"
    kind: str  # patients
    external_id: str
    patient_id: UUID = to("patient")
    hashes: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    taken_at: datetime = instant()

    __table_args__ = (UniqueConstraint("kind", "external_id"),)
