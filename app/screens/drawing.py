"""One page of a slide as HTML, for the player and the preview, and as a sheet of a PDF.

Both are drawn from the same template and style sheet. The sheet counts in `--u`, a point of the
canvas: the browser computes it from the window, here it is put in as a number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import current_app

from app.kernel import static_files
from app.kernel.slides import SlidePage, room_of, row_heights

UNIT = re.compile(r"calc\((-?[\d.]+) \* var\(--u\)\)")
SIZE = re.compile(r"\b(?:1920|1080)px\b")
STYLE = "screens/slide.css"
PDF_STYLE = "screens/pdf/package.css"
KEPT_PAGES = 2000


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page with its number in the document, which its own rules of style name."""

    page: SlidePage
    name: str


@lru_cache(maxsize=KEPT_PAGES)
def page_html(page: SlidePage) -> str:
    """Draw a page; the same page is drawn once in a process. Everything on it is escaped."""
    return render("screens/_slide.html", page=page)


def render(template: str, **context: object) -> str:
    """Render without what surrounds a page of the site: no person is read for a screen."""
    return current_app.jinja_env.get_template(template).render(**context)


def document_html(pages: Sequence[SlidePage]) -> str:
    """Draw pages as sheets of a document."""
    return render("screens/pdf/package.html", sheets=name_sheets(pages))


def document_styles(pages: Sequence[SlidePage], width: int, height: int) -> tuple[str, ...]:
    """Give the style sheets for a document whose sheets are `width` by `height` points."""
    folder = Path(current_app.root_path) / "templates"
    frame = (folder / PDF_STYLE).read_text(encoding="utf-8")
    size = {"1920px": f"{width}px", "1080px": f"{height}px"}
    frame = SIZE.sub(lambda found: size[found[0]], frame)
    layout = pages[0].layout
    unit = min(width / layout.width, height / layout.height)
    _, files = static_files.read_tree(static_files.static_folder())
    own = "\n".join(sheet_rules(sheet) for sheet in name_sheets(pages))
    place = (
        f".slide {{ position: absolute; left: {(width - layout.width * unit) / 2:.3f}px; "
        f"top: {(height - layout.height * unit) / 2:.3f}px }}\n"
        f".slide-strip {{ width: calc({layout.width} * var(--u)) }}\n"
    )
    drawn = "\n".join((files[STYLE].body.decode(), frame, place, own))
    return (UNIT.sub(lambda found: f"{float(found[1]) * unit:.4f}px", drawn),)


def name_sheets(pages: Sequence[SlidePage]) -> list[Sheet]:
    """Give each page a name."""
    return [Sheet(page=page, name=f"sheet-{place}") for place, page in enumerate(pages)]


def sheet_rules(sheet: Sheet) -> str:
    """Give the measures of one page, which a browser finds by itself.

    The rows of lines share what is left of their height, as `space-around` does; a strip has a side
    of its own width.
    """
    page = sheet.page
    rows, (_, height) = row_heights(page.lines, page), room_of(page)
    half = max(0, height - sum(rows)) / max(1, len(rows)) / 2
    rules = {
        ".slide-row": f"margin-top: calc({half} * var(--u))",
        ".slide-row + .slide-row": f"padding-top: calc({half} * var(--u))",
    }
    if page.side:
        rules |= {
            ".slide-head": f"width: calc({page.side} * var(--u))",
            ".slide-window": f"font-size: calc({page.window_size} * var(--u))",
            ".slide-main": f"width: calc({page.main} * var(--u))",
        }
    return "\n".join(f".{sheet.name} {what} {{ {how} }}" for what, how in rules.items())
