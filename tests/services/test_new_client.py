"""A client registered by staff."""

from typing import Any

import pytest
from sqlmodel import col, select

from portal.domain.access import ROLES, Role
from portal.errors import Denied, Invalid
from portal.models import AuditEvent, Channel, Contact, Guardian, Patient
from portal.queries.client_list import page
from portal.queries.duplicates import duplicates_of
from portal.services import search
from portal.services.new_client import register
from portal.work import SYSTEM, Actor
from tests.support.clinic import OpenAs, TestClinic, furnish

DESK = Actor(kind="staff", role="front_desk", privileges=ROLES[Role.FRONT_DESK])


@pytest.fixture
def clinic(open_as: OpenAs) -> TestClinic:
    """Amelia Hart, Rosa and Mateo Delgado, findable."""
    with open_as(SYSTEM) as work:
        made = furnish(work)
        search.index_many(work, work.db.exec(select(Patient)).all())
    return made


def typed(clinic: TestClinic, **changed: str) -> dict[str, Any]:
    form = {"first_name": "Nora", "last_name": "Kowalski", "date_of_birth": "07/07/1986", "phone": "(503) 555-0102"}
    return form | {"email": "", "clinic_id": str(clinic.clinic_id)} | changed


def test_somebody_new_is_found_at_once_and_gets_no_messages_yet(clinic: TestClinic, open_as: OpenAs) -> None:
    with open_as(DESK) as work:
        made = register(work, typed(clinic))
        assert made.client_id
    with open_as(DESK, write=False) as work:
        patient = work.get(Patient, made.client_id)
        assert (patient.source, patient.wants_sms, patient.wants_email) == ("staff", False, False)
        assert [line.name for line in page(work, "0102 kow").lines] == ["Nora Kowalski"]
        assert work.db.exec(select(AuditEvent).where(AuditEvent.action == "client.registered")).one().patient_id


def test_whoever_may_be_here_already_is_shown_first(clinic: TestClinic, open_as: OpenAs) -> None:
    same = typed(
        clinic, first_name="amelia", last_name="hart", date_of_birth="1988-03-14", phone="", email="a@example.com"
    )
    with open_as(DESK) as work:
        asked = register(work, same)
        assert asked.client_id is None
        assert [(one.name, one.why) for one in asked.alike] == [("Amelia Hart", "Same name and date of birth")]
    with open_as(DESK) as work:
        assert len(page(work, "hart").lines) == 1, "nothing was made"
        made = register(work, same, despite=True)
        assert made.client_id
        assert [one.id for one in duplicates_of(work, made.client_id)] == [str(clinic.amelia.patient_id)]
        event = work.db.exec(select(AuditEvent).where(AuditEvent.action == "client.registered")).one()
        assert event.detail["alike"] == [str(clinic.amelia.patient_id)]


def test_a_child_has_a_guardian_whose_contacts_they_are(clinic: TestClinic, open_as: OpenAs) -> None:
    child = typed(clinic, date_of_birth="01/20/2015")
    with open_as(DESK) as work, pytest.raises(Invalid) as refused:
        register(work, child)
    assert set(refused.value.fields) == {"guardian_name", "guardian_relationship"}
    with open_as(DESK) as work:
        register(work, child | {"guardian_name": "Ewa Kowalska", "guardian_relationship": "parent"})
        guardian = work.db.exec(select(Guardian).where(Guardian.name == "Ewa Kowalska")).one()
        assert work.db.exec(select(Contact.channel).where(col(Contact.guardian_id) == guardian.id)).all() == [
            Channel.PHONE
        ]


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"first_name": "", "last_name": "4"}, {"first_name", "last_name"}),
        ({"date_of_birth": "02/30/1988"}, {"date_of_birth"}),
        ({"phone": ""}, {"phone"}),
        ({"phone": "12", "email": "nobody"}, {"phone", "email"}),
        ({"clinic_id": "elsewhere"}, {"clinic_id"}),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    clinic: TestClinic, open_as: OpenAs, changed: dict[str, str], fields: set[str]
) -> None:
    with open_as(DESK) as work, pytest.raises(Invalid) as refused:
        register(work, typed(clinic, **changed))
    assert set(refused.value.fields) == fields


def test_only_those_who_may(clinic: TestClinic, open_as: OpenAs) -> None:
    for actor in (clinic.amelia, Actor(), Actor(kind="staff"), Actor(kind="locked", privileges=DESK.privileges)):
        with open_as(actor) as work, pytest.raises(Denied):
            register(work, typed(clinic))
        with open_as(actor) as work, pytest.raises(Denied):
            duplicates_of(work, clinic.rosa.patient_id)  # type: ignore[arg-type]
