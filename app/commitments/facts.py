"""What a version says, in full: frozen with its 校验码 when approved, read by whoever decides.

Whoever decides reads all that becomes public, on the page and on the 汇总表, by the same code.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from app.accounts.hall import get_profile
from app.commitments.models import (
    CommitmentSheet,
    SheetVersion,
)
from app.commitments.sheets import Content, content_of, find_public, load_row
from app.files.papers import code_text
from app.kernel import clock, db, formats
from app.kernel.types import json_digest


def freeze(version: SheetVersion) -> None:
    """Give an approved version its number in the sheet, its day and the hash of what it says."""
    # It is 公开中 only with all of the three: nothing is sent to the database in between.
    with db.session.no_autoflush:
        version.edition = next_edition(version.sheet_id)
        version.published_on = clock.today()
        version.check_code = hash_of(version)


def next_edition(sheet_id: int) -> int:
    """Give the number that the next approved version of a sheet gets."""
    highest = select(func.max(SheetVersion.edition)).where(SheetVersion.sheet_id == sheet_id)
    return (db.session.scalar(highest) or 0) + 1


def hash_of(version: SheetVersion) -> str:
    """Give the SHA-256 of all that an approved version says, and of what it is."""
    sheet = db.session.get_one(CommitmentSheet, version.sheet_id)
    facts = {
        "department": sheet.department_id,
        "window": sheet.window_id,
        "edition": version.edition,
        "published_on": version.published_on.isoformat() if version.published_on else None,
        "content": facts_of_content(content_of(version)),
    }
    return json_digest(facts)


def digest_of(content: Content) -> str:
    """Give what tells one content from another."""
    return json_digest(facts_of_content(content))


def facts_of_content(content: Content) -> Mapping[str, object]:
    """Give a content as plain values, without its empty rows."""
    return {
        "slogan": content.slogan,
        "phone": content.supervision_phone,
        "receiver": content.receiver,
        "lines": [
            [each.text, each.indicator, each.measure] for each in content.lines if not each.is_empty
        ],
        "standards": [[each.text, each.basis] for each in content.standards if not each.is_empty],
    }


def title_of(version: SheetVersion) -> str:
    """Name a version in lists of what waits."""
    return load_row(version).title


def department_of(version: SheetVersion) -> int:
    """Give the department to which a version belongs."""
    return db.session.get_one(CommitmentSheet, version.sheet_id).department_id


def facts_of(version: SheetVersion) -> Sequence[tuple[str, str]]:
    """Give what whoever decides reads beside the question: all that becomes public."""
    content = content_of(version)
    before = find_public(version.sheet_id)
    lines = [f"{each.text}（{each.indicator}：{each.measure}）" for each in content.lines]
    standards = [f"{each.text}（依据：{each.basis}）" for each in content.standards]
    own, of_hall = content.supervision_phone, get_profile().supervision_phone
    return [
        *((f"第{place}条承诺", text) for place, text in enumerate(lines, start=1)),
        *((f"第{place}条标准", text) for place, text in enumerate(standards, start=1)),
        *(() if standards else (("标准", "没有"),)),
        ("标语", content.slogan or "没有"),
        ("监督电话", own or (f"大厅的{of_hall}" if of_hall else "没有")),
        ("公示受理人", content.receiver or "没有"),
        ("内容校验码", content_code(content)),
        *((("现在公开的", said_before(before)),) if before != version else ()),
    ]


def said_before(before: SheetVersion | None) -> str:
    """Say which version is public until this one is."""
    return "没有" if before is None else f"第{before.edition}版，{since(before)}起"


def brief_of(version: SheetVersion) -> Sequence[str]:
    """Give what a 汇总表 says of a version: which, what it promises, and the rest by its code.

    The same code stands on the page on which the version is decided alone.
    """
    content = content_of(version)
    edition = version.edition or next_edition(version.sheet_id)
    lines = "；".join(each.text for each in content.lines)
    return [
        f"第{edition}版，{len(content.standards)}条标准，内容校验码 {content_code(content)}",
        lines,
    ]


def content_code(content: Content) -> str:
    """Give the short hash of all that was typed; before it is approved there is no other."""
    return code_text(digest_of(content))


def since(version: SheetVersion) -> str:
    """Write from which day on a version is public."""
    return formats.day(version.published_on) if version.published_on else "—"
