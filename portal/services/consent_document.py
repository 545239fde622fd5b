"""A consent as the document that it becomes: rows in, every word of the PDF out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from portal import dates
from portal.documents.consent import ConsentDocument, Letterhead, SignatureBlock, TrailEvent
from portal.domain import paperwork
from portal.domain.devices import device_name
from portal.domain.paperwork import SignerRole
from portal.domain.people import is_adult
from portal.domain.signature import Drawing
from portal.models import Clinic, FormEvent, Patient, Practice, Session, Signature, TemplateVersion
from portal.queries.forms import Form
from portal.queries.practice import national
from portal.services import consent_text
from portal.work import Work

_ROLES = {SignerRole.PATIENT: "Patient", SignerRole.GUARDIAN: "Parent or guardian", SignerRole.WITNESS: "Witness"}
_EVENTS = {
    "assigned": "Form assigned",
    "opened": "Opened",
    "viewed to the end": "Read to the end",
    "signed": "Intent confirmed and signed",
    "witnessed": "Witnessed and signed",
    "voided": "Made void by the practice",
}
_BY_PRACTICE = {"assigned", "voided"}


@dataclass(frozen=True, slots=True)
class _Moment:
    at: datetime
    what: str
    person: str
    place: str


def document_id(form_id: UUID) -> str:
    """The form's number as it is printed: short, and enough to find it by."""
    tail = form_id.hex[-12:].upper()
    return f"C-{tail[:4]}-{tail[4:8]}-{tail[8:]}"


def compose(work: Work, form: Form, *, sealing: bool) -> ConsentDocument:
    """The document of a form: about to be sealed, or a copy that says how the form stands."""
    signatures = list(
        work.db.exec(
            select(Signature).where(Signature.form_id == form.id).order_by(col(Signature.signed_at), col(Signature.id))
        ).all()
    )
    first = signatures[0] if signatures else None
    content, now, locale = consent_text.content(form), work.now(), form.locale
    visit = f"{dates.full_date(dates.local_day(form.visit_at, form.zone), locale)}, " + (
        dates.clock_time(form.visit_at, form.zone, locale)
    ) if form.visit_at else ""  # fmt: skip
    facts = (("Treatment", form.service or ""), ("Visit", visit), ("Provider", form.provider), ("Clinic", form.clinic))
    return ConsentDocument(
        practice=_letterhead(work, form),
        title=form.name,
        version=str(form.number),
        version_date=_published(work, form),
        document_id=document_id(form.id),
        patient=form.patient,
        date_of_birth=dates.full_date(form.born, locale),
        status=paperwork.label(form.kind, form.status),
        body_html=content.html,
        text_sha256=content.sha256,
        zone=dates.zone_name(form.done_at or now, form.zone, locale),
        created=form.done_at or now,
        facts=tuple(fact for fact in facts if fact[1]),
        initials=tuple(first.initials.items()) if first else (),
        signatures=tuple(_block(one, form) for one in signatures) + _lines_to_sign(form, signatures),
        evidence=_evidence(first, form) if first else (),
        trail=_trail(work, form, signatures, now if sealing else None),
        sealed_on=dates.full_date(dates.local_day(now, form.zone), locale) if sealing else "",
        intent=first.intent if first else paperwork.INTENT,
    )


def _block(signature: Signature, form: Form) -> SignatureBlock:
    return SignatureBlock(
        role=_ROLES[signature.role],
        name=signature.name,
        relationship=signature.relationship,
        drawing=Drawing.from_json(signature.strokes) if signature.strokes else None,
        typed_name=signature.typed_name,
        signed_at=dates.exact(signature.signed_at, form.zone, form.locale),
    )


def _lines_to_sign(form: Form, signatures: list[Signature]) -> tuple[SignatureBlock, ...]:
    """The empty lines of whoever has not signed yet."""
    there = {signature.role for signature in signatures}
    lines = []
    if not there & {SignerRole.PATIENT, SignerRole.GUARDIAN}:
        adult = is_adult(form.born, dates.local_day(form.assigned_at, form.zone))
        role = SignerRole.PATIENT if adult else SignerRole.GUARDIAN
        lines.append(SignatureBlock(role=_ROLES[role], name=form.patient if adult else ""))
    if form.needs_witness and SignerRole.WITNESS not in there:
        lines.append(SignatureBlock(role=_ROLES[SignerRole.WITNESS], name=""))
    return tuple(lines)


