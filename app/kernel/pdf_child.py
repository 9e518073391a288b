"""The process that renders: WeasyPrint behind a locked door, within limits of memory and time.

Only `pdf.py` starts it and talks to it. It reads no file that a document names, opens no network
connection and imports nothing else of the site, so that it stays small.
"""

import ctypes
import gc
import json
import logging
import math
import os
import resource
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from app.kernel import cjk_justify

MEMORY_LIMIT = 1 << 30
LOG_LINES_PER_DOCUMENT = 50
LOG_LINE_CHARACTERS = 2000
BASE_URL = "app:/"
SHEETS_KEPT = 16
DECLARING = ("@counter-style", "@font-face", "@import")
SAMPLE = "清廉窗口<b>清廉</b><p>清廉<b>窗口</b>"
SAMPLE_STYLE = "body { font-family: Sans } p { font-family: Serif; text-align: justify }"

Assets = Mapping[str, tuple[str, bytes]]
Untyped = Any
"""What WeasyPrint hands out: it has no types."""

logger = logging.getLogger("app.kernel.pdf_child")


class BundledFetcher(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types.
    """Hands out the document's own assets and pictures written into it; refuses all else.

    WeasyPrint's own fetcher reads any file and any address. A refusal is logged, the paper goes on.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self.assets: Assets = {}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """Give an asset by its exact name; raises ValueError, which WeasyPrint logs."""
        if url in self.assets:
            media_type, content = self.assets[url]
            return URLFetcherResponse(url, content, {"Content-Type": media_type})
        if url[:11].lower() == "data:image/":
            return super().fetch(url, headers)
        message = "refused, it is not bundled with the document"
        raise ValueError(message)


class PreparedFonts(FontConfiguration):  # type: ignore[misc]  # WeasyPrint has no types.
    """The prepared fonts and no others: a document can't bring, or look for, a font of its own."""

    def add_font_face(self, rule_descriptors: Mapping[str, Any], url_fetcher: URLFetcher) -> None:
        """Refuse a `@font-face`."""
        del url_fetcher
        logger.warning("@font-face %r refused", rule_descriptors.get("font_family"))


class Renderer:
    """What stays warm between documents: fonts and their metrics."""

    def __init__(self) -> None:
        self._fonts = PreparedFonts()
        self._fetcher = BundledFetcher()
        self._sheets: dict[str, Untyped] = {}

    def render(self, request: Mapping[str, Any], assets: Assets) -> tuple[bytes, str]:
        """Give the PDF and the characters for which no font has a glyph."""
        self._fetcher.assets = assets
        paper = self._lay_out(request)
        _keep_plain(paper)
        _describe(paper.metadata, request)
        # The identifier is a hash of the content: the same document gives the same bytes.
        pdf = paper.write_pdf(pdf_identifier=True, pdf_tags=True)
        missing = sorted({code for font in paper.fonts.values() for code in font.missing})
        return pdf, "".join(map(chr, missing))

    def _lay_out(self, request: Mapping[str, Any]) -> Untyped:
        source: dict[str, Any] = {"base_url": BASE_URL, "url_fetcher": self._fetcher}
        shared: dict[str, Any] = {"font_config": self._fonts, "counter_style": CounterStyle()}
        sheets = [self._sheet(text, source, shared) for text in request["stylesheets"]]
        page = HTML(string=request["html"], **source)
        return page.render(stylesheets=sheets, presentational_hints=False, **shared)

    def _sheet(self, text: str, source: dict[str, Any], shared: dict[str, Any]) -> Untyped:
        """Read a style sheet, once: the papers of a kind all have the same.

        A name that a sheet declares belongs to the document for which it is read, so such a sheet
        is read each time.
        """
        if any(word in text for word in DECLARING):
            return CSS(string=text, **source, **shared)
        if text not in self._sheets:
            if len(self._sheets) >= SHEETS_KEPT:
                self._sheets.clear()
            self._sheets[text] = CSS(string=text, **source, **shared)
        return self._sheets[text]


def _keep_plain(paper: Untyped) -> None:
    """Drop what a paper has no use for: attachments, form fields, links to other than web pages."""
    paper.metadata.attachments = []
    for page in paper.pages:
        page.forms = {None: []}
        page.links = [link for link in page.links if _is_harmless(link[0], link[1])]


def _is_harmless(kind: str, target: Untyped) -> bool:
    web = ("https:", "http:")
    return kind == "internal" or (kind == "external" and target.lower().startswith(web))


def _describe(metadata: Untyped, request: Mapping[str, Any]) -> None:
    """Say what the caller said; nothing in the document's own head may say otherwise."""
    metadata.title, metadata.lang = request["title"], "zh-CN"
    metadata.authors = [request["author"]]
    metadata.created = metadata.modified = request["created_at"]
    metadata.description = metadata.generator = None
    metadata.keywords = []


class LineFormatter(logging.Formatter):
    """One record, one line of JSON: text from a document can't forge a line of the log."""

    def format(self, record: logging.LogRecord) -> str:
        """Give level and text, cut to a bearable length."""
        text = super().format(record)[:LOG_LINE_CHARACTERS]
        return json.dumps({"level": record.levelno, "text": text})


class Bounded(logging.Filter):
    """Lets a number of records through: a hostile document must not fill the log."""

    def __init__(self) -> None:
        super().__init__()
        self.left = LOG_LINES_PER_DOCUMENT

    def filter(self, record: logging.LogRecord) -> bool:
        """Count one record."""
        del record
        self.left -= 1
        return self.left >= 0


def serve(connection: Connection, bound: Bounded) -> None:
    """Render what comes until the other side hangs up."""
    renderer = Renderer()
    # The first use of each face costs a quarter of a second: pay it before the first document.
    renderer.render(_sample(), {})
    gc.freeze()
    while True:
        resting = resident_bytes()
        try:
            request = json.loads(connection.recv_bytes())
        except EOFError:
            return
        assets = {
            name: (media_type, connection.recv_bytes()) for name, media_type in request["assets"]
        }
        bound.left = LOG_LINES_PER_DOCUMENT
        limit_cpu(request["seconds"])
        answer, pdf = _answer(renderer, request, assets)
        connection.send_bytes(json.dumps(answer | {"resting": resting}).encode())
        connection.send_bytes(pdf)
        del request, assets, pdf
        _give_back_memory()


def _answer(
    renderer: Renderer, request: Mapping[str, Any], assets: Assets
) -> tuple[dict[str, Any], bytes]:
    try:
        pdf, missing = renderer.render(request, assets)
    except MemoryError:
        return {"failure": "out of memory", "is_spent": True}, b""
    except Exception as error:
        # Whatever a document does to WeasyPrint, the caller gets a reason and the log the rest.
        logger.exception("a document could not be rendered")
        return {"failure": f"{type(error).__name__}: {error}"[:LOG_LINE_CHARACTERS]}, b""
    if missing:
        return {"missing": missing}, b""
    return {}, pdf


def _sample() -> dict[str, Any]:
    instant = "2000-01-01T00:00:00+00:00"
    texts = {"html": SAMPLE, "title": SAMPLE, "author": SAMPLE, "created_at": instant}
    return texts | {"stylesheets": [SAMPLE_STYLE]}


def resident_bytes() -> int:
    """Give the memory that this process really holds."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _give_back_memory() -> None:
    """Return what the last document took; C memory isn't returned by itself."""
    gc.collect()
    with suppress(AttributeError):  # Another C library than glibc has no malloc_trim.
        ctypes.CDLL(None).malloc_trim(0)


def limit_memory() -> None:  # pragma: no cover  It would bound the process that tests.
    """Bound the address space; leave no core file, which would hold personal data."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_cpu(seconds: float) -> None:
    """Let the coming document use so much: the system counts from the start of the process."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(usage.ru_utime + usage.ru_stime + seconds)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def die_with(parent: int) -> None:
    """Ask the system to end this process with its parent, even while it renders."""
    death_signal = 1  # PR_SET_PDEATHSIG of <sys/prctl.h>
    ctypes.CDLL(None).prctl(death_signal, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def main(descriptor: int, parent: int) -> None:  # pragma: no cover  It runs in the child only.
    """Serve the parent over an inherited socket until it hangs up or dies."""
    die_with(parent)
    limit_memory()
    # People who wait for a page come before papers.
    os.nice(5)
    bound = Bounded()
    handler = logging.StreamHandler()
    handler.setFormatter(LineFormatter())
    handler.addFilter(bound)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    cjk_justify.install()
    serve(Connection(descriptor), bound)
