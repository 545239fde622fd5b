"""The practice, its clinics, what it offers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON
from sqlmodel import Field

from portal.models.types import Row, instant, to

CANCEL_REASONS = ("I feel unwell", "Something came up", "I found another time", "The cost", "Another reason")


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
    important_reminders: str = ""  # shown with every visit, 50 words at most
    reminder_hours: list[int] = Field(default_factory=lambda: [72, 24, 3], sa_type=JSON)  # before a visit
    sending_from: str = "08:00"  # reminders go out between these two, on the clock of the clinic
    sending_until: str = "21:00"
    cancel_reasons: list[str] = Field(default_factory=lambda: list(CANCEL_REASONS), sa_type=JSON)
    first_invoice: int = 1001  # where the numbers begin: a practice goes on from those it had
    expiring_days: int = 30  # a form that counts for fewer days than this is expiring
    provider_may_witness: bool = False  # whether who gives the treatment may witness, for very small clinics
    recipients: dict[str, list[str]] = Field(default_factory=dict, sa_type=JSON)  # addresses by kind of event
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
    parking: str = ""  # where to park, one sentence
    active: bool = True


class Service(Row, table=True):
    """A treatment that the practice offers; forms and instructions are tied to it."""

    __tablename__ = "service"
    practice_id: UUID = to("practice")
    name: str
    category: str = ""
    active: bool = True


class AppointmentType(Row, table=True):
    """How a service is booked. Lengths in minutes; `buffer_minutes` is kept free after the visit.

    Patients may confirm, move and cancel where `patient_may_…` says so, until `…_until_minutes` before the start; a
    cancellation within `late_within_minutes` costs `late_fee_cents`. `rule_note` says why not, in the practice's words.
    A new time is offered from `notice_minutes` after now to `horizon_days` ahead, every `step_minutes`.
    """

    __tablename__ = "appointment_type"
    service_id: UUID = to("service")
    name: str
    minutes: int
    buffer_minutes: int = 0
    patient_may_confirm: bool = True
    patient_may_move: bool = True
    patient_may_cancel: bool = True
    confirm_until_minutes: int = 0
    move_until_minutes: int = 24 * 60
    cancel_until_minutes: int = 0
    late_within_minutes: int = 24 * 60
    late_fee_cents: int = 0
    rule_note: str = ""
    notice_minutes: int = 120
    horizon_days: int = 90
    step_minutes: int = 15
    arrive_minutes: int = 10  # how long before the start to arrive
    bring: str = ""  # what to bring, one sentence
    prepare: str = ""  # what to do or leave before, a sentence a line
    active: bool = True


class Banner(Row, table=True):
    """A promotion on the Dashboard, shown between two moments while it is on."""

    __tablename__ = "banner"
    practice_id: UUID = to("practice")
    text: str
    href: str = ""
    link_label: str = ""
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    active: bool = True
