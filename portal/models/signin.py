"""Getting in: challenges, sessions, invitations, spent CAPTCHAs. Only keyed hashes of secrets are kept."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String
from sqlmodel import Field

from portal.models.patient import Channel
from portal.models.types import Row, encrypted, instant, to, word


class Purpose(StrEnum):
    """What a code, once entered, is good for."""

    LOGIN = "login"
    REGISTER = "register"
    CONTACT = "contact"  # My Profile: prove a new phone or email
    INVITE = "invite"  # no code: the link that staff sent is the proof
    STAFF = "staff"  # the first step of a member of staff: their work email


class PasscodeChallenge(Row, table=True):
    """One log-in under way: the code that was sent (or, for an unknown contact, was not) and what became of it.

    `contact_hash` is the keyed hash of the contact that was typed; all limits count by it, so known and unknown
    contacts behave alike. `codes` maps each live code's keyed hash to where it went (`to`, keyed hash of that contact)
    and how long it lives (`until`); members of a household who share a phone but not an email get one each. It is empty
    for an unknown contact: no guess can match. `browser_hash` binds the challenge to the browser that asked.
    """

    __tablename__ = "passcode_challenge"
    purpose: Purpose = word(Purpose)
    browser_hash: str = Field(sa_type=String(64), index=True)
    contact_hash: str = Field(sa_type=String(64))
    typed_channel: Channel = word(Channel)  # what the person typed
    sent_channel: Channel = word(Channel)  # where this code went: the other one after "Try another way"
    typed_value: str | None = encrypted("passcode_challenge.typed_value", default=None)
    codes: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    draft: str | None = encrypted("passcode_challenge.draft", default=None)  # JSON: the registration awaiting its code
    patient_id: UUID | None = to("patient", default=None)  # whose contact changes (purpose CONTACT)
    address: str = ""
    created_at: datetime = instant()
    expires_at: datetime = instant()
    attempts: int = 0
    superseded_at: datetime | None = instant(default=None)
    verified_at: datetime | None = instant(default=None)  # the right code was entered
    birth_date_attempts: int = 0
    closed_at: datetime | None = instant(default=None)  # used up: signed in, or the birth date failed too often
    ticket_hash: str | None = Field(default=None, sa_type=String(64), unique=True)  # exchanged once for a session
    ticket_patient_id: UUID | None = to("patient", default=None)
    ticket_contact_id: UUID | None = to("contact", default=None)  # the contact that was proved
    ticket_expires_at: datetime | None = instant(default=None)
    ticket_staff_id: UUID | None = to("staff", default=None)  # whose ticket it is on the staff side
    factor_attempts: int = 0  # authenticator and recovery codes tried after the emailed one

    __table_args__ = (
        Index("ix_challenge_limit", "contact_hash", "created_at"),
        Index("ix_challenge_address", "address", "created_at"),
    )


class Session(Row, table=True):
    """A signed-in browser. Only the token's keyed hash is stored. A row is a patient's or a member of staff's."""

    __tablename__ = "session"
    token_hash: str = Field(sa_type=String(64), unique=True)
    patient_id: UUID | None = to("patient", default=None)
    staff_id: UUID | None = to("staff", default=None)
    contact_id: UUID | None = to("contact", default=None)  # the verified contact it was opened with
    guardian_id: UUID | None = to("guardian", default=None)
    address: str = ""
    user_agent: str = ""
    created_at: datetime = instant()
    seen_at: datetime = instant()
    expires_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)
    ended_by: str = ""  # log out, idle, all devices, staff
    factor: str = ""  # staff: totp, passkey, recovery
    proved_at: datetime | None = instant(default=None)  # staff: the last second factor, for a step-up
    locked_at: datetime | None = instant(default=None)  # staff: the screen is locked until a second factor
    factor_attempts: int = 0  # staff: second factors tried since the last right one
    passkey_challenge: str | None = encrypted("session.passkey_challenge", default=None)  # staff: asked of a passkey


class Invite(Row, table=True):
    """An emailed way in: works once, for seven days, and asks for the date of birth."""

    __tablename__ = "invite"
    patient_id: UUID = to("patient")
    token_hash: str = Field(sa_type=String(64), unique=True)
    created_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(default=None)
    birth_date_attempts: int = 0
    contact_id: UUID | None = to("contact", default=None)


class SpentCaptcha(Row, table=True):
    """A solved CAPTCHA that has been used: it cannot be used again."""

    __tablename__ = "spent_captcha"
    signature: str = Field(unique=True)
    expires_at: datetime = instant(index=True)
