"""What the load generator has seen: latencies from the planned start, errors, and the ledger.

Latency = finish - planned start, so a server that stalls can't hide the wait of those whom it kept
from asking (no coordinated omission).
"""

import asyncio
import math
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.load.wire import Answer, WireError

# As static/exams/sitting.js tries again.
PAUSES = (1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0, 10.0)
# Whoever is told to come back comes back for about five minutes.
BUSY_PAUSES = PAUSES * 10
BUSY, SERVER_ERROR = 503, 500

Send = Callable[[], Awaitable[Answer]]


@dataclass(frozen=True, kw_only=True)
class Save:
    """One acknowledged save."""

    sitting: str
    number: int
    revision: int
    chosen: tuple[str, ...]


@dataclass
class Ledger:
    """Everything that the server has promised."""

    saves: list[Save] = field(default_factory=list)
    # Sitting -> the receipt that was shown.
    hand_ins: dict[str, str] = field(default_factory=dict)
    # Signed cookies of those who got in.
    sign_ins: list[str] = field(default_factory=list)


@dataclass
class Record:
    """One run as its generator saw it; times in milliseconds."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    # By kind and what came: "save 500", "paper timeout".
    errors: Counter[str] = field(default_factory=Counter)
    # 503 with Retry-After where a crowd is expected to be told to come back.
    busy: Counter[str] = field(default_factory=Counter)
    retries: Counter[str] = field(default_factory=Counter)
    unfinished: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    reopened: int = 0
    # How late the generator itself was: what of a latency is not the server's fault.
    lags: list[float] = field(default_factory=list)
    generator_cpu_seconds: float = 0.0
    ledger: Ledger = field(default_factory=Ledger)


@dataclass
class Run:
    """A run under way: its clock begins at 0, its record grows."""

    record: Record
    seed: int
    began: float = 0.0
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)

    def now(self) -> float:
        """Give the seconds since the beginning."""
        return asyncio.get_running_loop().time() - self.began

    async def until(self, planned: float) -> None:
        """Sleep until a planned moment and note how late the generator woke up."""
        wait = planned - self.now()
        if wait > 0:
            await asyncio.sleep(wait)
            self.record.lags.append((self.now() - planned) * 1000)

    async def insist(
        self,
        kind: str,
        planned: float,
        send: Send,
        accept: int = 200,
        *,
        may_be_busy: bool = False,
    ) -> Answer | None:
        """Send the same request until it is accepted; None when it never was."""
        for pause in BUSY_PAUSES if may_be_busy else PAUSES:
            answer = await self.attempt(kind, send)
            if answer is not None and answer.status == accept:
                self.record.times[kind].append((self.now() - planned) * 1000)
                return answer
            wait = self.note_refusal(kind, answer, pause, may_be_busy=may_be_busy)
            if wait is None:
                break
            await asyncio.sleep(wait)
            self.record.retries[kind] += 1
        self.record.unfinished[kind] += 1
        return None

    async def attempt(self, kind: str, send: Send) -> Answer | None:
        """Send once; an answer that never came is counted here."""
        self.record.requests += 1
        try:
            return await send()
        except WireError as error:
            self.record.errors[f"{kind} {error.kind}"] += 1
            return None

    def note_refusal(
        self, kind: str, answer: Answer | None, pause: float, *, may_be_busy: bool
    ) -> float | None:
        """Count an answer that was not accepted.

        Gives how long to wait before the next try, None where the refusal is final.
        """
        if answer is None:
            return pause
        wanted = answer.headers.get("retry-after")
        if answer.status == BUSY and wanted and may_be_busy:
            self.record.busy[kind] += 1
            # People don't all click in the same instant.
            return float(wanted) + self.chance.random()
        self.record.errors[f"{kind} {answer.status}"] += 1
        return pause if answer.status >= SERVER_ERROR else None


def percentile(values: list[float], share: float) -> float:
    """Give the value that `share` of all values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)] if ordered else math.nan
