"""Task Management: two tabs of forms."""

import reflex as rx

from portal.queries import paperwork
from portal.queries.dashboard import badges
from portal.queries.paperwork import FormRow
from portal.state.bridge import patient_event, read
from portal.state.patient.dashboard import DashboardState
from portal.state.patient.form_progress import FormProgressState


class TasksState(rx.State):
    """The forms of the signed-in patient."""

    loading: bool = True
    tab: str = "consents"
    open: list[FormRow] = []
    done: list[FormRow] = []
    open_consents: int = 0
    open_questionnaires: int = 0

    @patient_event
    async def load(self) -> None:
        """Fill the page."""
        found = await read(paperwork.tasks)
        self.open, self.done = found.open, found.done
        self.open_consents, self.open_questionnaires = found.open_consents, found.open_questionnaires
        (await self.get_state(FormProgressState))._of_all(found)
        (await self.get_state(DashboardState))._count(await read(badges))
        self.loading = False

    @patient_event
    async def show_consents(self) -> None:
        """The Consents tab."""
        self.tab = "consents"

    @patient_event
    async def show_questionnaires(self) -> None:
        """The Questionnaires tab."""
        self.tab = "questionnaires"

    @patient_event(passive=True)
    async def leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()
        (await self.get_state(FormProgressState)).reset()
