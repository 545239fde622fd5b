"""The practice as every page shows it."""

from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_time
from sqlmodel import select

from portal.domain.contacts import calling_code
from portal.models import Clinic, Practice
from portal.settings import settings
from portal.work import Work


@dataclass(frozen=True, slots=True)
class PracticeCard:
    """Name, address and telephone of the practice, ready to print. Empty before a practice is loaded."""

    name: str = "Patient Portal"
    wordmark_a: str = "Patient"
    wordmark_b: str = "Portal"
    phone: str = ""
    phone_href: str = ""
    clinic: str = ""
    address_lines: tuple[str, ...] = ()
    hours_today: str = ""
    booking_url: str = ""
    website: str = ""
    brand_hue: str = "345"
    brand_chroma: str = "0.105"
    brand_hex: str = "#6f2e56"
    messages_on: bool = False
    time_zone: str = "America/Los_Angeles"
    country: str = "US"
    country_code: str = "+1"
    sender: str = ""  # where our emails come from
    locale: str = "en_US"


def practice_card(work: Work) -> PracticeCard:
    """The one practice of this deployment with its first clinic; two statements."""
    practice = work.db.exec(select(Practice).limit(1)).first()
    if practice is None:
        return PracticeCard()
    clinic = work.db.exec(
        select(Clinic).where(Clinic.practice_id == practice.id, Clinic.active).order_by(Clinic.id).limit(1)  # pyright: ignore[reportArgumentType]
    ).first()
    first = practice.wordmark or practice.name.split()[0]
    return PracticeCard(
        name=practice.name,
        wordmark_a=first,
        wordmark_b=practice.name.removeprefix(first).strip(),
        phone=national(practice.phone),
        phone_href=f"tel:{practice.phone}",
        clinic=clinic.name if clinic else "",
        address_lines=(clinic.street, f"{clinic.city}, {clinic.state} {clinic.postal_code}") if clinic else (),
        hours_today=_hours(work, clinic, practice.locale) if clinic else "",
        booking_url=practice.booking_url,
        website=_web_address(practice.website),
        brand_hue=f"{practice.brand_hue}",
        brand_chroma=f"{practice.brand_chroma}",
        brand_hex=practice.brand_hex,
        messages_on=practice.messages_on,
        time_zone=practice.time_zone,
        country=practice.country,
        country_code=calling_code(practice.country),
        sender=settings().email_from,
        locale=practice.locale,
    )


def _web_address(given: str) -> str:
    """The website as a link of its own, also where it was written without https://."""
    return given if not given or "://" in given else f"https://{given}"


def national(e164: str) -> str:
    """A stored number as people of the country write it: "(503) 555-0142"."""
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)


def _hours(work: Work, clinic: Clinic, locale: str) -> str:
    today = str(work.now().astimezone(ZoneInfo(clinic.time_zone)).weekday())
    hours = clinic.hours.get(today)
    if not hours:
        return "Closed today"
    opens, closes = (format_time(time.fromisoformat(hour), "short", locale=locale) for hour in hours)
    return f"{opens} to {closes}".replace("\u202f", " ")
