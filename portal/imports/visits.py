"""Visits of another system, taken as visits of the past. Nothing is guessed: no provider, clinic or type is invented,
nobody is notified, no form is given out and no time of a provider is taken."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from portal.domain.scheduling import AppointmentStatus
from portal.imports.findings import LONGEST_VALUE, Finding, Refused, Taken, cells_of, take_each, unfit
from portal.imports.matching import clients_here
from portal.imports.reading import Record
from portal.models import Appointment, Patient, Practice
from portal.work import Work

REQUIRED = frozenset({"external_id", "start", "type", "status"})
COLUMNS = (*sorted(REQUIRED), "end")
LONGEST_VISIT = timedelta(hours=24)
# Words of FHIR R4 and R5 (Encounter.status, Appointment.status) and of everyday exports.
STATUSES = {
    **dict.fromkeys(("finished", "completed", "fulfilled"), AppointmentStatus.COMPLETED),
    **dict.fromkeys(("noshow", "no-show", "no show"), AppointmentStatus.NO_SHOW),
}
# What SNOMED CT puts behind a name to say what kind of concept it is ("semantic tags"): no word for a patient.
_TAG = re.compile(
    r"\s*\((procedure|regime/therapy|qualifier value|finding|situation|event|disorder|environment|observable entity)\)$"
)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}.*")


@dataclass(frozen=True, slots=True)
class Visit:
    """What is sound of one record."""

    line: int
    external_id: str  # the person's
    starts_at: datetime
    ends_at: datetime
    title: str
    status: AppointmentStatus

    @property
    def key(self) -> str:
        """The visit's own id, as the file has none: the same person, start and type are the same visit."""
        said = f"{self.external_id}\n{self.starts_at.astimezone(UTC).isoformat()}\n{self.title.casefold()}"
        return f"import:{hashlib.sha256(said.encode()).hexdigest()[:40]}"


@dataclass
class Reader:
    """Judges records at one moment; times without a zone are the practice's wall clock."""

    now: datetime
    zone: ZoneInfo
    findings: list[Finding] = field(default_factory=list)

    def read(self, record: Record) -> Visit | None:
        """The visit in a record, or None; `findings` grows by whatever is not taken."""
        cells = cells_of(record)
        external_id = cells.get("external_id", "")[:LONGEST_VALUE]
        try:
            return self._visit(record, external_id, cells)
        except Refused as refused:
            column, reason = refused.args
            self.findings.append(Finding(record.line, external_id, "row", column, reason))
            return None

    def _visit(self, record: Record, external_id: str, cells: dict[str, str]) -> Visit:
        if record.problem:
            raise Refused("", record.problem)
        if not external_id:
            raise Refused("external_id", "external_id is empty: whose visit it was cannot be told")
        starts_at = self._instant("start", cells["start"])
        status = STATUSES.get(cells["status"].casefold())
        if status is None:
            why = "is none of finished, completed, fulfilled, noshow: only what is over is taken"
            raise Refused("status", f"status {cells['status'][:40]!r} {why}")
        if starts_at > self.now:
            raise Refused("start", f"start {cells['start'][:40]} is in the future: book it in the portal")
        ends_at = self._ends_at(record.line, external_id, starts_at, cells.get("end", ""))
        return Visit(record.line, external_id, starts_at, ends_at, _title(cells["type"]), status)

    def _ends_at(self, line: int, external_id: str, starts_at: datetime, value: str) -> datetime:
        """When it ended; where the file does not say so soundly, its start: how long it took is then not known."""
        if not value:
            return starts_at
        ends_at = self._instant("end", value)
        if ends_at < starts_at:
            raise Refused("end", f"end {value[:40]} is before the start")
        if ends_at > self.now or ends_at - starts_at > LONGEST_VISIT:
            why = "is in the future" if ends_at > self.now else "is more than a day after the start"
            self.findings.append(Finding(line, external_id, "value", "end", f"end {value[:40]} {why}: left out"))
            return starts_at
        return ends_at

    def _instant(self, column: str, value: str) -> datetime:
        try:
            moment = datetime.fromisoformat(value) if _TIME.fullmatch(value) else None
        except ValueError:
            moment = None
        if moment is None:
            raise Refused(column, f"{column} {value[:40]!r} is no date with a time, such as 2026-03-04T09:30")
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)


def _title(value: str) -> str:
    """What was done, in the file's own words, without the tag of a terminology behind them."""
    title = _TAG.sub("", value)
    if not title:
        raise Refused("type", "type is empty")
    if problem := unfit(title):
        raise Refused("type", f"type {problem}")
    return title


def take(work: Work, _practice: Practice, visits: Sequence[Visit]) -> Taken:
    """Put these visits into the histories of their people. One that was taken before stays as it is here."""
    return take_each(work, visits, lambda some, taken: _take(work, some, taken))


def _take(work: Work, visits: Sequence[Visit], taken: Taken) -> None:
    people = clients_here(work, {visit.external_id for visit in visits})
    here = set(
        work.db.exec(select(Appointment.external_id).where(col(Appointment.external_id).in_({v.key for v in visits})))
    )
    for visit in visits:
        patient = people.get(visit.external_id)
        if patient is None:
            taken.refuse(visit, "external_id", "nobody here has this id: import the people first")
        elif problem := _not_in_life(visit, patient):
            taken.refuse(visit, "start", problem)
        elif visit.key in here:
            taken.unchanged += 1
        else:
            here.add(visit.key)
            work.db.add(_appointment(work, patient, visit))
            work.changed(patient.id, "visits")
            taken.created += 1


def _not_in_life(visit: Visit, patient: Patient) -> str:
    day = visit.starts_at.date()
    if day < patient.date_of_birth:
        return f"start {day} is before this person was born"
    if patient.deceased_at is not None and visit.starts_at > patient.deceased_at + timedelta(days=1):
        return f"start {day} is after this person died"
    return ""


def _appointment(work: Work, patient: Patient, visit: Visit) -> Appointment:
    appointment = Appointment(
        patient_id=patient.id,
        title=visit.title,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        status=visit.status,
        external_id=visit.key,
    )
    work.audit("appointment.imported", appointment, patient_id=patient.id)
    return appointment
