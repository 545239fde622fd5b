"""Loyalty programs: ticked by the practice alone, encrypted, shown to few and never twice unnoticed."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from portal.domain.access import Role
from portal.domain.loyalty import PROGRAMS
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.models import AuditEvent, LoyaltyAccount
from portal.queries.loyalty import programs
from portal.services import loyalty
from portal.settings import Settings, settings
from portal.work import Actor, Work
from tests.support.clinic import OpenAs, TestClinic
from tests.support.team import acting, hired

LOGIN = {"how": "login", "username": "amelia88", "password": "  rose water  "}


@pytest.fixture
def desk(clinic: TestClinic, open_as: OpenAs) -> Actor:
    """Marisol of the front desk."""
    return hired(open_as, clinic, Role.FRONT_DESK, "Marisol", "Vega")


@pytest.fixture
def director(clinic: TestClinic, open_as: OpenAs) -> Actor:
    """Who may see a log-in again."""
    return hired(open_as, clinic, Role.MEDICAL_DIRECTOR, "Adaeze", "Okonkwo")


def row(work: Work, clinic: TestClinic, program: str) -> Any:
    assert clinic.amelia.patient_id
    return next(one for one in programs(work, clinic.amelia.patient_id) if one.program == program)


def test_a_log_in_is_kept_encrypted_and_shown_again_exactly(
    clinic: TestClinic, desk: Actor, director: Actor, open_as: OpenAs
) -> None:
    amelia = clinic.amelia.patient_id
    assert amelia
    with open_as(desk) as work:
        loyalty.enrol(work, amelia, "alle", LOGIN)
        shown = row(work, clinic, "alle")
        assert (shown.enrolled, shown.kept, shown.version) == (True, "login", 1)
        assert "Marisol Vega" in shown.meta
        raw = work.db.execute(text("SELECT username, password FROM loyalty_account")).one()
        assert all(b"rose" not in bytes(value) and b"amelia" not in bytes(value) for value in raw)
    with open_as(director) as work:
        revealed = loyalty.reveal(work, amelia, "alle")
        assert (revealed.username, revealed.password) == ("amelia88", "  rose water  ")
        assert "rose" not in repr(revealed)
        seen = work.db.exec(select(AuditEvent).where(AuditEvent.action == "loyalty.revealed")).one()
        assert (seen.patient_id, seen.actor_label, seen.detail) == (amelia, "Adaeze Okonkwo", {"program": "alle"})


def test_a_member_number_only_and_a_tick_only(clinic: TestClinic, desk: Actor, open_as: OpenAs) -> None:
    amelia = clinic.amelia.patient_id
    assert amelia
    with open_as(desk) as work:
        loyalty.enrol(work, amelia, "aspire", {"how": "number", "member_number": "AGR 4471"})
        loyalty.enrol(work, amelia, "evolus", {"how": "login", "username": "x", "password": "y"})
        assert row(work, clinic, "aspire").kept == "number"
        evolus = work.db.exec(select(LoyaltyAccount).where(LoyaltyAccount.program == "evolus")).one()
        assert (evolus.username, evolus.password, evolus.member_number) == (None, None, None)
        with pytest.raises(Conflict):
            loyalty.enrol(work, amelia, "evolus", {})


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, {"how"}),
        ({"how": "login"}, {"username", "password"}),
        ({"how": "login", "username": "a", "password": "x" * 201}, {"password"}),
        ({"how": "login", "username": "a", "password": "x\ny"}, {"password"}),
        ({"how": "number", "member_number": "  "}, {"member_number"}),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    clinic: TestClinic, desk: Actor, open_as: OpenAs, typed: dict[str, str], wrong: set[str]
) -> None:
    with open_as(desk) as work:
        with pytest.raises(Invalid) as refused:
            loyalty.enrol(work, clinic.amelia.patient_id, "alle", typed)  # pyright: ignore[reportArgumentType]
        assert set(refused.value.fields) == wrong
        assert not work.db.exec(select(LoyaltyAccount)).all()


def test_an_edit_keeps_what_is_left_empty(clinic: TestClinic, desk: Actor, director: Actor, open_as: OpenAs) -> None:
    amelia = clinic.amelia.patient_id
    assert amelia
    with open_as(desk) as work:
        loyalty.enrol(work, amelia, "alle", LOGIN)
        loyalty.enrol(work, amelia, "alle", {"how": "login", "username": "new", "password": ""}, 1)
    with open_as(director) as work:
        assert loyalty.reveal(work, amelia, "alle").password == LOGIN["password"]
        assert loyalty.reveal(work, amelia, "alle").username == "new"
    with open_as(desk) as work:
        loyalty.enrol(work, amelia, "alle", {"how": "number", "member_number": "9"}, 2)
        account = work.db.exec(select(LoyaltyAccount)).one()
        assert (account.username, account.password, account.member_number) == (None, None, "9")


def test_two_at_once_the_second_sees_it(clinic: TestClinic, desk: Actor, director: Actor, open_as: OpenAs) -> None:
    amelia = clinic.amelia.patient_id
    assert amelia
    with open_as(desk) as work:
        loyalty.enrol(work, amelia, "alle", LOGIN)
    with open_as(director) as work:
        with pytest.raises(Conflict):
            loyalty.enrol(work, amelia, "alle", LOGIN)  # it was not there on this screen
        with pytest.raises(Conflict):
            loyalty.withdraw(work, amelia, "alle", 7)
        loyalty.withdraw(work, amelia, "alle", 1)
        assert not work.db.exec(select(LoyaltyAccount)).all()
        with pytest.raises(NotFound):
            loyalty.reveal(work, amelia, "alle")


def test_links_are_the_practices_own_settings(
    clinic: TestClinic, desk: Actor, open_as: OpenAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The integrations are a link; without a setting there is none."""
    with open_as(desk, write=False) as work:
        assert {one for name in PROGRAMS for one in (row(work, clinic, name).site,)} == {""}
        links = {"alle": "https://alle.example", "aspire-integration": "https://aspire.example/connect"}
        monkeypatch.setattr(settings(), "loyalty_links", links)
        assert row(work, clinic, "alle").site == "https://alle.example"
        assert row(work, clinic, "alle").integration == ""
        assert row(work, clinic, "aspire").integration == "https://aspire.example/connect"
    with pytest.raises(ValueError, match="PORTAL_LOYALTY_LINKS: alle must be an https address"):
        Settings(PORTAL_LOYALTY_LINKS={"alle": "javascript:alert(1)"})  # type: ignore[call-arg]


def test_only_the_practice_ticks_and_few_look_again(
    clinic: TestClinic, desk: Actor, director: Actor, open_as: OpenAs
) -> None:
    amelia = clinic.amelia.patient_id
    assert amelia
    with open_as(desk) as work:
        loyalty.enrol(work, amelia, "alle", LOGIN)
    for actor in (clinic.amelia, clinic.rosa, clinic.guardian, acting(Role.PROVIDER), Actor()):
        with open_as(actor) as work, pytest.raises(Denied):
            loyalty.enrol(work, amelia, "evolus", {})
        with open_as(actor) as work, pytest.raises(Denied):
            loyalty.withdraw(work, amelia, "alle", 1)
    for actor in (desk, clinic.amelia, acting(Role.PROVIDER), Actor()):
        with open_as(actor) as work, pytest.raises(Denied):
            loyalty.reveal(work, amelia, "alle")
    with open_as(director) as work, pytest.raises(NotFound):
        loyalty.reveal(work, amelia, "made-up")
