"""Tables, one file per aggregate. Importing this package knows them all."""

from portal.models.appointment import Appointment, AppointmentStatus
from portal.models.audit import AuditEvent
from portal.models.document import StoredDocument
from portal.models.imported import ImportedRow
from portal.models.job import JobRun, Lease
from portal.models.message import Notification, OutboxMessage, OutboxStatus
from portal.models.paperwork import (
    AssignedForm,
    FormEvent,
    FormKind,
    FormStatus,
    FormTemplate,
    ServiceForm,
    Signature,
    SignerRole,
    TemplateVersion,
)
from portal.models.patient import Channel, CommunicationConsent, Contact, Guardian, Patient, PatientStatus
from portal.models.practice import AppointmentType, Clinic, Practice, Service
from portal.models.signin import Invite, PasscodeChallenge, Purpose, Session, SpentCaptcha
from portal.models.staff import Role, Staff

__all__ = [
    "Appointment",
    "AppointmentStatus",
    "AppointmentType",
    "AssignedForm",
    "AuditEvent",
    "Channel",
    "Clinic",
    "CommunicationConsent",
    "Contact",
    "FormEvent",
    "FormKind",
    "FormStatus",
    "FormTemplate",
    "Guardian",
    "ImportedRow",
    "Invite",
    "JobRun",
    "Lease",
    "Notification",
    "OutboxMessage",
    "OutboxStatus",
    "PasscodeChallenge",
    "Patient",
    "PatientStatus",
    "Practice",
    "Purpose",
    "Role",
    "Service",
    "ServiceForm",
    "Session",
    "Signature",
    "SignerRole",
    "SpentCaptcha",
    "Staff",
    "StoredDocument",
    "TemplateVersion",
]
