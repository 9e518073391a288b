"""Questions of the bank in the world: one out of use, one with a picture in its stem."""

from collections.abc import Mapping
from typing import Any

from app.files import service as files
from app.kernel import db
from tests.site.exams_world import add_question
from tests.support.questions import retire

PICTURE = b"\xff\xd8\xff stands for a picture that was drawn anew"


def objects(mark: str) -> Mapping[str, Mapping[str, Any]]:
    """Make them, inside an application context; gives the arguments of their addresses."""
    retired = add_question(10, mark)
    with db.write():
        retire(retired)
    return {"question_retired": {"record_id": retired}, "question_picture": with_picture(mark)}


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
