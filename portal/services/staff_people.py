"""Who works at the practice and what they may do: taken on, role, single privileges, gone, authenticator lost.

All of it takes effect at the person's next event, on sockets that are open too: the guard asks the database each time.
"""

from pyotp.totp import TOTP
from sqlmodel import col, select, update

from portal.domain.access import ADJUSTABLE, Privilege, Role
from portal.domain.contacts import read_contact
from portal.domain.entry import Unclear
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.models import Channel, PasscodeChallenge, Passkey, Purpose, RecoveryCode, Staff
from portal.security.staff_sessions import end_sessions_of
from portal.services.household import contact_hash
from portal.settings import settings
from portal.work import Work

LAST_ADMIN = "This is the last admin who works here. Make somebody else an admin first."


def add(work: Work, first: str, last: str, email: str, role: Role, *, title: str = "", credentials: str = "") -> Staff:
    """Take somebody on. They log in with their work email, and set up an authenticator the first time.

    `Invalid` for what is no email or no name; `Conflict` for an email that is somebody's already.
    """
    work.require(Privilege.STAFF_MANAGE)
    practice = work.practice()
    try:
        address = read_contact(Channel.EMAIL, email, practice.country)
    except Unclear as problem:
        raise Invalid({"email": str(problem)}) from None
    first, last = " ".join(first.split()), " ".join(last.split())
    if not first or not last:
        raise Invalid({"name": "Give the first and the last name."})
    if work.db.exec(select(Staff.id).where(Staff.email == address)).first():
        raise Conflict("Somebody has this work email already.")
    person = Staff(
        practice_id=practice.id,
        first_name=first,
        last_name=last,
        credentials=credentials,
        title=title,
        email=address,
        role=role,
    )
    work.add(person)
    work.audit("staff.added", person, role=role.value)
    _tell(work)
    return person


def set_role(work: Work, email: str, role: Role) -> Staff:
    """Another role. `Conflict` for the last admin."""
    person = _person(work, email)
    if role is not Role.ADMIN:
        _not_the_last_admin(work, person)
    before, person.role = person.role, role
    work.add(person)
    work.audit("staff.role_changed", person, before=before.value, after=role.value)
    _tell(work)
    return person


def give(work: Work, email: str, privilege: Privilege) -> Staff:
    """Give one person a single privilege beside their role. What was taken before is no longer taken."""
    return _adjust(work, email, privilege, given=True)


def take(work: Work, email: str, privilege: Privilege) -> Staff:
    """Take a single privilege from one person, whatever their role gives."""
    return _adjust(work, email, privilege, given=False)


def disable(work: Work, email: str) -> int:
    """They work here no more: every session ends; returns how many there were. `Conflict` for the last admin."""
    person = _person(work, email)
    _not_the_last_admin(work, person)
    person.active = False
    work.add(person)
    work.audit("staff.disabled", person)
    _tell(work)
    return end_sessions_of(work, person.id, "disabled")


def enable(work: Work, email: str) -> Staff:
    """They are back, with the authenticator they had."""
    person = _person(work, email)
    person.active = True
    work.add(person)
    work.audit("staff.enabled", person)
    _tell(work)
    return person


def reset_authenticator(work: Work, email: str) -> int:
    """It is lost, and the recovery codes too: the next log-in sets up another. Passkeys and recovery codes stop, every
    session ends; returns how many there were. First make sure who is asking."""
    person = _person(work, email)
    now = work.now()
    person.totp_secret = person.totp_enrolled_at = None
    work.add(person)
    for table, ended in ((RecoveryCode, "used_at"), (Passkey, "removed_at")):
        column = col(getattr(table, ended))
        work.db.exec(update(table).where(col(table.staff_id) == person.id, column.is_(None)).values({ended: now}))
    work.audit("authenticator.reset", person)
    return end_sessions_of(work, person.id, "authenticator reset")


def present_code(work: Work, email: str) -> str:
    """What somebody's authenticator shows now, that of the one being set up included: for development, without a phone.

    `Denied` in production, where the secret is the person's alone; `NotFound` while there is none.
    """
    if settings().production:
        raise Denied
    person = _person(work, email)
    secret = person.totp_secret if person.totp_enrolled_at else None
    if secret is None:
        table = PasscodeChallenge
        being_set_up = select(table.draft).where(
            table.purpose == Purpose.STAFF,
            table.contact_hash == contact_hash(Channel.EMAIL, person.email),
            col(table.draft).is_not(None),
        )
        secret = work.db.exec(being_set_up.order_by(col(table.id).desc())).first()
    if secret is None:
        raise NotFound(f"{person.email} has no authenticator yet: log in as far as its QR code first.")
    return TOTP(secret).at(work.now())


def _adjust(work: Work, email: str, privilege: Privilege, *, given: bool) -> Staff:
    person = _person(work, email)
    if privilege not in ADJUSTABLE:
        raise Conflict(f"“{privilege.value}” comes with the role alone.")
    word = privilege.value
    person.given = [one for one in person.given if one != word] + ([word] if given else [])
    person.taken = [one for one in person.taken if one != word] + ([] if given else [word])
    work.add(person)
    work.audit("staff.privilege_given" if given else "staff.privilege_taken", person, privilege=word)
    _tell(work)
    return person


def _person(work: Work, email: str) -> Staff:
    work.require(Privilege.STAFF_MANAGE)
    wanted = select(Staff).where(Staff.email == email.strip().lower()).with_for_update(key_share=True)
    found = work.db.exec(wanted).first()
    if found is None:
        raise NotFound(f"Nobody here has the work email {email}.")
    return found


def _not_the_last_admin(work: Work, person: Staff) -> None:
    work.hold("last-admin")
    others = select(Staff.id).where(Staff.role == Role.ADMIN, col(Staff.active), Staff.id != person.id)
    if person.role is Role.ADMIN and person.active and work.db.exec(others).first() is None:
        raise Conflict(LAST_ADMIN)


def _tell(work: Work) -> None:
    """Open pages of staff show what their people may do from now on."""
    work.changed(None, "practice")
