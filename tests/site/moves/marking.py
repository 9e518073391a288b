"""Acts on answers that people mark."""

from tests.site.moves.move import Move

MOVES = {
    "exams.mark_answers": Move(
        who="clerk",
        name="to_mark",
        page="exams.mark_answers",
        values={"marks": "7.5", "remark": "条理清楚。"},
        texts=("remark",),
    ),
}
