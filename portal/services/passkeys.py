"""Passkeys (WebAuthn, level 3): what is asked of the browser, and whether the answer is right.

A passkey is kept by the device and opened there by finger, face or PIN, so it counts for both factors. It is bound to
the portal's public address: a page with another address gets no answer that counts here. What was asked (`challenge`)
is kept by the caller, and must count for one answer only.
"""

import json
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID

from sqlmodel import col, select, update
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.errors import Conflict
from portal.models import Passkey, Staff
from portal.settings import settings
from portal.work import Work

REFUSED = "This passkey could not be used here. Try again, or use your authenticator."
NOT_ADDED = "This passkey could not be added. Please try again."
KNOWN_ALREADY = "This passkey is among yours already."
_UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser is asked: its `options` as JSON, and the `challenge` in them, to be kept."""

    options: str
    challenge: str


def available() -> bool:
    """Whether passkeys can exist at the public address: browsers bind them to a name, never to a bare IP address."""
    try:
        ip_address(_host())
    except ValueError:
        return True
    return False


def ask_new(work: Work, staff: Staff) -> Asked:
    """Ask the browser to make a passkey that needs no name typed, on a device that holds none of this person's yet."""
    asked = generate_registration_options(
        rp_id=_host(),
        rp_name=work.practice().name,
        user_id=staff.id.bytes,
        user_name=staff.email,
        user_display_name=staff.display_name,
        exclude_credentials=_known(work, staff.id),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return Asked(options_to_json(asked), bytes_to_base64url(asked.challenge))


def ask(work: Work, staff_id: UUID | None = None) -> Asked:
    """Ask the browser for a passkey: one of this person's, or any that it has for this portal."""
    asked = generate_authentication_options(
        rp_id=_host(),
        allow_credentials=_known(work, staff_id) if staff_id else [],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return Asked(options_to_json(asked), bytes_to_base64url(asked.challenge))


def keep(work: Work, staff: Staff, credential: str, challenge: str, name: str) -> Passkey:
    """Keep the passkey that the browser made. `Conflict` when it is not what was asked for, or known already."""
    try:
        made = verify_registration_response(
            credential=_read(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            require_user_verification=True,
        )
    except _UNREADABLE:
        raise Conflict(NOT_ADDED) from None
    if work.db.exec(select(Passkey.id).where(Passkey.credential_id == made.credential_id)).first():
        raise Conflict(KNOWN_ALREADY)
    return work.add(
        Passkey(
            staff_id=staff.id,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            name=name,
            created_at=work.now(),
        )
    )


def accept(work: Work, credential: str, challenge: str, staff_id: UUID | None = None) -> Staff | None:
    """Whose passkey answered, if it is one that counts (this person's, where one is named), or None.

    A counter that does not grow is a copied key: refused.
    """
    try:
        answer = parse_authentication_credential_json(_read(credential))
        passkey = _passkey(work, answer.raw_id)
        if passkey is None or staff_id not in (None, passkey.staff_id):
            return None
        if answer.response.user_handle not in (None, passkey.staff_id.bytes):
            return None
        right = verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _UNREADABLE:
        return None
    used = work.db.exec(
        update(Passkey)
        .where(col(Passkey.id) == passkey.id, col(Passkey.sign_count) == passkey.sign_count)
        .values(sign_count=right.new_sign_count, used_at=work.now())
        .execution_options(synchronize_session=False)
    ).rowcount
    staff = work.db.get(Staff, passkey.staff_id)
    return staff if used and staff is not None and staff.active else None


def _passkey(work: Work, credential_id: bytes) -> Passkey | None:
    wanted = select(Passkey).where(Passkey.credential_id == credential_id, col(Passkey.removed_at).is_(None))
    return work.db.exec(wanted).first()


def _known(work: Work, staff_id: UUID) -> list[PublicKeyCredentialDescriptor]:
    wanted = select(Passkey.credential_id).where(Passkey.staff_id == staff_id, col(Passkey.removed_at).is_(None))
    return [PublicKeyCredentialDescriptor(id=known) for known in work.db.exec(wanted).all()]


def _read(credential: str) -> dict[str, object]:
    read = json.loads(credential)
    if not isinstance(read, dict):
        raise TypeError
    return read


def _host() -> str:
    return urlsplit(settings().public_url).hostname or ""


def _origin() -> str:
    parts = urlsplit(settings().public_url)
    return f"{parts.scheme}://{parts.netloc}"
