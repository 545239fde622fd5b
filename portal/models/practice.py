"""The practice, its clinics, what it offers."""

from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field

from portal.models.types import Row, to


class Practice(Row, table=True):
    """The business. One deployment serves exactly one; all that differs between practices is data here."""

    __tablename__ = "practice"
    name: str
    wordmark: str  # the part of the name set strong; the rest is set light
    phone: str  # E.164
    email: str
    website: str = ""
    booking_url: str = ""
    time_zone: str = "America/Los_Angeles"
    currency: str = "USD"
    country: str = "US"  # default region of telephone numbers
    locale: str = "en_US"
    brand_hue: int = 345
    brand_chroma: float = 0.105
    brand_hex: str = "#6f2e56"  # for PDFs and mails, which know no OKLCH
    idle_minutes: int = 15
    messages_on: bool = False
    privacy_notice: str = ""
    privacy_version: str = ""
    terms: str = ""
    terms_version: str = ""


class Clinic(Row, table=True):
    """One location of the practice. `hours` maps weekday 0 (Monday) to 6 to ["09:00", "17:00"]; absent is closed."""

    __tablename__ = "clinic"
    practice_id: UUID = to("practice")
    name: str
    street: str
    city: str
    state: str
    postal_code: str
    phone: str
    time_zone: str
    hours: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)
    active: bool = True


class Service(Row, table=True):
    """A treatment that the practice offers; forms and instructions are tied to it."""

    __tablename__ = "service"
    practice_id: UUID = to("practice")
    name: str
    category: str = ""
    active: bool = True


class AppointmentType(Row, table=True):
    """How a service is booked. Lengths in minutes; `buffer_minutes` is kept free after the visit."""

    __tablename__ = "appointment_type"
    service_id: UUID = to("service")
    name: str
    minutes: int
    buffer_minutes: int = 0
    active: bool = True
