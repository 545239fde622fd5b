"""`python -m portal demo`: the demo practice."""

import click

from portal.demo import loading
from portal.errors import PortalError


@click.command()
@click.option("--once", is_flag=True, help="Do nothing when a practice is here already.")
def demo(once: bool) -> None:
    """Load the demo practice, Lumière Aesthetics, into an empty database."""
    if once and loading.exists():
        click.echo("A practice is here already: nothing was loaded.")
        return
    try:
        loading.load()
    except PortalError as error:
        raise click.ClickException(error.sentence) from None
    click.echo("The demo practice Lumière Aesthetics is loaded.")
