"""Who gets which batch: A and B even in every department, an A/B角 pair never in the same. Pure.

"A/B角 batches per department": the window is never empty because those who stand in for one another
never leave together. A pair goes before evenness: four people of whom one is the B角 of the three
others make one against three. Pairs in a ring of an odd number can't all be kept apart; the last of
such a ring is let go. The same roll gives the same batches.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

BATCHES = ("A", "B")


@dataclass(frozen=True)
class Side:
    """People who hang together by pairs, as the two sides that may not meet."""

    first: tuple[int, ...]
    second: tuple[int, ...]

    @property
    def turned(self) -> "Side":
        """Give the same people with the sides changed."""
        return Side(self.second, self.first)


def assign(people: Mapping[int, int], pairs: Collection[tuple[int, int]]) -> dict[int, str]:
    """Give each person a batch; `people` maps a person to the department, `pairs` are of persons.

    A person outside of the roll in a pair is left out.
    """
    known = [(one, other) for one, other in pairs if one in people and other in people]
    sides = find_sides(sorted(people), known)
    inside: dict[int, list[Side]] = {}
    chosen: list[Side] = []
    for side in sides:
        homes = {people[each] for each in (*side.first, *side.second)}
        if len(homes) > 1:
            chosen.append(lighter(side, chosen, people))
        else:
            inside.setdefault(homes.pop(), []).append(side)
    for home, mine in sorted(inside.items()):
        chosen += balance(mine, lean(chosen, people, home))
    return {
        person: batch
        for side in chosen
        for batch, group in zip(BATCHES, (side.first, side.second), strict=True)
        for person in group
    }


def find_sides(order: Sequence[int], pairs: Collection[tuple[int, int]]) -> list[Side]:
    """Divide people into groups that pairs hold together, each in two sides, in a fixed order."""
    others: dict[int, list[int]] = {each: [] for each in order}
    for one, other in sorted({(min(pair), max(pair)) for pair in pairs}):
        others[one].append(other)
        others[other].append(one)
    colour: dict[int, int] = {}
    sides = []
    for each in order:
        if each not in colour:
            group = walk(each, others, colour)
            first = tuple(sorted(one for one in group if colour[one] == 0))
            sides.append(Side(first, tuple(sorted(set(group) - set(first)))))
    return sides


def walk(start: int, others: Mapping[int, Sequence[int]], colour: dict[int, int]) -> list[int]:
    """Colour everybody who hangs together with one, in turn; gives them."""
    colour[start], found = 0, [start]
    for each in found:
        for other in others[each]:
            if other not in colour:
                colour[other] = 1 - colour[each]
                found.append(other)
    return found


def lean(chosen: Sequence[Side], people: Mapping[int, int], home: int) -> int:
    """Give by how many A outnumbers B in a department so far."""
    return sum(
        sum(people[each] == home for each in side.first)
        - sum(people[each] == home for each in side.second)
        for side in chosen
    )


def lighter(side: Side, chosen: Sequence[Side], people: Mapping[int, int]) -> Side:
    """Turn a group of several departments so that they lean least."""
    homes = sorted({people[each] for each in (*side.first, *side.second)})
    found = (side, side.turned)
    return min(
        found, key=lambda one: sum(abs(lean([*chosen, one], people, home)) for home in homes)
    )


def balance(sides: Sequence[Side], begun: int) -> list[Side]:
    """Turn the groups of one department so that A and B come out as even as they can.

    `reached` holds for each difference the first way to it: with some hundred people there are no
    more differences than people.
    """
    reached: dict[int, tuple[Side, ...]] = {begun: ()}
    for side in sorted(sides, key=lambda one: (-abs(weight(one)), one.first, one.second)):
        following: dict[int, tuple[Side, ...]] = {}
        for total, way in reached.items():
            for each in (side, side.turned):
                following.setdefault(total + weight(each), (*way, each))
        reached = following
    best = min(reached, key=lambda total: (abs(total), total < 0))
    return list(reached[best])


def weight(side: Side) -> int:
    """Give by how many the first side outnumbers the second."""
    return len(side.first) - len(side.second)
