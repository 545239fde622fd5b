"""`python -m portal staff …`: what the front desk does, on the command line; and who works here (`staff_people`).

PATIENT is an id, or words that find exactly one client (name, phone, email, date of birth).
"""

import click

from portal.cli import staff_people
from portal.cli.acting import acting, as_staff, client
from portal.models import Channel
from portal.queries import clients as look_up
from portal.services import clients, invites
from portal.settings import settings


@click.group()
def staff() -> None:
    """Who works here and what they may do; and help for clients: find, see and correct contacts, invite, sign out."""


for _command in staff_people.COMMANDS + (() if settings().production else staff_people.DEVELOPMENT):
    staff.add_command(_command)


@staff.command()
@click.argument("text")
@as_staff
def find(text: str, email: str | None) -> None:
    """Find clients by part of name, phone or email, or by date of birth."""
    with acting(email) as work:
        found = look_up.find(work, text)
        work.audit("client.searched", found=len(found))
    for row in found:
        click.echo(
            "  ".join(part for part in (str(row.id), row.name, f"born {row.born}", row.clinic, row.status) if part)
        )
    if not found:
        raise click.ClickException("Nobody was found.")
    if len(found) == look_up.MOST:
        click.echo(f"There may be more than these {look_up.MOST}: say more of the name.")


@staff.command()
@click.argument("patient")
@as_staff
def contacts(patient: str, email: str | None) -> None:
    """Show which phone and email are registered for a client."""
    with acting(email) as work:
        who = client(work, patient)
        rows = look_up.contacts(work, who)
        work.audit("client.contacts_viewed", patient_id=who)
    for row in rows:
        proved = f"proved with a code on {row.proved}" if row.proved else "not proved with a code yet"
        whose = f"{row.whose}: " if row.whose else ""
        click.echo(f"{whose}{row.channel} {row.value}, {proved}{'' if row.login else ', does not log in'}")
    if not rows:
        click.echo("No phone or email is on file.")


@staff.command(name="set-contact")
@click.argument("patient")
@click.option("--phone", help="The new phone number.")
@click.option("--email", "address", help="The new email address.")
@as_staff
def set_contact(patient: str, phone: str | None, address: str | None, email: str | None) -> None:
    """Correct the phone or email that a client logs in with. First make sure who is asking."""
    given = [(channel, typed) for channel, typed in ((Channel.PHONE, phone), (Channel.EMAIL, address)) if typed]
    if not given:
        raise click.UsageError("Give --phone or --email, or both.")
    with acting(email) as work:
        who = client(work, patient)
        done = [clients.set_contact(work, who, channel, typed) for channel, typed in given]
    for one in done:
        told = "The old one was told and reaches nobody any more." if one.told_old else "There was none before."
        click.echo(f"The client logs in with {one.value} from now on. {told}")
    click.echo(_ended(sum(one.signed_out for one in done)))


@staff.command()
@click.argument("patient")
@as_staff
def invite(patient: str, email: str | None) -> None:
    """Email a client a link into the portal. It works once, for 7 days; earlier links stop working."""
    with acting(email) as work:
        invites.create(work, client(work, patient))
    click.echo("The invitation is on its way to the email address on file.")


@staff.command(name="sign-out")
@click.argument("patient")
@as_staff
def sign_out(patient: str, email: str | None) -> None:
    """End all open log-ins of a client, on every device."""
    with acting(email) as work:
        ended = clients.sign_out(work, client(work, patient))
    click.echo(_ended(ended))


def _ended(count: int) -> str:
    return "There was no open log-in." if not count else f"{count} open log-in{'s' if count > 1 else ''} ended."
