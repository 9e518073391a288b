"""满意度调查结果 as a paper: the same report as the page, without a word of anybody."""

from dataclasses import dataclass

from flask import render_template

from app.accounts import hall
from app.files.papers import PaperKind
from app.kernel import clock, db, formats, pdf
from app.surveys.models import Survey
from app.surveys.reports import Report, report_of


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything that stands on the paper; the snapshot behind its 校验码."""

    hall: str
    made_for: str
    report: Report


def snapshot(record_id: int) -> Sheet:
    """Read all that the paper says of a survey."""
    survey = db.session.get_one(Survey, record_id)
    return Sheet(
        hall=hall.get_profile().name,
        made_for=formats.moment(survey.closed_at or survey.opened_at),
        report=report_of(survey),
    )


def document(sheet: Sheet, code: str) -> pdf.Document:
    """Lay the paper out."""
    return pdf.Document(
        html=render_template("surveys/pdf/report.html", sheet=sheet, check_code=code),
        stylesheets=(
            pdf.stylesheet("pdf/base.css"),
            pdf.stylesheet("surveys/pdf/report.css"),
        ),
        title="满意度调查结果",
        author=sheet.hall,
        created_at=clock.now(),
    )


REPORT = PaperKind(
    name="surveys.report",
    title="满意度调查结果",
    word="report",
    endpoint="surveys.show_report_paper",
    snapshot=snapshot,
    document=document,
    file_name=lambda sheet: f"满意度调查结果 {sheet.report.title}",
)
