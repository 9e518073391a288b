"""Whether all that is asked for can be had: a flow from demands to what is there.

Exact, by augmenting paths: what can be filled is filled, and what can't is shown by the demands
that together ask for more than everything that any of them could take (Hall).
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
    short = {node: fill(node, wanted, room) for node, wanted in demands.items()}
    short = {node: missing for node, missing in short.items() if missing}
    if not short:
        return None
    reached = gather(short, room)
    wanted = sum(demands[node] for node in reached & demands.keys())
    return Lack(
        demands=frozenset(reached & demands.keys()),
        wanted=wanted,
        found=wanted - sum(missing for node, missing in short.items() if node in reached),
        total=sum(short.values()),
    )


def gather(short: Mapping[Node, int], room: Mapping[Node, Mapping[Node, int]]) -> set[Node]:
    """Give all that compete with the first demand that is short, other short ones included."""
    found: set[Node] = set()
    for node in short:
        reached = search(node, room).keys()
        if not found or found & reached:
            found |= reached
    return found


def fill(node: Node, wanted: int, room: dict[Node, dict[Node, int]]) -> int:
    """Push so much from a node to the sink; give what could not be pushed."""
    while wanted:
        came = search(node, room)
        if SINK not in came:
            return wanted
        wanted -= push(node, wanted, came, room)
    return 0


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
    path: list[tuple[Node, Node]] = []
    node: Node = SINK
    while node != start:
        path.append((came[node], node))
        node = came[node]
    amount = min(wanted, *(room[here][end] for here, end in path))
    for here, end in path:
        room[here][end] -= amount
        room[end][here] = room[end].get(here, 0) + amount
    return amount
