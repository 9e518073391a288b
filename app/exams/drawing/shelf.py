"""The bank as a drawing sees it: questions that are alike to every row lie in one heap.

What can be drawn depends on the sizes of the heaps alone, so that it is decided before the first
form is drawn, and quickly. A cell is a row in the forms of one group, or its part of one weight.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from app.accounts.roster.models import PostGroup
from app.exams.drawing.flow import PLENTY, SINK, Lack, Node, find_lack
from app.exams.drawing.plan import WEIGHTS, Candidate, Plan, Row, fits, is_free, is_fresh


class Cell(NamedTuple):
    """Some places of every form of a group; `weight` None asks for any difficulty."""

    group: PostGroup | None
    row: int
    weight: int | None


class Heap(NamedTuple):
    """Questions among which no row can tell; the first stands for all."""

    place: int
    questions: tuple[Candidate, ...]

    @property
    def weight(self) -> int:
        """What a mark of them weighs."""
        return WEIGHTS[self.questions[0].difficulty]


@dataclass(frozen=True)
class Shelf:
    """The heaps of those questions that may be drawn. Rows are named by their place in the plan."""

    plan: Plan
    candidates: Sequence[Candidate]

    @cached_property
    def heaps(self) -> Sequence[Heap]:
        """Sort the questions, which come in any order, into heaps."""
        tags = {row.tag for row in self.plan.rows}
        found: dict[object, list[Candidate]] = defaultdict(list)
        for each in sorted(self.candidates, key=lambda each: each.question_id):
            sort = (each.kind, each.category, each.post_group, each.difficulty)
            found[(*sort, frozenset(tags & each.tags))].append(each)
        return [Heap(place, tuple(heap)) for place, heap in enumerate(found.values())]

    @cached_property
    def fitting(self) -> Mapping[tuple[PostGroup | None, int], Sequence[Heap]]:
        """Give the heaps from which a row of a group's forms may take."""
        return {
            (group, place): [heap for heap in self.heaps if fits(row, group, heap.questions[0])]
            for group in self.plan.groups
            for place, row in enumerate(self.plan.rows)
        }

    def heaps_of(self, cell: Cell) -> Sequence[Heap]:
        """Give the heaps from which a cell may take."""
        heaps = self.fitting[cell.group, cell.row]
        return [heap for heap in heaps if cell.weight in {None, heap.weight}]

    def count(self, cell: Cell) -> int:
        """Count the questions that fit a cell."""
        return sum(len(heap.questions) for heap in self.heaps_of(cell))

    def row(self, cell: Cell) -> Row:
        """Give the row of the blueprint to which a cell belongs."""
        return self.plan.rows[cell.row]

    def find_lack(self, wanted: Mapping[Cell, int], *, is_limited: bool) -> Lack | None:
        """Tell whether all forms can have so many in each cell, each question once a form.

        With a limit on the forms that may hold a question, all forms are drawn from one stock;
        without, each group is by itself and its first form is as good as all.
        """
        most = self.plan.most_forms if is_limited else None
        times = self.plan.form_count if most else 1
        arcs: dict[Node, dict[Node, int]] = defaultdict(dict)
        for cell in wanted:
            for heap in self.heaps_of(cell):
                here, size = (cell.group, heap.place), len(heap.questions)
                arcs[cell][here] = PLENTY
                arcs[here][heap.place if most else SINK] = size * times
                if most:
                    arcs[heap.place][SINK] = size * most
        return find_lack({cell: count * times for cell, count in wanted.items()}, arcs)


def make_shelf(plan: Plan, candidates: Iterable[Candidate], *, with_used: bool = False) -> Shelf:
    """Lay out what may be drawn; `with_used`: also what was used lately."""
    fixed = frozenset(plan.fixed_ids)
    free = (each for each in candidates if is_free(each, fixed))
    return Shelf(plan, tuple(each for each in free if with_used or is_fresh(plan, each)))
