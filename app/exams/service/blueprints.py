"""组卷: what is to be drawn, the drawing itself as a job, and the forms that came of it.

"公共题 + 岗位题, counts per kind, tag and difficulty, marks, exact total, no question used in the
last N months, exposure limit". The forms are drawn while the paper is a draft, so that whoever
reviews it reads what people will sit; any change of the draft makes them void. How a drawing is
done stands in `drawing`, which knows no tables.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, delete, func, select

from app.accounts.models import Person
from app.accounts.roster.models import Placement, Post, PostGroup
from app.accounts.roster.placements import placed
from app.audit.models import AuditEvent
from app.exams import drawing
from app.exams.kinds import PartRule
from app.exams.models import BlueprintRow, Exam, PaperForm
from app.exams.service import choosing, papers, readiness
from app.jobs import service as jobs
from app.kernel import clock, db
from app.kernel.feature import JobRun
from app.kernel.forms import RefusedError, StaleEditError
from app.questions import service as questions
from app.questions.kinds import QUESTION_KIND_LABELS, QuestionKind
from app.questions.models import Question, QuestionTag, QuestionVersion

DRAW_JOB = "exams.draw"
MOST_ROWS = 20
STEPS = 3
NO_ROWS = "还没有写组卷要求，请先写要抽哪些题。"
CHANGED = "组卷期间试卷改过，没有采用这次的结果，请重新组卷。"
ONE_MARK = "同一题型的题分值要一样，请核对{kind}的分值。"
TOO_MANY = f"一张试卷最多{choosing.MAX_QUESTIONS}道题，请减少题数。"


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a blueprint is drawn, and how what was drawn is put and marked."""

    form_count: int = 1
    is_shuffled: bool = False
    reuse_months: int | None = None
    most_exposure: int | None = None
    part_rule: PartRule = PartRule.ALL_OR_NOTHING
    option_marks: Decimal | None = None


def set_blueprint(
    *, exam_id: int, seen_version: int, rows: Sequence[drawing.Row], way: Way, edited_by_id: int
) -> None:
    """Replace the blueprint of a draft; raises RefusedError, or StaleEditError."""
    exam = papers.get_draft(exam_id)
    if exam.version != seen_version:
        raise StaleEditError
    check_rows(exam_id, rows)
    if way.part_rule is PartRule.PER_OPTION and not way.option_marks:
        raise RefusedError(option_marks="按选项计分的，请写每选对一项得几分。")
    db.session.execute(delete(BlueprintRow).where(BlueprintRow.exam_id == exam_id))
    put(exam, rows, way)
    papers.log_edit(exam, edited_by_id)


def put(exam: Exam, rows: Sequence[drawing.Row], way: Way) -> None:
    """Write the rows of an exam that has none, numbered anew, and how it is drawn."""
    db.session.add_all(
        BlueprintRow(exam_id=exam.id, **vars(replace(row, number=number)))
        for number, row in enumerate(rows, start=1)
    )
    for name, value in vars(way).items():
        setattr(exam, name, value)
    if way.part_rule is not PartRule.PER_OPTION:
        exam.option_marks = None
    db.session.flush()


def rows_of(exam_id: int) -> list[drawing.Row]:
    """Give what is to be drawn for an exam, in its order."""
    names = [each.name for each in fields(drawing.Row)]
    return [
        drawing.Row(**{name: getattr(row, name) for name in names})
        for row in papers.list_rows(exam_id)
    ]


def way_of(exam: Exam) -> Way:
    """Give how an exam is drawn, put and marked."""
    return Way(**{each.name: getattr(exam, each.name) for each in fields(Way)})


def check_rows(exam_id: int, rows: Sequence[drawing.Row]) -> None:
    """Refuse rows that no paper can hold; raises RefusedError."""
    if len(rows) > MOST_ROWS:
        raise RefusedError(form=f"组卷要求最多{MOST_ROWS}行，请合并相近的要求。")
    if sum(row.count for row in rows) + len(papers.list_items(exam_id)) > choosing.MAX_QUESTIONS:
        raise RefusedError(form=TOO_MANY)
    marks: dict[QuestionKind, Decimal] = {}
    for row in rows:
        # A question that two rows could draw must be worth the same in every form.
        if marks.setdefault(row.kind, row.marks) != row.marks:
            raise RefusedError(form=ONE_MARK.format(kind=QUESTION_KIND_LABELS[row.kind]))


def order_drawing(*, exam_id: int, ordered_by_id: int) -> str:
    """Order the drawing of a draft as it stands; raises RefusedError. Gives the job's public id."""
    exam = papers.get_draft(exam_id)
    if not papers.list_rows(exam_id):
        raise RefusedError(form=NO_ROWS)
    papers.add_author(exam_id, ordered_by_id)
    key = f"{DRAW_JOB}:{exam_id}:{exam.version}"
    if jobs.get_open_job(key) is None:
        papers.log(AuditEvent.EXAMS_DRAWN, exam, ordered_by_id)
    return jobs.order(
        kind=DRAW_JOB,
        key=key,
        title=f"组卷：{exam.title}",
        payload={"exam_id": exam_id, "version": exam.version},
        ordered_by_id=ordered_by_id,
    )


