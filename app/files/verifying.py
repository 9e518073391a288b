"""核对文件: whether a printed paper is one of ours, and still says what the record says now.

"A document prints its 校验码, the hash of its evidence snapshot; `documents verify` compares the
stored file." A file is known by its bytes, a code by what was printed with it. Nothing here tells
what a paper says or about whom it is.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from app.files import papers
from app.files.models import ProducedPaper, StoredFile
from app.jobs.service import JobRefusedError
from app.kernel import db

CODE = re.compile(r"[0-9A-F]{4}(?:-[0-9A-F]{4}){3}")


class Verdict(StrEnum):
    """What comes of it."""

    CURRENT = "current"
    OUTDATED = "outdated"
    UNKNOWN = "unknown"


VERDICT_LABELS = {
    Verdict.CURRENT: "一致",
    Verdict.OUTDATED: "已有新版",
    Verdict.UNKNOWN: "不符",
}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What is known of a paper; of an unknown one only that."""

    verdict: Verdict
    title: str = ""
    code: str = ""
    made_at: datetime | None = None


def normalise(code: str) -> str:
    """Write a 校验码 as papers do, however it was typed; '' for what is none."""
    digits = re.sub(r"[^0-9A-F]", "", code.upper())
    grouped = "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))
    return grouped if CODE.fullmatch(grouped) else ""


def check_file(content: bytes) -> Checked:
    """Tell whether these bytes are a paper of ours, and whether it still holds."""
    sha256 = hashlib.sha256(content).hexdigest()
    found = db.session.scalars(
        select(ProducedPaper)
        .join(StoredFile, StoredFile.id == ProducedPaper.file_id)
        .where(StoredFile.sha256 == sha256)
        .order_by(ProducedPaper.id.desc())
        .limit(1)
    ).one_or_none()
    return judge(found)


def check_code(code: str) -> Checked:
    """Tell whether a paper with this 校验码 was printed here, and whether it still holds."""
    found = db.session.scalars(
        select(ProducedPaper)
        .where(ProducedPaper.check_code == normalise(code))
        .order_by(ProducedPaper.id.desc())
        .limit(1)
    ).one_or_none()
    return judge(found)


def judge(paper: ProducedPaper | None) -> Checked:
    """Compare what a paper says with what its record says now."""
    if paper is None:
        return Checked(verdict=Verdict.UNKNOWN)
    try:
        kind = papers.find_kind(paper.kind)
    except KeyError:
        return Checked(verdict=Verdict.UNKNOWN)
    try:
        present = papers.code_of(kind.read(paper.record_id, paper.part))
    except JobRefusedError:
        # What it was printed from holds no longer.
        present = ""
    is_same = present == paper.check_code
    return Checked(
        verdict=Verdict.CURRENT if is_same else Verdict.OUTDATED,
        title=kind.title,
        code=paper.check_code,
        made_at=paper.made_at,
    )
