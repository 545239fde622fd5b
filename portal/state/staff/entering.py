"""Staff log in: work email and its code, then the authenticator or a recovery code; or a passkey at once."""

from uuid import UUID

import reflex as rx

from portal import routes
from portal.errors import Invalid
from portal.security.access import Fields, LongText, Text
from portal.services import passcodes, passkeys, second_factor, staff_entering
from portal.services.staff_entering import Step
from portal.state.bridge import actor, public_event, read, say, write
from portal.state.staff.proving import PASSKEY_FAILED

ENDED = {
    "out": "You are logged out.",
    "over": "You were logged out. Log in again to go on where you were.",
    "proof": staff_entering.OVER,
    "ticket": "That log-in took too long. Please start again.",
}


class StaffLoginState(rx.State):
    """The page at /staff/login. The log-in under way never leaves the server, nor does the ticket before it is used.

    `step` is form, code, second, recovery, enrol or codes. A `ticket` makes the page post itself to the staff's door.
    """

    step: str = "form"
    typed: str = ""
    masked: str = ""
    next: str = ""
    notice: str = ""
    resend_seconds: int = 0
    may_resend: bool = False
    attempt: int = 0  # grows to empty the code field
    captcha_attempt: int = 0
    errors: dict[str, str] = {}
    busy: bool = False
    ticket: str = ""
    secret: str = ""  # of the authenticator being enrolled, in groups of four
    qr_path: str = ""
    qr_box: str = "0 0 1 1"
    codes: list[str] = []  # recovery codes, shown once
    passkeys: bool = False
    asked: str = ""  # of a passkey

    _challenge: str = ""
    _passkey: str = ""  # the challenge that a passkey is to answer
    _ticket: str = ""  # while the recovery codes are on the screen
    _entered: tuple[str, str] = ("", "")  # the step and the code that were sent last

    @public_event
    async def load(self):  # Reflex events
        """Who is signed in goes on at once; who is half-way stays there."""
        query = self.router.url.query_parameters
        self.next, self.notice = routes.staff_next(query.get("next", "")), ENDED.get(query.get("ended", ""), "")
        if actor().kind in {"staff", "locked"}:
            return rx.redirect(self.next if actor().kind == "staff" else routes.staff_lock(self.next))
        self.busy, self.ticket, self.asked, self.passkeys = False, "", "", passkeys.available()
        return None

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()

    @public_event
    async def request(self, form: Fields):
        """**Send OTP** to a work email."""
        await self._begin()
        self.notice, self.typed = "", str(form.get("contact") or "")[:254]
        yield
        try:
            self._show_sent(await write(staff_entering.request, self.typed, str(form.get("altcha") or "")))
        except Invalid as problem:
            self.captcha_attempt += "captcha" in problem.fields
            raise

    @public_event
    async def resend(self) -> None:
        """**Resend**: the code before dies."""
        if self._challenge:
            await self._begin()
            self._show_sent(await write(passcodes.resend, UUID(self._challenge)))

    @public_event(passive=True)
    async def resend_ready(self) -> None:
        """The countdown is over."""
        self.may_resend = True

    @public_event
    async def enter(self, code: Text):
        """The sixth digit was typed: the emailed code, or the authenticator's."""
        await self._enter(code)

    @public_event
    async def submit(self, form: Fields):
        """The step's form was sent."""
        await self._enter(str(form.get("code") or ""))

    @public_event
    async def use_recovery(self) -> None:
        """The authenticator is not at hand."""
        if self.step == "second":
            self.step, self.errors = "recovery", {}

    @public_event
    async def use_authenticator(self) -> None:
        """It is after all."""
        if self.step == "recovery":
            self.step, self.errors = "second", {}

    @public_event
    async def kept(self) -> None:
        """**I have kept them**: through the door."""
        if self._ticket:
            self.ticket, self._ticket, self.codes = self._ticket, "", []

    @public_event
    async def ask_passkey(self) -> None:
        """**Use a passkey**."""
        await self._begin()
        asked = await read(staff_entering.ask_passkey)
        self.asked, self._passkey, self.busy = asked.options, asked.challenge, False

    @public_event
    async def answer_passkey(self, credential: LongText) -> None:
        """The device's answer."""
        challenge, self._passkey, self.asked = self._passkey, "", ""
        if challenge and not self.ticket:
            self._show(await write(staff_entering.enter_passkey, challenge, credential), "passkey")

    @public_event
    async def passkey_failed(self, why: Text) -> None:
        """The device gave none: the person changed their mind, or it has none."""
        self.asked, self._passkey, self.errors = "", "", {"passkey": PASSKEY_FAILED}

    @public_event
    async def start_over(self) -> None:
        """Back to the work email."""
        self._start_over()

    async def _enter(self, typed: str) -> None:
        steps = {
            "code": staff_entering.enter_code,
            "second": staff_entering.enter_second,
            "recovery": staff_entering.enter_recovery,
            "enrol": staff_entering.enrol,
        }
        step, code = self._entered
        twice = code == typed and step != self.step  # Enter was pressed while the sixth digit was on its way
        if self._challenge and not self.ticket and self.step in steps and not twice:
            self._entered = (self.step, typed)
            await self._begin()
            self._show(await write(steps[self.step], UUID(self._challenge), typed), "code")

    async def _begin(self) -> None:
        self.busy, self.errors = True, {}
        await say(self, "")

    def _show_sent(self, sent: passcodes.Sent) -> None:
        self._challenge, self.masked, self.step = str(sent.challenge_id), sent.masked, "code"
        self.resend_seconds, self.may_resend = sent.resend_seconds, False
        self.attempt += 1
        self.errors, self.busy, self.asked = {}, False, ""

    def _show(self, step: Step, field: str) -> None:
        """In, on to the next factor, or what was wrong, beside `field`."""
        self.busy, self.errors = False, {}
        self.attempt += 1
        if step.over:
            self._start_over()
            self.errors = {"over": step.wrong}
        elif step.wrong:
            self.errors = {field: step.wrong}
        elif step.codes:
            self.step, self.codes, self._ticket = "codes", list(step.codes), step.ticket
            self.secret, self.qr_path = "", ""
        elif step.ticket:
            self.ticket = step.ticket
        elif step.enrol:
            self.step, self.secret = "enrol", in_fours(step.secret)
            self.qr_path, self.qr_box = second_factor.qr(step.uri)
        else:
            self.step = "second"

    def _start_over(self) -> None:
        self.step, self.errors, self.busy, self.ticket, self.codes = "form", {}, False, "", []
        self.secret, self.qr_path, self.asked, self._challenge, self._ticket = "", "", "", "", ""
        self.captcha_attempt += 1


def in_fours(secret: str) -> str:
    """A secret as one types it: in groups of four."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
