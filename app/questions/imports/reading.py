"""The job that reads an uploaded file: questions with their doubts, some at a time.

Killed and run again it gives the same rows: what a place of the file gave is written once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from app.accounts.acting import acting
from app.files import service as files
from app.files.models import StoredFile
from app.jobs.service import JobRefusedError
from app.kernel import db
from app.kernel.feature import JobRun
from app.kernel.forms import RefusedError
from app.kernel.sheets_in import UnreadableFileError
from app.questions import service as questions
from app.questions.imports.conversion import problem
from app.questions.imports.examining import Examination, Examined, examine, known_in
from app.questions.imports.models import (
    ImportItemState,
    ImportPicture,
    QuestionImport,
    QuestionImportItem,
    QuestionImportState,
)
from app.questions.imports.taking import Drawn, add_picture, draw_pictures
from app.questions.parsing import parse_file
from app.questions.parsing.result import ParseResult, Problem
from app.questions.writing import plain, plain_problem

# How many questions one write takes down.
AT_ONCE = 100
MAX_WHERE = 200
DAMAGED = "存下的文件已经损坏，请重新上传。"


def read_import(run: JobRun) -> Mapping[str, Any]:
    """Read an uploaded file; the job's handler."""
    imported = db.session.get_one(QuestionImport, run.payload["import_id"])
    if imported.state is QuestionImportState.READING:
        read_into(imported, run)
    return {
        "endpoint": "questions.show_import",
        "values": {"public_id": imported.public_id},
        "label": "核对读到的题目",
    }


def read_into(imported: QuestionImport, run: JobRun) -> None:
    """Read the file, and write down what it gave."""
    try:
        result = parse(imported)
    except (UnreadableFileError, files.DamagedFileError) as error:
        message = str(error) if isinstance(error, UnreadableFileError) else DAMAGED
        finish(imported.id, QuestionImportState.UNREADABLE, error=message)
        raise JobRefusedError(message) from error
    total = len(result.questions)
    run.progress(done=0, total=total + 1)
    hidden = questions.hidden_from(acting(imported.uploaded_by_id))
    found = examine(result, known_in(imported.bank, hidden=hidden))
    for start in range(0, total, AT_ONCE):
        write_some(imported.id, found.items[start : start + AT_ONCE])
        run.progress(done=min(start + AT_ONCE, total), total=total + 1)
    finish(imported.id, QuestionImportState.READ, problems=problems_in(found))


def parse(imported: QuestionImport) -> ParseResult:
    """Read the stored file, with the second one that holds the key."""
    file = db.session.get_one(StoredFile, imported.file_id)
    answers = None
    if imported.answers_file_id is not None:
        second = db.session.get_one(StoredFile, imported.answers_file_id)
        answers = files.read_content(second), second.name
    return parse_file(files.read_content(file), file.name, answers=answers)


def problems_in(found: Examination) -> list[dict[str, str]]:
    """Give what belongs to no question, as it is kept."""
    return [plain_problem(each) for each in found.problems]


def finish(import_id: int, state: QuestionImportState, **values: object) -> None:
    """Write down how the reading ended, unless somebody has already."""
    with db.write():
        db.session.execute(
            update(QuestionImport)
            .where(
                QuestionImport.id == import_id, QuestionImport.state == QuestionImportState.READING
            )
            .values(state=state, **values)
        )


def write_some(import_id: int, items: Sequence[Examined]) -> None:
    """Write down some questions that are not there yet; pictures are drawn before the write."""
    there = kept(import_id, items)
    ready = [with_pictures(each) for each in items if place_of(each) not in there]
    with db.write():
        there = kept(import_id, items)
        for item, pictures in ready:
            if place_of(item) not in there:
                add_item(import_id, item, pictures)


def place_of(item: Examined) -> int:
    """Give the place of a question in its file, the first being 1, as addresses name it."""
    return item.question.place + 1


def kept(import_id: int, items: Sequence[Examined]) -> set[int]:
    """Give the places that are written down already."""
    return set(
        db.session.scalars(
            select(QuestionImportItem.place).where(
                QuestionImportItem.import_id == import_id,
                QuestionImportItem.place.in_([place_of(each) for each in items]),
            )
        )
    )


def with_pictures(item: Examined) -> tuple[Examined, list[Drawn]]:
    """Draw a question's pictures anew; one that cannot be drawn is a doubt."""
    try:
        return item, draw_pictures(item.question)
    except RefusedError as refused:
        doubt: Problem = problem(item.question, f"题里的图没有读成：{refused}")
        return replace(item, problems=(*item.problems, doubt)), []


def add_item(import_id: int, item: Examined, pictures: Sequence[Drawn]) -> None:
    """Add one question to the open write."""
    question = item.question
    db.session.add(
        QuestionImportItem(
            import_id=import_id,
            place=place_of(item),
            state=ImportItemState.SURE if item.is_sure else ImportItemState.DOUBTFUL,
            where=question.where[:MAX_WHERE],
            source=question.source,
            stem=question.stem,
            parsed=plain(replace(question, pictures=())),
            problems=[
                {"severity": each.severity.value, "message": each.message} for each in item.problems
            ],
        )
    )
    for each in pictures:
        file_id = add_picture(each)
        db.session.add(
            ImportPicture(
                import_id=import_id, place=place_of(item), marker=each.marker, file_id=file_id
            )
        )
    db.session.flush()
