"""The practice as every page shows it."""

from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_time
from sqlmodel import col, select

from portal import dates
from portal.domain.contacts import calling_code
from portal.models import Clinic, Practice
from portal.settings import settings
from portal.work import Work

MONDAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class ClinicCard:
    """One location, ready to print. `hours` has a line for each run of days that are alike."""

    name: str
    address_lines: list[str]
    phone: str
    phone_href: str
    hours: list[str]


@dataclass(frozen=True, slots=True)
class PracticeCard:
    """Name, address and telephone of the practice, ready to print. Empty before a practice is loaded.

    `clinic`, `address_lines` and `hours_today` are those of the first of `clinics`.
    """

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
    website_name: str = ""
    email: str = ""
    clinics: tuple[ClinicCard, ...] = ()
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
    """The one practice of this deployment with its clinics; two statements."""
    practice = work.db.exec(select(Practice).limit(1)).first()
    if practice is None:
        return PracticeCard()
    clinics = work.db.exec(
        select(Clinic).where(Clinic.practice_id == practice.id, Clinic.active).order_by(col(Clinic.id))
    ).all()
    clinic = clinics[0] if clinics else None
    first = practice.wordmark or practice.name.split()[0]
    return PracticeCard(
        name=practice.name,
        wordmark_a=first,
        wordmark_b=practice.name.removeprefix(first).strip(),
        phone=national(practice.phone),
        phone_href=f"tel:{practice.phone}",
        clinic=clinic.name if clinic else "",
        address_lines=_address(clinic) if clinic else (),
        hours_today=_hours(work, clinic, practice.locale) if clinic else "",
        booking_url=practice.booking_url,
        website=_web_address(practice.website),
        website_name=_web_address(practice.website).partition("://")[2].rstrip("/"),
        email=practice.email,
        clinics=tuple(
            ClinicCard(
                name=one.name,
                address_lines=list(_address(one)),
                phone=national(one.phone),
                phone_href=f"tel:{one.phone}",
                hours=_week(one, practice.locale),
            )
            for one in clinics
        ),
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


def _address(clinic: Clinic) -> tuple[str, str]:
    return clinic.street, f"{clinic.city}, {clinic.state} {clinic.postal_code}"


def _hours(work: Work, clinic: Clinic, locale: str) -> str:
    today = work.now().astimezone(ZoneInfo(clinic.time_zone)).weekday()
    return _span(clinic, today, locale) or "Closed"


def _week(clinic: Clinic, locale: str) -> list[str]:
    """Such as Monday to Friday, 9:00 AM to 5:00 PM: one line for days in a row that are alike, none for closed ones."""
    lines = []
    for span, days in groupby(range(7), key=lambda day: _span(clinic, day, locale)):
        alike = list(days)
        ends = dict.fromkeys((alike[0], alike[-1]))
        names = [dates.weekday(MONDAY + timedelta(days=day), locale) for day in ends]
        lines += [f"{' to '.join(names)}, {span}"] if span else []
    return lines


def _span(clinic: Clinic, day: int, locale: str) -> str:
    """From when to when the clinic is open on a weekday; empty when it is not."""
    hours = clinic.hours.get(str(day))
    if not hours:
        return ""
    opens, closes = (format_time(time.fromisoformat(hour), "short", locale=locale) for hour in hours)
    return f"{opens} to {closes}".replace("\u202f", " ")
