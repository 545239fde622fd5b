"""Messages about forms. Which form it is stays in the portal."""

from dataclasses import dataclass

from portal.mails.letter import Button, Letter, Practice, compose


@dataclass(frozen=True)
class Forms:
    """What there is to complete: `count` forms, `by` a day in words ("Tuesday") or empty."""

    count: int
    by: str = ""

    @property
    def sentence(self) -> str:
        """You have 3 forms to complete before Tuesday."""
        forms = "1 form" if self.count == 1 else f"{self.count} forms"
        return f"You have {forms} to complete{f' before {self.by}' if self.by else ''}."


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
        sentence = Forms(self.count, self.by).sentence
        return compose(
            self.practice,
            sentence.removesuffix("."),
            f"{sentence} It takes a few minutes on any phone or computer, and what you fill in is saved as you go.",
            greeting=f"Hello {self.first_name},",
            button=Button("Complete my forms", self.link),
            sms=f"{self.practice.name}: {sentence} {self.link}",
        )


@dataclass(frozen=True)
class FormsDueMail:
    """A reminder of what is still open before a visit: `count` forms, `day` is the visit's ("Tuesday")."""

    first_name: str
    practice: Practice
    link: str
    count: int
    day: str

    def letter(self) -> Letter:
        """Email and text."""
        forms = "1 form is" if self.count == 1 else f"{self.count} forms are"
        sentence = f"{forms} still to complete before your visit on {self.day}."
        return compose(
            self.practice,
            sentence.removesuffix("."),
            f"{sentence} With the paperwork done, the time of your visit is yours.",
            greeting=f"Hello {self.first_name},",
            button=Button("Complete my forms", self.link),
            sms=f"{self.practice.name}: {sentence} {self.link}",
        )


@dataclass(frozen=True)
class FormResetMail:
    """A form that was completed has to be completed again; why, the portal says."""

    first_name: str
    practice: Practice
    link: str

    def letter(self) -> Letter:
        """Email and text."""
        told = "We have to ask you to complete one of your forms again."
        return compose(
            self.practice,
            "Please complete a form again",
            f"{told} It waits for you in your portal; the earlier one is kept.",
            greeting=f"Hello {self.first_name},",
            button=Button("Open the form", self.link),
            sms=f"{self.practice.name}: {told} {self.link}",
        )
