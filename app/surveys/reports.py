"""What the page, the Excel file and the PDF of a closed survey say: one report for all three.

"Every number carries its n, its denominator and its date range." Beyond n, mean and share all is
folded under 「统计说明」 (HALL.md 1). A figure that disclosure.py holds back is in none of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.kernel import formats
from app.kernel.shares import wilson
from app.surveys import results
from app.surveys.disclosure import Level
from app.surveys.models import Survey
from app.surveys.questions import KIND_LABELS, Question, QuestionKind, condition_text, load
from app.surveys.results import GroupLine, Overall, QuestionResult, percent, read_answers
from app.surveys.service import hidden_reason

NONE = "—"
TOGETHER = "不单列"
LEVEL_TEXTS = {
    Level.HIDDEN: "作答少于5人，或者会透露少数人的选择，不显示。",
    Level.CONCENTRATED: "作答全部相同，不显示数值。",
    Level.SUMMARY: "作答少于8人、全部在同一档，或者有的选项少于5人选，不显示分布。",
    Level.FULL: "",
}
DEFINITIONS = (
    "回收率＝回收份数÷应填人数；应填人数是开启时名单上的人数，之后不变。",
    "满意率＝选“满意”和“很满意”的人数÷这一题的作答人数。",
    "平均分：很满意5分，满意4分，一般3分，不满意2分，很不满意1分；没有作答的不计入。",
    "作答少于5人的（全体、一个部门或一道题）不显示任何数字；少于8人不显示分布，也不保留文字意见。",
    "满意度题有选项少于5人选的，不显示分布；单选题把这样的选项合并为“其余合计”，多选题写“少于5人”或“至少几人”。",
    "按条件才问的题，能从它的人数推出少数人选择的，一并不显示。",
    "按部门分列只在开启前声明的范围内：少于5人的部门并入其他部门；凡是能从合计里减出少数人的，一并不单列。",
    "一组人的回答完全相同时不显示数值，免得等于公布了每个人的选择。",
)


@dataclass(frozen=True, kw_only=True)
class QuestionText:
    """One question with what is told of it; `rows` are option, count, share.

    `line` is n, mean and share of a 满意度题 of which nothing more is told: such questions stand
    together in one table.
    """

    heading: str
    condition: str
    figures: str
    remark: str
    rows: tuple[tuple[str, str, str], ...]
    line: tuple[str, str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    """All that is told of a survey, as text. Where `hidden` says why, there are no figures."""

    title: str
    period: str
    hidden: str
    invited: int
    n: str
    rate: str
    satisfied: str
    mean: str
    sentence: str
    questions: tuple[QuestionText, ...]
    # Heading, n, mean, share of each question that stands in the table.
    scales: tuple[tuple[str, str, str, str], ...]
    # Label, n, mean, share of each declared group.
    groups: tuple[tuple[str, str, str, str], ...]
    definitions: tuple[str, ...]


def report_of(survey: Survey) -> Report:
    """Write the report of a survey as far as it may be told now."""
    asked = load(survey.questions)
    ballots = read_answers(survey.id) if survey.is_shown else []
    overall = results.overall_of(survey) if survey.is_shown else None
    hidden = hidden_reason(survey, overall.level if overall else None)
    answers = [each for _, each in ballots]
    told = results.question_results(asked, answers) if overall else []
    is_shown = overall is not None and not hidden
    groups = results.group_lines(survey.groups, asked[0], ballots) if is_shown else []
    texts = [question_text(each, asked) for each in told]
    return Report(
        title=survey.title,
        period=f"{formats.moment(survey.opened_at)}至{formats.moment(survey.closes_at)}",
        hidden=hidden,
        invited=survey.invited,
        n=str(overall.n) if overall else NONE,
        rate=per_cent(overall.response_rate if overall else None),
        satisfied=per_cent(overall.satisfied_share if overall else None),
        mean=number(overall.mean if overall else None),
        sentence=sentence_of(survey, overall),
        questions=tuple(each for each in texts if each.line is None),
        scales=tuple((each.heading, *each.line) for each in texts if each.line is not None),
        groups=tuple(group_text(each) for each in groups),
        definitions=(*DEFINITIONS, *interval_text(survey, overall)),
    )


def per_cent(value: Decimal | None) -> str:
    """Write a share."""
    return NONE if value is None else f"{value}%"


def number(value: Decimal | None) -> str:
    """Write a mean."""
    return NONE if value is None else str(value)


def sentence_of(survey: Survey, overall: Overall | None) -> str:
    """Say in one sentence how many were asked, how many answered, and what the figures are of."""
    asked = f"应填{survey.invited}人"
    if survey.counted is None:
        return f"{asked}，截止后一次公布结果。"
    if overall is None:
        return f"{asked}，回收{survey.counted}份，少于5份，不公布结果。"
    n, rate = overall.n, per_cent(overall.response_rate)
    text = f"{asked}，回收{n}份，回收率{rate}（{n}/{survey.invited}）"
    if overall.mean is None:
        return f"{text}；总体满意度的回答完全相同，不显示数值。"
    return f"{text}；总体满意率和平均分按作答的{n}人计算，各题的人数写在题后。"


def question_text(told: QuestionResult, asked: Sequence[Question]) -> QuestionText:
    """Write what is told of one question."""
    question = told.question
    return QuestionText(
        heading=f"{told.place}. {question.text}",
        condition=f"只问{said}人。" if (said := condition_text(question, asked)) else "",
        figures=figures_of(told),
        remark=remark_of(told),
        rows=tuple((each.label, each.text, per_cent(each.share)) for each in told.lines),
        line=line_of(told),
    )


def line_of(told: QuestionResult) -> tuple[str, str, str] | None:
    """Give n, mean and share where that is all there is to say of a question."""
    figures = told.overall
    if figures is None or figures.mean is None or told.lines or told.question.condition:
        return None
    return str(figures.n), number(figures.mean), per_cent(figures.satisfied_share)


def figures_of(told: QuestionResult) -> str:
    """Write the figures of one question with its n."""
    parts = [KIND_LABELS[told.question.kind]]
    if told.n is not None:
        parts.append(f"作答{told.n}人")
    if told.overall is not None and told.overall.mean is not None:
        parts += [f"平均{told.overall.mean}分", f"满意率{per_cent(told.overall.satisfied_share)}"]
    return "　".join(parts)


def remark_of(told: QuestionResult) -> str:
    """Say what of a question is not told, and why."""
    if told.level is Level.SUMMARY and told.question.kind is not QuestionKind.SCALE:
        return "作答少于8人，或者各项分开都少于5人，不显示分布。"
    return LEVEL_TEXTS[told.level]


def group_text(line: GroupLine) -> tuple[str, str, str, str]:
    """Write one group."""
    if line.overall is None:
        return line.label, TOGETHER, NONE, NONE
    figures = line.overall
    return line.label, str(figures.n), number(figures.mean), per_cent(figures.satisfied_share)


def interval_text(survey: Survey, overall: Overall | None) -> list[str]:
    """Say how sure the share is, where there is one."""
    pair = results.satisfied_of(survey) if overall and overall.satisfied_share else None
    if pair is None:
        return []
    low, high = wilson(*pair)
    return [f"满意率的95%区间（Wilson）：{place(low)}%至{place(high)}%，n＝{pair[1]}。"]


def place(value: float) -> Decimal:
    """Give a share of one in per cent with one place."""
    return percent(round(value * 100_000), 100_000)
