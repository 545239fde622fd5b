"""The emailed way in: a link that works once, for seven days, and asks for the date of birth."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select, update

from portal import routes
from portal.domain.passcodes import BIRTH_DATE_TRIES
from portal.domain.people import is_adult
from portal.errors import Conflict
from portal.mails import InviteMail
from portal.models import Channel, Contact, Guardian, Invite, PasscodeChallenge, Patient, PatientStatus, Purpose
from portal.security.keys import keyed_hash, new_token
from portal.services.addressing import link as link_to
from portal.services.household import Reached, local_day, reached_by
from portal.services.passcodes import NO_COOKIE, as_message, mail_practice
from portal.services.signing_in import FRONT_DESK, Outcome, birth_date, issue_ticket
from portal.work import Work

LIFETIME = timedelta(days=7)
OVER = "This link has been used or is more than 7 days old. Log in with your phone or email, or ask us for a new link."


def create(work: Work, patient_id: UUID) -> UUID:
    """Email a client (a minor's guardian) their way in; earlier links die. `Conflict` says why that cannot be."""
    patient = work.get(Patient, patient_id)
    practice = work.practice()
    if patient.status is not PatientStatus.ACTIVE or patient.deceased_at is not None:
        raise Conflict(f"{patient.first_name} {patient.last_name} is inactive: no invitation is sent.")
    adult = is_adult(patient.date_of_birth, local_day(work, practice))
    found = work.db.exec(
        select(Contact, Guardian.name)
        .outerjoin(Guardian, col(Contact.guardian_id) == Guardian.id)
        .where(
            Contact.patient_id == patient.id,
            Contact.channel == Channel.EMAIL,
            col(Contact.retired_at).is_(None),
            col(Contact.guardian_id).is_(None) if adult else col(Contact.guardian_id).is_not(None),
        )
    ).first()
    if found is None:
        whose = "No email address is" if adult else "No guardian's email address is"
        raise Conflict(f"{whose} on file for {patient.first_name} {patient.last_name}. Add one first.")
    contact, guardian = found
    now, token = work.now(), new_token()
    work.db.exec(
        update(Invite)
        .where(col(Invite.patient_id) == patient.id, col(Invite.used_at).is_(None), col(Invite.expires_at) > now)
        .values(expires_at=now)
    )
    invite = work.add(
        Invite(
            patient_id=patient.id,
            contact_id=contact.id,
            token_hash=keyed_hash("invite", token),
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    name = guardian.split()[0] if guardian else patient.preferred_name or patient.first_name
    link = link_to(routes.invite(token))
    message = as_message(
        f"invite:{invite.id}",
        Reached(contact.id, Channel.EMAIL, contact.value, contact.verified_at is not None, blocked=False),
        InviteMail(name, mail_practice(practice), link, LIFETIME.days).letter(),
        now=now,
        expires_at=invite.expires_at,
        secret=True,
    )
    message.patient_id = patient.id
    work.send(message)
    work.audit("invite.sent", invite)
    return invite.id


def is_open(work: Work, token: str) -> bool:
    """Whether a link still works."""
    return work.db.exec(select(Invite.id).where(*_open(work, token))).first() is not None


def redeem(work: Work, token: str, typed: str) -> Outcome:
    """The date of birth of the person invited: right, and the link is used up with a ticket; five wrong ones end it."""
    if not work.actor.browser:
        raise Conflict(NO_COOKIE)
    born = birth_date(work, typed)
    taken = work.db.exec(
        update(Invite)
        .where(*_open(work, token))
        .values(birth_date_attempts=Invite.birth_date_attempts + 1)
        .execution_options(synchronize_session=False)
    ).rowcount
    if not taken:
        return Outcome(wrong=OVER, over=True)
    invite = work.db.exec(
        select(Invite).where(Invite.token_hash == _hash(token)).execution_options(populate_existing=True)
    ).one()
    patient, contact = work.get(Patient, invite.patient_id), work.get(Contact, invite.contact_id)
    if patient.date_of_birth != born:
        work.audit("sign-in.failed", invite, why="date of birth")
        over = invite.birth_date_attempts >= BIRTH_DATE_TRIES
        return Outcome(
            wrong=OVER if over else "That is not the date of birth we have. Please check it and try again.", over=over
        )
    invite.used_at = work.now()
    work.db.add(invite)
    people = reached_by(work, contact.channel, contact.value, local_day(work, work.practice()))
    if not any(person.patient_id == patient.id for person in people):  # the email was changed or they became inactive
        work.audit("sign-in.failed", invite, why="not reached any more")
        return Outcome(wrong=FRONT_DESK, over=True)
    now = work.now()
    proof = PasscodeChallenge(
        purpose=Purpose.INVITE,
        browser_hash=work.actor.browser,
        contact_hash="",  # no code was sent: this counts towards no limit
        typed_channel=contact.channel,
        sent_channel=contact.channel,
        address="",
        created_at=now,
        expires_at=now,
        verified_at=now,
    )
    work.audit("invite.used", invite)
    return Outcome(ticket=issue_ticket(work, proof, patient.id, contact.id))


def _open(work: Work, token: str) -> tuple:
    return (
        Invite.token_hash == _hash(token),
        col(Invite.used_at).is_(None),
        Invite.expires_at > work.now(),
        Invite.birth_date_attempts < BIRTH_DATE_TRIES,
    )


def _hash(token: str) -> str:
    return keyed_hash("invite", token[:200])
