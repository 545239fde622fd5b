"""Messages of getting in: the code, the invitation, the change of a contact."""

from dataclasses import dataclass

from portal.mails.letter import Button, Letter, Practice, compose


@dataclass(frozen=True)
class PasscodeMail:
    """The one-time code that a person has just asked for."""

    code: str
    practice: Practice
    minutes: int = 10

    def letter(self) -> Letter:
        """The code stands first in the text, and last once more in the form that binds it to our domain
        (https://wicg.github.io/sms-one-time-codes/): the phone then offers it on no other site."""
        ours = self.practice.domain
        sms = (
            f"{self.code} is your {self.practice.name} code. It works once, for {self.minutes} minutes. "
            "We will never ask you for it."
        )
        return compose(
            self.practice,
            f"{self.code} is your {self.practice.name} code",
            "Here is your code to log in:",
            code=self.code,
            afterwards=(
                f"It works once, for {self.minutes} minutes. If you ask for another code, only the newest one works.",
                "Nobody at the practice will ever ask you for it.",
                "If you did not ask to log in, you can ignore this message.",
            ),
            sms=f"{sms}\n\n@{ours} #{self.code}" if ours else sms,
        )


@dataclass(frozen=True)
class InviteMail:
    """The practice opens the portal to a client. `link` works once."""

    first_name: str
    practice: Practice
    link: str
    days: int = 7

    def letter(self) -> Letter:
        """By email alone, as the practice sends it."""
        return compose(
            self.practice,
            f"Your patient portal at {self.practice.name}",
            "Your patient portal is ready. See your appointments, complete your forms and reach us, all in one place.",
            greeting=f"Hello {self.first_name},",
            button=Button("Open my portal", self.link),
            afterwards=(
                f"The link works once, for {self.days} days, and asks for your date of birth.",
                "There is no password to remember: each time you log in, we send you a code.",
            ),
        )


@dataclass(frozen=True)
class ContactChangedMail:
    """Told to the old contact when a new one has become the login; `kind` is "phone number" or "email address"."""

    first_name: str
    practice: Practice
    kind: str

    def letter(self) -> Letter:
        """Says what to do if it was not they, and never names the new contact."""
        call = f"call us at {self.practice.phone}" if self.practice.phone else "call us"
        return compose(
            self.practice,
            f"Your {self.kind} was changed",
            f"The {self.kind} you log in with at {self.practice.name} was changed. Codes now go to the new one.",
            greeting=f"Hello {self.first_name},",
            afterwards=(f"If this was not you, {call} right away, so that we can secure your account.",),
            sms=(
                f"{self.practice.name}: the {self.kind} you log in with was changed. "
                f"If this was not you, {call} right away."
            ),
        )


@dataclass(frozen=True)
class SignedOutMail:
    """Told to whoever logs in when the practice ended all their log-ins."""

    first_name: str
    practice: Practice

    def letter(self) -> Letter:
        """That a new log-in needs a new code, and what to do if nobody asked for it."""
        call = f"call us at {self.practice.phone}" if self.practice.phone else "call us"
        return compose(
            self.practice,
            f"You were logged out at {self.practice.name}",
            f"We logged you out of the {self.practice.name} portal on all devices. "
            "Log in with a new code to come back.",
            greeting=f"Hello {self.first_name},",
            afterwards=(f"If you did not ask us for that, {call}.",),
            sms=f"{self.practice.name}: we logged you out of your portal on all devices. Did not ask for that? "
            f"{call[:1].upper()}{call[1:]}.",
        )


@dataclass(frozen=True)
class FactorChangedMail:
    """Told to a member of staff when what they prove themselves with has changed; `what` is the sentence of it."""

    first_name: str
    practice: Practice
    what: str

    def letter(self) -> Letter:
        """What happened, and what to do if it was not they."""
        return compose(
            self.practice,
            f"{self.what} ({self.practice.name}, staff)",
            f"{self.what}, on your account for the staff side of {self.practice.name}.",
            greeting=f"Hello {self.first_name},",
            afterwards=("If this was not you, tell an admin of the practice right away, so that they can close it.",),
        )
