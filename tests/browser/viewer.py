"""Chromium's PDF viewer, which shows its pages to nobody but the eye: a picture of it tells."""

import io
import time
from contextlib import suppress

from PIL import Image
from playwright.sync_api import Error, Page

DRAWN_WITHIN_SECONDS = 20
WHITE, LEAST_PAPER, LEAST_INK, DARK = (255, 255, 255), 0.1, 0.001, 450


def wait_until_drawn(page: Page) -> None:
    """Wait until the viewer shows paper with something printed on it; fails on an empty viewer."""
    deadline = time.monotonic() + DRAWN_WITHIN_SECONDS
    picture = b""
    while not (picture and shows_paper(picture)):
        assert time.monotonic() < deadline, f"the PDF viewer stays blank: {page.url}"
        page.wait_for_timeout(200)
        # While the viewer is being put in place there is nothing to take a picture of.
        with suppress(Error):
            picture = page.screenshot()


def shows_paper(picture: bytes) -> bool:
    """Whether a good part is white, and dark points lie between white ones."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    width, height = image.size
    paper = ink = 0
    for y in range(0, height, 2):
        row = [image.getpixel((x, y)) for x in range(0, width, 2)]
        paper += row.count(WHITE)
        # Ink is what is dark with paper on both sides of it; the viewer's own dark is not.
        first = row.index(WHITE) if WHITE in row else 0
        last = len(row) - row[::-1].index(WHITE) if WHITE in row else 0
        ink += sum(sum(point) < DARK for point in row[first:last])
    points = (width // 2) * (height // 2)
    return paper > LEAST_PAPER * points and ink > LEAST_INK * points
