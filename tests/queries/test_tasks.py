"""Task Management and the Dashboard: what they say, to whom, and with how many statements."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from portal.clock import FixedClock
from portal.errors import NotFound
from portal.models import AssignedForm, Practice, TemplateVersion
from portal.queries import dashboard, paperwork
from portal.services import paperwork as forms
from portal.services import reading
from portal.work import NOBODY, SYSTEM, Work
from tests.queries.counting import counted
from tests.services.signed import asked, sign_drawn, sign_typed
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.questions import to_fill


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """A small practice with its people."""
    with open_as(SYSTEM) as work:
        return furnish(work)


def test_each_form_says_how_it_stands_and_what_can_be_done(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    signed = asked(open_as, clinic, name="HydraFacial Consent", valid_months=12)
    sign_drawn(open_as, clinic.amelia, signed)
    witness = asked(open_as, clinic, name="Minor Procedure Consent", needs_witness=True)
    sign_typed(open_as, clinic.amelia, witness)
    opened = asked(open_as, clinic, name="Neurotoxin Treatment Consent")
    void = asked(open_as, clinic, name="Old form")
    with open_as(SYSTEM) as work:
        fresh = forms.reset(work, void, "Not needed")
    with open_as(clinic.amelia, write=False) as work:
        page = paperwork.tasks(work)
    rows = {row.name: row for row in page.open + page.done}
    assert (page.open_consents, page.open_questionnaires, page.done_count) == (3, 0, 1)
    assert page.headline == "forms to complete before Thursday, November 26"
    assert rows["Neurotoxin Treatment Consent"].status == "Not Signed"
    assert rows["Neurotoxin Treatment Consent"].meta == "For Botox on Thu, Nov 26. About 1 minute."
    assert rows["Neurotoxin Treatment Consent"].sign_href == f"/consent/{opened}/sign"
    assert rows["Minor Procedure Consent"].status == "Witness Signature Required"
    assert rows["Minor Procedure Consent"].witness_href == f"/consent/{witness}/witness"
    assert {row.witness_href for row in rows.values() if row.status == "Not Signed"} == {""}
    assert rows["Minor Procedure Consent"].sign_href == ""
    assert "You signed on Nov 23." in rows["Minor Procedure Consent"].meta
    assert rows["HydraFacial Consent"].status == "Signed"
    assert rows["HydraFacial Consent"].meta == "Signed on November 23, 2026. Counts until November 23, 2027."
    assert rows["HydraFacial Consent"].pdf_href == f"/documents/forms/{signed}.pdf"
    assert [row.id for row in page.open if row.name == "Old form"] == [str(fresh)]


def test_a_witness_is_offered_only_where_the_form_was_signed(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic, name="Minor Procedure Consent", needs_witness=True)
    sign_typed(open_as, clinic.amelia, form_id)
    elsewhere = replace(clinic.amelia, session_id=uuid4(), device="Another browser")
    offered = []
    for who in (clinic.amelia, elsewhere):
        with open_as(who, write=False) as work:
            offered.append(paperwork.tasks(work).open[0].witness_href)
    assert offered == [f"/consent/{form_id}/witness", ""]


@pytest.mark.parametrize(("days", "word"), [(300, ""), (345, "Expiring soon"), (400, "Expired")])
def test_a_signature_that_runs_out_says_so(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock, days: int, word: str
) -> None:
    sign_typed(open_as, clinic.amelia, asked(open_as, clinic, valid_months=12))
    clock.advance(days=days)
    with open_as(clinic.amelia, write=False) as work:
        assert [row.expiry for row in paperwork.tasks(work).done] == [word]


def test_what_soon_is_the_practice_says_and_what_is_replaced_runs_out_silently(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    old = asked(open_as, clinic, valid_months=12)
    sign_typed(open_as, clinic.amelia, old)
    clock.advance(days=300)
    with open_as(SYSTEM) as work:
        work.get(Practice, clinic.practice_id).expiring_days = 90
    with open_as(clinic.amelia) as work:
        assert [row.expiry for row in paperwork.tasks(work).done] == ["Expiring soon"]
        assert reading.read_consent(work, old).stands == "Signed and locked. Counts until November 23, 2027."
    with open_as(SYSTEM) as work:
        template = work.get(TemplateVersion, work.get(AssignedForm, old).version_id).template_id
        fresh = forms.assign(work, work.get(AssignedForm, old).patient_id, template)
    sign_typed(open_as, clinic.amelia, fresh)
    clock.advance(days=80)
    with open_as(clinic.amelia) as work:
        assert {row.id: row.expiry for row in paperwork.tasks(work).done} == {str(fresh): "", str(old): ""}
        assert "Counted until November 23, 2027." in reading.read_consent(work, old).stands


def test_the_badge_is_the_number_of_incomplete_items_everywhere(clinic: TestClinic, open_as: OpenAs) -> None:
    for number in range(5):
        asked(open_as, clinic, name=f"Form {number}")
    sign_typed(open_as, clinic.amelia, asked(open_as, clinic, name="Signed"))
    sign_typed(open_as, clinic.amelia, asked(open_as, clinic, name="Witness", needs_witness=True))
    with open_as(clinic.amelia, write=False) as work:
        page, board, badges = paperwork.tasks(work), dashboard.overview(work), dashboard.badges(work)
    assert page.open_consents == board.badges.open_forms == badges.open_forms == len(page.open) == 6
    assert len(board.forms) == dashboard.FORMS_SHOWN
    assert board.badges.unread == badges.unread


def test_nobody_sees_anothers_paperwork(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    with open_as(clinic.rosa, write=False) as work:
        board = dashboard.overview(work)
        assert (board.visit, board.forms, board.notices, board.badges.open_forms) == (None, [], [], 0)
        assert paperwork.tasks(work).open == []
    for who in (NOBODY, SYSTEM):
        with open_as(who, write=False) as work:
            for query in (dashboard.overview, dashboard.badges, paperwork.tasks):
                with pytest.raises(NotFound):
                    query(work)
    with open_as(clinic.rosa) as work, pytest.raises(NotFound):
        reading.read_consent(work, form_id)


def test_reading_a_form_marks_its_notice_as_read(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    with open_as(clinic.amelia) as work:
        assert [notice.unread for notice in dashboard.overview(work).notices] == [True]
        reading.read_consent(work, form_id)
    with open_as(clinic.amelia, write=False) as work:
        assert dashboard.badges(work).unread == 0


@pytest.mark.parametrize(
    ("query", "most"),
    [(dashboard.overview, 6), (dashboard.badges, 1), (paperwork.tasks, 2)],
    ids=["overview", "badges", "tasks"],
)
def test_a_page_costs_the_same_however_much_there_is(
    clinic: TestClinic, open_as: OpenAs, engine: Engine, query: Callable[[Work], object], most: int
) -> None:
    def statements() -> int:
        with open_as(clinic.amelia, write=False) as work, counted(engine) as seen:
            query(work)
        return len(seen)

    before = statements()
    for number in range(12):
        form_id = asked(open_as, clinic, name=f"Form {number}")
        if number % 2:
            sign_typed(open_as, clinic.amelia, form_id)
    assert statements() == before <= most


def test_opening_a_consent_takes_six_statements(clinic: TestClinic, open_as: OpenAs, engine: Engine) -> None:
    form_id = asked(open_as, clinic)
    with open_as(clinic.amelia) as work, counted(engine) as seen:
        reading.read_consent(work, form_id)
    assert len(seen) <= 6


def test_the_text_on_the_screen_is_clean_whatever_was_stored(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic)
    sign_typed(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        work.get(AssignedForm, form_id).frozen_html += "<img src=x onerror=alert(1)><script>alert(1)</script>"  # type: ignore[operator]
    with open_as(clinic.amelia) as work:
        page = reading.read_consent(work, form_id)
    assert "<script" not in page.html
    assert "onerror" not in page.html
    assert (page.can_sign, page.status, page.stands) == (False, "Signed", "Signed and locked.")
    assert page.lines[0].typed == "Amelia Hart"


def test_a_minor_and_a_guardian_see_the_right_way_to_sign(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = asked(open_as, clinic, clinic.child)
    with open_as(clinic.child) as work:
        page = reading.read_consent(work, form_id)
        assert not page.can_sign
        assert "parent or guardian" in page.why_not
        assert paperwork.tasks(work).open[0].sign_href == ""
    with open_as(clinic.guardian) as work:
        page = reading.read_consent(work, form_id)
        assert page.can_sign
        assert (page.signer, page.lines[0].role) == ("Rosa Delgado", "Parent or guardian signature")


def test_the_minutes_count_questionnaires_too(clinic: TestClinic, open_as: OpenAs) -> None:
    asked(open_as, clinic)
    with open_as(clinic.amelia, write=False) as work:
        assert paperwork.tasks(work).note == "About 1 minute. You can stop and come back at any time."
    to_fill(open_as, clinic)
    with open_as(clinic.amelia, write=False) as work:
        page, board = paperwork.tasks(work), dashboard.overview(work)
    assert page.note == "About 3 minutes. You can stop and come back at any time."
    assert "About 3 minutes" in repr(board)
