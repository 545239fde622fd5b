"""Every page once: its address, what it shows, its title, and what it loads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from portal import routes
from portal.pages.dev.gallery import gallery
from portal.pages.patient.appointment import appointment
from portal.pages.patient.appointments import appointments
from portal.pages.patient.consent import consent
from portal.pages.patient.consent_sign import consent_sign
from portal.pages.patient.consent_witness import consent_witness
from portal.pages.patient.dashboard import dashboard
from portal.pages.patient.notifications import notifications
from portal.pages.patient.profile import profile
from portal.pages.patient.questionnaire import questionnaire
from portal.pages.patient.record_access import record_access
from portal.pages.patient.reschedule import reschedule
from portal.pages.patient.task_management import task_management
from portal.pages.provider.today import today
from portal.pages.public.invite import invite
from portal.pages.public.login import login
from portal.pages.public.reading import help_page, not_found, privacy, terms
from portal.pages.public.sign_up import sign_up
from portal.pages.staff.account import account
from portal.pages.staff.audit_log import audit_log
from portal.pages.staff.client import client
from portal.pages.staff.client_edit import client_edit
from portal.pages.staff.client_merge import client_merge
from portal.pages.staff.clients import clients
from portal.pages.staff.lock import lock
from portal.pages.staff.login import staff_login
from portal.pages.staff.notices import notices
from portal.pages.staff.referral_sources import referral_sources
from portal.pages.staff.schedule import schedule
from portal.pages.staff.task_management import task_management as staff_task_management
from portal.settings import Settings
from portal.state.patient.appointments import AppointmentsState, VisitState
from portal.state.patient.consent import ConsentState
from portal.state.patient.dashboard import DashboardState
from portal.state.patient.notifications import NotificationsState
from portal.state.patient.profile import ProfileState
from portal.state.patient.questionnaire import QuestionnaireState
from portal.state.patient.record_access import RecordAccessState
from portal.state.patient.reschedule import RescheduleState
from portal.state.patient.tasks import TasksState
from portal.state.patient.visit_acts import VisitActsState
from portal.state.patient.witness import WitnessState
from portal.state.provider.today import TodayState
from portal.state.public.invite import InviteState
from portal.state.public.login import LoginState
from portal.state.public.sign_up import SignUpState
from portal.state.public.texts import TextState
from portal.state.staff.account import StaffAccountState
from portal.state.staff.audit_log import AuditLogState
from portal.state.staff.client import ClientState
from portal.state.staff.client_edit import ClientEditState
from portal.state.staff.clients import ClientsState
from portal.state.staff.entering import StaffLoginState
from portal.state.staff.form_drawer import FormDrawerState
from portal.state.staff.loyalty import LoyaltyState
from portal.state.staff.merge import MergeState
from portal.state.staff.notices import NoticesState
from portal.state.staff.proving import ProvingState
from portal.state.staff.referrals import ReferralsState
from portal.state.staff.schedule import ScheduleState
from portal.state.staff.session import StaffSessionState
from portal.state.staff.task_management import QueueState


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `load` runs before the frame's own loading, each handler under the guard.

    `live` names what is loaded again, by itself, when something of a topic (`portal.live`) changed: handlers that keep
    what the person is doing, flicker nowhere and note no view.
    """

    route: str
    show: Callable[[], rx.Component]
    title: str
    load: tuple[Any, ...] = ()
    live: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)


def staff(
    route: str,
    show: Callable[[], rx.Component],
    title: str,
    *load: Any,
    live: Mapping[str, tuple[Any, ...]] | None = None,
) -> Page:
    """A page of the staff side: its frame is loaded with it, and again when something waits or no longer does."""
    topics = {topic: (*handlers, FRAME) for topic, handlers in (live or {}).items()}
    return Page(route, show, title, (*load, StaffSessionState.load), {"forms": (FRAME,), "practice": (FRAME,)} | topics)


FRAME = StaffSessionState.refresh
OWN = ("visits", "forms", "notifications", "invoices")  # topics of a patient's pages
BADGE = DashboardState.count
BADGES = dict.fromkeys(OWN, (DashboardState.count,))  # of every patient's page
ASKING = VisitActsState.refresh  # the question before a cancellation
DASHBOARD = dict.fromkeys(OWN, (DashboardState.load,)) | {"visits": (DashboardState.load, ASKING)}
VISITS = dict.fromkeys(OWN, (AppointmentsState.load,)) | {"visits": (AppointmentsState.load, ASKING)}
VISIT = dict.fromkeys(OWN, (VisitState.refresh,)) | {"visits": (VisitState.refresh, ASKING)}
MOVING = VISITS | {"visits": (AppointmentsState.load, RescheduleState.load)}
TASKS = BADGES | {"forms": (TasksState.load,)}  # which counts as well
FORM = {"forms": (ConsentState.refresh,)}
FILLING = {"forms": (QuestionnaireState.refresh,)}
NOTIFICATIONS = BADGES | {"notifications": (NotificationsState.load,)}


