"""The exams of the small hall: held, open, late, drafted; made by the services."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.exams import printing
from app.exams.drawing import Row
from app.exams.exam_flow import FLOW
from app.exams.models import Exam, ExamPackage, LateAnswer, Sitting
from app.exams.printing import RESULT_SHEET, packages
from app.exams.service import (
    blueprints,
    choosing,
    drafting,
    grading,
    papers,
    publishing,
    sittings,
)
from app.files import service as files
from app.files.papers import code_of, order, store
from app.jobs import service as jobs
from app.jobs.models import Job
from app.kernel import clock, db
from app.questions import service as questions
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionCategory
from tests.site.signing import sign_on_paper
from tests.support import cast
from tests.support.questions import add_passed

NOW = clock.from_local(datetime(2026, 11, 20, 10, 0))  # noqa: DTZ001 - from_local gives the zone.
# What is shown, without being drawn anew each time.
PDF = b"%PDF-1.7\n% stands for a printed sheet\n"


def add_question(place: int, mark: str = "", **changes: object) -> int:
    """Add a question; every third one has more than one right answer."""
    is_multiple = place % 3 == 2
    content = {
        "kind": QuestionKind.MULTIPLE if is_multiple else QuestionKind.SINGLE,
        "category": QuestionCategory.COMMON,
        "stem": f"第{place + 1}问：窗口收件以后先做什么？{mark}",
        "options": (f"核对材料{mark}", f"出具回执{mark}", "请示领导"),
        "key": ["A", "B"] if is_multiple else ["B"],
        "marks": Decimal(10),
        "basis": f"窗口工作规范第{place + 1}条{mark}",
        "analysis": f"第{place + 1}条写明先后。{mark}",
        **changes,
    }
    with db.write():
        return add_passed(questions.Content(**content))


def objects(mark: str, bank: Sequence[int]) -> dict[str, dict[str, object]]:
    """Make them; gives the arguments of their addresses."""
    texts = {"notice": f"办件优先。\n开始后计时不停。{mark}"}
    released = hold_exam(f"十月一月一考{mark}", 20, bank[6:9], **texts)
    print_papers(released)
    unprinted = hold_exam(f"九月一月一考{mark}", 40, bank[7:10], **texts)
    queued = hold_exam(f"八月一月一考{mark}", 70, bank[7:10], **texts)
    failed = hold_exam(
        f"去年十二月一月一考{mark}", 340, bank[7:10], pass_marks=Decimal(30), **texts
    )
    late = hold_late_exam(f"岗位月考{mark}", bank[2:5], **texts)
    running = open_exam(f"十一月一月一考{mark}", bank[3:6], **texts)
    sit(running, NOW - timedelta(minutes=10), answered=2)
    waiting = open_exam(f"窗口补考{mark}", bank[:2], **texts)
    draft = draft_exam(f"十二月一月一考{mark}", bank[:3], days=20, **texts)
    return {
        "running": {**of_staff(running), "number": 1, "act": "message"},
        "waiting": of_staff(waiting),
        "released": {
            **of_staff(released),
            "department_id": cast.department_ids()[0],
            "form_code": 1,
        },
        "department_elsewhere": {
            "exam_id": released,
            "department_id": cast.department_ids()[1],
        },
        "exam_package": {"public_id": with_package(released)},
        "analysed": {"exam_id": released, "number": 1},
        "unprinted": of_staff(unprinted),
        "failed": of_staff(failed),
        "late": {**of_staff(late), "late_answer_id": db.session.scalar(select(LateAnswer.id))},
        "draft": {"exam_id": draft},
        "drawn": draw_exam(f"抽题月考{mark}", bank[:1], texts),
        "staff_job": {"public_id": order_sheet(queued)},
        **decided(mark, bank[2:5], texts),
    }


def draw_exam(title: str, question_ids: Sequence[int], texts: dict[str, str]) -> dict[str, object]:
    """Draft an exam with a row that is drawn, and draw it."""
    exam_id = draft_exam(title, question_ids, days=20, **texts)
    row = Row(
        number=1,
        category=QuestionCategory.COMMON, kind=QuestionKind.SINGLE, tag="", difficulty=None,
        count=2, marks=Decimal(10),
    )  # fmt: skip
    clerk = cast.person_id("clerk")
    with db.write():
        blueprints.set_blueprint(
            exam_id=exam_id, seen_version=db.session.get_one(Exam, exam_id).version, rows=[row],
            way=blueprints.Way(), edited_by_id=clerk,
        )  # fmt: skip
        public_id = blueprints.order_drawing(exam_id=exam_id, ordered_by_id=clerk)
    jobs.run_job(db.session.scalars(select(Job.id).where(Job.public_id == public_id)).one())
    return {"exam_id": exam_id, "number": 1, "form_code": 1}


def decided(
    mark: str, question_ids: Sequence[int], texts: dict[str, str]
) -> dict[str, dict[str, object]]:
    """Make exams that wait for each of those who decide on one."""
    made = {
        name: draft_exam(f"岗位加试{place}{mark}", question_ids, days=10, **texts, **changes)
        for place, (name, changes) in enumerate(
            {
                "submitted": {},
                "passed": {},
                "monthly": {"needs_approval": True},
                "reviewed": {"needs_approval": True},
                "exam_signed": {"needs_approval": True},
            }.items()
        )
    }
    clerk, chief = cast.person_id("clerk"), cast.person_id("chief")
    for name, exam_id in made.items():
        with db.write():
            publishing.submit_paper(exam_id=exam_id, submitted_by_id=clerk)
            if name not in {"submitted", "monthly"}:
                publishing.review_paper(exam_id=exam_id, reviewed_by_id=chief)
    sign_on_paper(FLOW, made["exam_signed"], "approve", "leader", mark)
    addresses: dict[str, dict[str, object]] = {
        name: {"exam_id": exam_id} for name, exam_id in made.items()
    }
    addresses["exam_signed"]["step"] = 4
    return addresses


def draft_exam(title: str, question_ids: Sequence[int], *, days: int, **changes: object) -> int:
    """Draft an exam that opens so many days from the clock's now; for the department of staff."""
    opens_at = clock.now() + timedelta(days=days)
    given = {
        "title": title,
        "notice": "办件优先。",
        "opens_at": opens_at,
        "closes_at": opens_at + timedelta(days=1),
        "minutes": 40,
        "pass_marks": Decimal(10),
        "department_ids": cast.department_ids()[:1],
        **changes,
    }
    clerk = cast.person_id("clerk")
    with db.write():
        exam_id = drafting.draft_paper(settings=papers.Settings(**given), drafted_by_id=clerk)
        for question_id in question_ids:
            choosing.add_item(exam_id=exam_id, question_id=question_id, edited_by_id=clerk)
    return exam_id


