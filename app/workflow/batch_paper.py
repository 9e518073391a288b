"""汇总表 on paper: what waits for one decision, with room for opinions and the signature."""

from dataclasses import dataclass
from pathlib import Path

from flask import current_app, render_template

from app.accounts import service as accounts
from app.accounts.models import Person
from app.files.papers import PaperKind
from app.kernel import clock, db, formats, pdf
from app.kernel.permissions import ROLE_LABELS, roles_with
from app.workflow import batches
from app.workflow.definition import Holders
from app.workflow.models import DecisionBatch


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """One line as it is printed."""

    place: int
    department: str
    title: str
    outcome: str
    brief: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything that stands on a sheet, as text."""

    hall: str
    title: str
    number: str
    decision: str
    signers: str
    drafter: str
    drafted_on: str
    lines: tuple[SheetLine, ...]


def build(batch_id: int) -> Sheet:
    """Collect the snapshot of a sheet."""
    batch = db.session.get_one(DecisionBatch, batch_id)
    flow, move = batches.find_move(batch.flow, batch.move)
    briefs = batches.list_briefs(batch)
    drafter = db.session.get_one(Person, batch.drafted_by_id)
    roles = roles_with(move.by.permission) if isinstance(move.by, Holders) else []
    return Sheet(
        hall=accounts.hall_name(),
        title=f"{flow.noun}{move.label}汇总表",
        number=batch.number,
        decision=move.label,
        signers="、".join(ROLE_LABELS[each] for each in roles),
        drafter=drafter.name,
        drafted_on=formats.day(clock.local(batch.drafted_at).date()),
        lines=tuple(
            SheetLine(
                place=each.line.place,
                department=each.department,
                title=each.line.title,
                outcome=outcome_of(each.line.is_moved, each.line.refusal, move.label),
                brief=briefs[each.line.place],
            )
            for each in batches.list_lines(batch.id)
        ),
    )


def outcome_of(is_moved: bool | None, refusal: str, label: str) -> str:  # noqa: FBT001 - a column.
    """Write what came of a line; nothing while it waits, for there the signer writes."""
    if is_moved is None:
        return ""
    return f"已{label}" if is_moved else f"未办理：{refusal}"


def lay_out(sheet: Sheet, code: str) -> pdf.Document:
    """Lay the sheet out."""
    styles = ("pdf/base.css", "workflow/pdf/batch.css")
    return pdf.Document(
        html=render_template("workflow/pdf/batch.html", sheet=sheet, check_code=code),
        stylesheets=tuple(
            (Path(current_app.root_path) / "templates" / each).read_text(encoding="utf-8")
            for each in styles
        ),
        title=sheet.title,
        author=sheet.hall,
        created_at=clock.now(),
    )


KIND = PaperKind(
    name="workflow.batch",
    title="汇总表",
    word="batch",
    endpoint="workflow.show_batch_paper",
    snapshot=build,
    document=lay_out,
    file_name=lambda sheet: f"{sheet.title}-{sheet.number}",
)
