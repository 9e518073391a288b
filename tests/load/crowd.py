"""Everybody at once: the open-loop run, in a process of its own that gives way to the server."""

import asyncio
import multiprocessing
import os
import time
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from tests.load import persons
from tests.load.persons import SignInPlan, SittingPlan
from tests.load.record import Record, Run

NICENESS = 10
LEAD_SECONDS = 0.5
HELLO_EVERY_SECONDS = 0.2

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A whole run: who does what, against which ports, for how long the reference is asked."""

    site: int
    hello: int
    seconds: float
    sittings: Sequence[SittingPlan] = ()
    sign_ins: Sequence[SignInPlan] = ()
    seed: int = 1


def run_apart(work: Callable[..., Result], *arguments: object) -> Result:
    """Call a function in a process at nice 10, so that generator and server don't compete."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context, initializer=os.nice, initargs=(NICENESS,)) as pool:
        return pool.submit(work, *arguments).result()


def play(scenario: Scenario) -> Record:
    """Play a scenario and give what was seen."""
    return asyncio.run(play_all(scenario))


async def play_all(scenario: Scenario) -> Record:
    """Let everybody act by his own plan, unlimited in number."""
    run = Run(Record(), scenario.seed)
    run.began = asyncio.get_running_loop().time() + LEAD_SECONDS
    cpu = time.process_time()
    asks = int(scenario.seconds / HELLO_EVERY_SECONDS)
    acts: list[Awaitable[None]] = [
        persons.ask_hello(run, scenario.hello, [n * HELLO_EVERY_SECONDS for n in range(asks)]),
        *(persons.sit(run, scenario.site, plan) for plan in scenario.sittings),
        *(persons.sign_in(run, scenario.site, plan) for plan in scenario.sign_ins),
    ]
    await asyncio.gather(*acts)
    run.record.generator_cpu_seconds = time.process_time() - cpu
    return run.record
