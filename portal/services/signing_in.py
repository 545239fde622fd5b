"""From the right code to a ticket, and from the ticket to the person: the way in once a code was sent.

A wrong code or date of birth is an outcome, not an error: it must be counted, so its transaction commits.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import col, func, select, update

from portal.domain import passcodes as rules
from portal.domain.entry import Unclear
from portal.domain.passcodes import Refusal
from portal.domain.people import read_birth_date
from portal.errors import Denied, Invalid
from portal.models import Contact, PasscodeChallenge, Patient, Purpose
from portal.security.keys import keyed_hash, new_token, same
from portal.services.household import Person, Reached, local_day, proved_by, reached_by
from portal.services.passcodes import challenge_of, code_hash
from portal.work import Work

FRONT_DESK = "Please call our front desk to finish logging in. They will help you right away."
TICKET_OVER = "That log-in took too long. Please start again."


@dataclass(frozen=True, slots=True)
class Choice:
    """A member of the household, as the chooser shows them."""

    patient_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a code or a date of birth: a `ticket` (signed in), `people` to choose from, or what is `wrong`.

    `over` says that this log-in is done for: back to the start. `proved` names the contact that a code went to.
    """

    ticket: str = ""
    people: tuple[Choice, ...] = ()
    wrong: str = ""
    over: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """A code that was right: its challenge, and the keyed hash of the contact it went to; or what was `wrong`."""

    challenge: PasscodeChallenge
    sent_to: str = ""
    wrong: Refusal | None = None


def verify(work: Work, challenge_id: UUID, typed: str) -> Outcome:
    """Enter a code. One person behind the contact: straight in; several: choose. `Invalid` for what is no code."""
    proof = check_code(work, challenge_id, typed, (Purpose.LOGIN, Purpose.REGISTER))
    if proof.wrong:
        return Outcome(wrong=proof.wrong.value)
    if proof.challenge.purpose is Purpose.REGISTER:
        from portal.services.registration import complete  # it signs in through this module

        return complete(work, proof)
    return _enter(work, proof)


def check_code(work: Work, challenge_id: UUID, typed: str, purposes: tuple[Purpose, ...]) -> Proof:
    """Use one try of a challenge. The try is taken by one guarded statement, so that parallel guesses are counted too.

    What cannot be a code is `Invalid` and costs no try.
    """
    try:
        code = rules.read_code(typed)
    except Unclear as problem:
        raise Invalid({"code": str(problem)}, str(problem)) from None
    table, now = PasscodeChallenge, work.now()
    taken = work.db.exec(
        update(table)
        .where(
            col(table.id) == challenge_id,
            col(table.browser_hash) == work.actor.browser,
            col(table.purpose).in_(purposes),
            col(table.attempts) < rules.TRIES,
            col(table.expires_at) > now,
            col(table.superseded_at).is_(None),
            col(table.verified_at).is_(None),
            col(table.closed_at).is_(None),
        )
        .values(attempts=table.attempts + 1)
        .execution_options(synchronize_session=False)
    ).rowcount
    challenge = challenge_of(work, challenge_id)
    hashed = code_hash(challenge, code)
    matches = [stored for known, stored in challenge.codes.items() if same(known, hashed)]
    if not taken:
        return _refuse(work, challenge, _why_dead(challenge, now))
    if not matches:
        return _refuse(work, challenge, Refusal.SPENT if challenge.attempts >= rules.TRIES else Refusal.WRONG)
    if datetime.fromisoformat(matches[0]["until"]) <= now:
        return _refuse(work, challenge, Refusal.EXPIRED)
    challenge.verified_at = now
    work.db.add(challenge)
    return Proof(challenge, matches[0]["to"])


def birth_date(work: Work, typed: str) -> date:
    """A date of birth as it was typed. `Invalid` for what is none: that costs no try."""
    try:
        return read_birth_date(typed, local_day(work, work.practice()))
    except Unclear as problem:
        raise Invalid({"birth_date": str(problem)}, str(problem)) from None


def confirm_birth_date(work: Work, challenge_id: UUID, patient_id: UUID, typed: str) -> Outcome:
    """A member of the household says when they were born; five wrong ones end this log-in."""
    born, table = birth_date(work, typed), PasscodeChallenge
    taken = work.db.exec(
        update(table)
        .where(
            col(table.id) == challenge_id,
            col(table.browser_hash) == work.actor.browser,
            col(table.birth_date_attempts) < rules.BIRTH_DATE_TRIES,
            col(table.verified_at).is_not(None),
            col(table.verified_at) > work.now() - rules.LIFETIME,
            col(table.closed_at).is_(None),
        )
        .values(birth_date_attempts=table.birth_date_attempts + 1)
        .execution_options(synchronize_session=False)
    ).rowcount
    challenge = challenge_of(work, challenge_id)
    if not taken:
        return Outcome(wrong=Refusal.GONE.value, over=True)
    for person, way in _proved(work, challenge):
        if person.patient_id == patient_id and person.born == born:
            return Outcome(ticket=issue_ticket(work, challenge, patient_id, way.id))
    work.audit("sign-in.failed", challenge, patient_id=patient_id, why="date of birth")
    left = rules.BIRTH_DATE_TRIES - challenge.birth_date_attempts
    if left > 0:
        return Outcome(wrong="That is not the date of birth we have for this person. Please check it and try again.")
    challenge.closed_at = work.now()
    work.db.add(challenge)
    over = "That was not the date of birth we have. Please start again with a new code."
    return Outcome(wrong=FRONT_DESK if _rounds(work, challenge) >= rules.BIRTH_DATE_ROUNDS else over, over=True)