def change_seed(*, exam_id: int, seed: int, edited_by_id: int) -> None:
    """Let the next drawing take other questions, by another seed; raises RefusedError."""
    exam = papers.get_draft(exam_id)
    exam.seed = seed
    papers.log_edit(exam, edited_by_id)


def draw(job: JobRun) -> Mapping[str, Any]:
    """Draw the forms of a draft; what is short ends the job with the sentence that says what."""
    exam_id, version = int(job.payload["exam_id"]), int(job.payload["version"])
    exam = db.session.get_one(Exam, exam_id)
    job.progress(done=1, total=STEPS)
    try:
        forms = drawing.draw(plan_of(exam), list_candidates(exam))
    except drawing.ShortError as short:
        raise jobs.JobRefusedError(str(short)) from short
    job.progress(done=2, total=STEPS)
    with db.write():
        if papers.get_draft(exam_id).version != version:
            raise jobs.JobRefusedError(CHANGED)
        keep_forms(exam_id, forms)
    job.progress(done=STEPS, total=STEPS)
    return {
        "endpoint": "exams.show_forms",
        "values": {"exam_id": exam_id},
        "label": f"看组好的{len(forms)}套卷",
    }


def keep_forms(exam_id: int, forms: Sequence[drawing.Form]) -> None:
    """Replace the forms of a draft, in the open write."""
    papers.drop_forms(exam_id)
    db.session.execute(
        db.insert(PaperForm),
        [
            {
                "exam_id": exam_id,
                "code": each.code,
                "post_group": each.post_group,
                "question_ids": list(each.question_ids),
                "difficulty": each.difficulty,
                "numbers": [],
            }
            for each in forms
        ],
    )


def plan_of(exam: Exam) -> drawing.Plan:
    """Give all that decides on the forms of a draft."""
    return drawing.Plan(
        rows=rows_of(exam.id),
        fixed_ids=[item.question.id for item in papers.list_items(exam.id)],
        form_count=exam.form_count,
        post_groups=groups_of(exam),
        seed=exam.seed,
        reuse_since=reuse_since(exam),
        most_exposure=exam.most_exposure,
    )


def reuse_since(exam: Exam) -> date | None:
    """Give the day from which on a question counts as used of late: so many months before."""
    if exam.reuse_months is None:
        return None
    opens = clock.local(exam.opens_at).date()
    months = opens.year * 12 + opens.month - 1 - exam.reuse_months
    return date(months // 12, months % 12 + 1, min(opens.day, 28))


def groups_of(exam: Exam) -> list[PostGroup | None]:
    """Give the post groups of which a department that takes part has people, and none at all."""
    on = clock.local(exam.opens_at).date()
    statement = (
        select(Post.post_group)
        .distinct()
        .select_from(Person)
        .join(Placement, and_(Placement.person_id == Person.id, *placed(on)))
        .join(Post, Post.id == Placement.post_id)
    )
    if not exam.is_for_named:
        chosen = papers.list_department_ids(exam.id)
        statement = statement.where(Placement.department_id.in_(chosen))
    found = set(db.session.scalars(statement))
    return [*(each for each in PostGroup if each in found), None]


def post_groups_of(person_ids: Collection[int], on: date) -> dict[int, PostGroup]:
    """Give the post group of each of some people on a day; who has no post is left out."""
    rows = db.session.execute(
        select(Placement.person_id, Post.post_group)
        .join(Post, Post.id == Placement.post_id)
        .where(Placement.person_id.in_(person_ids), *placed(on))
    )
    return dict(rows.all())


def list_candidates(exam: Exam) -> list[drawing.Candidate]:
    """Give the questions of the bank that may be drawn now; of a 补考 none of its exam's."""
    asked = readiness.asked_before(exam)
    tags: dict[int, set[str]] = {}
    for question_id, tag in db.session.execute(select(QuestionTag.question_id, QuestionTag.tag)):
        tags.setdefault(question_id, set()).add(tag)
    rows = db.session.execute(
        select(
            Question.id, QuestionVersion.kind, QuestionVersion.category,
            QuestionVersion.post_group, QuestionVersion.difficulty, Question.used_on,
            Question.used_times,
        )
        .join(QuestionVersion, questions.of_current())
        .where(questions.drawable(), QuestionVersion.group_id.is_(None))
        .order_by(Question.id)
    )  # fmt: skip
    return [
        drawing.Candidate(
            question_id=question_id,
            kind=kind,
            category=category,
            post_group=post_group,
            difficulty=difficulty,
            tags=frozenset(tags.get(question_id, ())),
            used_on=used_on,
            used_times=used_times,
            group_key=None,
        )
        for question_id, kind, category, post_group, difficulty, used_on, used_times in rows
        if question_id not in asked
    ]


def list_tags() -> list[str]:
    """Give the tags of the bank's questions."""
    return list(
        db.session.scalars(
            select(QuestionTag.tag).group_by(QuestionTag.tag).order_by(func.count().desc())
        )
    )
