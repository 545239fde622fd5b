"""Before the rows move: what there can be but one of and both records have, and what ends with the one that goes."""

from datetime import datetime
from uuid import UUID

from sqlmodel import col, delete, select, update

from portal.domain.search import fold
from portal.models import (
    Allergy,
    CalendarFeed,
    Channel,
    ClientDraft,
    Contact,
    Guardian,
    Invite,
    LoyaltyAccount,
    NoteDraft,
    OutboxMessage,
    PasscodeChallenge,
    Patient,
    Practice,
    Session,
)
from portal.services.contacts import retire
from portal.work import Work


def contacts(work: Work, practice: Practice, kept: Patient, gone: Patient, chosen: set[Channel]) -> None:
    """One current phone and one email of the person's own. `chosen` are those that are taken from the record that goes;
    the other one is out of use from now on, and is told so."""
    ours, theirs = _own(work, kept.id), _own(work, gone.id)
    for channel in ours.keys() & theirs.keys():
        if ours[channel].value == theirs[channel].value:
            _same(work, ours[channel], theirs[channel])
        elif channel in chosen:
            retire(work, practice, kept, ours[channel])
        else:
            retire(work, practice, kept, theirs[channel])
    for channel, contact in theirs.items():  # the yes to texts or emails goes with the number or the address
        name = "wants_sms" if channel is Channel.PHONE else "wants_email"
        if channel in chosen or channel not in ours:
            setattr(kept, name, getattr(gone, name))
        elif ours[channel].value == contact.value:
            setattr(kept, name, getattr(kept, name) or getattr(gone, name))
    work.db.flush()


def guardians(work: Work, practice: Practice, kept: Patient, gone: Patient) -> None:
    """A guardian whom both records name is one person: who they are stays, and how they are reached."""
    ours = {fold(one.name): one for one in work.db.exec(select(Guardian).where(Guardian.patient_id == kept.id)).all()}
    for guardian in work.db.exec(select(Guardian).where(Guardian.patient_id == gone.id)).all():
        same = ours.get(fold(guardian.name))
        if same is None:
            continue
        theirs = _reaching(work, guardian.id)
        for channel, contact in _reaching(work, same.id).items():
            if channel in theirs and theirs[channel].value == contact.value:
                _same(work, contact, theirs[channel])
            elif channel in theirs:
                retire(work, practice, kept, theirs[channel])
        work.db.flush()
        for table in (Contact, Session, CalendarFeed):
            work.db.exec(update(table).where(col(table.guardian_id) == guardian.id).values(guardian_id=same.id))
        work.db.delete(guardian)
        work.db.flush()


def outside_ids(work: Work, kept: Patient, gone: Patient) -> None:
    """What other systems call the client by; each id is one record's. Where both have one, each keeps its own, and what
    comes in under that of the record that went is led on."""
    for name in ("external_id", "booking_client_id"):
        value = getattr(gone, name)
        if value and not getattr(kept, name):
            setattr(gone, name, None)
            work.db.flush()
            setattr(kept, name, value)


def loyalty(work: Work, kept: UUID, gone: UUID) -> int:
    """Programs that the record that stays has none of come along; of one that both have, its own stays."""
    here = select(LoyaltyAccount.program).where(LoyaltyAccount.patient_id == kept)
    programs = list(work.db.exec(here).all())
    return work.db.exec(
        update(LoyaltyAccount)
        .where(col(LoyaltyAccount.patient_id) == gone, col(LoyaltyAccount.program).not_in(programs))
        .values(patient_id=kept)
    ).rowcount


def allergies(work: Work, kept: Patient, gone: Patient) -> None:
    """The same allergy is told once; and whoever has one has "No known allergies" no more."""
    current = select(Allergy).where(col(Allergy.patient_id).in_([kept.id, gone.id]), col(Allergy.ended_at).is_(None))
    rows = work.db.exec(current).all()
    known = {fold(row.substance) for row in rows if row.patient_id == kept.id}
    for row in rows:
        if row.patient_id == gone.id and fold(row.substance) in known:
            row.ended_at, row.ended_by = work.now(), work.actor.staff_id
            work.db.add(row)
    if rows:
        kept.no_allergies_at = kept.no_allergies_by = None
    elif kept.no_allergies_at is None:
        kept.no_allergies_at, kept.no_allergies_by = gone.no_allergies_at, gone.no_allergies_by


def drafts(work: Work, kept: UUID, gone: UUID) -> None:
    """A note that is being written is not lost: where one person writes one of each, they become one."""
    for draft in work.db.exec(select(NoteDraft).where(NoteDraft.patient_id == gone)).all():
        other = work.db.exec(
            select(NoteDraft).where(
                NoteDraft.patient_id == kept, NoteDraft.staff_id == draft.staff_id, NoteDraft.about == draft.about
            )
        ).first()
        if other is not None:
            other.text = "\n\n".join(part for part in (other.text.strip(), draft.text.strip()) if part)
            other.revision += 1
            work.db.add(other)
            work.db.delete(draft)
    work.db.exec(delete(ClientDraft).where(col(ClientDraft.patient_id) == gone))
    work.db.flush()


def log_ins(work: Work, gone: UUID) -> None:
    """Log-ins and changes of contact that are under way end."""
    now: datetime = work.now()
    theirs = (col(PasscodeChallenge.patient_id) == gone) | (col(PasscodeChallenge.ticket_patient_id) == gone)
    work.db.exec(update(PasscodeChallenge).where(theirs).values(closed_at=now, ticket_expires_at=now))


def _own(work: Work, patient_id: UUID) -> dict[Channel, Contact]:
    rows = select(Contact).where(
        Contact.patient_id == patient_id, col(Contact.retired_at).is_(None), col(Contact.guardian_id).is_(None)
    )
    return {row.channel: row for row in work.db.exec(rows).all()}


def _reaching(work: Work, guardian_id: UUID) -> dict[Channel, Contact]:
    rows = select(Contact).where(Contact.guardian_id == guardian_id, col(Contact.retired_at).is_(None))
    return {row.channel: row for row in work.db.exec(rows).all()}


def _same(work: Work, ours: Contact, theirs: Contact) -> None:
    """The same number or address twice: one is enough, it is nobody's news, and what was proved stays proved."""
    ours.verified_at = ours.verified_at or theirs.verified_at
    ours.blocked_at = ours.blocked_at or theirs.blocked_at
    theirs.retired_at = work.now()
    work.db.add_all([ours, theirs])
    for table in (OutboxMessage, Invite, Session):
        work.db.exec(update(table).where(col(table.contact_id) == theirs.id).values(contact_id=ours.id))
