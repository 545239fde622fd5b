"""`python -m portal verify`: silent about what is whole, a sentence for each thing that is not."""

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text, update
from sqlmodel import col, select

from portal.cli import main
from portal.clock import FixedClock
from portal.gateways import gateways
from portal.jobs import audit_chain
from portal.models import StoredDocument
from portal.models import db as database
from portal.services import documents
from portal.settings import settings
from portal.work import SYSTEM
from tests.services.signed import asked, sign_typed
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.questions import fill, submit, to_fill


@pytest.fixture
def clinic(engine: Engine, open_as: OpenAs, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> TestClinic:
    """Two consents and a questionnaire, sealed, in the database that the command finds; the audit log is sealed."""
    monkeypatch.setattr(database, "engine", lambda: engine)
    with open_as(SYSTEM) as work:
        made = furnish(work)
    for who, name in ((made.amelia, "Amelia Hart"), (made.rosa, "Rosa Delgado")):
        sign_typed(open_as, who, asked(open_as, made, who), name)
    questions = to_fill(open_as, made)
    fill(open_as, made.amelia, questions)
    submit(open_as, made.amelia, questions)
    assert documents.seal_pending(engine=engine) == 3
    clock.advance(minutes=1)
    while audit_chain.seal(clock):
        pass
    return made


def verify() -> tuple[int, list[str]]:
    done = CliRunner().invoke(main, ["verify"], catch_exceptions=False)
    return done.exit_code, done.output.strip().splitlines()


def test_everything_is_whole(clinic: TestClinic) -> None:
    code, said = verify()
    assert code == 0, said
    assert said == ["The audit log and all stored documents are whole (0 newest rows still wait for their seal)."]


def test_a_damaged_file_a_missing_one_and_a_changed_audit_row_are_named(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        first, second, _ = work.db.exec(select(StoredDocument).order_by(col(StoredDocument.id))).all()
        work.db.execute(text("UPDATE audit_event SET actor_label = 'Somebody' WHERE seq = 3"))
        stored = {one.id: settings().var / "documents" / _place(one.sha256) for one in (first, second)}
        names = {one.id: f"Document {one.id} of form {one.form_id}" for one in (first, second)}
        one, other = first.id, second.id
    content = bytearray(stored[one].read_bytes())
    content[len(content) // 2] ^= 1
    stored[one].write_bytes(content)
    stored[other].unlink()
    code, said = verify()
    assert code == 1
    assert said == [
        "Audit row 3 was changed after it was sealed.",
        f"{names[one]}: A stored document was changed or was encrypted with another key.",
        f"{names[other]}: There is no such document.",
    ]


def test_a_whole_file_of_another_form_does_not_pass(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        first, second, _ = work.db.exec(select(StoredDocument).order_by(col(StoredDocument.id))).all()
        sha256, name = second.sha256, f"Document {first.id} of form {first.form_id}"
        assert gateways().seal.check(gateways().storage.get(sha256)).holds
        work.db.execute(update(StoredDocument).where(col(StoredDocument.id) == first.id).values(sha256=sha256))
    assert verify() == (1, [f"{name}: it is not the one that was sealed for this form."])


def _place(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
