"""Account and devices: where one is signed in, and what one proves oneself with."""

from uuid import UUID

import reflex as rx

from portal.domain.devices import device_name
from portal.queries.staff_account import StaffAccount, staff_account
from portal.security.access import Fields, Id, LongText, Text
from portal.services import second_factor, staff_devices, staff_factors
from portal.state.bridge import actor, read, say, staff_event, write
from portal.state.staff.entering import in_fours
from portal.state.staff.proving import PASSKEY_FAILED
from portal.state.staff.session import Privilege

OWN, FACTORS = Privilege.OWN_ACCOUNT, Privilege.OWN_FACTORS


class StaffAccountState(rx.State):
    """The page at /staff/account. `account` is what was read; recovery codes are on the screen once, and then gone."""

    account: StaffAccount | None = None
    errors: dict[str, str] = {}
    attempt: int = 0
    asked: str = ""  # of a new passkey
    naming: str = ""  # the id of the passkey that is being named
    removing: str = ""  # the id of the passkey that is about to be removed
    codes: list[str] = []
    replacing: bool = False
    secret: str = ""
    qr_path: str = ""
    qr_box: str = "0 0 1 1"

    _secret: str = ""

    @staff_event(OWN)
    async def load(self) -> None:
        """Read the account."""
        self._put_away()
        await self._read()

    @staff_event(OWN, passive=True)
    async def refresh(self) -> None:
        """The same, by itself; what is being done stays."""
        await self._read()

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()

    @staff_event(OWN)
    async def sign_out(self, session_id: Id) -> None:
        """**Sign out** one device."""
        await write(staff_devices.sign_out, UUID(session_id))
        await self._read()
        await say(self, "That device is signed out.")

    @staff_event(OWN)
    async def sign_out_others(self) -> None:
        """**Sign out all others**."""
        ended = await write(staff_devices.sign_out_others)
        await self._read()
        await say(self, f"{ended} other device{'' if ended == 1 else 's'} signed out.")

    @staff_event(FACTORS)
    async def ask_passkey(self) -> None:
        """**Add a passkey**."""
        self.errors, self.asked = {}, await write(staff_factors.ask_new_passkey)

    @staff_event(FACTORS)
    async def add_passkey(self, credential: LongText) -> None:
        """The device made one; it is called after the device until its owner renames it."""
        self.asked = ""
        await write(staff_factors.add_passkey, credential, device_name(actor().device))
        await self._read()
        await say(self, "Your passkey is ready. Next time you log in with it alone.")

    @staff_event(OWN)
    async def passkey_failed(self, why: Text) -> None:
        """The device made none."""
        already = "This device holds a passkey of yours already."
        self.asked, self.errors = "", {"passkey": already if why == "InvalidStateError" else PASSKEY_FAILED}

    @staff_event(OWN)
    async def rename(self, passkey_id: Id) -> None:
        """**Rename** opens the field."""
        self.naming, self.errors = passkey_id, {}

    @staff_event(OWN)
    async def save_name(self, form: Fields) -> None:
        """The new name."""
        if self.naming:
            await write(staff_factors.rename_passkey, UUID(self.naming), str(form.get("name") or ""))
            self.naming, self.errors = "", {}
            await self._read()

    @staff_event(FACTORS)
    async def ask_remove(self, passkey_id: Id) -> None:
        """**Remove** asks first."""
        self.removing = passkey_id

    @staff_event(FACTORS)
    async def remove(self) -> None:
        """It opens nothing any more."""
        if self.removing:
            await write(staff_factors.remove_passkey, UUID(self.removing))
            self.removing = ""
            await self._read()
            await say(self, "That passkey opens nothing any more. You may delete it on the device too.")

    @staff_event(FACTORS)
    async def make_codes(self) -> None:
        """**New recovery codes**."""
        self.codes = await write(staff_factors.fresh_recovery_codes)
        await self._read()

    @staff_event(FACTORS)
    async def begin_replacing(self) -> None:
        """**Replace authenticator**: show the QR code of a new one."""
        self._secret, uri = await read(staff_factors.begin_authenticator)
        self.secret, (self.qr_path, self.qr_box) = in_fours(self._secret), second_factor.qr(uri)
        self.replacing, self.errors = True, {}
        self.attempt += 1

    @staff_event(FACTORS)
    async def enter_code(self, code: Text) -> None:
        """The sixth digit of the new authenticator's first code."""
        await self._replace(code)

    @staff_event(FACTORS)
    async def submit_code(self, form: Fields) -> None:
        """The same, sent as a form."""
        await self._replace(str(form.get("code") or ""))

    @staff_event(OWN)
    async def put_away(self) -> None:
        """**I have kept them**, or a question that is closed."""
        self._put_away()

    async def _replace(self, code: str) -> None:
        if not self._secret:
            return
        self.errors = {}
        self.attempt += 1
        await write(staff_factors.replace_authenticator, self._secret, code)
        self._put_away()
        await self._read()
        await say(self, "Your new authenticator counts from now on, the old one no more.")

    def _put_away(self) -> None:
        self.codes, self.errors, self.asked, self.naming, self.removing = [], {}, "", "", ""
        self.replacing, self.secret, self.qr_path, self._secret = False, "", "", ""

    async def _read(self) -> None:
        self.account = await read(staff_account)
