"""Editing a client: in place in the panel, and all of it under **Actions > Edit**.

Whoever saves says what they had in front of them (`base`). A field that somebody else changed meanwhile is never
overwritten unseen: where both changed it, nothing is written until the person has chosen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from portal import dates
from portal.domain.access import Privilege
from portal.domain.client_record import (
    ADD_GUARDIAN,
    ADD_RELATIONSHIP,
    CONTACTS,
    GUARDIAN,
    LABELS,
    WAY_IN,
    read_record,
)
from portal.domain.contacts import show
from portal.domain.people import is_adult
from portal.errors import Conflict, Invalid, NotFound
from portal.models import AuditEvent, Channel, Guardian, Patient, Practice, ReferralSource
from portal.queries.client_form import ClientForm, client_form, guardians
from portal.security.sessions import end_all_sessions
from portal.services import client_drafts, search
from portal.services.clients import KEEP_ONE, remove_contact, set_contact
from portal.work import Work

ADD_NAME = "Add the name that goes with this source."
ASK_GUARDIAN = "Under 18, a parent or guardian signs and logs in. Ask somebody who may correct contacts to add them."
SEVERAL = "More than one guardian is on file: who they are stays. Access Client Portal has their contacts."
WHICH_SUB = "That belongs to another source. Choose a subcategory from the list."
_ACTS = ("client.changed", "profile.changed", "contact.corrected", "contact.changed", "contact.removed")


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A field that somebody else changed since it was read, in words; `contested` where this person changed it too."""

    field: str
    label: str
    theirs: str
    theirs_value: str
    mine: str
    who: str
    when: str
    contested: bool


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of it: the labels of what was saved, and what others changed meanwhile. With a contested field among
    those nothing was saved."""

    saved: tuple[str, ...]
    meanwhile: tuple[Meanwhile, ...]

    @property
    def contested(self) -> bool:
        """Whether the person has to choose first."""
        return any(one.contested for one in self.meanwhile)


def edit(work: Work, client_id: UUID, typed: Mapping[str, Any], base: Mapping[str, str]) -> Edited:
    """Save what differs from `base`, which is the record as this person read it, text by field.

    `Invalid` with all problems; `Denied` for who may not edit clients, or not correct contacts; `Conflict` for a record
    that went into another one, and where a contact cannot be set (`services.clients.set_contact`).
    """
    work.require(Privilege.CLIENTS_EDIT)
    practice, patient = work.practice(), _locked(work, client_id)
    form = client_form(work, client_id)
    mine = {name: str(typed[name]) for name in LABELS if _changed(name, typed, base)}
    if any(name in mine for name in WAY_IN):
        work.require(Privilege.PORTAL_ACCESS)
    meanwhile = changed_meanwhile(work, client_id, form, mine, base)
    if any(one.contested for one in meanwhile):
        return Edited((), meanwhile)
    ids = {row[0]: "" for row in (*form.clinics, *form.sources, *form.subs)}
    values = read_record(mine, practice.country, form.today, ids, ids)
    saved = _write(work, practice, patient, form, values)
    if saved:
        patient.version += 1
        work.db.add(patient)
        search.index(work, patient)
        work.audit("client.changed", patient, patient_id=patient.id, fields=sorted(saved))
        work.changed(patient.id, "record")
    client_drafts.drop(work, client_id, tuple(mine))
    return Edited(tuple(LABELS[name] for name in LABELS if name in saved), meanwhile)


def changed_meanwhile(
    work: Work, client_id: UUID, form: ClientForm, mine: Mapping[str, str], base: Mapping[str, str]
) -> tuple[Meanwhile, ...]:
    """What is otherwise now than it was read, by whom and when, with what this person would make of it."""
    differing = [name for name in LABELS if name in base and form.values.get(name, "") != base[name]]
    if not differing:
        return ()
    told = _who_and_when(work, client_id)
    return tuple(
        Meanwhile(
            field=name,
            label=LABELS[name],
            theirs=form.words(name, form.values[name]),
            theirs_value=form.values[name],
            mine=form.words(name, mine.get(name, base[name])),
            who=told.get(name, ("Somebody", ""))[0],
            when=told.get(name, ("Somebody", ""))[1],
            contested=name in mine and mine[name].strip() != form.values[name],
        )
        for name in differing
    )


def _changed(name: str, typed: Mapping[str, Any], base: Mapping[str, str]) -> bool:
    return isinstance(typed.get(name), str) and name in base and typed[name].strip() != base[name]


def _locked(work: Work, client_id: UUID) -> Patient:
    patient = work.db.exec(select(Patient).where(Patient.id == client_id).with_for_update(key_share=True)).first()
    if patient is None:
        raise NotFound("There is no client at this address.")
    if patient.merged_into_id is not None:
        raise Conflict("This record went into another one. Open that one to change it.")
    return patient


def _write(work: Work, practice: Practice, patient: Patient, form: ClientForm, values: dict[str, Any]) -> set[str]:
    """Put the values into the record; returns the names of those that are new."""
    saved: set[str] = set()
    plain = {name: value for name, value in values.items() if name not in (*WAY_IN, "clinic_id", *_REFERRAL)}
    if "clinic_id" in values:
        plain["primary_clinic_id"] = UUID(values["clinic_id"]) if values["clinic_id"] else None
    was_adult = is_adult(patient.date_of_birth, form.today)
    for name, value in plain.items():
        if getattr(patient, name) != value:
            setattr(patient, name, value)
            saved.add("clinic_id" if name == "primary_clinic_id" else name)
    saved |= _refer(work, patient, form, values)
    work.db.add(patient)
    work.db.flush()
    adult = is_adult(patient.date_of_birth, form.today)
    if adult != was_adult:
        end_all_sessions(work, patient.id, "staff")  # somebody else logs in for them now
    if not adult:
        saved |= _guard(work, patient, form, values, needed=was_adult)
    return saved | _reach(work, practice, patient, form, values)


def _guard(work: Work, patient: Patient, form: ClientForm, values: dict[str, Any], *, needed: bool) -> set[str]:
    """The guardian of a minor; `needed` now by whoever became a minor by a corrected date of birth."""
    changed = {name for name in GUARDIAN if name in values and values[name] != form.values[name]}
    named = guardians(work, patient.id)
    if not changed and (named or not needed):
        return set()
    if len(named) > 1:
        raise Conflict(SEVERAL)
    name, relationship = (str(values.get(one, form.values[one])) for one in GUARDIAN)
    if not name and not work.actor.may(Privilege.PORTAL_ACCESS):
        raise Invalid({"date_of_birth": ASK_GUARDIAN})
    missing = {} if name else {"guardian_name": ADD_GUARDIAN}
    missing |= {} if relationship else {"guardian_relationship": ADD_RELATIONSHIP}
    if missing:
        raise Invalid(missing)
    if named:
        named[0].name, named[0].relationship = name, relationship
        work.db.add(named[0])
        return changed
    work.add(Guardian(patient_id=patient.id, name=name, relationship=relationship))
    return changed | _hand_over(work, patient, form, values)


def _hand_over(work: Work, patient: Patient, form: ClientForm, values: dict[str, Any]) -> set[str]:
    """The phone and email of the form are the new guardian's, who alone logs in now: taken out of `values`."""
    reach = {name: str(values.pop(name, form.values[name])) for name in CONTACTS}
    if not any(reach.values()):
        raise Invalid({"phone": KEEP_ONE})
    for name, value in reach.items():
        if value:
            set_contact(work, patient.id, Channel(name), value)
    return {name for name, value in reach.items() if value}


