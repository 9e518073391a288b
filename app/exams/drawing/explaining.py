"""Why a plan can't be drawn: the simplest reason that there is.

A row by itself, then rows that want the same questions, then the limit on the forms that may hold a
question, and only then the equal difficulty of all forms.
"""

from collections.abc import Iterator, Sequence
from typing import NoReturn

from app.exams.drawing.flow import Lack
from app.exams.drawing.shelf import Cell, Shelf
from app.exams.drawing.short import DIFFICULTY_OF, Short, ShortError, ShortReason
from app.exams.drawing.splitting import Split, cells_of


def check_rows(shelf: Shelf, everything: Shelf) -> None:
    """Refuse rows that can't be had even where no two forms need be equally hard."""
    for short in short_rows(shelf, everything):
        raise ShortError(short)


def refuse_uneven(shelf: Shelf, everything: Shelf, split: Split, lack: Lack) -> NoReturn:
    """Refuse a plan whose forms can't be equally hard; `split` is how they should have been."""
    cells = [each for each in cells_of(shelf, split) if each in lack.demands]
    raise ShortError(describe(ShortReason.DIFFICULTY, shelf, everything, cells, lack))


def short_rows(shelf: Shelf, everything: Shelf) -> Iterator[Short]:
    """Look for rows that are short, the simplest reason first."""
    whole = {
        Cell(group, place, None): row.count
        for group in shelf.plan.groups
        for place, row in enumerate(shelf.plan.rows)
    }
    yield from single_rows(shelf, everything, whole)
    for reason, is_limited in ((ShortReason.SHARED, False), (ShortReason.EXPOSURE, True)):
        found = shelf.find_lack(whole, is_limited=is_limited)
        if found is not None:
            cells = [each for each in whole if each in found.demands]
            yield describe(reason, shelf, everything, cells, found)


def single_rows(shelf: Shelf, everything: Shelf, whole: dict[Cell, int]) -> Iterator[Short]:
    """Give the rows that are short by themselves."""
    for cell, wanted in whole.items():
        found, there = shelf.count(cell), everything.count(cell)
        if found < wanted:
            reason = ShortReason.TOTAL if there < wanted else ShortReason.USED
            lack = Lack(demands=frozenset({cell}), wanted=wanted, found=found, total=wanted - found)
            yield describe(reason, shelf, everything, [cell], lack)


def describe(
    reason: ShortReason, shelf: Shelf, everything: Shelf, cells: Sequence[Cell], lack: Lack
) -> Short:
    """Put together what is known of cells that lack something."""
    weights = [each.weight for each in cells if each.weight]
    return Short(
        reason=reason,
        rows=tuple(dict.fromkeys(shelf.row(each) for each in cells)),
        post_groups=tuple(dict.fromkeys(each.group for each in cells)),
        difficulty=DIFFICULTY_OF[weights[0]] if weights else None,
        wanted=lack.wanted,
        found=lack.found,
        lately=len(questions_of(everything, cells) - questions_of(shelf, cells)),
        plan=shelf.plan,
    )


def questions_of(shelf: Shelf, cells: Sequence[Cell]) -> set[int]:
    """Give the questions that fit any of the cells."""
    heaps = (heap for cell in cells for heap in shelf.heaps_of(cell))
    return {each.question_id for heap in heaps for each in heap.questions}
