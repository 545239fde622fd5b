"""One run over a whole file, in batches that are a transaction each: a run that breaks off keeps what it took."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import select

from portal.clock import Clock, SystemClock
from portal.errors import PortalError
from portal.imports import allergies, people, taking, visits
from portal.imports.findings import Finding, Judged, Taken
from portal.imports.reading import Record, Source
from portal.imports.report import Report
from portal.models import Clinic, Practice
from portal.work import Actor, Work, open_work

BATCH = 250  # records in one transaction
IMPORT = Actor(kind="system", label="Import")

Item = TypeVar("Item", bound=Judged)
Answer = TypeVar("Answer", covariant=True)


class Reader(Protocol[Answer]):
    """Judges records, one at a time; `findings` grows by whatever is not taken."""

    findings: list[Finding]

    def read(self, record: Record) -> Answer | None: ...


@dataclass(frozen=True, slots=True)
class Kind(Generic[Item]):
    """What is imported. Of records with the same values in the columns `once` only the first is taken."""

    name: str
    required: frozenset[str]
    columns: Sequence[str]
    once: tuple[str, ...]
    twice: str
    begin: Callable[[Work, Practice], Reader[Item]]
    take: Callable[[Work, Practice, Sequence[Item]], Taken]


def _people_reader(work: Work, practice: Practice) -> people.Reader:
    clinics = {clinic.name.casefold(): clinic.id for clinic in work.db.exec(select(Clinic))}
    return people.Reader(work.now().astimezone(ZoneInfo(practice.time_zone)).date(), practice.country, clinics)


PEOPLE = Kind(
    "people",
    people.REQUIRED,
    people.COLUMNS,
    ("external_id",),
    "this id",
    _people_reader,
    taking.take,
)
VISITS = Kind(
    "visits",
    visits.REQUIRED,
    visits.COLUMNS,
    ("external_id", "start", "type"),
    "this visit",
    lambda work, practice: visits.Reader(work.now(), ZoneInfo(practice.time_zone)),
    visits.take,
)


ALLERGIES = Kind(
    "allergies",
    allergies.REQUIRED,
    allergies.COLUMNS,
    ("external_id", "substance"),
    "this allergy",
    lambda work, practice: allergies.Reader(work.now(), ZoneInfo(practice.time_zone)),
    allergies.take,
)


def import_people(path: Path, report: Report, **options: Any) -> Taken:
    """Take the people of a CSV file (docs/import.md) into the practice; options as for `run`.

    `Unreadable` for another file.
    """
    return _take(PEOPLE, path, report, **options)


def import_visits(path: Path, report: Report, **options: Any) -> Taken:
    """Take the visits of a CSV file (docs/import.md) as visits of the past; options as for `run`.

    `Unreadable` for another file.
    """
    return _take(VISITS, path, report, **options)


def import_allergies(path: Path, report: Report, **options: Any) -> Taken:
    """Take the allergies of a CSV file (docs/import.md) into the records of their people; options as for `run`.

    `Unreadable` for another file.
    """
    return _take(ALLERGIES, path, report, **options)


def _take(kind: Kind[Any], path: Path, report: Report, **options: Any) -> Taken:
    with Source.open(path, kind.required) as source:
        return run(kind, source, report, **options)


def run(
    kind: Kind[Any],
    source: Source,
    report: Report,
    *,
    dry_run: bool = False,
    engine: Engine | None = None,
    clock: Clock | None = None,
    progress: Callable[[int], None] = lambda read_bytes: None,
) -> Taken:
    """Take what is sound in a file; `progress` hears how many bytes have been read.

    A dry run does everything and keeps nothing but the report. Raises `PortalError` when there is no practice yet.
    """
    clock = clock or SystemClock()
    with open_work(IMPORT, engine=engine, clock=clock, write=False) as work:
        practice = _practice(work, kind)
        reader = kind.begin(work, practice)
    report.add(
        Finding(1, "", "value", name, f"column {name[:40]!r} is not known: left out")
        for name in source.columns
        if name not in kind.columns
    )
    total = Taken()
    records = _once(source.records(), kind, reader, total)
    while batch := list(islice(records, BATCH)):
        items = [item for item in map(reader.read, batch) if item is not None]
        total.refused += len(batch) - len(items)
        with open_work(IMPORT, engine=engine, clock=clock) as work:
            work.hold("import")
            taken = kind.take(work, practice, items)
            if dry_run:
                work.db.rollback()
                work.changes.clear()
        report.add([*reader.findings, *taken.findings])
        reader.findings.clear()
        taken.findings.clear()
        total.add(taken)
        progress(source.read_bytes)
    report.add(reader.findings)
    if not dry_run:
        with open_work(IMPORT, engine=engine, clock=clock) as work:
            work.audit("import.finished", practice, kind=kind.name, counts=_counts(total))
    return total


def _practice(work: Work, kind: Kind[Any]) -> Practice:
    practice = work.db.exec(select(Practice)).first()
    if practice is None:
        raise PortalError(f"There is no practice yet to import {kind.name} into.")
    work.db.expunge(practice)  # it is needed for longer than this transaction
    return practice


def _once(records: Iterator[Record], kind: Kind[Any], reader: Reader[Any], total: Taken) -> Iterator[Record]:
    """What may come once: of two records that are the same there, the first is taken, the second reported."""
    lines: dict[tuple[str, ...], int] = {}
    for record in records:
        same = tuple(record.cells.get(name, "") for name in kind.once)
        if same[0] and same in lines:
            total.refused += 1
            reason = f"{kind.twice} came on line {lines[same]} already"
            reader.findings.append(Finding(record.line, same[0][:200], "row", kind.once[0], reason))
            continue
        lines[same] = record.line
        yield record


def _counts(total: Taken) -> dict[str, int]:
    return {name: getattr(total, name) for name in ("created", "changed", "unchanged", "refused")}
