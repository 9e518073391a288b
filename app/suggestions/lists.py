"""Lists of ideas, of one's own, of 建议单 and of imported files."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import url_for
from sqlalchemy import and_, func

from app.kernel import clock, formats
from app.kernel.listing import Cell, Column, Filter, Listing, tag
from app.suggestions.idea_flow import IDEA_FLOW
from app.suggestions.models import (
    IDEA_CHANNEL_LABELS,
    IDEA_IMPORT_STATE_LABELS,
    IDEA_KIND_LABELS,
    IDEA_OUTCOME_LABELS,
    Idea,
    IdeaChannel,
    IdeaImport,
    IdeaKind,
    IdeaOutcome,
    IdeaState,
)
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_models import (
    ORDER_SOURCE_LABELS,
    ORDER_VERDICT_LABELS,
    ImprovementOrder,
    OrderSource,
    OrderState,
)
from app.workflow.definition import Flow
from app.workflow.lists import state_options

# What nobody has to act on comes after everything that is due.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
HANDED_ON = "已按规定转交，本栏不再答复"


@dataclass(frozen=True, kw_only=True)
class IdeaRow:
    """An idea in a list."""

    idea: Idea
    department: str
    author: str = ""


@dataclass(frozen=True, kw_only=True)
class OrderRow:
    """A 建议单 in a list."""

    order: ImprovementOrder
    department: str


def state_cell(flow: Flow, record: Any) -> Cell:  # noqa: ANN401 - a record of that flow.
    """Show where a record stands; red only where it is overdue."""
    state = flow.state(record.state)
    if record.due_at is not None and is_late(record.due_at):
        return Cell(text=f"{state.label}，逾期", kind="tag-red")
    return tag(state.label, state.kind)


def is_late(due_at: Any) -> bool:  # noqa: ANN401 - an aware time.
    """Tell whether a deadline's day is over: the due day is never red."""
    return bool(clock.today() > clock.local(due_at).date())


def due_text(record: Any) -> str:  # noqa: ANN401
    """Write until when somebody must act."""
    return formats.short_moment(record.due_at) if record.due_at else "—"


def own_state(row: IdeaRow) -> Cell:
    """Show its author where his idea stands; of what was handed over nothing but that."""
    if row.idea.is_gone:
        return Cell(text="已转交", kind="tag")
    return state_cell(IDEA_FLOW, row.idea)


def outcome_text(idea: Idea) -> str:
    """Write how an idea was answered."""
    return IDEA_OUTCOME_LABELS[idea.outcome] if idea.outcome else "—"


def idea_link(row: IdeaRow) -> Cell:
    """Lead to an idea."""
    text = HANDED_ON if row.idea.is_gone else row.idea.headline
    return Cell(text=text, href=url_for("suggestions.show_idea", public_id=row.idea.public_id))


def order_link(row: OrderRow) -> Cell:
    """Lead to a 建议单."""
    return Cell(
        text=row.order.title, href=url_for("suggestions.show_order", record_id=row.order.id)
    )


OWN_IDEAS: Listing[IdeaRow] = Listing(
    id="own-ideas",
    noun="条金点子",
    title="我的金点子",
    row=lambda found: IdeaRow(idea=found[0], department=found[1] or ""),
    columns=[
        Column(name="title", label="金点子", cell=idea_link, sort=Idea.title),
        Column(name="state", label="状态", cell=own_state, sort=Idea.state),
        Column(name="outcome", label="结果", cell=lambda row: outcome_text(row.idea)),
        Column(
            name="received",
            label="提交日期",
            cell=lambda row: formats.day(row.idea.received_on),
            sort=Idea.received_on,
            is_short=True,
            export=lambda row: row.idea.received_on,
        ),
        Column(
            name="due",
            label="办理期限",
            cell=lambda row: "—" if row.idea.is_gone else due_text(row.idea),
            is_wide=True,
        ),
    ],
    search=[Idea.title, Idea.problem],
    search_label="标题或内容",
    filters=[
        Filter(
            name="outcome",
            label="结果",
            options=[(each.value, label) for each, label in IDEA_OUTCOME_LABELS.items()],
            where=lambda value: Idea.outcome == IdeaOutcome(value),
        )
    ],
    default_sort="-received",
    tie_break=Idea.id.desc(),
    empty_text="你还没有提过金点子。",
)

