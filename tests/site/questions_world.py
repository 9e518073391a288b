"""Questions of the bank in the world: one out of use, one with a picture, two on sheets."""

from collections.abc import Mapping
from typing import Any

from app.files import service as files
from app.kernel import db
from app.questions import service
from app.questions.reviews.papers import REVIEW_PAPER
from app.questions.reviews.service import draft_review
from app.questions.reviews.workflow import FLOW
from tests.questions.factories import content
from tests.site.exams_world import add_question
from tests.site.inspections_world import print_paper
from tests.site.signing import sign_on_paper
from tests.support import cast
from tests.support.questions import retire

PICTURE = b"\xff\xd8\xff stands for a picture that was drawn anew"


def objects(mark: str) -> Mapping[str, Mapping[str, Any]]:
    """Make them, inside an application context; gives the arguments of their addresses."""
    retired = add_question(10, mark)
    with db.write():
        retire(retired)
    waiting = add_review(mark, count=2)
    print_paper(REVIEW_PAPER, waiting)
    signed = add_review(mark, count=1)
    sign_on_paper(FLOW, signed, "approve", "chief", mark)
    return {
        "question_retired": {"record_id": retired},
        "question_picture": with_picture(mark),
        "question_group": {"group_id": add_case(mark)},
        "question_draft": {"record_id": add_draft(f"未送审{mark}", mark)},
        "review_waiting": {"record_id": waiting, "place": 1},
        "review_signed": {"record_id": signed, "step": 2},
    }


def add_draft(stem: str, mark: str) -> int:
    """Add a question that nobody has reviewed."""
    basis, analysis = f"窗口工作规范第一条{mark}", f"规范写明。{mark}"
    with db.write():
        return service.create_question(
            content=content(stem=stem, basis=basis, analysis=analysis),
            user=cast.principal("clerk"),
            place=service.Place(tags=["收件"]),
        )


def add_case(mark: str) -> int:
    """Add a question with a shared stem; gives the number of the stem."""
    with db.write():
        group_id = service.add_group(stem=f"某窗口收件时……{mark}", created_by_id=None)
    add_question(12, mark, group_id=group_id)
    return group_id


def add_review(mark: str, *, count: int) -> int:
    """Let the clerk send some questions."""
    ids = [add_draft(f"送审的第{place + 1}问{mark}", mark) for place in range(count)]
    with db.write():
        return draft_review(question_ids=ids, user=cast.principal("clerk")).id


def with_picture(mark: str) -> Mapping[str, int]:
    """Add a question with a picture."""
    sha256 = files.put_content(PICTURE)
    with db.write():
        file = files.add_file(
            sha256=sha256, size=len(PICTURE), media_type="image/jpeg", name="图1.jpg"
        )
        file_id = file.id
    changes = {"stem": f"[图1]里是哪一块牌？{mark}", "pictures": {"[图1]": file_id}}
    question_id = add_question(11, mark, **changes)
    return {"record_id": question_id, "file_id": file_id}
