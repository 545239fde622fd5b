"""Checking a document over HTTP: yes or no, nothing of whose it is, and not too often."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import Engine, text
from starlette.applications import Starlette
from starlette.testclient import TestClient

from portal import routes
from portal.domain.paperwork import FormKind
from portal.http import edge, verify
from portal.http.edge import Edge
from portal.http.pace import Pace
from portal.models import db as database
from portal.services import documents, paperwork, verification
from portal.services.document_parts import document_number
from portal.settings import Settings
from portal.work import SYSTEM
from tests.queries.counting import counted
from tests.services.signed import asked, sign_typed
from tests.support.clinic import OpenAs, TestClinic, furnish

SETTINGS = Settings(PORTAL_PUBLIC_URL="http://testserver")  # pyright: ignore[reportCallIssue]
UNCHANGED, NUMBER_IS_OURS = "Ours, and unchanged", "We sealed a document with this number"
NOT_OURS, NO_SUCH_NUMBER = "Not a document as we sealed it", "We do not know this number"


@pytest.fixture
def clinic(engine: Engine, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch) -> TestClinic:
    """A small practice in the database that the routes use, and nobody has asked yet."""
    monkeypatch.setattr(database, "engine", lambda: engine)
    monkeypatch.setattr(verify, "_asked", Pace(60, 600))
    monkeypatch.setattr(verify, "_sent", Pace(20, 600))
    with open_as(SYSTEM) as work:
        return furnish(work)


@pytest.fixture
def client() -> Iterator[TestClient]:
    """The routes behind the edge."""
    with TestClient(Edge(Starlette(routes=verify.ROUTES), SETTINGS, Path("/nonexistent"))) as opened:
        yield opened


def _sent(client: TestClient, content: bytes) -> tuple[int, str]:
    answer = client.post(routes.VERIFICATION, files={"file": ("x.pdf", content, "application/pdf")})
    return answer.status_code, answer.text


def test_a_file_of_ours_is_known_and_a_changed_one_is_not(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, client: TestClient
) -> None:
    form_id = asked(open_as, clinic)
    sign_typed(open_as, clinic.amelia, form_id)
    content = documents.download(clinic.amelia, form_id, engine=engine).content
    status, page = _sent(client, content)
    assert (status, UNCHANGED in page) == (200, True)
    assert "<b>Consent,</b> sealed by" in page
    assert not any(secret in page for secret in ("Amelia", "Hart", "Neurotoxin", "Botox"))
    for place in (0, len(content) // 2, len(content) - 1):
        touched = bytearray(content)
        touched[place] ^= 1
        assert NOT_OURS in _sent(client, bytes(touched))[1]
    by_number = client.get(routes.verify(document_number(FormKind.CONSENT, form_id)))
    assert NUMBER_IS_OURS in by_number.text
    assert UNCHANGED not in by_number.text
    assert "Amelia" not in by_number.text
    typed = client.get(routes.VERIFY, params={"id": document_number(FormKind.CONSENT, form_id).lower()})
    assert typed.text == by_number.text


def test_a_void_form_is_still_ours_and_counts_no_more(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, client: TestClient
) -> None:
    form_id = asked(open_as, clinic)
    sign_typed(open_as, clinic.amelia, form_id)
    content = documents.download(clinic.amelia, form_id, engine=engine).content
    with open_as(SYSTEM) as work:
        paperwork.reset(work, form_id, "Wrong side of the face")
    for page in (_sent(client, content)[1], client.get(routes.verify(document_number(FormKind.CONSENT, form_id))).text):
        assert "the practice made it void on November 23, 2026" in page
        assert "Wrong side" not in page


def test_what_is_typed_is_not_markup(clinic: TestClinic, client: TestClient) -> None:
    evil = '"><script>alert(1)</script>'
    for page in (client.get(routes.VERIFY, params={"id": evil}), client.get(routes.verify(quote(evil, safe="")))):
        assert NO_SUCH_NUMBER in page.text or page.status_code == 404
        assert "alert(1)" not in page.text


def test_a_known_and_an_unknown_number_ask_the_database_the_same(
    clinic: TestClinic, open_as: OpenAs, engine: Engine
) -> None:
    form_id = asked(open_as, clinic)
    sign_typed(open_as, clinic.amelia, form_id)
    documents.seal_signed(form_id, engine=engine)
    known = document_number(FormKind.CONSENT, form_id)
    unknown = known[:-1] + ("0" if known[-1] != "0" else "1")
    with open_as(SYSTEM, write=False) as work:
        both = []
        for number in (known, unknown):
            work.db.expunge_all()
            with counted(engine) as statements:
                assert (verification.by_number(work, number) is not None) == (number == known)
            both.append(statements)
        assert both[0] == both[1]
        if engine.dialect.name == "sqlite":
            plan = work.db.execute(text("EXPLAIN QUERY PLAN SELECT 1 FROM stored_document WHERE number = 'x'")).all()
            assert "SEARCH" in str(plan)


def test_nothing_too_large_and_nothing_malformed(clinic: TestClinic, client: TestClient) -> None:
    status, page = _sent(client, bytes(verify.LARGEST + 1))
    assert (status, "That file is too large" in page) == (413, True)
    assert _sent(client, bytes(edge.LARGEST_DOCUMENT))[0] == 413
    assert _sent(client, b"")[0] == 400
    assert client.post(routes.VERIFICATION, content=b"x").status_code == 400
    assert client.post(routes.VERIFICATION, data={"file": "x"}).status_code == 400
    form = {"content-type": "multipart/form-data; boundary=b"}
    assert client.post(routes.VERIFICATION, content=b"--c\r\n", headers=form).status_code == 400
    assert client.get(routes.VERIFY).status_code == 200


def test_not_too_often(clinic: TestClinic, client: TestClient) -> None:
    assert [_sent(client, b"%PDF")[0] for _ in range(21)] == [200] * 20 + [429]
    assert {client.get(routes.verify("C-1")).status_code for _ in range(60)} == {200}
    assert client.get(routes.verify("C-1")).status_code == 429


def test_from_another_site_nothing_is_taken(clinic: TestClinic, client: TestClient) -> None:
    answer = client.post(routes.VERIFICATION, files={"file": b"x"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
