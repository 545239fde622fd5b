"""Opening a questionnaire: what it costs, and what others see of it."""

import pytest
from sqlalchemy import Engine

from portal.errors import NotFound
from portal.queries import filling
from portal.work import NOBODY, SYSTEM
from tests.queries.counting import counted
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.questions import QUESTIONS, fill, save, submit, to_fill


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """A small practice with its people."""
    with open_as(SYSTEM) as work:
        return furnish(work)


def test_opening_it_is_a_handful_of_statements(clinic: TestClinic, open_as: OpenAs, engine: Engine) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id)
    with open_as(clinic.amelia, write=False) as work, counted(engine) as seen:
        found = filling.filling(work, form_id)
        assert found.sections
        assert not found.problems
    # form, photographs, submission, answers; the latest one, record, contacts, copies. The questions are known by now.
    assert len(seen) == 8


def test_what_is_filled_needs_nothing_that_is_known(clinic: TestClinic, open_as: OpenAs, engine: Engine) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id)
    submit(open_as, clinic.amelia, form_id)
    with open_as(clinic.amelia, write=False) as work, counted(engine) as seen:
        filling.filling(work, form_id)
    assert len(seen) == 3  # form, photographs, submission


def test_saving_does_not_ask_more_of_a_longer_questionnaire(
    clinic: TestClinic, open_as: OpenAs, engine: Engine
) -> None:
    many = [{"linkId": f"q{n}", "type": "string", "text": f"Question {n}"} for n in range(300)]
    long = {"item": [{"linkId": "page", "type": "group", "text": "Page", "item": many}]}
    counts = []
    for questions, link_id in ((QUESTIONS, "note"), (long, "q250")):
        form_id = to_fill(open_as, clinic, questions=questions)
        save(open_as, clinic.amelia, form_id, link_id, "one", 0)
        with counted(engine) as seen:
            save(open_as, clinic.amelia, form_id, link_id, "two", 1)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


def test_staff_see_what_was_given_and_nothing_that_is_only_known(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    save(open_as, clinic.amelia, form_id, "note", "be gentle")
    with open_as(SYSTEM, write=False) as work:
        found = filling.any_filling(work, form_id)
        assert found.values == {"note": "be gentle"}
        assert not found.may_fill
        with pytest.raises(NotFound):
            filling.filling(work, form_id)
    with open_as(NOBODY, write=False) as work, pytest.raises(NotFound):
        filling.filling(work, form_id)


def test_what_is_begun_says_where_one_is(clinic: TestClinic, open_as: OpenAs, engine: Engine) -> None:
    untouched, begun = to_fill(open_as, clinic), to_fill(open_as, clinic)
    save(open_as, clinic.amelia, begun, "born", "3/14/1988")
    save(open_as, clinic.rosa, to_fill(open_as, clinic, clinic.rosa), "note", "not hers")
    with open_as(clinic.amelia, write=False) as work:
        found = filling.begun(work)
        assert list(found) == [begun]
        assert untouched not in found
        assert (found[begun].page_of_first_problem() + 1, len(found[begun].pages)) == (2, 3)
        assert found[begun].saved_at == work.now()
