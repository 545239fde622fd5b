"""My Profile: read, save, prove a new contact, look after devices."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import reflex as rx

from portal import routes
from portal.domain.contacts import EMAIL, PHONE
from portal.domain.profile import EMAIL_WORDING, LANGUAGES, SMS_WORDING
from portal.queries import profile as queries
from portal.queries.profile import DeviceRow, ProfileRow
from portal.security.access import Fields, Id, Text
from portal.services import devices, passcodes
from portal.services import profile as service
from portal.services.passcodes import Sent
from portal.state.bridge import patient_event, read, say, write
from portal.state.session import SessionState


class ProfileState(rx.State):
    """The page. `row` is what was read; what is typed stays in the browser's fields until **Save**.

    `proving` is the channel whose new contact waits for its code ("" for none); the challenge stays on the server.
    """

    row: ProfileRow | None = None
    clinics: list[tuple[str, str]] = []
    devices: list[DeviceRow] = []
    epoch: int = 0  # grows to fill the fields anew
    errors: dict[str, str] = {}
    busy: bool = False
    asking_all: bool = False  # "Log out of all devices?"

    proving: str = ""
    masked: str = ""
    attempt: int = 0
    resend_seconds: int = 0
    may_resend: bool = False

    _challenge: str = ""
    _to_prove: list[tuple[str, str]] = []

    @patient_event
    async def load(self) -> None:
        """Read the profile, the clinics and the devices."""
        self._challenge, self.proving, self._to_prove, self.asking_all = "", "", [], False
        await self._read()

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()

    @patient_event
    async def save(self, form: Fields):  # Reflex events
        """**Save**: the record at once; a new phone or email after its code."""
        if self.row is None:
            return
        self.busy, self.errors = True, {}
        yield
        saved = await write(service.save, form, self.row.version)
        self._to_prove = [(channel, _typed(form, channel)) for channel in saved.to_prove]
        await self._read()
        self.busy = False
        await say(self, "" if self._to_prove else "Saved.")  # a code to enter speaks for itself
        yield SessionState.load
        await self._prove_next()

    @patient_event
    async def appear(self, mode: Text) -> None:
        """Light, dark or system."""
        await write(service.set_appearance, mode)

    @patient_event
    async def prove(self, channel: Text) -> None:
        """Confirm a contact on file that was never proved."""
        if self.row is not None and channel in {PHONE, EMAIL}:
            self._to_prove = [(channel, getattr(self.row, channel))]
            await self._prove_next()

    @patient_event
    async def enter_code(self, code: Text) -> None:
        """The code sent to the new contact."""
        if not self._challenge:
            return
        outcome = await write(service.confirm_contact, UUID(self._challenge), code)
        if outcome.wrong:
            self.attempt += 1
            self.errors = {"code": outcome.wrong}
            return
        words = "phone number" if self.proving == PHONE else "email address"
        self.proving, self._challenge = "", ""
        await self._read()
        await say(self, f"Your new {words} is confirmed. You log in with it from now on.")
        await self._prove_next()

    @patient_event
    async def resend(self) -> None:
        """**Resend** the code."""
        if self._challenge:
            self._show(await write(passcodes.resend, UUID(self._challenge)))

    @patient_event(passive=True)
    async def resend_ready(self) -> None:
        """The countdown is over."""
        self.may_resend = True

    @patient_event
    async def stop_proving(self) -> None:
        """Keep the contact as it was."""
        self.proving, self._challenge, self._to_prove, self.errors = "", "", [], {}
        await self._read()
        await say(self, "Your log-in stays as it was.", "info")

    @patient_event
    async def sign_out_device(self, session_id: Id) -> None:
        """End one other device's session."""
        await write(devices.sign_out, UUID(session_id))
        self.devices = await read(queries.devices)
        await say(self, "That device is logged out.")

    @patient_event
    async def ask_all(self) -> None:
        """**Log out of all devices** asks first."""
        self.asking_all = True

    @patient_event
    async def keep_all(self) -> None:
        """Stay logged in."""
        self.asking_all = False

    @patient_event
    async def sign_out_everywhere(self):
        """End every session, this one too."""
        (await self.get_state(SessionState))._goes_out()
        await write(devices.sign_out_everywhere)
        return rx.redirect(f"{routes.LOGIN}?ended=all")

    async def _read(self) -> None:
        self.row, self.clinics, self.devices = await read(_everything)
        self.epoch += 1
        self.errors = {}

    async def _prove_next(self) -> None:
        if self._to_prove:
            (channel, value), *self._to_prove = self._to_prove
            self._show(await write(service.request_contact_code, channel, value))

    def _show(self, sent: Sent) -> None:
        self._challenge, self.proving, self.masked = str(sent.challenge_id), sent.channel, sent.masked
        self.resend_seconds, self.may_resend = sent.resend_seconds, False
        self.attempt += 1
        self.errors = {}


def _everything(work: Any) -> tuple[ProfileRow, list[tuple[str, str]], list[DeviceRow]]:
    return queries.profile(work), queries.clinic_choices(work), queries.devices(work)


def _typed(form: Mapping[str, Any], channel: str) -> str:
    return str(form.get(channel) or "")


# What the page takes from here, next to the state: the words on the screen are the words kept as proof.
__all__ = ["EMAIL_WORDING", "LANGUAGES", "SMS_WORDING", "DeviceRow", "ProfileState"]
