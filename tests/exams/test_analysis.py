"""题目分析: rolled up with each run, shown to organisers, and remembered by the bank."""

import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.exams.advice import ItemFlag
from app.exams.models import CorrectionKind, ItemAnalysis, PaperQuestion, Sitting
from app.exams.service import analysis
from app.kernel import db
from tests.exams.factories import (
    BANK,
    KEY,
    WRONG,
    direct,
    get_exam,
    publish_exam,
    release,
    results_of,
    sit,
    sweep,
)
from tests.exams.test_corrections import correct
from tests.exams.test_hand_marking import give_role
from tests.support import cast

pytestmark = pytest.mark.db

STRONG = KEY | {1: ["B"]}
WEAK = WRONG | {1: ["C"]}


def url(exam_id, more=""):
    return f"/exams/papers/{exam_id}/analysis{more}"


@pytest.fixture
def exam(app, now):
    """A graded exam: seven strong choose B, five weak the key C, of three questions."""
    with app.app_context():
        people = cast.add_staff(12)
        exam_id = publish_exam(only=people)
        for place, person in enumerate(people):
            sit(exam_id, person, STRONG if place < 7 else WEAK)
        now.move(hours=8, seconds=67)
        sweep()
        return exam_id


def stored(exam_id):
    rows = db.session.scalars(
        select(ItemAnalysis).where(ItemAnalysis.exam_id == exam_id).order_by(ItemAnalysis.number)
    )
    return list(rows)


def cells(page):
    return [["".join(cell.itertext()).strip() for cell in row] for row in page.all("tbody tr")]


def test_a_run_leaves_the_figures_of_each_question(app, exam):
    with app.app_context():
        first, second, third = stored(exam)
        assert [each.run for each in (first, second, third)] == [1, 1, 1]
        assert (first.n, first.facility) == (12, Decimal("41.67"))
        # Ten marks each: whoever has the key of the first has nothing else. The weak all tie, so
        # nobody is left in the lower group.
        assert (first.discrimination_index, first.upper_lower_d) == (Decimal(-100), None)
        assert first.flag is ItemFlag.KEY
        assert [(each["label"], each["count"]) for each in first.options] == [
            ("A", 0), ("B", 7), ("C", 5),
        ]  # fmt: skip
        assert first.options[1]["point_biserial"] == pytest.approx(1.0)
        assert second.facility == Decimal("58.33")
        assert third.figures["facility"] == pytest.approx(7 / 12)
        # A right statement and a wrong one are options too.
        assert [(each["label"], each["count"]) for each in third.options] == [
            ("true", 7), ("false", 5),
        ]  # fmt: skip


def test_figures_agree_with_what_is_stored(app, exam):
    with app.app_context():
        rows = results_of(exam)
        for its in stored(exam):
            marks = [Decimal(details[str(its.number)]) for *_, details in rows]
            assert its.n == len(marks)
            assert its.facility == round(sum(marks) * 10 / len(marks), 2)


def test_the_list_shows_what_the_file_holds(browse, exam):
    clerk = browse("clerk")
    page = clerk.get(url(exam))
    first = cells(page)[0]
    assert first[0] == "1"
    assert first[3:] == ["12人", "41.7%", "-100.0", "—", "疑似答案有误"]
    answer = clerk.client.get(url(exam, "/export"))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0)
    header, *rows = sheet.to_python()
    assert header == ["题号", "题目", "题型", "作答", "得分率", "区分指数", "区分度D", "提示"]
    assert len(rows) == 3
    assert rows[0][3:] == [12, 41.67, -100, "", "疑似答案有误"]


def test_the_list_is_sorted_and_narrowed(browse, exam):
    clerk = browse("clerk")
    assert [row[0] for row in cells(clerk.get(url(exam, "?sort=-facility")))][-1] == "1"
    assert [row[0] for row in cells(clerk.get(url(exam, "?flag=key")))] == ["1"]
    assert "还没有" not in clerk.get(url(exam, "?flag=easy")).text_of("h1")


def test_one_question_tells_who_chose_what_and_what_to_do(browse, exam):
    page = browse("chief").get(url(exam, "/1"))
    text = page.text_of("main")
    assert "先核对答案" in text
    assert "作答不足30人" in text
    assert "更像答案的是B" in text
    options = cells(page)[:3]
    assert options[0] == ["A. 5分钟", "", "0人", "0.0%", "—"]
    assert options[1] == ["B. 10分钟", "", "7人", "58.3%", "1.00"]
    assert options[2] == ["C. 15分钟", "是", "5人", "41.7%", "-1.00"]


