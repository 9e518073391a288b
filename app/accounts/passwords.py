"""Hashing passwords, a few at a time: a crowd that signs in must not starve a running exam.

Argon2id at 19 MiB, t=2, p=1 (OWASP's figures). One verification per process at a time, a short
queue behind it; whoever finds the queue full is told to try again in a few seconds.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# Of a process's four threads at most two wait here, so that one is always left for answers.
MAX_WAITING = 2
WAIT_SECONDS = 8.0

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Unknown login names are checked against this, so that they take as long as known ones.
_DUMMY_HASH = _hasher.hash("a password that nobody has")

# What an account has before it is activated: no password leads in, and finding that out takes as
# long as for any other.
NO_PASSWORD = ""

_running = threading.Semaphore(1)
_waiting = threading.Semaphore(MAX_WAITING)


class BusyError(Exception):
    """Too many people sign in at this moment."""


def hash_password(password: str) -> str:
    """Hash a new password."""
    with _turn():
        return _hasher.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Check a password; where there is none it takes just as long. Raises BusyError."""
    with _turn():
        try:
            _hasher.verify(password_hash or _DUMMY_HASH, password)
        except (VerificationError, InvalidHashError):
            return False
    return bool(password_hash)


def needs_rehash(password_hash: str) -> bool:
    """Tell whether a hash was made with older parameters."""
    return _hasher.check_needs_rehash(password_hash)


@contextmanager
def _turn() -> Iterator[None]:
    if _running.acquire(blocking=False):
        pass
    else:
        if not _waiting.acquire(blocking=False):
            raise BusyError
        try:
            if not _running.acquire(timeout=WAIT_SECONDS):
                raise BusyError
        finally:
            _waiting.release()
    try:
        yield
    finally:
        _running.release()
