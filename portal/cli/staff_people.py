"""`python -m portal staff …`: who works at the practice, and what they may do."""

import click

from portal.cli.acting import acting, as_staff
from portal.domain.access import ADJUSTABLE, ROLE_NAMES, Privilege, Role
from portal.domain.access_table import privilege_table
from portal.queries.staff_people import staff_people
from portal.services import staff_people as people
from portal.settings import settings

ROLE = click.Choice([role.value for role in Role])
PRIVILEGE = click.Choice(sorted(privilege.value for privilege in ADJUSTABLE))


@click.command(name="list")
@as_staff
def everybody(email: str | None) -> None:
    """List who works here, their role, and what was given or taken beside it."""
    with acting(email) as work:
        rows = staff_people(work)
    for row in rows:
        click.echo("  ".join(part for part in (f"{row.email:<34}", row.name, row.role, row.adjusted, row.note) if part))


@click.command()
@click.argument("first")
@click.argument("last")
@click.argument("address")
@click.option("--role", type=ROLE, required=True)
@click.option("--title", default="", help="As on a badge: “Front desk coordinator”.")
@click.option("--credentials", default="", help="What follows the name: “NP”, “MD”.")
@as_staff
def add(first: str, last: str, address: str, role: str, title: str, credentials: str, email: str | None) -> None:
    """Take somebody on: FIRST and LAST name, and ADDRESS, the work email they log in with."""
    with acting(email) as work:
        person = people.add(work, first, last, address, Role(role), title=title, credentials=credentials)
    click.echo(f"{person.display_name} logs in at {settings().public_url}/staff with {person.email}.")


@click.command()
@click.argument("person")
@click.argument("role", type=ROLE)
@as_staff
def role(person: str, role: str, email: str | None) -> None:
    """Give PERSON (work email) another role; it counts from their next click."""
    with acting(email) as work:
        changed = people.set_role(work, person, Role(role))
    click.echo(f"{changed.display_name} is {ROLE_NAMES[changed.role]} now.")


@click.command()
@click.argument("person")
@click.argument("privilege", type=PRIVILEGE)
@as_staff
def give(person: str, privilege: str, email: str | None) -> None:
    """Give PERSON (work email) a single privilege beside their role."""
    with acting(email) as work:
        changed = people.give(work, person, Privilege(privilege))
    click.echo(f"{changed.display_name} may do that now: {privilege}.")


@click.command()
@click.argument("person")
@click.argument("privilege", type=PRIVILEGE)
@as_staff
def take(person: str, privilege: str, email: str | None) -> None:
    """Take a single privilege from PERSON (work email), whatever their role gives."""
    with acting(email) as work:
        changed = people.take(work, person, Privilege(privilege))
    click.echo(f"{changed.display_name} may not do that any more: {privilege}.")


@click.command()
@click.argument("person")
@as_staff
def disable(person: str, email: str | None) -> None:
    """PERSON (work email) works here no more: they are logged out everywhere at once."""
    with acting(email) as work:
        ended = people.disable(work, person)
    click.echo(f"Done. {ended} open log-in{'' if ended == 1 else 's'} ended.")


@click.command()
@click.argument("person")
@as_staff
def enable(person: str, email: str | None) -> None:
    """PERSON (work email) is back."""
    with acting(email) as work:
        back = people.enable(work, person)
    click.echo(f"{back.display_name} can log in again.")


@click.command(name="reset-authenticator")
@click.argument("person")
@as_staff
def reset_authenticator(person: str, email: str | None) -> None:
    """PERSON (work email) lost authenticator and recovery codes: the next log-in sets up another.

    First make sure who is asking.
    """
    with acting(email) as work:
        ended = people.reset_authenticator(work, person)
    click.echo(f"The next log-in sets up an authenticator. {ended} open log-in{'' if ended == 1 else 's'} ended.")


@click.command()
def privileges() -> None:
    """Print who may do what: the table of docs/security.md, from the code."""
    click.echo(privilege_table())


@click.command()
@click.argument("person")
def code(person: str) -> None:
    """Development only: what the authenticator of PERSON (work email) shows now."""
    with acting(None) as work:
        click.echo(people.present_code(work, person))


COMMANDS = (everybody, add, role, give, take, disable, enable, reset_authenticator, privileges)
# Whoever can run this holds the keys anyway; but what only development needs is not there in production at all.
DEVELOPMENT = (code,)
