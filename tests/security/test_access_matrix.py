"""Who may do what, tried: every registered handler and every HTTP route, as everybody.

Both lists come from the running code, the answers from the declarations and the table of roles alone. The guard
itself decides, on a real state tree, with real sessions in a database.
"""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image
from reflex.event import Event
from reflex.state import State, StateUpdate
from sqlalchemy import Engine
from sqlmodel import col, select, update
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from portal import routes
from portal.domain.access import ADJUSTABLE, ROLES, STEP_UP, Privilege, Role
from portal.http.edge import Edge
from portal.http.table import AUDIENCES, http_routes
from portal.models import AuditEvent, FormPhoto, Session, Staff
from portal.models import db as database
from portal.security import intake, sessions, staff_sessions
from portal.security.access import Access, arguments, declared
from portal.security.guard import FRAMEWORK, NOT_YOURS, Guard, declared_handlers
from portal.settings import Settings
from portal.work import SYSTEM, open_work
from tests.services.signed import asked, sign_typed
from tests.support.clinic import furnish
from tests.support.databases import Databases
from tests.support.questions import to_fill

ID = "0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"
SETTINGS = Settings(PORTAL_PUBLIC_URL="http://testserver")  # pyright: ignore[reportCallIssue]
ALL = frozenset(Privilege)


@dataclass(frozen=True)
class Person:
    """Somebody at the door: what their cookies are, and what they may do by the table."""

    name: str
    role: Role | None = None
    patient: bool = False
    locked: bool = False
    proved: bool = True
    given: frozenset[Privilege] = frozenset()
    taken: frozenset[Privilege] = frozenset()
    cookies: dict[str, str] = field(default_factory=dict, compare=False)

    def may(self, privilege: Privilege) -> bool:
        return self.role is not None and privilege in (ROLES[self.role] | self.given) - self.taken


PEOPLE = (
    Person("nobody"),
    Person("patient", patient=True),
    *(Person(role.value, role) for role in Role),
    Person("locked", Role.ADMIN, locked=True),
    Person("proved long ago", Role.ADMIN, proved=False),
    Person("everything taken", Role.ADMIN, taken=frozenset(ADJUSTABLE)),
    Person("everything given", Role.FRONT_DESK, given=frozenset(ADJUSTABLE)),
    Person("patient and front desk", Role.FRONT_DESK, patient=True),
)


@dataclass
class Place:
    """The practice with its people signed in, and one of each thing that routes give out."""

    engine: Engine
    people: dict[str, Person]
    samples: dict[str, str]


@pytest.fixture(scope="module")
def place(sqlite_databases: Databases) -> Iterator[Place]:
    """Everybody at the door of one practice; a form, a photograph and a visit are the patient's."""
    with sqlite_databases.engine() as engine, pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "engine", lambda: engine)

        def open_as(who: Any, **more: Any) -> Any:
            return open_work(who, engine=engine, **more)

        with open_as(SYSTEM) as work:
            clinic = furnish(work)
            amelia = clinic.amelia.patient_id
            assert amelia is not None
            people = {}
            for person in PEOPLE:
                cookies = {"portal_browser": f"browser-of-{person.name}".replace(" ", "-")}
                if person.patient:
                    cookies["portal_session"] = sessions.open_session(work, amelia)
                if person.role is not None:
                    cookies["portal_staff"] = _staff_session(work, clinic.practice_id, person)
                people[person.name] = Person(**{**person.__dict__, "cookies": cookies})
        form_id, to_answer = asked(open_as, clinic), to_fill(open_as, clinic)
        sign_typed(open_as, clinic.amelia, form_id)
        with open_as(SYSTEM) as work:
            visit_id = clinic.visit(work, clinic.amelia, work.now() + timedelta(days=9))
        samples = {"form_id": str(form_id), "visit_id": str(visit_id), "token": "unknown", "number": "1234-5678-9012"}
        samples["to_answer"] = str(to_answer)
        yield Place(engine, people, samples)


