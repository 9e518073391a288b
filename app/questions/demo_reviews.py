"""Review at work in the demonstration: a sheet that passed, one that waits, one that came back.

Also a question that was taken out of use, and one that was changed after its review and is 未审核
again. What waits or came back is asked in no exam of the demonstration.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import on
from app.kernel import db
from app.questions import service
from app.questions.demo_bank.shape import BankQuestion
from app.questions.kinds import CHOICES, QuestionKind
from app.questions.models import Question, QuestionVersion
from app.questions.question_flow import FLOW as QUESTION_FLOW
from app.questions.reviews.service import draft_review
from app.questions.reviews.workflow import FLOW as REVIEW_FLOW
from app.questions.service import Content
from app.workflow import service as workflow

DRAFTER, CHIEF = "QY0103", "QY0201"
# Ten of the goals that every post has to know, so that they were looked at first.
GOALS, PASSED = "efficiency_goals", 10
# How many days ago each sheet was put up, and the last acts happened.
PASSED_AGO, RETURNED_AGO, REVISED_AGO, RETIRED_AGO, WAITING_AGO = (
    timedelta(days=each) for each in (44, 16, 9, 7, 2)
)
RETURNED = "题干只说“填数字”，没有说带不带小数，请写明后重新送审。"
OUT_OF_USE = "这一项改在岗位练兵时当面演练，不再笔试。"
MADE_CLEARER = "（依照方案原文作答）"

Made = Mapping[int, BankQuestion]


def fill(day: date, made: Made) -> None:
    """Tell the stories as of the day; `made` are the questions by their ids."""
    goals = list_goals(made)[:PASSED]
    with on(day - PASSED_AGO, 9):
        passed = draft(goals)
    with on(day - PASSED_AGO, 16):
        decide(passed, "approve")
    with on(day - RETURNED_AGO, 9):
        returned = draft(of_kind(made, QuestionKind.NUMERIC))
    with on(day - RETURNED_AGO, 15):
        decide(returned, "send-back", RETURNED)
    with on(day - REVISED_AGO, 11):
        revise(goals[-1])
    with on(day - RETIRED_AGO, 10):
        retire(of_kind(made, QuestionKind.SHORT)[-1])
    with on(day - WAITING_AGO, 10):
        draft(of_kind(made, QuestionKind.BLANK))


def list_goals(made: Made) -> list[int]:
    """Give the 单选 and 多选 on the goals of the plan."""
    return [
        key
        for key, each in made.items()
        if each.parsed.where.startswith(GOALS) and each.parsed.kind in CHOICES
    ]


def of_kind(made: Made, kind: QuestionKind) -> list[int]:
    """Give the questions of a kind that no exam of the demonstration asks."""
    return [key for key, each in made.items() if each.parsed.kind is kind]


def draft(question_ids: Sequence[int]) -> int:
    """Put questions on a sheet in the open write; gives its id."""
    return draft_review(question_ids=question_ids, user=one_of_cast(DRAFTER)).id


def decide(review_id: int, name: str, reason: str = "") -> None:
    """Let the chief decide about a sheet in the open write."""
    workflow.execute(
        REVIEW_FLOW, record_id=review_id, name=name, user=one_of_cast(CHIEF), reason=reason
    )


def revise(question_id: int) -> None:
    """Make the stem of a question say more in the open write."""
    question = db.session.get_one(Question, question_id)
    version = service.list_versions(question_id)[0]
    service.revise_question(
        question_id=question_id,
        seen_version=question.version,
        content=replace(content_of(version), stem=version.stem + MADE_CLEARER),
        user=one_of_cast(DRAFTER),
    )


def content_of(version: QuestionVersion) -> Content:
    """Give what a version says, to be changed."""
    return Content(
        kind=version.kind,
        category=version.category,
        post_group=version.post_group,
        difficulty=version.difficulty,
        stem=version.stem,
        group_id=version.group_id,
        options=[each["text"] for each in version.options],
        key=version.key,
        marks=version.marks,
        basis=version.basis,
        article_id=version.article_id,
        analysis=version.analysis,
    )


def retire(question_id: int) -> None:
    """Take a question out of use in the open write."""
    workflow.execute(
        QUESTION_FLOW,
        record_id=question_id,
        name="retire",
        user=one_of_cast(DRAFTER),
        reason=OUT_OF_USE,
    )
