"""What the job runner remembers."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from portal.models.types import instant


class Lease(SQLModel, table=True):
    """Who may run a job now. A holder that dies loses it when `until` passes."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    holder: str
    until: datetime = instant()


class JobRun(SQLModel, table=True):
    """The last and the next run of each job, and how it went. `last_finished_at` is the last run that ended well."""

    __tablename__ = "job_run"
    name: str = Field(primary_key=True)
    last_started_at: datetime | None = instant(default=None)
    last_finished_at: datetime | None = instant(default=None)
    next_at: datetime | None = instant(default=None)
    failures: int = 0
    last_error: str = ""
