"""What the demonstration's tour shows of this room: a vague word, one decision for many, a card."""

from flask import url_for
from sqlalchemy import select

from app.accounts.models import Person
from app.commitments.models import CommitmentSheet, SheetState, SheetVersion
from app.commitments.workflow import SHEET_FLOW
from app.kernel import db
from app.kernel.feature import TourStop
from app.workflow.models import BatchState, DecisionBatch

CLERK = "QY0103"


def find_draft() -> str | None:
    """Give a draft of the clerk's own."""
    found = db.session.scalar(
        select(SheetVersion.id)
        .join(Person, Person.id == SheetVersion.drafted_by_id)
        .where(SheetVersion.state == SheetState.DRAFT, Person.staff_number == CLERK)
        .order_by(SheetVersion.id)
        .limit(1)
    )
    return None if found is None else url_for("commitments.edit_sheet", record_id=found)


def find_batch() -> str | None:
    """Give the 汇总表 that waits for its decision."""
    found = db.session.scalar(
        select(DecisionBatch.id)
        .where(DecisionBatch.flow == SHEET_FLOW.name, DecisionBatch.state == BatchState.DRAFT)
        .order_by(DecisionBatch.id)
        .limit(1)
    )
    return None if found is None else url_for("workflow.show_batch", batch_id=found)


def find_card() -> str | None:
    """Give a window's commitment that is public: its papers are printed there."""
    found = db.session.scalar(
        select(SheetVersion.id)
        .join(CommitmentSheet, CommitmentSheet.id == SheetVersion.sheet_id)
        .where(SheetVersion.state == SheetState.PUBLIC, CommitmentSheet.window_id.is_not(None))
        .order_by(SheetVersion.id)
        .limit(1)
    )
    return None if found is None else url_for("commitments.show_sheet", record_id=found)


STOPS = (
    TourStop(
        name="vague-word",
        position=40,
        title="“尽快”不行，“15分钟内”可以",
        says="把第一条改成“材料齐全的尽快办理”再保存，页面说明哪个词不行、可以怎么写。改成“材料齐全，15分钟内完成收件”，就保存了。",
        seconds=60,
        staff_number=CLERK,
        find=find_draft,
        shows=("承诺", "保存"),
    ),
    TourStop(
        name="batch",
        position=41,
        title="一张汇总表，一次审定",
        says="中心领导一次审定汇总表上的全部承诺；在纸上签的，由经办人传扫描件代录。每一份的内容校验码和汇总表上印的一致。",
        seconds=45,
        staff_number="QY0101",
        find=find_batch,
        shows=("汇总表", "审定"),
    ),
    TourStop(
        name="desk-card",
        position=42,
        title="同一份承诺：台卡、墙贴、公示栏",
        says="审定以后不用再排版，点“台卡 A5”就印。印了几张、贴在哪里、撤下没有，都有记录。",
        seconds=30,
        staff_number=CLERK,
        find=find_card,
        shows=("台卡 A5", "公开中"),
    ),
)
