"""What clients change by themselves: an item to review with before and after, seen once."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from portal.domain.access import ROLES, Role
from portal.errors import Conflict, Denied, NotFound
from portal.ids import uuid7
from portal.models import AuditEvent, ClientChange, Staff
from portal.queries.client_changes import ChangedField, ChangeRow, to_review
from portal.queries.staff_frame import staff_frame
from portal.services import client_changes, profile
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic
from tests.support.getting_in import BROWSER, newest_code


@pytest.fixture
def desk(open_as: OpenAs, clinic: TestClinic) -> Actor:
    with open_as(SYSTEM) as work:
        staff = work.add(
            Staff(
                practice_id=clinic.practice_id, first_name="Marisol", last_name="Vega", role=Role.FRONT_DESK,
                email="marisol.vega@lumiere.example",
            )
        )  # fmt: skip
    return Actor(kind="staff", staff_id=staff.id, label="Marisol Vega", privileges=ROLES[Role.FRONT_DESK])


def save(open_as: OpenAs, clinic: TestClinic, **typed: Any) -> None:
    """Save My Profile as Amelia."""
    form = {"phone": "(503) 555-0187", "email": "", "language": "en", "clinic_id": str(clinic.clinic_id)} | typed
    with open_as(clinic.amelia) as work:
        profile.save(work, form, profile._own_patient(work).version)


def waiting(open_as: OpenAs, desk: Actor, client: UUID | None = None) -> list[ChangeRow]:
    with open_as(desk) as work:
        return to_review(work, client)


@pytest.mark.promise("S21")
def test_what_a_client_changes_waits_with_before_and_after(open_as: OpenAs, clinic: TestClinic, desk: Actor) -> None:
    """Clients can update related details through their portal."""
    save(open_as, clinic, emergency_name="Daniel Hart", emergency_phone="503 555 0119", carrier_name="Cascade Health")
    save(
        open_as, clinic, emergency_name="Daniel Hart", emergency_phone="5035550120", carrier_name="", street="1 New St"
    )
    rows = waiting(open_as, desk)
    assert {row.client for row in rows} == {"Amelia Hart"}
    assert sorted(row.area for row in rows) == [
        "Carrier and pharmacy", "Carrier and pharmacy", "Emergency contact", "Emergency contact", "Profile",
    ]  # fmt: skip
    assert [field for row in rows if row.area == "Emergency contact" for field in row.fields] == [
        ChangedField("Emergency contact", "Nothing", "Daniel Hart"),
        ChangedField("Emergency phone", "Nothing", "(503) 555-0119"),
        ChangedField("Emergency phone", "(503) 555-0119", "(503) 555-0120"),
    ]
    with open_as(desk) as work:
        raw = work.db.connection().exec_driver_sql("SELECT after FROM client_change").scalars().all()
        assert staff_frame(work).waiting == 5
    assert not any(b"Daniel" in bytes(one) for one in raw), "what is kept of it is encrypted"


def test_saving_without_a_change_leaves_nothing_to_review(open_as: OpenAs, clinic: TestClinic, desk: Actor) -> None:
    save(open_as, clinic)
    assert waiting(open_as, desk) == []


def test_a_new_contact_of_theirs_waits_too(open_as: OpenAs, clinic: TestClinic, desk: Actor) -> None:
    amelia = replace(clinic.amelia, browser=BROWSER)
    with open_as(amelia) as work:
        sent = profile.request_contact_code(work, "phone", "(971) 555-0201")
    with open_as(SYSTEM) as work:
        code = newest_code(work)
    with open_as(amelia) as work:
        assert not profile.confirm_contact(work, sent.challenge_id, code).wrong
    [row] = waiting(open_as, desk)
    assert (row.area, row.fields) == (
        "Phone or email", [ChangedField("Phone", "(503) 555-0187", "(971) 555-0201")],
    )  # fmt: skip


def test_a_review_is_done_once_and_leaves_a_trace(open_as: OpenAs, clinic: TestClinic, desk: Actor) -> None:
    save(open_as, clinic, preferred_name="Mia")
    [row] = waiting(open_as, desk, clinic.amelia.patient_id)
    assert waiting(open_as, desk, clinic.rosa.patient_id) == []
    with open_as(desk) as work:
        client_changes.review(work, UUID(row.id))
    assert waiting(open_as, desk) == []
    with open_as(desk) as work:
        kept = work.db.exec(select(ClientChange)).one()
        event = work.db.exec(select(AuditEvent).where(AuditEvent.action == "client-change.reviewed")).one()
        assert (kept.reviewed_by, event.patient_id) == (desk.staff_id, clinic.amelia.patient_id)
        with pytest.raises(Conflict):
            client_changes.review(work, UUID(row.id))
        with pytest.raises(NotFound):
            client_changes.review(work, uuid7())


def test_only_staff_review(open_as: OpenAs, clinic: TestClinic) -> None:
    for who in (Actor(), clinic.amelia, Actor(kind="staff", staff_id=uuid7(), privileges=frozenset())):
        with open_as(who) as work:
            with pytest.raises(Denied):
                to_review(work)
            with pytest.raises(Denied):
                client_changes.review(work, uuid7())
