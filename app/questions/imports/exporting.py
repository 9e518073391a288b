"""Questions with their keys as a file: ordered by one person, made by a job, kept for a day.

"Export to Excel, Word and JSON that import again equal." The file is refused as soon as whoever
ordered it must not see one of its questions any more.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.acting import acting
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import service as files
from app.files.models import StoredFile
from app.jobs import service as jobs
from app.jobs.service import JobRefusedError
from app.kernel import clock, db
from app.kernel.feature import JobRun
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.questions import service as questions
from app.questions.imports.filing import WRITERS
from app.questions.imports.models import QuestionExport
from app.questions.imports.stored import read_questions
from app.questions.writing import MEDIA_TYPES

EXPORT_JOB = "questions.export"
KEPT = timedelta(hours=24)
MOST = 20_000
STEPS = 3
NO_FORM = "请选择文件的格式。"
NO_QUESTIONS = "按现在的条件没有题目，请先修改查询条件。"
TOO_MANY = "一次最多导出{}道题，请用查询条件分几次导出。"
HIDDEN = "其中有你正要考的题，现在不能导出。请过后再试。"


def order_export(*, ids: Sequence[int], form: str, user: Principal) -> str:
    """Order a file of questions; returns the public id of the job. Raises RefusedError.

    `ids` are questions that this person may see with their keys.
    """
    if form not in WRITERS:
        raise RefusedError(form=NO_FORM)
    if not ids:
        raise RefusedError(form=NO_QUESTIONS)
    if len(ids) > MOST:
        raise RefusedError(form=TOO_MANY.format(MOST))
    export = QuestionExport(
        public_id=secrets.token_urlsafe(12),
        form=form,
        question_ids=sorted(ids),
        file_id=None,
        ordered_by_id=user.person_id,
        ordered_at=clock.now(),
    )
    db.session.add(export)
    db.session.flush()
    append(
        AuditEvent.QUESTIONS_EXPORT_ORDERED,
        person_id=user.person_id,
        object_type="question_export",
        object_id=export.id,
        count=len(ids),
        format=form,
    )
    return jobs.order(
        kind=EXPORT_JOB,
        key=f"{EXPORT_JOB}:{export.id}",
        title="导出题目和答案",
        payload={"export_id": export.id},
        ordered_by_id=user.person_id,
    )


def make_export(run: JobRun) -> Mapping[str, Any]:
    """Write the file; the job's handler. Harmless to repeat."""
    export = db.session.get_one(QuestionExport, run.payload["export_id"])
    if questions.hidden_from(acting(export.ordered_by_id)) & set(export.question_ids):
        raise JobRefusedError(HIDDEN)
    if export.file_id is None:
        run.progress(done=1, total=STEPS)
        content = WRITERS[export.form](list(read_questions(export.question_ids)))
        run.progress(done=2, total=STEPS)
        store(export.id, files.put_content(content), len(content))
    return {
        "endpoint": "questions.export_file",
        "values": {"public_id": export.public_id},
        "label": "下载文件",
    }


def store(export_id: int, sha256: str, size: int) -> None:
    """Write down where the file lies, once."""
    with db.write():
        export = db.session.get_one(QuestionExport, export_id, with_for_update=True)
        if export.file_id is None:
            name = f"题库{clock.today():%Y%m%d}.{export.form}"
            export.file_id = files.add_file(
                sha256=sha256, size=size, media_type=MEDIA_TYPES[export.form], name=name
            ).id


def get_file_for(user: Principal, public_id: str) -> StoredFile | None:
    """Give the file that somebody ordered, while it is kept and he may see all of its questions."""
    export = db.session.scalar(
        select(QuestionExport).where(
            QuestionExport.public_id == public_id, QuestionExport.ordered_by_id == user.person_id
        )
    )
    if export is None or questions.hidden_from(user) & set(export.question_ids):
        return None
    return files.get_kept(export.file_id, export.ordered_at, KEPT)


def questions_in(public_id: str) -> Sequence[int]:
    """Give the questions of a file; the caller has been allowed it."""
    wanted = select(QuestionExport.question_ids).where(QuestionExport.public_id == public_id)
    return db.session.scalar(wanted) or ()


def erase_old() -> None:
    """Erase files with keys a day after they were ordered; that they were ordered stays."""
    old = (
        QuestionExport.file_id.is_not(None),
        QuestionExport.ordered_at <= clock.now() - KEPT,
    )
    if db.session.scalar(select(QuestionExport.id).where(*old).limit(1)) is None:
        return
    with db.write():
        for export in db.session.scalars(select(QuestionExport).where(*old).with_for_update()):
            file = db.session.get_one(StoredFile, export.file_id)
            export.file_id = None
            db.session.flush()
            files.erase_file(file)
