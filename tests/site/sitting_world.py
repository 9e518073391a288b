"""A running exam of the small hall whose only question has a picture; staff sits it."""

from collections.abc import Mapping
from datetime import timedelta

from app.files import service as files
from app.kernel import db
from tests.site import exams_world
from tests.site.exams_world import NOW

PICTURE = b"\xff\xd8\xff stands for a picture in a paper"


def objects(mark: str) -> dict[str, Mapping[str, object]]:
    """Make it; gives the arguments of its addresses."""
    sha256 = files.put_content(PICTURE)
    with db.write():
        picture = files.add_file(
            sha256=sha256, size=len(PICTURE), media_type="image/jpeg", name="图1.jpg"
        ).id
    question_id = exams_world.add_question(
        13, mark, stem=f"[图1]里的窗口少了什么？{mark}", pictures={"[图1]": picture}
    )
    exam_id = exams_world.open_exam(f"看图月考{mark}", [question_id])
    exams_world.sit(exam_id, NOW - timedelta(minutes=5), answered=0)
    return {"pictured": {**exams_world.of_staff(exam_id), "number": 1, "place": 1}}
