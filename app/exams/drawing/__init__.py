"""组卷: which questions stand in which form.

"公共题 + 岗位题, counts per kind, tag and difficulty, marks, exact total, no question used in
the last N months, exposure limit; papers per post group; different papers of equal difficulty;
recorded seed".

Pure: no tables, no clock, no random module. The same plan and candidates, in whatever order, give
the same forms; a plan that can't be drawn is refused with the cell that is short. How one person
sees a form is decided in `arrangement`.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from app.exams.drawing.explaining import check_rows, refuse_uneven
from app.exams.drawing.filling import Filling, Sheet, make_order
from app.exams.drawing.plan import WEIGHTS, Candidate, Form, Plan, Row, count_fitting, marks_of
from app.exams.drawing.shelf import make_shelf
from app.exams.drawing.short import Short, ShortError, ShortReason, say_short
from app.exams.drawing.splitting import choose_split

__all__ = [
    "Candidate",
    "Form",
    "Plan",
    "Row",
    "Short",
    "ShortError",
    "ShortReason",
    "count_fitting",
    "draw",
    "marks_of",
    "say_short",
]


def draw(plan: Plan, candidates: Iterable[Candidate]) -> list[Form]:
    """Draw all forms, numbered from 1 group by group; raises ShortError."""
    given = list(candidates)
    shelf = make_shelf(plan, given)
    everything = make_shelf(plan, given, with_used=True)
    check_rows(shelf, everything)
    split, lack = choose_split(shelf)
    if lack is not None:
        refuse_uneven(shelf, everything, split, lack)
    filling = Filling(shelf, split)
    filling.fill_all()
    weights = {each.question_id: WEIGHTS[each.difficulty] for each in shelf.candidates}
    return [finish(plan, code, sheet, weights) for code, sheet in filling.sheets.items()]


def finish(plan: Plan, code: int, sheet: Sheet, weights: Mapping[int, int]) -> Form:
    """Write a filled form down: row by row, within a row by hash."""
    order = make_order(plan.seed, code)
    rows: list[list[int]] = [[] for _ in plan.rows]
    for question, cell in sheet.cell_of.items():
        rows[sheet.group.cells[cell].row].append(question)
    return Form(
        code=code,
        post_group=sheet.group.post_group,
        question_ids=(*plan.fixed_ids, *(each for row in rows for each in sorted(row, key=order))),
        difficulty=weigh(plan, rows, weights),
    )


def weigh(plan: Plan, rows: Sequence[Sequence[int]], weights: Mapping[int, int]) -> Decimal:
    """Give the difficulty of what was drawn: marks times weight, summed up."""
    return sum(
        (
            row.marks * weights[each]
            for row, drawn in zip(plan.rows, rows, strict=True)
            for each in drawn
        ),
        Decimal(0),
    )
