"""The tabs of the staff side: those of the bar, and those beside a client's panel."""

from dataclasses import dataclass

from portal import routes
from portal.domain.access import Privilege


@dataclass(frozen=True, slots=True)
class StaffTab:
    """One tab, for whoever has the privilege. `place` is its address, or its word in the address of a client."""

    label: str
    place: str
    privilege: Privilege


# In the order of the design. A tab joins when its page exists.
STAFF_MENU: tuple[StaffTab, ...] = (
    StaffTab("Clients", routes.STAFF_CLIENTS, Privilege.CLIENTS_VIEW),
    StaffTab("Appointments", routes.STAFF_APPOINTMENTS, Privilege.VISITS_VIEW),
    StaffTab("Task Management", routes.STAFF_TASKS, Privilege.PAPERWORK_VIEW),
    StaffTab("Audit log", routes.STAFF_AUDIT, Privilege.AUDIT_SEARCH),
)

CLIENT_TABS: tuple[StaffTab, ...] = (
    StaffTab("Dashboard", "", Privilege.CLIENTS_VIEW),
    StaffTab("Appointments", "appointments", Privilege.VISITS_VIEW),
    StaffTab("Task Management", "task-management", Privilege.PAPERWORK_VIEW),
    StaffTab("Medical History", "medical-history", Privilege.MEDICAL_VIEW),
    StaffTab("Notes", "notes", Privilege.NOTES_VIEW),
    StaffTab("Activity", "activity", Privilege.CLIENTS_VIEW),
)
