"""Invoices: what a patient owes, under the next number of the practice."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import func, select

from portal.errors import Invalid
from portal.models import Invoice, InvoiceLine, Patient, Practice
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice; the price of one, in cents."""

    description: str
    unit_cents: int
    quantity: int = 1


def issue(
    work: Work, patient_id: UUID, title: str, lines: Sequence[Line], appointment_id: UUID | None = None
) -> Invoice:
    """Make an unpaid invoice with the next number: one after the other, none left out, whoever asks at once.

    The patient is told by whoever asks for it (`notify`), in the same message as what it is for.

    `Invalid` without a line, or for a line of nothing.
    """
    if not lines or any(line.quantity < 1 or line.unit_cents < 0 for line in lines):
        raise Invalid({"lines": "An invoice has at least one line, each of at least one thing."})
    practice = work.get(Practice, work.get(Patient, patient_id).practice_id)
    work.hold("invoice")
    last = work.db.exec(select(func.max(Invoice.number))).one()
    invoice = work.add(
        Invoice(
            patient_id=patient_id,
            appointment_id=appointment_id,
            number=practice.first_invoice if last is None else last + 1,
            title=title,
            total_cents=sum(line.unit_cents * line.quantity for line in lines),
            currency=practice.currency,
            issued_at=work.now(),
        )
    )
    for position, line in enumerate(lines, 1):
        work.db.add(
            InvoiceLine(
                invoice_id=invoice.id,
                position=position,
                description=line.description,
                quantity=line.quantity,
                unit_cents=line.unit_cents,
            )
        )
    work.db.flush()
    work.audit("invoice.issued", invoice, number=invoice.number, cents=invoice.total_cents)
    work.changed(patient_id, "invoices")
    return invoice
