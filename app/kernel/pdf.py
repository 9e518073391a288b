"""The one door to printed papers: HTML, CSS and bundled assets in, a PDF out.

A child process renders (`pdf_child.py`), one document at a time, within limits of memory and time;
neither WeasyPrint nor a hostile or endless document ever comes into the process that asks.
"""

import atexit
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any

APP = Path(__file__).resolve().parents[1]
TEMPLATES = APP.parent / "templates"
FONTS = APP.parent / ".venv" / "fonts"
"""Where `./manage` has `fonts.py` prepare them."""

LARGEST_DOCUMENT = 32 << 20
DOCUMENTS_PER_CHILD = 200
CHILD_MEMORY = 220 << 20
"""A child that holds more than this between two documents is replaced."""

# Running `app` would import the whole site into the child, at 60 MB; it needs two modules of it.
_START = """
import sys, types
folder, descriptor, parent = sys.argv[1:]
for name, path in (("app", folder), ("app.kernel", folder + "/kernel")):
    package = sys.modules[name] = types.ModuleType(name)
    package.__path__ = [path]
from app.kernel.pdf_child import main
main(int(descriptor), int(parent))
"""

logger = logging.getLogger(__name__)


class PdfError(Exception):
    """A document could not be printed."""


class PdfTimeout(PdfError):  # noqa: N818  It names what happened.
    """It took longer than it may, or the turn never came."""


class PdfRefused(PdfError):  # noqa: N818  It names what happened.
    """It is larger than any paper of the site can be."""


class PdfFailed(PdfError):  # noqa: N818  It names what happened.
    """It broke the renderer, or the renderer can't be started; the message is for the operator."""


class MissingGlyph(PdfError):  # noqa: N818  It names what happened.
    """No font has these characters; a paper with boxes in their place is never given out."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        names = ", ".join(f"{character} (U+{ord(character):04X})" for character in characters)
        super().__init__(f"no font has {names}")
        self.characters = characters


@dataclass(frozen=True, kw_only=True)
class Document:
    """All that a paper consists of; the same document gives the same bytes.

    `stylesheets` are texts of CSS (see `stylesheet`), `assets` map `app:/name` to media type and
    content. The HTML may show those and `data:image/`; all else is left out, and logged.
    """

    html: str
    stylesheets: tuple[str, ...]
    title: str
    author: str
    created_at: datetime
    assets: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a time without its zone and an asset that no HTML could name."""
        if self.created_at.tzinfo is None:
            message = "created_at has no time zone"
            raise ValueError(message)
        strange = [name for name in self.assets if not name.startswith("app:/")]
        if strange:
            message = f"assets are named app:/..., not {strange}"
            raise ValueError(message)


@cache
def stylesheet(name: str) -> str:
    """Read a bundled style sheet by its path below `templates/`, such as `pdf/base.css`."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def render(document: Document, *, timeout_seconds: float = 60) -> bytes:
    """Print a document; threads take turns.

    `timeout_seconds` bounds the wait for the turn and, once more, the work. Raises PdfTimeout,
    PdfRefused, MissingGlyph, PdfFailed; after any of them the next document is printed as usual.
    """
    return _renderer.render(document, timeout_seconds)


def warm() -> None:
    """Start the child, which gets ready by itself while this process goes on."""
    _renderer.warm()


def close() -> None:
    """End the child, even at work; the next document starts another."""
    _renderer.close()


class _Renderer:
    """Holds the child of this process and lets one thread at a time speak to it."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: _Child | None = None

    def render(self, document: Document, seconds: float) -> bytes:
        request, contents = _pack(document, seconds)
        if not self._turn.acquire(timeout=seconds):
            message = f"no turn within {seconds:g} s"
            raise PdfTimeout(message)
        try:
            return self._render(request, contents, seconds)
        finally:
            self._turn.release()

    def _render(self, request: bytes, contents: list[bytes], seconds: float) -> bytes:
        child = self._running()
        try:
            answer, pdf = child.ask(request, contents, seconds)
        except (OSError, EOFError):
            self.close()
            raise child.reason(seconds) from None
        if child.is_spent(answer):
            self.close()
            # The next one gets ready meanwhile; if it can't, this paper is done all the same.
            with suppress(PdfFailed):
                self._running()
        return _unpack(answer, pdf)

    def warm(self) -> None:
        with self._turn:
            self._running()

    def close(self) -> None:
        """End the child without waiting for the turn: the site must be able to stop at once."""
        child, self._child = self._child, None
        if child:
            child.end()

    def _running(self) -> "_Child":
        child = self._child
        if child is None or child.has_ended():
            self.close()
            child = self._child = _Child()
        return child

    def forget(self) -> None:
        """Leave the child to the process that started it: this one is a fork of that."""
        if self._child:
            self._child.forget()


