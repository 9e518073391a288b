"""试卷 on paper, for a hall or a person without a screen: A4, A3 in two columns, 答题卡, 答案.

"No phone step without a desk-PC way and a paper way." One snapshot for all four papers of a form:
questions stand by kind under numbers of their own, cases at the end, options as the bank has them.
The two that people get hold no key; the key paper is another kind, behind another door.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.roster.models import POST_GROUP_LABELS
from app.exams.models import Exam, PaperForm
from app.exams.printing.layout import print_out
from app.exams.rule_lines import rule_lines
from app.exams.service import results
from app.exams.service.amendments import Amendment, read_amendments
from app.exams.service.frozen import FrozenQuestion, paper_of
from app.exams.service.keys import select_keyed
from app.exams.stems import pieces_of, unplaced
from app.files import service as files
from app.files.models import StoredFile
from app.files.papers import PaperKind
from app.jobs import service as jobs
from app.kernel import db, formats, pdf
from app.questions.kinds import CHOICES, QUESTION_KIND_LABELS, QuestionKind

NOT_PUBLISHED = "试卷还没有发布，不能打印。"
PICTURE_GONE = "题目里的图片读不出来，请管理员检查文件。"
NUMERALS = "一二三四五六七八九"
CASES = "案例题"
# Empty lines that an answer in words gets.
LINES = {QuestionKind.SHORT: 6, QuestionKind.ESSAY: 14}
# Options of at most so many characters stand four, or two, in a row of A4.
FOUR, TWO = 8, 18


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A piece of a stem: a text, a blank, or a picture by hash and kind."""

    text: str = ""
    blank: int = 0
    picture: str = ""
    media_type: str = ""


@dataclass(frozen=True, kw_only=True)
class PrintedQuestion:
    """One question as it is printed."""

    number: int
    kind: str
    marks: str
    # The shared stem, where a case begins, and for which numbers it is.
    case: tuple[Piece, ...]
    case_range: str
    stem: tuple[Piece, ...]
    loose: tuple[Piece, ...]
    options: tuple[tuple[str, str], ...]
    per_row: int
    # Boxes of the 答题卡: letters, or 对 and 错; else blanks, or lines for words.
    boxes: tuple[str, ...]
    blanks: int
    lines: int
    is_demonstration: bool


@dataclass(frozen=True, kw_only=True)
class Part:
    """大题: questions of one kind, or the cases."""

    heading: str
    questions: tuple[PrintedQuestion, ...]


@dataclass(frozen=True, kw_only=True)
class QuestionPaper:
    """Everything that stands on the paper of one form."""

    hall: str
    exam: str
    form: str
    post_group: str
    minutes: int
    full_marks: str
    pass_marks: str
    question_count: int
    rules: tuple[str, ...]
    parts: tuple[Part, ...]
    fingerprint: str
    has_demonstration: bool
    dated: str


@dataclass(frozen=True, kw_only=True)
class KeyLine:
    """What is right in one question, and what it rests on."""

    number: int
    kind: str
    marks: str
    key: str
    further: str
    basis: str
    analysis: str
    is_by_hand: bool


@dataclass(frozen=True, kw_only=True)
class KeyPart:
    """The keys of one 大题."""

    heading: str
    lines: tuple[KeyLine, ...]


@dataclass(frozen=True, kw_only=True)
class KeyPaper:
    """Everything that stands on the 答案与评分标准 of one form."""

    hall: str
    exam: str
    form: str
    full_marks: str
    rules: tuple[str, ...]
    parts: tuple[KeyPart, ...]
    fingerprint: str
    dated: str


def read_form(exam_id: int, code: int) -> tuple[Exam, PaperForm, str]:
    """Give a published paper, a form of it, and when it was published as papers write it.

    Raises JobRefusedError before the publication.
    """
    exam = db.session.get_one(Exam, exam_id)
    form = db.session.get_one(PaperForm, (exam_id, code))
    if exam.published_at is None:
        raise jobs.JobRefusedError(NOT_PUBLISHED)
    return exam, form, formats.moment(exam.published_at)


def parts_of(exam: Exam, code: int) -> list[tuple[str, list[FrozenQuestion]]]:
    """Give the questions of a form by 大题: kinds in their order, then the cases."""
    asked = paper_of(exam).of_form(code)
    found = [
        (QUESTION_KIND_LABELS[kind], chosen)
        for kind in QuestionKind
        if (chosen := [each for each in asked if each.kind is kind and each.group_key is None])
    ]
    cases = [each for each in asked if each.group_key is not None]
    return [*found, (CASES, cases)] if cases else found


