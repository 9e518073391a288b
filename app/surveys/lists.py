"""The lists of surveys and of questionnaires: columns, filters, sheets."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, and_, select

from app.kernel import clock, formats
from app.kernel.listing import Cell, Column, Filter, Listing, Statement
from app.surveys.models import (
    LEAST,
    QUESTIONNAIRE_STATE_LABELS,
    Questionnaire,
    QuestionnaireState,
    Survey,
)
from app.surveys.service import SurveyResult, results_of

OPEN, SHOWN, HIDDEN = "open", "shown", "hidden"
STATES = ((OPEN, "开放中"), (SHOWN, "已有结果"), (HIDDEN, "不显示结果"))
NONE = "—"
Row = tuple[Survey, SurveyResult]


def select_surveys() -> Statement:
    """Select all surveys; whoever may read results may read those of all."""
    return select(Survey)


def of_state(value: str) -> ColumnElement[bool]:
    """Narrow the list to how far surveys are."""
    if value == OPEN:
        return Survey.closes_at > clock.now()
    if value == SHOWN:
        return Survey.counted >= LEAST
    return and_(Survey.closes_at <= clock.now(), Survey.counted < LEAST)


def state_of(row: Row) -> Cell:
    """Show how far a survey is."""
    survey, told = row
    if not told.is_closed:
        return Cell(text="开放中", kind="tag-blue")
    if survey.counted is None:
        return Cell(text="计票中", kind="tag-amber")
    return Cell(text="不显示结果" if told.hidden_reason else "已有结果", kind="tag")


def title_of(row: Row) -> Cell:
    """Show the title, which leads to the survey."""
    href = url_for("surveys.show_survey", public_id=row[0].public_id)
    return Cell(text=row[0].title, href=href)


def rows_of(found: Sequence[Any]) -> list[Row]:
    """Give surveys with what may be told of them."""
    surveys = [each[0] for each in found]
    return list(zip(surveys, results_of(surveys), strict=True))


SURVEYS: Listing[Row] = Listing(
    id="survey-list",
    noun="次调查",
    title="满意度调查",
    row=lambda found: rows_of([found])[0],
    rows=rows_of,
    columns=(
        Column(name="title", label="调查", cell=title_of, sort=Survey.title),
        Column(
            name="opened", label="开启", cell=lambda row: formats.short_moment(row[0].opened_at),
            sort=Survey.opened_at, is_short=True, export=lambda row: row[0].opened_at,
        ),
        Column(
            name="closes", label="截止", cell=lambda row: formats.short_moment(row[0].closes_at),
            sort=Survey.closes_at, is_short=True, export=lambda row: row[0].closes_at,
        ),
        Column(name="state", label="状态", cell=state_of, is_short=True),
        Column(
            name="invited", label="应填人数", cell=lambda row: str(row[0].invited), align="right",
            sort=Survey.invited, export=lambda row: row[0].invited,
        ),
        Column(
            name="n", label="回收份数", cell=lambda row: text_of(row[1].n), align="right",
            export=lambda row: row[1].n,
        ),
        Column(
            name="satisfied", label="满意率", align="right",
            cell=lambda row: NONE
            if row[1].satisfied_share is None
            else f"{row[1].satisfied_share}%",
        ),
        Column(
            name="mean", label="平均分", cell=lambda row: text_of(row[1].mean), align="right",
            export=lambda row: row[1].mean,
        ),
    ),
    search=(Survey.title,),
    search_label="调查名称",
    filters=[Filter(name="state", label="状态", options=STATES, where=of_state)],
    default_sort="-opened",
    tie_break=Survey.id.desc(),
    empty_text="还没有开启过调查。培训签到结束后，会按在用的问卷自动开启。",
)  # fmt: skip


def text_of(value: object) -> str:
    """Write a figure; what is not told is no zero."""
    return NONE if value is None else str(value)


def edition_of(record: Questionnaire) -> Cell:
    """Show which version it is, which leads to it."""
    href = url_for("surveys.show_questionnaire", record_id=record.id)
    return Cell(text=f"第{record.edition}版" if record.edition else "新一版", href=href)


def questionnaire_state(record: Questionnaire) -> Cell:
    """Show how far a version is."""
    kind = {QuestionnaireState.IN_USE: "tag-green", QuestionnaireState.REVIEW: "tag-amber"}
    return Cell(text=QUESTIONNAIRE_STATE_LABELS[record.state], kind=kind.get(record.state, "tag"))


QUESTIONNAIRES: Listing[Questionnaire] = Listing(
    id="questionnaire-list",
    noun="份问卷",
    title="满意度问卷",
    row=lambda found: found[0],
    columns=(
        Column(
            name="edition", label="版本", cell=edition_of, sort=Questionnaire.edition,
            is_short=True,
        ),
        Column(
            name="title", label="名称", cell=lambda record: record.title,
            sort=Questionnaire.title,
        ),
        Column(
            name="state", label="状态", cell=questionnaire_state, sort=Questionnaire.state,
            is_short=True,
        ),
        Column(
            name="questions", label="题数", cell=lambda record: str(len(record.questions)),
            align="right", export=lambda record: len(record.questions),
        ),
        Column(
            name="moved", label="到这一步", sort=Questionnaire.moved_at, is_short=True,
            cell=lambda record: formats.short_moment(record.moved_at),
            export=lambda record: record.moved_at,
        ),
    ),
    search=(Questionnaire.title,),
    search_label="名称",
    filters=[
        Filter(
            name="state",
            label="状态",
            options=[(each.value, label) for each, label in QUESTIONNAIRE_STATE_LABELS.items()],
            where=lambda value: Questionnaire.state == QuestionnaireState(value),
        )
    ],
    default_sort="-moved",
    tie_break=Questionnaire.id.desc(),
    empty_text="还没有问卷。起草后由另一个人审核，通过以后培训才会自动开启调查。",
)  # fmt: skip
