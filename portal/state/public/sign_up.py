"""New Client Registration: the form, then the code, then in."""

import reflex as rx

from portal import routes
from portal.domain.people import reads_as_minor
from portal.domain.referrals import Source, asks_name, below
from portal.domain.registration import EMAIL_WORDING, RELATIONSHIPS, SEXES, TEXT_WORDING
from portal.errors import Invalid
from portal.queries.profile import clinic_choices, today
from portal.queries.referrals import choices
from portal.security.access import Fields, Text
from portal.services import registration
from portal.state.bridge import actor, public_event, read, write
from portal.state.public.entering import Entering


class SignUpState(Entering, rx.State):
    """The registration under way. What was typed stays in the browser's own fields until it is sent."""

    clinics: list[tuple[str, str]] = []
    minor: bool = False  # the date of birth asks for a guardian
    sources: list[tuple[str, str]] = []  # how people hear of the practice
    subs: list[tuple[str, str]] = []  # of the source chosen
    asks_name: bool = False  # a name goes with what was chosen

    _offered: list[Source] = []
    _source: str = ""

    @public_event
    async def load(self):  # Reflex events
        """The clinics to choose from, and how people hear of the practice."""
        if actor().is_patient:
            return rx.redirect(routes.DASHBOARD)
        self.clinics = await read(clinic_choices)
        self._offered = await read(choices)
        self.sources = below(self._offered)
        return None

    @public_event
    async def born(self, typed: Text) -> None:
        """Whoever is under 18 registers with a guardian."""
        self.minor = reads_as_minor(typed, await read(today))

    @public_event
    async def heard(self, source: Text) -> None:
        """How they heard about us, and what there is to add to that."""
        self._source, self.subs = source, below(self._offered, source) if source else []
        self.asks_name = asks_name(self._offered, source)

    @public_event
    async def heard_where(self, sub: Text) -> None:
        """Where that was."""
        self.asks_name = asks_name(self._offered, self._source, sub)

    @public_event
    async def submit(self, form: Fields):
        """**Sign Up**."""
        await self._begin()
        yield
        solved = str(form.pop("altcha", "") or "")
        try:
            self._show_sent(await write(registration.submit, form, solved))
        except Invalid as problem:
            self._captcha_again(problem)
            raise


# What the page takes from here, next to the state: the words on the screen are the words kept as proof.
__all__ = ["EMAIL_WORDING", "RELATIONSHIPS", "SEXES", "TEXT_WORDING", "SignUpState"]
