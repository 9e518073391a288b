"""Questions for tests, made through the room's own service."""

from decimal import Decimal

from app.kernel import db
from app.questions import service
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionCategory
from app.questions.service import Content
from tests.support import cast
from tests.support.questions import add_passed, pass_review

# What a 经办人 types for one question of each kind.
SINGLE = {
    "kind": "single",
    "category": "common",
    "stem": "材料齐全的，多长时间内完成收件？",
    "options": "5分钟\n10分钟\n15分钟",
    "key": "C",
    "marks": "10",
    "basis": "2023年清廉窗口创建实施方案三（四）10",
    "analysis": "承诺要写明多长时间。",
}
MULTIPLE = {
    **SINGLE,
    "kind": "multiple",
    "stem": "“三亮”行动包括哪几项？",
    "options": "亮身份\n亮标准\n亮承诺\n亮成绩",
    "key": "ABC",
}
TRUE_FALSE = {
    **SINGLE,
    "kind": "true_false",
    "stem": "党员一律佩戴党员徽章。",
    "options": "",
    "key": "对",
}


def content(**values):
    """Give a question as the service takes it; by default a single choice of three."""
    given = {
        "kind": QuestionKind.SINGLE,
        "category": QuestionCategory.COMMON,
        "stem": "材料齐全的，多长时间内完成收件？",
        "options": ["5分钟", "10分钟", "15分钟"],
        "key": ["C"],
        "marks": Decimal(10),
        "basis": "2023年清廉窗口创建实施方案三（四）10",
        "analysis": "承诺要写明多长时间。",
    }
    return Content(**given | values)


def add_draft(place=service.USUAL_PLACE, **values):
    """Add a question that nobody has reviewed; returns its id."""
    with db.write():
        return service.create_question(
            content=content(**values), user=cast.principal("clerk"), place=place
        )


def add_question(**values):
    """Add a question that may be drawn; returns its id."""
    with db.write():
        return add_passed(content(**values))


def revise(question_id, seen_version=None, **values):
    """Change a question and have the change passed."""
    with db.write():
        service.revise_question(
            question_id=question_id,
            seen_version=seen_version or current(question_id).Question.version,
            content=content(**values),
            user=cast.principal("clerk"),
        )
        pass_review(question_id)


def current(question_id):
    """Give a question with its version in force."""
    return db.session.execute(
        service.select_current().where(service.Question.id == question_id)
    ).one()