def _staff_session(work: Any, practice_id: UUID, person: Person) -> str:
    assert person.role is not None
    staff = work.add(
        Staff(
            practice_id=practice_id,
            first_name="Sam",
            last_name=person.name,
            email=f"{person.name.replace(' ', '.')}@lumiere.example",
            role=person.role,
            given=[one.value for one in person.given],
            taken=[one.value for one in person.taken],
        )
    )
    token = staff_sessions.open_session(work, staff, "totp")
    values: dict[str, Any] = {"locked_at": work.now()} if person.locked else {}
    if not person.proved:
        values["proved_at"] = work.now() - timedelta(minutes=10, seconds=1)
    if values:
        work.db.exec(update(Session).where(col(Session.staff_id) == staff.id).values(**values))
    return token


def handlers() -> dict[str, Any]:
    """Every registered handler of the portal, by its name on the wire."""
    import portal.portal  # noqa: F401  # registers them all

    declared_handlers.cache_clear()
    ours = {name: fn for name, fn in declared_handlers().items() if fn.__module__.split(".")[0] == "portal"}
    assert len(ours) > 150
    return ours


def said(declaration: Access, person: Person) -> str:
    """What the declaration says should happen to this person."""
    if declaration.audience == "public":
        return "let through"
    if declaration.audience == "patient":
        return "let through" if person.patient else "log-in of patients"
    if person.role is None:
        return "log-in of staff"
    if person.locked:
        return "let through" if declaration.audience == "locked" else "lock"
    if declaration.audience == "locked":
        return "let through"
    assert declaration.privilege is not None
    if not person.may(declaration.privilege):
        return "a sentence"
    return "a question" if declaration.privilege in STEP_UP and not person.proved else "let through"


async def happens(root: Any, name: str, handler: Any) -> str:
    """What the guard does with an event of the right shape."""
    from portal.state.feedback import FeedbackState
    from portal.state.staff.session import StaffSessionState

    feedback, frame = await root.get_state(FeedbackState), await root.get_state(StaffSessionState)
    feedback.message, frame.asking_proof = "", False
    answer = await Guard().preprocess(None, root, Event(name=name, payload=fitting(handler)))  # pyright: ignore[reportArgumentType]
    if answer is None:
        return "let through"
    assert isinstance(answer, StateUpdate)
    towards = repr(answer.events)
    if f"{routes.STAFF_LOCK}" in towards:
        return "lock"
    if f"{routes.STAFF_LOGIN}" in towards:
        return "log-in of staff"
    if f"{routes.LOGIN}" in towards:
        return "log-in of patients"
    return "a question" if frame.asking_proof else "a sentence" if feedback.message == NOT_YOURS else "nothing"


def fitting(handler: Any) -> dict[str, Any]:
    """Arguments that pass: of the right types, within bounds."""
    filled: dict[str, Any] = {}
    for name, entry in arguments(handler).model_fields.items():
        kind = entry.annotation
        if kind is str:
            filled[name] = ID if any("pattern" in repr(bound) for bound in entry.metadata) else "x"
        elif kind is bool:
            filled[name] = True
        elif kind in (int, float):
            filled[name] = kind(1)
        else:
            filled[name] = [] if "list" in str(kind) else {}
    return filled


