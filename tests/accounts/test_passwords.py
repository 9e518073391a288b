"""AU11: one verification at a time in a process, a short queue, and an honest answer beyond it."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import argon2
import pytest
from argon2 import PasswordHasher

from app.accounts import passwords
from tests.accounts.factories import WRONG, try_sign_in
from tests.support.pages import Browser

PATIENCE = 20


class Counter:
    """Stands at Argon2's door: counts who is inside at once, and lets nobody out until told."""

    def __init__(self, monkeypatch):
        self._mutex = threading.Lock()
        self._inside = 0
        self.most = 0
        self.calls = 0
        self.entered = threading.Event()
        self.leave = threading.Event()
        monkeypatch.setattr(PasswordHasher, "verify", self.verify)
        monkeypatch.setattr(PasswordHasher, "hash", self.hash)

    def verify(self, stored, password):
        self._stay()
        return True

    def hash(self, password):
        self._stay()
        return "hash"

    def _stay(self):
        with self._mutex:
            self._inside += 1
            self.calls += 1
            self.most = max(self.most, self._inside)
        self.entered.set()
        assert self.leave.wait(PATIENCE)
        with self._mutex:
            self._inside -= 1


@pytest.fixture
def door(monkeypatch):
    counter = Counter(monkeypatch)
    yield counter
    counter.leave.set()


def until(condition):
    limit = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.002)


def fill_queue(pool, call):
    """Let one caller in and as many wait as may."""
    first = [pool.submit(call)]
    until(lambda: passwords._running._value == 0)
    rest = [pool.submit(call) for _ in range(passwords.MAX_WAITING)]
    until(lambda: passwords._waiting._value == 0)
    return first + rest


def test_only_one_password_is_hashed_at_a_time(door):
    def act(place):
        calls = (lambda: passwords.verify("stored", "p"), lambda: passwords.hash_password("p"))
        try:
            return calls[place % 2]()
        except passwords.BusyError:
            return None

    with ThreadPoolExecutor(8) as pool:
        running = [pool.submit(act, place) for place in range(8)]
        until(lambda: sum(each.done() for each in running) == 8 - 1 - passwords.MAX_WAITING)
        door.leave.set()
        answers = [each.result() for each in running]
    assert door.most == 1
    assert answers.count(None) == 8 - 1 - passwords.MAX_WAITING == 8 - door.calls


def test_whoever_finds_the_queue_full_is_refused_at_once(door):
    with ThreadPoolExecutor(4) as pool:
        waiting = fill_queue(pool, lambda: passwords.verify("stored", "p"))
        begun = time.monotonic()
        with pytest.raises(passwords.BusyError):
            passwords.verify("stored", "p")
        assert time.monotonic() - begun < passwords.WAIT_SECONDS / 2
        door.leave.set()
        assert [each.result() for each in waiting] == [True] * 3


def test_whoever_waits_too_long_is_refused_and_gives_his_place_back(door, monkeypatch):
    monkeypatch.setattr(passwords, "WAIT_SECONDS", 0.01)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(passwords.verify, "stored", "p")
        until(door.entered.is_set)
        for _ in range(passwords.MAX_WAITING + 1):
            with pytest.raises(passwords.BusyError):
                passwords.verify("stored", "p")
        door.leave.set()
        assert first.result()
    assert passwords.verify("stored", "p")


def test_a_failed_hash_gives_its_turn_back(monkeypatch):
    def break_down(hasher, password):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(PasswordHasher, "hash", break_down)
        for _ in range(3):
            with pytest.raises(MemoryError):
                passwords.hash_password("p")
    assert passwords.verify(passwords.hash_password("p"), "p")


def test_a_crowd_gets_its_page_back_with_the_number_and_when_to_try_again(app, door):
    def sign_in_somebody():
        browser = Browser(app=app, client=app.test_client())
        return try_sign_in(browser, "SY001", WRONG, status=None)

    late = Browser(app=app, client=app.test_client())
    page = late.get("/sign-in")
    with ThreadPoolExecutor(4) as pool:
        waiting = fill_queue(pool, sign_in_somebody)
        values = {"staff_number": "SY002", "password": WRONG}
        refused = late.submit(page, values, status=503)
        # Whoever does not sign in is served as ever.
        assert late.get("/healthz").status == 200
        door.leave.set()
        assert {each.result().status for each in waiting} == {303}
    assert door.most == 1
    assert refused.headers["Retry-After"] == "3"
    assert refused.one("[name=staff_number]").get("value") == "SY002"
    assert "3秒" in refused.text_of("#error-summary")


def test_a_crowd_counts_as_no_failure(browse, app, door):
    with ThreadPoolExecutor(3) as pool:
        waiting = fill_queue(pool, lambda: passwords.verify("stored", "p"))
        visitor = browse(None)
        page = visitor.get("/sign-in")
        for _ in range(6):
            visitor.submit(page, {"staff_number": "SY001", "password": WRONG}, status=503)
        door.leave.set()
        assert all(each.result() for each in waiting)
    assert visitor.submit(page, {"staff_number": "SY001", "password": WRONG}).location == "/"


def test_the_parameters_are_those_of_the_design():
    stored = passwords.hash_password("p")
    found = argon2.extract_parameters(stored)
    assert (found.memory_cost, found.time_cost, found.parallelism) == (19 * 1024, 2, 1)
    assert found.type is argon2.Type.ID
    assert not passwords.needs_rehash(stored)
    assert passwords.needs_rehash(PasswordHasher(time_cost=1, memory_cost=8192).hash("p"))


def test_long_passwords_are_not_cut():
    stored = passwords.hash_password("密" * 72)
    assert passwords.verify(stored, "密" * 72)
    assert not passwords.verify(stored, "密" * 73)


@pytest.mark.parametrize("stored", ["", "junk", "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$x", None])
def test_what_is_no_hash_is_the_password_of_nobody(stored):
    assert not passwords.verify(stored, "a password that nobody has")
