"""Migrations: up and down with the whole demo practice in the database, on both engines."""

from datetime import UTC, datetime, timedelta

import pytest
from alembic.config import Config
from sqlalchemy import Engine, inspect, text
from sqlmodel import select

from alembic import command
from portal.demo import loading
from portal.domain.paperwork import FormKind
from portal.models import StoredDocument
from portal.models.db import make_engine
from portal.services import paperwork
from portal.services.document_parts import document_number
from portal.work import SYSTEM, open_work
from tests.support.clinic import furnish
from tests.support.databases import Databases, alembic_config
from tests.support.questions import published


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def run(url: str, step, revision: str) -> None:
    with alembic_config(url) as config:
        step(config, revision)


def test_up_and_down_and_up_again_with_data(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_seal", lambda engine: None)
    with databases.url() as url:
        engine = make_engine(url)
        loading.load(engine=engine)
        before = tables(engine)
        with engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM signature")).scalar_one() > 0
        engine.dispose()
        run(url, command.downgrade, "base")
        assert tables(engine) == set()
        engine.dispose()
        run(url, command.upgrade, "head")
        assert tables(engine) == before
        engine.dispose()
        loading.load(engine=engine)
        engine.dispose()


def test_visits_that_are_there_already_keep_their_rows_and_hold_their_time(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "_seal", lambda engine: None)
    with databases.url() as url:
        engine = make_engine(url)
        loading.load(engine=engine)
        before = what_stands(engine)
        engine.dispose()
        run(url, command.downgrade, "0001")
        run(url, command.upgrade, "0002")
        after = what_stands(engine)
        with engine.connect() as connection:
            unnamed = connection.execute(text("SELECT count(*) FROM appointment WHERE title = ''")).scalar_one()
        engine.dispose()
        assert all(before.values())
        assert after == before
        assert unnamed == 0


def what_stands(engine: Engine) -> dict[str, list[tuple]]:
    """What the first schema knew of visits and forms, and the time that visits ahead hold."""
    queries = {
        "visits": "SELECT id, patient_id, provider_id, clinic_id, appointment_type_id, starts_at, ends_at, status, "
        "buffer_minutes FROM appointment ORDER BY id",
        "ticks": "SELECT t.provider_id, t.tick, t.appointment_id FROM appointment_tick t JOIN appointment a "
        "ON a.id = t.appointment_id WHERE a.ends_at > :soon AND a.status IN ('booked', 'confirmed') ORDER BY 1, 2",
        "forms": "SELECT id, patient_id, appointment_id, status, due_at FROM assigned_form ORDER BY id",
        "signatures": "SELECT form_id, signed_at, text_sha256 FROM signature ORDER BY id",
    }
    soon = {"soon": f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%d %H:%M:%S+00}"}
    with engine.connect() as connection:
        return {
            name: [tuple(map(str, row)) for row in connection.execute(text(query), soon if ":soon" in query else {})]
            for name, query in queries.items()
        }


def test_documents_that_are_there_already_get_the_number_that_is_printed_on_them(databases: Databases) -> None:
    with databases.url() as url:
        engine = make_engine(url)
        with open_work(SYSTEM, engine=engine) as work:
            clinic = furnish(work)
            amelia = clinic.amelia.patient_id
            assert amelia is not None
            templates = {FormKind.CONSENT: clinic.template(work), FormKind.QUESTIONNAIRE: published(work, clinic)}
            forms = {kind: paperwork.assign(work, amelia, template) for kind, template in templates.items()}
            for form_id in forms.values():
                about = {"sha256": "ab" * 32, "size": 1, "title": "A form", "created_at": work.now()}
                work.add(StoredDocument(patient_id=amelia, form_id=form_id, **about))
        engine.dispose()
        run(url, command.downgrade, "0005")
        run(url, command.upgrade, "head")
        with open_work(engine=engine, write=False) as work:
            numbers = {row.form_id: row.number for row in work.db.exec(select(StoredDocument))}
        engine.dispose()
        assert numbers == {form_id: document_number(kind, form_id) for kind, form_id in forms.items()}


def test_every_migration_goes_one_step_up_and_down(databases: Databases) -> None:
    with databases.url(empty=True) as url:
        from alembic.script import ScriptDirectory

        revisions = [script.revision for script in ScriptDirectory.from_config(Config("alembic.ini")).walk_revisions()]
        for revision in reversed(revisions):
            run(url, command.upgrade, revision)
            run(url, command.downgrade, "-1")
            run(url, command.upgrade, revision)


def test_the_tables_are_what_the_models_say(databases: Databases) -> None:
    with databases.url() as url:
        run(url, lambda config, _revision: command.check(config), "head")
