"""One run over a whole file, in batches that are a transaction each: a run that breaks off keeps what it took."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import select

from portal.clock import Clock, SystemClock
from portal.errors import PortalError
from portal.imports.people import COLUMNS, REQUIRED, Finding, Reader
from portal.imports.reading import Record, Source
from portal.imports.report import Report
from portal.imports.taking import Taken, take
from portal.models import Clinic, Practice
from portal.work import Actor, Work, open_work

BATCH = 250  # people in one transaction
IMPORT = Actor(kind="system", label="Import")


def import_people(
    path: Path,
    report: Report,
    *,
    dry_run: bool = False,
    engine: Engine | None = None,
    clock: Clock | None = None,
    progress: Callable[[int], None] = lambda read_bytes: None,
) -> Taken:
    """Take the people of a CSV file (docs/import.md) into the practice; `progress` hears how many bytes have been read.

    A dry run does everything and keeps nothing but the report. Raises `Unreadable` when the file as a whole is not of
    the documented format, and `PortalError` when there is no practice yet.
    """
    clock = clock or SystemClock()
    source = Source(path, REQUIRED)
    with open_work(IMPORT, engine=engine, clock=clock, write=False) as work:
        practice, reader = _begin(work)
    report.add(
        Finding(1, "", "value", name, f"column {name[:40]!r} is not known: left out")
        for name in source.columns
        if name not in COLUMNS
    )
    total = Taken()
    records = _once(source.records(), reader, total)
    while batch := list(islice(records, BATCH)):
        people = [person for person in map(reader.read, batch) if person is not None]
        total.refused += len(batch) - len(people)
        with open_work(IMPORT, engine=engine, clock=clock) as work:
            work.hold("import")
            taken = take(work, practice.id, practice.country, people)
            if dry_run:
                work.db.rollback()
        report.add([*reader.findings, *taken.findings])
        reader.findings.clear()
        taken.findings.clear()
        total.add(taken)
        progress(source.read_bytes)
    report.add(reader.findings)
    if not dry_run:
        with open_work(IMPORT, engine=engine, clock=clock) as work:
            work.audit("import.finished", practice, counts=_counts(total))
    return total


def _begin(work: Work) -> tuple[Practice, Reader]:
    practice = work.db.exec(select(Practice)).first()
    if practice is None:
        raise PortalError("There is no practice yet to import people into.")
    work.db.expunge(practice)  # it is needed for longer than this transaction
    clinics = {clinic.name.casefold(): clinic.id for clinic in work.db.exec(select(Clinic))}
    return practice, Reader(work.now().astimezone(ZoneInfo(practice.time_zone)).date(), practice.country, clinics)


def _once(records: Iterator[Record], reader: Reader, total: Taken) -> Iterator[Record]:
    """Each id of the old system once: of two records with the same id the first is taken, the second reported."""
    lines: dict[str, int] = {}
    for record in records:
        external_id = record.cells.get("external_id", "")
        if external_id and external_id in lines:
            total.refused += 1
            reason = f"this id came on line {lines[external_id]} already"
            reader.findings.append(Finding(record.line, external_id[:200], "row", "external_id", reason))
            continue
        lines[external_id] = record.line
        yield record


def _counts(total: Taken) -> dict[str, int]:
    return {name: getattr(total, name) for name in ("created", "changed", "unchanged", "refused")}
