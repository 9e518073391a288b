"""How rows that name no difficulty are divided into 易, 中, 难: alike in all forms.

"Different papers of equal difficulty (sum within 3 %)": as every form has the same number of
questions of each weight in each row, all sums are the same, whoever the form is for.
"""

from collections.abc import Iterator, Mapping
from heapq import heappop, heappush

from app.exams.drawing.flow import Lack
from app.exams.drawing.plan import Row
from app.exams.drawing.shelf import Cell, Shelf
from app.questions.models import QuestionCategory

# So many divisions are tried; the first is nearly always the last.
MOST_TRIES = 400

# How many questions of each weight a row (by its place) has in every form.
Split = Mapping[tuple[int, int], int]


def choose_split(shelf: Shelf) -> tuple[Split, Lack | None]:
    """Find a division that all forms can have, near to what the bank has; or say what lacks there.

    Complete up to MOST_TRIES: a division that can be had asks for less of what lacks in another, so
    that one of the steps away from there leads towards it.
    """
    first = share_out(shelf)
    lack = shelf.find_lack(cells_of(shelf, first), is_limited=True)
    if lack is None:
        return first, None
    seen = {tuple(first.values())}
    waiting = [(lack.total, tuple(first.values()), lack)]
    while waiting and len(seen) < MOST_TRIES:
        _, counts, near = heappop(waiting)
        for split in step_away(shelf, dict(zip(first, counts, strict=True)), near):
            counts = tuple(split.values())
            if counts in seen:
                continue
            seen.add(counts)
            found = shelf.find_lack(cells_of(shelf, split), is_limited=True)
            if found is None:
                return split, None
            heappush(waiting, (found.total, counts, found))
    return first, lack


def cells_of(shelf: Shelf, split: Split) -> dict[Cell, int]:
    """Give what every form of each group is to have."""
    return {
        Cell(group, place, weight): count
        for group in shelf.plan.groups
        for (place, weight), count in split.items()
        if count
    }


def step_away(shelf: Shelf, split: Split, lack: Lack) -> Iterator[Split]:
    """Give the divisions that ask for one less of what lacks, and for one of other weight."""
    for place, weight in split:
        is_lacking = any(Cell(group, place, weight) in lack.demands for group in shelf.plan.groups)
        if is_lacking and split[place, weight]:
            for other in shelf.plan.rows[place].strata:
                if other != weight:
                    less, more = (place, weight), (place, other)
                    yield {**split, less: split[less] - 1, more: split[more] + 1}


def share_out(shelf: Shelf) -> dict[tuple[int, int], int]:
    """Divide every row as its questions in the bank are divided."""
    return {
        (place, weight): count
        for place, row in enumerate(shelf.plan.rows)
        for weight, count in share_row(shelf, place, row).items()
    }


def share_row(shelf: Shelf, place: int, row: Row) -> dict[int, int]:
    """Divide a row by largest remainders, no weight beyond what every group has of it."""
    stock = {weight: stock_of(shelf, place, weight) for weight in row.strata}
    whole = sum(all_there for all_there, _ in stock.values()) or 1
    given = dict.fromkeys(row.strata, 0)
    for _ in range(row.count):
        # Where nothing is left the row is short anyway, and what follows will say so.
        free = [each for each in given if given[each] < stock[each][1]] or list(given)
        most = max(free, key=lambda each: row.count * stock[each][0] - given[each] * whole)
        given[most] += 1
    return given


def stock_of(shelf: Shelf, place: int, weight: int) -> tuple[int, int]:
    """Give how many questions of a weight fit a row in all groups, and how many a form can have."""
    plan = shelf.plan
    counts = [shelf.count(Cell(group, place, weight)) for group in plan.groups]
    is_common = plan.rows[place].category is QuestionCategory.COMMON
    forms = plan.all_forms if is_common else plan.form_count
    least = min(counts)
    return sum(counts), least if plan.most_forms is None else least * plan.most_forms // forms
