"""Somebody signed in goes for questionnaires with a bare socket: another's is neither seen nor touched, and in one's
own nothing is kept that is no answer. Whatever is sent, the portal lives and answers the next person."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest

from portal import routes
from tests.support import asked
from tests.support.portal_server import PortalServer
from tests.support.signed_in import sign_in
from tests.support.sockets import BareSocket, bare_socket
from tests.support.tour import AMELIA

ATTACKER, VICTIM = "+15035550143", "nora.kowalski@example.com"
STATE = "reflex___state____state.portal___state___patient___questionnaire____questionnaire_state"
SECRET = "Secret questionnaire of somebody else"

QUESTIONS = asked.one_page(
    {"linkId": "name", "type": "string", "text": "Your name", "required": True},
    {"linkId": "note", "type": "text", "text": "What should we know?"},
    {"linkId": "weight", "type": "decimal", "text": "Your weight", "unit": "lb", "min": 50, "max": 900},
    {"linkId": "since", "type": "date", "text": "Since when?", "days": "past"},
    {"linkId": "pain", "type": "scale", "text": "Your pain", "min": 0, "max": 10},
    {"linkId": "pregnant", "type": "boolean", "text": "Are you pregnant?", "required": True},
    {
        "linkId": "weeks",
        "type": "integer",
        "text": "How many weeks?",
        "required": True,
        "enableWhen": [{"question": "pregnant", "operator": "=", "answerBoolean": True}],
    },
    {
        "linkId": "skin",
        "type": "choice",
        "text": "Your skin",
        "answerOption": [{"valueCoding": {"code": "dry", "display": "Dry"}}],
    },
    {"linkId": "photo", "type": "attachment", "text": "A photograph"},
    {"linkId": "mark", "type": "signature", "text": "Your signature"},
)


@pytest.fixture(scope="module")
def portal(portal_without_jobs: PortalServer) -> PortalServer:
    """The page hears of nothing but what a test does."""
    return portal_without_jobs


def jar(portal: PortalServer, contact: str) -> dict[str, str]:
    """The cookies of somebody who is signed in."""
    return {"portal_browser": "attacker", "portal_session": sign_in(portal, contact)[1]}


def written(link_id: str, words: object, shown: object = 0) -> dict[str, Any]:
    """What the browser sends for words in a field."""
    return {"link_id": link_id, "words": words, "shown": shown, "ticket": uuid4().hex, "left": True}


@contextmanager
def at(portal: PortalServer, cookies: dict[str, str], form_id: UUID | str) -> Iterator[tuple[BareSocket, str]]:
    """A socket on the page of a form, which was loaded."""
    path = routes.questionnaire(str(form_id))
    with bare_socket(portal.url, cookies=cookies) as socket:
        socket.call(f"{STATE}.load", {}, path, wait=0.5)
        yield socket, path


@pytest.mark.parametrize("who", ["nobody", ATTACKER])
def test_anothers_questionnaire_is_neither_seen_nor_touched(portal: PortalServer, who: str) -> None:
    form_id = asked.ask(portal, VICTIM, SECRET, QUESTIONS)
    before = asked.stands(portal, form_id)
    cookies = {"portal_browser": "attacker"} if who == "nobody" else jar(portal, who)
    with at(portal, cookies, form_id) as (socket, path):
        for name, payload in [
            ("refresh", {}),
            ("fill_in", written("name", "Mallory")),
            ("choose", {"link_id": "pregnant", "code": "true", "on": True}),
            ("clear", {"link_id": "name"}),
            ("take_other", {"link_id": "name"}),
            ("keep_mine", {"link_id": "name"}),
            ("sign", {"form": {"question": "mark", "ink": "", "name": "Mallory"}}),
            ("photo_told", {"link_id": "photo", "status": 201}),
            ("remove_photo", {"photo_id": str(uuid4())}),
            ("edit", {"link_id": "page"}),
            ("go_on", {}),
            ("go_back", {}),
            ("submit", {}),
        ]:
            socket.call(f"{STATE}.{name}", payload, path)
        said = repr(socket.frames)
    assert asked.stands(portal, form_id) == before
    for words in (SECRET, "What should we know?", "Kowalski"):
        assert words not in said


NO_ANSWERS: list[tuple[str, dict[str, Any]]] = [
    ("fill_in", written("nothing", "words")),
    ("fill_in", written("page", "words")),
    ("fill_in", written("photo", "words")),
    ("fill_in", written("mark", "words")),
    ("fill_in", written("name", "x" * 256)),
    ("fill_in", written("note", "x" * 4_001)),
    ("fill_in", written("note", "x" * 100_000)),
    ("fill_in", written("name", ["words"])),
    ("fill_in", written("name", {"words": "words"})),
    ("fill_in", written("name", 1)),
    ("fill_in", written("name", "words", "0 or 1=1")),
    ("fill_in", written("name", "words", -1)),
    ("fill_in", written("name", "words", 7)),
    ("fill_in", written("name", "words", 2**70)),
    ("fill_in", written("pain", "11")),
    ("fill_in", written("pain", "NaN")),
    ("fill_in", written("skin", "oily")),
    ("fill_in", written("pregnant", "perhaps")),
    ("fill_in", {"link_id": "name"}),
    ("fill_in", written("\ud800", "words")),
    ("fill_in", written("name", "a half \ud800 of a letter")),
    ("fill_in", written("name\0", "words")),
    ("choose", {"link_id": "skin", "code": "oily", "on": True}),
    ("choose", {"link_id": "skin", "code": "Dry' --", "on": True}),
    ("choose", {"link_id": "skin", "code": ["dry"], "on": True}),
    ("choose", {"link_id": "pregnant", "code": "1", "on": True}),
    ("choose", {"link_id": "pain", "code": "3.5", "on": True}),
    ("choose", {"link_id": "pain", "code": "99999999999999999999999999", "on": True}),
    ("choose", {"link_id": "photo", "code": str(uuid4()), "on": True}),
    ("choose", {"link_id": "nothing", "code": "dry", "on": True}),
    ("choose", {"link_id": "skin", "code": "dry"}),
    ("choose", {"link_id": "skin", "code": "dry", "on": "yes, please"}),
    ("sign", {"form": {"question": "name", "ink": "{}"}}),
    ("sign", {"form": {"question": "mark", "ink": "[" * 100_000}}),
    ("sign", {"form": {"question": "mark", "ink": '{"strokes": [[[[1]]]], "width": NaN, "height": 1e999}'}}),
    ("sign", {"form": {"question": "mark", "ink": '{"drawing": "<svg onload=alert(1)>"}'}}),
    ("remove_photo", {"photo_id": str(uuid4())}),
    ("remove_photo", {"photo_id": "../../etc/passwd"}),
    ("edit", {"link_id": "../review"}),
    ("submit", {}),
    ("submit", {"seen_sha256": "0" * 64}),
    ("filling.submit", {}),
    ("_keep", {"link_id": "name", "answer": "x"}),
]


def test_what_is_no_answer_is_not_kept(portal: PortalServer) -> None:
    form_id = asked.ask(portal, AMELIA, "Questionnaire without answers", QUESTIONS)
    cookies = jar(portal, AMELIA)
    with ExitStack() as lines:
        socket, path = lines.enter_context(at(portal, cookies, form_id))
        for name, payload in NO_ANSWERS:
            if not socket.connected:
                socket, path = lines.enter_context(at(portal, cookies, form_id))
            socket.call(f"{STATE}.{name}", payload, path, wait=0.1)
    found = asked.stands(portal, form_id)
    assert (found["status"], found["answers"], found["photos"], found["submitted"]) == ("open", {}, [], [])
    with at(portal, cookies, form_id) as (socket, path):  # and she goes on as if nothing had been
        socket.call(f"{STATE}.fill_in", written("name", "Amelia"), path, wait=0.5)
    assert asked.stands(portal, form_id)["answers"] == {"name": "Amelia"}


def test_what_can_be_typed_is_kept_as_letters(portal: PortalServer) -> None:
    """Control characters and what turns letters around are taken out; the rest is text."""
    form_id = asked.ask(portal, AMELIA, "Questionnaire with odd letters", QUESTIONS)
    cookies = jar(portal, AMELIA)
    odd = "a\0b\x1b[31mcd\u202ee\u2066f\r\ng <script>alert(1)</script> {{7*7}} ' OR 1=1 --"
    with at(portal, cookies, form_id) as (socket, path):
        socket.call(f"{STATE}.fill_in", written("note", odd), path, wait=0.5)
        socket.call(f"{STATE}.fill_in", written("weight", "NaN"), path)
        socket.call(f"{STATE}.fill_in", written("since", "02/30/2020"), path, wait=0.5)
    assert asked.stands(portal, form_id)["answers"] == {
        "note": "ab[31mcdef\ng <script>alert(1)</script> {{7*7}} ' OR 1=1 --",
        "weight": "NaN",  # as it was typed: it is said beside the question, and it is not submitted
        "since": "02/30/2020",
    }
    with at(portal, cookies, form_id) as (socket, path):
        socket.call(f"{STATE}.edit", {"link_id": "review"}, path)
        socket.call(f"{STATE}.submit", {}, path, wait=0.5)
        assert "Write a number" in repr(socket.frames)
    assert asked.stands(portal, form_id)["submitted"] == []


def test_a_hidden_answer_is_not_submitted_and_nothing_is_submitted_twice(portal: PortalServer) -> None:
    form_id = asked.ask(portal, AMELIA, "Questionnaire with something hidden", QUESTIONS)
    cookies = jar(portal, AMELIA)
    with at(portal, cookies, form_id) as (one, path), at(portal, cookies, form_id) as (two, _):
        one.call(f"{STATE}.fill_in", written("weeks", "20"), path, wait=0.4)
        one.call(f"{STATE}.edit", {"link_id": "review"}, path, wait=0.4)
        one.call(f"{STATE}.submit", {}, path, wait=0.4)
        assert asked.stands(portal, form_id)["submitted"] == [], "what is required is missing"
        one.call(f"{STATE}.fill_in", written("name", "Amelia"), path, wait=0.4)
        one.call(f"{STATE}.choose", {"link_id": "pregnant", "code": "false", "on": True}, path, wait=0.4)
        for socket in (one, two):
            socket.call(f"{STATE}.refresh", {}, path, wait=0.4)
            socket.call(f"{STATE}.edit", {"link_id": "review"}, path, wait=0.4)
        for socket in (one, two, one, two):
            socket.send(f"{STATE}.submit", {}, path)
        one.settle(0.6)
        two.settle(0.6)
        one.call(f"{STATE}.fill_in", written("name", "Mallory", 1), path)
        one.call(f"{STATE}.clear", {"link_id": "name"}, path)
    found = asked.stands(portal, form_id)
    assert (found["status"], found["submitted"]) == ("done", [{"name": "Amelia", "pregnant": False}])
    assert found["answers"]["name"] == "Amelia"


def test_what_was_reviewed_elsewhere_is_not_submitted_unseen(portal: PortalServer) -> None:
    form_id = asked.ask(portal, AMELIA, "Questionnaire reviewed on two devices", QUESTIONS)
    cookies = jar(portal, AMELIA)
    with at(portal, cookies, form_id) as (one, path):
        one.call(f"{STATE}.fill_in", written("name", "Amelia"), path, wait=0.4)
        one.call(f"{STATE}.choose", {"link_id": "pregnant", "code": "false", "on": True}, path, wait=0.4)
        one.call(f"{STATE}.edit", {"link_id": "review"}, path, wait=0.4)
        asked.overwrite(portal, form_id, "name", "Somebody else")
        said = one.call(f"{STATE}.submit", {}, path, wait=0.5)
        assert "Some answers have changed since you reviewed them" in repr(said)
        assert asked.stands(portal, form_id)["submitted"] == []
        asked.reset(portal, form_id)
        said = one.call(f"{STATE}.submit", {}, path, wait=0.5)
    found = asked.stands(portal, form_id)
    assert (found["status"], found["submitted"]) == ("void", [])


def test_a_flood_and_deep_nests_end_the_line_and_not_the_portal(portal: PortalServer) -> None:
    form_id = asked.ask(portal, AMELIA, "Questionnaire with a flood", QUESTIONS)
    cookies = jar(portal, AMELIA)
    deep: Any = "x"
    for _ in range(80):
        deep = [deep]
    with at(portal, cookies, form_id) as (socket, path):
        socket.call(f"{STATE}.fill_in", written("note", deep), path)
        socket.call(f"{STATE}.sign", {"form": {"question": deep}}, path)
        socket.send(f"{STATE}.fill_in", written("note", "9" * 10_000_000), path)
        socket.settle(most=10)
    with bare_socket(portal.url, cookies=cookies) as socket:
        socket.raw('2/_event,["event",' + "[" * 200_000 + "]" * 200_000 + "]")
        socket.settle(most=5)
    assert asked.stands(portal, form_id)["answers"] == {}
    with at(portal, cookies, form_id) as (socket, path):
        socket.call(f"{STATE}.fill_in", written("name", "Amelia"), path, wait=0.5)
    assert asked.stands(portal, form_id)["answers"] == {"name": "Amelia"}
    assert "x" * 50 not in portal.log
    assert "9" * 50 not in portal.log


def test_why_a_photograph_was_refused_stands_until_the_next_try(portal: PortalServer) -> None:
    form_id = asked.ask(portal, AMELIA, "Questionnaire with a refused photograph", QUESTIONS)
    with at(portal, jar(portal, AMELIA), form_id) as (socket, path):
        told = socket.call(f"{STATE}.photo_told", {"link_id": "photo", "status": 415}, path, wait=0.4)
        assert "no photograph that we can read" in repr(told)
        assert "errors" not in repr(socket.call(f"{STATE}.refresh", {}, path, wait=0.4))
        gone = socket.call(f"{STATE}.photo_going", {"link_id": "photo"}, path, wait=0.4)
        assert "'errors_rx_state_': {}" in repr(gone)


def test_names_of_questions_that_are_none_do_not_pile_up(portal: PortalServer) -> None:
    form_id = asked.ask(portal, AMELIA, "Questionnaire with strangers", QUESTIONS)
    with at(portal, jar(portal, AMELIA), form_id) as (socket, path):
        for name in ("fill_in", "take_other", "keep_mine", "photo_going", "photo_told"):
            payload = {"fill_in": written("stranger", "x"), "photo_told": {"link_id": "stranger", "status": 415}}
            socket.call(f"{STATE}.{name}", payload.get(name, {"link_id": "stranger"}), path)
        assert "'stranger'" not in repr(socket.frames)
