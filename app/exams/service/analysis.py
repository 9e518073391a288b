"""题目分析: what a grading run says of each question, rolled up when the run counts.

A question is held against the rest of the paper of those to whom it was put: with several forms not
everybody was. The figures lie beside the frozen questions, so that a page reads rows and reckons
nothing, and the bank knows how a question did over the years.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, select

from app.exams.advice import flag_of
from app.exams.models import (
    Exam,
    ItemAnalysis,
    PaperKey,
    PaperQuestion,
    Sitting,
    SittingResult,
)
from app.exams.service.amendments import Amendment, read_amendments
from app.exams.service.given import Chosen, read_chosen
from app.exams.service.keys import select_keyed
from app.exams.statistics import (
    ItemFigures,
    Matrix,
    OptionFigures,
    analyse_items,
    analyse_options,
)
from app.kernel import db
from app.questions.kinds import CHOICES, QuestionKind

# Kinds whose answers are labels of options.
OPTIONED = CHOICES | {QuestionKind.TRUE_FALSE}


def analyse_run(exam_id: int, run: int) -> list[dict[str, Any]]:
    """Give the rows of a run's analysis, one for each question put to anybody; reads only."""
    details = read_details(exam_id, run)
    questions = [(each, key) for each, key in db.session.execute(select_keyed(exam_id))]
    matrix = matrix_of([each for each, _ in questions], list(details.values()))
    amendments, totals = read_amendments(exam_id), matrix.totals
    chosen = read_chosen(list(details)) if any(is_optioned(each) for each, _ in questions) else {}
    rows = []
    for place, (item, (question, key)) in enumerate(
        zip(analyse_items(matrix), questions, strict=True)
    ):
        if not item.n:
            continue
        rest = {
            sitting_id: totals[person] - cell
            for person, sitting_id in enumerate(details)
            if (cell := matrix.rows[person][place]) is not None
        }
        options = options_of(question, key, chosen, rest)
        amendment = amendments[question.number]
        row = row_of(question, item, options, amendment, run)
        rows.append({**row, "wrong": count_wrong(matrix, place)})
    return rows


def count_wrong(matrix: Matrix, place: int) -> int:
    """Count who did not get the full marks of a question."""
    full = matrix.full[place]
    return sum(cell is not None and cell < full for cell in (row[place] for row in matrix.rows))


def read_details(exam_id: int, run: int) -> Mapping[int, Mapping[str, str]]:
    """Give the marks of each sitting by question number."""
    found = db.session.execute(
        select(SittingResult.sitting_id, SittingResult.details)
        .join(Sitting, Sitting.id == SittingResult.sitting_id)
        .where(Sitting.exam_id == exam_id, SittingResult.run == run)
        .order_by(SittingResult.sitting_id)
    )
    return {sitting_id: details for sitting_id, details in found}  # noqa: C416 - rows are no pairs.


def matrix_of(questions: Sequence[PaperQuestion], details: Sequence[Mapping[str, str]]) -> Matrix:
    """Build the score matrix; a question that is not in somebody's form leaves an empty cell."""
    names = [str(each.number) for each in questions]
    return Matrix.of(
        names,
        [each.marks for each in questions],
        [[Decimal(marks[name]) if name in marks else None for name in names] for marks in details],
    )


def is_optioned(question: PaperQuestion) -> bool:
    """Tell whether a question is answered by choosing options."""
    return question.kind in OPTIONED


def options_of(
    question: PaperQuestion, key: PaperKey, chosen: Chosen, rest: Mapping[int, int]
) -> list[OptionFigures]:
    """Give the figures of a question's options; none for other kinds."""
    if not is_optioned(question):
        return []
    given = {
        sitting_id: answers[question.number]
        for sitting_id in rest
        if question.number in (answers := chosen.get(sitting_id, {}))
    }
    labels = [each["label"] for each in question.options]
    return analyse_options(labels, key.key, given, rest)


