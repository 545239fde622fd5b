"""What the portal writes to people. Each message is a small typed value whose `letter()` is ready to send."""

from portal.mails.letter import Letter, Practice
from portal.mails.paperwork import FormsToCompleteMail, SignedCopyMail
from portal.mails.signing_in import ContactChangedMail, InviteMail, PasscodeMail

__all__ = [
    "ContactChangedMail",
    "FormsToCompleteMail",
    "InviteMail",
    "Letter",
    "PasscodeMail",
    "Practice",
    "SignedCopyMail",
]
