"""What a person decides about the questions of a file: taken, taken as mended, or left.

"accept all that is sure; a question is never created with a guessed key". Whatever two people do at
once, no question is taken twice: the file's row is held while one of its questions is decided on.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from app.accounts.acting import acting
from app.audit.models import AuditEvent
from app.jobs import service as jobs
from app.kernel import db
from app.kernel.feature import JobRun
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.questions import service as questions
from app.questions.imports.conversion import Audience
from app.questions.imports.models import (
    ImportGroup,
    ImportItemState,
    QuestionImport,
    QuestionImportItem,
)
from app.questions.imports.service import counts_of, note, parsed_in, pictures_of
from app.questions.imports.taking import AT_ONCE, Destination, group_of, take
from app.questions.service import Content

TAKE_JOB = "questions.take"
NOTHING_SURE = "没有可以直接采用的题，请逐题核对。"
DOUBTFUL = "这道题有疑问，请用“修改后采用”。"
LEFT = "这道题已经标为不采用，请先恢复。"
TAKEN = "这道题已经采用为题库第{}题。"
NOT_DROPPED = "这道题没有标为不采用，不用恢复。"

# Gives the content of a mended question from the id of its group.
Mended = Callable[[int | None], Content]


def hold(import_id: int) -> QuestionImport:
    """Give an import, held for this write."""
    return db.session.get_one(QuestionImport, import_id, with_for_update=True)


def hold_item(imported: QuestionImport, place: int) -> QuestionImportItem:
    """Give a question of a held import as it stands now; raises RefusedError if it is taken."""
    item = db.session.get_one(
        QuestionImportItem, (imported.id, place), with_for_update=True, populate_existing=True
    )
    if item.state is ImportItemState.TAKEN:
        raise RefusedError(form=TAKEN.format(item.question_id))
    return item


def order_take(*, import_id: int, user: Principal) -> str:
    """Order that everything sure be taken; returns the job's public id. Raises RefusedError."""
    imported = hold(import_id)
    sure = counts_of(imported)[ImportItemState.SURE]
    if not sure:
        raise RefusedError(form=NOTHING_SURE)
    note(AuditEvent.QUESTIONS_TAKEN, imported, user, count=sure)
    return jobs.order(
        kind=TAKE_JOB,
        key=f"{TAKE_JOB}:{import_id}",
        title="采用没有疑问的题",
        payload={"import_id": import_id, "person_id": user.person_id},
        ordered_by_id=user.person_id,
    )


def take_sure(run: JobRun) -> Mapping[str, Any]:
    """Take all questions that are sure; the job's handler. Harmless to repeat."""
    import_id = run.payload["import_id"]
    user = acting(run.payload["person_id"])
    places = sure_places(import_id)
    for start in range(0, len(places), AT_ONCE):
        with db.write():
            imported, groups = hold(import_id), groups_of(import_id)
            for place in places[start : start + AT_ONCE]:
                take_if_sure(imported, place, groups, user)
            keep_groups(import_id, groups)
        run.progress(done=min(start + AT_ONCE, len(places)), total=len(places))
    return {
        "endpoint": "questions.show_import",
        "values": {"public_id": db.session.get_one(QuestionImport, import_id).public_id},
        "label": "看其余的题",
    }


def sure_places(import_id: int) -> list[int]:
    """Give the places of what is sure, in the order of the file."""
    return list(
        db.session.scalars(
            select(QuestionImportItem.place)
            .where(
                QuestionImportItem.import_id == import_id,
                QuestionImportItem.state == ImportItemState.SURE,
            )
            .order_by(QuestionImportItem.place)
        )
    )


def take_if_sure(
    imported: QuestionImport, place: int, groups: dict[str, int], user: Principal
) -> None:
    """Take a question, unless somebody has decided on it meanwhile."""
    item = db.session.get_one(
        QuestionImportItem, (imported.id, place), with_for_update=True, populate_existing=True
    )
    if item.state is ImportItemState.SURE:
        take_as_read(imported, item, groups, user)


def take_item(*, import_id: int, place: int, user: Principal) -> int:
    """Take one question that is sure as it was read; returns its id. Raises RefusedError."""
    imported = hold(import_id)
    item, groups = hold_item(imported, place), groups_of(import_id)
    if item.state is not ImportItemState.SURE:
        raise RefusedError(form=DOUBTFUL if item.state is ImportItemState.DOUBTFUL else LEFT)
    question_id = take_as_read(imported, item, groups, user)
    keep_groups(import_id, groups)
    note(AuditEvent.QUESTIONS_TAKEN, imported, user, count=1, place=place)
    return question_id


def take_as_read(
    imported: QuestionImport, item: QuestionImportItem, groups: dict[str, int], user: Principal
) -> int:
    """Take a question as it was read; returns its id."""
    question_id = take(
        parsed_in(item), to=destination(imported, user), groups=groups, pictures=pictures_of(item)
    )
    mark_taken(item, question_id)
    return question_id


def take_mended(
    *, import_id: int, place: int, mended: Mended, tags: list[str], user: Principal
) -> int:
    """Take one question as a person has mended it; returns its id. Raises RefusedError."""
    imported = hold(import_id)
    item, groups = hold_item(imported, place), groups_of(import_id)
    content = mended(group_of(parsed_in(item).group, groups, user=user))
    to = questions.Place(bank=imported.bank, tags=tags)
    question_id = questions.create_question(content=content, user=user, place=to)
    mark_taken(item, question_id)
    keep_groups(import_id, groups)
    note(AuditEvent.QUESTIONS_TAKEN, imported, user, count=1, place=place, is_mended=True)
    return question_id


def drop_item(*, import_id: int, place: int, user: Principal) -> None:
    """Leave a question out; raises RefusedError if it is taken already."""
    imported = hold(import_id)
    item = hold_item(imported, place)
    item.state = ImportItemState.DROPPED
    note(AuditEvent.QUESTIONS_DROPPED, imported, user, place=place)
    db.session.flush()


def restore_item(*, import_id: int, place: int, user: Principal) -> None:
    """Look at a question again that was left out; raises RefusedError."""
    imported = hold(import_id)
    item = hold_item(imported, place)
    if item.state is not ImportItemState.DROPPED:
        raise RefusedError(form=NOT_DROPPED)
    is_doubtful = any(each["severity"] == "error" for each in item.problems)
    item.state = ImportItemState.DOUBTFUL if is_doubtful else ImportItemState.SURE
    note(AuditEvent.QUESTIONS_DROPPED, imported, user, place=place, is_restored=True)
    db.session.flush()


def mark_taken(item: QuestionImportItem, question_id: int) -> None:
    """Write down which question of the bank it became."""
    item.state, item.question_id = ImportItemState.TAKEN, question_id
    db.session.flush()


def destination(imported: QuestionImport, user: Principal) -> Destination:
    """Say where the questions of a file go."""
    audience = Audience(category=imported.category, post_group=imported.post_group)
    return Destination(bank=imported.bank, audience=audience, user=user)


def groups_of(import_id: int) -> dict[str, int]:
    """Give the shared stems of a file that are in the bank already, by name."""
    rows = db.session.execute(
        select(ImportGroup.name, ImportGroup.group_id).where(ImportGroup.import_id == import_id)
    )
    return {row.name: row.group_id for row in rows}


def keep_groups(import_id: int, groups: Mapping[str, int]) -> None:
    """Write down the shared stems that came."""
    known = groups_of(import_id)
    for name, group_id in groups.items():
        if name not in known:
            db.session.add(ImportGroup(import_id=import_id, name=name, group_id=group_id))
    db.session.flush()
