"""Draws the pages of an uploaded PDF anew inside a limited child process; see app/files/scans.py.

What comes out is a PDF of pictures and nothing else: no script, no form, no attachment, no link, no
text that nobody sees, and no word on who made it when.
"""

import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from app.kernel.children import ChildRefusedError

QUALITY = 80
A4_INCHES = 11.69
# A page of PDF 1.7 can't be larger than 200 inches; more is no sheet of paper.
LONGEST_SIDE = 14_400
NO_INFO = dict.fromkeys(("producer", "creator", "creationDate", "modDate", "title", "author"), "")

LOCKED = "这个PDF加了密码，打不开。请去掉密码，或者打印出来拍照、扫描后再上传。"
BROKEN = "这个PDF读不出来：它可能已经损坏。请重新扫描，或者改传JPG、PNG图片。"
EMPTY = "这个PDF里没有页。请重新扫描后再上传。"
TOO_MANY = "这个PDF有{pages}页，最多{most}页。请只上传签了字的那几页。"
TOO_LARGE = "这个PDF的纸面尺寸不正常。请按A4或A3重新扫描，或者改传JPG、PNG图片。"


def work(content: bytes, options: Mapping[str, Any]) -> bytes:
    """Give the PDF as one whose pages are pictures, `longest` points on the longer side.

    Raises ChildRefusedError for what has a password, more than `pages` pages, or no sense.
    """
    with closing(open_document(content)) as document:
        check_pages(len(document), options["pages"])
        first, *rest = draw_pages(document, options["longest"])
    buffer = io.BytesIO()
    first.save(
        buffer,
        "PDF",
        save_all=True,
        append_images=rest,
        # Every sheet is printed again as A4, however large it lay on the glass.
        resolution=options["longest"] / A4_INCHES,
        quality=QUALITY,
        **NO_INFO,
    )
    return buffer.getvalue()


def open_document(content: bytes) -> pypdfium2.PdfDocument:
    """Open it; raises ChildRefusedError for what is locked or broken."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code == raw.FPDF_ERR_PASSWORD
        raise ChildRefusedError(LOCKED if is_locked else BROKEN) from error
    # Seals and signatures are often fields of a form, which only its own drawing shows.
    document.init_forms()
    return document


def check_pages(pages: int, most: int) -> None:
    """Refuse a document without pages, or with more than a signed sheet has."""
    if not pages:
        raise ChildRefusedError(EMPTY)
    if pages > most:
        raise ChildRefusedError(TOO_MANY.format(pages=pages, most=most))


def draw_pages(document: pypdfium2.PdfDocument, longest: int) -> Iterator[Image.Image]:
    """Draw every page in turn; raises ChildRefusedError for a page of senseless size."""
    try:
        for number in range(len(document)):
            with closing(document[number]) as page:
                side = max(page.get_size())
                if not 1 <= side <= LONGEST_SIDE:
                    raise ChildRefusedError(TOO_LARGE)
                bitmap = page.render(scale=longest / side)
                yield bitmap.to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise ChildRefusedError(BROKEN) from error
