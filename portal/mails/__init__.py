"""What the portal writes to people. Each message is a small typed value whose `letter()` is ready to send."""

from portal.mails.letter import Letter, Practice
from portal.mails.news import InstructionsMail, InvoiceMail, PracticeNoticeMail
from portal.mails.paperwork import FormResetMail, Forms, FormsDueMail, FormsToCompleteMail, SignedCopyMail
from portal.mails.signing_in import ContactChangedMail, FactorChangedMail, InviteMail, PasscodeMail, SignedOutMail
from portal.mails.visits import (
    Reader,
    ReminderMail,
    Visit,
    VisitBookedMail,
    VisitCancelledMail,
    VisitMovedMail,
)

__all__ = [
    "ContactChangedMail",
    "FactorChangedMail",
    "FormResetMail",
    "Forms",
    "FormsDueMail",
    "FormsToCompleteMail",
    "InstructionsMail",
    "InviteMail",
    "InvoiceMail",
    "Letter",
    "PasscodeMail",
    "Practice",
    "PracticeNoticeMail",
    "Reader",
    "ReminderMail",
    "SignedCopyMail",
    "SignedOutMail",
    "Visit",
    "VisitBookedMail",
    "VisitCancelledMail",
    "VisitMovedMail",
]
