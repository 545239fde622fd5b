"""`python -m portal practice …`: the first step on an empty installation, and what the practice tells everybody."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import click
from sqlmodel import select

from portal.cli.acting import acting, as_staff
from portal.errors import Invalid, PortalError
from portal.gateways import make_certificate
from portal.models import Practice
from portal.services import announcements, paperwork_rules
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


@practice.command()
@click.argument("words")
@as_staff
def reminders(words: str, email: str | None) -> None:
    """Say WORDS with every visit, 50 at most; "" says nothing more."""
    with acting(email) as work:
        announcements.set_important_reminders(work, words)
    click.echo("Patients read this with every visit from now on." if words.strip() else "Nothing more is said.")


@practice.command()
@click.option("--expiring-days", type=int, help="How many days before its end a form is expiring soon.")
@click.option("--provider-may-witness/--provider-may-not-witness", "provider", default=None)
@as_staff
def paperwork(expiring_days: int | None, provider: bool | None, email: str | None) -> None:
    """Rules for all forms; without an option, what they are."""
    with acting(email) as work:
        if expiring_days is not None or provider is not None:
            paperwork_rules.change(work, expiring_days=expiring_days, provider_may_witness=provider)
        here = work.practice()
        may = "may" if here.provider_may_witness else "may not"
    click.echo(f"A form is expiring soon {here.expiring_days} days before its end.")
    click.echo(f"Who gives a treatment {may} witness its consent.")


@practice.command()
@click.argument("text")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day.")
@click.option("--until", "last", type=click.DateTime(["%Y-%m-%d"]), required=True, help="Last day.")
@click.option("--link", default="", help="Where it leads: https://… or a page of the portal, such as /help.")
@click.option("--label", default="", help="The words of the link.")
@as_staff
def banner(text: str, first: datetime, last: datetime, link: str, label: str, email: str | None) -> None:
    """Promote TEXT on every Dashboard, on whole days where the practice is."""
    with acting(email) as work:
        zone = ZoneInfo(work.db.exec(select(Practice.time_zone)).first() or "UTC")
        starts, ends = first.replace(tzinfo=zone), (last + timedelta(days=1)).replace(tzinfo=zone)
        banner_id = announcements.put_up_banner(work, text, starts, ends, href=link, label=label)
    click.echo(
        f"It is up from {first:%Y-%m-%d} until {last:%Y-%m-%d}. To take it down: practice banner-off {banner_id}"
    )


@practice.command()
@click.argument("banner_id", type=click.UUID)
@as_staff
def banner_off(banner_id: UUID, email: str | None) -> None:
    """Take a promotion down before its time."""
    with acting(email) as work:
        announcements.switch_banner(work, banner_id, on=False)
    click.echo("It is down.")
