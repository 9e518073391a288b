"""What 三亮 says for the assessment: on which days a department made its promises public.

清廉10 “以“三亮”（亮身份、亮标准、亮承诺）行动为抓手”. Told beside the figures and never scored:
whether a promise was kept is found by rounds and by those who come. 党员示范岗 is on no portrait.
"""

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import select

from app.accounts.roster.models import ServiceWindow
from app.commitments.models import CommitmentSheet, SheetVersion
from app.kernel import db
from app.kernel.evidence import Evidence, EvidenceKind, EvidenceRule, Span

PUBLISHED = EvidenceRule(
    name="commitments.published",
    version=1,
    label="公开承诺",
    unit="份",
    kind=EvidenceKind.MENTION,
    basis="清廉10 “亮承诺”",
    is_department=True,
    for_members=True,
)
RULES = (PUBLISHED,)


def read(span: Span) -> Iterator[Evidence]:
    """Give the versions that were published in a span."""
    rows = db.session.execute(
        select(SheetVersion, CommitmentSheet.department_id, ServiceWindow.number)
        .join(CommitmentSheet, CommitmentSheet.id == SheetVersion.sheet_id)
        .outerjoin(ServiceWindow, ServiceWindow.id == CommitmentSheet.window_id)
        .where(SheetVersion.published_on.between(span.first, span.last))
        .order_by(SheetVersion.id)
    )
    for version, department_id, window in rows:
        published_on = version.published_on or span.last
        place = f"{window}号窗口" if window else "本部门"
        yield Evidence(
            rule=PUBLISHED.name,
            department_id=department_id,
            occurred_on=published_on,
            amount=Decimal(1),
            event_key=f"sheet-version:{version.id}",
            text=f"{place}承诺公示牌第{version.edition}版公开。",
            clause="任务举措10“亮承诺”",
            number=f"第{version.edition}版",
            # What the public reads, too: it opens for everybody on whose portrait this stands.
            endpoint="commitments.show_disclosed",
            values={"department_id": department_id},
        )
