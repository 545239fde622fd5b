"""Who works at the practice: taken on, role, privileges, gone, authenticator lost."""

import pytest
from sqlmodel import col, select

from portal.clock import FixedClock
from portal.domain.access import Privilege, Role
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.models import AuditEvent, Session, Staff
from portal.queries.staff_people import staff_people
from portal.services import second_factor, staff_entering, staff_factors
from portal.services import staff_people as people
from portal.settings import Settings
from portal.work import SYSTEM
from tests.support.clinic import OpenAs
from tests.support.getting_in import VISITOR, newest_code, robot_check
from tests.support.staff_in import signed_in

pytestmark = pytest.mark.usefixtures("clinic")
NAOMI = "naomi.reyes@lumiere.example"


def test_taken_on(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        person = people.add(work, " Iris ", "Lund", "Iris.Lund@lumiere.example", Role.FRONT_DESK, credentials="RN")
        assert (person.display_name, person.email) == ("Iris Lund, RN", "iris.lund@lumiere.example")
        with pytest.raises(Conflict):
            people.add(work, "Iris", "Lund", "iris.lund@lumiere.example", Role.ADMIN)
        for first, email in (("", "a@lumiere.example"), ("Ann", "no email")):
            with pytest.raises(Invalid):
                people.add(work, first, "Lund", email, Role.ADMIN)
        assert ("Front Desk", "has not logged in yet") in [(row.role, row.note) for row in staff_people(work)]


def test_the_last_admin_stays(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        first = people.add(work, "Ann", "Admin", "ann@lumiere.example", Role.ADMIN)
        for act in (
            lambda: people.disable(work, first.email),
            lambda: people.set_role(work, first.email, Role.PROVIDER),
        ):
            with pytest.raises(Conflict, match="last admin"):
                act()
        people.set_role(work, NAOMI, Role.ADMIN)
        people.disable(work, first.email)
        assert not first.active


def test_privileges_are_given_and_taken_one_by_one(open_as: OpenAs) -> None:
    with open_as(SYSTEM) as work:
        people.give(work, NAOMI, Privilege.LOYALTY_REVEAL)
        assert people.give(work, NAOMI, Privilege.WALLET_ADJUST).given == ["loyalty.reveal", "wallet.adjust"]
        changed = people.take(work, NAOMI, Privilege.LOYALTY_REVEAL)
        assert (changed.given, changed.taken) == (["wallet.adjust"], ["loyalty.reveal"])
        with pytest.raises(Conflict):
            people.give(work, NAOMI, Privilege.STAFF_MANAGE)
        with pytest.raises(NotFound):
            people.give(work, "nobody@lumiere.example", Privilege.WALLET_ADJUST)
        done = set(work.db.exec(select(AuditEvent.action).where(col(AuditEvent.action).startswith("staff."))).all())
        assert {"staff.privilege_given", "staff.privilege_taken"} <= done


def test_only_an_admin_manages_staff(open_as: OpenAs) -> None:
    naomi = signed_in(open_as)
    for act in (
        lambda work: people.add(work, "A", "B", "a@lumiere.example", Role.ADMIN),
        lambda work: people.set_role(work, NAOMI, Role.ADMIN),
        lambda work: people.give(work, NAOMI, Privilege.LOYALTY_REVEAL),
        lambda work: people.disable(work, NAOMI),
        lambda work: people.reset_authenticator(work, NAOMI),
        staff_people,
    ):
        with open_as(naomi.actor) as work, pytest.raises(Denied):
            act(work)


def test_gone_is_gone_everywhere(open_as: OpenAs) -> None:
    for _ in range(2):
        signed_in(open_as)
    with open_as(SYSTEM) as work:
        assert people.disable(work, NAOMI) == 2
        assert not work.db.exec(
            select(Session).where(col(Session.staff_id).is_not(None), col(Session.ended_at).is_(None))
        ).all()
        assert people.enable(work, NAOMI).active


def test_a_lost_authenticator_takes_all_factors_along(open_as: OpenAs, clock: FixedClock) -> None:
    naomi = signed_in(open_as)
    with open_as(naomi.actor) as work:
        codes = staff_factors.fresh_recovery_codes(work)
    clock.advance(minutes=1)
    with open_as(SYSTEM) as work:
        assert people.reset_authenticator(work, NAOMI) == 1
        staff = work.get(Staff, naomi.id)
        assert not second_factor.accept_recovery_code(work, staff, codes[0])
        assert not second_factor.accept_totp(work, staff, naomi.code(clock.now()))


def test_a_newcomer_reads_the_code_of_the_authenticator_being_set_up(
    open_as: OpenAs, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In development alone."""
    with open_as(SYSTEM) as work, pytest.raises(NotFound):
        people.present_code(work, NAOMI)
    with open_as(VISITOR) as work:
        under_way = staff_entering.request(work, NAOMI, robot_check()).challenge_id
    with open_as(SYSTEM) as work:
        emailed = newest_code(work, NAOMI)
    with open_as(VISITOR) as work:
        assert staff_entering.enter_code(work, under_way, emailed).enrol
    with open_as(SYSTEM) as work:
        shown = people.present_code(work, NAOMI)
    with open_as(VISITOR) as work:
        assert staff_entering.enrol(work, under_way, shown).ticket
    clock.advance(minutes=1)
    with open_as(SYSTEM) as work:
        assert second_factor.accept_totp(work, work.db.exec(select(Staff)).one(), people.present_code(work, NAOMI))
        monkeypatch.setattr(people, "settings", lambda: Settings.model_construct(env="production"))
        with pytest.raises(Denied):
            people.present_code(work, NAOMI)
