"""Do Not SMS and Do Not Email of a client: how they stand, why, and everything that was ever said."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col

from portal import dates
from portal.domain.access import Privilege
from portal.domain.communication import MESSAGES, NAMES, SOURCES
from portal.errors import NotFound
from portal.models import Channel, CommunicationConsent, Contact, Patient, Practice
from portal.models.db import columns
from portal.work import Work

MOST = 100
BLOCKED = "The carrier blocks texts to this number. They go again once the client texts START."


@dataclass(frozen=True, slots=True)
class Wish:
    """One switch. `on` is what holds when something is to be sent; `note` is where that was said and when."""

    channel: str
    name: str
    on: bool
    note: str
    blocked: str


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the history."""

    id: str
    what: str
    stopped: bool
    wording: str
    where: str
    when: str


def wishes(work: Work, client_id: UUID) -> list[Wish]:
    """Both switches, texts first. Three statements. `NotFound` for an id that is nobody's."""
    work.require(Privilege.CLIENTS_VIEW)
    row = work.rows(_CLIENT, client=client_id).first()
    if row is None:
        raise NotFound("There is no client at this address.")
    latest: dict[Channel, Any] = {}
    for said in work.rows(_SAID, client=client_id, most=MOST):
        latest.setdefault(said.channel, said)
    blocked = work.rows(_BLOCKED, client=client_id).first() is not None
    stopped = {
        Channel.PHONE: row.do_not_sms or not row.wants_sms,
        Channel.EMAIL: row.do_not_email or not row.wants_email,
    }
    return [
        Wish(
            channel=channel.value,
            name=NAMES[channel.value],
            on=stopped[channel],
            note=_note(latest.get(channel), row, on=stopped[channel]),
            blocked=BLOCKED if blocked and channel is Channel.PHONE else "",
        )
        for channel in (Channel.PHONE, Channel.EMAIL)
    ]


def history(work: Work, client_id: UUID) -> list[Said]:
    """Every yes and no, newest first: when, from where, by whom, in which words."""
    work.require(Privilege.COMMUNICATION)
    row = work.rows(_CLIENT, client=client_id).first()
    if row is None:
        raise NotFound("There is no client at this address.")
    zone = ZoneInfo(row.time_zone)
    return [
        Said(
            id=str(said.id),
            what=f"{'Yes' if said.granted else 'No'} to {MESSAGES[said.channel.value]}",
            stopped=not said.granted,
            wording=said.wording,
            where=", ".join(part for part in (_where(said), said.by_whom, said.address) if part),
            when=dates.trail(said.at, zone, row.locale),
        )
        for said in work.rows(_SAID, client=client_id, most=MOST)
    ]


def _note(said: Any, row: Any, *, on: bool) -> str:
    if said is None or said.granted == on:
        return "no agreement on file" if on else ""
    day = dates.medium_date(dates.local_day(said.at, ZoneInfo(row.time_zone)), row.locale)
    return f"{'set' if on else 'agreed'} {SOURCES.get(said.source, said.source)}, {day}"


def _where(said: Any) -> str:
    words = str(SOURCES.get(said.source, said.source))
    return words[:1].upper() + words[1:]


_CLIENT = (
    columns(
        Patient.do_not_sms,
        Patient.do_not_email,
        Patient.wants_sms,
        Patient.wants_email,
        Practice.time_zone,
        Practice.locale,
    )
    .join(Practice, col(Practice.id) == Patient.practice_id)
    .where(Patient.id == bindparam("client"))
)
_SAID = (
    columns(
        CommunicationConsent.id,
        CommunicationConsent.channel,
        CommunicationConsent.granted,
        CommunicationConsent.wording,
        CommunicationConsent.source,
        CommunicationConsent.by_whom,
        CommunicationConsent.address,
        CommunicationConsent.at,
    )
    .where(CommunicationConsent.patient_id == bindparam("client"))
    .order_by(col(CommunicationConsent.at).desc(), col(CommunicationConsent.id).desc())
    .limit(bindparam("most"))
)
_BLOCKED = columns(Contact.id).where(
    Contact.patient_id == bindparam("client"),
    Contact.channel == Channel.PHONE,
    col(Contact.retired_at).is_(None),
    col(Contact.blocked_at).is_not(None),
)
