"""The practice's own feed: newest first, page by page, and what is new to whom."""

import pytest
from sqlalchemy import Engine

from portal.clock import FixedClock
from portal.domain.access import ROLES, Privilege, Role
from portal.errors import Denied
from portal.models import PracticeNotice
from portal.queries.notice_feed import MOST_COUNTED, PAGE, page
from portal.queries.staff_frame import staff_frame
from portal.services import appointments, notices
from portal.work import NOBODY, SYSTEM, Actor, Work
from tests.queries.counting import counted
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.team import acting, hired


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """A small practice."""
    with open_as(SYSTEM) as work:
        return furnish(work)


def news(work: Work, clinic: TestClinic, number: int, kind: str = "appointment.confirmed") -> None:
    for n in range(number):
        work.db.add(
            PracticeNotice(kind=kind, title=f"News {n}", patient_id=clinic.amelia.patient_id, created_at=work.now())
        )
    work.db.flush()


def test_what_a_client_does_is_told_and_new_until_one_looks(
    clinic: TestClinic, open_as: OpenAs, clock: FixedClock
) -> None:
    marisol = hired(open_as, clinic, Role.FRONT_DESK, "Marisol", "Vega")
    elena = hired(open_as, clinic, Role.ADMIN, "Elena", "Marsh")
    with open_as(SYSTEM) as work:
        visit_id = clinic.visit(work, clinic.amelia)
    with open_as(clinic.amelia) as work:
        appointments.confirm(work, visit_id)
    with open_as(marisol, write=False) as work:
        assert staff_frame(work).news == 1
        row = page(work).rows[0]
        assert (row.title, row.client, row.new) == ("Appointment confirmed", "Amelia Hart", True)
        assert row.href == f"/staff/clients/{clinic.amelia.patient_id}?tab=appointments"
    clock.advance(minutes=1)
    with open_as(marisol) as work:
        assert notices.look(work) is None
    with open_as(marisol, write=False) as work:
        assert staff_frame(work).news == 0
        assert not page(work, since=work.now()).rows[0].new
    with open_as(elena, write=False) as work:
        assert staff_frame(work).news == 1, "each looks for themself"


def test_pages_follow_one_another_and_kinds_are_apart(clinic: TestClinic, open_as: OpenAs, clock: FixedClock) -> None:
    with open_as(SYSTEM) as work:
        news(work, clinic, PAGE)
    clock.advance(minutes=1)
    with open_as(SYSTEM) as work:
        news(work, clinic, PAGE + 3, "appointment.cancelled")
    with open_as(acting(Role.FRONT_DESK), write=False) as work:
        seen, key = [], ""
        while True:
            found = page(work, after=key)
            seen += [row.id for row in found.rows]
            key = found.next
            if not key:
                break
        assert len(seen) == len(set(seen)) == 2 * PAGE + 3
        only = page(work, "appointment.confirmed", most=100).rows
        assert {row.kind for row in only} == {"appointment.confirmed"}
        assert len(only) == PAGE
        for key in ("x", "W10=", "WyJhIl0="):
            assert [row.id for row in page(work, after=key).rows] == seen[:PAGE]


def test_the_bell_counts_no_further_than_it_can_say(clinic: TestClinic, open_as: OpenAs, engine: Engine) -> None:
    marisol = hired(open_as, clinic, Role.FRONT_DESK, "Marisol", "Vega")
    with open_as(SYSTEM) as work:
        news(work, clinic, MOST_COUNTED + 50)
    with open_as(marisol, write=False) as work, counted(engine) as statements:
        assert staff_frame(work).news == MOST_COUNTED
        assert len(statements) == 1
        page(work)
        assert len(statements) <= 6


def test_only_those_who_may(clinic: TestClinic, open_as: OpenAs) -> None:
    without = ROLES[Role.ADMIN] - {Privilege.NOTICES_VIEW}
    for actor in (NOBODY, clinic.amelia, Actor(kind="staff", privileges=without)):
        with open_as(actor) as work:
            for use_case in (page, notices.look):
                with pytest.raises(Denied):
                    use_case(work)
