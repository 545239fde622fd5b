"""A client's forms as staff see them, and what may be asked for."""

import pytest
from sqlalchemy import Engine

from portal.clock import FixedClock
from portal.domain.access import Role
from portal.errors import Denied, NotFound
from portal.ids import uuid7
from portal.queries.client_forms import choices, client_forms
from portal.services import paperwork
from portal.work import NOBODY, SYSTEM
from tests.queries.counting import counted
from tests.queries.test_paperwork_queue import crowd
from tests.services.signed import asked, sign_drawn
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.questions import fill, submit, to_fill
from tests.support.team import acting, hired

DESK, PROVIDER = acting(Role.FRONT_DESK), acting(Role.PROVIDER)


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """A small practice."""
    with open_as(SYSTEM) as work:
        return furnish(work)


def test_what_waits_comes_first_and_what_is_void_is_kept(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    peel = asked(open_as, clinic, name="Peel", valid_months=12)
    filler = asked(open_as, clinic, name="Filler", needs_witness=True)
    sign_drawn(open_as, clinic.amelia, peel)
    sign_drawn(open_as, clinic.amelia, filler)
    elena = hired(open_as, clinic, Role.ADMIN, "Elena", "Marsh")
    with open_as(elena) as work:
        paperwork.reset(work, filler, "Wrong form or version")
    assert clinic.amelia.patient_id
    with open_as(DESK, write=False) as work:
        found = client_forms(work, clinic.amelia.patient_id)
    assert [(row.form, row.status) for row in found.rows] == [("Filler", "Not Signed"), ("Peel", "Signed")]
    assert (found.first_name, found.waiting) == ("Amelia", 1)
    assert found.rows[1].changed.startswith("Signed today, ")
    assert [(row.form, row.status) for row in found.kept] == [("Filler", "Void")]
    assert found.kept[0].changed.startswith("Made void today, ")
    assert found.kept[0].changed.endswith("by Elena Marsh. Wrong form or version")
    assert all(row.pdf_href for row in (*found.rows, *found.kept)), "a consent may be read by the front desk"
    clock.advance(days=350)
    with open_as(DESK, write=False) as work:
        rows = client_forms(work, clinic.amelia.patient_id).rows
        assert [(row.form, row.expiry, row.late) for row in rows] == [
            ("Filler", "", True), ("Peel", "Expiring soon", False)
        ]  # fmt: skip


def test_the_front_desk_sees_that_answers_are_there_and_not_the_answers(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id)
    assert clinic.amelia.patient_id
    with open_as(DESK, write=False) as work:
        row = client_forms(work, clinic.amelia.patient_id).rows[0]
        assert (row.status, row.pdf_href) == ("Not Filled", "")
        assert row.changed.startswith("Begun, saved today, ")
    submit(open_as, clinic.amelia, form_id)
    with open_as(DESK, write=False) as work:
        row = client_forms(work, clinic.amelia.patient_id).rows[0]
        assert (row.status, row.pdf_href) == ("Filled", "")
    with open_as(PROVIDER, write=False) as work:
        assert client_forms(work, clinic.amelia.patient_id).rows[0].pdf_href


def test_choices_say_what_waits_and_what_counts(clinic: TestClinic, open_as: OpenAs) -> None:
    peel = asked(open_as, clinic, name="Peel", valid_months=12)
    asked(open_as, clinic, name="Filler")
    sign_drawn(open_as, clinic.amelia, peel)
    assert clinic.amelia.patient_id
    with open_as(DESK, write=False) as work:
        found = choices(work, clinic.amelia.patient_id)
    notes = {one.name: (one.note, one.taken) for one in found.templates}
    assert notes["Filler"] == ("Waits to be completed already", True)
    assert notes["Peel"][0].startswith("Counts until ")
    assert len(found.visits) == 2
    assert all("Botox" in words for _, words in found.visits)


def test_as_many_statements_for_many_forms(clinic: TestClinic, open_as: OpenAs, engine: Engine) -> None:
    assert clinic.amelia.patient_id
    numbers = []
    for more in (3, 300):
        with open_as(SYSTEM) as work:
            crowd(work, clinic, more)
        with open_as(DESK, write=False) as work, counted(engine) as statements:
            client_forms(work, clinic.amelia.patient_id)
            choices(work, clinic.amelia.patient_id)
            numbers.append(len(statements))
    assert numbers[0] == numbers[1] <= 8


def test_only_those_who_may(clinic: TestClinic, open_as: OpenAs) -> None:
    assert clinic.amelia.patient_id
    for actor in (NOBODY, clinic.amelia):
        with open_as(actor, write=False) as work:
            for query in (client_forms, choices):
                with pytest.raises(Denied):
                    query(work, clinic.amelia.patient_id)
    with open_as(DESK, write=False) as work:
        for query in (client_forms, choices):
            with pytest.raises(NotFound):
                query(work, uuid7())


def test_nothing_is_due_that_is_asked_for_no_day(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        assert clinic.amelia.patient_id
        paperwork.assign(work, clinic.amelia.patient_id, clinic.template(work))
    clock.advance(days=40)
    with open_as(DESK, write=False) as work:
        row = client_forms(work, clinic.amelia.patient_id).rows[0]
        assert (row.late, row.expires, row.expiry) == (False, "", "")
