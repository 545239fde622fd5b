"""Finished documents. The bytes live in content-addressed storage; a row says whose they are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import String
from sqlmodel import Field

from portal.models.types import Row, instant, to


class StoredDocument(Row, table=True):
    """One sealed file, stored once: every download is these bytes."""

    __tablename__ = "stored_document"
    patient_id: UUID = to("patient")
    form_id: UUID | None = Field(default=None, foreign_key="assigned_form.id", ondelete="RESTRICT", unique=True)
    number: str | None = Field(default=None, unique=True)  # as it is printed on the form's pages
    sha256: str = Field(sa_type=String(64), index=True)
    size: int  # bytes
    title: str
    media_type: str = "application/pdf"
    created_at: datetime = instant()
