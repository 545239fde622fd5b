"""Messages about visits: day, time and place, and a link to the rest, which stays behind the log-in."""

from dataclasses import dataclass

from portal.mails.letter import Button, Letter, Practice, compose
from portal.mails.paperwork import Forms

STOP_TEXTS = "Reply STOP to end texts."


@dataclass(frozen=True)
class Visit:
    """A visit in the words of its clinic: "Tuesday, November 24", "Tue, Nov 24", "Tuesday", "10:30 AM"."""

    day: str
    short_day: str
    weekday: str
    time: str
    place: str  # the clinic's name
    address: str
    link: str
    parking: str = ""

    @property
    def card(self) -> tuple[str, ...]:
        """What stands out in an email."""
        return tuple(line for line in (self.day, self.time, self.place, self.address) if line)

    @property
    def when(self) -> str:
        """In one breath, for a text."""
        return f"{self.short_day} at {self.time}"

    @property
    def where(self) -> str:
        """In one breath, for a text."""
        return f", {self.address or self.place}" if self.address or self.place else ""


@dataclass(frozen=True)
class Reader:
    """Who reads, and whose visit it is: the reader's own, or that of the child whose name is given."""

    first_name: str
    child: str = ""

    @property
    def greeting(self) -> str:
        """How a letter begins."""
        return f"Hello {self.first_name},"

    @property
    def visit(self) -> str:
        """Your visit, or Mateo's visit."""
        return f"{self.child}’s visit" if self.child else "your visit"


@dataclass(frozen=True)
class VisitBookedMail:
    """A visit was booked. It carries what there is to complete for it, so that nobody is written to twice."""

    reader: Reader
    practice: Practice
    visit: Visit
    forms: Forms | None = None

    def letter(self) -> Letter:
        """Email and text."""
        todo = self.forms.sentence if self.forms else ""
        name, visit, reader = self.practice.name, self.visit, self.reader
        paragraphs = [f"{_capital(reader.visit)} at {name} is booked.", *([todo] if todo else [])]
        return compose(
            self.practice,
            f"{_capital(reader.visit)} on {visit.day} at {visit.time}",
            *paragraphs,
            greeting=reader.greeting,
            card=visit.card,
            button=Button("Open my portal", visit.link),
            afterwards=(
                *([visit.parking] if visit.parking else []),
                "In your portal you can confirm the visit, complete forms and see what to bring.",
                "The attached file puts the visit into your calendar.",
            ),
            sms=_text(
                f"{name}: Hello {reader.first_name}, {reader.visit} is booked for {visit.when}{visit.where}.",
                todo,
                f"Details: {visit.link}",
            ),
        )


@dataclass(frozen=True)
class VisitMovedMail:
    """A visit has another time; `before` is the old one ("Tuesday, November 24 at 10:30 AM")."""

    reader: Reader
    practice: Practice
    visit: Visit
    before: str

    def letter(self) -> Letter:
        """Email and text."""
        name, visit, reader = self.practice.name, self.visit, self.reader
        return compose(
            self.practice,
            f"New time for {reader.visit}: {visit.day} at {visit.time}",
            f"{_capital(reader.visit)} at {name} has a new time. It was {self.before} before.",
            greeting=reader.greeting,
            card=visit.card,
            button=Button("See the visit", visit.link),
            afterwards=("The attached file changes the visit in your calendar.",),
            sms=_text(
                f"{name}: Hello {reader.first_name}, {reader.visit} has a new time: {visit.when}{visit.where}.",
                f"Details: {visit.link}",
            ),
        )


@dataclass(frozen=True)
class VisitCancelledMail:
    """A visit is cancelled for good. `by_us` when the practice did it; `fee` is a late fee ("$50.00") or empty;
    `booking` is where a new visit is booked, or empty."""

    reader: Reader
    practice: Practice
    visit: Visit
    by_us: bool = False
    fee: str = ""
    booking: str = ""

    def letter(self) -> Letter:
        """Email and text."""
        name, visit, reader = self.practice.name, self.visit, self.reader
        told = f"{_capital(reader.visit)} at {name} is cancelled, as you asked."
        if self.by_us:  # with a fee it was the client who called it off, by telephone
            apology = f"We had to cancel {reader.visit} at {name}. We are sorry."
            told = f"{_capital(reader.visit)} at {name} is cancelled." if self.fee else apology
        fee = f"A late cancellation fee of {self.fee} applies. You find the invoice in your portal." if self.fee else ""
        again = Button("Book a new visit", self.booking) if self.booking else Button("Open my portal", visit.link)
        return compose(
            self.practice,
            f"Cancelled: {reader.visit} on {visit.day} at {visit.time}",
            told,
            *([fee] if fee else []),
            greeting=reader.greeting,
            card=visit.card,
            button=again,
            afterwards=("The attached file takes the visit out of your calendar.",),
            sms=_text(
                f"{name}: Hello {reader.first_name}, {reader.visit} on {visit.when} is cancelled.",
                fee,
                f"{again.label}: {again.href}",
            ),
        )


@dataclass(frozen=True)
class ReminderMail:
    """A visit is near. `confirm` when it waits to be confirmed and may be."""

    reader: Reader
    practice: Practice
    visit: Visit
    confirm: bool = False

    def letter(self) -> Letter:
        """Email and text."""
        name, visit, reader = self.practice.name, self.visit, self.reader
        please = "Please confirm that you are coming." if self.confirm else "We look forward to seeing you."
        subject = f"Please confirm {reader.visit}" if self.confirm else f"Reminder of {reader.visit}"
        return compose(
            self.practice,
            f"{subject} on {visit.day} at {visit.time}",
            f"This is a reminder of {reader.visit} at {name}.",
            please,
            greeting=reader.greeting,
            card=visit.card,
            button=Button("Confirm the visit" if self.confirm else "See the visit", visit.link),
            afterwards=(
                *([visit.parking] if visit.parking else []),
                "Something came up? Your portal shows whether the visit can still be moved or cancelled.",
            ),
            sms=_text(
                f"{name}: Hello {reader.first_name}, a reminder of {reader.visit} on {visit.when}{visit.where}.",
                f"{'Please confirm' if self.confirm else 'Details'}: {visit.link}",
                STOP_TEXTS,
            ),
        )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _text(*sentences: str) -> str:
    """A text message; with a plain apostrophe, since a curly one makes every text more than twice as dear."""
    return " ".join(sentence for sentence in sentences if sentence).replace("’", "'")
