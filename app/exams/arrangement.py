"""In which order one person sees a paper: "one paper with shuffled questions and options".

Pure: the same seed, sitting and questions give the same order on every reload and every machine, so
nothing is stored. Which questions a paper has is decided in `drawing`; what they look like, in the
pages of a sitting. `number` names a question everywhere; `place` is the 题号 that the person reads.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from app.questions.kinds import QuestionKind

KIND_PLACES = {kind: place for place, kind in enumerate(QuestionKind)}


@dataclass(frozen=True, kw_only=True)
class Piece:
    """What the order needs of a frozen question; questions of one case share a `group_key`."""

    number: int
    kind: QuestionKind
    group_key: int | None = None
    labels: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A question where one person finds it, with the labels of its options as they stand there."""

    number: int
    place: int
    labels: tuple[str, ...]


def arrange(
    seed: int, sitting_key: str, questions: Sequence[Piece], *, is_shuffled: bool
) -> list[Placed]:
    """Put the questions of one paper in order for one sitting.

    Kinds stand in the order of QuestionKind. Within a kind the order is that of `questions` (the
    form's own) or, shuffled, of a hash: then it is of no account in which order they are given.
    A case stays together in the order of its numbers and stands with the last of its kinds.
    """
    salt = f"{seed}:{sitting_key}:"
    blocks = gather(questions)
    if is_shuffled:
        blocks.sort(key=lambda block: digest(salt, block[0].number))
    blocks.sort(key=kind_place)
    pieces = [piece for block in blocks for piece in block]
    return [
        Placed(
            number=piece.number,
            place=place,
            labels=order_labels(piece, salt) if is_shuffled else tuple(piece.labels),
        )
        for place, piece in enumerate(pieces, start=1)
    ]


def gather(questions: Iterable[Piece]) -> list[list[Piece]]:
    """Give what stays together: a case where its first question comes, or a single question."""
    blocks: dict[tuple[str, int], list[Piece]] = defaultdict(list)
    for piece in questions:
        is_single = piece.group_key is None
        key = ("question", piece.number) if is_single else ("case", piece.group_key or 0)
        blocks[key].append(piece)
    return [sorted(block, key=lambda piece: piece.number) for block in blocks.values()]


def kind_place(block: Sequence[Piece]) -> int:
    """Say among which kind a block stands."""
    return max(KIND_PLACES[piece.kind] for piece in block)


def order_labels(piece: Piece, salt: str) -> tuple[str, ...]:
    """Turn the options of a question; 正确 stands before 错误 for everybody."""
    if piece.kind is QuestionKind.TRUE_FALSE:
        return tuple(piece.labels)
    return tuple(sorted(piece.labels, key=lambda label: digest(salt, f"{piece.number}:{label}")))


def digest(salt: str, what: int | str) -> bytes:
    """Give what decides on an order: a hash, because a random module may change its ways."""
    return sha256(f"{salt}{what}".encode()).digest()
