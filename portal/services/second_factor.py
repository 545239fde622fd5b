"""The second factor of staff: the authenticator's code, or one of the recovery codes.

A time step counts once: the step of an accepted code is kept, and neither it nor an earlier one counts again, also when
two requests bring the same code at the same moment.
"""

import secrets

from pyotp import random_base32
from pyotp.totp import TOTP
from sqlmodel import col, update

from portal.documents.qr import drawing
from portal.domain.entry import Unclear
from portal.domain.passcodes import read_code
from portal.errors import Invalid
from portal.models import Practice, RecoveryCode, Staff
from portal.security.keys import keyed_hash, same
from portal.work import Work

STEP_SECONDS = 30
DRIFT = 1  # steps that a telephone's clock may be ahead or behind
RECOVERY_CODES = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that is misread


def new_secret() -> str:
    """A secret for an authenticator, base32."""
    return random_base32()


def provisioning_uri(secret: str, staff: Staff, practice: Practice) -> str:
    """What the QR code says to the authenticator (otpauth://)."""
    return TOTP(secret).provisioning_uri(name=staff.email, issuer_name=practice.name)


def qr(uri: str) -> tuple[str, str]:
    """The QR code as an SVG path, and its viewBox."""
    return drawing(uri)


def matching_step(secret: str, typed: str, now: float) -> int | None:
    """The time step whose code this is, within the drift. `Invalid` for what cannot be a code."""
    try:
        code = read_code(typed)
    except Unclear as problem:
        raise Invalid({"code": str(problem)}, str(problem)) from None
    totp, here = TOTP(secret, interval=STEP_SECONDS), int(now // STEP_SECONDS)
    steps = range(here - DRIFT, here + DRIFT + 1)
    return next((step for step in steps if same(totp.generate_otp(step), code)), None)


def accept_totp(work: Work, staff: Staff, typed: str) -> bool:
    """Whether the code is the authenticator's and was not used; uses it."""
    if staff.totp_secret is None or staff.totp_enrolled_at is None:
        return False
    step = matching_step(staff.totp_secret, typed, work.now().timestamp())
    if step is None:
        return False
    used = work.db.exec(
        update(Staff)
        .where(col(Staff.id) == staff.id, col(Staff.totp_step) < step)
        .values(totp_step=step)
        .execution_options(synchronize_session=False)
    ).rowcount
    return bool(used)


def new_recovery_codes(work: Work, staff: Staff) -> list[str]:
    """Ten fresh recovery codes, to be shown once; those before work no more."""
    now = work.now()
    work.db.exec(
        update(RecoveryCode)
        .where(col(RecoveryCode.staff_id) == staff.id, col(RecoveryCode.used_at).is_(None))
        .values(used_at=now)
    )
    codes = [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(2)) for _ in range(RECOVERY_CODES)
    ]
    work.db.add_all(RecoveryCode(staff_id=staff.id, code_hash=_hash(staff, code), created_at=now) for code in codes)
    work.audit("recovery-codes.made", staff)
    return codes


def accept_recovery_code(work: Work, staff: Staff, typed: str) -> bool:
    """Whether this is one of the person's recovery codes that was not used; uses it."""
    plain = "".join(letter for letter in typed.lower() if letter in ALPHABET)
    used = work.db.exec(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.staff_id) == staff.id,
            col(RecoveryCode.code_hash) == _hash(staff, f"{plain[:5]}-{plain[5:]}"),
            col(RecoveryCode.used_at).is_(None),
        )
        .values(used_at=work.now())
    ).rowcount
    if used:
        work.audit("recovery-code.used", staff)
    return bool(used)


def _hash(staff: Staff, code: str) -> str:
    return keyed_hash("recovery", f"{staff.id}:{code}")
