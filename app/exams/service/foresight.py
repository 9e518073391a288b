"""Who would have which marks if a correction were carried out: read before anybody decides.

One question changes, so a sitting's new marks are its old ones less what the question earned, and
what it would earn. Nothing is written; the run that follows a decision marks everything anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.accounts.models import Department, Person
from app.exams.marking import NOTHING, KeyedQuestion, Scheme, mark_question
from app.exams.models import CorrectionKind, Exam, QuestionCorrection, Sitting, SittingResult
from app.exams.service import grading
from app.exams.service.amendments import Amendment
from app.exams.service.given import read_chosen
from app.kernel import db


@dataclass(frozen=True, kw_only=True)
class Change:
    """One sitting whose marks would change."""

    sitting_id: int
    before: Decimal
    after: Decimal
    was_passed: bool
    is_passed: bool


@dataclass(frozen=True, kw_only=True)
class Foresight:
    """What a correction would do: of `asked` sittings those that change."""

    asked: int
    changes: Sequence[Change]

    @property
    def newly_passed(self) -> int:
        """How many would pass who have not passed."""
        return sum(each.is_passed and not each.was_passed for each in self.changes)


def foresee_correction(correction: QuestionCorrection) -> Foresight:
    """Tell what a correction would do that waits for a decision."""
    return foresee(correction.exam_id, correction.number, correction.kind, correction.further_key)


def foresee(
    exam_id: int, number: int, kind: CorrectionKind | None, further_key: Sequence[Any]
) -> Foresight:
    """Tell what one more correction of a question would do to the marks that count."""
    exam = db.session.get_one(Exam, exam_id)
    question = next(each for each in grading.read_keys(exam_id) if each.number == number)
    held = Amendment(further=question.alternatives, is_void=question.is_void)
    amendment = held.with_one(kind, further_key)
    question = replace(question, alternatives=amendment.further, is_void=amendment.is_void)
    asked = db.session.execute(
        select(SittingResult)
        .join(Sitting, Sitting.id == SittingResult.sitting_id)
        .where(Sitting.exam_id == exam_id, SittingResult.run == exam.graded_run)
        .order_by(SittingResult.sitting_id)
    ).scalars()
    results = [each for each in asked if str(number) in each.details]
    chosen = read_chosen([each.sitting_id for each in results], number=number)
    changes = [
        change_of(exam, question, each, chosen.get(each.sitting_id, {}).get(number, ()))
        for each in results
    ]
    return Foresight(
        asked=len(results), changes=[each for each in changes if each.before != each.after]
    )


def change_of(
    exam: Exam, question: KeyedQuestion, result: SittingResult, chosen: Sequence[str]
) -> Change:
    """Tell what becomes of one result."""
    scheme = Scheme(part_rule=exam.part_rule, option_marks=exam.option_marks)
    before = Decimal(result.details[str(question.number)])
    # What a person gave by hand stays what it is, unless the question is void.
    after = mark_question(question, scheme, chosen, before)
    marks = result.marks - before + (NOTHING if after is None else after)
    return Change(
        sitting_id=result.sitting_id,
        before=result.marks,
        after=marks,
        was_passed=result.is_passed,
        is_passed=marks >= exam.pass_marks,
    )


def name_people(found: Foresight) -> list[tuple[str, str, Change]]:
    """Give name and department of each whose marks would change, by department and pinyin."""
    changes = {each.sitting_id: each for each in found.changes}
    rows = db.session.execute(
        select(Person.name, Department.name, Sitting.id)
        .join(Sitting, Sitting.person_id == Person.id)
        .join(Department, Department.id == Sitting.department_id)
        .where(Sitting.id.in_(changes))
        .order_by(Department.position, Person.name_key, Person.staff_number)
    )
    return [(name, department, changes[sitting_id]) for name, department, sitting_id in rows]


def write(found: Foresight) -> str:
    """Write in one line what a correction would do."""
    if not found.changes:
        return f"{found.asked}人答过这道题，没有人的成绩变动"
    passed = f"，其中{found.newly_passed}人由不合格变为合格" if found.newly_passed else ""
    return f"{found.asked}人答过这道题，{len(found.changes)}人成绩变动{passed}"
