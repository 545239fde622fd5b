"""**Loyalty Programs** of a client: ticked by the practice alone, the log-in kept encrypted, shown again to few."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlmodel import select

from portal.domain.access import Privilege
from portal.domain.loyalty import LOG_IN, NUMBER, PROGRAMS, WITH_LOG_IN, read_entered
from portal.errors import Conflict, NotFound
from portal.models import LoyaltyAccount, LoyaltyProgram, Patient
from portal.work import Work

CHANGED = "Somebody else changed this program meanwhile. Look at it again, then save."


@dataclass(frozen=True, slots=True)
class Revealed:
    """What is on file for a program, in clear. It is shown and forgotten, and stands in no log."""

    program: str
    username: str
    password: str
    member_number: str

    def __repr__(self) -> str:
        return f"Revealed({self.program!r})"


def enrol(work: Work, patient_id: UUID, program: str, typed: Mapping[str, Any], version: int = 0) -> None:
    """Tick a program with what the client gave, or change what is on file; `version` is that of the row that was
    looked at, 0 for none.

    `Invalid` beside the fields; `Conflict` when somebody else was quicker.
    """
    work.require(Privilege.LOYALTY_MANAGE)
    kind, account = _program(program), _locked(work, patient_id, program)
    if (account.version if account else 0) != version:
        raise Conflict(CHANGED)
    kept = "" if account is None else LOG_IN if account.password else NUMBER if account.member_number else ""
    entered = read_entered(program, typed, kept=kept)
    new = account is None
    account = account or LoyaltyAccount(patient_id=patient_id, program=kind, changed_at=work.now(), version=0)
    if program in WITH_LOG_IN and typed.get("how") == NUMBER:
        account.member_number = entered.member_number or account.member_number
        account.username = account.password = None
    elif program in WITH_LOG_IN:
        account.username = entered.username or account.username
        account.password = entered.password or account.password
        account.member_number = None
    account.staff_id, account.changed_at, account.version = work.actor.staff_id, work.now(), version + 1
    work.add(account)
    work.audit("loyalty.enrolled" if new else "loyalty.changed", account, patient_id=patient_id, program=program)
    work.changed(patient_id, "record")


def withdraw(work: Work, patient_id: UUID, program: str, version: int) -> None:
    """Take the tick away, and with it all that is on file for the program."""
    work.require(Privilege.LOYALTY_MANAGE)
    account = _locked(work, patient_id, program)
    if account is None or account.version != version:
        raise Conflict(CHANGED)
    work.audit("loyalty.withdrawn", account, patient_id=patient_id, program=program)
    work.db.delete(account)
    work.db.flush()
    work.changed(patient_id, "record")


def reveal(work: Work, patient_id: UUID, program: str) -> Revealed:
    """What is on file, in clear; each time is in the audit log. The guard asks for a fresh second factor first."""
    work.require(Privilege.LOYALTY_REVEAL)
    _program(program)
    account = work.db.exec(
        select(LoyaltyAccount).where(LoyaltyAccount.patient_id == patient_id, LoyaltyAccount.program == program)
    ).first()
    if account is None or not (account.username or account.password or account.member_number):
        raise NotFound("Nothing is on file for this program.")
    work.audit("loyalty.revealed", account, patient_id=patient_id, program=program)
    return Revealed(program, account.username or "", account.password or "", account.member_number or "")


def _program(word: str) -> LoyaltyProgram:
    if word not in PROGRAMS:
        raise NotFound
    return LoyaltyProgram(word)


def _locked(work: Work, patient_id: UUID, program: str) -> LoyaltyAccount | None:
    """The row as it is now. The client is locked, so that two who tick at once come one after the other."""
    _program(program)
    client = work.db.exec(select(Patient.id).where(Patient.id == patient_id).with_for_update(key_share=True)).first()
    if client is None:
        raise NotFound("There is no client at this address.")
    return work.db.exec(
        select(LoyaltyAccount)
        .where(LoyaltyAccount.patient_id == patient_id, LoyaltyAccount.program == program)
        .with_for_update(key_share=True)
    ).first()
