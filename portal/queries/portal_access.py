"""**Access Client Portal**: whether a client was invited, came in, and how they log in. Three statements."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col, func

from portal import dates
from portal.domain.access import Privilege
from portal.errors import NotFound
from portal.models import Contact, Invite, Patient, PatientStatus, Practice, Session
from portal.models.db import columns
from portal.queries.clients import ContactRow, contacts
from portal.work import Work


@dataclass(frozen=True, slots=True)
class Access:
    """Ready to print. `status` is Accepted, Invited or Not invited; `invited`, `accepted` and `last_log_in` are whole
    sentences, empty where there is nothing to say. `signed_in` counts the devices that are logged in now."""

    status: str
    invited: str
    accepted: str
    last_log_in: str
    signed_in: int
    active: bool


def access(work: Work, client_id: UUID) -> Access:
    """How the client stands to the portal. `NotFound` for an id that is nobody's."""
    work.require(Privilege.CLIENTS_VIEW)
    row = work.rows(_CLIENT, client=client_id).first()
    if row is None:
        raise NotFound("There is no client at this address.")
    now, zone = work.now(), ZoneInfo(row.time_zone)
    invite = work.rows(_INVITE, client=client_id).first()
    logged = work.rows(_SESSIONS, client=client_id, now=now, idle=now - timedelta(minutes=row.idle_minutes)).one()
    accepted = row.portal_accepted_at is not None

    def at(moment: datetime) -> str:
        words = dates.moment(moment, now, zone, row.locale)
        return words.replace("Today,", "today,", 1)  # inside a sentence

    invited = ""
    if invite is not None:
        invited = f"Invited {at(invite.created_at)}" + (f" by email to {invite.value}" if invite.value else "")
        if not invite.used_at:
            over = invite.expires_at <= now
            invited += (
                ". The link does not work any more." if over else f". The link works until {at(invite.expires_at)}."
            )
    return Access(
        status="Accepted" if accepted else "Invited" if invite is not None else "Not invited",
        invited="" if accepted and invite is not None and invite.used_at else invited,
        accepted=f"Invite accepted {at(row.portal_accepted_at)}" if accepted else "",
        last_log_in=f"Last log in {at(logged.last)}" if logged.last else "",
        signed_in=logged.open or 0,
        active=row.status == PatientStatus.ACTIVE and row.deceased_at is None,
    )


def ways_in(work: Work, client_id: UUID) -> list[ContactRow]:
    """Which phone and email are registered, and which of them log in; looking at them is noted."""
    work.require(Privilege.PORTAL_ACCESS)
    return contacts(work, client_id)


_CLIENT = (
    columns(
        Patient.portal_accepted_at,
        Patient.status,
        Patient.deceased_at,
        Practice.time_zone,
        Practice.locale,
        Practice.idle_minutes,
    )
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .where(Patient.id == bindparam("client"))
)
_INVITE = (
    columns(Invite.created_at, Invite.expires_at, Invite.used_at, Contact.value)
    .outerjoin(Contact, col(Contact.id) == Invite.contact_id)
    .where(Invite.patient_id == bindparam("client"))
    .order_by(col(Invite.created_at).desc())
    .limit(1)
)
_SESSIONS = columns(
    func.max(Session.created_at).label("last"),
    func.count()
    .filter(
        col(Session.ended_at).is_(None),
        Session.expires_at > bindparam("now"),
        Session.seen_at > bindparam("idle"),
    )
    .label("open"),
).where(Session.patient_id == bindparam("client"))
