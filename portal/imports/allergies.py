"""Allergies of another system. Nothing is guessed: a substance stays as written, and what is over comes as over."""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from portal.domain.allergies import LONGEST_SUBSTANCE, SEVERITIES, same_substance
from portal.imports.findings import LONGEST_VALUE, Finding, Refused, Taken, cells_of, take_each, unfit
from portal.imports.matching import clients_here
from portal.imports.reading import Record
from portal.models import Allergy, Patient, Practice
from portal.work import Work

REQUIRED = frozenset({"external_id", "substance"})
COLUMNS = (*sorted(REQUIRED), "code", "criticality", "status", "reaction", "severity", "recorded")
# Words of FHIR (AllergyIntolerance.clinicalStatus) and of everyday exports.
CURRENT, OVER = {"", "active"}, {"inactive", "resolved", "ended"}
NEVER_MEANT = {"entered-in-error", "refuted"}  # AllergyIntolerance.verificationStatus
# What SNOMED CT puts behind a name to say what kind of concept it is ("semantic tags").
_TAG = re.compile(r"\s*\((substance|organism|product|finding|disorder|medicinal product)\)$")
NO_SUBSTANCE = {"allergic disposition", "allergy", "propensity to adverse reactions"}
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?")

Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """What is sound of one record."""

    line: int
    external_id: str  # the person's
    substance: str
    reaction: str
    severity: str
    recorded_at: datetime
    over: bool

    @property
    def key(self) -> str:
        """The allergy's own id, as the file has none: the same person and substance are the same allergy."""
        said = f"{self.external_id}\n{self.substance.casefold()}"
        return f"import:{hashlib.sha256(said.encode()).hexdigest()[:40]}"


@dataclass
class Reader:
    """Judges records at one moment; times without a zone are the practice's wall clock."""

    now: datetime
    zone: ZoneInfo
    findings: list[Finding] = field(default_factory=list[Finding])

    def read(self, record: Record) -> Entry | None:
        """The allergy in a record, or None; `findings` grows by whatever is not taken."""
        cells = cells_of(record)
        external_id = cells.get("external_id", "")[:LONGEST_VALUE]
        try:
            return self._entry(record, external_id, cells)
        except Refused as refused:
            column, reason = refused.args
            self.findings.append(Finding(record.line, external_id, "row", column, reason))
            return None

    def _entry(self, record: Record, external_id: str, cells: dict[str, str]) -> Entry:
        if record.problem:
            raise Refused("", record.problem)
        if not external_id:
            raise Refused("external_id", "external_id is empty: whose allergy it is cannot be told")
        status = cells.get("status", "").casefold()
        if status in NEVER_MEANT:
            raise Refused("status", f"status {status!r} says that it was never one")
        if status not in CURRENT | OVER:
            raise Refused("status", f"status {status[:40]!r} is none of active, inactive, resolved")

        def tell(column: str, reason: str) -> None:
            self.findings.append(Finding(record.line, external_id, "value", column, reason))

        severity = cells.get("severity", "").casefold()
        if severity not in SEVERITIES:
            tell("severity", f"severity {severity[:40]!r} is none of mild, moderate, severe: left out")
            severity = ""
        reaction = cells.get("reaction", "")
        if problem := unfit(reaction):  # which knows how long the longest is
            tell("reaction", f"reaction {problem}: left out")
            reaction = ""
        return Entry(
            record.line,
            external_id,
            _substance(cells["substance"]),
            reaction,
            severity,
            self._recorded(cells.get("recorded", ""), tell),
            status in OVER,
        )

    def _recorded(self, value: str, tell: Tell) -> datetime:
        """When it was written down; now where the file does not say so soundly."""
        try:
            moment = datetime.fromisoformat(value) if _TIME.fullmatch(value) else None
        except ValueError:
            moment = None
        if moment is not None:
            moment = (moment if moment.tzinfo else moment.replace(tzinfo=self.zone)).astimezone(UTC)
        if value and (moment is None or moment > self.now):
            tell("recorded", f"recorded {value[:40]!r} is no date of the past, such as 2026-03-04: left out")
            return self.now
        return moment or self.now


def _substance(value: str) -> str:
    """What of, in the file's own words, without the tag of a terminology behind them."""
    substance = _TAG.sub("", value)
    if not substance:
        raise Refused("substance", "substance is empty")
    if problem := unfit(substance):
        raise Refused("substance", f"substance {problem}")
    if len(substance) > LONGEST_SUBSTANCE:
        raise Refused("substance", f"substance is longer than {LONGEST_SUBSTANCE} characters")
    return substance


def take(work: Work, _practice: Practice, entries: Sequence[Entry]) -> Taken:
    """Write these allergies down with their people. One that was taken before stays as it is here."""
    return take_each(work, entries, lambda some, taken: _take(work, some, taken))


def _take(work: Work, entries: Sequence[Entry], taken: Taken) -> None:
    people = clients_here(work, {entry.external_id for entry in entries})
    known = select(Allergy).where(col(Allergy.patient_id).in_({patient.id for patient in people.values()}))
    here: dict[UUID, list[Allergy]] = {}
    for allergy in work.db.exec(known):
        here.setdefault(allergy.patient_id, []).append(allergy)
    for entry in entries:
        patient = people.get(entry.external_id)
        if patient is None:
            taken.refuse(entry, "external_id", "nobody here has this id: import the people first")
            continue
        of_patient = here.setdefault(patient.id, [])
        same = next((one for one in of_patient if one.external_id == entry.key), None) or next(
            (one for one in of_patient if one.ended_at is None and same_substance(one.substance, entry.substance)), None
        )
        if same is not None:
            taken.unchanged += 1
            if entry.over and same.ended_at is None:
                taken.tell(entry, "note", "status", "is over in the file and counts here: end it in the portal")
            continue
        of_patient.append(_write(work, patient, entry, taken))
        taken.created += 1


def _write(work: Work, patient: Patient, entry: Entry, taken: Taken) -> Allergy:
    if entry.substance.casefold() in NO_SUBSTANCE:
        taken.tell(entry, "note", "substance", "names no substance: ask the client what of")
    if patient.no_allergies_at is not None and not entry.over:
        patient.no_allergies_at, patient.no_allergies_by = None, None
        work.db.add(patient)
        taken.tell(entry, "note", "substance", "“No known allergies” was recorded here: that is over")
    allergy = Allergy(
        patient_id=patient.id,
        external_id=entry.key,
        substance=entry.substance,
        reaction=entry.reaction,
        severity=entry.severity,
        source="import",
        recorded_at=entry.recorded_at,
        ended_at=work.now() if entry.over else None,
    )
    work.db.add(allergy)
    work.audit("allergy.imported", allergy, patient_id=patient.id)
    work.changed(patient.id, "record")
    return allergy
