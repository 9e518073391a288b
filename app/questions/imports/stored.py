"""Questions of the bank as files write them, with their tags, shared stems and pictures."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import select

from app.files import service as files
from app.files.models import StoredFile
from app.kernel import db
from app.questions import service
from app.questions.imports.conversion import parsed_of
from app.questions.models import (
    Question,
    QuestionGroup,
    QuestionPicture,
    QuestionVersion,
)
from app.questions.parsing.result import ParsedQuestion, Picture

# How many questions one look at the database reads.
AT_ONCE = 400


def ids_of_bank(bank: str) -> list[int]:
    """Give the questions of a bank in the order in which they came."""
    return list(
        db.session.scalars(select(Question.id).where(Question.bank == bank).order_by(Question.id))
    )


def in_file_order(ids: Collection[int]) -> list[int]:
    """Give questions in the order in which they came, those of a shared stem beside each other.

    A shared stem is written once above its questions: torn apart, it would come back as two.
    """
    rows = db.session.execute(
        service.select_current()
        .with_only_columns(Question.id, QuestionVersion.group_id)
        .where(QuestionVersion.group_id.is_not(None))
        .order_by(Question.id)
    ).all()
    wanted = set(ids)
    first: dict[int, int] = {}
    group_of = {row.id: row.group_id for row in rows if row.id in wanted}
    for each in sorted(group_of):
        first.setdefault(group_of[each], each)
    return sorted(wanted, key=lambda each: (first.get(group_of.get(each, 0), each), each))


def read_questions(ids: Collection[int]) -> Iterator[ParsedQuestion]:
    """Give questions as files write them, in their order."""
    wanted = in_file_order(ids)
    for start in range(0, len(wanted), AT_ONCE):
        yield from read_some(wanted[start : start + AT_ONCE], start)


def read_some(ids: Sequence[int], start: int) -> Iterator[ParsedQuestion]:
    """Give some questions with all that belongs to them."""
    place_of = {each: place for place, each in enumerate(ids)}
    found = db.session.execute(service.select_current().where(Question.id.in_(ids))).all()
    rows = sorted(found, key=lambda row: place_of[row[0].id])
    tags = service.tags_of(ids)
    groups = groups_of(each.QuestionVersion for each in rows)
    pictures = pictures_of([each.QuestionVersion.id for each in rows])
    for place, (_, version) in enumerate(rows, start=start):
        yield parsed_of(
            version,
            place=place,
            tags=tags[version.question_id],
            group=groups.get(version.group_id or 0),
            pictures=pictures[version.id],
        )


def groups_of(versions: Iterable[QuestionVersion]) -> dict[int, QuestionGroup]:
    """Give the shared stems that versions name, by id."""
    ids = {each.group_id for each in versions} - {None}
    found = db.session.scalars(select(QuestionGroup).where(QuestionGroup.id.in_(ids)))
    return {each.id: each for each in found}


def pictures_of(version_ids: Sequence[int]) -> defaultdict[int, list[Picture]]:
    """Give the pictures of versions with their bytes."""
    found: defaultdict[int, list[Picture]] = defaultdict(list)
    rows = db.session.execute(
        select(QuestionPicture, StoredFile)
        .join(StoredFile, StoredFile.id == QuestionPicture.file_id)
        .where(QuestionPicture.version_id.in_(version_ids))
        .order_by(QuestionPicture.version_id, QuestionPicture.marker)
    )
    for picture, file in rows:
        content = files.read_content(file)
        found[picture.version_id].append(Picture(marker=picture.marker, content=content))
    return found
