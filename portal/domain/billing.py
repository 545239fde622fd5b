"""What an invoice is called while it lives."""

from enum import StrEnum


class InvoiceStatus(StrEnum):
    """The life of an invoice."""

    UNPAID = "unpaid"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    REFUNDED = "refunded"
    VOID = "void"


LABELS = {
    InvoiceStatus.UNPAID: "Unpaid",
    InvoiceStatus.PARTLY_PAID: "Partly paid",
    InvoiceStatus.PAID: "Paid",
    InvoiceStatus.REFUNDED: "Refunded",
    InvoiceStatus.VOID: "Void",
}

#: Invoices with something left to pay.
DUE = (InvoiceStatus.UNPAID, InvoiceStatus.PARTLY_PAID)
