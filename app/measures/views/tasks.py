"""One row: its sentence, its indicators with their readings, its path; 分解, 延期 and remarks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts import service as accounts
from app.kernel import clock, db, formats
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import VersionedForm, date_in, text_in
from app.kernel.permissions import Permission, signed_in
from app.measures import notes
from app.measures.board import Judged, Row, Status, read_statuses, row_of, select_rows
from app.measures.charts import Chart, draw
from app.measures.forms import AssignForm, ExtendForm, NoteForm, due_hint
from app.measures.models import (
    NOTE_KIND_LABELS,
    READING_ORIGIN_LABELS,
    Measure,
    MeasureExtension,
    MeasureNote,
    MeasureReading,
    ReadingOrigin,
)
from app.measures.plans import may_change_target
from app.measures.readings import list_readings, may_record
from app.measures.sources import find_source
from app.measures.tables import ASSIGNABLE
from app.measures.views import blueprint
from app.measures.workflow import FLOW, MOST_EXTENSIONS, count_extensions
from app.workflow import service as workflow
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

READ = Permission.MEASURES_TASK_READ
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value


@dataclass(frozen=True, kw_only=True)
class ReadingLine:
    """A reading as a row of a table."""

    reading: MeasureReading
    value: str
    origin: str
    person: str
    is_replaced: bool
    may_correct: bool


@dataclass(frozen=True, kw_only=True)
class IndicatorBlock:
    """An indicator with its light and all its readings."""

    judged: Judged
    source: str
    readings: Sequence[ReadingLine]
    chart: Chart | None
    may_change: bool


def load_row(record_id: int) -> Row:
    """Load a row, or answer 404: whoever may read the board may read all of it."""
    found = db.session.execute(select_rows().where(Measure.id == record_id)).one_or_none()
    if found is None or not signed_in().can(READ):
        abort(404)
    return row_of(tuple(found))


def load(record_id: int) -> Measure:
    """Load a measure, or answer 404."""
    return load_row(record_id).measure


@blueprint.get("/tasks/<int:record_id>")
@require(READ)
def show_task(record_id: int) -> ResponseReturnValue:
    """Show a row with everything that is known of it."""
    row, user = load_row(record_id), signed_in()
    status = read_statuses([row])[0]
    measure = row.measure
    is_open = not row.plan.is_closed and measure.closed_at is None
    return render_template(
        "measures/show_task.html",
        row=row,
        status=status,
        panel=panel_of(FLOW, measure, user),
        details=details_of(status),
        blocks=blocks_of(status, may_write=is_open and may_record(user, measure)),
        extensions=list_extensions(measure.id),
        notes=[
            (each, NOTE_KIND_LABELS[each.kind], names([each.made_by_id]).get(each.made_by_id, ""))
            for each in notes.list_notes(measure.id)
        ],
        may_write=is_open and may_record(user, measure),
        sentences=measure.source.split("\n"),
    )


def names(person_ids: Sequence[int | None]) -> dict[int, str]:
    """Give names by their ids."""
    return dict(accounts.names_of({each for each in person_ids if each is not None}))


def details_of(status: Status) -> list[dict[str, str]]:
    """Give what a row says, line by line."""
    measure, plan = status.row.measure, status.row.plan
    lines = (
        ("计划", f"{plan.title}{f'（{plan.number}）' if plan.number else ''}"),
        ("行动", measure.part),
        ("牵头部门", status.row.department),
        ("配合部门", measure.partners or "无"),
        ("起止", f"{formats.day(measure.begins_on)}至{formats.day(measure.ends_on)}"),
    )
    return [{"label": label, "text": text} for label, text in lines]


def blocks_of(status: Status, *, may_write: bool) -> list[IndicatorBlock]:
    """Give each indicator with its readings."""
    readings = list_readings([each.indicator.id for each in status.judged])
    replaced = {each.replaces_id for each in readings}
    people = names([each.person_id for each in readings])
    blocks = []
    for judged in status.judged:
        own = [each for each in readings if each.indicator_id == judged.indicator.id]
        blocks.append(
            IndicatorBlock(
                judged=judged,
                source=source_text(judged),
                readings=[line_of(each, judged, replaced, people, may_write) for each in own],
                chart=draw(judged.indicator, [each for each in own if each.id not in replaced]),
                may_change=may_change_target(status.row.measure, judged.indicator),
            )
        )
    return blocks


def source_text(judged: Judged) -> str:
    """Say where readings come from."""
    name = judged.indicator.source_name
    source = find_source(name)
    if source is not None:
        return f"本站自动读数：{source.label}"
    return "本站还没有这一项数据，请手工填报" if name else "手工填报"


def line_of(
    reading: MeasureReading,
    judged: Judged,
    replaced: set[int | None],
    people: dict[int, str],
    may_write: bool,  # noqa: FBT001 - the last of what the row is drawn from.
) -> ReadingLine:
    """Draw a reading."""
    is_replaced, is_manual = reading.id in replaced, reading.origin is ReadingOrigin.MANUAL
    return ReadingLine(
        reading=reading,
        value=value_of(reading, judged),
        origin=READING_ORIGIN_LABELS[reading.origin],
        person=people.get(reading.person_id or 0, "本站"),
        is_replaced=is_replaced,
        may_correct=may_write and is_manual and not is_replaced,
    )


def value_of(reading: MeasureReading, judged: Judged) -> str:
    """Write a reading's value with what it was counted from."""
    if judged.indicator.kind == "qualitative":
        return "已完成" if reading.value >= 1 else "推进中"
    text = f"{formats.marks(reading.value)}{judged.indicator.unit}"
    if reading.denominator:
        text += f"（{reading.numerator}/{reading.denominator}）"
    if reading.mean is not None:
        text += f"（全市平均{formats.marks(reading.mean)}{judged.indicator.unit}）"
    return f"{text}：{'、'.join(reading.items)}" if reading.items else text


