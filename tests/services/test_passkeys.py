"""Passkeys: added, used to log in and to prove oneself, and what must not count."""

from collections.abc import Callable

import pytest
from sqlmodel import select

from portal.errors import Conflict, Denied, Invalid, NotFound
from portal.models import AuditEvent, OutboxMessage, PasscodeChallenge, Passkey, Session
from portal.services import passkeys, staff_entering, staff_factors, staff_proving
from portal.services.staff_entering import Step
from portal.settings import Settings
from portal.work import SYSTEM, Actor
from tests.support.authenticator import Device
from tests.support.clinic import OpenAs, TestClinic
from tests.support.getting_in import OTHER_VISITOR, VISITOR
from tests.support.staff_in import SignedIn, signed_in

HOST, ORIGIN = "portal.example.com", "https://portal.example.com"
Made = Callable[[SignedIn], Device]


@pytest.fixture(autouse=True)
def address(monkeypatch: pytest.MonkeyPatch, clinic: TestClinic) -> None:
    """The portal at its public address."""
    public = Settings(PORTAL_PUBLIC_URL=ORIGIN)  # pyright: ignore[reportCallIssue]
    monkeypatch.setattr(passkeys, "settings", lambda: public)


def added(open_as: OpenAs, who: SignedIn, device: Device, name: str = "Clinic tablet") -> Device:
    with open_as(who.actor) as work:
        options = staff_factors.ask_new_passkey(work)
    with open_as(who.actor) as work:
        staff_factors.add_passkey(work, device.create(options), name)
    return device


def asked(open_as: OpenAs, visitor: Actor = VISITOR) -> tuple[str, str]:
    with open_as(visitor, write=False) as work:
        question = staff_entering.ask_passkey(work)
        return question.challenge, question.options


def entered(open_as: OpenAs, challenge: str, credential: str, visitor: Actor = VISITOR) -> Step:
    with open_as(visitor) as work:
        return staff_entering.enter_passkey(work, challenge, credential)


def test_a_passkey_is_added_and_logs_in_by_itself(open_as: OpenAs) -> None:
    naomi = signed_in(open_as)
    device = added(open_as, naomi, Device(ORIGIN, HOST))
    under_way, options = asked(open_as)
    done = entered(open_as, under_way, device.get(options))
    assert done.ticket.startswith("passkey.")
    with open_as(VISITOR) as work:
        assert staff_entering.redeem_ticket(work, done.ticket).id == naomi.id
    with open_as(SYSTEM) as work:
        kept = work.db.exec(select(Passkey)).one()
        assert (kept.name, kept.staff_id, kept.used_at is not None) == ("Clinic tablet", naomi.id, True)
        assert "A passkey was added" in repr(work.db.exec(select(OutboxMessage.subject)).all())


def test_an_answer_counts_once(open_as: OpenAs) -> None:
    device = added(open_as, signed_in(open_as), Device(ORIGIN, HOST))
    under_way, options = asked(open_as)
    device.count = -1  # as a passkey that is kept by several devices: it counts nothing
    with open_as(SYSTEM) as work:
        work.db.exec(select(Passkey)).one().sign_count = 0
    answer = device.get(options)
    assert entered(open_as, under_way, answer).ticket
    assert entered(open_as, under_way, answer).wrong
    again, _ = asked(open_as)
    assert entered(open_as, again, answer).wrong, "another challenge was asked"


def test_a_log_in_by_passkey_belongs_to_its_browser(open_as: OpenAs) -> None:
    device = added(open_as, signed_in(open_as), Device(ORIGIN, HOST))
    challenge, options = asked(open_as)
    done = entered(open_as, challenge, device.get(options))
    with open_as(OTHER_VISITOR) as work, pytest.raises(Denied):
        staff_entering.redeem_ticket(work, done.ticket)


@pytest.mark.parametrize(
    "how",
    [
        {"origin": "https://portal.example.com.evil.test"},
        {"origin": "http://portal.example.com"},
        {"host": "evil.test"},
        {"verifies": False},
        {"count": 0},
        {"user_handle": b"somebody else's id"},
    ],
    ids=["another site", "without TLS", "another site's key", "no finger", "a copied key", "another person's handle"],
)
def test_what_does_not_count(open_as: OpenAs, how: dict[str, object]) -> None:
    device = added(open_as, signed_in(open_as), Device(ORIGIN, HOST))
    under_way, options = asked(open_as)
    assert entered(open_as, under_way, device.get(options)).ticket
    for name, value in how.items():
        setattr(device, name, value)
    under_way, options = asked(open_as)
    assert entered(open_as, under_way, device.get(options)).wrong == passkeys.REFUSED
    with open_as(SYSTEM) as work:
        assert work.db.exec(select(AuditEvent).where(AuditEvent.action == "staff-sign-in.failed")).one()


