"""Draws one page of a PDF as a PNG of exact size inside a limited child process.

The PDF is of the site's own making (app/screens/packages.py); drawing still stays out of the web
processes and of the worker, for the sake of their memory.
"""

import io
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pypdfium2
from PIL import Image


def work(content: bytes, options: Mapping[str, Any]) -> bytes:
    """Give page `page` of the PDF as a PNG of `width` by `height` points."""
    width, height = options["width"], options["height"]
    with closing(pypdfium2.PdfDocument(content)) as document:
        page = document[options["page"]]
        # A bit less than the whole: it is rounded up, and must not become one point more.
        scale = (width - 0.01) / page.get_width()
        picture = page.render(scale=scale).to_pil().convert("RGB")
    if picture.size != (width, height):
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", optimize=width * height <= MOST_OPTIMISED)
    return buffer.getvalue()


# Beyond this many points looking for the smallest file takes seconds.
MOST_OPTIMISED = 4_000_000
