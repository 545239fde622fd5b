"""What every patient page puts into its frame: the badges."""

from portal.state.patient.dashboard import DashboardState

BADGES = {
    "Task Management": (DashboardState.open_forms, "to complete"),
    "Notifications": (DashboardState.unread, "new"),
}
