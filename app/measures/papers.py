"""任务分解看板 on paper, A4 landscape: each row with sentence, target, reading, light and why."""

from dataclasses import dataclass

from flask import render_template

from app.accounts import hall
from app.files.papers import PaperKind
from app.kernel import clock, db, formats, pdf
from app.measures.board import Status, list_rows, read_statuses
from app.measures.lights import NO_DATA, WORDS
from app.measures.lists import assigned_text, note_text, work_text
from app.measures.models import MeasurePlan, NoteKind


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """One indicator of a row."""

    label: str
    target: str
    value: str


@dataclass(frozen=True, kw_only=True)
class PaperRow:
    """One row of the board, as text."""

    code: str
    part: str
    title: str
    source: str
    lines: tuple[PaperLine, ...]
    light: str
    kind: str
    reason: str
    owner: str
    partners: str
    due: str
    state: str
    four: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class BoardPaper:
    """Everything that stands on the paper; the snapshot behind its 校验码."""

    hall: str
    plan: str
    organisation: str
    number: str
    year: int
    day: str
    total: int
    counts: tuple[tuple[str, int], ...]
    rows: tuple[PaperRow, ...]


def snapshot(record_id: int) -> BoardPaper:
    """Read all that the paper says of a plan today."""
    plan = db.session.get_one(MeasurePlan, record_id)
    statuses = read_statuses(list_rows(plan_id=plan.id))
    words = [each.word for each in statuses]
    return BoardPaper(
        hall=hall.get_profile().name,
        plan=plan.title,
        organisation=plan.organisation,
        number=plan.number,
        year=plan.year,
        day=formats.day(clock.today()),
        total=len(statuses),
        counts=tuple((word, words.count(word)) for word in (*WORDS.values(), NO_DATA)),
        rows=tuple(row_of(each) for each in statuses),
    )


def row_of(status: Status) -> PaperRow:
    """Write one row."""
    measure = status.row.measure
    return PaperRow(
        code=measure.code,
        part=measure.part,
        title=measure.title,
        source=measure.source,
        lines=tuple(
            PaperLine(label=each.indicator.label, target=each.target, value=each.verdict.value)
            for each in status.judged
        ),
        light=status.word,
        kind=status.kind.value if status.kind else "none",
        reason=status.reason,
        owner=status.row.department,
        partners=measure.partners,
        due=formats.day(status.due_on),
        state=status.state_label,
        four=(
            ("分解", assigned_text(status)),
            ("实施", work_text(status)),
            ("督促", note_text(NoteKind.URGING, status)),
            ("宣传", note_text(NoteKind.PUBLICITY, status)),
        ),
    )


def document(paper: BoardPaper, code: str) -> pdf.Document:
    """Lay the paper out."""
    return pdf.Document(
        html=render_template("measures/pdf/board.html", board=paper, check_code=code),
        stylesheets=(pdf.stylesheet("pdf/base.css"), pdf.stylesheet("measures/pdf/board.css")),
        title="任务分解看板",
        author=paper.hall,
        created_at=clock.now(),
    )


BOARD = PaperKind(
    name="measures.board",
    title="任务分解看板",
    word="board",
    endpoint="measures.show_board_paper",
    snapshot=snapshot,
    document=document,
    file_name=lambda paper: f"任务分解看板{paper.year}",
)
