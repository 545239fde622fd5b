"""The practice's name, address and look, on every page.

Its values at build time go into the prerendered HTML, so that the sign-in page is whole before any script arrives; at
run time they are refreshed from the database, at most every few seconds.
"""

import time
from dataclasses import fields

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from portal.queries.practice import ClinicCard, PracticeCard, practice_card
from portal.security.pool import in_thread
from portal.work import open_work

FRESH_SECONDS = 5.0

_cached: tuple[float, PracticeCard] | None = None


def practice() -> PracticeCard:
    """The practice, from a cache of a few seconds; neutral words before the database has one."""
    global _cached
    card = _fresh()
    if card is None:
        try:
            with open_work(write=False) as work:
                card = practice_card(work)
        except SQLAlchemyError:  # not migrated yet: the frontend can be built all the same
            return PracticeCard()
        _cached = (time.monotonic(), card)
    return card


def _fresh() -> PracticeCard | None:
    known = _cached
    return known[1] if known is not None and time.monotonic() - known[0] <= FRESH_SECONDS else None


_BUILT = practice()


class PracticeState(rx.State):
    """The practice as the screen shows it."""

    name: str = _BUILT.name
    wordmark_a: str = _BUILT.wordmark_a
    wordmark_b: str = _BUILT.wordmark_b
    phone: str = _BUILT.phone
    phone_href: str = _BUILT.phone_href
    clinic: str = _BUILT.clinic
    address_lines: list[str] = list(_BUILT.address_lines)
    hours_today: str = ""
    country_code: str = _BUILT.country_code
    sender: str = _BUILT.sender
    booking_url: str = _BUILT.booking_url
    website: str = _BUILT.website
    website_name: str = _BUILT.website_name
    email: str = _BUILT.email
    clinics: list[ClinicCard] = list(_BUILT.clinics)
    brand_hue: str = _BUILT.brand_hue
    brand_chroma: str = _BUILT.brand_chroma
    messages_on: bool = _BUILT.messages_on

    async def _refresh(self) -> None:
        """Bring the practice up to date; sends only what changed."""
        card = _fresh() or await in_thread(practice)
        for name in _SHOWN:
            value = getattr(card, name)
            value = list(value) if isinstance(value, tuple) else value
            if getattr(self, name) != value:
                setattr(self, name, value)


_SHOWN = tuple(field.name for field in fields(PracticeCard) if field.name in PracticeState.get_fields())
