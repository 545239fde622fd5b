"""`python -m portal keys …`: the keys that encrypt single columns (docs/operations.md, "Changing keys")."""

import click

from portal.security import rotation
from portal.security.keys import key_ring
from portal.work import SYSTEM, Work, open_work


@click.group()
def keys() -> None:
    """Show, change and drop the keys of encrypted columns, while the portal runs."""


@keys.command()
def status() -> None:
    """How many values there are under each key."""
    ring = key_ring()
    with open_work(SYSTEM, write=False) as work:
        counted = rotation.count_by_key(work)
    newest = max(ring.ids())
    for key_id in sorted({*ring.ids(), *counted}):
        note = "encrypts" if key_id == newest else "" if key_id in ring.ids() else "is not here: these cannot be read"
        click.echo(f"key {key_id:>3}  {counted[key_id]:>9} values  {note}".rstrip())


@keys.command()
@click.option("--continue", "going_on", is_flag=True, help="Add no key: go on where a rotation was interrupted.")
def rotate(going_on: bool) -> None:
    """Add a key and encrypt everything anew with it. The portal may run; a second start goes on with --continue."""
    ring = key_ring()
    if not going_on:
        with open_work(SYSTEM) as work:
            key_id = ring.add()
            work.audit("keys.added", key=key_id)
        click.echo(f"Key {key_id} encrypts from now on.")
    brought = 0
    for rows in rotation.rotate(ring):
        brought += rows
    with open_work(SYSTEM) as work:
        left = _left(work)
        work.audit("keys.rotated", key=max(ring.ids()), rows=brought, left=left)
    click.echo(f"{brought} rows were encrypted anew.")
    if left:
        raise click.ClickException(f"{left} values are still under an older key. Run `keys rotate --continue` again.")
    old = [key_id for key_id in ring.ids() if key_id != max(ring.ids())]
    for key_id in old:
        click.echo(f"Nothing is under key {key_id} any more: `keys drop {key_id}` takes it away for good.")


@keys.command()
@click.argument("key_id", type=int)
def drop(key_id: int) -> None:
    """Take a key away for good. Backups that were made before its rotation can then not be read any more."""
    ring = key_ring()
    if key_id not in ring.ids():
        raise click.ClickException(f"There is no key {key_id} here.")
    with open_work(SYSTEM) as work:
        if count := rotation.count_by_key(work)[key_id]:
            raise click.ClickException(f"{count} values are still under key {key_id}: rotate first.")
        try:
            ring.drop(key_id)
        except ValueError as refusal:
            raise click.ClickException(f"It stays: {refusal}.") from None
        work.audit("keys.dropped", key=key_id)
    click.echo(f"Key {key_id} is gone.")


def _left(work: Work) -> int:
    counted, newest = rotation.count_by_key(work), max(key_ring().ids())
    return sum(number for key_id, number in counted.items() if key_id != newest)
