"""Booking a visit, and moving one: whom, what, with whom, where, when. What was typed stays, whatever the answer is."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import reflex as rx

from portal.errors import Conflict, Invalid, PortalError
from portal.queries import booking as queries
from portal.queries.booking import NOBODY, Choices, Client, Moving, Wish
from portal.queries.client_list import page
from portal.queries.symbols import Symbols
from portal.services import appointments
from portal.services.visit_time import OutsideHours
from portal.state.bridge import Id, Text, read, say, staff_event, write
from portal.state.showing import show
from portal.state.staff.session import Privilege
from portal.work import Work

MOST_FOUND = 6
FIELDS = frozenset({"provider", "clinic", "service", "day", "clock"})


@dataclass(frozen=True, slots=True)
class Found:
    """A client who fits what was typed."""

    id: str
    name: str
    about: str
    symbols: Symbols


class BookingState(rx.State):
    """`moving` is the visit that is moved; without it one is booked. `ask` is what is said before it is done all the
    same (outside the provider's hours, the client has another visit then). `key` grows when fields are filled here."""

    opened: bool = False
    moving: Moving | None = None
    choices: Choices | None = None
    client: Client | None = None
    found: list[Found] = []
    typed: str = ""
    provider: str = ""
    clinic: str = ""
    service: str = ""
    day: str = ""
    clock: str = ""
    times: list[tuple[str, str]] = []
    ask: str = ""
    blocked: str = ""
    errors: dict[str, str] = {}
    busy: bool = False
    key: int = 0

    @staff_event(Privilege.VISITS_MANAGE)
    async def start(self, provider: Text, clinic: Text, day: Text, clock: Text) -> None:
        """**Book visit**, or a free time that was touched; what is empty is still to be chosen."""
        await self._begin()
        self.provider, self.clinic, self.clock = provider, clinic, clock
        self.day = day or self.day
        await self._look()

    @staff_event(Privilege.VISITS_MANAGE)
    async def start_for(self, client_id: Id) -> None:
        """**Book visit** from a client's profile."""
        await self._begin()
        self.client = await read(queries.client, UUID(client_id))

    @staff_event(Privilege.VISITS_MANAGE)
    async def move(self, visit_id: Id) -> None:
        """**Move**: another time for a visit, with the same provider at the same clinic."""
        await self._begin()
        self.moving = moving = await read(queries.moving, UUID(visit_id))
        self.provider, self.clinic, self.day = moving.provider_id, moving.clinic_id, moving.day
        await self._look()

    @staff_event(Privilege.VISITS_MANAGE)
    async def close(self) -> None:
        """Close it."""
        self.reset()

    @staff_event(Privilege.VISITS_MANAGE)
    async def search(self, typed: Text) -> None:
        """The clients who fit what is typed."""
        self.typed = typed
        self.found = await read(_find, typed) if typed.strip() else []

    @staff_event(Privilege.VISITS_MANAGE)
    async def pick(self, client_id: Id) -> None:
        """One of them."""
        self.client = await read(queries.client, UUID(client_id))
        self.found, self.typed = [], ""
        await self._look()

    @staff_event(Privilege.VISITS_MANAGE)
    async def unpick(self) -> None:
        """**Change**: somebody else."""
        self.client, self.ask, self.blocked = None, "", ""

    @staff_event(Privilege.VISITS_MANAGE)
    async def change(self, name: Text, value: Text) -> None:
        """A field has another value."""
        if name not in FIELDS or getattr(self, name) == value:
            return
        setattr(self, name, value)
        if name == "provider" and self.choices is not None:
            at = self.choices.works_at.get(value, [])
            if at and self.clinic not in at:
                self.clinic, self.key = at[0], self.key + 1
        await self._look()

    @staff_event(Privilege.VISITS_MANAGE)
    async def choose_time(self, clock: Text) -> None:
        """One of the free times."""
        self.clock, self.ask, self.blocked = clock, "", ""
        self.errors = {}
        self.key += 1

    @staff_event(Privilege.VISITS_MANAGE)
    async def save(self) -> AsyncIterator[Any]:
        """**Book**, **Move**; after a question, all the same."""
        if self.busy or not self.opened:
            return
        self.errors = self._missing()
        if self.errors:
            return
        self.busy, self.blocked = True, ""
        yield
        wish, sure = self._wish(), self.ask != ""
        try:
            if not sure and (also := await read(queries.also_then, wish)):
                self.ask = f"The client has another visit at that time: {also}."
                return
            words = await write(_save, wish, self.moving, sure=sure)
        except OutsideHours as refused:
            self.ask = refused.sentence
        except Invalid:
            raise  # beside its field; nothing is lost
        except Conflict as refused:
            await self._refused(refused)
        except PortalError as refused:
            await say(self, refused.sentence, "error")
        else:
            self.reset()
            await say(self, words)
        finally:
            self.busy = False

    async def _follow(self) -> None:
        """What others book meanwhile is no free time any more."""
        if self.opened:
            show(self, times=await read(queries.free_times, self._wish()))

    async def _refused(self, refused: PortalError) -> None:
        """Somebody was there first: what is in the way, and the times that are left. Nothing that was typed is lost."""
        wish = self._wish()
        way = await read(queries.in_the_way, wish) if refused.sentence == appointments.TAKEN else ""
        self.blocked = f"{refused.sentence} In the way: {way}." if way else refused.sentence
        self.times = await read(queries.free_times, wish)

    async def _begin(self) -> None:
        self.reset()
        self.choices = await read(queries.choices)
        self.opened, self.day = True, self.choices.today

    async def _look(self) -> None:
        """The free times for what is chosen; questions and refusals were about something else."""
        self.ask, self.blocked, self.errors = "", "", {}
        self.times = await read(queries.free_times, self._wish())

    def _wish(self) -> Wish:
        moving = self.moving
        return Wish(
            provider_id=self.provider,
            clinic_id=self.clinic,
            service_id=self.service,
            day=self.day,
            clock=self.clock,
            client_id=self.client.id if self.client else "",
            visit_id=moving.id if moving else "",
        )

    def _missing(self) -> dict[str, str]:
        wanted = {
            "client": (self.client or self.moving, "Choose a client."),
            "service": (self.service or self.moving, "Choose a service."),
            "provider": (self.provider, "Choose a provider."),
            "clinic": (self.clinic, "Choose a clinic."),
            "day": (self.day, "Choose a day."),
            "clock": (self.clock, "Choose a time."),
        }
        return {name: sentence for name, (value, sentence) in wanted.items() if not value}


def _find(work: Work, typed: str) -> list[Found]:
    return [
        Found(
            line.id,
            line.name,
            ", ".join(filter(None, (f"born {line.born}", line.phone))),
            line.symbols,
        )
        for line in page(work, typed).lines[:MOST_FOUND]
    ]


def _save(work: Work, wish: Wish, moving: Moving | None, *, sure: bool) -> str:
    return _book(work, wish, sure=sure) if moving is None else _move(work, wish, moving, sure=sure)


def _book(work: Work, wish: Wish, *, sure: bool) -> str:
    at = queries.starts_at(work, wish)
    appointments.book(
        work,
        patient_id=_id(wish.client_id),
        provider_id=_id(wish.provider_id),
        clinic_id=_id(wish.clinic_id),
        appointment_type_id=_id(wish.service_id),
        starts_at=at,
        outside_hours=sure,
    )
    return "Booked. The client is told."


def _move(work: Work, wish: Wish, moving: Moving, *, sure: bool) -> str:
    """Only the visit as it was when it was opened: it may have been moved or cancelled meanwhile."""
    appointments.require_unchanged(work, UUID(moving.id), moving.version)
    stays = replace(wish, clinic_id=moving.clinic_id, provider_id=moving.provider_id)
    appointments.reschedule(work, UUID(moving.id), queries.starts_at(work, stays), outside_hours=sure)
    return "Moved. It waits to be confirmed again, and the client is told."


def _id(words: str) -> UUID:
    """From a field of a form: what is none is nobody's."""
    try:
        return UUID(words)
    except ValueError:
        return NOBODY
