"""A consent as the document that it becomes: rows in, every word of the PDF out."""

from sqlmodel import col, select

from portal import dates
from portal.documents.consent import ConsentDocument
from portal.documents.paper import SignatureBlock
from portal.domain import paperwork
from portal.domain.devices import device_name
from portal.domain.paperwork import FormStatus, SignerRole
from portal.domain.people import is_adult
from portal.domain.signature import Drawing
from portal.models import Signature
from portal.queries.forms import Form
from portal.services import consent_text
from portal.services import document_parts as parts
from portal.work import Work

_EVENTS = {
    "assigned": "Form assigned",
    "opened": "Opened",
    "viewed to the end": "Read to the end",
    "signed": "Intent confirmed and signed",
    "witnessed": "Witnessed and signed",
    "voided": "Made void by the practice",
}


def compose(work: Work, form: Form, *, sealing: bool) -> ConsentDocument:
    """The document of a form: about to be sealed, or a copy that says how the form stands."""
    signatures = list(
        work.db.exec(
            select(Signature).where(Signature.form_id == form.id).order_by(col(Signature.signed_at), col(Signature.id))
        ).all()
    )
    first = signatures[0] if signatures else None
    content, now, locale = consent_text.content(form), work.now(), form.locale
    head, size = parts.letterhead(work, form)
    witness = next((one.name for one in signatures if one.role is SignerRole.WITNESS), "")
    trail = parts.trail(
        work,
        form,
        _EVENTS,
        actor=first.name if first else form.patient,
        witness=witness,
        session_id=first.session_id if first else None,
        contact=first.verified_contact if first else "",
        sealed_at=now if sealing else None,
    )
    return ConsentDocument(
        practice=head,
        paper=size,
        title=form.name,
        version=str(form.number),
        version_date=parts.published(work, form),
        document_id=parts.document_number(form.kind, form.id),
        check_at=parts.check_at(form),
        void=form.status is FormStatus.VOID,
        patient=form.patient,
        date_of_birth=dates.full_date(form.born, locale),
        status=paperwork.label(form.kind, form.status),
        body_html=content.html,
        text_sha256=content.sha256,
        zone=dates.zone_name(form.done_at or now, form.zone, locale),
        created=form.done_at or now,
        facts=parts.facts(form),
        initials=tuple(first.initials.items()) if first else (),
        choice=first.option if first else "",
        signatures=tuple(_block(one, form) for one in signatures) + _lines_to_sign(form, signatures),
        evidence=_evidence(first, form) if first else (),
        trail=trail,
        sealed_on=dates.full_date(dates.local_day(now, form.zone), locale) if sealing else "",
        intent=first.intent if first else paperwork.INTENT,
    )


def _block(signature: Signature, form: Form) -> SignatureBlock:
    return SignatureBlock(
        role=paperwork.ROLES[signature.role],
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
        lines.append(SignatureBlock(role=paperwork.ROLES[role], name=form.patient if adult else ""))
    if form.needs_witness and SignerRole.WITNESS not in there:
        lines.append(SignatureBlock(role=paperwork.ROLES[SignerRole.WITNESS], name=""))
    return tuple(lines)


def _evidence(signature: Signature, form: Form) -> tuple[tuple[str, str], ...]:
    pairs = (
        ("Signed by", parts.acting_as(signature.name, signature.role, signature.relationship, form.patient)),
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
