"""What the demonstration's tour shows of this room: a sitting, and how a month came out."""

from flask import url_for
from sqlalchemy import select

from app.accounts.models import Person
from app.exams.demo import WAITS
from app.exams.models import Exam, Sitting
from app.kernel import clock, db
from app.kernel.feature import TourStop

CLERK = "QY0103"


def find_open() -> str | None:
    """Give the month's exam that waits for somebody of the cast."""
    now = clock.now()
    found = db.session.scalar(
        select(Exam.id)
        .join(Sitting, Sitting.exam_id == Exam.id)
        .join(Person, Person.id == Sitting.person_id)
        .where(
            Person.staff_number == WAITS,
            Sitting.handed_in_at.is_(None),
            Exam.opens_at <= now,
            Exam.closes_at > now,
        )
        .order_by(Exam.closes_at)
        .limit(1)
    )
    return None if found is None else url_for("exams.show_notice", exam_id=found)


def find_results() -> str | None:
    """Give the results of the last month's exam."""
    found = db.session.scalar(
        select(Exam.id)
        .where(Exam.released_at.is_not(None), Exam.is_for_named.is_(False))
        .order_by(Exam.closes_at.desc())
        .limit(1)
    )
    return None if found is None else url_for("exams.list_results", exam_id=found)


STOPS = (
    TourStop(
        name="sitting",
        position=20,
        title="答三题，断网再连，交卷",
        says="点“开始答题”，用字母键答三题，中途拔掉网线或者关掉服务，页面会说明答案还在。连上以后继续答，再点“交卷”，两次点击交完。",
        seconds=90,
        staff_number=WAITS,
        find=find_open,
        shows=("开始答题", "限时"),
    ),
    TourStop(
        name="results",
        position=25,
        title="上月成绩：谁没来，谁没过，分母是什么",
        says="参考率、合格率、平均分旁边都写着分子和分母。点“缺考”看名单，列表可以导出为Excel。",
        seconds=45,
        staff_number=CLERK,
        find=find_results,
        shows=("参考率", "合格率", "÷"),
    ),
)
