"""The question for a fresh second factor: on the lock page, and in a dialog before a sensitive act."""

import reflex as rx

from portal import routes
from portal.errors import Invalid
from portal.security.access import Fields, LongText, Text
from portal.services import passkeys, staff_proving
from portal.services.staff_proving import Proof
from portal.state.bridge import actor, locked_event, say, write
from portal.state.staff.session import StaffSessionState

PASSKEY_FAILED = "No passkey was used. Try again, or use your authenticator."
PROVED = "Thank you. Please do that once more."


class ProvingState(rx.State):
    """What is typed and said there. Who it is stands on the lock page; nothing of any client does."""

    who: str = ""
    next: str = ""
    errors: dict[str, str] = {}
    attempt: int = 0  # grows to empty the code field
    busy: bool = False
    passkeys: bool = False
    asked: str = ""  # of a passkey

    @locked_event
    async def load(self):  # Reflex events
        """The lock page; somebody whose screen is not locked goes on."""
        self.next = routes.staff_next(self.router.url.query_parameters.get("next", ""))
        if actor().kind == "staff":
            return rx.redirect(self.next)
        self._begin()
        self.who = actor().label
        return None

    @locked_event
    async def enter(self, code: Text):
        """The sixth digit was typed."""
        return await self._prove(code)

    @locked_event
    async def submit(self, form: Fields):
        """The code, sent as a form."""
        return await self._prove(str(form.get("proof") or ""))

    @locked_event
    async def ask_passkey(self) -> None:
        """**Use a passkey**."""
        self.errors, self.asked = {}, await write(staff_proving.ask_passkey)

    @locked_event
    async def answer_passkey(self, credential: LongText):
        """The device's answer."""
        self.asked = ""
        return await self._show(await write(staff_proving.prove_passkey, credential))

    @locked_event
    async def passkey_failed(self, why: Text) -> None:
        """The device gave none."""
        self.asked, self.errors = "", {"proof": PASSKEY_FAILED}

    @locked_event
    async def leave(self) -> None:
        """Not now: nothing happens."""
        (await self.get_state(StaffSessionState)).asking_proof = False
        self._begin()

    async def _prove(self, code: str):
        """Once: Enter may be pressed while the sixth digit is on its way."""
        self.errors = {}
        if self._at_lock():
            if actor().kind == "staff":
                return rx.redirect(routes.staff_next(self.next))
        elif not (await self.get_state(StaffSessionState)).asking_proof:
            return None
        try:
            return await self._show(await write(staff_proving.prove_code, code))
        except Invalid as problem:
            self.errors = {"proof": problem.sentence}
            return None

    def _at_lock(self) -> bool:
        return self.router.url.path.rstrip("/") == routes.STAFF_LOCK

    def _begin(self) -> None:
        self.errors, self.busy, self.asked, self.passkeys = {}, False, "", passkeys.available()
        self.attempt += 1

    async def _show(self, proof: Proof):
        """On, or what was wrong."""
        self._begin()
        if proof.over:
            return rx.redirect(f"{routes.STAFF_LOGIN}?ended=proof")
        if proof.wrong:
            self.errors = {"proof": proof.wrong}
            return None
        if self._at_lock():
            return rx.redirect(routes.staff_next(self.next))
        (await self.get_state(StaffSessionState)).asking_proof = False
        await say(self, PROVED)
        return None
