"""bench remark: "Re-marking 600 sittings of 50 questions under 20 s in a bench; undo".

One process with a database of its own: who would change is foreseen, a correction is carried out
and taken back as the worker does it. Beside it the same marking without any database.
"""

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.exams.correction_flow import FLOW
from app.exams.marking import mark
from app.exams.models import (
    Answer,
    CorrectionKind,
    Exam,
    HandedInBy,
    QuestionCorrection,
    Sitting,
    SittingResult,
)
from app.exams.service import corrections, foresight, grading
from app.exams.service.given import read_chosen
from app.exams.service.grading import KeyedPaper
from app.jobs import service as jobs
from app.kernel import clock, db
from app.workflow import service as workflow
from tests.exams.factories import order_grading, publish_exam, release
from tests.load.report import Goal, Options, Report, Table
from tests.support import cast
from tests.support.database import make_app

Answers = Mapping[int, Mapping[int, Sequence[str]]]

PEOPLE, QUESTIONS, TIMES = 600, 50, 3
AIM_SECONDS, AIM_FORESIGHT = 20.0, 1.0
NUMBER, LABELS = 7, "ABC"
NAMES = {
    "reference": "只算分，不用数据库（对照）",
    "foresee": "看影响",
    "apply": "更正后重新评卷",
    "revoke": "撤销后重新评卷",
}


def run(options: Options) -> Report:
    """Let everybody sit, then correct a question and take it back, several times."""
    people = options.people or PEOPLE
    with tempfile.TemporaryDirectory(prefix="cw-bench-") as folder:
        app = make_app(Path(folder))
        with app.app_context():
            cast.fill()
            exam_id = fill(people)
            seconds, failures = measure(exam_id)
            db.session.remove()
            db.database.engine.dispose()
    return report_of(people, seconds, failures)


def fill(people: int) -> int:
    """Make a released exam that so many have sat, each with answers of his own."""
    with clock.frozen(clock.now()):
        exam_id = publish_exam(
            [
                {"stem": f"第{number}问：材料齐全的，多长时间内收件？"}
                for number in range(QUESTIONS)
            ],
            only=cast.add_staff(people),
        )
        now = clock.now()
        with db.write():
            for sitting in db.session.scalars(select(Sitting)).all():
                sitting.started_at, sitting.deadline_at = (
                    now,
                    db.session.get_one(Exam, exam_id).closes_at,
                )
                db.session.add_all(
                    Answer(
                        sitting_id=sitting.id,
                        number=number,
                        chosen=[LABELS[(sitting.id + number) % len(LABELS)]],
                        is_flagged=False,
                        revision=1,
                        saved_at=now,
                    )
                    for number in range(1, QUESTIONS + 1)
                )
        with db.write():
            for sitting in db.session.scalars(select(Sitting)).all():
                sitting.handed_in_at, sitting.handed_in_by = now, HandedInBy.PERSON
    with clock.frozen(db.session.get_one(Exam, exam_id).closes_at.replace(year=now.year + 1)):
        order_grading(exam_id)
        work()
        release(exam_id)
    return exam_id


def work() -> None:
    """Do what has been ordered, as the worker would."""
    for job_id in jobs.list_startable():
        jobs.run_job(job_id)


def measure(exam_id: int) -> tuple[dict[str, float], list[str]]:
    """Carry a correction out and take it back several times; the fastest counts."""
    before = marks_of(exam_id)
    found: dict[str, list[float]] = {name: [] for name in NAMES}
    failures: list[str] = []
    for _ in range(TIMES):
        read = read_all(exam_id)
        found["reference"].append(timed(lambda each=read: mark_all(*each)))
        record_id = propose(exam_id)
        record = db.session.get_one(QuestionCorrection, record_id)
        found["foresee"].append(timed(lambda each=record: foresight.foresee_correction(each)))
        found["apply"].append(timed(lambda each=record_id: decide(each, "apply")))
        if len(changed(before, marks_of(exam_id))) != sum(
            right != "C" for right in answers(exam_id)
        ):
            failures.append("更正后成绩变动的人数不对")
        found["revoke"].append(timed(lambda each=record_id: decide(each, "revoke")))
        if marks_of(exam_id) != before:
            failures.append("撤销后成绩没有恢复")
    return {name: round(min(each), 3) for name, each in found.items()}, failures


def read_all(exam_id: int) -> tuple[KeyedPaper, Answers]:
    """Read what a run marks."""
    return grading.read_paper(exam_id), read_chosen(grading.list_sittings(exam_id, is_open=False))


def mark_all(paper: KeyedPaper, chosen: Answers) -> None:
    """Mark what was read, and store nothing."""
    for given in chosen.values():
        mark(paper.forms[1], paper.scheme, given)


def propose(exam_id: int) -> int:
    """Propose that a question is void, as the clerk does."""
    clerk = cast.principal("clerk")
    with db.write():
        record_id = corrections.open_correction(exam_id=exam_id, number=NUMBER, user=clerk)
    finding = corrections.Finding(kind=CorrectionKind.VOID, further="", opinion="题干有歧义。")
    with db.write():
        corrections.check_correction(
            correction_id=record_id, finding=finding, seen_version=1, user=clerk
        )
    return record_id


def decide(record_id: int, name: str) -> None:
    """Decide as the chief does, and let the worker mark."""
    with db.write():
        workflow.execute(
            FLOW, record_id=record_id, name=name, user=cast.principal("chief"), reason="依据有误。"
        )
    work()


def marks_of(exam_id: int) -> dict[int, Any]:
    """Give the marks that count, by sitting."""
    run = db.session.scalars(select(Exam.graded_run).where(Exam.id == exam_id)).one()
    rows = select(SittingResult.sitting_id, SittingResult.marks).where(SittingResult.run == run)
    return {row.sitting_id: row.marks for row in db.session.execute(rows)}


def answers(exam_id: int) -> list[str]:
    """Give what everybody chose in the question that is corrected."""
    found = (
        select(Answer.chosen)
        .join(Sitting, Sitting.id == Answer.sitting_id)
        .where(Sitting.exam_id == exam_id, Answer.number == NUMBER)
    )
    return [chosen[0] for chosen in db.session.scalars(found)]


def changed(before: dict[int, Any], after: dict[int, Any]) -> list[int]:
    """Give whose marks are others."""
    return [each for each in before if before[each] != after[each]]


def timed(act: Callable[[], object]) -> float:
    """Give the seconds that something takes."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def report_of(people: int, seconds: dict[str, float], failures: list[str]) -> Report:
    """Put it together."""
    reference = max(seconds["reference"], 0.001)
    return Report(
        name="remark",
        parameters={"people": people, "questions": QUESTIONS},
        tables=[
            Table(
                title=f"题目更正，{TIMES}次取最快",
                columns=("项目", "秒", "对照的几倍"),
                rows=[(NAMES[name], each, each / reference) for name, each in seconds.items()],
            )
        ],
        figures={"seconds": seconds},
        goals=[
            Goal(
                what=NAMES[name],
                found=seconds[name],
                limit=AIM_FORESIGHT if name == "foresee" else AIM_SECONDS,
                unit="秒",
            )
            for name in ("foresee", "apply", "revoke")
        ],
        failures=failures,
    )
