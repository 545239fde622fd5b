"""`python -m portal forms …`: paperwork on the command line.

PATIENT is an id, or words that find exactly one client. FORM is the id of a form, or the words of a client with exactly
one form that this can be done to. TEMPLATE is the name of a form, a part of it, or its id.
"""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import click

from portal import dates
from portal.cli.acting import acting, as_staff, client, named, only
from portal.cli.form_texts import publish
from portal.domain import paperwork as rules
from portal.domain.paperwork import INCOMPLETE, FormStatus
from portal.errors import Conflict
from portal.models import AssignedForm, Staff
from portal.queries import form_book
from portal.queries.expiring import expiring
from portal.services import paperwork, witnessing
from portal.services.witnessing import StaffAct
from portal.work import Work

_WHICH = {
    "all": (),
    "open": INCOMPLETE,
    "witness": (FormStatus.WITNESS,),
    "void": (FormStatus.VOID,),
}


@click.group()
def forms() -> None:
    """Ask for forms, reset them, witness a signature; see what is open and what expires; publish their texts."""


forms.add_command(publish)


@forms.command(name="list")
@click.argument("patient", required=False)
@click.option("--only", "which", type=click.Choice([*_WHICH, "expiring"]), default="all", show_default=True)
@as_staff
def list_(patient: str | None, which: str, email: str | None) -> None:
    """List forms, of one client or of the practice, what is due first comes first."""
    with acting(email) as work:
        who = client(work, patient) if patient else None
        ids = [one.form_id for one in expiring(work, who)] if which == "expiring" else None
        rows = form_book.forms(work, patient_id=who, statuses=_WHICH.get(which, ()), ids=ids)
        work.audit("forms.viewed", patient_id=who, found=len(rows))
    for row in rows:
        click.echo(_shown(row))
    if not rows:
        click.echo("There are no such forms.")
    if len(rows) == form_book.MOST:
        click.echo(f"There may be more than these {form_book.MOST}: ask for one client.")


@forms.command()
@click.argument("patient")
@click.argument("template")
@click.option("--visit", type=click.UUID, help="The visit that it is for.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), help="By the end of which day; the visit unless given.")
@as_staff
def assign(patient: str, template: str, visit: UUID | None, due: datetime | None, email: str | None) -> None:
    """Ask a client for a form. One that waits already is not asked for twice."""
    with acting(email) as work:
        kind = named(form_book.templates(work), template, lambda row: row.name)
        form_id = paperwork.assign(work, client(work, patient), kind.id, visit, _end_of(work, due))
    click.echo(f"Asked for. The client is told. Form {form_id}")


@forms.command()
@click.argument("form")
@click.option("--reason", required=True, help="Why, for the record.")
@as_staff
def reset(form: str, reason: str, email: str | None) -> None:
    """Make a form void, keeping it and its signatures, and ask for a fresh one."""
    with acting(email) as work:
        statuses = (FormStatus.OPEN, FormStatus.WITNESS, FormStatus.DONE)
        fresh = paperwork.reset(work, _form(work, form, statuses), reason)
    click.echo(f"The form is void and kept. A fresh one is asked for, and the client is told. Form {fresh}")


@forms.command()
@click.argument("form")
@click.option("--saw-it", is_flag=True, help="Say that you saw the signing, without being asked.")
@as_staff
def witness(form: str, saw_it: bool, email: str | None) -> None:
    """Witness a client's signature that you saw, by your typed name: the one of --as."""
    with acting(email) as work:
        form_id = _form(work, form, (FormStatus.WITNESS,))
        first = witnessing.signature_to_witness(work, form_id)
        if first is None:
            raise Conflict("The patient signs first. A witness confirms a signature that is there.")
        person = work.db.get(Staff, work.actor.staff_id) if work.actor.staff_id else None
        name = f"{person.first_name} {person.last_name}" if person else ""
        sha256 = work.get(AssignedForm, form_id).text_sha256 or ""
        sentence = rules.witness_intent(first.name)
    if not saw_it:
        click.confirm(f"{name or 'You'}: {sentence}", abort=True)
    with acting(email) as work:
        witnessing.witness_by_staff(work, form_id, StaffAct(sha256, intent=True, typed_name=name))
    click.echo("Witnessed. The form is complete, and the client is told.")


@forms.command()
@as_staff
def templates(email: str | None) -> None:
    """List the practice's forms and their rules."""
    with acting(email) as work:
        rows = form_book.templates(work)
    for row in rows:
        click.echo("  ".join(part for part in (str(row.id), row.name, row.kind, row.version, row.rules) if part))


def _form(work: Work, words: str, statuses: tuple[FormStatus, ...]) -> UUID:
    """The one form meant."""
    try:
        return UUID(words)
    except ValueError:
        return only(form_book.forms(work, patient_id=client(work, words), statuses=statuses), words, _shown).id


def _end_of(work: Work, day: datetime | None) -> datetime | None:
    if day is None:
        return None
    zone = ZoneInfo(work.practice().time_zone)
    if day.date() < dates.local_day(work.now(), zone):
        raise click.BadParameter("That day is over.", param_hint="--due")
    return datetime.combine(day.date(), time(23, 59), zone)


def _shown(row: form_book.FormLine) -> str:
    when = f"done {row.done}" if row.done else f"due {row.due}" if row.due else f"asked {row.asked}"
    counts = f"counts until {row.until}" if row.until else ""
    return "  ".join(part for part in (str(row.id), row.name, row.client, row.status, when, counts, row.expiry) if part)
