"""What the demonstration's tour shows of this room: a round, what it found, and its ledger."""

from flask import url_for
from sqlalchemy import func, select

from app.inspections.models import Finding, Inspection, Track, WindowCheck
from app.kernel import db
from app.kernel.feature import TourStop

INSPECTOR = "QY0501"


def find_round() -> str | None:
    """Give the newest round that opened an order and saw something mended on the spot."""
    tracks = (
        select(WindowCheck.inspection_id)
        .join(Finding, Finding.check_id == WindowCheck.id)
        .where(Finding.track.in_((Track.ON_THE_SPOT, Track.ORDER)))
        .group_by(WindowCheck.inspection_id)
        .having(func.count(Finding.track.distinct()) > 1)
    )
    found = db.session.scalar(
        select(Inspection.public_id)
        .where(Inspection.ended_at.is_not(None), Inspection.id.in_(tracks))
        .order_by(Inspection.day.desc(), Inspection.id.desc())
        .limit(1)
    )
    return None if found is None else url_for("inspections.show_inspection", public_id=found)


def find_ledger() -> str:
    """Give the ledger of findings."""
    return url_for("inspections.list_findings")


STOPS = (
    TourStop(
        name="round",
        position=30,
        title="一次巡查：十一个窗口正常，一处立行立改，一张通知单",
        says="窗口正常，一点就过；有问题才点进去，四下点完，不用打字。当场改好的一处有前后照片，开了通知单的一处可以点开。",
        seconds=45,
        staff_number=INSPECTOR,
        find=find_round,
        shows=("立行立改", "整改通知单"),
    ),
    TourStop(
        name="ledger",
        position=95,
        title="断电重启，台账还在，导出Excel",
        says="在终端按Ctrl+C，再运行./manage demo：刚才办的都还在。回到台账，点“导出表格”。",
        seconds=30,
        staff_number=INSPECTOR,
        find=find_ledger,
        shows=("导出",),
    ),
)
