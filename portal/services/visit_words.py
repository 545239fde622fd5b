"""What messages and calendar entries say of a visit: when and where, and never what for."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from portal import dates, routes
from portal.documents import calendar
from portal.domain.contacts import show_phone
from portal.domain.paperwork import INCOMPLETE
from portal.domain.scheduling import AppointmentStatus
from portal.mails import Forms, Visit
from portal.models import Appointment, AssignedForm, Clinic, Practice
from portal.services.addressing import link
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Told:
    """A visit with what is needed to speak of it."""

    visit: Appointment
    practice: Practice
    clinic: Clinic | None
    zone: ZoneInfo

    def at(self, at: datetime) -> str:
        """Tuesday, November 24 at 10:30 AM."""
        day = dates.weekday_and_date(dates.local_day(at, self.zone), self.practice.locale)
        return f"{day} at {dates.clock_time(at, self.zone, self.practice.locale)}"

    def brief(self, at: datetime) -> str:
        """Tue, Nov 24 at 10:30 AM."""
        day = dates.short_day(dates.local_day(at, self.zone), self.practice.locale)
        return f"{day} at {dates.clock_time(at, self.zone, self.practice.locale)}"

    @property
    def when(self) -> str:
        """When the visit is: Tue, Nov 24 at 10:30 AM."""
        return self.brief(self.visit.starts_at)

    @property
    def words(self) -> Visit:
        """For a message."""
        starts_at, locale = self.visit.starts_at, self.practice.locale
        day = dates.local_day(starts_at, self.zone)
        return Visit(
            day=dates.weekday_and_date(day, locale),
            short_day=dates.short_day(day, locale),
            weekday=dates.weekday(day, locale),
            time=dates.clock_time(starts_at, self.zone, locale),
            place=self.clinic.name if self.clinic else "",
            address=_address(self.clinic),
            link=self.link,
            parking=self.clinic.parking if self.clinic else "",
        )

    @property
    def link(self) -> str:
        """Where the visit is seen, behind the log-in."""
        return link(routes.appointment(str(self.visit.id)))

    def entry(self, stamp: datetime) -> calendar.Entry:
        """For a calendar; `stamp` is when this state of the visit came about."""
        visit, practice, clinic = self.visit, self.practice, self.clinic
        phone = clinic.phone if clinic and clinic.phone else practice.phone
        return calendar.Entry(
            uid=visit.id,
            sequence=visit.sequence,
            cancelled=visit.status is AppointmentStatus.CANCELLED,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            zone=self.zone,
            stamp=stamp,
            practice=practice.name,
            email=practice.email,
            place=", ".join(part for part in (clinic.name if clinic else practice.name, _address(clinic)) if part),
            phone=show_phone(phone, practice.country),
            link=self.link,
        )


def told(work: Work, visit: Appointment, practice: Practice | None = None) -> Told:
    """The visit with its practice and its clinic, which a visit of an older system may lack."""
    practice = practice or work.practice()
    clinic = work.db.get(Clinic, visit.clinic_id) if visit.clinic_id else None
    return Told(visit, practice, clinic, ZoneInfo(clinic.time_zone if clinic else practice.time_zone))


def forms_to_complete(
    work: Work, practice: Practice, patient_id: UUID, visit: Appointment | None = None
) -> Forms | None:
    """What the patient has to complete by now, and by when: all of it, or what a visit asks for; None for nothing."""
    query = (
        select(AssignedForm.due_at, Clinic.time_zone)
        .outerjoin(Appointment, col(Appointment.id) == AssignedForm.appointment_id)
        .outerjoin(Clinic, col(Clinic.id) == Appointment.clinic_id)
        .where(AssignedForm.patient_id == patient_id, col(AssignedForm.status).in_(INCOMPLETE))
    )
    if visit is not None:
        query = query.where(AssignedForm.appointment_id == visit.id)
    due = work.db.exec(query).all()
    if not due:
        return None
    ahead = [(at, zone) for at, zone in due if at is not None and at > work.now()]
    if not ahead:
        return Forms(len(due))
    at, zone = min(ahead, key=lambda one: one[0])
    return Forms(len(due), _by(at, work.now(), ZoneInfo(zone or practice.time_zone), practice.locale))


def _by(at: datetime, now: datetime, zone: ZoneInfo, locale: str) -> str:
    """The hour on the day itself, the day by its name within the week, else by its date."""
    day = dates.local_day(at, zone)
    days = (day - dates.local_day(now, zone)).days
    if days == 0:
        return f"{dates.clock_time(at, zone, locale)} today"
    return dates.weekday(day, locale) if days < 7 else dates.weekday_and_date(day, locale)


def _address(clinic: Clinic | None) -> str:
    if clinic is None:
        return ""
    town = f"{clinic.city}, {clinic.state} {clinic.postal_code}".strip(" ,")
    return ", ".join(part for part in (clinic.street, town) if part)