def tree(person: Person, path: str) -> Any:
    """A tab of this person, as the edge and the socket would have made it."""
    root = State(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    hashed = {
        "x-portal-session": sessions.session_hash(person.cookies.get("portal_session", "")),
        "x-portal-staff": sessions.session_hash(person.cookies.get("portal_staff", "")),
        "x-portal-browser": person.cookies["portal_browser"],
    }
    headers = {name: value for name, value in hashed.items() if value}
    root.router_data = {"headers": headers, "ip": "192.0.2.7", "pathname": path, "asPath": path}
    return root


@pytest.mark.parametrize("name", [person.name for person in PEOPLE])
@pytest.mark.parametrize("path", [routes.DASHBOARD, routes.STAFF_CLIENTS])
def test_every_handler_does_for_everybody_what_its_declaration_says(place: Place, name: str, path: str) -> None:
    """Wherever the tab claims to be: the address of a page gives nothing."""
    person, all_handlers = place.people[name], handlers()

    async def tried() -> dict[str, tuple[str, str]]:
        root = tree(person, path)
        found = {handler: await happens(root, handler, fn) for handler, fn in all_handlers.items()}
        return {
            handler: (found[handler], expected)
            for handler, fn in all_handlers.items()
            if found[handler] != (expected := said(_declared(fn), person))
        }

    assert not asyncio.run(tried())


def test_reflexs_own_handlers_let_nothing_else_through(place: Place) -> None:
    """Those that the browser needs pass for everybody; all others are refused to everybody."""
    theirs = {name for name, fn in declared_handlers().items() if not fn.__module__.startswith("portal")}

    async def passes(person: Person) -> set[str]:
        root = tree(person, routes.STAFF_CLIENTS)
        guard = Guard()
        return {
            name
            for name in theirs
            if await guard.preprocess(None, root, Event(name=name, payload={})) is None  # pyright: ignore[reportArgumentType]
        }

    for person in place.people.values():
        assert asyncio.run(passes(person)) == set(FRAMEWORK) & theirs


def test_refusals_of_staff_are_in_the_audit_log_with_their_reason(place: Place) -> None:
    intake.flush()
    desk = next(name for name, fn in handlers().items() if _declared(fn).privilege is Privilege.AUDIT_SEARCH)
    asyncio.run(happens(tree(place.people["front_desk"], routes.STAFF_AUDIT), desk, handlers()[desk]))
    intake.flush()
    with open_work(SYSTEM, engine=place.engine, write=False) as work:
        last = work.db.exec(select(AuditEvent).where(AuditEvent.action == "denied").order_by(col(AuditEvent.id))).all()
    assert any(row.detail == {"what": desk, "why": "privilege"} for row in last)


def _declared(handler: Any) -> Access:
    declaration = declared(handler)
    assert declaration is not None, f"{handler.__qualname__} is not declared"
    return declaration


# The HTTP routes.


def protected() -> list[Route]:
    """Every route that is not for everybody."""
    return [route for route in all_routes() if AUDIENCES[route.path].audience != "public"]


def all_routes() -> list[Route]:
    """Every route, in development and in production, each once."""
    production = Settings.model_construct(env="production")
    found = [*http_routes(Settings()), *http_routes(production)]  # pyright: ignore[reportCallIssue]
    kept = {(route.path, *sorted(route.methods or ())): route for route in found if isinstance(route, Route)}
    assert all(isinstance(route, Route) for route in found)
    return [route for route in kept.values() if route.path != "/dev/{anything:path}"]


def test_every_route_says_for_whom_it_answers() -> None:
    assert {route.path for route in all_routes()} == set(AUDIENCES)


def test_every_protected_route_answers_whom_it_says_and_nobody_else(place: Place) -> None:
    app = Edge(Starlette(routes=list(all_routes())), SETTINGS, Path("/nonexistent"))
    with TestClient(app, base_url=SETTINGS.public_url, follow_redirects=False) as client:
        upload = routes.photos_of(place.samples["to_answer"])
        place.samples["photo_id"] = _photo(client, upload, place)
        for route in protected():
            for person in place.people.values():
                answer = _ask(client, route, place.samples, person)
                opened = answer in {200, 201}
                assert opened is (said(AUDIENCES[route.path], person) == "let through"), (
                    route.path,
                    person.name,
                    answer,
                )
                assert opened or answer in {303, 401, 403, 404}


def _photo(client: TestClient, upload: str, place: Place) -> str:
    cookie = "; ".join(f"{name}={value}" for name, value in place.people["patient"].cookies.items())
    sent = client.post(upload, params={"question": "photo", "instead": ""}, content=_png(), headers={"cookie": cookie})
    assert sent.status_code == 201
    with open_work(SYSTEM, engine=place.engine, write=False) as work:
        return str(work.db.exec(select(FormPhoto.id)).first())


def _png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (30, 20), "red").save(out, "PNG")
    return out.getvalue()


def _ask(client: TestClient, route: Route, samples: dict[str, str], person: Person) -> int:
    posts = "POST" in (route.methods or ())
    filled = samples | ({"form_id": samples["to_answer"]} if posts else {})
    path = re.sub(r"\{(\w+):\w+\}", lambda found: filled[found[1]], route.path)
    headers = {"cookie": "; ".join(f"{name}={value}" for name, value in person.cookies.items())}
    if posts:
        given = {"question": "photo", "instead": ""}
        return client.post(path, params=given, content=_png(), headers=headers).status_code
    return client.get(path, headers=headers).status_code
