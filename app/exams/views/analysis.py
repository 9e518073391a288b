"""Pages of 题目分析: how each question of a graded paper did, and what to look at."""

from dataclasses import dataclass

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.exams.advice import ITEM_FLAG_LABELS, ItemFlag, suspect, write_advice
from app.exams.models import ItemAnalysis, PaperQuestion
from app.exams.service import analysis
from app.exams.service.results import write_right
from app.exams.statistics import OptionFigures
from app.exams.views import blueprint
from app.exams.views.papers import load
from app.kernel import formats, htmx, listing
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.questions import service as questions
from app.questions.key_reading import record_keys_read
from app.questions.kinds import CHOICES, QUESTION_KIND_LABELS

READ = Permission.EXAMS_RESULT_READ
STEM_LENGTH = 36
PRESSING = {ItemFlag.KEY, ItemFlag.NEGATIVE}
UNDEFINED = "—"
WEIGHT = "本题在总分的差异里占多少"
NO_WEIGHT = "本题与总分反向，或者各人的题目不同，不计算"


@dataclass(frozen=True, kw_only=True)
class AnalysisRow:
    """One question with its figures."""

    analysis: ItemAnalysis
    question: PaperQuestion


def stem_cell(row: AnalysisRow) -> listing.Cell:
    """Show how the question begins; it leads to its figures."""
    text = formats.shorten(row.question.stem, STEM_LENGTH)
    url = url_for("exams.show_analysis", exam_id=row.question.exam_id, number=row.question.number)
    return listing.Cell(text=text, href=url)


def flag_cell(row: AnalysisRow) -> listing.Cell:
    """Show what the figures call for."""
    flag = row.analysis.flag
    kind = "tag-amber" if flag in PRESSING else "tag"
    return listing.Cell(text=ITEM_FLAG_LABELS[flag], kind=kind)


def percent(value: object) -> str:
    """Write a share of a hundred with one decimal."""
    return UNDEFINED if value is None else f"{value:.1f}%"


def plain(value: object, places: int = 1) -> str:
    """Write a figure without unit."""
    return UNDEFINED if value is None else f"{value:.{places}f}"


LISTING: listing.Listing[AnalysisRow] = listing.Listing(
    id="analysis-list",
    noun="道题",
    title="题目分析",
    row=lambda found: AnalysisRow(analysis=found[0], question=found[1]),
    columns=[
        listing.Column(
            name="number",
            label="题号",
            cell=lambda row: str(row.question.number),
            export=lambda row: row.question.number,
            sort=ItemAnalysis.number,
            align="right",
            is_short=True,
        ),
        listing.Column(
            name="stem", label="题目", cell=stem_cell, export=lambda row: row.question.stem
        ),
        listing.Column(
            name="kind",
            label="题型",
            cell=lambda row: QUESTION_KIND_LABELS[row.question.kind],
            is_short=True,
        ),
        listing.Column(
            name="n",
            label="作答",
            cell=lambda row: f"{row.analysis.n}人",
            export=lambda row: row.analysis.n,
            sort=ItemAnalysis.n,
            align="right",
        ),
        listing.Column(
            name="facility",
            label="得分率",
            cell=lambda row: percent(row.analysis.facility),
            export=lambda row: row.analysis.facility,
            sort=ItemAnalysis.facility,
            align="right",
        ),
        listing.Column(
            name="index",
            label="区分指数",
            cell=lambda row: plain(row.analysis.discrimination_index),
            export=lambda row: row.analysis.discrimination_index,
            sort=ItemAnalysis.discrimination_index,
            align="right",
        ),
        listing.Column(
            name="apart",
            label="区分度D",
            cell=lambda row: plain(row.analysis.upper_lower_d, 2),
            export=lambda row: row.analysis.upper_lower_d,
            sort=ItemAnalysis.upper_lower_d,
            align="right",
        ),
        listing.Column(
            name="flag",
            label="提示",
            cell=flag_cell,
            export=lambda row: ITEM_FLAG_LABELS[row.analysis.flag],
        ),
    ],
    search=(PaperQuestion.stem,),
    search_label="题目里的字",
    filters=[
        listing.Filter(
            name="flag",
            label="提示",
            options=[(each.value, label) for each, label in ITEM_FLAG_LABELS.items()],
            where=lambda value: ItemAnalysis.flag == ItemFlag(value),
        ),
    ],
    default_sort="number",
    tie_break=(ItemAnalysis.number,),
    empty_text="评卷以后，这里有每道题的得分率和区分指数。",
)


