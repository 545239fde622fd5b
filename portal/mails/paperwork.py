"""Messages about forms. Which form it is stays in the portal."""

from dataclasses import dataclass

from portal.mails.letter import Button, Letter, Practice, compose


@dataclass(frozen=True)
class SignedCopyMail:
    """A form is signed by everybody; `link` leads to it, behind the log-in."""

    first_name: str
    practice: Practice
    link: str

    def letter(self) -> Letter:
        """Email and text."""
        return compose(
            self.practice,
            "Your signed form is ready",
            "Thank you. Your signed form is ready: you can read it and save a copy in your portal.",
            greeting=f"Hello {self.first_name},",
            button=Button("See my forms", self.link),
            sms=f"{self.practice.name}: your signed form is ready. Read it or save a copy: {self.link}",
        )


@dataclass(frozen=True)
class FormsToCompleteMail:
    """There is paperwork to do, `count` forms of it, `by` a day in words ("Tuesday") or empty."""

    first_name: str
    practice: Practice
    link: str
    count: int
    by: str = ""

    def letter(self) -> Letter:
        """Email and text."""
        forms = "1 form" if self.count == 1 else f"{self.count} forms"
        sentence = f"You have {forms} to complete{f' before {self.by}' if self.by else ''}."
        return compose(
            self.practice,
            sentence.removesuffix("."),
            f"{sentence} It takes a few minutes on any phone or computer, and what you fill in is saved as you go.",
            greeting=f"Hello {self.first_name},",
            button=Button("Complete my forms", self.link),
            sms=f"{self.practice.name}: {sentence} {self.link}",
        )