def row_of(
    question: PaperQuestion,
    item: ItemFigures,
    options: Sequence[OptionFigures],
    amendment: Amendment,
    run: int,
) -> dict[str, Any]:
    """Give the row of one question."""
    # A further answer that counts makes the frozen key half of the truth.
    judged = () if amendment.further else options
    return {
        "exam_id": question.exam_id,
        "number": question.number,
        "run": run,
        "question_id": question.question_id,
        "n": item.n,
        "facility": hundredths(item.facility, 100),
        "discrimination_index": hundredths(item.discrimination_index, 1),
        "upper_lower_d": hundredths(item.upper_lower_d, 1),
        "flag": flag_of(item, judged, is_void=amendment.is_void),
        "figures": asdict(item),
        "options": [asdict(each) for each in options],
    }


def hundredths(value: float | None, times: int) -> Decimal | None:
    """Round a figure to what a list sorts by; the exact one stands in `figures`."""
    return None if value is None else round(Decimal(value * times), 2)


def store(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write the analysis of a run over that of the one before, in the open write."""
    if not rows:
        return
    insert = db.insert(ItemAnalysis)
    kept = {"exam_id", "number", "question_id"}
    changed = {name: insert.excluded[name] for name in rows[0] if name not in kept}
    db.session.execute(
        insert.on_conflict_do_update(index_elements=["exam_id", "number"], set_=changed),
        list(rows),
    )


def catch_up() -> None:
    """Analyse one exam whose run that counts is not yet: it was graded before there was this."""
    is_analysed = (
        select(ItemAnalysis.exam_id)
        .where(ItemAnalysis.exam_id == Exam.id, ItemAnalysis.run == Exam.graded_run)
        .exists()
    )
    has_results = (
        select(SittingResult.sitting_id)
        .join(Sitting, Sitting.id == SittingResult.sitting_id)
        .where(Sitting.exam_id == Exam.id, SittingResult.run == Exam.graded_run)
        .exists()
    )
    exam = db.session.scalars(
        select(Exam)
        .where(Exam.graded_run > 0, has_results, ~is_analysed)
        .order_by(Exam.id)
        .limit(1)
    ).one_or_none()
    if exam is None:
        return
    rows = analyse_run(exam.id, exam.graded_run)
    with db.write():
        # A newer run has written its own meanwhile.
        now = db.session.get_one(Exam, exam.id, with_for_update=True)
        store([each for each in rows if each["run"] == now.graded_run])


def list_of_question(question_id: int) -> Mapping[int, ItemAnalysis]:
    """Give what the runs that count say of a question of the bank, by exam."""
    found = db.session.scalars(
        select(ItemAnalysis)
        .join(Exam, Exam.id == ItemAnalysis.exam_id)
        .where(ItemAnalysis.question_id == question_id, ItemAnalysis.run == Exam.graded_run)
    )
    return {each.exam_id: each for each in found}


def select_analysed(exam_id: int) -> Select[ItemAnalysis, PaperQuestion]:
    """Select the analysis of an exam's questions in the run that counts, with the questions."""
    is_question = and_(
        PaperQuestion.exam_id == ItemAnalysis.exam_id, PaperQuestion.number == ItemAnalysis.number
    )
    return (
        select(ItemAnalysis, PaperQuestion)
        .join(PaperQuestion, is_question)
        .join(Exam, Exam.id == ItemAnalysis.exam_id)
        .where(ItemAnalysis.exam_id == exam_id, ItemAnalysis.run == Exam.graded_run)
    )


def get_analysed(exam_id: int, number: int) -> tuple[ItemAnalysis, PaperQuestion, PaperKey] | None:
    """Give the analysis of one question with its key; the caller decides who may see it."""
    is_key = and_(PaperKey.exam_id == ItemAnalysis.exam_id, PaperKey.number == ItemAnalysis.number)
    found = db.session.execute(
        select_analysed(exam_id)
        .join(PaperKey, is_key)
        .add_columns(PaperKey)
        .where(ItemAnalysis.number == number)
    ).one_or_none()
    return None if found is None else (found[0], found[1], found[2])
