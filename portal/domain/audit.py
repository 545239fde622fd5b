"""Every act of the audit log in words: for staff, who search it and read what happened with a client, and for patients,
who see who opened their record.

A test walks the code for all names of acts; one that is missing here makes it fail.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast


class Kind(StrEnum):
    """What acts are searched by."""

    OPENED = "opened"
    SIGN_IN = "sign-in"
    RECORD = "record"
    MEDICAL = "medical"
    NOTES = "notes"
    VISITS = "visits"
    PAPERWORK = "paperwork"
    COMMUNICATION = "communication"
    MONEY = "money"
    PRACTICE = "practice"
    REFUSED = "refused"


KIND_NAMES = {
    Kind.OPENED: "Opened and downloaded",
    Kind.SIGN_IN: "Log-ins and devices",
    Kind.RECORD: "Profile and contacts",
    Kind.MEDICAL: "Medical",
    Kind.NOTES: "Notes",
    Kind.VISITS: "Appointments",
    Kind.PAPERWORK: "Paperwork",
    Kind.COMMUNICATION: "Communication",
    Kind.MONEY: "Payments and loyalty",
    Kind.PRACTICE: "Practice and staff",
    Kind.REFUSED: "Refused and failed",
}

# What of a record was opened, in the words that its patient reads; notes of staff belong to the profile.
PROFILE, VISITS, DOCUMENTS, MEDICAL = "Profile", "Appointments", "Documents", "Medical"
PARTS = (PROFILE, VISITS, DOCUMENTS, MEDICAL)


@dataclass(frozen=True, slots=True)
class Act:
    """One kind of act. `words` may name `{form}`, `{visit}`, `{invoice}` or `{person}`; `opened` is what of a patient's
    record somebody of the practice saw by it; `quiet` ones say nothing that another line does not, and are left out of
    what happened with a client."""

    kind: Kind
    words: str
    opened: str = ""
    quiet: bool = False


_K = Kind
ACTS: dict[str, Act] = {
    # Seen.
    "client.viewed": Act(_K.OPENED, "Opened the profile", PROFILE),
    "client.searched": Act(_K.OPENED, "Searched for clients"),
    "client.contacts_viewed": Act(_K.OPENED, "Looked up phone and email", PROFILE),
    "activity.viewed": Act(_K.OPENED, "Opened the activity", PROFILE),
    "allergies.viewed": Act(_K.OPENED, "Opened the medical history", MEDICAL),
    "notes.viewed": Act(_K.OPENED, "Opened the notes", PROFILE),
    "appointments.viewed": Act(_K.OPENED, "Opened the appointments", VISITS),
    "appointment.viewed": Act(_K.OPENED, "Opened {visit}", VISITS),
    "forms.viewed": Act(_K.OPENED, "Opened the list of forms", DOCUMENTS),
    "consent.viewed": Act(_K.OPENED, "Opened {form}", DOCUMENTS),
    "questionnaire.viewed": Act(_K.OPENED, "Opened {form}", DOCUMENTS),
    "document.downloaded": Act(_K.OPENED, "Downloaded {form}", DOCUMENTS),
    "photo.viewed": Act(_K.OPENED, "Opened a photograph", DOCUMENTS),
    "calendar.downloaded": Act(_K.OPENED, "Took {visit} into a calendar", VISITS),
    "form.viewed": Act(_K.OPENED, "Opened {form}", DOCUMENTS),
    "schedule.viewed": Act(_K.OPENED, "Opened the schedule"),
    "record_access.viewed": Act(_K.OPENED, "Looked at who opened the record"),
    "audit.searched": Act(_K.OPENED, "Searched the audit log"),
    "audit.checked": Act(_K.OPENED, "Checked the chain of the audit log"),
    # Logging in.
    "sign-in.requested": Act(_K.SIGN_IN, "Asked for a log-in code"),
    "sign-in.succeeded": Act(_K.SIGN_IN, "Logged in"),
    "sign-in.failed": Act(_K.SIGN_IN, "Could not log in"),
    "session.opened": Act(_K.SIGN_IN, "A session began", quiet=True),
    "session.ended": Act(_K.SIGN_IN, "Logged out"),
    "session.all_ended": Act(_K.SIGN_IN, "Logged out of all devices"),
    "invite.sent": Act(_K.SIGN_IN, "Sent an invitation to the portal"),
    "invite.used": Act(_K.SIGN_IN, "Accepted the invitation to the portal"),
    "staff-sign-in.succeeded": Act(_K.SIGN_IN, "Staff log-in of {person}"),
    "staff-sign-in.failed": Act(_K.SIGN_IN, "Failed staff log-in of {person}"),
    "staff-session.opened": Act(_K.SIGN_IN, "A staff session began for {person}"),
    "staff-session.locked": Act(_K.SIGN_IN, "The screen was locked"),
    "staff-session.unlocked": Act(_K.SIGN_IN, "Unlocked the screen"),
    "staff-session.proved": Act(_K.SIGN_IN, "Proved who they are again"),
    "staff-session.all_ended": Act(_K.SIGN_IN, "Logged out of all other devices"),
    "staff-proof.failed": Act(_K.SIGN_IN, "Could not prove who they are"),
    "passkey.added": Act(_K.SIGN_IN, "Added a passkey"),
    "passkey.removed": Act(_K.SIGN_IN, "Removed a passkey"),
    "authenticator.replaced": Act(_K.SIGN_IN, "Replaced the authenticator"),
    "authenticator.reset": Act(_K.SIGN_IN, "Reset the authenticator of {person}"),
    "authenticator.enrolled": Act(_K.SIGN_IN, "Set up an authenticator"),
    "recovery-codes.made": Act(_K.SIGN_IN, "Made recovery codes"),
    "recovery-code.used": Act(_K.SIGN_IN, "Used a recovery code"),
    # The record.
    "patient.registered": Act(_K.RECORD, "Registered"),
    "patient.registered_again": Act(_K.RECORD, "Registered again with known details: no second record was made"),
    "patient.imported": Act(_K.RECORD, "Was taken over from another system"),
    "patient.import_changed": Act(_K.RECORD, "Was brought up to date from another system"),
    "client.registered": Act(_K.RECORD, "Registered the client", PROFILE),
    "client.changed": Act(_K.RECORD, "Edited the profile", PROFILE),
    "client.merged": Act(_K.RECORD, "Merged another record into this one", PROFILE),
    "client.merged_into": Act(_K.RECORD, "Merged this record into another one", PROFILE),
    "client.told_apart": Act(_K.RECORD, "Noted that a record that looks alike is another person's", PROFILE),
    "client.merge_gathered": Act(_K.RECORD, "Brought along what came after a merge", quiet=True),
    "client-change.reviewed": Act(_K.RECORD, "Reviewed what the client changed", PROFILE),
    "profile.changed": Act(_K.RECORD, "Changed the profile", PROFILE),
    "contact.changed": Act(_K.RECORD, "Changed a contact", PROFILE),
    "contact.corrected": Act(_K.RECORD, "Corrected a contact", PROFILE),
    "contact.removed": Act(_K.RECORD, "Removed a contact", PROFILE),
    "calendar.opened": Act(_K.RECORD, "Subscribed a calendar"),
    "calendar.revoked": Act(_K.RECORD, "Ended the calendar subscription"),
    # Medical, notes.
    "allergy.added": Act(_K.MEDICAL, "Added an allergy", MEDICAL),
    "allergy.ended": Act(_K.MEDICAL, "Ended an allergy", MEDICAL),
    "allergy.imported": Act(_K.MEDICAL, "Took an allergy over from another system"),
    "allergies.none_known": Act(_K.MEDICAL, "Recorded that no allergies are known", MEDICAL),
    "note.written": Act(_K.NOTES, "Wrote a note", PROFILE),
    "note.changed": Act(_K.NOTES, "Changed a note", PROFILE),
    "note.removed": Act(_K.NOTES, "Removed a note", PROFILE),
    # Appointments.
    "appointment.booked": Act(_K.VISITS, "Booked {visit}", VISITS),
    "appointment.imported": Act(_K.VISITS, "Took {visit} over from another system"),
    "appointment.confirmed": Act(_K.VISITS, "Confirmed {visit}", VISITS),
    "appointment.moved": Act(_K.VISITS, "Moved {visit}", VISITS),
    "appointment.cancelled": Act(_K.VISITS, "Cancelled {visit}", VISITS),
    "appointment.restored": Act(_K.VISITS, "Took the cancellation back of {visit}", VISITS),
    "appointment.settled": Act(_K.VISITS, "The cancellation counts of {visit}"),
    "appointment.checked_in": Act(_K.VISITS, "Checked in for {visit}", VISITS),
    "appointment.completed": Act(_K.VISITS, "Completed {visit}", VISITS),
    "appointment.no_show": Act(_K.VISITS, "Did not come to {visit}", VISITS),
    "referral.added": Act(_K.PRACTICE, "Added a referral source"),
    "referral.changed": Act(_K.PRACTICE, "Changed a referral source"),
    "referral.moved": Act(_K.PRACTICE, "Changed the order of referral sources"),
    "keys.added": Act(_K.PRACTICE, "Added an encryption key"),
    "keys.rotated": Act(_K.PRACTICE, "Encrypted anew with the newest key"),
    "keys.dropped": Act(_K.PRACTICE, "Dropped an encryption key that nothing needed"),
    "appointment_type.changed": Act(_K.PRACTICE, "Changed the rules of an appointment type"),
    "hours.set": Act(_K.PRACTICE, "Set the hours of {person}"),
    "time_off.added": Act(_K.PRACTICE, "Added time off"),
    "time_off.removed": Act(_K.PRACTICE, "Removed time off"),
    # Paperwork.
    "form.assigned": Act(_K.PAPERWORK, "Assigned {form}", DOCUMENTS),
    "form.signed": Act(_K.PAPERWORK, "Signed {form}"),
    "form.witnessed": Act(_K.PAPERWORK, "Witnessed {form}", DOCUMENTS),
    "form.submitted": Act(_K.PAPERWORK, "Submitted {form}"),
    "form.reset": Act(_K.PAPERWORK, "Reset {form}", DOCUMENTS),
    "form.voided": Act(_K.PAPERWORK, "Made {form} void", DOCUMENTS),
    "document.sealed": Act(_K.PAPERWORK, "A document was sealed", quiet=True),
    "photo.added": Act(_K.PAPERWORK, "Added a photograph"),
    "photo.removed": Act(_K.PAPERWORK, "Removed a photograph"),
    "photo.forgotten": Act(_K.PAPERWORK, "A photograph that no form kept was deleted", quiet=True),
    "template.created": Act(_K.PRACTICE, "Made a form template"),
    "template.published": Act(_K.PRACTICE, "Published a form template"),
    "template.tied": Act(_K.PRACTICE, "Tied a form template to a service"),
    # Communication, payments.
    "emails.stopped": Act(_K.COMMUNICATION, "Stopped emails by the link in one"),
    "opt-out.received": Act(_K.COMMUNICATION, "An opt-out came in"),
    "opt-out.unmatched": Act(_K.COMMUNICATION, "An opt-out came in for somebody who is no client here"),
    "communication.stopped": Act(_K.COMMUNICATION, "Switched messages off", PROFILE),
    "communication.allowed": Act(_K.COMMUNICATION, "Switched messages on", PROFILE),
    "booking.linked": Act(_K.RECORD, "Was linked to the online booking system"),
    "loyalty.enrolled": Act(_K.MONEY, "Ticked a loyalty program", PROFILE),
    "loyalty.changed": Act(_K.MONEY, "Changed a loyalty log-in", PROFILE),
    "loyalty.withdrawn": Act(_K.MONEY, "Unticked a loyalty program", PROFILE),
    "loyalty.revealed": Act(_K.MONEY, "Looked up a loyalty log-in", PROFILE),
    "invoice.issued": Act(_K.MONEY, "Issued {invoice}"),
    # The practice.
    "staff.added": Act(_K.PRACTICE, "Added {person} to the staff"),
    "staff.role_changed": Act(_K.PRACTICE, "Changed the role of {person}"),
    "staff.disabled": Act(_K.PRACTICE, "Disabled {person}"),
    "staff.enabled": Act(_K.PRACTICE, "Enabled {person}"),
    "staff.privilege_given": Act(_K.PRACTICE, "Gave a privilege to {person}"),
    "staff.privilege_taken": Act(_K.PRACTICE, "Took a privilege from {person}"),
    "practice.opened": Act(_K.PRACTICE, "Opened the practice"),
    "practice.reminders_set": Act(_K.PRACTICE, "Changed the Important Reminders"),
    "practice.paperwork_rules": Act(_K.PRACTICE, "Changed the rules of paperwork"),
    "banner.put_up": Act(_K.PRACTICE, "Put up a banner"),
    "banner.switched": Act(_K.PRACTICE, "Switched a banner"),
    "import.finished": Act(_K.PRACTICE, "An import ended"),
    # What was not let through.
    "denied": Act(_K.REFUSED, "Was refused", quiet=True),
    "fault": Act(_K.REFUSED, "Met a fault of the portal", quiet=True),
}

QUIET = frozenset(action for action, act in ACTS.items() if act.quiet)
OPENINGS = {action: act.opened for action, act in ACTS.items() if act.opened}
#: What stands in the words where the thing itself is not named.
UNNAMED = {"form": "a form", "visit": "an appointment", "invoice": "an invoice", "person": "a member of staff"}
_CHANNELS = {"phone": "phone", "sms": "texts", "email": "email"}


def act(action: str) -> Act:
    """The act behind a name; one that the table does not have is said as it is written."""
    known = ACTS.get(action)
    return known or Act(Kind.PRACTICE, action.replace(".", " ").replace("_", " ").replace("-", " ").capitalize())


def words(action: str, thing: str = "") -> str:
    """What was done, in words; `thing` is the form, visit or invoice by its own name."""
    plain = act(action).words
    return plain.format(**dict.fromkeys(UNNAMED, thing)) if thing else plain.format(**UNNAMED)


def actions_of(kind: Kind) -> list[str]:
    """The names of all acts of a kind."""
    return [action for action, one in ACTS.items() if one.kind is kind]


def detail_words(detail: Mapping[str, Any]) -> str:
    """What else the log has of an act, as far as words say it: which fields, which contact, why, how many."""
    said: list[str] = []
    fields: Any = detail.get("fields")
    if isinstance(fields, list) and fields:
        said.append(", ".join(str(name).replace("_", " ") for name in cast("list[object]", fields)[:12]))
    if channel := detail.get("channel"):
        said.append(_CHANNELS.get(str(channel), str(channel)))
    if before_and_after := [str(detail[name])[:60] for name in ("before", "after") if detail.get(name)]:
        said.append(" → ".join(before_and_after).replace("_", " "))
    for name in ("why", "by", "what", "privilege", "source", "reference"):
        if value := detail.get(name):
            said.append(str(value)[:120])
    if (found := detail.get("found")) is not None:
        said.append(f"{found} found")
    return ". ".join(said)