@blueprint.get("/papers/<int:exam_id>/analysis")
@require(READ)
def list_analysis(exam_id: int) -> ResponseReturnValue:
    """List the questions of a paper with their figures."""
    exam = load(exam_id)
    view = listing.show(
        LISTING,
        analysis.select_analysed(exam_id),
        request.args,
        url=url_for("exams.list_analysis", exam_id=exam_id),
        export_url=url_for("exams.export_analysis", exam_id=exam_id),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("exams/list_analysis.html", exam=exam, listing=view)


@blueprint.get("/papers/<int:exam_id>/analysis/export")
@require(READ)
def export_analysis(exam_id: int) -> ResponseReturnValue:
    """Give the figures as an Excel file; it holds no key."""
    exam = load(exam_id)
    return answer_export(
        LISTING,
        analysis.select_analysed(exam_id),
        what="exam-analysis",
        name=f"{exam.title}题目分析.xlsx",
        user=signed_in(),
    )


@blueprint.get("/papers/<int:exam_id>/analysis/<int:number>")
@require(READ)
def show_analysis(exam_id: int, number: int) -> ResponseReturnValue:
    """Show one question with its key, who chose which option, and what to do."""
    exam = load(exam_id)
    found = analysis.get_analysed(exam_id, number)
    if found is None or found[1].question_id in questions.hidden_from(signed_in()):
        abort(404)
    its, question, key = found
    record_keys_read(signed_in(), [question.question_id])
    options = [OptionFigures(**each) for each in its.options]
    return render_template(
        "exams/show_analysis.html",
        exam=exam,
        question=question,
        kind=QUESTION_KIND_LABELS[question.kind],
        right=write_right(question.kind, key.key),
        basis=key.basis,
        figures=figure_rows(its, question),
        options=option_rows(question, options),
        suspected=suspect(options) if its.flag is ItemFlag.KEY else None,
        flag=flag_cell(AnalysisRow(analysis=its, question=question)),
        advice=write_advice(its.flag, its.n),
    )


def figure_rows(its: ItemAnalysis, question: PaperQuestion) -> list[list[str]]:
    """Give the figures with what they mean; where there is none, why."""
    exact = its.figures
    weight = exact["effective_weight"]
    return [
        ["作答", f"{its.n}人", "考到这道题、有成绩的人"],
        ["得分率", percent(its.facility), "平均得分除以本题满分；100%是人人得满分"],
        [
            "区分指数",
            plain(its.discrimination_index),
            "本题得分与其余各题得分的相关系数乘100。20以上为好；负数是成绩好的人反而容易错",
        ],
        [
            "区分度D",
            plain(its.upper_lower_d, 2),
            "成绩在前27%的人的得分率减去后27%的人的得分率；和区分指数是两回事",
        ],
        [
            "区分效率",
            percent(exact["discriminative_efficiency"]),
            "以这些得分能达到的最大区分为100%",
        ],
        ["有效权重", percent(weight), WEIGHT if weight is not None else NO_WEIGHT],
        ["标准差", f"{plain(exact['sd'], 2)}分", f"本题满分{formats.marks(question.marks)}分"],
    ]


def option_rows(question: PaperQuestion, options: list[OptionFigures]) -> list[list[str]]:
    """Give each option with its text and its figures."""
    texts = {each["label"]: each["text"] for each in question.options}
    is_lettered = question.kind in CHOICES
    return [
        [
            f"{each.label}. {texts[each.label]}" if is_lettered else texts[each.label],
            "是" if each.is_key else "",
            f"{each.count}人",
            percent(None if each.share is None else 100 * each.share),
            plain(each.point_biserial, 2),
        ]
        for each in options
    ]