_REFERRAL = ("referral_id", "referral_sub_id", "referral_detail")


def _refer(work: Work, patient: Patient, form: ClientForm, values: dict[str, Any]) -> set[str]:
    changed = {name for name in _REFERRAL if name in values and values[name] != form.values[name]}
    if not changed:
        return set()
    chosen = {name: values.get(name, form.values[name]) for name in _REFERRAL}
    parents = {sub: parent for sub, _, parent in form.subs}
    if chosen["referral_sub_id"] and parents.get(chosen["referral_sub_id"]) != chosen["referral_id"]:
        if "referral_sub_id" in changed:
            raise Invalid({"referral_sub_id": WHICH_SUB})
        chosen["referral_sub_id"] = ""  # the source is another one now
    source = chosen["referral_sub_id"] or chosen["referral_id"]
    named = work.db.get(ReferralSource, UUID(source)) if source else None
    if named is not None and named.asks_name and not chosen["referral_detail"]:
        raise Invalid({"referral_detail": ADD_NAME})
    patient.referral_source_id = UUID(source) if source else None
    if changed & {"referral_id", "referral_sub_id"}:
        top = work.db.get(ReferralSource, UUID(chosen["referral_id"])) if chosen["referral_id"] else None
        patient.referral_source = top.name if top else ""
    patient.referral_detail = chosen["referral_detail"]
    return changed


def _reach(work: Work, practice: Practice, patient: Patient, form: ClientForm, values: dict[str, Any]) -> set[str]:
    """The contacts: each of them with its own rules, trace and letter."""
    wanted = {Channel(name): values[name] for name in CONTACTS if name in values}
    saved: set[str] = set()
    for channel, value in wanted.items():
        if value and form.values[channel.value] != show(channel.value, value, practice.country):
            set_contact(work, patient.id, channel, value)
            saved.add(channel.value)
    for channel, value in wanted.items():
        if not value and form.values[channel.value]:
            remove_contact(work, patient.id, channel)
            saved.add(channel.value)
    return saved


def _who_and_when(work: Work, client_id: UUID) -> dict[str, tuple[str, str]]:
    """Of each field, who changed it last, and when."""
    practice = work.practice()
    rows = work.db.exec(
        select(AuditEvent)
        .where(AuditEvent.patient_id == client_id, col(AuditEvent.action).in_(_ACTS))
        .order_by(col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
        .limit(50)
    ).all()
    found: dict[str, tuple[str, str]] = {}
    for row in rows:
        who = row.actor_label if row.actor_kind == "staff" else "The client"
        when = dates.when(row.at, work.now(), ZoneInfo(practice.time_zone), practice.locale)
        for name in row.detail.get("fields", [row.detail.get("channel", "")]):
            field = "clinic_id" if name == "primary_clinic_id" else str(name)
            found.setdefault(field, (who or "Somebody", when))
    return found
