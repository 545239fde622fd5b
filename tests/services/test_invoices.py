"""Invoices: their numbers, their sums."""

import pytest
from sqlmodel import col, select

from portal.domain.billing import InvoiceStatus
from portal.errors import Invalid, NotFound
from portal.ids import uuid7
from portal.models import AuditEvent, Invoice, InvoiceLine, Practice
from portal.services import invoices
from portal.services.invoices import Line
from portal.work import SYSTEM
from tests.support.clinic import OpenAs, TestClinic


def test_an_invoice_has_the_next_number_and_the_sum_of_its_lines(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        work.get(Practice, clinic.practice_id).first_invoice = 1047
        first = invoices.issue(
            work, clinic.amelia.patient_id, "HydraFacial Deluxe", [Line("HydraFacial Deluxe", 18500)]
        )
        second = invoices.issue(work, clinic.rosa.patient_id, "Peels", [Line("Peel", 9000, 2), Line("Cream", 2550)])
        assert (first.number, second.number) == (1047, 1048)
        assert (first.total_cents, second.total_cents) == (18500, 20550)
        assert (first.status, first.currency, first.issued_at) == (InvoiceStatus.UNPAID, "USD", work.now())
        lines = work.db.exec(
            select(InvoiceLine).where(InvoiceLine.invoice_id == second.id).order_by(col(InvoiceLine.position))
        ).all()
        assert [(line.description, line.quantity, line.unit_cents) for line in lines] == [
            ("Peel", 2, 9000), ("Cream", 1, 2550),
        ]  # fmt: skip
        logged = work.db.exec(select(AuditEvent).where(AuditEvent.action == "invoice.issued")).all()
        assert [event.detail["cents"] for event in logged] == [18500, 20550]


def test_what_is_taken_back_leaves_no_gap(clinic: TestClinic, open_as: OpenAs) -> None:
    def issue() -> None:
        with open_as(SYSTEM) as work:
            invoices.issue(work, clinic.amelia.patient_id, "Peel", [Line("Peel", 9000)])
            if fails:
                raise KeyError

    for fails in (False, True, False):
        if fails:
            with pytest.raises(KeyError):
                issue()
        else:
            issue()
    with open_as(SYSTEM) as work:
        assert sorted(work.db.exec(select(Invoice.number)).all()) == [1001, 1002]


def test_an_invoice_of_nothing_is_none(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        for lines in ([], [Line("Peel", 9000, 0)], [Line("Peel", -1)]):
            with pytest.raises(Invalid):
                invoices.issue(work, clinic.amelia.patient_id, "Peel", lines)
        with pytest.raises(NotFound):
            invoices.issue(work, uuid7(), "Peel", [Line("Peel", 9000)])
        assert work.db.exec(select(Invoice)).all() == []
