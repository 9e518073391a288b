"""The one place that decides what of an anonymous survey may be shown: page, Excel, PDF, sockets.

"Where anonymity was promised, no number on fewer than five people, directly or by subtraction."
Pure functions on tallies: how many chose each option. k is five for a mean or a share, eight for a
distribution and for words. Among groups whose total is shown, what is hidden must together be at
least five as well (complement, secondary suppression), and neither a shown group nor the hidden
rest may agree in everything (homogeneity): then the figure would say what each of them answered.
A question that was asked by an earlier answer is a group as well: its number cuts that tally.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

LEAST = 5
LEAST_FOR_SPREAD = 8
LEAST_HIDDEN = 2

# How many chose each option, by its place.
Tally = Sequence[int]
# Options whose sum is told: by a share, or by how many were asked a question that leans on them.
Part = frozenset[int]


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

    `box` are the places that make up a share, beside which a mean is told: where all are in it, or
    nobody is, the distribution stays hidden; and where few chose an option, for merged ones would
    be solved from mean and share.
    """
    if n < LEAST:
        return Level.HIDDEN
    if is_alike(tally, n):
        return Level.CONCENTRATED
    if n < LEAST_FOR_SPREAD or (box and (small_options(tally) or sum_of(tally, box) in {0, n})):
        return Level.SUMMARY
    return Level.FULL


def sum_of(tally: Tally, part: Collection[int]) -> int:
    """Give how many chose one of some options."""
    return sum(tally[place] for place in part)


def cut(parts: Sequence[Part], by: Part) -> list[Part]:
    """Give the parts that are left when the sum of some options is told as well."""
    return [piece for part in parts for piece in (part & by, part - by) if piece]


def may_cut(tally: Tally, parts: Sequence[Part], by: Part) -> bool:
    """Tell whether the sum of some options may be told beside those of `parts`.

    Only where nothing that comes of it, by subtraction as well, is of one to four people.
    """
    told = set(parts)
    return sum_of(tally, by) >= LEAST and not any(
        0 < sum_of(tally, piece) < LEAST for piece in cut(parts, by) if piece not in told
    )


def may_join(tally: Tally, n: int, asked: int, by: Part) -> bool:
    """Tell the same of a question with several choices: `asked` of n chose at least one of `by`.

    Beside the counts of the options, that tells how many chose more than one of them.
    """
    rests = [n - asked, sum_of(tally, by) - asked, *(asked - tally[place] for place in by)]
    return asked >= LEAST and not any(0 < rest < LEAST for rest in rests)


def merged_options(tally: Tally, parts: Sequence[Part] = ()) -> frozenset[int]:
    """Give the options that a distribution tells together, as 其余合计: few chose each of them.

    Nothing that is told apart is chosen by one to four people, and neither are the merged ones
    together, nor within one of the parts whose sum is told: their neighbour goes along.
    """
    merged = {place for place, count in enumerate(tally) if 0 < count < LEAST}
    others = {place for place, count in enumerate(tally) if count >= LEAST}
    while merged and others and is_told(tally, merged, parts):
        nearest = min(others, key=lambda place: (distance(place, merged), tally[place], place))
        others.remove(nearest)
        merged.add(nearest)
    return frozenset(merged)


def is_told(tally: Tally, merged: Collection[int], parts: Sequence[Part]) -> bool:
    """Tell whether fewer than five of the merged could be told from the rest."""
    whole = sum_of(tally, merged)
    within = [(sum_of(tally, part.intersection(merged)), sum_of(tally, part)) for part in parts]
    return whole < LEAST or any(0 < few < LEAST and few < of for few, of in within)


def distance(place: int, others: Collection[int]) -> int:
    """Tell how far an option stands from the nearest of others."""
    return min(abs(place - each) for each in others)


def small_options(tally: Tally) -> frozenset[int]:
    """Give the options that one to four people chose."""
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