def _pack(document: Document, seconds: float) -> tuple[bytes, list[bytes]]:
    contents = [content for _, content in document.assets.values()]
    request = {
        "html": document.html,
        "stylesheets": document.stylesheets,
        "title": document.title,
        "author": document.author,
        "created_at": document.created_at.isoformat(timespec="seconds"),
        "assets": [(name, kind) for name, (kind, _) in document.assets.items()],
        "seconds": seconds,
    }
    packed = json.dumps(request, ensure_ascii=False).encode(errors="surrogatepass")
    size = len(packed) + sum(map(len, contents))
    if size > LARGEST_DOCUMENT:
        message = f"{size} bytes, {LARGEST_DOCUMENT} are allowed"
        raise PdfRefused(message)
    return packed, contents


def _unpack(answer: Mapping[str, Any], pdf: bytes) -> bytes:
    if "failure" in answer:
        raise PdfFailed(answer["failure"])
    if "missing" in answer:
        raise MissingGlyph(tuple(answer["missing"]))
    return pdf


class _Child:
    """One child process and the socket to it."""

    def __init__(self) -> None:
        if not (FONTS / "fonts.conf").is_file():
            # Without it the fonts of the machine would be taken, and every paper would differ.
            message = f"no fonts in {FONTS}: run python -m app.kernel.fonts {FONTS}"
            raise PdfFailed(message)
        self._connection, theirs = Pipe()
        started: Future[subprocess.Popen[str]] = Future()
        threading.Thread(target=_keep, args=(theirs, started), daemon=True).start()
        try:
            self._process = started.result()
        except OSError as error:
            self._connection.close()
            message = f"the renderer can't be started: {error}"
            raise PdfFailed(message) from error
        self._documents = 0
        self._is_overdue = False

    def ask(
        self, request: bytes, contents: list[bytes], seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """Give answer and PDF; raises OSError or EOFError when the child ends instead."""
        watchdog = threading.Timer(seconds, self._kill_overdue)
        watchdog.daemon = True
        watchdog.start()
        try:
            for message in (request, *contents):
                self._connection.send_bytes(message)
            answer = json.loads(self._connection.recv_bytes())
            return answer, self._connection.recv_bytes()
        except TypeError as error:
            # Closed by another thread in this very moment: the connection has no handle any more.
            raise EOFError from error
        finally:
            watchdog.cancel()
            watchdog.join()
            self._documents += 1

    def _kill_overdue(self) -> None:
        self._is_overdue = True
        self._process.kill()

    def is_spent(self, answer: Mapping[str, Any]) -> bool:
        """Tell whether another child should print the next document."""
        return (
            "is_spent" in answer
            or self._is_overdue
            or self._documents >= DOCUMENTS_PER_CHILD
            or answer["resting"] > CHILD_MEMORY
        )

    def reason(self, seconds: float) -> PdfError:
        """Say why the child ended, once it has."""
        if self._is_overdue or self._process.returncode == -signal.SIGXCPU:
            return PdfTimeout(f"not done within {seconds:g} s")
        return PdfFailed(f"the renderer ended with status {self._process.returncode}")

    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        """End it at once; there is nothing that it could lose."""
        self._process.kill()
        self._process.wait()
        self._connection.close()

    def forget(self) -> None:
        """Close this process's copy of the socket; say that the child is no child of it."""
        self._connection.close()
        self._process.returncode = 0


def _keep(theirs: Connection, started: "Future[subprocess.Popen[str]]") -> None:
    """Start a child and log what it says until it ends.

    The system ends a child together with the thread that started it, so this thread lives as long.
    """
    try:
        process = _start(theirs.fileno())
    except BaseException as error:  # noqa: BLE001  It is raised again in the thread that waits.
        started.set_exception(error)
        return
    finally:
        theirs.close()
    started.set_result(process)
    assert process.stderr  # noqa: S101  It is a pipe, as asked for.
    with process.stderr:
        _log(process.stderr)


def _start(descriptor: int) -> subprocess.Popen[str]:
    """Start a child that has none of this process's environment: it holds secrets."""
    arguments = (str(APP), str(descriptor), str(os.getpid()))
    return subprocess.Popen(
        (sys.executable, "-I", "-c", _START, *arguments),
        env={"FONTCONFIG_FILE": str(FONTS / "fonts.conf"), "LANG": "C.UTF-8"},
        pass_fds=(descriptor,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    )


def _log(lines: IO[str]) -> None:
    for line in lines:
        try:
            record = json.loads(line)
            logger.log(record["level"], "%s", record["text"])
        except (ValueError, LookupError, TypeError):
            # Not from the child's logging: a library, or the interpreter itself.
            logger.warning("%s", line.rstrip())


_renderer = _Renderer()


def _begin_anew() -> None:
    """After a fork: the child belongs to the other process, and the lock may be held by nobody."""
    global _renderer  # noqa: PLW0603  The one child of this process.
    _renderer.forget()
    _renderer = _Renderer()


os.register_at_fork(after_in_child=_begin_anew)
atexit.register(close)
