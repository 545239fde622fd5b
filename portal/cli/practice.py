"""`python -m portal practice open`: the first step on an empty installation."""

import click

from portal.errors import Invalid, PortalError
from portal.gateways import make_certificate
from portal.services.opening import NewPractice, open_practice
from portal.settings import settings
from portal.work import SYSTEM, open_work


@click.group()
def practice() -> None:
    """The practice that this installation serves."""


@practice.command(name="open")
@click.option("--name", required=True, help="Name of the practice, as patients know it.")
@click.option("--phone", required=True, help="Telephone of the front desk.")
@click.option("--email", required=True, help="Email of the front desk.")
@click.option("--time-zone", default="America/Los_Angeles", show_default=True)
@click.option("--country", default="US", show_default=True, help="Two letters; default country of telephone numbers.")
@click.option("--clinic", default="", help="Name of the first clinic; the practice's name unless given.")
@click.option("--street", default="")
@click.option("--city", default="")
@click.option("--state", default="")
@click.option("--postal-code", default="")
def open_(**given: str) -> None:
    """Create the practice and its first clinic, and its certificate for sealing documents."""
    try:
        with open_work(SYSTEM) as work:
            open_practice(work, NewPractice(**given))
    except Invalid as error:
        raise click.ClickException(" ".join(f"--{name}: {words}" for name, words in error.fields.items())) from None
    except PortalError as error:
        raise click.ClickException(error.sentence) from None
    if settings().seal_certificate is None:
        make_certificate(settings(), given["name"])
    click.echo(f"{given['name']} is open. Next: python -m portal import patients FILE")