def _evidence(signature: Signature, form: Form) -> tuple[tuple[str, str], ...]:
    capacity = ", ".join(part for part in (_ROLES[signature.role].lower(), signature.relationship) if part)
    for_whom = f" for {form.patient}" if signature.role is SignerRole.GUARDIAN else ""
    pairs = (
        ("Signed by", f"{signature.name}, {capacity}{for_whom}"),
        ("Signed at", dates.exact(signature.signed_at, form.zone, form.locale)),
        ("Identity", f"One-time code to the {signature.verified_contact}" if signature.verified_contact else ""),
        ("Method", "Signature drawn on the screen" if signature.strokes else "Name typed as signature"),
        ("Choice", signature.option),
        ("Network address", signature.address),
        ("Device", device_name(signature.device) if signature.device else ""),
        ("Form version", f"{form.name}, version {form.number}"),
        ("Text fingerprint", f"SHA-256 {signature.text_sha256}"),
    )
    return tuple(pair for pair in pairs if pair[1])


def _trail(work: Work, form: Form, signatures: list[Signature], sealed_at: datetime | None) -> tuple[TrailEvent, ...]:
    """What happened, in order: assigned, signed in, opened, read, signed, sealed."""
    signer = signatures[0].name if signatures else form.patient
    witness = next((one.name for one in signatures if one.role is SignerRole.WITNESS), "")
    who = {**dict.fromkeys(_BY_PRACTICE, form.practice), "witnessed": witness}
    moments = [
        _Moment(
            event.at,
            f"{_EVENTS[event.what]}, version {form.number}" if event.what == "assigned" else _EVENTS[event.what],
            who.get(event.what, signer),
            "" if event.what in _BY_PRACTICE else _place(event.device, event.address),
        )
        for event in work.db.exec(
            select(FormEvent)
            .where(FormEvent.form_id == form.id, col(FormEvent.what).in_(_EVENTS))
            .order_by(col(FormEvent.at), col(FormEvent.id))
        )
    ]
    session = work.db.get(Session, signatures[0].session_id) if signatures and signatures[0].session_id else None
    if session is not None:
        contact = signatures[0].verified_contact
        what = f"Signed in with a one-time code, {contact}" if contact else "Signed in"
        moments.append(_Moment(session.created_at, what, signer, _place(session.user_agent, session.address)))
    moments.sort(key=lambda moment: moment.at)
    if sealed_at is not None:
        what = "Sealed. No change is possible after this line"
        moments.append(_Moment(sealed_at, what, "System", f"Record {document_id(form.id)}"))
    return tuple(
        TrailEvent(dates.trail(moment.at, form.zone, form.locale), moment.what, moment.person, moment.place)
        for moment in moments
    )


def _place(device: str, address: str) -> str:
    return ", ".join(part for part in (device_name(device) if device else "", address) if part)


def _letterhead(work: Work, form: Form) -> Letterhead:
    """The practice with the address of the clinic concerned."""
    practice = work.db.exec(
        select(Practice.name, Practice.phone, Practice.website, Practice.brand_hex)
        .join(Patient, col(Patient.practice_id) == Practice.id)
        .where(Patient.id == form.patient_id)
    ).one()
    clinic = work.db.get(Clinic, form.clinic_id) if form.clinic_id else None
    address = (f"{clinic.street}, {clinic.city}, {clinic.state} {clinic.postal_code}",) if clinic else ()
    return Letterhead(practice[0], address, national(practice[1]), practice[2], practice[3])


def _published(work: Work, form: Form) -> str:
    published_at = work.db.exec(select(TemplateVersion.published_at).where(TemplateVersion.id == form.version_id)).one()
    return dates.full_date(dates.local_day(published_at, form.zone), form.locale)
