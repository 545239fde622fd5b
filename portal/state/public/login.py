"""Log in: a contact, a code, and in a household a date of birth."""

import reflex as rx

from portal import routes
from portal.errors import Invalid
from portal.security.access import Fields
from portal.services import passcodes
from portal.state.bridge import actor, public_event, write
from portal.state.public.entering import Entering

ENDED = {
    "idle": "You were logged out because nothing happened for a while. Log in again to go on where you were.",
    "over": "You were logged out. Log in again to go on where you were.",
    "out": "You are logged out.",
    "all": "You are logged out of all devices.",
    "ticket": "That log-in took too long. Please start again.",
}


class LoginState(Entering, rx.State):
    """The log-in page. `by` is what is typed, phone or email; `next` is where the person was headed."""

    by: str = "phone"
    typed: str = ""
    next: str = ""
    notice: str = ""

    @public_event
    async def load(self):  # Reflex events
        """A person who is signed in goes on at once."""
        asked = self.router.url.query_parameters
        if actor().is_patient:
            return rx.redirect(routes.DASHBOARD)
        self.next, self.notice = asked.get("next", "")[:300], ENDED.get(asked.get("ended", ""), "")
        self.busy, self.ticket = False, ""
        return None

    @public_event
    async def use_email(self) -> None:
        """**Use email to log in**."""
        self.by, self.typed, self.errors = "email", "", {}

    @public_event
    async def use_phone(self) -> None:
        """**Use phone to log in**."""
        self.by, self.typed, self.errors = "phone", "", {}

    @public_event
    async def request(self, form: Fields):
        """**Send OTP**."""
        await self._begin()
        self.notice = ""
        self.typed = str(form.get("contact") or "")[:254]
        yield
        solved = str(form.get("altcha") or "")
        try:
            self._show_sent(await write(passcodes.request, self.by, self.typed, solved))
        except Invalid as problem:
            self._captcha_again(problem)
            raise
