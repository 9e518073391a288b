"""The QR code beside the 校验码 of a paper: it leads to 核对文件, where one signs in first.

"Every QR has an answer: the base address of QR codes is a setting; empty means that no QR is
printed." Templates of papers call `check_picture`.
"""

import io

import segno
from flask import Flask, current_app
from markupsafe import Markup

from app.accounts import hall

INK = "#17375f"


def init(app: Flask) -> None:
    """Offer the picture to the templates of papers."""
    app.jinja_env.globals["check_picture"] = check_picture


def check_picture(code: str) -> Markup | str:
    """Draw where a paper with this 校验码 is held against the site; nothing without an address."""
    base = hall.get_profile().qr_base
    if not base:
        return ""
    drawn = io.BytesIO()
    # The worker has no request from which an address could be told.
    path = current_app.url_map.bind("").build("documents.verify_document", {"code": code})
    segno.make(f"{base}{path}", error="m").save(
        drawn, kind="svg", border=0, xmldecl=False, svgns=True, omitsize=True, dark=INK
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn here, nothing of it is typed.
