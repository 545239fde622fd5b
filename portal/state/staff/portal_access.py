"""**Access Client Portal** in the panel: the invitation, and help for a client who cannot get in."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import reflex as rx

from portal.domain.contacts import EMAIL, KINDS, PHONE
from portal.errors import NotFound
from portal.queries.clients import ContactRow
from portal.queries.portal_access import Access, access, ways_in
from portal.security import intake
from portal.security.access import as_uuid
from portal.services import portal_access
from portal.state.bridge import Fields, Text, actor, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.opened import OfClient
from portal.state.staff.session import Privilege

LINK_SENT = "A link is on its way by email. It works once, for seven days; earlier ones stopped working."


class PortalAccessState(OfClient, rx.State):
    """`helping` opens the dialog; `correcting` is the channel whose contact is being corrected there, `whose` the
    guardian whom it reaches; `leaving` asks before the client is logged out everywhere."""

    row: Access | None = None
    helping: bool = False
    contacts: list[ContactRow] = []
    has_phone: bool = True  # one that logs in; the same of an email address
    has_email: bool = True
    correcting: str = ""
    whose: str = ""
    leaving: bool = False
    busy: bool = False
    errors: dict[str, str] = {}

    _guardian: UUID | None = None

    @staff_event(Privilege.CLIENTS_VIEW, passive=True)
    async def load(self) -> None:
        """The section, when the profile opens."""
        self._opens()
        await self._read()

    @staff_event(Privilege.CLIENTS_VIEW, passive=True)
    async def refresh(self) -> None:
        """The same by itself, when something of the client changed."""
        await self._read()
        if self.helping and actor().may(Privilege.PORTAL_ACCESS):
            self._list(await read(ways_in, self._whose()))

    @staff_event(Privilege.PORTAL_ACCESS)
    async def send_link(self) -> AsyncIterator[Any]:
        """**Invite by email**, **Resend invite**, **Send a fresh link**."""
        if self.busy:
            return
        self.busy = True
        yield
        await write(portal_access.send_link, self._whose())
        self.busy = False
        await self._read()
        await say(self, LINK_SENT)

    @staff_event(Privilege.PORTAL_ACCESS)
    async def help(self) -> None:
        """**Reset access**: which contacts are registered, and what can be done. That they were looked at is noted."""
        client_id = self._whose()
        contacts = await read(ways_in, client_id)
        intake.viewed(actor(), "client.contacts_viewed", "patient", client_id, patient_id=client_id)
        self.helping = True
        self._list(contacts)
        self._settle()

    @staff_event(Privilege.PORTAL_ACCESS)
    async def close(self) -> None:
        """Put the dialog away, and the contacts with it."""
        self.helping, self.contacts = False, []
        self._settle()

    @staff_event(Privilege.PORTAL_ACCESS)
    async def correct(self, channel: Text, guardian: Text) -> None:
        """Correct the phone or email that logs in; of a minor, that of one of the guardians."""
        named = {row.guardian_id: row.whose for row in self.contacts if row.guardian_id}
        if channel not in KINDS or (guardian and guardian not in named):
            raise NotFound
        self._settle()
        self.correcting, self.whose = channel, named.get(guardian, "")
        self._guardian = as_uuid(guardian) if guardian else None

    @staff_event(Privilege.PORTAL_ACCESS)
    async def leave_it(self) -> None:
        """Not after all."""
        self._settle()

    @staff_event(Privilege.PORTAL_ACCESS)
    async def save(self, form: Fields) -> AsyncIterator[Any]:
        """**Save** the corrected contact: the old one is told, open log-ins end."""
        if self.correcting not in KINDS or self.busy:
            return
        self.busy, self.errors = True, {}
        yield
        typed = str(form.get(self.correcting) or "")
        done = await write(portal_access.correct, self._whose(), self.correcting, typed, self._guardian)
        self._settle()
        await self._read()
        self._list(await read(ways_in, self._whose()))
        told = " The old one was told." if done.told_old else ""
        await say(self, f"The client logs in with {done.value} from now on.{told}")

    @staff_event(Privilege.PORTAL_ACCESS)
    async def ask_sign_out(self) -> None:
        """**Log out everywhere** asks first."""
        self._settle()
        self.leaving = True

    @staff_event(Privilege.PORTAL_ACCESS)
    async def sign_out(self) -> AsyncIterator[Any]:
        """Yes: on all devices. The client is told."""
        if self.busy:
            return
        self.busy = True
        yield
        ended = await write(portal_access.sign_out_everywhere, self._whose())
        self._settle()
        await self._read()
        devices = "1 device" if ended == 1 else f"{ended} devices"
        await say(
            self, f"Logged out on {devices}. The client was told." if ended else "The client was logged in nowhere."
        )

    async def _read(self) -> None:
        show(self, row=await read(access, self._whose()))

    def _list(self, contacts: list[ContactRow]) -> None:
        kinds = {row.channel for row in contacts if row.login}
        show(self, contacts=contacts, has_phone=KINDS[PHONE] in kinds, has_email=KINDS[EMAIL] in kinds)

    def _settle(self) -> None:
        self.correcting, self.leaving, self.busy, self.errors = "", False, False, {}
        self.whose, self._guardian = "", None


__all__ = ["ContactRow", "PortalAccessState"]
