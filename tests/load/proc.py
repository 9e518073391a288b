"""What the kernel says about a tree of processes: processor time and memory, read from /proc."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
KIB_PER_MIB = 1024
# A process may end while it is being read.
GONE = (FileNotFoundError, ProcessLookupError)


def tree(root: int) -> list[int]:
    """Give a process and all its descendants."""
    found, parents = [root], dict(read_parents())
    for pid in found:
        found.extend(child for child, parent in parents.items() if parent == pid)
    return found


def read_parents() -> Iterator[tuple[int, int]]:
    """Give every process with its parent."""
    for folder in PROC.glob("[0-9]*"):
        with suppress(*GONE):
            yield int(folder.name), int(read_stat(int(folder.name))[1])


def read_stat(pid: int) -> list[str]:
    """Give the fields of /proc/PID/stat from the state on; the name before it may hold blanks."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def cpu_seconds(root: int) -> float:
    """Sum the processor time of a tree, children that have ended included."""
    ticks = 0
    for pid in tree(root):
        with suppress(*GONE):
            ticks += sum(int(value) for value in read_stat(pid)[11:15])
    return ticks / TICKS_PER_SECOND


def pss_mib(pids: list[int]) -> float:
    """Sum the memory of processes: what they share is counted once, divided among the sharers."""
    kib = 0
    for pid in pids:
        with suppress(*GONE):
            text = (PROC / str(pid) / "smaps_rollup").read_text()
            kib += next(
                int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")
            )
    return kib / KIB_PER_MIB
