"""The loyalty programs of a client, without what is secret in them. Two statements."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlmodel import col

from portal import dates
from portal.domain.access import Privilege
from portal.domain.loyalty import INTEGRATIONS, LOG_IN, NUMBER, PROGRAMS, WITH_LOG_IN
from portal.models import LoyaltyAccount, Practice, Staff
from portal.models.db import columns
from portal.settings import settings
from portal.work import Work


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """One program. `kept` is "login", "number" or empty; `meta` says what is on file, since when and by whom. `site`
    and `integration` are addresses from the settings, empty where none is set."""

    program: str
    name: str
    enrolled: bool
    asks: bool  # for a log-in or a member number
    kept: str
    meta: str
    version: int
    site: str
    integration: str


def programs(work: Work, client_id: UUID) -> list[ProgramRow]:
    """Every program in the order of the design, ticked or not."""
    work.require(Privilege.CLIENTS_VIEW)
    practice = work.rows(_PRACTICE).one()
    zone, now, links = ZoneInfo(practice.time_zone), work.now(), settings().loyalty_links
    found = {str(row.program): row for row in work.rows(_ACCOUNTS, client=client_id)}
    rows: list[ProgramRow] = []
    for word, name in PROGRAMS.items():
        row = found.get(word)
        kept, meta = "", "Not enrolled"
        if row is not None:
            kept = LOG_IN if row.has_log_in else NUMBER if row.has_number else ""
            what = {LOG_IN: "Log-in on file", NUMBER: "Member number on file"}.get(kept, "Enrolled")
            when = dates.moment(row.changed_at, now, zone, practice.locale)
            meta = f"{what}, {when}" + (f" by {row.first_name} {row.last_name}" if row.first_name else "")
        rows.append(
            ProgramRow(
                program=word,
                name=name,
                enrolled=row is not None,
                asks=word in WITH_LOG_IN,
                kept=kept,
                meta=meta,
                version=row.version if row is not None else 0,
                site=links.get(word, ""),
                integration=links.get(f"{word}-integration", "") if word in INTEGRATIONS else "",
            )
        )
    return rows


_PRACTICE = columns(Practice.time_zone, Practice.locale).limit(1)
_ACCOUNTS = (
    columns(
        LoyaltyAccount.program,
        col(LoyaltyAccount.password).is_not(None).label("has_log_in"),
        col(LoyaltyAccount.member_number).is_not(None).label("has_number"),
        LoyaltyAccount.changed_at,
        LoyaltyAccount.version,
        Staff.first_name,
        Staff.last_name,
    )
    .outerjoin(Staff, col(Staff.id) == LoyaltyAccount.staff_id)
    .where(LoyaltyAccount.patient_id == bindparam("client"))
)
