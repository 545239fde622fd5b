"""Messages about what is new in the portal: amount and link, or a link alone."""

from dataclasses import dataclass

from portal.mails.letter import Button, Letter, Practice, compose


@dataclass(frozen=True)
class InvoiceMail:
    """There is an invoice to pay; `amount` as people read it ("$185.00")."""

    first_name: str
    practice: Practice
    link: str
    number: int
    amount: str

    def letter(self) -> Letter:
        """Email and text."""
        told = f"Invoice {self.number} for {self.amount} is in your portal."
        return compose(
            self.practice,
            f"Invoice {self.number} from {self.practice.name}",
            told,
            greeting=f"Hello {self.first_name},",
            button=Button("See the invoice", self.link),
            sms=f"{self.practice.name}: {told} {self.link}",
        )


@dataclass(frozen=True)
class InstructionsMail:
    """There is something to read before or after a visit on `day` ("Tuesday, November 24")."""

    first_name: str
    practice: Practice
    link: str
    day: str

    def letter(self) -> Letter:
        """Email and text."""
        told = f"New instructions for your visit on {self.day} are in your portal."
        return compose(
            self.practice,
            f"Instructions for your visit on {self.day}",
            told,
            greeting=f"Hello {self.first_name},",
            button=Button("Read the instructions", self.link),
            sms=f"{self.practice.name}: {told} {self.link}",
        )


@dataclass(frozen=True)
class PracticeNoticeMail:
    """Told to the practice: `what` happened, to `who` ("Amelia H."), and `when` the visit is."""

    practice: Practice
    what: str
    who: str
    when: str
    link: str

    def letter(self) -> Letter:
        """Email alone."""
        return compose(
            self.practice,
            f"{self.what}: {self.who}, {self.when}",
            f"{self.what} by the patient in the portal:",
            card=(self.who, self.when),
            button=Button("Open the client list", self.link),
        )
