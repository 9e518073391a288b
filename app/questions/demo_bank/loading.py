"""Reads the files of the demonstration's bank. A faulty file is refused, with its name and row.

The files say only what a reviewer has to judge: letters, marks and the words of the basis follow.
"""

import tomllib
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from app.accounts.roster.models import PostGroup
from app.questions.demo_bank.answers import read_answer, read_options, refuse_unless
from app.questions.demo_bank.basis import read_basis
from app.questions.demo_bank.shape import (
    TAGS,
    BankFaultError,
    BankQuestion,
)
from app.questions.kinds import USUAL_MARKS, QuestionDifficulty, QuestionKind
from app.questions.parsing.result import Group, ParsedQuestion

FOLDER = Path(__file__).parent
WHAT = {"kind", "stem", "options", "answer", "tolerance", "marks", "tags", "difficulty", "analysis"}
WHENCE = {"plan", "measure", "place", "rule", "article"}
KNOWN = WHAT | WHENCE | {"group", "post"}


def load_bank(folder: Path = FOLDER) -> list[BankQuestion]:
    """Give all questions of the bank, file by file, numbered through."""
    rows = chain.from_iterable(read_file(path) for path in sorted(folder.glob("*.toml")))
    return [
        read_question(row, group, place, where)
        for place, (row, group, where) in enumerate(rows, start=1)
    ]


def read_file(path: Path) -> Iterator[tuple[dict[str, Any], Group | None, str]]:
    """Give the rows of a file, each with its shared stem, if any, and its place in words."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    groups = {each["id"]: Group(**each) for each in content.get("groups", [])}
    for number, row in enumerate(content["questions"], start=1):
        where = f"{path.name}第{number}题"
        named = row.get("group")
        if named is not None and named not in groups:
            raise BankFaultError(f"{where}: no group is called {named!r}")
        yield row, groups.get(named), where


def read_question(row: dict[str, Any], group: Group | None, place: int, where: str) -> BankQuestion:
    """Give the question of a row; a fault is told with the place of the row."""
    try:
        return build_question(row, group, place, where)
    except (KeyError, ValueError) as fault:
        raise BankFaultError(f"{where}: {fault}") from fault


def build_question(
    row: dict[str, Any], group: Group | None, place: int, where: str
) -> BankQuestion:
    """Put a question together, refusing what is unknown or missing."""
    check_words(row)
    kind = QuestionKind(row["kind"])
    options = read_options(kind, row.get("options", []))
    basis, measure, cited = read_basis(row)
    parsed = ParsedQuestion(
        place=place,
        number=str(place),
        kind=kind,
        stem=row["stem"],
        options=options,
        answer=read_answer(kind, row, options),
        marks=Decimal(row["marks"]) if "marks" in row else USUAL_MARKS[kind],
        tags=tuple(row["tags"]),
        difficulty=QuestionDifficulty(row["difficulty"]),
        basis=basis,
        analysis=row["analysis"],
        group=group,
        where=where,
    )
    post = PostGroup(row["post"]) if "post" in row else None
    return BankQuestion(parsed=parsed, post_group=post, measure=measure, cited=cited)


def check_words(row: dict[str, Any]) -> None:
    """Refuse keys and tags that nobody knows, and a question that says nothing."""
    unknown = row.keys() - KNOWN
    refuse_unless(not unknown, f"unknown keys {sorted(unknown)}")
    strange = set(row["tags"]) - TAGS
    refuse_unless(bool(row["tags"]) and not strange, f"tags missing or unknown: {sorted(strange)}")
    refuse_unless(bool(row["stem"].strip() and row["analysis"].strip()), "stem or analysis empty")
