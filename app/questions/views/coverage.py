"""The page 覆盖情况, and the same as a file."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.service import record_export
from app.kernel import spreadsheets
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.questions import service
from app.questions.bank_list import DRAWABLE, KEPT
from app.questions.coverage import COLUMNS, CoverageRow, read_coverage
from app.questions.kinds import DIFFICULTY_LABELS, QUESTION_KIND_LABELS
from app.questions.views.base import blueprint

READ = Permission.QUESTIONS_BANK_READ
STANDINGS = ((DRAWABLE, "可选入试卷的题"), (KEPT, "停用以外的题"))


def choices() -> dict[str, list[tuple[str, str]]]:
    """Give what may be chosen above the table."""
    return {
        "standing": list(STANDINGS),
        "kind": [(each.value, label) for each, label in QUESTION_KIND_LABELS.items()],
        "bank": [(each, each) for each in service.list_banks()],
    }


def read_chosen_conditions(offered: Mapping[str, list[tuple[str, str]]]) -> dict[str, str]:
    """Read what was chosen; whatever makes no sense is left out."""
    found = {
        name: request.args[name]
        for name, options in offered.items()
        if request.args.get(name) in {value for value, _ in options}
    }
    return {"standing": DRAWABLE, **found}


@blueprint.get("/coverage")
@require(READ)
def show_coverage() -> ResponseReturnValue:
    """Show how many questions there are of what."""
    offered = choices()
    chosen = read_chosen_conditions(offered)
    rows = read_coverage(chosen=chosen, user=signed_in())
    return render_template(
        "questions/show_coverage.html",
        rows=rows,
        columns=COLUMNS,
        choices=offered,
        chosen=chosen,
        link_of=lambda row, column: link_of(chosen, row, column),
        export_url=at(url_for("questions.export_coverage"), chosen),
    )


def link_of(chosen: Mapping[str, str], row: CoverageRow, column: str) -> str:
    """Give the list of the questions that a cell counts."""
    values = {"state": chosen["standing"], "tag": row.tag, "category": column}
    values |= {name: chosen.get(name, "") for name in ("kind", "bank")}
    return at(url_for("questions.list_questions"), values)


def at(address: str, values: Mapping[str, str]) -> str:
    """Give an address with those conditions that say something."""
    kept = {name: value for name, value in values.items() if value}
    return f"{address}?{urlencode(kept)}" if kept else address


@blueprint.get("/coverage/export")
@require(READ)
def export_coverage() -> Response:
    """Give the table as an Excel file."""
    user = signed_in()
    rows = read_coverage(chosen=read_chosen_conditions(choices()), user=user)
    record_export(
        person_id=user.person_id, what="question_coverage", state=request.query_string.decode()
    )
    heads = [label for _, label in COLUMNS]
    table = spreadsheets.write_table(
        "覆盖情况",
        ["知识点", *heads, "合计", *(f"其中：{each}" for each in DIFFICULTY_LABELS.values())],
        [line_of(each) for each in rows],
    )
    return spreadsheets.answer_with(table, "题库覆盖情况.xlsx")


def line_of(row: CoverageRow) -> list[object]:
    """Give a row of the file."""
    counts = [row.cells[name].total for name, _ in COLUMNS]
    parts = [row.whole.parts.get(each, 0) for each in DIFFICULTY_LABELS]
    return [row.label, *counts, row.whole.total, *parts]
