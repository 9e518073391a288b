"""Laying out the papers of exams: a frozen snapshot, a template, and the day that it says itself.

The day of a document is one that stands on it, never the moment of printing: the same snapshot
gives the same bytes, whoever prints it and whenever.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import render_template

from app.kernel import clock, formats, pdf

MOMENT = re.compile(r"(\d+)年(\d+)月(\d+)日(?: (\d+):(\d+))?")


def print_out(
    template: str,
    snapshot: object,
    code: str,
    *,
    title: str,
    hall: str,
    dated: str,
    base: str | None = "pdf/base.css",
    assets: Mapping[str, tuple[str, bytes]] | None = None,
    **context: Any,
) -> pdf.Document:
    """Lay a snapshot out by `exams/pdf/TEMPLATE.html` and its style sheet, as `shown`.

    `dated` is a day or a moment as `formats` writes it.
    """
    return pdf.Document(
        html=render_template(
            f"exams/pdf/{template}.html", shown=snapshot, check_code=code, **context
        ),
        stylesheets=tuple(
            pdf.stylesheet(each) for each in (base, f"exams/pdf/{template}.css") if each
        ),
        assets=assets or {},
        title=title,
        author=hall,
        created_at=read_moment(dated),
    )


def read_moment(text: str) -> datetime:
    """Read back what formats.day or formats.moment wrote; raises ValueError."""
    found = MOMENT.fullmatch(text)
    if found is None:
        message = f"no day: {text!r}"
        raise ValueError(message)
    year, month, day, hour, minute = (int(each or 0) for each in found.groups())
    return clock.from_local(datetime(year, month, day, hour, minute))  # noqa: DTZ001 - gives it.


def moment_or_dash(value: datetime | None) -> str:
    """Write an instant, or a dash where there is none."""
    return "—" if value is None else formats.moment(value)