def issue_ticket(work: Work, challenge: PasscodeChallenge, patient_id: UUID, contact_id: UUID | None) -> str:
    """End the challenge with a ticket that this browser exchanges for its session: once, within a minute."""
    ticket = new_token()
    challenge.ticket_hash = keyed_hash("ticket", ticket)
    challenge.ticket_patient_id, challenge.ticket_contact_id = patient_id, contact_id
    challenge.ticket_expires_at = work.now() + rules.TICKET_LIFETIME
    challenge.closed_at = work.now()
    challenge.draft = None
    work.add(challenge)
    return ticket


def redeem_ticket(work: Work, ticket: str) -> tuple[UUID, UUID | None, UUID | None]:
    """Exchange a ticket for (patient, contact, guardian). `Denied` when it is unknown, old, used, or another browser's.

    Here a sign-in has succeeded: the contact is proved, and the portal accepted.
    """
    table, now = PasscodeChallenge, work.now()
    hashed = keyed_hash("ticket", ticket[:200])
    challenge = work.db.exec(
        select(table).where(
            table.ticket_hash == hashed, table.browser_hash == work.actor.browser, col(table.ticket_expires_at) > now
        )
    ).first()
    if challenge is None or not work.actor.browser:
        raise Denied(TICKET_OVER)
    used = work.db.exec(
        update(table)
        .where(col(table.id) == challenge.id, col(table.ticket_hash) == hashed)
        .values(ticket_hash=None)
        .execution_options(synchronize_session=False)
    ).rowcount
    if not used:
        raise Denied(TICKET_OVER)
    patient = work.get(Patient, challenge.ticket_patient_id)
    contact = work.db.get(Contact, challenge.ticket_contact_id) if challenge.ticket_contact_id else None
    if patient.portal_accepted_at is None:
        patient.portal_accepted_at = now
        work.db.add(patient)
    if contact is not None and contact.verified_at is None:
        contact.verified_at = now
        work.db.add(contact)
    work.audit("sign-in.succeeded", challenge, patient_id=patient.id, purpose=challenge.purpose.value)
    work.changed(patient.id, "record")
    return patient.id, contact.id if contact else None, contact.guardian_id if contact else None


def _enter(work: Work, proof: Proof) -> Outcome:
    people = _proved(work, proof.challenge, proof.sent_to)
    if not people:
        proof.challenge.closed_at = work.now()
        return Outcome(wrong=FRONT_DESK, over=True)
    if len({person.patient_id for person, _ in people}) == 1:
        person, way = people[0]
        return Outcome(ticket=issue_ticket(work, proof.challenge, person.patient_id, way.id))
    if _rounds(work, proof.challenge) >= rules.BIRTH_DATE_ROUNDS:
        proof.challenge.closed_at = work.now()
        return Outcome(wrong=FRONT_DESK, over=True)
    # Only those whom this code reached may be chosen from here on.
    proof.challenge.codes = {
        known: sent for known, sent in proof.challenge.codes.items() if sent["to"] == proof.sent_to
    }
    work.add(proof.challenge)
    choices = {person.patient_id: person.name for person, _ in people}
    return Outcome(people=tuple(Choice(str(patient_id), name) for patient_id, name in choices.items()))


def _proved(work: Work, challenge: PasscodeChallenge, sent_to: str = "") -> list[tuple[Person, Reached]]:
    today = local_day(work, work.practice())
    people = reached_by(work, challenge.typed_channel, challenge.typed_value or "", today)
    places = {sent_to} if sent_to else {sent["to"] for sent in challenge.codes.values()}
    return [found for place in places for found in proved_by(people, place)]


def _rounds(work: Work, challenge: PasscodeChallenge) -> int:
    """How often in the last day the dates of birth of this contact's household were guessed wrong to the end."""
    table = PasscodeChallenge
    return work.db.exec(
        select(func.count())
        .select_from(table)
        .where(
            table.contact_hash == challenge.contact_hash,
            table.created_at > work.now() - timedelta(days=1),
            table.birth_date_attempts >= rules.BIRTH_DATE_TRIES,
            col(table.ticket_patient_id).is_(None),
        )
    ).one()


def _refuse(work: Work, challenge: PasscodeChallenge, why: Refusal) -> Proof:
    work.audit("sign-in.failed", challenge, patient_id=challenge.patient_id, why=why.name.lower())
    return Proof(challenge, wrong=why)


def _why_dead(challenge: PasscodeChallenge, now: datetime) -> Refusal:
    if challenge.verified_at or challenge.closed_at:
        return Refusal.GONE
    if challenge.superseded_at:
        return Refusal.REPLACED
    return Refusal.EXPIRED if challenge.expires_at <= now else Refusal.SPENT
