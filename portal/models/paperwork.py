"""Paperwork: versioned templates, forms assigned to patients, what happened to each, and the signatures."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlmodel import Field

from portal.domain.paperwork import FormCategory, FormKind, FormStatus, SignerRole
from portal.models.types import Row, encrypted, instant, to, word


class FormTemplate(Row, table=True):
    """A form the practice uses; its text lives in versions."""

    __tablename__ = "form_template"
    practice_id: UUID = to("practice")
    name: str
    kind: FormKind = word(FormKind)
    category: FormCategory = word(FormCategory, default=FormCategory.CONSENT)
    active: bool = True


class TemplateVersion(Row, table=True):
    """One published text of a template. A version that is in use never changes.

    `text` is Markdown with merge fields (of a questionnaire, its introduction). `initials` names the sections that want
    the patient's initials. `options` are the choices of which the signer makes one: `[{"id", "label"}, …]`.
    `questions` is a questionnaire's schema, as `domain.questionnaire` reads it.
    `valid_months`: 0 is "once", otherwise the signature counts for that many months; `per_visit` asks every time.
    """

    __tablename__ = "template_version"
    template_id: UUID = to("form_template")
    number: int
    text: str
    initials: list[str] = Field(default_factory=list, sa_type=JSON)
    options: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    questions: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    needs_witness: bool = False
    per_visit: bool = False
    valid_months: int = 0
    published_at: datetime = instant()

    __table_args__ = (UniqueConstraint("template_id", "number"),)


class ServiceForm(Row, table=True):
    """Booking this service asks for that form."""

    __tablename__ = "service_form"
    service_id: UUID = to("service")
    template_id: UUID = to("form_template")

    __table_args__ = (UniqueConstraint("service_id", "template_id"),)


class AssignedForm(Row, table=True):
    """A form that a patient is asked to complete, pinned to the version it was assigned with.

    `frozen_html` and `text_sha256` are the exact text as signed, merge fields filled; set with the first signature.
    """

    __tablename__ = "assigned_form"
    patient_id: UUID = to("patient", index=False)
    version_id: UUID = to("template_version")
    appointment_id: UUID | None = to("appointment", default=None)
    kind: FormKind = word(FormKind)
    status: FormStatus = word(FormStatus, default=FormStatus.OPEN)
    assigned_at: datetime = instant()
    due_at: datetime | None = instant(default=None)
    valid_until: datetime | None = instant(default=None)
    done_at: datetime | None = instant(default=None)
    voided_at: datetime | None = instant(default=None)
    void_reason: str = ""
    frozen_html: str | None = None
    text_sha256: str | None = Field(default=None, sa_type=String(64))

    __table_args__ = (
        Index("ix_assigned_form_patient", "patient_id", "kind", "status"),
        Index("ix_assigned_form_state", "patient_id", "status", "valid_until"),
        Index("ix_assigned_form_due", "status", "due_at"),
        Index("ix_assigned_form_done", "status", "done_at"),
        Index("ix_assigned_form_until", "status", "valid_until", "patient_id"),
    )


class FormEvent(Row, table=True):
    """Evidence, in order: opened, viewed to the end, signed, sealed, downloaded."""

    __tablename__ = "form_event"
    form_id: UUID = to("assigned_form")
    what: str
    at: datetime = instant()
    address: str = ""
    device: str = ""


class Signature(Row, table=True):
    """One person's signature on one form: what was drawn or typed, and the evidence frozen with it."""

    __tablename__ = "signature"
    form_id: UUID = to("assigned_form", index=False)
    role: SignerRole = word(SignerRole)
    name: str
    relationship: str = ""
    method: str  # drawn, typed
    strokes: str | None = None  # vector, as `domain.signature.Drawing.to_json` writes it
    typed_name: str = ""
    initials: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    option: str = ""  # the choice made, in the words that were shown
    intent: str  # the sentence that was ticked
    text_sha256: str = Field(sa_type=String(64))
    signed_at: datetime = instant()
    time_zone: str
    verified_contact: str = ""  # masked, as shown in the evidence
    session_id: UUID | None = to("session", default=None)
    staff_id: UUID | None = to("staff", default=None)
    address: str = ""
    device: str = ""

    __table_args__ = (UniqueConstraint("form_id", "role"),)


class FormAnswer(Row, table=True):
    """One answer of a questionnaire that is being filled, saved as it was given. `value` is JSON.

    `revision` counts the saves of this answer: whoever saves names the one they saw, so that nothing is overwritten
    unseen.
    """

    __tablename__ = "form_answer"
    form_id: UUID = to("assigned_form", index=False)
    link_id: str
    value: str | None = encrypted("form_answer.value", default=None)
    revision: int = 1
    saved_at: datetime = instant()
    device: str = ""

    __table_args__ = (UniqueConstraint("form_id", "link_id"),)


class FormSubmission(Row, table=True):
    """A questionnaire as it was submitted: its answers (JSON, with their questions) and the evidence kept with them."""

    __tablename__ = "form_submission"
    form_id: UUID = to("assigned_form", unique=True, index=False)
    answers: str = encrypted("form_submission.answers")
    answers_sha256: str = Field(sa_type=String(64))
    name: str
    role: SignerRole = word(SignerRole)
    relationship: str = ""
    submitted_at: datetime = instant()
    time_zone: str
    verified_contact: str = ""
    session_id: UUID | None = to("session", default=None)
    address: str = ""
    device: str = ""


class FormPhoto(Row, table=True):
    """A photograph within a questionnaire, made anew without what the camera wrote into it. `size` in bytes."""

    __tablename__ = "form_photo"
    patient_id: UUID = to("patient")
    form_id: UUID = to("assigned_form")
    link_id: str
    sha256: str = Field(sa_type=String(64))
    media_type: str
    size: int
    width: int
    height: int
    uploaded_at: datetime = instant()
    removed_at: datetime | None = instant(default=None)