PAGES: tuple[Page, ...] = (
    Page(routes.LOGIN, login, "Log in", (LoginState.load,)),
    Page(routes.SIGN_UP, sign_up, "New Client Registration", (SignUpState.load,)),
    Page(routes.INVITE, invite, "Welcome", (InviteState.load,)),
    Page(routes.HELP, help_page, "Help"),
    Page(routes.PRIVACY, privacy, "Notice of Privacy Practices", (TextState.load_privacy,)),
    Page(routes.TERMS, terms, "Terms of Use", (TextState.load_terms,)),
    Page(routes.NOT_FOUND, not_found, "Page not found"),
    Page(routes.PROFILE, profile, "My Profile", (ProfileState.load, DashboardState.count), BADGES),
    Page(routes.RECORD_ACCESS, record_access, "Who opened my record", (RecordAccessState.load, BADGE), BADGES),
    Page(routes.DASHBOARD, dashboard, "Dashboard", (DashboardState.load,), DASHBOARD),
    Page(routes.APPOINTMENTS, appointments, "Appointments", (AppointmentsState.load,), VISITS),
    Page(routes.APPOINTMENT, appointment, "Appointment", (VisitState.load,), VISIT),
    Page(routes.RESCHEDULE, reschedule, "Reschedule", (AppointmentsState.load, RescheduleState.load), MOVING),
    Page(routes.NOTIFICATIONS, notifications, "Notifications", (NotificationsState.load,), NOTIFICATIONS),
    Page(routes.TASK_MANAGEMENT, task_management, "Task Management", (TasksState.load,), TASKS),
    Page(routes.CONSENT, consent, "Consent", (ConsentState.load_reading,), FORM),
    Page(routes.CONSENT_SIGN, consent_sign, "Sign", (ConsentState.load_signing,), FORM),
    Page(routes.CONSENT_WITNESS, consent_witness, "Witness", (ConsentState.load_witnessing, WitnessState.load), FORM),
    Page(routes.QUESTIONNAIRE, questionnaire, "Questionnaire", (QuestionnaireState.load,), FILLING),
)

# The staff side.
EDITING = {"record": (ClientEditState.refresh, LoyaltyState.refresh)}
CLIENT = dict.fromkeys(("visits", "forms", "invoices", "record", "session", "practice"), (ClientState.refresh,))
ACCOUNT = {"session": (StaffAccountState.refresh,)}
DOORS: tuple[Page, ...] = (  # without the frame: nobody is signed in there, or the screen is locked
    Page(routes.STAFF_LOGIN, staff_login, "Staff log-in", (StaffLoginState.load,)),
    Page(routes.STAFF_LOCK, lock, "Locked", (ProvingState.load,)),
)
SCHEDULE = dict.fromkeys(("schedule", "practice"), (ScheduleState.refresh,))
CLIENTS = {"practice": (ClientsState.refresh,)}
OPEN_FORM = FormDrawerState.load  # its page forgets it when it is left
QUEUE = {"practice": (QueueState.refresh, FormDrawerState.refresh)}
FEED = {"practice": (NoticesState.refresh,)}
REFERRALS = {"practice": (ReferralsState.refresh,)}
PROVIDER = dict.fromkeys(("practice", "schedule"), (TodayState.refresh, FormDrawerState.refresh))
STAFF: tuple[Page, ...] = (
    staff(routes.STAFF_CLIENTS, clients, "Clients", ClientsState.load, live=CLIENTS),
    staff(routes.STAFF_CLIENT, client, "Client", ClientState.load, live=CLIENT),
    staff(routes.STAFF_CLIENT_MERGE, client_merge, "Merge clients", MergeState.load),
    staff(routes.STAFF_CLIENT_EDIT, client_edit, "Edit client", ClientEditState.load, LoyaltyState.load, live=EDITING),
    staff(routes.STAFF_ACCOUNT, account, "Account and devices", StaffAccountState.load, live=ACCOUNT),
    staff(routes.STAFF_APPOINTMENTS, schedule, "Appointments", ScheduleState.load, live=SCHEDULE),
    staff(routes.STAFF_TASKS, staff_task_management, "Task Management", QueueState.load, OPEN_FORM, live=QUEUE),
    staff(
        routes.STAFF_NOTICES, notices, "Notifications", NoticesState.load, live={"practice": (NoticesState.refresh,)}
    ),
    staff(routes.PROVIDER, today, "Today's clients", TodayState.load, OPEN_FORM, live=PROVIDER),
    staff(routes.STAFF_AUDIT, audit_log, "Audit log", AuditLogState.load),
    staff(routes.STAFF_REFERRALS, referral_sources, "Referral sources", ReferralsState.load, live=REFERRALS),
)

DEVELOPMENT: tuple[Page, ...] = (Page(routes.DEV_GALLERY, gallery, "Components"),)


def pages(settings: Settings) -> tuple[Page, ...]:
    """The pages of this deployment."""
    return PAGES + DOORS + STAFF + (() if settings.production else DEVELOPMENT)
