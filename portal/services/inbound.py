"""What other systems tell the portal: an opt-out at online booking, STOP and START to the practice's number.

Each message is taken once, by the sender's own id for it. Whom it concerns is never told to the sender.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from portal.domain.access import Privilege
from portal.domain.contacts import read_contact
from portal.domain.entry import Unclear
from portal.domain.inbound import CARRIER_WORDING, Said, booking_wording
from portal.domain.notifications import PRACTICE_TITLES, PracticeKind
from portal.models import Channel, Contact, InboundEvent, Patient, Practice, PracticeNotice
from portal.services.communication import set_do_not
from portal.work import Work

BOOKING, TWILIO = "booking", "twilio"
# What became of a message, as it is kept.
DONE, UNCHANGED, UNMATCHED, SHARED, NOTHING = "done", "unchanged", "unmatched", "shared contact", "no act"
AGAIN = "again"  # it was taken before: nothing is kept of the second one
DEEPEST = 10  # merges of merges


@dataclass(frozen=True, slots=True)
class OptOut:
    """What online booking says of a client. True stops such messages, False allows them again, None says nothing."""

    id: str
    booking_client_id: str = ""
    phone: str = ""
    email: str = ""
    do_not_sms: bool | None = None
    do_not_email: bool | None = None
    wording: str = ""

    @property
    def wishes(self) -> dict[Channel, bool]:
        """The channels that something is said of."""
        said = {Channel.PHONE: self.do_not_sms, Channel.EMAIL: self.do_not_email}
        return {channel: stop for channel, stop in said.items() if stop is not None}


def opt_out(work: Work, told: OptOut) -> str:
    """Do as a client wished at online booking; returns what became of it.

    The client is found by the booking system's id, else by phone and email as they are on file. A contact that several
    clients share stops messages for all of them, and allows them for none: staff are told. So they are of a stranger.
    """
    work.require(Privilege.COMMUNICATION)
    if not _first(work, BOOKING, told.id):
        return AGAIN
    found = _by_booking_id(work, told.booking_client_id)
    if not found and len(found := _by_contact(work, told)) == 1:
        _link(work, found[0], told.booking_client_id)
    shared, changed = len(found) > 1, False
    for client in found:
        for channel, stop in told.wishes.items():
            if stop or not shared:
                words = booking_wording(told.wording, stop=stop)
                changed |= set_do_not(work, client.id, channel, stop, source="booking", wording=words)
    if not found:
        _tell_staff(work, PracticeKind.OPT_OUT_UNMATCHED, _in_words(told))
    elif shared:
        names = ", ".join(f"{client.first_name} {client.last_name}" for client in found[:4])
        _tell_staff(work, PracticeKind.OPT_OUT_SHARED, f"{_in_words(told)}. It reaches {names}.")
    outcome = UNMATCHED if not found else SHARED if shared else DONE if changed else UNCHANGED
    return _keep(work, BOOKING, told.id, "opt-out", outcome)


def carrier_said(work: Work, message_id: str, number: str, said: Said) -> str:
    """STOP or START from a telephone number (E.164): Do Not SMS for every client whom it reaches, on or off.

    After STOP the carrier lets no text through, codes neither: those go by email until START.
    """
    work.require(Privilege.COMMUNICATION)
    if not _first(work, TWILIO, message_id):
        return AGAIN
    if said not in CARRIER_WORDING:
        return _keep(work, TWILIO, message_id, said.value, NOTHING)
    stop, changed = said is Said.STOP, False
    contacts = _reached(work, Channel.PHONE, number)
    for contact in contacts:
        contact.blocked_at = work.now() if stop else None
        work.db.add(contact)
    clients = [work.get(Patient, row) for row in sorted({contact.patient_id for contact in contacts})]
    for client in clients:
        if stop or client.do_not_sms:  # START takes a STOP back; it is no yes of those who never said no
            words = CARRIER_WORDING[said]
            changed |= set_do_not(work, client.id, Channel.PHONE, stop, source="carrier", wording=words)
    outcome = UNMATCHED if not clients else DONE if changed else UNCHANGED
    return _keep(work, TWILIO, message_id, said.value, outcome)


def _first(work: Work, provider: str, external_id: str) -> bool:
    """Whether the message comes for the first time; two of it at once go one after the other."""
    work.hold(f"inbound:{provider}:{external_id}")
    known = select(InboundEvent.id).where(InboundEvent.provider == provider, InboundEvent.external_id == external_id)
    return work.db.exec(known).first() is None


def _keep(work: Work, provider: str, external_id: str, kind: str, outcome: str) -> str:
    event = work.add(
        InboundEvent(provider=provider, external_id=external_id, kind=kind, received_at=work.now(), outcome=outcome)
    )
    work.audit("opt-out.unmatched" if outcome == UNMATCHED else "opt-out.received", event, what=f"{provider}: {kind}")
    return outcome


def _by_booking_id(work: Work, booking_id: str) -> list[Patient]:
    found = work.db.exec(select(Patient).where(Patient.booking_client_id == booking_id)).first() if booking_id else None
    return [_kept(work, found)] if found else []


def _by_contact(work: Work, told: OptOut) -> list[Patient]:
    """Whom all the given contacts reach; where they reach nobody together, whom either does."""
    practice = work.practice()
    groups = [
        {contact.patient_id for contact in _reached(work, channel, value)}
        for channel, typed in ((Channel.PHONE, told.phone), (Channel.EMAIL, told.email))
        if (value := _read(practice, channel, typed))
    ]
    ids: set[UUID] = set.intersection(*groups) or set.union(*groups) if groups else set()
    kept = {client.id: client for client in (_kept(work, work.get(Patient, one)) for one in ids)}
    return [kept[one] for one in sorted(kept)]


def _link(work: Work, client: Patient, booking_id: str) -> None:
    """From now on the client is known by the booking system's own id."""
    if booking_id and not client.booking_client_id:
        client.booking_client_id = booking_id
        work.db.add(client)
        work.audit("booking.linked", client, patient_id=client.id)


def _read(practice: Practice, channel: Channel, typed: str) -> str:
    try:
        return read_contact(channel.value, typed, practice.country) if typed else ""
    except Unclear:
        return ""


def _reached(work: Work, channel: Channel, value: str) -> list[Contact]:
    rows = select(Contact).where(Contact.channel == channel, Contact.value == value, col(Contact.retired_at).is_(None))
    return list(work.db.exec(rows).all())


def _kept(work: Work, client: Patient) -> Patient:
    """The record itself, or the one that it was merged into."""
    for _ in range(DEEPEST):
        if client.merged_into_id is None:
            break
        client = work.get(Patient, client.merged_into_id)
    return client


def _in_words(told: OptOut) -> str:
    """What was wished and for whom, for staff who look the client up."""
    names = {Channel.PHONE: "text messages", Channel.EMAIL: "emails"}
    wishes = " and ".join(f"{'no more' if stop else 'again'} {names[channel]}" for channel, stop in told.wishes.items())
    who = ", ".join(part for part in (told.phone, told.email, told.booking_client_id) if part)
    return f"{wishes.capitalize()} for {who}"


def _tell_staff(work: Work, kind: PracticeKind, words: str) -> None:
    work.add(PracticeNotice(kind=kind, title=PRACTICE_TITLES[kind], body=words[:400], created_at=work.now()))
    work.changed(None, "practice")
