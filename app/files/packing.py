"""Many papers as one zip, in folders: what is printed already is taken as it is.

"Batch as job with progress, zip by department." A room keeps the zip beside its own records, says
who may fetch it, and erases it after two weeks.
"""

import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath

from app.files.papers import WHOLE, PaperKind, print_if_new

KEPT = timedelta(days=14)
MEDIA_TYPE = "application/zip"
UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')


@dataclass(frozen=True, kw_only=True)
class Part:
    """One paper that goes into a package; an empty folder is the top of it."""

    kind: PaperKind
    record_id: int
    folder: str
    part: int = WHOLE


def pack(parts: Sequence[Part], progress: Callable[[int, int], None]) -> bytes:
    """Print what is not printed yet and pack all; `progress` is told how many of how many."""
    with tempfile.TemporaryFile() as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as packed:
            for done, (path, content) in enumerate(make_papers(parts), start=1):
                packed.writestr(path, content)
                progress(done, len(parts) + 1)
        stream.seek(0)
        return stream.read()


def make_papers(parts: Sequence[Part]) -> Iterator[tuple[str, bytes]]:
    """Give path and content of each paper; one that is printed already is not printed again."""
    for part in parts:
        snapshot, content = print_if_new(part.kind, part.record_id, part.part)
        name = f"{safe(part.kind.file_name(snapshot))}.pdf"
        yield str(PurePosixPath(part.folder) / name), content


def folder(position: int, name: str) -> str:
    """Name the folder of a department, so that they stand in the hall's 序列."""
    return f"{position:02d}_{safe(name)}"


def safe(name: str) -> str:
    """Leave only what any system takes as the name of a file."""
    return UNSAFE.sub("_", name).strip("._") or "_"
