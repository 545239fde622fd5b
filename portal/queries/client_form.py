"""A client's record as a form: every field as text, what its lists offer, and what somebody typed before and left."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from portal import dates
from portal.domain.access import Privilege
from portal.domain.client_record import PRONOUNS
from portal.domain.contacts import show, show_phone
from portal.domain.people import is_adult
from portal.domain.profile import LANGUAGES
from portal.domain.registration import RELATIONSHIPS, SEXES
from portal.errors import NotFound
from portal.models import Channel, ClientDraft, Contact, Guardian, Patient, ReferralSource
from portal.queries.profile import clinic_choices
from portal.queries.referrals import offered
from portal.work import Work

PHONES = ("emergency_phone", "pharmacy_phone")
_PLAIN = (
    *("first_name", "last_name", "preferred_name", "sex", "pronouns", "language"),
    *("street", "city", "state", "postal_code", "emergency_name", "emergency_relationship"),
    *("carrier_name", "carrier_member_id", "pharmacy_name"),
)

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and not saved, the record as it was then, and when that was."""

    typed: dict[str, str]
    base: dict[str, str]
    when: str


@dataclass(frozen=True, slots=True)
class ClientForm:
    """The record as text by field. `guardian` is whose phone and email these are, for a minor; `subs` are (id, words,
    id of the source)."""

    name: str
    today: date  # where the practice is
    guardian: str
    heard: str  # where they heard of the practice, where that is none of the sources
    values: dict[str, str]
    clinics: Choices
    sexes: Choices
    pronouns: Choices
    relationships: Choices
    languages: Choices
    sources: Choices
    subs: list[tuple[str, str, str]]
    draft: Draft | None

    def words(self, field: str, value: str) -> str:
        """A value as people read it: a choice by its words."""
        lists = {"clinic_id": self.clinics, "sex": self.sexes, "language": self.languages, "referral_id": self.sources}
        known = dict(lists.get(field, [])) | (
            {one[0]: one[1] for one in self.subs} if field == "referral_sub_id" else {}
        )
        return known.get(value, value) or "Nothing"


def client_form(work: Work, client_id: UUID) -> ClientForm:
    """The form of a client. `NotFound` for an id that is nobody's, `Denied` for who may not edit clients."""
    work.require(Privilege.CLIENTS_EDIT)
    practice, patient = work.practice(), work.db.get(Patient, client_id)
    if patient is None:
        raise NotFound("There is no client at this address.")
    today = dates.local_day(work.now(), ZoneInfo(practice.time_zone))
    sources = offered(work, today, patient.referral_source_id)
    guardian, reached = _reached(work, patient, today)
    named = guardians(work, patient.id)
    known = named[0] if len(named) == 1 else None  # of several, none can be meant
    values = {name: str(getattr(patient, name)) for name in _PLAIN}
    values |= {name: show_phone(getattr(patient, name), practice.country) for name in PHONES}
    values |= {
        "date_of_birth": f"{patient.date_of_birth:%m/%d/%Y}",
        "guardian_name": known.name if known else "",
        "guardian_relationship": known.relationship if known else "",
        "clinic_id": str(patient.primary_clinic_id or ""),
        "phone": show(Channel.PHONE.value, reached.get(Channel.PHONE, ""), practice.country),
        "email": reached.get(Channel.EMAIL, ""),
        **_referral(patient, sources),
    }
    return ClientForm(
        name=f"{patient.first_name} {patient.last_name}",
        today=today,
        guardian=guardian,
        heard="" if values["referral_id"] else patient.referral_source,
        values=values,
        clinics=_with(clinic_choices(work), values["clinic_id"], "The clinic it was"),
        sexes=_with(list(SEXES.items()), patient.sex),
        pronouns=_with([(words, words) for words in PRONOUNS], patient.pronouns),
        relationships=_with([(words, words) for words in RELATIONSHIPS.values()], values["guardian_relationship"]),
        languages=_with(list(LANGUAGES.items()), patient.language),
        sources=[(str(row.id), row.name) for row in sources if row.parent_id is None],
        subs=[(str(row.id), row.name, str(row.parent_id)) for row in sources if row.parent_id is not None],
        draft=draft(work, client_id),
    )


def guardians(work: Work, client_id: UUID) -> Sequence[Guardian]:
    """Who is on file as a client's parent or guardian: one at most, but for records that were merged."""
    return work.db.exec(select(Guardian).where(Guardian.patient_id == client_id).order_by(col(Guardian.id))).all()


def draft(work: Work, client_id: UUID) -> Draft | None:
    """What the acting member of staff typed for this client and did not save."""
    row = work.db.exec(
        select(ClientDraft).where(ClientDraft.patient_id == client_id, ClientDraft.staff_id == work.actor.staff_id)
    ).first()
    if row is None:
        return None
    practice = work.practice()
    when = dates.when(row.kept_at, work.now(), ZoneInfo(practice.time_zone), practice.locale)
    return Draft(json.loads(row.typed), json.loads(row.base), when)


def _with(choices: Choices, value: str, words: str = "") -> Choices:
    """The choices, and what is on file where it is none of them: it must not be lost by opening the form."""
    return choices if not value or value in dict(choices) else [*choices, (value, words or value)]


def _referral(patient: Patient, sources: list[ReferralSource]) -> dict[str, str]:
    """The source and subcategory by id; a source that came as words is found by them."""
    chosen = next((row for row in sources if row.id == patient.referral_source_id), None)
    detail = patient.referral_detail
    if chosen is None and patient.referral_source:
        chosen = _named(sources, patient.referral_source, None)
        below = _named(sources, detail, chosen.id) if chosen and detail else None
        if below is not None:
            chosen, detail = below, ""
    if chosen is None:
        return {"referral_id": "", "referral_sub_id": "", "referral_detail": detail}
    parent, sub = (chosen.parent_id, chosen.id) if chosen.parent_id else (chosen.id, "")
    return {"referral_id": str(parent), "referral_sub_id": str(sub), "referral_detail": detail}


def _named(sources: list[ReferralSource], name: str, parent: UUID | None) -> ReferralSource | None:
    same = (row for row in sources if row.parent_id == parent and row.name.casefold() == name.casefold())
    return next(same, None)


def _reached(work: Work, patient: Patient, today: date) -> tuple[str, dict[Channel, str]]:
    """The contacts that log in: an adult's own, a minor's guardian's; and who that is."""
    adult = is_adult(patient.date_of_birth, today)
    rows: Any = work.db.exec(
        select(Contact, Guardian)
        .outerjoin(Guardian, col(Guardian.id) == Contact.guardian_id)
        .where(Contact.patient_id == patient.id, col(Contact.retired_at).is_(None))
        .order_by(col(Contact.id).desc())
    ).all()
    mine = [(contact, guardian) for contact, guardian in rows if adult == (guardian is None)]
    name = next((f"{guardian.name}, {guardian.relationship.lower()}" for _, guardian in mine if guardian), "")
    return name, {contact.channel: contact.value for contact, _ in mine}
