"""The only place where the site asks for the time. The server's clock decides about every deadline.

Instants are aware and in UTC; what people read is Asia/Shanghai. Tests and the demonstration put
another source in place, nothing else does.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Source = Callable[[], datetime]


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Source = _system_time


def now() -> datetime:
    """Give the present instant, aware, in UTC."""
    return _source()


def today() -> date:
    """Give the present day in the hall."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """Turn an aware instant into the hall's time."""
    return instant.astimezone(SHANGHAI)


def from_local(value: datetime) -> datetime:
    """Read a naive value typed by a person as the hall's time; gives an aware instant in UTC."""
    return value.replace(tzinfo=SHANGHAI).astimezone(UTC)


def set_source(source: Source | None) -> None:
    """Put another source of time in place for the whole process; None gives back the real one."""
    global _source  # noqa: PLW0603 - the clock is the one thing that is global by nature.
    _source = source or _system_time


@contextmanager
def frozen(instant: datetime) -> Iterator[None]:
    """Let the clock stand at one instant inside the block."""
    before = _source
    set_source(lambda: instant)
    try:
        yield
    finally:
        set_source(before)


def start_of(day: date) -> datetime:
    """Give the instant at which a day of the hall begins."""
    return from_local(datetime.combine(day, time()))
