"""The command line of those who run the portal: `python -m portal --help`."""

import importlib

import click

# Each command's module is read only when the command is called, so that `--help` and `migrate` start at once.
COMMANDS = {
    "migrate": ("portal.cli.operating", "migrate"),
    "build": ("portal.cli.operating", "build"),
    "serve": ("portal.cli.operating", "serve"),
    "jobs": ("portal.cli.operating", "jobs"),
    "verify": ("portal.cli.operating", "verify"),
    "keys": ("portal.cli.keys", "keys"),
    "practice": ("portal.cli.practice", "practice"),
    "import": ("portal.cli.importing", "importing"),
    "demo": ("portal.cli.demo", "demo"),
    "staff": ("portal.cli.staff", "staff"),
    "visits": ("portal.cli.visits", "visits"),
    "forms": ("portal.cli.forms", "forms"),
}


class Commands(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name]
        return getattr(importlib.import_module(module), name)


@click.group(cls=Commands)
def main() -> None:
    """Run and look after the patient portal."""
