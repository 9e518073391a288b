"""Old Word files (.doc) as text, where LibreOffice is installed; everywhere else they are refused.

The converter works in a folder of its own, which is thrown away, with limits of memory and time.
"""

import logging
import os
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path

from app.kernel.sheets_in import UnreadableFileError
from app.kernel.word_in import NOT_READ, SAVE_AS

logger = logging.getLogger(__name__)

MEMORY = 2 << 30
SECONDS = 60
MOST_WRITTEN = 50 << 20
NOT_INSTALLED = "这是老格式的 .doc 文件，不能直接读取。" + SAVE_AS


def read_old_word(content: bytes) -> str:
    """Give the text of a .doc file. Not inside a write. Raises UnreadableFileError."""
    program = shutil.which("soffice")
    if program is None:
        raise UnreadableFileError(NOT_INSTALLED)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source.doc"
        source.write_bytes(content)
        _convert(program, source)
        target = source.with_suffix(".txt")
        if not target.exists():
            raise UnreadableFileError(NOT_READ)
        return target.read_bytes().decode("utf-8-sig", errors="strict")


def _convert(program: str, source: Path) -> None:
    folder = str(source.parent)
    command = (
        program,
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "txt:Text (encoded):UTF8",
        "--outdir",
        folder,
        str(source),
    )
    try:
        subprocess.run(
            command,
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={"LANG": "C.UTF-8", "HOME": folder, "PATH": os.defpath},
            preexec_fn=_limit,
        )
    except (subprocess.SubprocessError, OSError) as error:
        logger.warning("an old document was refused: %s", error)
        raise UnreadableFileError(NOT_READ) from error


def _limit() -> None:  # pragma: no cover  It would bound the tests.
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
