"""Notes, allergies and the log over a bare socket: a patient reads none of it, the front desk nothing medical, and what
is written is as bounded as what is read."""

import pytest

from portal import routes
from tests.support.portal_server import PortalServer
from tests.support.signed_in import run, sign_in, sign_in_staff
from tests.support.sockets import bare_socket
from tests.support.tour import AMELIA

STAFF = "reflex___state____state.portal___state___staff"
NOTES, ALLERGIES = f"{STAFF}___notes____notes_state", f"{STAFF}___allergies____allergies_state"
ACTIVITY, LOG = f"{STAFF}___activity____activity_state", f"{STAFF}___audit_log____audit_log_state"
OPENED = "reflex___state____state.portal___state___patient___record_access____record_access_state"
SECRET, SUBSTANCE = "Nobody else shall read this sentence", "Peanut oil of the attack"
DESK, DIRECTOR = "marisol.vega@lumiere.example", "adaeze.okonkwo@lumiere.example"
NOBODY = "00000000-0000-7000-8000-000000000000"


_WRITE = """
import sys
from sqlmodel import select
from portal.domain.access import Role, privileges
from portal.models import Contact, Staff
from portal.services import allergies, notes
from portal.work import Actor, SYSTEM, open_work
with open_work(SYSTEM) as work:
    client = work.db.exec(select(Contact.patient_id).where(Contact.value == sys.argv[1])).one()
    staff = work.db.exec(select(Staff).where(Staff.email == sys.argv[2])).one()
    may = privileges(Role.MEDICAL_DIRECTOR)
    work.actor = Actor(kind="staff", staff_id=staff.id, label=staff.display_name, privileges=may)
    note = notes.write_note(work, client, sys.argv[3])
    print(client, note, allergies.add(work, client, {"substance": sys.argv[4]}))
"""

_STANDS = """
import sys
from uuid import UUID
from sqlmodel import select
from portal.models import Allergy, AuditEvent, Note
from portal.work import open_work
with open_work(write=False) as work:
    note, allergy = work.get(Note, UUID(sys.argv[1])), work.get(Allergy, UUID(sys.argv[2]))
    faults = work.db.exec(select(AuditEvent.detail).where(AuditEvent.action == "fault")).all()
    count = len(work.db.exec(select(Note.id)).all())
    print(note.text, note.removed_at, allergy.ended_at, count, faults)
"""


@pytest.fixture(scope="module")
def amelia(portal: PortalServer) -> list[str]:
    """Amelia's id, and those of a note about her and of an allergy of hers."""
    return run(portal, _WRITE, AMELIA, DIRECTOR, SECRET, SUBSTANCE).split()


def calls(note_id: str, allergy_id: str) -> list[tuple[str, dict[str, object]]]:
    form = {"text": "changed by an attacker", "substance": "Attack", "staff": "", "kind": "notes"}
    return [
        (f"{NOTES}.load", {}),
        (f"{NOTES}.refresh", {}),
        (f"{NOTES}.keep", {"about": "new", "words": "x", "shown": 0, "ticket": "1", "left": False}),
        (f"{NOTES}.save_new", {"form": form}),
        (f"{NOTES}.edit", {"note_id": note_id}),
        (f"{NOTES}.save_change", {"form": form}),
        (f"{NOTES}.ask_remove", {"note_id": note_id}),
        (f"{NOTES}.remove", {}),
        (f"{ALLERGIES}.load", {}),
        (f"{ALLERGIES}.refresh", {}),
        (f"{ALLERGIES}.add", {"form": form}),
        (f"{ALLERGIES}.end", {"allergy_id": allergy_id}),
        (f"{ALLERGIES}.none", {}),
        (f"{ACTIVITY}.load", {}),
        (f"{ACTIVITY}.earlier", {}),
        (f"{LOG}.load", {}),
        (f"{LOG}.search", {"form": form}),
        (f"{LOG}.find", {"typed": "hart"}),
        (f"{LOG}.check", {}),
    ]


def stands(portal: PortalServer, amelia: list[str]) -> str:
    return run(portal, _STANDS, *amelia[1:])


@pytest.mark.parametrize("who", ["nobody", "the client herself", "another client"])
def test_no_patient_reads_or_writes_what_staff_keep(portal: PortalServer, amelia: list[str], who: str) -> None:
    client_id, note_id, allergy_id = amelia
    jar = {"portal_browser": "attacker"}
    if who != "nobody":
        jar["portal_session"] = sign_in(portal, AMELIA if who == "the client herself" else "+15035550102")[1]
    before = stands(portal, amelia)
    with bare_socket(portal.url, cookies=jar) as socket:
        for name, payload in calls(note_id, allergy_id):
            socket.call(name, payload, routes.staff_client(client_id, "notes"), wait=0.05)
        said = repr(socket.frames)
    assert SECRET not in said
    assert SUBSTANCE not in said
    assert "audit" not in said.replace("audit_log_state", "")
    assert stands(portal, amelia) == before


