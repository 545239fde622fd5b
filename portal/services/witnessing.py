"""Witnessing a consent: somebody else who was there confirms the signature that is on it.

A companion does so on the device on which it was signed, a member of staff in a session of their own. The witness is an
adult, never who signed, and not who gives the treatment unless the practice allows it. Source: behaviour, section 4.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from portal.domain import paperwork
from portal.domain.access import Privilege
from portal.domain.paperwork import RELATIONSHIPS, FormKind, SignerRole
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.models import AssignedForm, Signature, Staff
from portal.queries import forms
from portal.queries.forms import Form
from portal.services.signing import Ink, Mark, Signed, marked, meant, put_on, together
from portal.work import Work

ELSEWHERE = "A companion signs on the device on which the form was signed. Otherwise a team member does at check-in."


@dataclass(frozen=True, slots=True)
class WitnessAct:
    """What a companion did. `shown_sha256` is the hash of the text on the screen; without `ink` the name is typed."""

    shown_sha256: str
    name: str
    relationship: str
    adult: bool
    intent: bool
    ink: Ink | None = None
    typed_name: str = ""


@dataclass(frozen=True, slots=True)
class StaffAct:
    """What a member of staff did; who it is, the actor says."""

    shown_sha256: str
    intent: bool
    ink: Ink | None = None
    typed_name: str = ""


def witness_here(work: Work, form_id: UUID, act: WitnessAct) -> Signed:
    """Add a companion's signature, on the device on which the form was signed (`same_device`).

    `NotFound` for a stranger's form, `Denied` on another device, `Conflict` when no witness is waited for or the text
    is not the one shown, `Invalid` (`name`, `relationship`, `adult`, `signature`, `intent`) for what is missing or
    refused.
    """
    row = work.own(AssignedForm, form_id)  # locked: of two witnesses at once the second finds it signed
    form = forms.form(work, form_id)
    first = _first(work, row, form, act.shown_sha256)
    if not same_device(work, first):
        raise Denied(ELSEWHERE)
    name, relationship, _, mark, _ = together(
        lambda: _somebody_else(work, form, first, act.name),
        lambda: _relationship(act.relationship),
        lambda: _adult(act.adult),
        lambda: _own_mark(act),
        lambda: meant(act.intent),
    )
    return _witness(work, row, form, first, mark, name, relationship)


def witness_by_staff(work: Work, form_id: UUID, act: StaffAct) -> Signed:
    """Add the signature of the member of staff who acts and saw the signing.

    `Denied` for anybody who may not, is no active member of staff, signed, or gives the treatment; otherwise as above.
    """
    person = work.db.get(Staff, work.actor.staff_id) if work.actor.kind == "staff" and work.actor.staff_id else None
    if person is None or not person.active:
        raise Denied("A member of staff witnesses under their own name.")
    work.require(Privilege.PAPERWORK_WITNESS)
    row = work.db.exec(select(AssignedForm).where(AssignedForm.id == form_id).with_for_update(key_share=True)).first()
    if row is None:
        raise NotFound
    form = forms.any_form(work, form_id)
    first = _first(work, row, form, act.shown_sha256)
    why_not = staff_may_not(work, form, first, person)
    if why_not:
        raise Denied(why_not)
    name = f"{person.first_name} {person.last_name}"
    mark, _ = together(lambda: marked(act.ink, act.typed_name), lambda: meant(act.intent))
    if mark.typed_name and not paperwork.same_person(mark.typed_name, name):
        raise Invalid({"signature": "Type your own name."})
    return _witness(work, row, form, first, mark, name, person.role.value.replace("_", " "))


def staff_may_not(work: Work, form: Form, first: Signature, person: Staff) -> str:
    """Why this member of staff cannot witness the form, in a sentence; empty where they can."""
    if form.provider_id == person.id and not work.practice().provider_may_witness:
        return paperwork.TREATS
    if _is_signer(form, first, f"{person.first_name} {person.last_name}"):
        return paperwork.SAME_AS_SIGNER
    return ""


def same_device(work: Work, first: Signature) -> bool:
    """Whether the actor is on the device on which the form was signed."""
    return paperwork.same_device(first.session_id, first.device, work.actor.session_id, work.actor.device)


def signature_to_witness(work: Work, form_id: UUID) -> Signature | None:
    """The patient's or the guardian's signature on the form."""
    return work.db.exec(
        select(Signature).where(Signature.form_id == form_id, col(Signature.role) != SignerRole.WITNESS)
    ).first()


def _first(work: Work, row: AssignedForm, form: Form, shown_sha256: str) -> Signature:
    """The signature that is witnessed. `Conflict` unless one is there that waits, on the text that was shown."""
    if row.kind is not FormKind.CONSENT:
        raise NotFound
    paperwork.witnessed(row.status)
    first = signature_to_witness(work, row.id)
    if first is None or not form.needs_witness:
        raise NotFound
    if not shown_sha256 == first.text_sha256 == row.text_sha256:
        raise Conflict(paperwork.TEXT_CHANGED)
    return first


def _witness(
    work: Work, row: AssignedForm, form: Form, first: Signature, mark: Mark, name: str, relationship: str
) -> Signed:
    actor, status = work.actor, paperwork.witnessed(row.status)
    one = Signature(
        form_id=row.id,
        role=SignerRole.WITNESS,
        name=name,
        relationship=relationship,
        method=mark.method,
        strokes=mark.strokes,
        typed_name=mark.typed_name,
        intent=paperwork.witness_intent(first.name),
        text_sha256=first.text_sha256,
        signed_at=work.now(),
        time_zone=form.zone_name,
        session_id=actor.session_id,
        staff_id=actor.staff_id,
        address=actor.address,
        device=actor.device,
    )
    put_on(work, row, form, one, status)
    return Signed(row.id, form.name, status)


def _somebody_else(work: Work, form: Form, first: Signature, given: str) -> str:
    name = paperwork.legal_name(given)
    if not name:
        raise Invalid({"name": "Add your full legal name."})
    if _is_signer(form, first, name):
        raise Invalid({"name": paperwork.SAME_AS_SIGNER})
    provider = f"{form.provider_first or ''} {form.provider_last or ''}"
    if paperwork.same_person(provider, name):
        raise Invalid({"name": f"{paperwork.TREATS} A team member signs in the practice's own system."})
    return name


def _is_signer(form: Form, first: Signature, name: str) -> bool:
    """Whether the name is that of the patient, by law or as called, or of whoever signed for the patient."""
    known = {first.name, first.typed_name, form.patient, f"{form.preferred_name} {form.last_name}"}
    return any(paperwork.same_person(name, one) for one in known)


def _relationship(given: str) -> str:
    if given not in RELATIONSHIPS:
        raise Invalid({"relationship": "Choose what you are to the patient."})
    return given.lower()


def _adult(ticked: bool) -> None:
    if ticked is not True:
        raise Invalid({"adult": "A witness is at least 18 years old. Tick the box if you are."})


def _own_mark(act: WitnessAct) -> Mark:
    """The companion's drawing, or their own name typed."""
    mark = marked(act.ink, act.typed_name)
    if mark.typed_name and not paperwork.same_person(mark.typed_name, act.name):
        raise Invalid({"signature": "Type the same name as above."})
    return mark