IDEAS: Listing[IdeaRow] = Listing(
    id="ideas",
    noun="条意见建议",
    title="意见建议",
    row=lambda found: IdeaRow(idea=found[0], department=found[1] or "", author=found[2] or ""),
    columns=[
        Column(
            name="title",
            label="意见建议",
            cell=idea_link,
            sort=Idea.title,
            export=lambda row: row.idea.title or row.idea.problem,
        ),
        Column(
            name="kind",
            label="类别",
            cell=lambda row: IDEA_KIND_LABELS[row.idea.kind],
            sort=Idea.kind,
            is_short=True,
        ),
        Column(
            name="channel",
            label="渠道",
            cell=lambda row: IDEA_CHANNEL_LABELS[row.idea.channel],
            sort=Idea.channel,
            is_wide=True,
        ),
        Column(
            name="state",
            label="状态",
            cell=lambda row: state_cell(IDEA_FLOW, row.idea),
            sort=Idea.state,
        ),
        Column(name="outcome", label="结果", cell=lambda row: outcome_text(row.idea)),
        Column(name="department", label="部门", cell=lambda row: row.department, is_wide=True),
        Column(name="author", label="提出人", cell=lambda row: row.author or "群众", is_short=True),
        Column(
            name="received",
            label="收到",
            cell=lambda row: formats.day(row.idea.received_on),
            sort=Idea.received_on,
            is_short=True,
            export=lambda row: row.idea.received_on,
        ),
        Column(
            name="due",
            label="期限",
            cell=lambda row: due_text(row.idea),
            sort=func.coalesce(Idea.due_at, NEVER),
            is_short=True,
            export=lambda row: row.idea.due_at or "",
        ),
    ],
    search=[Idea.title, Idea.problem, Idea.proposal, Idea.outside_number],
    search_label="内容或外部编号",
    filters=[
        Filter(
            name="kind",
            label="类别",
            options=[(each.value, label) for each, label in IDEA_KIND_LABELS.items()],
            where=lambda value: Idea.kind == IdeaKind(value),
        ),
        Filter(
            name="state",
            label="状态",
            options=state_options(IDEA_FLOW),
            where=lambda value: Idea.state == IdeaState(value),
        ),
        Filter(
            name="channel",
            label="渠道",
            options=[(each.value, label) for each, label in IDEA_CHANNEL_LABELS.items()],
            where=lambda value: Idea.channel == IdeaChannel(value),
        ),
    ],
    default_sort="-received",
    tie_break=Idea.id.desc(),
    empty_text="还没有收到意见建议。",
)

ORDERS: Listing[OrderRow] = Listing(
    id="orders",
    noun="张建议单",
    title="优化工作建议单",
    row=lambda found: OrderRow(order=found[0], department=found[1] or ""),
    columns=[
        Column(name="title", label="事由", cell=order_link, sort=ImprovementOrder.title),
        Column(
            name="number",
            label="编号",
            cell=lambda row: row.order.number or "—",
            sort=ImprovementOrder.number,
            is_short=True,
        ),
        Column(name="department", label="派发对象", cell=lambda row: row.department),
        Column(
            name="state",
            label="状态",
            cell=lambda row: state_cell(ORDER_FLOW, row.order),
            sort=ImprovementOrder.state,
        ),
        Column(
            name="verdict",
            label="承办反馈",
            cell=lambda row: ORDER_VERDICT_LABELS[row.order.verdict] if row.order.verdict else "—",
            sort=ImprovementOrder.verdict,
        ),
        Column(
            name="source",
            label="来源",
            cell=lambda row: ORDER_SOURCE_LABELS[row.order.source],
            sort=ImprovementOrder.source,
            is_wide=True,
        ),
        Column(
            name="cases",
            label="件数",
            cell=lambda row: str(row.order.case_count),
            sort=ImprovementOrder.case_count,
            export=lambda row: row.order.case_count,
            align="right",
            is_wide=True,
        ),
        Column(
            name="due",
            label="期限",
            cell=lambda row: due_text(row.order),
            sort=func.coalesce(ImprovementOrder.due_at, NEVER),
            is_short=True,
            export=lambda row: row.order.due_at or "",
        ),
        Column(
            name="case",
            label="案例库",
            cell=lambda row: "已入" if row.order.is_case else "—",
            is_wide=True,
        ),
    ],
    search=[ImprovementOrder.title, ImprovementOrder.number, ImprovementOrder.problem],
    search_label="事由、编号或问题",
    filters=[
        Filter(
            name="state",
            label="状态",
            options=state_options(ORDER_FLOW),
            where=lambda value: ImprovementOrder.state == OrderState(value),
        ),
        Filter(
            name="source",
            label="来源",
            options=[(each.value, label) for each, label in ORDER_SOURCE_LABELS.items()],
            where=lambda value: ImprovementOrder.source == OrderSource(value),
        ),
        Filter(
            name="case",
            label="案例库",
            options=[("yes", "已入案例库")],
            where=lambda _value: and_(ImprovementOrder.is_case.is_(True)),
        ),
    ],
    default_sort="",
    tie_break=ImprovementOrder.id.desc(),
    empty_text="还没有建议单。",
)

IMPORTS: Listing[IdeaImport] = Listing(
    id="idea-imports",
    noun="个文件",
    title="导入记录",
    row=lambda found: found[0],
    columns=[
        Column(
            name="file",
            label="文件",
            cell=lambda row: Cell(
                text=row.file_name,
                href=url_for("suggestions.show_import", public_id=row.public_id),
            ),
            sort=IdeaImport.file_name,
        ),
        Column(
            name="at",
            label="上传时间",
            cell=lambda row: formats.moment(row.uploaded_at),
            sort=IdeaImport.uploaded_at,
            is_short=True,
        ),
        Column(
            name="state",
            label="状态",
            cell=lambda row: IDEA_IMPORT_STATE_LABELS[row.state],
            sort=IdeaImport.state,
        ),
        Column(
            name="added",
            label="导入",
            cell=lambda row: f"{row.added}条" if row.added else "—",
            align="right",
        ),
    ],
    search=[IdeaImport.file_name],
    search_label="文件名",
    default_sort="-at",
    tie_break=IdeaImport.id.desc(),
    empty_text="还没有导入过文件。",
)
