"""A file of questions on its way: uploaded, read by a job, looked at, taken or left.

"what is sure is taken, what is doubtful is shown side by side with the source". Taking is in
takeover.py. Items whose question somebody may not see now are not shown to him here either, nor is
the file in which they stand.
"""

import secrets
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select

from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import service as files
from app.files.models import StoredFile
from app.files.uploads import Upload
from app.jobs import service as jobs
from app.kernel import clock, db
from app.kernel.permissions import Principal
from app.questions import service as questions
from app.questions.imports.conversion import Audience
from app.questions.imports.models import (
    ImportItemState,
    ImportPicture,
    QuestionImport,
    QuestionImportItem,
    QuestionImportState,
)
from app.questions.models import QuestionVersion
from app.questions.parsing.json_form import read_question
from app.questions.parsing.result import ParsedQuestion
from app.questions.writing import MEDIA_TYPES

READ_JOB = "questions.read"
# Text comes in any encoding: no browser is to guess it.
UNKNOWN_TYPE = "application/octet-stream"
OPEN = (ImportItemState.SURE, ImportItemState.DOUBTFUL)


@dataclass(frozen=True, kw_only=True)
class Stored:
    """An upload whose bytes lie in the store, not yet with a row."""

    name: str
    sha256: str
    size: int


def store_upload(upload: Upload) -> Stored:
    """Store the bytes of an upload; not inside a write."""
    sha256 = files.put_content(upload.content)
    return Stored(name=upload.name, sha256=sha256, size=len(upload.content))


def add_stored(stored: Stored) -> int:
    """Add the row of a stored upload to the open write; returns its id."""
    ending = stored.name.rpartition(".")[2].lower()
    media_type = MEDIA_TYPES.get(ending, UNKNOWN_TYPE)
    return files.add_file(
        sha256=stored.sha256, size=stored.size, media_type=media_type, name=stored.name
    ).id


def upload_questions(
    *, file: Stored, answers: Stored | None, bank: str, audience: Audience, user: Principal
) -> str:
    """Take a file in and order its reading; returns the public id of the job."""
    imported = QuestionImport(
        public_id=secrets.token_urlsafe(12),
        file_id=add_stored(file),
        answers_file_id=add_stored(answers) if answers else None,
        bank=bank,
        category=audience.category,
        post_group=audience.post_group,
        state=QuestionImportState.READING,
        error="",
        problems=[],
        uploaded_by_id=user.person_id,
        uploaded_at=clock.now(),
    )
    db.session.add(imported)
    db.session.flush()
    note(AuditEvent.QUESTIONS_IMPORTED, imported, user, bank=bank)
    return jobs.order(
        kind=READ_JOB,
        key=f"{READ_JOB}:{imported.id}",
        title="读取题目文件",
        payload={"import_id": imported.id},
        ordered_by_id=user.person_id,
    )


def note(event: AuditEvent, imported: QuestionImport, user: Principal, **data: object) -> None:
    """Append an event about an import."""
    append(
        event,
        person_id=user.person_id,
        object_type="question_import",
        object_id=imported.id,
        **data,
    )


def select_imports() -> Select[QuestionImport, StoredFile, str, int, int]:
    """Select all imports with their file, who uploaded it, and how many questions they hold."""
    counted = select(func.count()).where(QuestionImportItem.import_id == QuestionImport.id)
    waiting = counted.where(QuestionImportItem.state.in_(OPEN))
    return (
        select(
            QuestionImport,
            StoredFile,
            Person.name,
            counted.scalar_subquery().label("total"),
            waiting.scalar_subquery().label("waiting"),
        )
        .join(StoredFile, StoredFile.id == QuestionImport.file_id)
        .join(Person, Person.id == QuestionImport.uploaded_by_id)
    )


def get_import(public_id: str) -> QuestionImport | None:
    """Give an import."""
    return db.session.scalar(select(QuestionImport).where(QuestionImport.public_id == public_id))


def shown_to(user: Principal) -> ColumnElement[bool]:
    """Give the condition that somebody may see a question of a file, key and all."""
    hidden = questions.hidden_from(user)
    return and_(
        or_(
            QuestionImportItem.question_id.is_(None),
            QuestionImportItem.question_id.not_in(hidden),
        ),
        # The same question in another file, taken or not.
        QuestionImportItem.stem.not_in(stems_of(hidden)),
    )


def stems_of(question_ids: Collection[int]) -> Select[str]:
    """Select the stems of questions in all their versions."""
    return select(QuestionVersion.stem).where(QuestionVersion.question_id.in_(question_ids))


def select_items_for(user: Principal, imported: QuestionImport) -> Select[QuestionImportItem]:
    """Select the questions of a file that somebody may see."""
    return select(QuestionImportItem).where(
        QuestionImportItem.import_id == imported.id, shown_to(user)
    )


def get_item_for(
    user: Principal, imported: QuestionImport, place: int
) -> QuestionImportItem | None:
    """Give one question of a file, or None where somebody may not see it."""
    found = select_items_for(user, imported).where(QuestionImportItem.place == place)
    return db.session.scalar(found)


def holds_hidden(user: Principal, imported: QuestionImport) -> bool:
    """Tell whether a file holds a question whose key somebody must not see now."""
    unseen = select(QuestionImportItem.place).where(
        QuestionImportItem.import_id == imported.id, not_(shown_to(user))
    )
    return db.session.scalar(unseen.limit(1)) is not None


def get_file_for(user: Principal, imported: QuestionImport, which: str) -> StoredFile | None:
    """Give the file as it came, or the one with its answers; None where he must not see it."""
    if holds_hidden(user, imported):
        return None
    file_id = imported.answers_file_id if which == "answers" else imported.file_id
    return None if file_id is None else db.session.get(StoredFile, file_id)


def list_taken(import_id: int) -> list[int]:
    """Give the questions of the bank that came from a file."""
    taken = select(QuestionImportItem.question_id).where(
        QuestionImportItem.import_id == import_id, QuestionImportItem.question_id.is_not(None)
    )
    return list(db.session.scalars(taken))


def counts_of(imported: QuestionImport) -> Mapping[ImportItemState, int]:
    """Count the questions of a file by what became of them."""
    rows = db.session.execute(
        select(QuestionImportItem.state, func.count())
        .where(QuestionImportItem.import_id == imported.id)
        .group_by(QuestionImportItem.state)
    )
    found = {row[0]: row[1] for row in rows}
    return {each: found.get(each, 0) for each in ImportItemState}


def pictures_of(item: QuestionImportItem) -> dict[str, int]:
    """Give the files of a question's pictures by their markers."""
    rows = db.session.execute(
        select(ImportPicture.marker, ImportPicture.file_id).where(
            ImportPicture.import_id == item.import_id, ImportPicture.place == item.place
        )
    )
    return {row.marker: row.file_id for row in rows}


def parsed_in(item: QuestionImportItem) -> ParsedQuestion:
    """Give the question as it was read."""
    return read_question(item.place - 1, item.parsed)[0]


def pictures_on(items: Sequence[QuestionImportItem]) -> defaultdict[int, dict[str, int]]:
    """Give the pictures of several questions of one file, by their places."""
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    if items:
        rows = db.session.scalars(
            select(ImportPicture).where(
                ImportPicture.import_id == items[0].import_id,
                ImportPicture.place.in_([each.place for each in items]),
            )
        )
        for row in rows:
            found[row.place][row.marker] = row.file_id
    return found
