"""A figure of 亮承诺 for the measures of the plans: windows with a commitment that is public."""

from sqlalchemy import or_, select

from app.accounts.roster.models import ServiceWindow
from app.accounts.roster.placements import is_open
from app.commitments.models import APPROVED_STATES, CommitmentSheet, SheetVersion
from app.kernel import db
from app.kernel.evidence import Span
from app.kernel.indicators import Indicator, Reading, share_of


def read_windows(span: Span) -> Reading | None:
    """Give the share of windows with a public commitment, as of the last day of the span.

    One of the whole department is that of each of its windows.
    """
    last = span.last
    in_force = (
        select(CommitmentSheet.department_id, CommitmentSheet.window_id)
        .join(SheetVersion, SheetVersion.sheet_id == CommitmentSheet.id)
        .where(
            SheetVersion.state.in_(APPROVED_STATES),
            SheetVersion.published_on <= last,
            or_(SheetVersion.ended_on.is_(None), SheetVersion.ended_on > last),
        )
    )
    used = select(ServiceWindow.department_id, ServiceWindow.id).where(is_open(ServiceWindow, last))
    sheets = {tuple(each) for each in db.session.execute(in_force)}
    windows = [tuple(each) for each in db.session.execute(used)]
    shown = [each for each in windows if each in sheets or (each[0], None) in sheets]
    return share_of(len(shown), len(windows), "有公开中的承诺的窗口÷全部窗口。")


INDICATORS = (
    Indicator(
        name="commitments.windows",
        label="公开承诺的窗口",
        unit="%",
        read=read_windows,
        endpoint="commitments.list_sheets",
    ),
)
