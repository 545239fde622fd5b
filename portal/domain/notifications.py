"""What patients and the practice are told of, in the words that a feed and an email's subject have.

Source: behaviour, section 2 (notifications) and section 3 (what the practice is told).
"""

from enum import StrEnum


class Kind(StrEnum):
    """What a line of the patient's feed is about."""

    VISIT_BOOKED = "appointment.booked"
    VISIT_MOVED = "appointment.changed"
    VISIT_CANCELLED = "appointment.cancelled"
    VISIT_RESTORED = "appointment.restored"
    REMINDER = "appointment.reminder"
    FORM_ASSIGNED = "form.assigned"
    FORM_RESET = "form.reset"
    FORM_SIGNED = "form.signed"
    FORM_FILLED = "form.filled"
    FORMS_DUE = "form.due"
    FORM_EXPIRING = "form.expiring"
    INSTRUCTIONS = "instructions.ready"
    INVOICE = "invoice.issued"
    PAYMENT_RECEIVED = "payment.received"
    PAYMENT_FAILED = "payment.failed"
    MEMBERSHIP = "membership.changed"
    PRESCRIPTION = "prescription.added"
    MESSAGE = "message.received"
    ACCESS = "access.changed"


#: The title of a feed line, where the fact itself does not give it other words.
TITLES = {
    Kind.VISIT_BOOKED: "New appointment booked",
    Kind.VISIT_MOVED: "Your appointment has a new time",
    Kind.VISIT_CANCELLED: "Your appointment is cancelled",
    Kind.VISIT_RESTORED: "Your appointment stands again",
    Kind.REMINDER: "Appointment reminder",
    Kind.FORM_ASSIGNED: "New form to complete",
    Kind.FORM_RESET: "A form was reset",
    Kind.FORM_SIGNED: "Form signed",
    Kind.FORM_FILLED: "Form filled",
    Kind.FORMS_DUE: "Forms to complete before your visit",
    Kind.FORM_EXPIRING: "A form expires soon",
    Kind.INSTRUCTIONS: "New treatment instructions available",
    Kind.INVOICE: "New invoice",
    Kind.PAYMENT_RECEIVED: "Payment received",
    Kind.PAYMENT_FAILED: "Payment failed",
    Kind.MEMBERSHIP: "Your membership has changed",
    Kind.PRESCRIPTION: "New prescription",
    Kind.MESSAGE: "New message",
    Kind.ACCESS: "Your log-in was changed",
}


class PracticeKind(StrEnum):
    """What the practice is told of; `Practice.recipients` has the addresses for each."""

    VISIT_CONFIRMED = "appointment.confirmed"
    VISIT_MOVED = "appointment.changed"
    VISIT_CANCELLED = "appointment.cancelled"
    VISIT_RESTORED = "appointment.restored"
    OPT_OUT_UNMATCHED = "opt-out.unmatched"
    OPT_OUT_SHARED = "opt-out.shared"
    POSSIBLE_DUPLICATE = "client.duplicate"


PRACTICE_TITLES = {
    PracticeKind.VISIT_CONFIRMED: "Appointment confirmed",
    PracticeKind.VISIT_MOVED: "Appointment moved",
    PracticeKind.VISIT_CANCELLED: "Appointment cancelled",
    PracticeKind.VISIT_RESTORED: "Cancellation taken back",
    PracticeKind.OPT_OUT_UNMATCHED: "Opt-out at online booking: no such client",
    PracticeKind.OPT_OUT_SHARED: "Opt-out at online booking: several clients",
    PracticeKind.POSSIBLE_DUPLICATE: "Possible duplicate: a new client",
}