def heading_of(place: int, label: str, questions: Sequence[FrozenQuestion]) -> str:
    """Write the heading of a 大题 with the marks that it is worth."""
    total = sum((each.marks for each in questions), Decimal(0))
    worth = {each.marks for each in questions}
    each_text = f"每题{formats.marks(worth.pop())}分，" if len(worth) == 1 else ""
    return (
        f"{NUMERALS[place]}、{label}（共{len(questions)}题，{each_text}共{formats.marks(total)}分）"
    )


def read_paper(exam_id: int, code: int) -> QuestionPaper:
    """Read all that the paper of a form says."""
    exam, form, dated = read_form(exam_id, code)
    parts, number, printed = parts_of(exam, code), 0, []
    pictures = read_pictures([each for _, questions in parts for each in questions])
    for place, (label, questions) in enumerate(parts):
        lines = list(print_part(questions, number + 1, pictures))
        number += len(lines)
        heading = heading_of(place, label, questions)
        printed.append(Part(heading=heading, questions=tuple(lines)))
    asked = [each for _, questions in parts for each in questions]
    return QuestionPaper(
        hall=accounts.hall_name(),
        exam=exam.title,
        form=form_text(exam, form),
        post_group=POST_GROUP_LABELS[form.post_group] if form.post_group else "",
        minutes=exam.minutes,
        full_marks=formats.marks(exam.full_marks),
        pass_marks=formats.marks(exam.pass_marks),
        question_count=number,
        rules=tuple(rule_lines(exam, {each.kind for each in asked})),
        parts=tuple(printed),
        fingerprint=exam.paper_hash[:16],
        has_demonstration=any(each.is_demonstration for each in asked),
        dated=dated,
    )


def form_text(exam: Exam, form: PaperForm) -> str:
    """Name a form; the only one of an exam has no name."""
    return f"第{form.code}卷" if exam.form_count > 1 or form.code > 1 else ""


def read_pictures(questions: Sequence[FrozenQuestion]) -> Mapping[int, StoredFile]:
    """Give the stored pictures of these questions by id."""
    ids = {picture["file"] for each in questions for picture in each.pictures}
    found = db.session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)))
    return {each.id: each for each in found}


def print_part(
    questions: Sequence[FrozenQuestion], first: int, pictures: Mapping[int, StoredFile]
) -> Iterator[PrintedQuestion]:
    """Write the questions of a 大题, numbered from `first`."""
    seen: set[int | None] = {None}
    for number, each in enumerate(questions, start=first):
        shared = sum(other.group_key == each.group_key for other in questions)
        is_first = each.group_key not in seen
        seen.add(each.group_key)
        yield print_question(each, number, shared if is_first else 0, pictures)


def print_question(
    question: FrozenQuestion, number: int, shared: int, pictures: Mapping[int, StoredFile]
) -> PrintedQuestion:
    """Write one question; `shared` says for how many the case that begins with it is."""
    markers = [each["marker"] for each in question.pictures]
    files_of = [pictures[each["file"]] for each in question.pictures]
    texts = [question.stem, question.group_stem]
    is_true_false = question.kind is QuestionKind.TRUE_FALSE
    is_choice = question.kind in CHOICES
    options = tuple((each["label"], each["text"]) for each in question.options if is_choice)
    longest = max((len(text) for _, text in options), default=0)
    end = number + shared - 1
    return PrintedQuestion(
        number=number,
        kind=QUESTION_KIND_LABELS[question.kind],
        marks=formats.marks(question.marks),
        case=pieces(question.group_stem, markers, files_of, 0) if shared else (),
        case_range=f"第{number}题" if shared == 1 else f"第{number}至{end}题",
        stem=pieces(question.stem, markers, files_of, question.blank_count),
        loose=tuple(picture_of(files_of[place - 1]) for place in unplaced(texts, markers)),
        options=options,
        per_row=4 if longest <= FOUR else 2 if longest <= TWO else 1,
        boxes=tuple(label for label, _ in options) or (("对", "错") if is_true_false else ()),
        blanks=question.blank_count or int(question.kind is QuestionKind.NUMERIC),
        lines=LINES.get(question.kind, 0),
        is_demonstration=question.is_demonstration,
    )


def pieces(
    stem: str, markers: Sequence[str], pictures: Sequence[StoredFile], blanks: int
) -> tuple[Piece, ...]:
    """Part a stem for paper."""
    return tuple(
        picture_of(pictures[each.picture - 1])
        if each.picture
        else Piece(text=each.text, blank=each.blank)
        for each in pieces_of(stem, markers, blanks)
    )


def picture_of(file: StoredFile) -> Piece:
    """Name a picture by its hash, so that the 校验码 tells which it was."""
    return Piece(picture=file.sha256, media_type=file.media_type)


