"""Storing and reading files so that a row never points at bytes that are not there.

First the content (temporary file, fsync, rename to its hash, fsync of the folder), then the row in
the caller's transaction. A crash in between leaves an orphan, which hurts nobody.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flask import Response, abort, current_app
from sqlalchemy import select

from app.files.models import StoredFile
from app.kernel import clock, db, downloads
from app.kernel.config import Config


class DamagedFileError(Exception):
    """The stored bytes are not those that were stored."""


class Keeping(Protocol):
    """A record that keeps a file for some time only; None once it is erased."""

    file_id: int | None
    made_at: datetime


Kept = TypeVar("Kept", bound=Keeping)


def put_content(content: bytes) -> str:
    """Store bytes durably and return their SHA-256; outside of any write transaction.

    What lies there already stays, unless it was damaged.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if keep_present(path, content):
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).rename(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    # The folder's own entry too: it may be as new as the file.
    sync_folder(path.parent)
    sync_folder(path.parent.parent)
    return sha256


def keep_present(path: Path, content: bytes) -> bool:
    """Tell whether these bytes lie there already, and let them count as stored just now.

    Whoever sweeps (sweeping.py) leaves alone what is a day young; what he took at this very moment
    is written anew.
    """
    try:
        os.utime(path)
        return path.read_bytes() == content
    except FileNotFoundError:
        return False


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def add_file(*, sha256: str, size: int, media_type: str, name: str) -> StoredFile:
    """Add the row of stored content to the open write."""
    file = StoredFile(
        sha256=sha256, size=size, media_type=media_type, name=name, created_at=clock.now()
    )
    db.session.add(file)
    db.session.flush()
    return file


def read_content(file: StoredFile) -> bytes:
    """Read a file's bytes; raises DamagedFileError when they are not what was stored."""
    try:
        content = path_of(file.sha256).read_bytes()
    except FileNotFoundError as error:
        raise DamagedFileError(file.sha256) from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DamagedFileError(file.sha256)
    return content


def erase_file(file: StoredFile) -> None:
    """Delete a file whose room keeps it no longer, in the open write; the bytes after the commit.

    Bytes that another row still names stay.
    """
    db.session.delete(file)
    db.session.flush()
    if db.session.scalar(select(StoredFile.id).where(StoredFile.sha256 == file.sha256)) is None:
        path = path_of(file.sha256)
        db.after_commit(lambda: path.unlink(missing_ok=True))


def answer_with(file: StoredFile, *, is_inline: bool) -> Response:
    """Answer a request with a file under its Chinese name."""
    return downloads.answer(read_content(file), file.name, file.media_type, is_inline=is_inline)


def let_go(record: Keeping) -> None:
    """Erase the file that a record keeps, in the open write; the record itself stays."""
    file_id, record.file_id = record.file_id, None
    db.session.flush()
    erase_file(db.session.get_one(StoredFile, file_id))


def erase_expired(model: type[Kept], kept: timedelta, erase: Callable[[Kept], None]) -> None:
    """Let a room `erase` each of its records whose file is older than it is kept; for the worker.

    Nothing is written where there is none.
    """
    columns: Any = model
    old = select(model).where(columns.file_id.is_not(None), columns.made_at <= clock.now() - kept)
    if db.session.scalar(old.limit(1)) is None:
        return
    with db.write():
        for record in db.session.scalars(old.with_for_update()).all():
            erase(record)


def get_kept(file_id: int | None, made_at: datetime, kept: timedelta) -> StoredFile | None:
    """Give a file that is kept for some time only, as long as that lasts."""
    is_kept = file_id is not None and made_at > clock.now() - kept
    return db.session.get(StoredFile, file_id) if is_kept else None


def answer_if_there(file: StoredFile | None, *, is_inline: bool) -> Response:
    """Answer with a file, or 404 where there is none or its bytes are not what was stored."""
    if file is None:
        abort(404)
    try:
        return answer_with(file, is_inline=is_inline)
    except DamagedFileError:
        abort(404)


def path_of(sha256: str) -> Path:
    """Where the bytes of a hash lie."""
    return folder_of() / sha256[:2] / sha256


def folder_of() -> Path:
    """Where all stored bytes lie."""
    config: Config = current_app.config["SITE"]
    return config.var / "files"
