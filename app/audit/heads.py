"""Heads kept outside the database: a file a day, so that a shortened or rewritten log shows.

They lie in `heads/` of the data directory, go into every backup, and their short code can be
printed: who holds the paper holds a proof that nobody at the machine can take back.
"""

import json
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.audit.models import AuditHead
from app.kernel import clock, db

CODE_LENGTH = 16
CODE_GROUP = 4


@dataclass(frozen=True, kw_only=True)
class OutsideHead:
    """One kept head; `name` is its day. One that can't be read says so and matches nothing."""

    name: str
    seq: int
    hash: str
    at: str
    is_readable: bool = True

    @property
    def code(self) -> str:
        """Give what is printed."""
        return short_code(self.hash)


def short_code(hash_: str) -> str:
    """Give the first sixteen digits of a hash in groups of four, for reading aloud."""
    return " ".join(
        hash_[place : place + CODE_GROUP] for place in range(0, CODE_LENGTH, CODE_GROUP)
    )


def folder() -> Path:
    """Where the heads lie."""
    var: Path = current_app.config["SITE"].var
    return var / "heads"


def write_daily_head() -> None:
    """Keep today's head unless it is kept already; the worker calls it again and again."""
    path = folder() / f"{clock.today().isoformat()}.json"
    if path.exists():
        return
    seq, hash_ = db.session.execute(select(AuditHead.seq, AuditHead.hash)).one()
    content = {"seq": seq, "hash": hash_, "at": clock.now().isoformat(timespec="seconds")}
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_durably(path, json.dumps(content) + "\n")


def write_durably(path: Path, text: str) -> None:
    """Write a file whole or not at all, for its owner alone; on disk when this returns."""
    temporary = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_heads() -> list[OutsideHead]:
    """Read all kept heads, oldest first."""
    return [read_head(path) for path in sorted(folder().glob("*.json"))]


def latest_head() -> OutsideHead | None:
    """Give the last kept head."""
    paths = sorted(folder().glob("*.json"))
    return read_head(paths[-1]) if paths else None


def read_head(path: Path) -> OutsideHead:
    """Read one head; a file that is none of ours is told, not skipped."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        date.fromisoformat(path.stem)
        return OutsideHead(
            name=path.stem,
            seq=int(content["seq"]),
            hash=str(content["hash"]),
            at=str(content["at"]),
        )
    except (KeyError, OSError, TypeError, ValueError):
        return OutsideHead(name=path.stem, seq=-1, hash="", at="", is_readable=False)
