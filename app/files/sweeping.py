"""Bytes that no row names: a crash came between storing them and their row, or after its end.

"Orphans are swept after a day": that nobody keeps the photo of somebody who left must also hold
where the machine stopped at the wrong moment.
"""

import logging
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from app.files.models import StoredFile
from app.files.service import folder_of
from app.kernel import clock, db

logger = logging.getLogger(__name__)

KEPT = timedelta(days=1)


def sweep_orphans() -> None:
    """Delete what has lain for a day and no row names; called by the worker, harmless to repeat."""
    before = (clock.now() - KEPT).timestamp()
    for folder in sorted(folder_of().glob("??")):
        named = read_named(folder.name)
        for path in list_old(folder, before):
            if path.name not in named:
                path.unlink(missing_ok=True)
                logger.info("a stored file that no row names was deleted")


def read_named(prefix: str) -> set[str]:
    """Give the hashes with these first characters that a row names."""
    found = select(StoredFile.sha256).where(StoredFile.sha256.startswith(prefix, autoescape=True))
    return set(db.session.scalars(found))


def list_old(folder: Path, before: float) -> Iterator[Path]:
    """Give what was stored, or stored once more, before an instant; unfinished writes too."""
    for path in folder.iterdir():
        # An unfinished write may get its name, and so be gone, between two looks.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                yield path
