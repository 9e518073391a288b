"""Laying the papers of this room out by their templates."""

from dataclasses import dataclass
from typing import Protocol

from flask import render_template

from app.kernel import charts, clock, formats, pdf

PURPOSE = "中心内部日常考核参考，不作为法定年度考核等次"
LETTER_PURPOSE = "提供事实，供所在单位日常管理参考；本中心不评定等次"


class Printed(Protocol):
    """What every paper of this room says."""

    @property
    def hall(self) -> str:
        """Give whose paper it is."""
        ...


@dataclass(frozen=True, kw_only=True)
class Heading:
    """What stands above a paper and in its margins."""

    title: str
    subject: str
    version: str
    purpose: str = PURPOSE


def document_of(
    template: str, heading: Heading, snapshot: Printed, code: str, radar: charts.Radar | None = None
) -> pdf.Document:
    """Lay a paper out by its template."""
    html = render_template(
        f"assessment/pdf/{template}.html",
        shown=snapshot,
        radar=radar,
        paper={
            "organisation": snapshot.hall,
            "title": heading.title,
            "subject": heading.subject,
            "footer": heading.purpose,
            "check_code": code,
            "version": heading.version,
            "made_at": formats.moment(clock.now()),
        },
        purpose=heading.purpose,
    )
    return pdf.Document(
        html=html,
        stylesheets=(pdf.stylesheet("pdf/base.css"), pdf.stylesheet("assessment/pdf/portrait.css")),
        title=f"{heading.title} {heading.subject}",
        author=snapshot.hall,
        created_at=clock.now(),
    )
