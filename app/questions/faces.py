"""One question whole, as whoever reviews it reads it: on its page, on a sheet, on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.roster.models import POST_GROUP_LABELS, PostGroup
from app.kernel import db, formats
from app.questions import service
from app.questions.as_parsed import as_parsed
from app.questions.key_text import write_key
from app.questions.kinds import DIFFICULTY_LABELS, QUESTION_KIND_LABELS
from app.questions.linting import lint
from app.questions.models import (
    QUESTION_CATEGORY_LABELS,
    QuestionCategory,
    QuestionGroup,
    QuestionPicture,
    QuestionVersion,
)
from app.questions.writing import BETWEEN_TAGS


@dataclass(frozen=True, kw_only=True)
class Face:
    """What a question says. `options` are label, text and whether it is right."""

    question_id: int
    stem: str
    shared: str
    options: tuple[tuple[str, str, bool], ...]
    key: str
    kind: str
    audience: str
    difficulty: str
    marks: str
    tags: str
    basis: str
    analysis: str
    article_id: int | None
    # What the linter says of it by itself.
    findings: tuple[str, ...]
    # Markers in the stem with the files of their pictures.
    pictures: tuple[tuple[str, int], ...]


COMPARED = (
    ("stem", "题干"), ("shared", "共用题干"), ("kind", "题型"), ("key", "答案"),
    ("basis", "依据"), ("analysis", "解析"), ("audience", "类别"), ("difficulty", "难度"),
    ("marks", "分值"),
)  # fmt: skip


def faces_of(versions: Sequence[QuestionVersion]) -> list[Face]:
    """Give versions as people read them, with a query each for tags, shared stems and pictures."""
    tags = service.tags_of({each.question_id for each in versions})
    groups = stems_of({each.group_id for each in versions if each.group_id is not None})
    pictures = pictures_of({each.id for each in versions})
    return [
        face_of(
            each,
            tags=tags[each.question_id],
            shared=groups.get(each.group_id or 0, ""),
            pictures=pictures.get(each.id, ()),
        )
        for each in versions
    ]


def face_of(
    version: QuestionVersion,
    *,
    tags: Sequence[str],
    shared: str,
    pictures: Sequence[tuple[str, int]] = (),
) -> Face:
    """Give one version as people read it."""
    options = tuple(
        (
            "" if len(each["label"]) > 1 else each["label"],
            each["text"],
            each["label"] in version.key,
        )
        for each in version.options
    )
    return Face(
        question_id=version.question_id,
        stem=version.stem,
        shared=shared,
        options=options,
        key=write_key(version.kind, version.key),
        kind=QUESTION_KIND_LABELS[version.kind],
        audience=audience_of(version),
        difficulty=DIFFICULTY_LABELS[version.difficulty] if version.difficulty else "未定",
        marks=f"{formats.marks(version.marks)}分" if version.marks else "由试卷定",
        tags=BETWEEN_TAGS.join(tags) or "—",
        basis=version.basis or "—",
        analysis=version.analysis or "—",
        article_id=version.article_id,
        findings=tuple(each.message for each in lint([as_parsed(version)])),
        pictures=tuple(sorted(pictures)),
    )


def audience_of(version: QuestionVersion) -> str:
    """Say for whom a question is meant."""
    return audience_text(version.category, version.post_group)


def audience_text(category: QuestionCategory, post_group: PostGroup | None) -> str:
    """Say a category with its group of posts."""
    label = QUESTION_CATEGORY_LABELS[category]
    return f"{label}（{POST_GROUP_LABELS[post_group]}）" if post_group else label


def stems_of(group_ids: set[int]) -> dict[int, str]:
    """Give shared stems by their ids."""
    found = db.session.scalars(select(QuestionGroup).where(QuestionGroup.id.in_(group_ids)))
    return {each.id: each.stem for each in found}


def pictures_of(version_ids: set[int]) -> Mapping[int, list[tuple[str, int]]]:
    """Give markers and files of the pictures of versions."""
    found: dict[int, list[tuple[str, int]]] = {}
    rows = db.session.scalars(
        select(QuestionPicture).where(QuestionPicture.version_id.in_(version_ids))
    )
    for each in rows:
        found.setdefault(each.version_id, []).append((each.marker, each.file_id))
    return found


def changes_between(old: Face, new: Face) -> list[dict[str, str]]:
    """Say what is other than in an older version: label, what it said, what it says now."""
    pairs = [(label, getattr(old, name), getattr(new, name)) for name, label in COMPARED]
    pairs.append(("选项", options_text(old), options_text(new)))
    return [
        {"label": label, "text": f"原来：{before or '—'}\n现在：{after or '—'}"}
        for label, before, after in pairs
        if before != after
    ]


def options_text(face: Face) -> str:
    """Give the options of a question in one text."""
    return "；".join(f"{label}. {text}" if label else text for label, text, _ in face.options)