def read_keys(exam_id: int, code: int) -> KeyPaper:
    """Read all that the 答案与评分标准 of a form says."""
    exam, form, dated = read_form(exam_id, code)
    keys = {question.number: key for question, key in db.session.execute(select_keyed(exam_id))}
    amendments, number, printed = read_amendments(exam_id), 0, []
    parts = parts_of(exam, code)
    for place, (label, questions) in enumerate(parts):
        lines = []
        for each in questions:
            number += 1
            key = keys[each.number]
            lines.append(
                KeyLine(
                    number=number,
                    kind=QUESTION_KIND_LABELS[each.kind],
                    marks=formats.marks(each.marks),
                    key=results.write_right(each.kind, key.key),
                    further=further_text(each.kind, amendments[each.number]),
                    basis=key.basis,
                    analysis=key.analysis,
                    is_by_hand=each.kind in LINES,
                )
            )
        printed.append(KeyPart(heading=heading_of(place, label, questions), lines=tuple(lines)))
    kinds = {each.kind for _, questions in parts for each in questions}
    return KeyPaper(
        hall=accounts.hall_name(),
        exam=exam.title,
        form=form_text(exam, form),
        full_marks=formats.marks(exam.full_marks),
        rules=tuple(rule_lines(exam, kinds)),
        parts=tuple(printed),
        fingerprint=exam.paper_hash[:16],
        dated=dated,
    )


def further_text(kind: QuestionKind, amendment: Amendment) -> str:
    """Say what a decided correction has made of a question."""
    if amendment.is_void:
        return "更正：本题作废，都得满分"
    if amendment.further:
        also = "、".join(results.write_right(kind, each) for each in amendment.further)
        return f"更正：{also}也算对"
    return ""


def pictures_in(paper: QuestionPaper) -> dict[str, tuple[str, bytes]]:
    """Give the pictures of a paper as assets; raises JobRefusedError for one that is damaged."""
    wanted = {
        piece.picture
        for part in paper.parts
        for each in part.questions
        for piece in (*each.case, *each.stem, *each.loose)
        if piece.picture
    }
    found = db.session.scalars(select(StoredFile).where(StoredFile.sha256.in_(wanted)))
    try:
        return {
            f"app:/{each.sha256}": (each.media_type, files.read_content(each)) for each in found
        }
    except files.DamagedFileError as error:
        raise jobs.JobRefusedError(PICTURE_GONE) from error


def lay_out(
    template: str, what: str, paper: QuestionPaper | KeyPaper, code: str, **more: Any
) -> pdf.Document:
    """Lay out a paper or its keys; `more` goes to `print_out`."""
    return print_out(
        template,
        paper,
        code,
        title=f"{paper.exam}{what}{paper.form}",
        hall=paper.hall,
        dated=paper.dated,
        **more,
    )


def lay_out_paper(size: str, paper: QuestionPaper, code: str) -> pdf.Document:
    """Lay the questions out on paper of a size: a4, or a3 across in two columns."""
    base = f"exams/pdf/question_paper_{size}.css"
    assets = pictures_in(paper)
    return lay_out("question_paper", "试卷", paper, code, base=base, assets=assets)


PAPER_A4 = PaperKind(
    name="exams.paper_a4",
    title="试卷（A4）",
    word="pages",
    endpoint="exams.show_pages_paper",
    snapshot=read_paper,
    document=partial(lay_out_paper, "a4"),
    file_name=lambda paper: f"{paper.exam}试卷{paper.form}A4",
    has_parts=True,
)
PAPER_A3 = PaperKind(
    name="exams.paper_a3",
    title="试卷（A3双栏）",
    word="booklet",
    endpoint="exams.show_booklet_paper",
    snapshot=read_paper,
    document=partial(lay_out_paper, "a3"),
    file_name=lambda paper: f"{paper.exam}试卷{paper.form}A3",
    has_parts=True,
)
ANSWER_SHEET = PaperKind(
    name="exams.answer_sheet",
    title="答题卡",
    word="answer_sheet",
    endpoint="exams.show_answer_sheet_paper",
    snapshot=read_paper,
    document=partial(lay_out, "answer_sheet", "答题卡"),
    file_name=lambda paper: f"{paper.exam}答题卡{paper.form}",
    has_parts=True,
)
KEY_PAPER = PaperKind(
    name="exams.keys",
    title="答案与评分标准",
    word="keys",
    endpoint="exams.show_keys_paper",
    snapshot=read_keys,
    document=partial(lay_out, "key_paper", "答案与评分标准"),
    file_name=lambda paper: f"{paper.exam}答案与评分标准{paper.form}",
    has_parts=True,
)
