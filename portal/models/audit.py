"""Who did or saw what. Rows are added, sealed in order into a hash chain, and never changed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlmodel import Field

from portal.models.types import Row, instant


class AuditEvent(Row, table=True):
    """One act, view or denial. `seq`, `prev_hash` and `hash` are set by the sealing job within seconds.

    No foreign keys: the log outlives what it tells of. `count` is more than one for denials gathered over a minute.
    """

    __tablename__ = "audit_event"
    at: datetime = instant()
    actor_kind: str  # patient, guardian, staff, system, nobody
    actor_id: UUID | None = None
    actor_label: str = ""
    session_id: UUID | None = None
    action: str
    subject_kind: str = ""
    subject_id: UUID | None = None
    patient_id: UUID | None = None
    address: str = ""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    count: int = 1
    seq: int | None = Field(default=None, unique=True)
    prev_hash: str | None = Field(default=None, sa_type=String(64))
    hash: str | None = Field(default=None, sa_type=String(64))

    # The search pages by `at` and `id`, along whichever of these it is asked for.
    __table_args__ = (
        Index("ix_audit_at", "at", "id"),
        Index("ix_audit_patient", "patient_id", "at", "id"),
        Index("ix_audit_actor", "actor_id", "at", "id"),
        Index("ix_audit_action", "action", "at", "id"),
    )
