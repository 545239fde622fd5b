"""The unit of work: one transaction, one actor, one clock.

Whoever opens it commits it, once, at the edge. Services and queries receive it and never commit. Audit rows and
outgoing messages are written through it, so a fact, its trace and its messages stand or fall together.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import CursorResult, Engine, Executable
from sqlmodel import Session, SQLModel, select

from portal import live
from portal.clock import Clock, SystemClock
from portal.domain.access import Privilege
from portal.errors import Denied, NotFound
from portal.models import AuditEvent, LiveChange, OutboxMessage, Practice
from portal.models import db as database

T = TypeVar("T", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Actor:
    """On whose behalf something happens. Resolved from the database on every event, never taken from the browser.

    `kind`: nobody, patient, guardian, staff, locked (staff whose screen is locked), system. For a guardian,
    `patient_id` is the child's record.
    """

    kind: str = "nobody"
    patient_id: UUID | None = None
    guardian_id: UUID | None = None
    staff_id: UUID | None = None
    role: str | None = None
    session_id: UUID | None = None
    contact_id: UUID | None = None
    label: str = ""
    address: str = ""
    device: str = ""
    browser: str = ""  # the browser's own cookie, hashed: binds a log-in under way to where it began
    privileges: frozenset[Privilege] = frozenset()  # of a member of staff, at this moment
    proved_at: datetime | None = None  # when a member of staff last showed a second factor

    @property
    def id(self) -> UUID | None:
        """The acting person's own id."""
        return self.staff_id or self.guardian_id or self.patient_id

    @property
    def is_patient(self) -> bool:
        """Signed in on the patient side, for oneself or as a guardian."""
        return self.patient_id is not None and self.kind in {"patient", "guardian"}

    def may(self, privilege: Privilege) -> bool:
        """Whether this person may do that now. The portal's own operator may do everything but act for somebody."""
        return self.kind == "system" or (self.kind == "staff" and privilege in self.privileges)


NOBODY = Actor()
SYSTEM = Actor(kind="system", label="System")


@dataclass
class Work:
    """A transaction with its actor and clock."""

    db: Session
    actor: Actor = NOBODY
    clock: Clock = field(default_factory=SystemClock)
    changes: live.Topics = field(default_factory=dict)

    def now(self) -> datetime:
        """The current instant, UTC."""
        return self.clock.now()

    @property
    def patient_id(self) -> UUID:
        """The signed-in patient's id; `NotFound` for anybody else."""
        if not self.actor.is_patient or self.actor.patient_id is None:
            raise NotFound
        return self.actor.patient_id

    def practice(self) -> Practice:
        """The practice of this deployment; `NotFound` while there is none."""
        practice = self.db.exec(select(Practice)).first()
        if practice is None:
            raise NotFound("This portal has no practice yet.")
        return practice

    def require_staff(self) -> None:
        """`Denied` for anybody but staff and the portal's own operator."""
        if self.actor.kind not in {"staff", "system"}:
            raise Denied

    def require(self, privilege: Privilege) -> None:
        """`Denied` unless the actor may do that at this moment."""
        if not self.actor.may(privilege):
            raise Denied("Your role does not include that. An admin can change what you may do.")

    def add(self, row: T) -> T:
        """Put a row in and send it to the database at once, so that its rules are checked here and now."""
        self.db.add(row)
        self.db.flush()
        return row

    def rows(self, statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """Run a column select that was built once, at import, with `bindparam`s for the given values.

        For what every page load asks: a statement built anew costs more than running it. Nothing pending is flushed.
        """
        return self.db.connection().execute(statement, values)

    def own(self, table: type[T], row_id: UUID) -> T:
        """The signed-in patient's row, locked for this transaction. `NotFound` for a stranger's or a missing one.

        Rows are locked with `key_share`, here and everywhere: others may go on writing rows that point to this one (a
        message, a notice), which no order of locks could foresee.
        """
        columns: Any = table
        row = self.db.exec(
            select(table)
            .where(columns.id == row_id, columns.patient_id == self.patient_id)
            .with_for_update(key_share=True)
        ).first()
        if row is None:
            raise NotFound
        return row

    def get(self, table: type[T], row_id: UUID | None) -> T:
        """A row by id with no question of owner: for staff, jobs, and rows reached through an owned one."""
        row = self.db.get(table, row_id) if row_id is not None else None
        if row is None:
            raise NotFound
        return row

    def hold(self, name: str, *, shared: bool = False) -> None:
        """Be the only transaction doing `name` until the end of this one; with `shared`, beside others that share."""
        database.hold(self.db, name, shared=shared)

    def audit(
        self,
        action: str,
        subject: SQLModel | None = None,
        *,
        patient_id: UUID | None = None,
        **detail: Any,
    ) -> None:
        """Record an act in the audit log, in this transaction. `detail` holds no secrets and no free text of health."""
        self.db.add(audit_event(self.actor, self.now(), action, subject, patient_id=patient_id, detail=detail))

    def send(self, message: OutboxMessage) -> None:
        """Let a message ride along; the job delivers it after the commit."""
        self.db.add(message)

    def changed(self, patient_id: UUID | None, *topics: live.Topic) -> None:
        """Let the open pages of those concerned know after the commit; None is the practice's own feed."""
        self.changes.setdefault(patient_id, set()).update(topics)


def audit_event(
    actor: Actor,
    at: datetime,
    action: str,
    subject: SQLModel | None = None,
    *,
    patient_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """An audit row for `actor`; the patient concerned is the subject's unless given."""
    subject_id: UUID | None = getattr(subject, "id", None)
    concerned = patient_id or getattr(subject, "patient_id", None) or actor.patient_id
    return AuditEvent(
        at=at,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_label=actor.label,
        session_id=actor.session_id,
        action=action,
        subject_kind=str(getattr(subject, "__tablename__", "")),
        subject_id=subject_id,
        patient_id=concerned,
        address=actor.address,
        detail=detail or {},
    )


@contextmanager
def open_work(
    actor: Actor = NOBODY, *, clock: Clock | None = None, engine: Engine | None = None, write: bool = True
) -> Iterator[Work]:
    """Open a unit of work; commit when the block ends, roll back when it raises. `write=False` never commits."""
    with Session(database.bound(engine or database.engine(), write), expire_on_commit=False) as db:
        work = Work(db, actor, clock or SystemClock())
        yield work
        if write:
            changes = _note_changes(work)
            db.commit()
            if changes:
                live.committed(changes)


def _note_changes(work: Work) -> list[live.Change]:
    """The changes as rows of the same transaction: what commits is heard of, by other processes too."""
    rows = [
        LiveChange(patient_id=patient_id, topics=" ".join(sorted(topics)), at=work.now())
        for patient_id, topics in work.changes.items()
    ]
    changes = [live.Change(row.id, row.patient_id, frozenset(row.topics.split())) for row in rows]
    work.db.add_all(rows)
    return changes
