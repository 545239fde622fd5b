"""The CAPTCHA: solved once it is worth one id; changed, expired, stale or absurd it is worth nothing."""

import base64
import json
import time

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from portal.gateways.captcha import LIFETIME_SECONDS, MOST_TRIES, Altcha
from tests.support.captcha import solve

CAPTCHA = Altcha(b"k" * 32, cost=100)


@pytest.fixture(scope="module")
def solved() -> dict:
    return json.loads(base64.b64decode(solve(CAPTCHA.challenge())))


def packed(payload: object) -> str:
    return base64.b64encode(json.dumps(payload).encode()).decode()


def test_a_solved_challenge_has_one_id(solved: dict):
    assert CAPTCHA.verify(packed(solved)) == solved["challenge"]["signature"]
    assert solved["solution"]["counter"] < MOST_TRIES
    assert CAPTCHA.verify(solve(CAPTCHA.challenge())) != CAPTCHA.verify(packed(solved))


def test_the_same_solution_written_differently_has_the_same_id(solved: dict):
    again = solved | {
        "solution": solved["solution"] | {"time": 1, "derivedKey": solved["solution"]["derivedKey"].upper()}
    }
    assert CAPTCHA.verify(packed(again)) in {None, solved["challenge"]["signature"]}
    shouted = solved | {"challenge": solved["challenge"] | {"signature": solved["challenge"]["signature"].upper()}}
    assert CAPTCHA.verify(packed(shouted)) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("cost", 1), ("keyPrefix", "00"), ("expiresAt", 9_999_999_999), ("nonce", "00" * 16), ("algorithm", "SHA-256")],
)
def test_a_changed_challenge_is_refused(solved: dict, name: str, value: object):
    parameters = solved["challenge"]["parameters"] | {name: value}
    assert CAPTCHA.verify(packed(solved | {"challenge": solved["challenge"] | {"parameters": parameters}})) is None


def test_a_wrong_solution_is_refused(solved: dict):
    wrong = solved["solution"] | {"derivedKey": "00" * 32}
    assert CAPTCHA.verify(packed(solved | {"solution": wrong})) is None


def test_another_installation_does_not_accept_it(solved: dict):
    assert Altcha(b"j" * 32, cost=100).verify(packed(solved)) is None


def test_it_expires(solved: dict):
    with time_machine.travel(time.time() + LIFETIME_SECONDS + 1):
        assert CAPTCHA.verify(packed(solved)) is None


@given(st.one_of(st.text(max_size=200), st.recursive(st.none() | st.floats() | st.text(), st.lists).map(packed)))
def test_absurd_payloads_are_refused(payload: str):
    assert CAPTCHA.verify(payload) is None


@pytest.mark.parametrize("part", ["challenge", "solution"])
@pytest.mark.parametrize("value", [None, [], "x", {}, {"parameters": []}, {"parameters": None, "signature": 1}])
def test_malformed_parts_are_refused(solved: dict, part: str, value: object):
    assert CAPTCHA.verify(packed(solved | {part: value})) is None


def test_long_payloads_are_not_even_read():
    assert CAPTCHA.verify("A" * 5_000_000) is None
    assert CAPTCHA.verify(packed([[]] * 5_000)) is None
