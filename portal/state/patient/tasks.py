"""Task Management: two tabs of forms."""

import reflex as rx

from portal.queries import paperwork
from portal.queries.dashboard import Badges, badges
from portal.queries.paperwork import FormRow, Tasks
from portal.state.bridge import patient_event, read
from portal.state.patient.dashboard import DashboardState
from portal.state.patient.form_progress import FormProgressState
from portal.state.showing import show
from portal.work import Work


class TasksState(rx.State):
    """The forms of the signed-in patient."""

    loading: bool = True
    tab: str = "consents"
    open: list[FormRow] = []
    done: list[FormRow] = []
    to_fill: list[FormRow] = []
    filled: list[FormRow] = []
    open_consents: int = 0
    open_questionnaires: int = 0

    @patient_event
    async def load(self) -> None:
        """Fill the page, or bring it up to date."""
        found, counts = await read(_tasks_and_badges)
        show(
            self,
            open=found.open,
            done=found.done,
            to_fill=found.to_fill,
            filled=found.filled,
            open_consents=found.open_consents,
            open_questionnaires=found.open_questionnaires,
        )
        (await self.get_state(FormProgressState))._of_all(found)
        (await self.get_state(DashboardState))._count(counts)
        show(self, loading=False)

    @patient_event
    async def show_consents(self) -> None:
        """The Consents tab."""
        self.tab = "consents"

    @patient_event
    async def show_questionnaires(self) -> None:
        """The Questionnaires tab."""
        self.tab = "questionnaires"

    async def _leave(self) -> None:
        """The page is left: nothing of it stays."""
        self.reset()
        (await self.get_state(FormProgressState))._forget_all()


def _tasks_and_badges(work: Work) -> tuple[Tasks, Badges]:
    """Both in one go: each way to the database and back has its price."""
    return paperwork.tasks(work), badges(work)
