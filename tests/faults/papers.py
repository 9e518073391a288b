"""Papers for a running hall: made through the services, with a key that the test knows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from app.accounts import service as accounts
from app.exams.service import choosing, drafting, publishing
from app.exams.service.papers import Settings
from app.kernel import clock, db
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionCategory
from app.questions.service import Content
from tests.support import cast
from tests.support.questions import add_passed
from tests.support.server import Hall

# Kind, options, key, in turn: a paper of ten holds four single, three multiple, three true/false.
PATTERN = (
    (QuestionKind.SINGLE, ("一日内", "三日内", "五日内", "十日内"), ("B",)),
    (QuestionKind.MULTIPLE, ("亮身份", "亮标准", "亮承诺", "亮成绩"), ("A", "B", "C")),
    (QuestionKind.TRUE_FALSE, (), ("true",)),
)
MARKS = Decimal(10)


@dataclass(frozen=True)
class Asked:
    """A question of a paper as the test knows it."""

    number: int
    kind: QuestionKind
    labels: tuple[str, ...]
    key: tuple[str, ...]


def asked(count: int = 10) -> list[Asked]:
    """Give the questions of every paper that is made here."""
    return [
        Asked(
            number,
            kind,
            tuple("ABCD"[: len(options)]) if options else ("true", "false"),
            key,
        )
        for number in range(1, count + 1)
        for kind, options, key in [PATTERN[(number - 1) % len(PATTERN)]]
    ]


def write_questions(hall: Hall, count: int = 10) -> list[int]:
    """Put questions into the bank; returns their ids."""
    with hall.acting(), db.write():
        return [
            add_passed(
                Content(
                    kind=kind,
                    category=QuestionCategory.COMMON,
                    stem=f"第{number}道题：窗口收件后应当在多长时间内告知群众？",
                    options=options,
                    key=key,
                    marks=MARKS,
                    basis="2023年清廉窗口创建实施方案三（四）10",
                    analysis="承诺要写明做什么和多长时间。",
                )
            )
            for number in range(1, count + 1)
            for kind, options, key in [PATTERN[(number - 1) % len(PATTERN)]]
        ]


def publish_exam(
    hall: Hall,
    question_ids: Iterable[int],
    person_ids: Iterable[int],
    *,
    title: str = "2026年11月一月一考",
    minutes: int = 40,
    lasts: timedelta = timedelta(hours=2),
    releases_when_complete: bool = False,
) -> int:
    """Draft, submit and publish an exam that is open now, for these people; returns its id."""
    with hall.acting(), db.write():
        now = clock.now()
        clerk, chief = cast.person_id("clerk"), cast.person_id("chief")
        exam_id = drafting.draft_paper(
            settings=Settings(
                title=title,
                notice="办件优先：有群众在窗口时先办件。\n多选题少选、错选均不得分。",
                opens_at=now - timedelta(minutes=1),
                closes_at=now + lasts,
                minutes=minutes,
                pass_marks=Decimal(30),
                department_ids=[each.id for each in accounts.list_departments()],
                releases_when_complete=releases_when_complete,
            ),
            drafted_by_id=clerk,
        )
        for question_id in question_ids:
            choosing.add_item(exam_id=exam_id, question_id=question_id, edited_by_id=clerk)
        publishing.submit_paper(exam_id=exam_id, submitted_by_id=clerk)
        publishing.review_paper(exam_id=exam_id, reviewed_by_id=chief)
        publishing.publish_paper(
            exam_id=exam_id, published_by_id=chief, only_person_ids=frozenset(person_ids)
        )
        return exam_id