def publish(exam_id: int, **roll: object) -> None:
    """Send a draft for approval, and approve it."""
    clerk, chief = cast.person_id("clerk"), cast.person_id("chief")
    with db.write():
        publishing.submit_paper(exam_id=exam_id, submitted_by_id=clerk)
        publishing.review_paper(exam_id=exam_id, reviewed_by_id=chief)
        publishing.publish_paper(exam_id=exam_id, published_by_id=chief, **roll)


def hold_exam(title: str, days_ago: int, question_ids: Sequence[int], **changes: object) -> int:
    """Hold an exam from draft to release: staff answers one question right, hands in."""
    begin = NOW - timedelta(days=days_ago)
    with clock.frozen(begin - timedelta(days=3)):
        exam_id = draft_exam(title, question_ids, days=3, **changes)
        publish(exam_id)
    sit(exam_id, begin, answered=1)
    end = begin + timedelta(minutes=20)
    with clock.frozen(end), db.write():
        sittings.hand_in(sitting_id=sitting_of(exam_id).id, received_at=end)
    grade(exam_id, begin + timedelta(days=1, minutes=5))
    with clock.frozen(begin + timedelta(days=2)), db.write():
        grading.release_results(exam_id=exam_id, released_by_id=cast.person_id("chief"))
    return exam_id


