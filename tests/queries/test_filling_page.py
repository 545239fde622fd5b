"""A questionnaire as it stands on the screen: which page, what it asks and how, the review, and what was submitted."""

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from portal.clock import FixedClock
from portal.models import FormSubmission
from portal.queries import filling as reading
from portal.queries import paperwork as lists
from portal.queries.filling_page import REVIEW, FillingPage, filling_page
from portal.queries.filling_questions import Question
from portal.services import paperwork
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.questions import fill, save, submit, to_fill


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """A small practice with its people."""
    with open_as(SYSTEM) as work:
        return furnish(work)


def page(open_as: OpenAs, who: Actor, form_id: UUID, place: str = "") -> FillingPage:
    """What is on the screen."""
    with open_as(who, write=False) as work:
        return filling_page(reading.filling(work, form_id), place, paperwork.replacement(work, form_id))


def asked(shown: FillingPage) -> dict[str, Question]:
    """The questions of a page by their ids."""
    return {question.link_id: question for question in shown.questions}


def test_it_begins_at_the_beginning_and_goes_on_where_it_was_left(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    form_id = to_fill(open_as, clinic)
    first = page(open_as, clinic.amelia, form_id)
    assert (first.state, first.step, first.steps, first.title) == ("fill", 1, 3, "About you")
    assert first.intro == "Tell us how you are."
    assert first.saved == ""
    fill(open_as, clinic.amelia, form_id, {"born": "3/14/1988", "weight": "140"})
    second = page(open_as, clinic.amelia, form_id)
    assert (second.step, second.place, second.intro) == (2, "health", "")
    assert second.saved.startswith("Saved at ")
    assert page(open_as, clinic.amelia, form_id, "you").step == 1
    assert page(open_as, clinic.amelia, form_id, "no such page").place == "health"
    fill(open_as, clinic.amelia, form_id, {"pregnant": False, "lately": ["none"]})
    assert page(open_as, clinic.amelia, form_id).state == "review"


def test_every_question_is_asked_in_its_own_way(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    answers: dict[str, Any] = {"born": "3/14/1988", "allergy": {"chosen": ["latex"], "other": "Bees"}, "pain": 3}
    fill(open_as, clinic.amelia, form_id, answers)
    about = asked(page(open_as, clinic.amelia, form_id, "you"))
    assert {link_id: one.shape for link_id, one in about.items()} == {
        "hello": "display", "name": "line", "born": "line", "weight": "line", "children": "line"
    }  # fmt: skip
    assert [one.number for one in about.values()] == ["", "1", "2", "3", "4"]
    assert about["name"].value == "Amelia Hart"
    assert about["name"].known
    assert about["born"].value == "03/14/1988"
    assert not about["born"].known
    assert (about["weight"].unit, about["weight"].extra, about["weight"].input_mode) == ("lb", "Optional", "decimal")
    health = asked(page(open_as, clinic.amelia, form_id, "health"))
    assert "weeks" not in health
    assert (health["pregnant"].shape, [one.label for one in health["pregnant"].choices]) == ("one", ["Yes", "No"])
    assert (health["lately"].shape, health["lately"].extra) == ("many", "Choose all that apply")
    assert (health["allergy"].open, health["allergy"].value) == (True, "Bees")
    assert [one.code for one in health["allergy"].choices if one.chosen] == ["latex"]
    more = asked(page(open_as, clinic.amelia, form_id, "more"))
    assert [one.code for one in more["pain"].choices if one.chosen] == ["3"]
    assert (more["note"].shape, more["photo"].shape, more["mark"].shape) == ("area", "photos", "signature")
    assert more["photo"].room


def test_a_date_that_is_none_stays_as_it_was_typed(clinic: TestClinic, open_as: OpenAs) -> None:
    form_id = to_fill(open_as, clinic)
    save(open_as, clinic.amelia, form_id, "born", "1988-13-45")
    assert asked(page(open_as, clinic.amelia, form_id, "you"))["born"].value == "1988-13-45"


def test_the_review_and_what_was_submitted_are_in_words(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id)
    review = page(open_as, clinic.amelia, form_id, REVIEW)
    assert [part.title for part in review.parts] == ["About you", "Your health today", "Anything else"]
    told = {line.question: line for part in review.parts for line in part.lines}
    assert told["Are you pregnant?"].answer == "No"
    assert not told["Your weight"].answered
    submit(open_as, clinic.amelia, form_id)
    done = page(open_as, clinic.amelia, form_id, "you")
    assert (done.state, done.status) == ("filled", "Filled")
    with open_as(SYSTEM) as work:
        kept = work.db.exec(select(FormSubmission).where(FormSubmission.form_id == form_id)).one()
    assert done.sha256 == kept.answers_sha256 != review.sha256  # what is kept is salted
    assert done.submitted.startswith("Submitted by Amelia Hart on ")
    assert done.questions == ()
    assert [part.title for part in done.parts] == [part.title for part in review.parts]


def test_a_withdrawn_one_leads_to_what_took_its_place(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)
    fill(open_as, clinic.amelia, form_id)
    with open_as(SYSTEM) as work:
        fresh = paperwork.reset(work, form_id, "Wrong visit")
    shown = page(open_as, clinic.amelia, form_id)
    assert (shown.state, shown.status, shown.fresh_href) == ("void", "Void", f"/questionnaire/{fresh}")


def test_the_list_says_how_far_one_is(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    form_id = to_fill(open_as, clinic)

    def tasks() -> lists.Tasks:
        with open_as(clinic.amelia, write=False) as work:
            return lists.tasks(work)

    (row,) = tasks().to_fill
    assert (row.status, row.view_href, row.fill_href) == ("Not Filled", "", f"/questionnaire/{form_id}")
    assert row.meta.endswith(". Not started yet.")
    save(open_as, clinic.amelia, form_id, "born", "3/14/1988")
    assert ". Step 2 of 3, saved today at " in tasks().to_fill[0].meta
    clock.advance(days=1)
    assert ". Step 2 of 3, saved on " in tasks().to_fill[0].meta
    assert tasks().next_href == f"/questionnaire/{form_id}"
    fill(open_as, clinic.amelia, form_id)
    assert ". Ready to review, saved today at " in tasks().to_fill[0].meta
    submit(open_as, clinic.amelia, form_id)
    done = tasks()
    assert (done.to_fill, done.open_questionnaires, done.next_href) == ([], 0, "")
    (row,) = done.filled
    assert (row.status, row.view_href, row.fill_href) == ("Filled", f"/questionnaire/{form_id}", "")
    assert row.meta.startswith("Submitted on ")
