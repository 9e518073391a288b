"""A file of questions in the world: read, with a picture, a doubt, one left out, one taken; an export.

They are the 经办人's, who alone may look at them.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.files import service as files
from app.files.uploads import Upload
from app.jobs.models import Job
from app.jobs.service import run_job
from app.kernel import db
from app.questions.imports import exporting, service, takeover
from app.questions.imports.conversion import Audience
from app.questions.imports.models import ImportPicture, QuestionExport, QuestionImport
from tests.support import cast

PICTURE = b"\xff\xd8\xff stands for another picture that was drawn anew"
TEXT = """一、单选题
1. 材料不齐的，应当怎样告知？{mark}
A. 一次写明{mark}
B. 分几次说{mark}
答案：A
依据：方案三（四）10{mark}
2. 谁负责到底？{mark}
A. 首问责任人{mark}
B. 无人{mark}
答案：C
依据：方案三（四）10{mark}
3. 多长时间答复？{mark}
A. 一天{mark}
B. 两天{mark}
依据：方案三（四）10{mark}
4. 在哪里公开承诺？{mark}
A. 摆桌上墙{mark}
B. 不公开{mark}
答案：A
依据：方案三（四）10{mark}
"""


def objects(mark: str) -> Mapping[str, Mapping[str, Any]]:
    """Make them, inside an application context; gives the arguments of their addresses."""
    public_id, import_id = read_file(mark)
    user = cast.principal("clerk")
    with db.write():
        takeover.drop_item(import_id=import_id, place=3, user=user)
        file_id = add_picture(import_id)
    named = {"public_id": public_id}
    return {
        "question_import": named,
        "question_item": {**named, "place": 1},
        "question_item_doubtful": {**named, "place": 2},
        "question_item_dropped": {**named, "place": 3},
        "question_item_picture": {**named, "place": 1, "file_id": file_id},
        "question_export": {"public_id": export()},
    }


def read_file(mark: str) -> tuple[str, int]:
    """Upload a file and have it read.

    Files leave the site as they are: in neither is a person's text plain to those who look for it.
    """
    stored = service.store_upload(
        Upload(name=f"题库{mark[:40]}.txt", content=TEXT.format(mark=mark).encode("utf-16"))
    )
    with db.write():
        job = service.upload_questions(
            file=stored,
            answers=None,
            bank="窗口题库",
            audience=Audience(),
            user=cast.principal("clerk"),
        )
    run(job)
    found = db.session.scalars(select(QuestionImport)).one()
    return found.public_id, found.id


def run(public_id: str) -> None:
    """Do a job now."""
    run_job(db.session.scalars(select(Job.id).where(Job.public_id == public_id)).one())


def add_picture(import_id: int) -> int:
    """Add a picture to the first question, in the open write."""
    sha256 = files.put_content(PICTURE)
    file = files.add_file(sha256=sha256, size=len(PICTURE), media_type="image/jpeg", name="图1.jpg")
    db.session.add(ImportPicture(import_id=import_id, place=1, marker="[图1]", file_id=file.id))
    db.session.flush()
    return file.id


def export() -> str:
    """Order an export and have it made."""
    user = cast.principal("clerk")
    with db.write():
        job = exporting.order_export(ids=[1, 2], form="xlsx", user=user)
    run(job)
    return db.session.scalars(select(QuestionExport.public_id)).one()