def hold_late_exam(title: str, question_ids: Sequence[int], **changes: object) -> int:
    """Hold an exam that is graded, not released, with an answer that came too late."""
    begin = NOW - timedelta(days=3)
    with clock.frozen(begin - timedelta(days=3)):
        exam_id = draft_exam(title, question_ids, days=3, **changes)
        publish(exam_id)
    sit(exam_id, begin, answered=1)
    save(exam_id, number=2, chosen=["B"], at=begin + timedelta(minutes=50))
    grade(exam_id, begin + timedelta(days=1, minutes=5))
    return exam_id


def open_exam(title: str, question_ids: Sequence[int], **changes: object) -> int:
    """Open an exam an hour ago."""
    begin = NOW - timedelta(hours=1)
    with clock.frozen(begin - timedelta(days=3)):
        exam_id = draft_exam(title, question_ids, days=3, **changes)
        publish(exam_id)
    return exam_id


def sit(exam_id: int, begin: datetime, *, answered: int) -> None:
    """Let staff start and answer the first questions."""
    with clock.frozen(begin), db.write():
        sittings.start_sitting(exam_id=exam_id, person_id=cast.person_id("staff"))
    for number in range(1, answered + 1):
        save(exam_id, number=number, chosen=["B"], at=begin + timedelta(minutes=number))


def save(exam_id: int, *, number: int, chosen: Sequence[str], at: datetime) -> None:
    """Save an answer of staff."""
    sitting = sitting_of(exam_id)
    with clock.frozen(at), db.write():
        sittings.save_answer(
            sitting_id=sitting.id,
            number=number,
            chosen=chosen,
            is_flagged=False,
            revision=1,
            received_at=at,
        )


def grade(exam_id: int, at: datetime) -> None:
    """Order the grading as the clerk does, and do it as the worker does."""
    with clock.frozen(at):
        clerk = cast.person_id("clerk")
        with db.write():
            public_id = grading.order_grading(exam_id=exam_id, ordered_by_id=clerk)
        jobs.run_job(db.session.scalars(select(Job.id).where(Job.public_id == public_id)).one())


def print_papers(exam_id: int) -> None:
    """Store all papers of an exam, as they are now, without printing them."""
    sitting, sha256 = sitting_of(exam_id), files.put_content(PDF)
    wanted = [
        (printing.RESULT_SHEET, sitting.id, 0),
        (printing.EVIDENCE_PACK, sitting.id, 0),
        (printing.NOTICE, exam_id, 0),
        (printing.DEPARTMENT_SHEET, exam_id, cast.department_ids()[0]),
        *(
            (kind, exam_id, 1)
            for kind in (
                printing.PAPER_A4, printing.PAPER_A3, printing.ANSWER_SHEET, printing.KEY_PAPER,
            )
        ),
    ]  # fmt: skip
    for kind, record_id, part in wanted:
        shown = kind.read(record_id, part)
        with db.write():
            store(kind, record_id, code_of(shown), shown, part=part, sha256=sha256, size=len(PDF))


def with_package(exam_id: int) -> str:
    """Store a zip of an exam's papers; gives its public id."""
    sha256 = files.put_content(PDF)
    package = ExamPackage(
        public_id="exam-package",
        exam_id=exam_id,
        papers=3,
        ordered_by_id=cast.person_id("clerk"),
        made_at=clock.now(),
    )
    with db.write():
        packages.store(package, "成绩材料.zip", sha256, len(PDF))
    return package.public_id


def order_sheet(exam_id: int) -> str:
    """Order a sheet as staff does; nobody makes it."""
    sitting, values = sitting_of(exam_id), {"public_id": sitting_of(exam_id).public_id}
    with db.write():
        return order(RESULT_SHEET, sitting.id, values=values, ordered_by_id=cast.person_id("staff"))


def sitting_of(exam_id: int) -> Sitting:
    """Give the sitting of staff."""
    where = (Sitting.exam_id == exam_id, Sitting.person_id == cast.person_id("staff"))
    return db.session.execute(select(Sitting).where(*where)).scalar_one()


def of_staff(exam_id: int) -> dict[str, object]:
    """Give an exam together with the sitting of staff."""
    return {"exam_id": exam_id, "public_id": sitting_of(exam_id).public_id}
