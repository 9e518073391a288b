"""The one place that decides what of an anonymous survey may be shown: page, Excel, PDF, sockets.

"Where anonymity was promised, no number on fewer than five people, directly or by subtraction."
Pure functions on tallies: how many chose each option. k is five for a mean or a share, eight for a
distribution and for words. Among groups whose total is shown, what is hidden must together be at
least five as well (complement, secondary suppression), and neither a shown group nor the hidden
rest may agree in everything (homogeneity): then the figure would say what each of them answered.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

LEAST = 5
LEAST_FOR_SPREAD = 8
LEAST_HIDDEN = 2

# How many chose each option, by its place.
Tally = Sequence[int]


class Level(StrEnum):
    """How much of the answers to one question may be shown."""

    HIDDEN = "hidden"
    # All answered the same: how many they are, and nothing else.
    CONCENTRATED = "concentrated"
    # Mean and share.
    SUMMARY = "summary"
    # The distribution as well.
    FULL = "full"


def is_alike(tally: Tally, n: int) -> bool:
    """Tell whether all of n people answered the same: each option chosen by all or by nobody."""
    return all(each in {0, n} for each in tally)


def level_of(tally: Tally, n: int, *, box: frozenset[int] = frozenset()) -> Level:
    """Decide what may be shown of a question that n people answered.

    `box` are the places that make up a share: where all are in it, or nobody is, the distribution
    stays hidden.
    """
    if n < LEAST:
        return Level.HIDDEN
    if is_alike(tally, n):
        return Level.CONCENTRATED
    is_boxed = bool(box) and sum(tally[place] for place in box) in {0, n}
    return Level.SUMMARY if n < LEAST_FOR_SPREAD or is_boxed else Level.FULL


def merged_options(tally: Tally) -> frozenset[int]:
    """Give the options that a distribution tells together, as 其余合计: few chose each of them.

    Nothing that is told apart is chosen by one to four people, and neither are the merged ones
    together: their neighbour goes along, so that a scale stays in its order.
    """
    merged = {place for place, count in enumerate(tally) if 0 < count < LEAST}
    others = {place for place, count in enumerate(tally) if count >= LEAST}
    while merged and others and sum(tally[place] for place in merged) < LEAST:
        nearest = min(others, key=lambda place: (distance(place, merged), tally[place], place))
        others.remove(nearest)
        merged.add(nearest)
    return frozenset(merged)


def distance(place: int, others: Collection[int]) -> int:
    """Tell how far an option stands from the nearest of others."""
    return min(abs(place - each) for each in others)


def small_options(tally: Tally) -> frozenset[int]:
    """Give the options of which a list of choices says only that few chose them.

    Where one person may choose several there is no sum from which they could be told.
    """
    return frozenset(place for place, count in enumerate(tally) if 0 < count < LEAST)


def shown_groups(tallies: Mapping[str, Tally]) -> frozenset[str]:
    """Decide which groups may be told apart beside their total, which is shown.

    `tallies` are the answers of each group to the one question that everybody answered. The
    hidden ones are at least two and at least five people, who do not all agree.
    """
    hidden = {
        name for name, tally in tallies.items() if sum(tally) < LEAST or is_alike(tally, sum(tally))
    }
    shown = sorted(tallies.keys() - hidden, key=lambda name: (sum(tallies[name]), name))
    while hidden and shown and is_rest_open([tallies[name] for name in sorted(hidden)]):
        hidden.add(shown.pop(0))
    return frozenset(shown)


def is_rest_open(hidden: Sequence[Tally]) -> bool:
    """Tell whether what is hidden could be told from the total and from what is shown."""
    rest = [sum(column) for column in zip(*hidden, strict=True)]
    return len(hidden) < LEAST_HIDDEN or sum(rest) < LEAST or is_alike(rest, sum(rest))
