"""Which ideas say much the same: by the pairs of characters that they share.

"Similar ideas shown by a simple search when the form is sent." A share of pairs needs no words to
be told apart, which Chinese doesn't do, and is the same on both engines. Pure functions.
"""

import itertools
from collections.abc import Iterable
from typing import TypeVar

Key = TypeVar("Key")

MOST_SHOWN = 5
# Below it two texts share no more than the words that everybody uses.
LEAST = 0.2


def pairs_of(text: str) -> frozenset[str]:
    """Give the pairs of neighbouring characters, punctuation and blanks left out."""
    plain = [character for character in text.casefold() if character.isalnum()]
    return frozenset(f"{one}{other}" for one, other in itertools.pairwise(plain))


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Give the share of the shorter one's pairs that the other has as well, from 0 to 1."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter else 0.0


def find_similar(text: str, among: Iterable[tuple[Key, str]]) -> list[Key]:
    """Give the keys of the texts that are most alike, the closest first, five at most."""
    wanted = pairs_of(text)
    scored = [(likeness(wanted, pairs_of(other)), place, key)
              for place, (key, other) in enumerate(among)]  # fmt: skip
    close = sorted(
        (each for each in scored if each[0] >= LEAST), key=lambda each: (-each[0], each[1])
    )
    return [key for _, _, key in close[:MOST_SHOWN]]