@pytest.mark.parametrize("answer", ["", "x", "[]", "{}", "null", '{"id": 1}', "[" * 900, '{"response": {}}'])
def test_nonsense_is_refused_in_words(open_as: OpenAs, answer: str) -> None:
    under_way, _ = asked(open_as)
    assert entered(open_as, under_way, answer).wrong == passkeys.REFUSED
    naomi = signed_in(open_as)
    with open_as(naomi.actor) as work:
        staff_factors.ask_new_passkey(work)
    with open_as(naomi.actor) as work, pytest.raises(Conflict):
        staff_factors.add_passkey(work, answer, "Nonsense")


def test_another_persons_passkey_proves_nothing(open_as: OpenAs) -> None:
    naomi, jonah = signed_in(open_as), signed_in(open_as, "jonah.bell@lumiere.example")
    hers, his = (added(open_as, who, Device(ORIGIN, HOST)) for who in (naomi, jonah))
    with open_as(naomi.actor) as work:
        options = staff_proving.ask_passkey(work)
    with open_as(naomi.actor) as work:
        assert staff_proving.prove_passkey(work, his.get(options)).wrong == passkeys.REFUSED
        assert staff_proving.prove_passkey(work, hers.get(options)).wrong, "what was asked counts for one answer"
        options = staff_proving.ask_passkey(work)
    with open_as(naomi.actor) as work:
        assert not staff_proving.prove_passkey(work, hers.get(options)).wrong


def test_a_passkey_is_added_to_what_was_asked_alone(open_as: OpenAs) -> None:
    """Not to another session's question, not twice, not for another site."""
    naomi, jonah = signed_in(open_as), signed_in(open_as, "jonah.bell@lumiere.example")
    with open_as(naomi.actor) as work:
        options = staff_factors.ask_new_passkey(work)
    for who, made in ((jonah, Device(ORIGIN, HOST)), (naomi, Device("https://evil.test", HOST))):
        with open_as(who.actor) as work, pytest.raises(Conflict):
            staff_factors.add_passkey(work, made.create(options), "Stolen")
    with open_as(SYSTEM) as work:
        assert not work.db.exec(select(Passkey)).all()


def test_removed_it_opens_nothing(open_as: OpenAs) -> None:
    naomi, jonah = signed_in(open_as), signed_in(open_as, "jonah.bell@lumiere.example")
    device = added(open_as, naomi, Device(ORIGIN, HOST))
    with open_as(SYSTEM) as work:
        key = work.db.exec(select(Passkey.id)).one()
    for act in (staff_factors.remove_passkey, lambda work, one: staff_factors.rename_passkey(work, one, "Mine now")):
        with open_as(jonah.actor) as work, pytest.raises(NotFound):
            act(work, key)
    with open_as(naomi.actor) as work:
        staff_factors.rename_passkey(work, key, "  My   phone ")
    with open_as(naomi.actor) as work, pytest.raises(Invalid):
        staff_factors.rename_passkey(work, key, "  ")
    with open_as(naomi.actor) as work:
        assert work.get(Passkey, key).name == "My phone"
        staff_factors.remove_passkey(work, key)
    under_way, options = asked(open_as)
    assert entered(open_as, under_way, device.get(options)).wrong


def test_a_locked_screen_changes_no_factor(open_as: OpenAs) -> None:
    locked = signed_in(open_as, kind="locked")
    for act in (staff_factors.ask_new_passkey, staff_factors.fresh_recovery_codes, staff_factors.begin_authenticator):
        with open_as(locked.actor) as work, pytest.raises(Denied):
            act(work)


def test_asking_stores_nothing(open_as: OpenAs) -> None:
    """It takes no CAPTCHA: nobody can fill the database with it."""
    for _ in range(3):
        asked(open_as)
    with open_as(SYSTEM) as work:
        assert not work.db.exec(select(PasscodeChallenge)).all()


def test_a_bare_address_has_no_passkeys(monkeypatch: pytest.MonkeyPatch) -> None:
    assert passkeys.available()
    bare = Settings(PORTAL_PUBLIC_URL="http://127.0.0.1:3000")  # pyright: ignore[reportCallIssue]
    monkeypatch.setattr(passkeys, "settings", lambda: bare)
    assert not passkeys.available()


def test_what_is_asked_is_not_in_clear_in_the_database(open_as: OpenAs) -> None:
    naomi = signed_in(open_as)
    with open_as(naomi.actor) as work:
        staff_factors.ask_new_passkey(work)
    with open_as(SYSTEM) as work:
        raw = work.db.connection().exec_driver_sql("SELECT passkey_challenge FROM session").all()
        (kept,) = [one for one in work.db.exec(select(Session.passkey_challenge)).all() if one]
    assert kept.encode() not in repr(raw).encode()
