"""What commands share: a transaction in somebody's name, and finding the one that was meant."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import click
from sqlmodel import col, select

from portal.domain.access import privileges
from portal.errors import Invalid, NotFound, PortalError
from portal.models import Staff
from portal.queries import clients as look_up
from portal.work import Actor, Work, open_work

as_staff = click.option("--as", "email", help="Work email of the person who does this, for the audit log.")


@contextmanager
def acting(email: str | None) -> Iterator[Work]:
    """A transaction as the member of staff named; a refusal becomes its sentence and exit code 1."""
    try:
        with open_work(write=False) as work:
            actor = _actor(work, email)
        with open_work(actor) as work:
            yield work
    except Invalid as error:
        raise click.ClickException(" ".join(error.fields.values())) from None
    except PortalError as error:
        raise click.ClickException(error.sentence) from None
    except OverflowError:  # of a date: the calendar of computers ends with the year 9999
        raise click.ClickException("That day is too far away.") from None


def client(work: Work, words: str) -> UUID:
    """The one client meant by an id, or by part of name, phone or email, or a date of birth."""
    try:
        return UUID(words)
    except ValueError:
        found = look_up.find(work, words)
    return only(found, words, lambda row: f"{row.id}  {row.name}  born {row.born}").id


def named(rows: list[Any], words: str, name: Callable[[Any], str]) -> Any:
    """The one row meant by its id, its whole name or a part of it."""
    found = [row for row in rows if str(row.id) == words.lower()]
    found = found or [row for row in rows if name(row).casefold() == words.casefold()]
    found = found or [row for row in rows if words.casefold() in name(row).casefold()]
    return only(found, words, name)


def only(found: list[Any], words: str, show: Callable[[Any], str]) -> Any:
    """The one that was found. `NotFound` when there is none, and when there are several, which are then listed."""
    if not found:
        raise NotFound(f"Nothing was found for “{words}”.")
    if len(found) > 1:
        choices = "\n".join(f"  {show(one)}" for one in found)
        raise NotFound(f"“{words}” fits {len(found)}. Say which, best by its id:\n{choices}")
    return found[0]


def _actor(work: Work, email: str | None) -> Actor:
    if email is None:
        return Actor(kind="system", label=f"Command line, {getpass.getuser()}", address="command line")
    person = work.db.exec(select(Staff).where(Staff.email == email.strip().lower(), col(Staff.active))).first()
    if person is None:
        raise NotFound(f"Nobody who works here has the email {email}.")
    return Actor(
        kind="staff",
        staff_id=person.id,
        role=person.role.value,
        label=person.display_name,
        address="command line",
        privileges=privileges(person.role, person.given, person.taken),
    )
