"""New Client Registration: the form, then the code, then in."""

import reflex as rx

from portal import routes
from portal.domain.entry import Unclear
from portal.domain.people import is_adult, read_birth_date
from portal.domain.registration import EMAIL_WORDING, OTHER, REFERRALS, RELATIONSHIPS, SEXES, TEXT_WORDING
from portal.errors import Invalid
from portal.queries.profile import clinic_choices, today
from portal.security.access import Fields, Text
from portal.services import registration
from portal.state.bridge import actor, public_event, read, write
from portal.state.public.entering import Entering


class SignUpState(Entering, rx.State):
    """The registration under way. What was typed stays in the browser's own fields until it is sent."""

    clinics: list[tuple[str, str]] = []
    minor: bool = False  # the date of birth asks for a guardian
    referral: str = ""
    details: list[tuple[str, str]] = []  # subcategories of the referral chosen

    @public_event
    async def load(self):  # Reflex events
        """The clinics to choose from."""
        if actor().is_patient:
            return rx.redirect(routes.DASHBOARD)
        self.clinics = await read(clinic_choices)
        return None

    @public_event
    async def born(self, typed: Text) -> None:
        """Whoever is under 18 registers with a guardian."""
        day = await read(today)
        try:
            self.minor = not is_adult(read_birth_date(typed, day), day)
        except Unclear:
            self.minor = False

    @public_event
    async def heard(self, source: Text) -> None:
        """How they heard about us, and what there is to add to that."""
        self.referral = source if source in REFERRALS else ""
        self.details = [(name, name) for name in REFERRALS.get(source, ())]

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
__all__ = ["EMAIL_WORDING", "OTHER", "REFERRALS", "RELATIONSHIPS", "SEXES", "TEXT_WORDING", "SignUpState"]
