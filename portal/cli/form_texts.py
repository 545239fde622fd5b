"""`python -m portal forms publish …`: the practice's own consents and questionnaires, from files."""

import json
from pathlib import Path
from typing import Any

import click
from sqlmodel import col, select

from portal.cli.acting import acting, as_staff, named
from portal.domain.paperwork import FormCategory, FormKind
from portal.models import FormTemplate, Service, TemplateVersion
from portal.services import templates
from portal.work import Work

LARGEST = 1_000_000  # bytes


@click.command()
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--category", type=click.Choice([one.value for one in FormCategory]), help="Of a new form.")
@click.option("--initials", multiple=True, metavar="SECTION", help="A section that wants initials; say it for each.")
@click.option("--option", "options", multiple=True, metavar="ID=WORDS", help="What the signer chooses one of.")
@click.option("--witness/--no-witness", "needs_witness", default=None, help="Whether it needs a witness.")
@click.option("--per-visit/--once", default=None, help="Whether each visit needs its own.")
@click.option("--valid-months", type=click.IntRange(0, templates.LONGEST_VALIDITY), help="0 is for good.")
@click.option("--with", "services", multiple=True, metavar="SERVICE", help="Booking this service asks for it.")
@as_staff
def publish(
    name: str,
    file: Path,
    category: str | None,
    initials: tuple[str, ...],
    options: tuple[str, ...],
    services: tuple[str, ...],
    email: str | None,
    **rules: Any,
) -> None:
    """Publish FILE as the next version of the form NAME, or as a new form.

    FILE is Markdown for a consent; JSON for a questionnaire (docs/decisions/0006). Rules that are not given stay as
    they were. Forms that were asked for before keep their text.
    """
    text, questions = _read(file)
    with acting(email) as work:
        work.require_staff()
        offered = work.db.exec(select(Service).where(col(Service.active)).order_by(Service.name)).all()
        template = work.db.exec(select(FormTemplate).where(FormTemplate.name == " ".join(name.split()))).first()
        before = templates.latest(work, template.id) if template else None
        kind = FormKind.CONSENT if questions is None else FormKind.QUESTIONNAIRE
        template_id = template.id if template else _create(work, name, kind, category)
        version_id = templates.publish(
            work,
            template_id,
            text,
            initials=initials or (before.initials if before else ()),
            options=[_option(words) for words in options] or (before.options if before else ()),
            questions=questions,
            **_rules(before, rules),
        )
        for words in services:
            templates.ask_for(work, named(list(offered), words, lambda row: row.name).id, template_id)
        number = work.get(TemplateVersion, version_id).number
    click.echo(f"Published as version {number}. Forms asked for from now on have it.")


def _read(file: Path) -> tuple[str, dict[str, Any] | None]:
    """The text, and the questions of a questionnaire."""
    if file.stat().st_size > LARGEST:
        raise click.ClickException("That file is too large for a form.")
    try:
        text = file.read_text(encoding="utf-8")
        if file.suffix.lower() != ".json":
            return text, None
        questions = json.loads(text)
    except UnicodeDecodeError:
        raise click.ClickException("That file is no text in UTF-8.") from None
    except ValueError as error:
        raise click.ClickException(f"That file is no JSON: {error}.") from None
    if not isinstance(questions, dict):
        raise click.ClickException("A questionnaire is one JSON object with its items.")
    return "", questions


def _create(work: Work, name: str, kind: FormKind, category: str | None) -> Any:
    return templates.create(work, work.practice().id, name, kind, FormCategory(category) if category else None)


def _option(words: str) -> dict[str, str]:
    key, found, label = words.partition("=")
    if not found:
        raise click.BadParameter("Write it as id=words.", param_hint="--option")
    return {"id": key.strip(), "label": label.strip()}


def _rules(before: TemplateVersion | None, given: dict[str, Any]) -> dict[str, Any]:
    """What was said of each rule, else what held before."""
    held = {rule: getattr(before, rule) for rule in given} if before else {}
    return held | {rule: value for rule, value in given.items() if value is not None}