def test_an_undefined_figure_is_a_dash_and_no_nought(app, browse, now):
    with app.app_context():
        people = cast.add_staff(6)
        exam_id = publish_exam(BANK[:1], only=people, pass_marks=Decimal(5))
        for person in people:
            sit(exam_id, person, {1: KEY[1]})
        now.move(hours=8, seconds=67)
        sweep()
        [its] = stored(exam_id)
        assert (its.discrimination_index, its.upper_lower_d) == (None, None)
        assert its.flag is ItemFlag.EASY
    assert cells(browse("clerk").get(url(exam_id)))[0][4:7] == ["100.0%", "—", "—"]


def test_before_grading_there_is_nothing_to_see(browse, app, exam_id):
    page = browse("clerk").get(url(exam_id))
    assert "评卷以后" in page.text_of("main")
    browse("clerk").get(url(exam_id, "/1"), status=404)
    with app.app_context():
        assert stored(exam_id) == []


def test_a_correction_brings_new_figures(app, browse, exam):
    with app.app_context():
        release(exam)
        correct(exam, kind=CorrectionKind.VOID, further="")
        sweep()
        first = stored(exam)[0]
        assert (first.run, get_exam(exam).graded_run) == (2, 2)
        assert (first.flag, first.facility) == (ItemFlag.VOID, Decimal(100))
        assert len(stored(exam)) == 3
    assert "不作分析" in browse("clerk").get(url(exam, "/1")).text_of("main")


def test_a_further_answer_ends_the_suspicion(app, exam):
    with app.app_context():
        release(exam)
        correct(exam, kind=CorrectionKind.FURTHER, further="B")
        sweep()
        assert stored(exam)[0].flag is ItemFlag.EASY


def test_who_sits_the_question_elsewhere_does_not_see_its_key(app, browse, exam):
    browse("chief").get(url(exam, "/1"))
    with app.app_context():
        question_id = db.session.scalars(
            select(PaperQuestion.question_id).where(
                PaperQuestion.exam_id == exam, PaperQuestion.number == 1
            )
        ).one()
        give_role("other")
        publish_exam([question_id], only=["other"], title="再考一次", pass_marks=Decimal(5))
    browse("other").get(url(exam, "/1"), status=404)
    assert "疑似答案有误" in browse("other").get(url(exam)).text_of("main")


def test_the_worker_fills_in_what_was_graded_before(app, exam):
    with app.app_context():
        before = [(each.number, each.figures, each.options) for each in stored(exam)]
        direct("DELETE FROM item_analysis")
        analysis.catch_up()
        assert [(each.number, each.figures, each.options) for each in stored(exam)] == before
        analysis.catch_up()
        assert len(stored(exam)) == 3


def test_people_with_other_forms_leave_an_empty_cell():
    questions = [PaperQuestion(number=number, marks=Decimal(2)) for number in (1, 2)]
    matrix = analysis.matrix_of(questions, [{"1": "2"}, {"1": "1", "2": "0"}])
    assert [list(row) for row in matrix.rows] == [[2, None], [1, 0]]


def test_the_bank_remembers_how_a_question_did(app, browse, exam, now):
    with app.app_context():
        [question_id] = db.session.scalars(
            select(PaperQuestion.question_id).where(
                PaperQuestion.exam_id == exam, PaperQuestion.number == 1
            )
        )
    clerk = browse("clerk")
    uses = clerk.get(f"/questions/{question_id}").text_of("#uses")
    assert "12人作答，得分率41.7%" in uses
    assert "各次合计" not in uses
    with app.app_context():
        people = db.session.scalars(select(Sitting.person_id).where(Sitting.exam_id == exam)).all()
        again = publish_exam([question_id], only=people[:4], title="十二月", pass_marks=Decimal(5))
        for person in people[:4]:
            sit(again, person, {1: KEY[1]})
        now.move(hours=8, seconds=67)
        sweep()
    uses = browse("clerk").get(f"/questions/{question_id}").text_of("#uses")
    # Sixteen in all: five and then four had it right.
    assert "各次合计16人作答，得分率56.3%" in uses
