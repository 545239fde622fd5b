"""What an import remembers of each line it took, so that the next run knows what is new in the file."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, String, UniqueConstraint
from sqlmodel import Field

from portal.models.types import Row, instant, to


class ImportedRow(Row, table=True):
    """One line of another system, as last taken. It holds keyed hashes only: of the whole line, and of each value.

    A value whose hash here still fits the record has not been changed in the portal since, so the file may change it.
    """

    __tablename__ = "imported_row"
    kind: str  # patients
    external_id: str
    patient_id: UUID = to("patient")
    line_hash: str = Field(sa_type=String(64))
    hashes: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    taken_at: datetime = instant()

    __table_args__ = (UniqueConstraint("kind", "external_id"),)
