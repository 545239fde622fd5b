"""Tables, one file per aggregate. Importing this package knows them all."""

from portal.models.appointment import (
    Appointment,
    AppointmentExtra,
    AppointmentStatus,
    AppointmentTick,
    CalendarFeed,
    ProviderHours,
    TimeOff,
)
from portal.models.audit import AuditEvent
from portal.models.client import (
    Allergy,
    ClientChange,
    InboundEvent,
    LoyaltyAccount,
    LoyaltyProgram,
    Merge,
    Note,
    ReferralSource,
    SearchWord,
)
from portal.models.document import StoredDocument
from portal.models.imported import ImportedRow
from portal.models.invoice import Invoice, InvoiceLine
from portal.models.job import JobRun, Lease
from portal.models.live import LiveChange
from portal.models.message import ON_ITS_WAY, Notification, OutboxMessage, OutboxStatus, PracticeNotice, Priority
from portal.models.paperwork import (
    AssignedForm,
    FormAnswer,
    FormCategory,
    FormEvent,
    FormKind,
    FormPhoto,
    FormStatus,
    FormSubmission,
    FormTemplate,
    ServiceForm,
    Signature,
    SignerRole,
    TemplateVersion,
)
from portal.models.patient import Channel, CommunicationConsent, Contact, Guardian, Patient, PatientStatus
from portal.models.practice import AppointmentType, Banner, Clinic, Practice, Service
from portal.models.signin import Invite, PasscodeChallenge, Purpose, Session, SpentCaptcha
from portal.models.staff import Passkey, RecoveryCode, Role, Staff

__all__ = [
    "ON_ITS_WAY",
    "Allergy",
    "Appointment",
    "AppointmentExtra",
    "AppointmentStatus",
    "AppointmentTick",
    "AppointmentType",
    "AssignedForm",
    "AuditEvent",
    "Banner",
    "CalendarFeed",
    "Channel",
    "ClientChange",
    "Clinic",
    "CommunicationConsent",
    "Contact",
    "FormAnswer",
    "FormCategory",
    "FormEvent",
    "FormKind",
    "FormPhoto",
    "FormStatus",
    "FormSubmission",
    "FormTemplate",
    "Guardian",
    "ImportedRow",
    "InboundEvent",
    "Invite",
    "Invoice",
    "InvoiceLine",
    "JobRun",
    "Lease",
    "LiveChange",
    "LoyaltyAccount",
    "LoyaltyProgram",
    "Merge",
    "Note",
    "Notification",
    "OutboxMessage",
    "OutboxStatus",
    "PasscodeChallenge",
    "Passkey",
    "Patient",
    "PatientStatus",
    "Practice",
    "PracticeNotice",
    "Priority",
    "ProviderHours",
    "Purpose",
    "RecoveryCode",
    "ReferralSource",
    "Role",
    "SearchWord",
    "Service",
    "ServiceForm",
    "Session",
    "Signature",
    "SignerRole",
    "SpentCaptcha",
    "Staff",
    "StoredDocument",
    "TemplateVersion",
    "TimeOff",
]
