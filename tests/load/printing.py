"""What benches of printing share: the same HTML through the site's door and plain, and the rows.

The plain one is a process of its own with the site's fonts and WeasyPrint, and nothing else of it.
"""

import os
import sqlite3
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from app.files import papers as paper_pages
from app.files.papers import PaperKind
from app.kernel import pdf


def ask(var: Path, sql: str) -> list[tuple]:
    """Read from the database of a run beside its workers."""
    connection = sqlite3.connect(f"file:{var / 'db'}?mode=ro", uri=True, timeout=30)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def count(var: Path, table: str) -> int:
    """Count the rows of a table."""
    return ask(var, f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - a constant's name.


def compare(documents: Sequence[pdf.Document]) -> tuple[list[tuple[float, float]], int]:
    """Print each through the door and plain, by turns; gives seconds of both, and the last pages."""
    found, pages = [], 0
    with plain_renderer() as pool:
        pdf.render(documents[0])
        pool.submit(print_plain, documents[0].html, documents[0].stylesheets).result()
        for document in documents:
            began = time.perf_counter()
            pdf.render(document)
            through = time.perf_counter() - began
            seconds, pages = pool.submit(print_plain, document.html, document.stylesheets).result()
            found.append((through, seconds))
    pdf.close()
    return found, pages


def document_of(kind: PaperKind, record_id: int) -> pdf.Document:
    """Give what the site hands to the printer."""
    snapshot = kind.snapshot(record_id)
    return kind.document(snapshot, paper_pages.code_of(snapshot))


@contextmanager
def plain_renderer() -> Iterator[ProcessPoolExecutor]:
    """Start a process that has the site's fonts and WeasyPrint, and nothing of the site."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(pdf.FONTS / "fonts.conf")
    try:
        with ProcessPoolExecutor(1, get_context("spawn")) as pool:
            yield pool
    finally:
        os.environ.pop("FONTCONFIG_FILE")
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


def print_plain(html: str, stylesheets: Sequence[str]) -> tuple[float, int]:
    """Print as anybody would; gives seconds and pages."""
    from weasyprint import CSS, HTML  # noqa: PLC0415 - only this process has it.

    began = time.perf_counter()
    paper = HTML(string=html, base_url="app:/").render(
        stylesheets=[CSS(string=each) for each in stylesheets]
    )
    paper.write_pdf()
    return time.perf_counter() - began, len(paper.pages)
