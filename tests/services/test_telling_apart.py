"""Two records that look alike and are two people's."""

from uuid import UUID, uuid4

import pytest
from sqlmodel import col, select

from portal.domain.access import ROLES, Role
from portal.errors import Conflict, Denied, NotFound
from portal.models import AuditEvent, Clinic, Patient, ToldApart
from portal.queries.duplicates import duplicates_of
from portal.services import search
from portal.services.merging import merge
from portal.services.new_client import register
from portal.services.telling_apart import tell_apart
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic, furnish

DESK = Actor(kind="staff", role="front_desk", privileges=ROLES[Role.FRONT_DESK])


@pytest.fixture
def amelia(open_as: OpenAs) -> UUID:
    """Amelia Hart, who may be here already."""
    with open_as(SYSTEM) as work:
        clinic: TestClinic = furnish(work)
        search.index_many(work, work.db.exec(select(Patient)).all())
    return clinic.amelia.patient_id


def namesake(open_as: OpenAs, amelia: UUID, email: str) -> UUID:
    """Somebody of the same name and birthday."""
    with open_as(DESK) as work:
        theirs = work.get(Patient, amelia)
        typed = {
            "first_name": theirs.first_name,
            "last_name": theirs.last_name,
            "date_of_birth": theirs.date_of_birth.isoformat(),
            "phone": "",
            "email": email,
            "clinic_id": str(work.db.exec(select(Clinic.id)).first()),
        }
        made = register(work, typed, despite=True).client_id
        assert made
        return made


def names_of(open_as: OpenAs, client_id: UUID) -> set[UUID]:
    with open_as(DESK, write=False) as work:
        return {UUID(one.id) for one in duplicates_of(work, client_id)}


def test_nobody_is_asked_again_from_either_side(open_as: OpenAs, amelia: UUID) -> None:
    other, third = namesake(open_as, amelia, "one@example.com"), namesake(open_as, amelia, "two@example.com")
    assert names_of(open_as, amelia) == {other, third}
    for pair in ((amelia, other), (other, amelia)):  # said twice, from both sides
        with open_as(DESK) as work:
            tell_apart(work, *pair)
    assert names_of(open_as, amelia) == {third}
    assert names_of(open_as, other) == {third}
    assert names_of(open_as, third) == {amelia, other}, "whom nobody told apart is still asked about"
    with open_as(DESK, write=False) as work:
        assert len(work.db.exec(select(ToldApart)).all()) == 1
        told = select(AuditEvent.patient_id).where(AuditEvent.action == "client.told_apart")
        assert set(work.db.exec(told.order_by(col(AuditEvent.id)))) == {amelia, other}


def test_what_cannot_be_told_apart(open_as: OpenAs, amelia: UUID) -> None:
    other = namesake(open_as, amelia, "one@example.com")
    for one, two in ((amelia, amelia), (amelia, uuid4()), (uuid4(), other)):
        with pytest.raises(NotFound), open_as(DESK) as work:
            tell_apart(work, one, two)
    with pytest.raises(Denied), open_as(Actor(kind="patient", patient_id=amelia)) as work:
        tell_apart(work, amelia, other)
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(ToldApart)).all() == []


def test_who_was_told_apart_can_still_be_merged_and_is_not_told_apart_after(open_as: OpenAs, amelia: UUID) -> None:
    other, third = namesake(open_as, amelia, "one@example.com"), namesake(open_as, amelia, "two@example.com")
    with open_as(DESK) as work:
        tell_apart(work, amelia, other)
    with open_as(SYSTEM) as work:
        merge(work, amelia, other, (), (work.get(Patient, amelia).version, work.get(Patient, other).version))
    with pytest.raises(Conflict), open_as(DESK) as work:
        tell_apart(work, third, other)
    assert names_of(open_as, amelia) == {third}
