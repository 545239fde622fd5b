"""`python -m portal import …`: people of another system, their past visits, and their allergies."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from portal.errors import PortalError
from portal.imports.findings import Taken
from portal.imports.report import Report
from portal.imports.running import import_allergies, import_people, import_visits
from portal.settings import settings

EVERY = 4 * 1024 * 1024  # bytes between two lines of progress where there is no terminal


@click.group(name="import")
def importing() -> None:
    """Bring data over from another system (docs/import.md)."""


def _command(name: str, help_: str, take: Callable[..., Taken]) -> None:
    """`import NAME FILE [--dry-run] [--report OUT]`."""

    @importing.command(name, help=help_)
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Judge everything, write the report, change nothing.")
    @click.option("--report", "out", type=click.Path(dir_okay=False, path_type=Path), help="The report's file (CSV).")
    def command(file: Path, dry_run: bool, out: Path | None) -> None:
        out = out or settings().var / "imports" / f"{name}-{datetime.now(UTC):%Y%m%d-%H%M%S}.csv"
        try:
            with Report(out) as report, _progress(file) as progress:
                total = take(file, report, dry_run=dry_run, progress=progress)
        except PortalError as error:
            raise click.ClickException(error.sentence) from None
        except OSError as error:
            raise click.ClickException(f"The report cannot be written to {out}: {error.strerror}.") from None
        _say(total, report, dry_run)


PEOPLE = "Take the people of a CSV FILE. Running it again changes only what is new in the file."
VISITS = "Take past visits from a CSV FILE, of people who are here. Running it again adds what is new in the file."
ALLERGIES = "Take allergies from a CSV FILE, of people who are here. Running it again adds what is new in the file."
_command("patients", PEOPLE, import_people)
_command("visits", VISITS, import_visits)
_command("allergies", ALLERGIES, import_allergies)


def _say(total: Taken, report: Report, dry_run: bool) -> None:
    would = "Dry run, nothing was changed. It would be: " if dry_run else ""
    click.echo(
        f"{would}{total.created:,} created, {total.changed:,} changed, {total.unchanged:,} unchanged, "
        f"{total.refused:,} not taken."
    )
    if not (total.created or total.changed or dry_run):
        click.echo("Everything in the file was here already: nothing was changed.")
    rows, values, notes = (report.counts[kind] for kind in ("row", "value", "note"))
    if rows or values or notes:
        click.echo(f"Left out: {rows:,} rows and {values:,} values; {notes:,} notes. Why each: {report.path}")


@contextmanager
def _progress(file: Path) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, a plain line now and then elsewhere."""
    size, console = file.stat().st_size, Console(stderr=True)
    if console.is_terminal:
        columns = (TextColumn("Reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("read", total=size)
            yield lambda read: bar.update(task, completed=read)
        return
    said = 0

    def plain(read: int) -> None:
        nonlocal said
        if read >= said + EVERY or (read >= size and said):
            said = read
            print(f"Read {read * 100 // max(size, 1)} %", file=sys.stderr)

    yield plain
