"""What a member of staff proves themselves with, changed by themselves: passkeys, recovery codes, the authenticator.

All of it asks for a fresh second factor first (`Privilege.OWN_FACTORS` is among `STEP_UP`): whoever finds an open
screen must not be able to move in. Each change is told to the person's work email.
"""

from uuid import UUID

from sqlmodel import col, select

from portal.domain.access import Privilege
from portal.errors import Denied, Invalid, NotFound
from portal.ids import uuid7
from portal.mails import FactorChangedMail
from portal.models import Channel, Passkey, Staff
from portal.services import passkeys, second_factor, staff_proving
from portal.services.household import Reached
from portal.services.passcodes import as_message, mail_practice
from portal.work import Work

LONGEST_NAME = 60
UNMATCHED = "That code does not match. Wait for the next one on the new authenticator and enter its 6 digits."


def ask_new_passkey(work: Work) -> str:
    """Ask the browser for a new passkey; returns what it is asked."""
    session_id, staff = _own(work)
    asked = passkeys.ask_new(work, staff)
    staff_proving.remember(work, session_id, asked.challenge)
    return asked.options


def add_passkey(work: Work, credential: str, name: str) -> None:
    """Keep the passkey that the browser made, under this name. `Conflict` when it is not what was asked for."""
    session_id, staff = _own(work)
    challenge = staff_proving.asked_last(work, session_id)
    passkey = passkeys.keep(work, staff, credential, challenge, _name(name))
    work.audit("passkey.added", passkey, staff=str(staff.id))
    _tell(work, staff, "A passkey was added")


def rename_passkey(work: Work, passkey_id: UUID, name: str) -> None:
    """Call a passkey something else. `NotFound` for another's."""
    work.require(Privilege.OWN_ACCOUNT)
    passkey = _mine(work, passkey_id)
    passkey.name = _name(name)
    work.add(passkey)


def remove_passkey(work: Work, passkey_id: UUID) -> None:
    """It opens nothing any more. `NotFound` for another's."""
    _session_id, staff = _own(work)
    passkey = _mine(work, passkey_id)
    passkey.removed_at = work.now()
    work.add(passkey)
    work.audit("passkey.removed", passkey, staff=str(staff.id))
    _tell(work, staff, "A passkey was removed")


def fresh_recovery_codes(work: Work) -> list[str]:
    """Ten new recovery codes, to be shown once; those before work no more."""
    _session_id, staff = _own(work)
    codes = second_factor.new_recovery_codes(work, staff)
    _tell(work, staff, "New recovery codes were made")
    return codes


def begin_authenticator(work: Work) -> tuple[str, str]:
    """A secret for another authenticator, and what its QR code says. Nothing changes until it has shown a code."""
    _session_id, staff = _own(work)
    secret = second_factor.new_secret()
    return secret, second_factor.provisioning_uri(secret, staff, work.practice())


def replace_authenticator(work: Work, secret: str, typed: str) -> None:
    """The new authenticator shows its first code: from now on it counts, and the one before no more.

    `Invalid` for a code that does not match.
    """
    _session_id, staff = _own(work)
    step = second_factor.matching_step(secret, typed, work.now().timestamp())
    if step is None:
        raise Invalid({"code": UNMATCHED}, UNMATCHED)
    staff.totp_secret, staff.totp_enrolled_at, staff.totp_step = secret, work.now(), step
    work.add(staff)
    work.audit("authenticator.replaced", staff)
    _tell(work, staff, "Your authenticator was replaced")


def _own(work: Work) -> tuple[UUID, Staff]:
    work.require(Privilege.OWN_FACTORS)
    if work.actor.session_id is None:
        raise Denied
    return work.actor.session_id, work.get(Staff, work.actor.staff_id)


def _mine(work: Work, passkey_id: UUID) -> Passkey:
    wanted = select(Passkey).where(
        Passkey.id == passkey_id, col(Passkey.staff_id) == work.actor.staff_id, col(Passkey.removed_at).is_(None)
    )
    found = work.db.exec(wanted.with_for_update(key_share=True)).first()
    if found is None:
        raise NotFound
    return found


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise Invalid({"name": "Give this passkey a name, such as the device it is on."})
    if len(name) > LONGEST_NAME:
        raise Invalid({"name": f"At most {LONGEST_NAME} characters, please."})
    return name


def _tell(work: Work, staff: Staff, what: str) -> None:
    """At once, to the work email: if it was not they, somebody has their screen."""
    letter = FactorChangedMail(staff.first_name, mail_practice(work.practice()), what).letter()
    place = Reached(None, Channel.EMAIL, staff.email, verified=True, blocked=False)
    work.send(as_message(f"factor-changed:{uuid7()}", place, letter, now=work.now()))
