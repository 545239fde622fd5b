"""Migrate, build, serve, jobs, verify."""

import sys
from datetime import datetime, timedelta

import click
from sqlalchemy import inspect
from sqlmodel import col, func, select

from portal import serving
from portal.domain.access import ROLE_NAMES
from portal.models import ON_ITS_WAY, JobRun, Lease, OutboxMessage, Practice, Staff
from portal.models import db as database
from portal.security.keys import private_folder
from portal.serving import ROOT
from portal.settings import settings
from portal.work import open_work


@click.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    from alembic.config import Config

    from alembic import command

    private_folder(settings().var)
    command.upgrade(Config(str(ROOT / "alembic.ini")), "head")
    click.echo("The database is up to date.")


@click.command()
def build() -> None:
    """Build the frontend, unless what stands is made from the same sources."""
    click.echo("The frontend was built." if serving.build(_compiled_in()) else "The frontend is up to date.")


@click.command()
@click.option("--host", default=None, help="Address to listen on; PORTAL_HOST unless given.")
@click.option("--port", type=int, default=None, help="Port; PORTAL_PORT unless given.")
@click.option("--workers", type=int, default=None, help="Processes; PORTAL_WORKERS unless given.")
@click.option("--build/--no-build", "building", default=True, help="Build the frontend first if need be.")
def serve(host: str | None, port: int | None, workers: int | None, building: bool) -> None:
    """Serve the portal: pages, socket and downloads on one port."""
    host, port, workers = host or settings().host, port or settings().port, workers or settings().workers
    if not inspect(database.engine()).has_table("practice"):
        raise click.ClickException("The database is empty: run `python -m portal migrate` first.")
    try:
        if building:
            serving.build(_compiled_in())
        _welcome(host, port)
        database.engine().dispose()  # the server forks its workers: they open connections of their own
        serving.serve(host, port, workers)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} is taken ({error.strerror}). Try `make run PORT={port + 1}`."
        ) from error


@click.command()
def jobs() -> None:
    """Show each job's last and next run, its failures, and who runs it; and what waits to be sent."""
    from portal.jobs.runner import JOBS

    with open_work(write=False) as work:
        now = work.now()
        runs = {run.name: run for run in work.db.exec(select(JobRun)).all()}
        leases = {lease.name: lease for lease in work.db.exec(select(Lease)).all()}
        open_states = col(OutboxMessage.status).in_(ON_ITS_WAY)
        waiting = work.db.exec(select(func.count()).select_from(OutboxMessage).where(open_states)).one()
    click.echo(
        f"{'job':<12} {'every':>6}  {'last run (UTC)':<19}  {'ended well':<19}  {'next run':<19}  failures  holder"
    )
    for job in JOBS:
        run, lease = runs.get(job.name), leases.get(job.name)
        holder = "each process" if not job.leased else lease.holder if lease and lease.until > now else "nobody"
        started, ended, following = (
            (run.last_started_at, run.last_finished_at, run.next_at) if run else (None, None, None)
        )
        # A job that runs well is noted once a minute: what lies in between has happened.
        if following is not None and following < now and holder != "nobody":
            following = now + timedelta(seconds=job.every)
        click.echo(
            f"{job.name:<12} {job.every:>4g} s  {_moment(started)}  {_moment(ended)}  {_moment(following)}"
            f"  {run.failures if run else 0:>8}  {holder}"
        )
        if run and run.last_error:
            click.echo(f"{'':<12} last error: {run.last_error}")
    click.echo(f"Messages that have not gone out yet: {waiting}")
    if not runs:
        click.echo("No job has run yet: they run while the portal is served.")


@click.command()
def verify() -> None:
    """Check the audit log's chain, what was signed and submitted, and every stored document, seal and photograph.

    Exit 1 with a sentence for each thing that is wrong.
    """
    from portal.jobs.audit_chain import broken, unsealed
    from portal.services.documents import damaged
    from portal.services.integrity import altered

    with open_work(write=False) as work:
        wrong = [*broken(work), *altered(work), *damaged(work)]
        waiting = unsealed(work)
    for sentence in wrong:
        click.echo(sentence, err=True)
    if wrong:
        sys.exit(1)
    click.echo(f"The audit log and all stored documents are whole ({waiting} newest rows still wait for their seal).")


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else f"{'never':<19}"


def _compiled_in() -> tuple[str, ...]:
    """What the build holds of things that live outside the source files."""
    from portal.state.practice import practice

    card = practice()
    return settings().env, repr(card)


def _welcome(host: str, port: int) -> None:
    address = f"http://{host}:{port}"
    click.echo(f"\nThe portal is at {address}")
    if settings().production:
        return
    with open_work(write=False) as work:
        demo = work.db.exec(select(Practice).where(Practice.name == "Lumière Aesthetics")).first()
        staff = work.db.exec(select(Staff).order_by(col(Staff.id))).all() if demo else []
    click.echo(f"Everything it sends can be read at {address}/dev/outbox")
    if demo:
        click.echo("Sign in as Amelia Hart with (503) 555-0187 or amelia.hart@example.com;")
        click.echo("as Rosa or Mateo Delgado, one household, with (503) 555-0143.")
        click.echo(f"\nThe staff side is at {address}/staff; the first log-in sets up an authenticator.")
    for person in staff:
        click.echo(f"  {person.email:<34}  {person.first_name} {person.last_name}, {ROLE_NAMES[person.role]}")
    if staff:
        click.echo("No authenticator app at hand? Enter what `.venv/bin/python -m portal staff code EMAIL` prints.")
    click.echo("")
