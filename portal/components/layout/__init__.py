"""The frames of the screens: a patient's page, a focused task, getting in, the staff side."""

from portal.components.layout.auth import auth_page
from portal.components.layout.focused import focused_page
from portal.components.layout.patient import patient_page
from portal.components.layout.reading import reading_page
from portal.components.layout.staff import staff_page

__all__ = ["auth_page", "focused_page", "patient_page", "reading_page", "staff_page"]
