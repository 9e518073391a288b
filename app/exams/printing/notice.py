"""成绩通报: 白头, on the grid of official papers; the figures of the page, and what people wrote.

"基本情况 (应考, 实考, 缓考, 缺考, 免考, 参考率, 合格率, 平均分); 部门情况表 (by 序列, not by rank);
错误率高的知识点前五 with 依据; 表扬; 补考时间与课堂安排. Names of 不合格 and 缺考 on a separate
sheet to that department's lead only."
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.accounts import service as accounts
from app.exams.attendance import PassCounts
from app.exams.models import Exam
from app.exams.printing.layout import print_out
from app.exams.service import figures, notices, results, topics
from app.exams.service.amendments import read_amendments
from app.exams.service.figures import OTHERS, DepartmentFigures
from app.exams.service.results import Figures
from app.files.papers import PaperKind
from app.jobs import service as jobs
from app.kernel import db, formats, pdf

NOT_GRADED = "还没有评卷，不能制作成绩通报。"
NOTHING = "—"
NUMERALS = "一二三四五"
LEGEND = "参考率＝实考÷（应考－缓考－免考）；合格率＝合格÷实考。"
TOPICS_LEGEND = "答错、作答按人次计，没有得满分的算答错；一道题有几个知识点的，各计一次。"
SENT_APART = "不合格、缺考名单另送部门负责人。"
MOST_BASIS = 24


@dataclass(frozen=True, kw_only=True)
class DepartmentRow:
    """One line of the 部门情况表, as it is printed."""

    number: str
    name: str
    due: str
    deferred: str
    exempt: str
    missing: str
    sat: str
    passed: str
    attendance: str
    pass_rate: str


@dataclass(frozen=True, kw_only=True)
class TopicRow:
    """One line of 错误率较高的知识点."""

    number: str
    name: str
    wrong: str
    rate: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """Everything that stands in a 成绩通报; a heading is empty where its section has nothing."""

    hall: str
    exam: str
    title: str
    opening: str
    basics: str
    departments_heading: str
    departments_note: str
    departments: tuple[DepartmentRow, ...]
    total: DepartmentRow
    topics_heading: str
    topics: tuple[TopicRow, ...]
    praise_heading: str
    praise: str
    arrangement_heading: str
    arrangement: tuple[str, ...]
    office: str
    dated: str
    version: int


def read_notice(exam_id: int) -> Notice:
    """Read all that the 通报 of an exam says; raises JobRefusedError before it is graded."""
    exam = db.session.get_one(Exam, exam_id)
    if not exam.graded_run:
        raise jobs.JobRefusedError(NOT_GRADED)
    words, whole = notices.read_words(exam), results.read_figures(exam)
    lines, worst = figures.read_departments(exam), topics.list_worst(exam)
    hall, names = accounts.hall_name(), notices.names_of(words.praised_ids)
    arrangement = paragraphs_of(words.arrangement, whole)
    headings = number_headings(
        {
            "basics": "基本情况",
            "departments": "部门情况",
            "topics": "错误率较高的知识点" if worst else "",
            "praise": "表扬（按姓氏笔画为序）" if names else "",
            "arrangement": "补考与课堂安排" if arrangement else "",
        }
    )
    return Notice(
        hall=hall,
        exam=exam.title,
        title=f"关于{quoted(exam.title)}情况的通报",
        opening=f"{quoted(exam.title)}{notices.days_text(exam)}开放，现将情况通报如下。",
        basics="".join(basics_of(exam, whole)),
        departments_heading=headings["departments"],
        departments_note=departments_note(lines),
        departments=tuple(
            department_row(str(number), each.name, each)
            for number, each in enumerate(lines, start=1)
        ),
        total=department_row("", "合计", whole),
        topics_heading=headings["topics"],
        topics=tuple(topic_row(number, each) for number, each in enumerate(worst, start=1)),
        praise_heading=headings["praise"],
        praise=f"{'、'.join(names)}{words.praise.rstrip('。')}，予以表扬。" if names else "",
        arrangement_heading=headings["arrangement"],
        arrangement=arrangement,
        office=f"{hall}办公室",
        dated=formats.day(words.dated_on),
        version=max(exam.release_version, 1),
    )


def number_headings(wanted: dict[str, str]) -> dict[str, str]:
    """Number the headings of the sections that have anything; the others stay empty."""
    numerals = iter(NUMERALS)
    return {name: f"{next(numerals)}、{text}" if text else "" for name, text in wanted.items()}


def quoted(title: str) -> str:
    """Write 一月一考 in a title as the plans do, in quotation marks."""
    return title if "“一月一考”" in title else title.replace("一月一考", "“一月一考”")


def basics_of(exam: Exam, whole: Figures) -> Iterator[str]:
    """Give the sentences of 基本情况."""
    yield (
        f"应考{whole.due}人，缓考{whole.deferred}人，免考{whole.exempt}人，缺考{whole.missing}人，"
        f"实考{whole.sat}人。"
    )
    mean = NOTHING if whole.mean is None else f"{whole.mean:.1f}分"
    yield (
        f"参考率{formats.share(whole.sat, whole.expected)}，"
        f"合格率{formats.share(whole.passed, whole.sat)}，"
        f"平均分{mean}（满分{formats.marks(exam.full_marks)}分，"
        f"{formats.marks(exam.pass_marks)}分合格）。"
    )
    yield from corrections_of(exam)


def corrections_of(exam: Exam) -> Iterator[str]:
    """Say which questions were corrected; by number where everybody has the same numbers."""
    amended = {
        number: each
        for number, each in sorted(read_amendments(exam.id).items())
        if each.is_void or each.further
    }
    if not amended:
        return
    has_numbers = exam.form_count == 1 and not exam.is_shuffled
    for word, numbers in (
        ("作废", [number for number, each in amended.items() if each.is_void]),
        ("增加正确答案", [number for number, each in amended.items() if not each.is_void]),
    ):
        if numbers and has_numbers:
            yield f"第{'、'.join(map(str, numbers))}题{word}，"
        elif numbers:
            yield f"有{len(numbers)}道题{word}，"
    yield "已全员重新计分。"
    if exam.release_version > 1:
        yield f"本通报为第{exam.release_version}版，以本版为准。"


def departments_note(lines: Sequence[DepartmentFigures]) -> str:
    """Say in which order the departments stand, and which were merged."""
    merged = sum(each.merged for each in lines if each.name == OTHERS)
    note = "按大厅部门序列列示，不排名。"
    return f"{note}应考不足{figures.LEAST}人的{merged}个部门合并。" if merged else note


def department_row(number: str, name: str, counts: PassCounts) -> DepartmentRow:
    """Write one line of the 部门情况表."""
    return DepartmentRow(
        number=number,
        name=name,
        due=str(counts.due),
        deferred=count_text(counts.deferred),
        exempt=count_text(counts.exempt),
        missing=count_text(counts.missing),
        sat=str(counts.sat),
        passed=str(counts.passed),
        attendance=rate_text(counts.sat, counts.expected),
        pass_rate=rate_text(counts.passed, counts.sat),
    )


def count_text(number: int) -> str:
    """Write a number of people; a dash for nobody."""
    return str(number or NOTHING)


def rate_text(part: int, whole: int) -> str:
    """Write a rate without its sign, which stands in the head of the column."""
    return formats.percent(part, whole).rstrip("%")


def topic_row(number: int, topic: topics.Topic) -> TopicRow:
    """Write one line of the 知识点."""
    return TopicRow(
        number=str(number),
        name=topic.name,
        wrong=f"{topic.wrong}/{topic.asked}",
        rate=rate_text(topic.wrong, topic.asked),
        basis=formats.shorten(topic.bases[0], MOST_BASIS),
    )


def paragraphs_of(text: str, whole: Figures) -> tuple[str, ...]:
    """Give the paragraphs of 补考与课堂安排; the last says where the names go."""
    written = [line.strip() for line in text.split("\n") if line.strip()]
    is_apart = whole.missing or whole.passed < whole.sat
    if is_apart and written:
        written[-1] += SENT_APART
    elif is_apart:
        written = [SENT_APART]
    return tuple(written)


def lay_out(notice: Notice, code: str) -> pdf.Document:
    """Lay the 通报 out."""
    return print_out(
        "notice",
        notice,
        code,
        title=notice.title,
        hall=notice.hall,
        dated=notice.dated,
        base=None,
        legend=LEGEND,
        topics_legend=TOPICS_LEGEND,
    )


NOTICE = PaperKind(
    name="exams.notice",
    title="成绩通报",
    word="notice",
    endpoint="exams.show_notice_paper",
    snapshot=read_notice,
    document=lay_out,
    file_name=lambda notice: notice.title,
)
