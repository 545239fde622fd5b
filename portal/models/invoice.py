"""Invoices. Money is integer cents in the practice's currency."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlmodel import Field

from portal.domain.billing import InvoiceStatus
from portal.models.types import Row, instant, to, word


class Invoice(Row, table=True):
    """What a patient owes. `number` is what people call it by; `title` says for what, in few words."""

    __tablename__ = "invoice"
    patient_id: UUID = to("patient", index=False)
    appointment_id: UUID | None = to("appointment", default=None)
    number: int = Field(unique=True)
    title: str
    status: InvoiceStatus = word(InvoiceStatus, default=InvoiceStatus.UNPAID)
    total_cents: int
    paid_cents: int = 0
    currency: str = "USD"
    issued_at: datetime = instant()

    __table_args__ = (
        Index("ix_invoice_patient", "patient_id", "issued_at"),
        Index("ix_invoice_status", "status", "patient_id"),
    )


class InvoiceLine(Row, table=True):
    """One line of an invoice."""

    __tablename__ = "invoice_line"
    invoice_id: UUID = to("invoice")
    position: int
    description: str
    quantity: int = 1
    unit_cents: int
