"""Questionnaires around a running portal: one that waits, and what became of it."""

import json
from typing import Any
from uuid import UUID

from tests.support.portal_server import PortalServer
from tests.support.signed_in import run

_ASK = """
import json, sys
from sqlmodel import select
from portal.domain.paperwork import FormKind
from portal.models import Contact, Patient
from portal.services import paperwork, templates
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    patient_id = work.db.exec(select(Contact.patient_id).where(Contact.value == sys.argv[1])).first()
    patient = work.get(Patient, patient_id)
    template = templates.create(work, patient.practice_id, sys.argv[2], FormKind.QUESTIONNAIRE)
    templates.publish(work, template, "Tell us how you are.", questions=json.loads(sys.argv[3]))
    print(paperwork.assign(work, patient_id, template))
"""

_STANDS = """
import json, sys
from uuid import UUID
from sqlmodel import col, select
from portal.models import AssignedForm, FormAnswer, FormPhoto, FormSubmission
from portal.work import open_work
with open_work(write=False) as work:
    form = work.get(AssignedForm, UUID(sys.argv[1]))
    answers = work.db.exec(select(FormAnswer).where(FormAnswer.form_id == form.id)).all()
    photos = select(FormPhoto.id).where(FormPhoto.form_id == form.id, col(FormPhoto.removed_at).is_(None))
    submitted = work.db.exec(select(FormSubmission).where(FormSubmission.form_id == form.id)).all()
    print(json.dumps({
        "status": form.status.value,
        "answers": {one.link_id: json.loads(one.value) if one.value else None for one in answers},
        "photos": [str(one) for one in work.db.exec(photos.order_by(col(FormPhoto.id)))],
        "submitted": [json.loads(one.answers)["answers"] for one in submitted],
    }))
"""

_OVERWRITE = """
import json, sys
from uuid import UUID
from sqlmodel import select
from portal.models import FormAnswer
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    which = FormAnswer.form_id == UUID(sys.argv[1]), FormAnswer.link_id == sys.argv[2]
    answer = work.db.exec(select(FormAnswer).where(*which)).one()
    answer.value, answer.revision = sys.argv[3], answer.revision + 1
"""

_RESET = """
import sys
from uuid import UUID
from portal.services import paperwork
from portal.work import SYSTEM, open_work
with open_work(SYSTEM) as work:
    print(paperwork.reset(work, UUID(sys.argv[1]), "Asked twice"))
"""


def one_page(*items: dict[str, Any], title: str = "About you") -> dict[str, Any]:
    """A questionnaire of one page."""
    return {"item": [{"linkId": "page", "type": "group", "text": title, "item": list(items)}]}


def ask(server: PortalServer, contact: str, name: str, questions: dict[str, Any]) -> UUID:
    """Ask the patient who has this contact to fill a new questionnaire called `name`."""
    return UUID(run(server, _ASK, contact, name, json.dumps(questions)).strip())


def stands(server: PortalServer, form_id: UUID) -> dict[str, Any]:
    """What is in the database: status, answers, ids of the photographs, submissions."""
    return json.loads(run(server, _STANDS, str(form_id)))


def reset(server: PortalServer, form_id: UUID) -> UUID:
    """The practice withdraws it and asks for it anew."""
    return UUID(run(server, _RESET, str(form_id)).strip())


def overwrite(server: PortalServer, form_id: UUID, link_id: str, value: object) -> None:
    """Another answer, of which the open pages hear nothing."""
    run(server, _OVERWRITE, str(form_id), link_id, json.dumps(value))
