"""What has changed since a past day, on paper: the sheet that a 季度工作会 looks at.

效能 (协同推进): "通过季度工作会反馈检查结果，监督部门持续落实、改进". Both days are computed as the
board computes them, so that nobody writes this sheet, and no light on it can be argued away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template

from app.accounts import hall
from app.files.papers import PaperKind
from app.kernel import clock, formats, pdf
from app.measures.board import Change, Status, changes_between, list_rows, read_statuses, reds
from app.measures.lights import NO_DATA, WORDS
from app.measures.models import IndicatorKind


@dataclass(frozen=True, kw_only=True)
class PastDay:
    """A day whose end the board can be replayed for; its number names it among printed papers."""

    day: date

    @property
    def id(self) -> int:
        """Give the day as eight digits, 20260930."""
        return int(self.day.strftime("%Y%m%d"))


@dataclass(frozen=True, kw_only=True)
class Moment:
    """How a row stands on one of the two days, as text."""

    light: str
    kind: str
    state: str
    due: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ChangeRow:
    """One row that has changed."""

    code: str
    title: str
    owner: str
    before: Moment
    now: Moment
    reason: str


@dataclass(frozen=True, kw_only=True)
class LateRow:
    """One row that is late today."""

    code: str
    title: str
    owner: str
    due: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ChangesPaper:
    """Everything that stands on the paper; the snapshot behind its 校验码.

    `counts` are (light, rows on the past day, rows today).
    """

    hall: str
    since: str
    day: str
    total: int
    counts: tuple[tuple[str, int, int], ...]
    changes: tuple[ChangeRow, ...]
    late: tuple[LateRow, ...]


def snapshot(record_id: int) -> ChangesPaper:
    """Compare the end of a past day, given as eight digits, with today."""
    past, rows = date.fromisoformat(str(record_id)), list_rows()
    before, now = read_statuses(rows, past), read_statuses(rows)
    return ChangesPaper(
        hall=hall.get_profile().name,
        since=formats.day(past),
        day=formats.day(clock.today()),
        total=len(rows),
        counts=count_both(before, now),
        changes=tuple(row_of(each) for each in changes_between(before, now)),
        late=tuple(late_row(each) for each in reds(now, most=len(now))),
    )


def count_both(before: Sequence[Status], now: Sequence[Status]) -> tuple[tuple[str, int, int], ...]:
    """Count the rows of each light on both days."""
    then, today = [each.word for each in before], [each.word for each in now]
    return tuple((word, then.count(word), today.count(word)) for word in (*WORDS.values(), NO_DATA))


def row_of(change: Change) -> ChangeRow:
    """Write what has changed in one row."""
    row = change.now.row
    return ChangeRow(
        code=row.name,
        title=row.measure.title,
        owner=row.department,
        before=moment_of(change.before),
        now=moment_of(change.now),
        reason=change.now.reason,
    )


def moment_of(status: Status) -> Moment:
    """Write how a row stands."""
    return Moment(
        light=status.word,
        kind=status.kind.value if status.kind else "none",
        state=status.state_label,
        due=formats.day(status.due_on),
        values=tuple(
            f"{each.indicator.label}：{each.verdict.value}"
            for each in status.judged
            if each.indicator.kind is not IndicatorKind.WATCHED
        ),
    )


def late_row(status: Status) -> LateRow:
    """Write a row that is late."""
    return LateRow(
        code=status.row.name,
        title=status.row.measure.title,
        owner=status.row.department,
        due=formats.day(status.due_on),
        reason=status.reason,
    )


def document(paper: ChangesPaper, code: str) -> pdf.Document:
    """Lay the paper out."""
    return pdf.Document(
        html=render_template("measures/pdf/changes.html", paper_of=paper, check_code=code),
        stylesheets=(
            pdf.stylesheet("pdf/base.css"),
            pdf.stylesheet("measures/pdf/board.css"),
            pdf.stylesheet("measures/pdf/changes.css"),
        ),
        title="任务变化情况表",
        author=paper.hall,
        created_at=clock.now(),
    )


CHANGES = PaperKind(
    name="measures.changes",
    title="任务变化情况表",
    word="changes",
    endpoint="measures.show_changes_paper",
    snapshot=snapshot,
    document=document,
    file_name=lambda paper: f"任务变化情况表{paper.since}起",
)