def list_extensions(measure_id: int) -> list[tuple[MeasureExtension, str]]:
    """Give the extensions that were asked for, with the names of those who asked."""
    found = db.session.scalars(
        select(MeasureExtension)
        .where(MeasureExtension.measure_id == measure_id)
        .order_by(MeasureExtension.id)
    ).all()
    people = names([each.asked_by_id for each in found])
    return [(each, people.get(each.asked_by_id, "")) for each in found]


@blueprint.route("/tasks/<int:record_id>/assign", methods=["GET", "POST"])
@require(Permission.MEASURES_TASK_ASSIGN)
def assign_task(record_id: int) -> ResponseReturnValue:
    """Give a row to a department, with its date."""
    row = load_row(record_id)
    form = AssignForm(obj=row.measure)
    form.prepare(accounts.list_departments())
    form.ends_on.description = due_hint(row.measure)

    def act() -> bool:
        return execute(
            "assign", row, form,
            department_id=form.department_id.data,
            partners=text_in(form.partners),
            ends_on=date_in(form.ends_on),
        )  # fmt: skip

    if row.measure.state not in ASSIGNABLE:
        flash("这一项现在不能再分解。", "error")
        return redirect(url_for("measures.show_task", record_id=record_id), 303)
    return answer("assign_task", row, form, act, "已分解，等牵头部门签收。")


@blueprint.route("/tasks/<int:record_id>/extend", methods=["GET", "POST"])
@require(Permission.MEASURES_TASK_CARRY)
def extend_task(record_id: int) -> ResponseReturnValue:
    """Ask for a later date."""
    row = load_row(record_id)
    if not signed_in().can(
        Permission.MEASURES_TASK_CARRY, department_id=row.measure.department_id or 0
    ):
        abort(403)
    form = ExtendForm(version=row.measure.version)
    left = MOST_EXTENSIONS - count_extensions(record_id)
    form.until_on.description = (
        f"现在的期限是{formats.day(row.measure.ends_on)}；最多申请{MOST_EXTENSIONS}次，"
        f"还可以申请{max(left, 0)}次。"
    )

    def act() -> bool:
        return execute(
            "extend", row, form, reason=text_in(form.reason), until_on=date_in(form.until_on)
        )

    return answer("extend_task", row, form, act, "已申请延期；决定以前原期限不变。")


def execute(name: str, row: Row, form: VersionedForm, *, reason: str = "", **data: object) -> bool:
    """Make a move of a row in the open write."""
    workflow.execute(
        FLOW,
        record_id=row.measure.id,
        name=name,
        user=signed_in(),
        seen_version=form.version.data,
        reason=reason,
        data=data,
    )
    return True


def answer(
    name: str, row: Row, form: VersionedForm, act: Callable[[], bool], done: str
) -> ResponseReturnValue:
    """Show the form of a move, or make it."""
    if request.method == "POST" and save(form, act):
        flash(done, "success")
        return redirect(url_for("measures.show_task", record_id=row.measure.id), 303)
    page = render_template(f"measures/{name}.html", form=form, row=row)
    return page, REFUSED if request.method == "POST" else 200


@blueprint.route("/tasks/<int:record_id>/notes/new", methods=["GET", "POST"])
@require(Permission.MEASURES_READING_RECORD)
def new_note(record_id: int) -> ResponseReturnValue:
    """Write down 督促整改 or 宣传引导."""
    row, user = load_row(record_id), signed_in()
    if not may_record(user, row.measure):
        abort(403)
    form = NoteForm(noted_on=clock.today())

    def act() -> MeasureNote:
        return notes.add_note(measure_id=record_id, entry=form.read_note(), user=user)

    if request.method == "POST" and save(form, act) is not None:
        flash("已记录。", "success")
        return redirect(url_for("measures.show_task", record_id=record_id), 303)
    page = render_template("measures/new_note.html", form=form, row=row)
    return page, REFUSED if request.method == "POST" else 200


register_moves(blueprint, FLOW, rule="/tasks/<int:record_id>", load=load)