def test_the_front_desk_reads_nothing_medical_and_not_the_log(portal: PortalServer, amelia: list[str]) -> None:
    client_id, note_id, allergy_id = amelia
    before = stands(portal, amelia)
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, DESK)}) as socket:
        for name, payload in calls(note_id, allergy_id):
            if name.startswith((ALLERGIES, LOG)):
                socket.call(name, payload, routes.staff_client(client_id, "medical-history"), wait=0.05)
        said = repr(socket.frames)
        assert SUBSTANCE not in said
        assert "Your role does not include that" in said
        # Another's note is read, and neither changed nor removed.
        path = routes.staff_client(client_id, "notes")
        assert SECRET in repr(socket.call(f"{NOTES}.load", {}, path))
        socket.call(f"{NOTES}.edit", {"note_id": note_id}, path)
        socket.call(f"{NOTES}.save_change", {"form": {"text": "changed"}}, path)
        socket.call(f"{NOTES}.ask_remove", {"note_id": note_id}, path)
        socket.call(f"{NOTES}.remove", {}, path)
    assert stands(portal, amelia) == before


def test_odd_arguments_of_somebody_who_may(portal: PortalServer, amelia: list[str]) -> None:
    client_id, note_id, _allergy_id = amelia
    before = stands(portal, amelia)
    odd: list[tuple[str, object, str]] = [
        (f"{NOTES}.save_new", {"form": {"text": "x" * 100_000}}, client_id),
        (f"{NOTES}.save_new", {"form": {"text": ["x"]}}, client_id),
        (f"{NOTES}.save_new", {"form": {"text": "\x00"}}, client_id),
        (f"{NOTES}.save_new", {"form": {"text": "of nobody"}}, NOBODY),
        (f"{NOTES}.keep", {"about": "new", "words": "x" * 30_000, "shown": 0, "ticket": "1", "left": False}, client_id),
        (f"{NOTES}.keep", {"about": note_id, "words": "x", "shown": 0, "ticket": "1", "left": False}, client_id),
        (f"{ALLERGIES}.add", {"form": {"substance": "x" * 4_000}}, client_id),
        (f"{ALLERGIES}.add", {"form": {"substance": "Latex", "severity": "' OR 1=1"}}, client_id),
        (f"{ALLERGIES}.end", {"allergy_id": NOBODY}, client_id),
        (f"{ALLERGIES}.end", {"allergy_id": "' OR 1=1"}, client_id),
        (f"{LOG}.search", {"form": {"staff": "x", "kind": "y", "since": "z", "until": "9999-99-99"}}, client_id),
        (f"{LOG}.search", {"form": {"since": "9999-12-31", "until": "9999-12-31"}}, client_id),
        (f"{LOG}.search", {"form": {"since": "0001-01-01", "until": "0001-01-01"}}, client_id),
        (f"{LOG}.choose", {"client_id": NOBODY}, client_id),
        (f"{LOG}.find", {"typed": "%_' OR 1=1 --"}, client_id),
        (f"{LOG}.check_on", {}, client_id),
    ]
    with bare_socket(portal.url, cookies={"portal_staff": sign_in_staff(portal, DIRECTOR)}) as socket:
        for name, payload, client in odd:
            socket.call(name, payload, routes.staff_client(client), wait=0.05)
        assert "Something went wrong on our side" not in repr(socket.frames)
    assert stands(portal, amelia) == before
    assert before.strip().endswith("[]"), "and no fault of ours was met"


def test_who_opened_a_record_is_the_patient_s_own(portal: PortalServer, amelia: list[str]) -> None:
    """Rosa's page knows nothing of what was opened of Amelia, whatever address she claims to be at."""
    jar = {"portal_browser": "attacker", "portal_session": sign_in(portal, "+15035550102")[1]}
    with bare_socket(portal.url, cookies=jar) as socket:
        said = repr(socket.call(f"{OPENED}.load", {}, f"{routes.RECORD_ACCESS}?client={amelia[0]}"))
        said += repr(socket.call(f"{OPENED}.earlier", {}, routes.RECORD_ACCESS))
    assert "Adaeze" not in said
