"""The parts of a zipped office file, looked at before anything is taken from them.

Runs in a child only. The directory first: number, size and ratio as declared; then each part as a
stream, so that a wrong declaration is a damaged file and a document type (DTD) is refused in any
encoding.
"""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.parsers import expat

from app.kernel.children import ChildRefusedError

MAX_UNPACKED = 50 << 20
MAX_RATIO = 100
CHUNK = 1 << 16
XML_SUFFIXES = (".xml", ".rels", ".vml")

Attributes = dict[str, str]
Start = Callable[[str, Attributes], None]


@dataclass(frozen=True, kw_only=True)
class Refusals:
    """What is said of a file that isn't opened; each says what to do."""

    too_large: str
    damaged: str
    has_dtd: str
    max_entries: int


@dataclass(frozen=True, kw_only=True)
class Parts:
    """An opened zip with the words to refuse it by."""

    archive: zipfile.ZipFile
    refusals: Refusals

    def check(self, size: int) -> None:
        """Look at the directory, then read every part to its end; raises ChildRefusedError."""
        self.check_directory(size)
        for entry in self.archive.infolist():
            if entry.filename.lower().endswith(XML_SUFFIXES):
                self.parse(entry.filename)
            else:
                for _ in self.chunks(entry.filename):
                    pass

    def check_directory(self, size: int) -> None:
        """Refuse by what the directory says, before anything is unpacked."""
        entries = self.archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        names = {entry.filename.casefold() for entry in entries}
        is_many = len(entries) > self.refusals.max_entries
        if is_many or unpacked > MAX_UNPACKED or unpacked > size * MAX_RATIO:
            raise ChildRefusedError(self.refusals.too_large)
        if any(entry.file_size > max(entry.compress_size, 1) * MAX_RATIO for entry in entries):
            raise ChildRefusedError(self.refusals.too_large)
        if len(names) != len(entries):
            # Two entries of one name: two readers would see two different files.
            raise ChildRefusedError(self.refusals.damaged)

    def chunks(self, name: str) -> Iterator[bytes]:
        """Unpack a part piece by piece."""
        with self.archive.open(name) as part:
            while chunk := part.read(CHUNK):
                yield chunk

    def parse(
        self,
        name: str,
        *,
        start: Start | None = None,
        end: Callable[[str], None] | None = None,
        text: Callable[[str], None] | None = None,
    ) -> None:
        """Stream an XML part through a parser that refuses any DTD."""
        parser = expat.ParserCreate(namespace_separator=None)
        parser.StartDoctypeDeclHandler = self._refuse_dtd
        # A handler of None means that nobody is called, which is what the parser begins with.
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = text
        for chunk in self.chunks(name):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keyword.
        parser.Parse(b"", True)  # noqa: FBT003

    def _refuse_dtd(self, *_declaration: object) -> None:
        """Refuse a document type, whatever it declares."""
        raise ChildRefusedError(self.refusals.has_dtd)


def local_name(name: str) -> str:
    """Give an element's or attribute's name without its prefix."""
    return name.rpartition(":")[2]
