"""The hall of a run, made by the site's own services: a crowd, one open exam, living sessions."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.views import SESSION_KEY
from app.exams.models import Sitting
from app.exams.service import choosing, drafting, papers, publishing
from app.kernel import clock, db
from app.questions import service as questions
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionCategory
from tests.load.persons import Person
from tests.load.plans import LABELS, is_multiple
from tests.support import cast
from tests.support.database import make_app
from tests.support.questions import add_passed

MINUTES = 150
OPEN_FOR = timedelta(hours=6)
MARKS = Decimal(2)
# About as long as the questions of the demonstration are.
STEM = (
    "第{number}题：某窗口正在拟写摆桌上墙的服务承诺，按照可操作、可量化、可监督的要求，"
    "下列哪些写法合适？"
)
OPTIONS = (
    "热情服务，尽快为群众和企业办结",
    "材料齐全的，十五分钟内完成收件并出具凭证",
    "努力提高业务水平，让群众满意而归",
    "一般情况下及时答复电话咨询，特殊情况另行告知",
)
BASIS = "2023年清廉窗口创建实施方案三（四）10"


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """The people of a run; all are on the roll of the exam, nobody has started."""

    app: Flask
    var: Path
    exam: int
    people: Sequence[Person]


@contextmanager
def crowd(
    people: int, question_count: int, *, releases_when_complete: bool = False
) -> Iterator[Crowd]:
    """Make a hall in a folder of its own, and remove it afterwards."""
    with tempfile.TemporaryDirectory(prefix="cw-bench-") as folder:
        var = Path(folder)
        app = make_app(var)
        with app.app_context():
            made = fill(
                app, var, people, question_count, releases_when_complete=releases_when_complete
            )
            db.session.remove()
            db.database.engine.dispose()
        yield made


def fill(
    app: Flask, var: Path, people: int, question_count: int, *, releases_when_complete: bool
) -> Crowd:
    """Put the cast, the crowd, the exam and the sessions into an empty site."""
    cast.fill()
    ids = frozenset(cast.add_staff(people))
    exam_id = publish_exam(add_questions(question_count), ids, releases_when_complete)
    return Crowd(app=app, var=var, exam=exam_id, people=list_people(app, exam_id))


def add_questions(count: int) -> list[int]:
    """Put questions into the bank; gives their ids."""
    with db.write():
        return [add_passed(content_of(number)) for number in range(1, count + 1)]


def content_of(number: int) -> questions.Content:
    """Write one question of usual length; every third takes several options."""
    several = is_multiple(number)
    return questions.Content(
        kind=QuestionKind.MULTIPLE if several else QuestionKind.SINGLE,
        category=QuestionCategory.COMMON,
        stem=STEM.format(number=number),
        options=OPTIONS,
        key=list(LABELS[:2]) if several else [LABELS[1]],
        marks=MARKS,
        basis=BASIS,
        analysis="承诺要写明做什么和多长时间，群众才能监督。",
    )


def publish_exam(
    question_ids: Sequence[int], roll: frozenset[int], releases_when_complete: bool
) -> int:
    """Draft, submit and publish an exam that is open now; gives its id."""
    clerk, chief, now = cast.person_id("clerk"), cast.person_id("chief"), clock.now()
    settings = papers.Settings(
        title="2026年11月一月一考",
        notice="办件优先：有群众在窗口时先办件。\n开始后按限时计时，到时自动交卷。",
        opens_at=now - timedelta(minutes=1),
        closes_at=now + OPEN_FOR,
        minutes=MINUTES,
        pass_marks=MARKS,
        department_ids=cast.department_ids(),
        releases_when_complete=releases_when_complete,
    )
    with db.write():
        exam_id = drafting.draft_paper(settings=settings, drafted_by_id=clerk)
        for question_id in question_ids:
            choosing.add_item(exam_id=exam_id, question_id=question_id, edited_by_id=clerk)
        publishing.submit_paper(exam_id=exam_id, submitted_by_id=clerk)
    with db.write():
        publishing.review_paper(exam_id=exam_id, reviewed_by_id=chief)
        publishing.publish_paper(exam_id=exam_id, published_by_id=chief, only_person_ids=roll)
    return exam_id


def list_people(app: Flask, exam_id: int) -> list[Person]:
    """Begin a session for everybody on the roll, as if all had signed in already."""
    rows = db.session.execute(
        select(Sitting.person_id, Sitting.public_id, accounts.Person.staff_number)
        .join(accounts.Person, accounts.Person.id == Sitting.person_id)
        .where(Sitting.exam_id == exam_id)
        .order_by(Sitting.person_id)
    ).all()
    with db.write():
        tokens = [
            sessions.begin_session(accounts.business_account(person_id)).token
            for person_id, _, _ in rows
        ]
    return [
        Person(
            staff_number=staff_number,
            password=cast.PASSWORD,
            cookie=cookie_of(app, token),
            exam=exam_id,
            sitting=public_id,
        )
        for (_, public_id, staff_number), token in zip(rows, tokens, strict=True)
    ]


def cookie_of(app: Flask, token: str) -> str:
    """Sign a session cookie as the site signs it."""
    return str(serializer_of(app).dumps({SESSION_KEY: token}))


def token_of(app: Flask, cookie: str) -> str:
    """Give the session's secret in a cookie that the site has signed."""
    return str(serializer_of(app).loads(cookie)[SESSION_KEY])


def serializer_of(app: Flask):
    """Give what signs cookies."""
    return app.session_interface.get_signing_serializer(app)


def cast_cookie(app: Flask, who: str) -> str:
    """Begin a session for a member of the cast; gives the cookie."""
    with app.app_context():
        person_id = cast.person_id(who)
        with db.write():
            token = sessions.begin_session(accounts.business_account(person_id)).token
        db.database.engine.dispose()
    return cookie_of(app, token)
