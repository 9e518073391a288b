"""Whether all that is asked for can be had: a flow from demands to what there is, by augmenting paths.

Exact: what can be filled is filled, and what can't is shown by the demands that together ask for
more than everything that any of them could take (Hall).
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final

Node = Hashable
Arcs = Mapping[Node, Mapping[Node, int]]
SINK: Final = "sink"
PLENTY: Final = 10**9


@dataclass(frozen=True, kw_only=True)
class Lack:
    """`demands` compete for the same things and ask for `wanted` where there are `found`.

    `total`: how much is missing altogether, of these and of others.
    """

    demands: frozenset[Node]
    wanted: int
    found: int
    total: int


def find_lack(demands: Mapping[Node, int], arcs: Arcs) -> Lack | None:
    """Fill all demands, one after the other; None if that can be done."""
    room: dict[Node, dict[Node, int]] = defaultdict(dict)
    for node, ends in arcs.items():
        room[node].update(ends)
    found, total = None, 0
    for node, wanted in demands.items():
        missing, reached = fill(node, wanted, room)
        total += missing
        found = found or ((reached & demands.keys(), missing) if missing else None)
    if found is None:
        return None
    rivals, missing = found
    wanted = sum(demands[node] for node in rivals)
    return Lack(
        demands=frozenset(rivals), wanted=wanted, found=wanted - missing, total=total
    )  # fmt: skip


def fill(node: Node, wanted: int, room: dict[Node, dict[Node, int]]) -> tuple[int, set[Node]]:
    """Push so much from a node to the sink; give what could not be pushed, and all it reaches."""
    while wanted:
        came = search(node, room)
        if SINK not in came:
            return wanted, set(came)
        wanted -= push(node, wanted, came, room)
    return 0, set()


def search(start: Node, room: Mapping[Node, Mapping[Node, int]]) -> dict[Node, Node]:
    """Give from where each node was reached, up to the sink; the start from itself."""
    came, queue = {start: start}, deque([start])
    while queue and SINK not in came:
        node = queue.popleft()
        for end, free in room[node].items():
            if free and end not in came:
                came[end] = node
                queue.append(end)
    return came


def push(
    start: Node, wanted: int, came: Mapping[Node, Node], room: dict[Node, dict[Node, int]]
) -> int:
    """Push as much as the path to the sink takes."""
    path, node = [], SINK
    while node != start:
        path.append((came[node], node))
        node = came[node]
    amount = min(wanted, *(room[here][end] for here, end in path))
    for here, end in path:
        room[here][end] -= amount
        room[end][here] = room[end].get(here, 0) + amount
    return amount
