"""Allergies: written down, ended, or known to be none; by whom, and who may."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from portal.domain.access import Role
from portal.domain.allergies import LONGEST_SUBSTANCE
from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.models import Allergy, AuditEvent, Patient
from portal.queries.allergies import allergies
from portal.services import allergies as service
from portal.work import Actor
from tests.support.clinic import OpenAs, TestClinic, furnish
from tests.support.staff import member

LATEX = {"substance": " Latex ", "reaction": "Hives", "severity": "severe"}


@pytest.fixture
def clinic(work) -> TestClinic:
    made = furnish(work)
    work.db.commit()
    return made


@pytest.fixture
def director(work, clinic: TestClinic) -> Actor:
    actor = member(work)
    work.db.commit()
    return actor


def test_an_allergy_is_written_down_with_who_and_when(clinic: TestClinic, director: Actor, open_as: OpenAs) -> None:
    with open_as(director) as work:
        service.add(work, clinic.amelia.patient_id, LATEX)
        assert work.changes[clinic.amelia.patient_id] == {"record"}
    with open_as(director) as work:
        found = allergies(work, clinic.amelia.patient_id)
        told = work.db.exec(select(AuditEvent).where(AuditEvent.action == "allergy.added")).one()
    row = found.current[0]
    assert (row.substance, row.reaction, row.severity) == ("Latex", "Hives", "Severe")
    assert row.noted.endswith("by Adaeze Okonkwo")
    assert (told.actor_id, told.patient_id, told.detail) == (director.staff_id, clinic.amelia.patient_id, {})
    assert found.none_known == ""


def test_ended_it_is_kept_and_counts_no_more(clinic: TestClinic, director: Actor, open_as: OpenAs, clock) -> None:
    with open_as(director) as work:
        allergy_id = service.add(work, clinic.amelia.patient_id, LATEX)
    clock.advance(days=3)
    with open_as(director) as work:
        service.end(work, clinic.amelia.patient_id, allergy_id)
    with open_as(director) as work:
        found = allergies(work, clinic.amelia.patient_id)
        assert found.current == []
        assert found.earlier[0].ended.endswith("by Adaeze Okonkwo")
        with pytest.raises(Conflict):
            service.end(work, clinic.amelia.patient_id, allergy_id)
        service.add(work, clinic.amelia.patient_id, LATEX)  # it can come back


def test_no_known_allergies_is_an_answer(clinic: TestClinic, director: Actor, open_as: OpenAs) -> None:
    with open_as(director) as work:
        service.none_known(work, clinic.amelia.patient_id)
        work.db.flush()
        assert allergies(work, clinic.amelia.patient_id).none_known.startswith("No known allergies, recorded ")
        service.add(work, clinic.amelia.patient_id, LATEX)
        work.db.flush()
        assert allergies(work, clinic.amelia.patient_id).none_known == ""
        with pytest.raises(Conflict):
            service.none_known(work, clinic.amelia.patient_id)
        assert work.get(Patient, clinic.amelia.patient_id).no_allergies_at is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"substance": "", "severity": "mild"}, "substance"),
        ({"substance": "x" * (LONGEST_SUBSTANCE + 1)}, "substance"),
        ({"substance": "Latex\x00"}, "substance"),
        ({"substance": "Latex", "severity": "deadly"}, "severity"),
        ({"substance": "Latex", "reaction": "y" * 201}, "reaction"),
        ({"substance": "aSPIRIN"}, "substance"),
        ({"substance": True}, "substance"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    typed: dict, field: str, clinic: TestClinic, director: Actor, open_as: OpenAs
) -> None:
    with open_as(director) as work:
        service.add(work, clinic.amelia.patient_id, {"substance": "Aspirin"})
    with open_as(director) as work, pytest.raises(Invalid) as refused:
        service.add(work, clinic.amelia.patient_id, typed)
    assert set(refused.value.fields) == {field}
    with open_as(director) as work:
        assert len(work.db.exec(select(Allergy)).all()) == 1


def test_who_may_not_neither_reads_nor_writes(clinic: TestClinic, work, open_as: OpenAs) -> None:
    desk = member(work, Role.FRONT_DESK, "Marisol", "Vega")
    work.db.commit()
    for actor in (desk, clinic.amelia, clinic.guardian, Actor()):
        with open_as(actor) as opened:
            for act in (
                lambda w: allergies(w, clinic.amelia.patient_id),
                lambda w: service.add(w, clinic.amelia.patient_id, LATEX),
                lambda w: service.end(w, clinic.amelia.patient_id, uuid4()),
                lambda w: service.none_known(w, clinic.amelia.patient_id),
            ):
                with pytest.raises(Denied):
                    act(opened)


def test_another_client_s_allergy_is_not_found(clinic: TestClinic, director: Actor, open_as: OpenAs) -> None:
    with open_as(director) as work:
        allergy_id = service.add(work, clinic.amelia.patient_id, LATEX)
        with pytest.raises(NotFound):
            service.end(work, clinic.rosa.patient_id, allergy_id)
        with pytest.raises(NotFound):
            service.add(work, uuid4(), LATEX)
        gone = work.get(Patient, clinic.rosa.patient_id)
        gone.merged_into_id = clinic.amelia.patient_id
        work.db.flush()
        with pytest.raises(NotFound):
            service.add(work, clinic.rosa.patient_id, LATEX)


def test_the_latest_stands_first(clinic: TestClinic, director: Actor, open_as: OpenAs, clock) -> None:
    with open_as(director) as work:
        for substance in ("Latex", "Lidocaine"):
            service.add(work, clinic.amelia.patient_id, {"substance": substance})
            clock.advance(seconds=timedelta(minutes=1).total_seconds())
        shown = [row.substance for row in allergies(work, clinic.amelia.patient_id).current]
    assert shown == ["Lidocaine", "Latex"]
