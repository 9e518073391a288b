"""试卷, 答题卡, 答案, 答卷存档 and the zip: what each holds, what it never holds, who gets it."""

import io
import zipfile
from decimal import Decimal

import pytest
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, NoResultFound

from app.audit.models import AuditEvent
from app.exams.models import AnswerChange, Exam, ExamPackage
from app.exams.printing import (
    ANSWER_SHEET,
    EVIDENCE_PACK,
    KEY_PAPER,
    PAPER_A3,
    PAPER_A4,
    RESULT_SHEET,
    packages,
)
from app.exams.printing.layout import read_moment
from app.exams.service import taking_over
from app.files import packing, papers
from app.files.models import StoredFile
from app.jobs import service as jobs
from app.kernel import clock, db, formats, pdf
from app.questions.key_reading import OBJECT
from tests.exams.every_kind import BASIS, CASE, OPTIONS, STEMS, add_every_kind
from tests.exams.factories import (
    KEY,
    WRONG,
    direct,
    draft,
    events,
    get_exam,
    publish,
    publish_exam,
    release,
    released_exam,
    run_jobs,
    save,
    sit,
    sitting_of,
    sweep,
)
from tests.support import cast
from tests.support.papers import lines_of, words_of

PAPERS = (PAPER_A4, PAPER_A3, ANSWER_SHEET, KEY_PAPER)


def document_of(kind, record_id, part=0):
    snapshot = kind.read(record_id, part)
    return kind.document(snapshot, papers.code_of(snapshot))


@pytest.fixture
def every_kind(app, now):
    """A published paper with a question of every kind; gives its id."""
    with app.app_context():
        return publish_exam(add_every_kind(), title="每一种题")


# ---------- the paper and its keys


@pytest.mark.db
@pytest.mark.parametrize("kind", [PAPER_A4, PAPER_A3], ids=["A4", "A3"])
def test_a_paper_has_every_question_and_no_key(app, every_kind, kind):
    with app.app_context():
        document = document_of(kind, every_kind, 1)
        said = words_of(document)
    for stem in STEMS.values():
        for piece in stem.replace("（　　）", "____").replace("[图1]", "____").split("____"):
            assert "".join(piece.split()) in said, piece
    for options in OPTIONS.values():
        assert all(option in said for option in options)
    assert "".join(CASE.split()) in said
    assert said.count("材料（第6至7题）") == 1
    for heading in ("一、单选题（共1题，每题10分，共10分）", "案例题（共2题，每题10分，共20分）"):
        assert heading in said
    for hidden in (BASIS, "写明缺什么", "减环节", "十五", "正确答案"):
        assert hidden not in said
        assert hidden not in document.html
    # Turned by a quarter; a reader of text finds its characters one below the other.
    assert "密封线内不要答题" in "".join(document.html.split("…")).replace("　", "")
    assert len(document.assets) == 1


def test_the_two_sizes_are_two_papers_of_one_snapshot(app, every_kind):
    with app.app_context():
        small, large = (document_of(kind, every_kind, 1) for kind in (PAPER_A4, PAPER_A3))
        assert PAPER_A4.read(every_kind, 1) == PAPER_A3.read(every_kind, 1)
        for document, width in ((small, 595), (large, 1191)):
            content = pdf.render(document)
            assert round(float(PdfReader(io.BytesIO(content)).pages[0].mediabox.width)) == width
            assert pdf.render(document) == content


@pytest.mark.db
def test_the_answer_sheet_has_a_place_for_each_answer(app, every_kind):
    with app.app_context():
        shown = ANSWER_SHEET.read(every_kind, 1)
        said = words_of(document_of(ANSWER_SHEET, every_kind, 1))
    places = {
        each.number: (each.boxes, each.blanks, bool(each.lines))
        for part in shown.parts
        for each in part.questions
    }
    assert places == {
        1: (("A", "B", "C"), 0, False),
        2: (("A", "B", "C", "D"), 0, False),
        3: (("对", "错"), 0, False),
        4: ((), 2, False),
        5: ((), 0, True),
        6: ((), 1, False),
        7: ((), 0, True),
    }
    assert "1□A□B□C" in said
    assert "3□对□错" in said


@pytest.mark.db
def test_the_keys_are_those_of_the_printed_numbers(app, every_kind):
    with app.app_context():
        document = document_of(KEY_PAPER, every_kind, 1)
        lines, said = lines_of(document), words_of(document)
    for wanted in (f"110B{BASIS}", f"210ABC{BASIS}", f"310正确{BASIS}"):
        assert any(wanted in line for line in lines), wanted
    assert "写明缺什么、怎么补、多长时间。" in said
    assert "15" in said


@pytest.mark.db
def test_whoever_prints_keys_is_written_down(app, browse, every_kind):
    clerk = browse("clerk")
    page = clerk.get(f"/exams/papers/{every_kind}/print")
    clerk.submit(page, form="form[action$=print-pages]")
    with app.app_context():
        assert [each for each in events(AuditEvent.RECORD_READ) if each.object_type == OBJECT] == []
    clerk.submit(page, form="form[action$=print-keys]")
    with app.app_context():
        [entry] = [each for each in events(AuditEvent.RECORD_READ) if each.object_type == OBJECT]
        assert entry.person_id == cast.person_id("clerk")
        assert len(entry.data["questions"]) == 7
        run_jobs()
    for word in ("pages", "keys"):
        url = f"/exams/papers/{every_kind}/forms/1/{word}.pdf"
        assert clerk.get(url).data.startswith(b"%PDF")
        browse("staff").get(url, status=403)
    clerk.get(f"/exams/papers/{every_kind}/forms/2/pages.pdf", status=404)


def test_a_draft_is_not_printed(app, browse):
    with app.app_context():
        exam_id = draft()
        for kind in PAPERS:
            with pytest.raises(NoResultFound):
                kind.read(exam_id, 1)
    browse("clerk").get(f"/exams/papers/{exam_id}/print", status=404)


# ---------- the evidence of a sitting


@pytest.fixture
def told(app, now):
    """A released exam in which staff has changed an answer; gives exam and sitting."""
    with app.app_context():
        exam_id = publish_exam(title="有改动的考试")
        sit(exam_id, "staff", {1: WRONG[1], 2: KEY[2]}, hand_in=False)
        sitting = sitting_of(exam_id, "staff")
        now.move(minutes=3)
        with db.write():
            save(sitting.id, 1, KEY[1], revision=5)
            taking_over.take_over(
                sitting_id=sitting.id, device="other", person_id=sitting.person_id
            )
        now.move(hours=8, seconds=67)
        sweep()
        release(exam_id)
        return exam_id, sitting.id


@pytest.mark.db
def test_every_save_stands_in_the_evidence_with_its_time(app, told):
    _, sitting_id = told
    with app.app_context():
        kept = db.session.query(AnswerChange).filter_by(sitting_id=sitting_id, number=1).all()
        assert [(each.revision, each.chosen) for each in kept] == [(1, WRONG[1]), (5, KEY[1])]
        pack = EVIDENCE_PACK.read(sitting_id)
        said = words_of(document_of(EVIDENCE_PACK, sitting_id))
    first = next(each for each in pack.questions if each.number == 1)
    assert [each.what for each in first.changes] == ["".join(WRONG[1]), "".join(KEY[1])]
    assert first.changes[0].at < first.changes[1].at
    for step in (*first.changes, *pack.steps):
        assert "".join(f"{step.at}{step.what}".split()) in said
    assert pack.steps[0].what == "进入考试"
    assert "换一台设备继续" in [each.what for each in pack.steps]
    assert pack.steps[-1].what == "公布成绩"
    assert "到时自动交卷" in said
    assert pack.runs[0].counts == "计入"


def test_letters_are_those_that_were_seen(app, now):
    with app.app_context():
        exam_id = draft(title="次序打乱的考试")
        direct(f"UPDATE exam SET is_shuffled = true WHERE id = {exam_id}")  # noqa: S608
        db.session.expire_all()
        publish(exam_id)
        sit(exam_id, "staff", KEY)
        now.move(hours=8, seconds=67)
        sweep()
        sitting = sitting_of(exam_id, "staff")
        pack = EVIDENCE_PACK.read(sitting.id)
        rows = db.session.execute(
            text("SELECT number, options FROM paper_question WHERE exam_id = :exam"),
            {"exam": exam_id},
        ).all()
    assert len(rows) == len(pack.questions) == len(KEY)
    for each in pack.questions:
        # Whoever was right chose the very letters that the pack calls right.
        assert each.chosen == each.key
        assert each.changes[-1].what == each.chosen
        if each.options and each.options[0].startswith("A. "):
            assert [option[:2] for option in each.options] == [
                f"{letter}." for letter in "ABCDEFGH"[: len(each.options)]
            ]


@pytest.mark.db
def test_the_database_itself_keeps_each_save(app, told):
    _, sitting_id = told
    with app.app_context():
        for statement in (
            f"UPDATE answer_change SET chosen = '[]' WHERE sitting_id = {sitting_id}",  # noqa: S608
            f"DELETE FROM answer_change WHERE sitting_id = {sitting_id}",  # noqa: S608
        ):
            with pytest.raises(IntegrityError, match="a save is kept"):
                direct(statement)
            db.session.rollback()


@pytest.mark.db
def test_the_evidence_is_for_organisers_and_noted(app, browse, told):
    exam_id, _ = told
    with app.app_context():
        public_id = sitting_of(exam_id, "staff").public_id
    clerk = browse("clerk")
    page = clerk.get(f"/exams/papers/{exam_id}/results/{public_id}")
    clerk.submit(page, form="form[action$=print-evidence]")
    with app.app_context():
        run_jobs()
        assert events(AuditEvent.RECORD_READ)
    url = f"/exams/papers/{exam_id}/results/{public_id}/evidence.pdf"
    assert clerk.get(url).data.startswith(b"%PDF")
    for who in ("staff", "lead", "office"):
        browse(who).get(url, status=403)


def test_without_marks_there_is_no_evidence(app, exam_id):
    with app.app_context():
        sit(exam_id, "staff", KEY)
        with pytest.raises(jobs.JobRefusedError):
            EVIDENCE_PACK.read(sitting_of(exam_id, "staff").id)


# ---------- everybody's papers as a zip


@pytest.mark.db
def test_the_zip_has_the_notice_and_a_folder_for_each_department(app, browse, now):
    with app.app_context():
        exam_id = released_exam(now, staff=KEY, other=WRONG)
    clerk = browse("clerk")
    page = clerk.get(f"/exams/papers/{exam_id}/report")
    clerk.submit(page, form="form[action$=package]")
    with app.app_context():
        run_jobs()
        [made] = db.session.query(ExamPackage).all()
        title = get_exam(exam_id).title
        assert made.papers == 1 + len(departments_of(exam_id)) + 2
    again = clerk.get(f"/exams/papers/{exam_id}/report")
    [href] = [each for each in again.links() if "/exams/packages/" in each]
    with zipfile.ZipFile(io.BytesIO(clerk.get(href).data)) as packed:
        names = packed.namelist()
        assert packed.testzip() is None
        for name in names:
            assert packed.read(name).startswith(b"%PDF")
    assert len(names) == made.papers
    assert [name for name in names if "/" not in name] == [f"关于{title.replace('一月一考', '“一月一考”')}情况的通报.pdf"]  # fmt: skip
    assert sum("部门成绩单" in name for name in names) == len(
        {name.split("/")[0] for name in names if "/" in name}
    )
    browse("lead").get(href, status=403)
    with app.app_context():
        assert len(events(AuditEvent.EXAMS_PACKAGE_MADE)) == 1
    now.move(days=15)
    with app.app_context():
        packages.erase_old()
        assert db.session.query(StoredFile).filter_by(media_type=packing.MEDIA_TYPE).count() == 0
        assert len(events(AuditEvent.EXAMS_PACKAGE_ERASED)) == 1
    browse("clerk").get(href, status=404)


def departments_of(exam_id):
    return db.session.scalars(
        text("SELECT DISTINCT department_id FROM sitting WHERE exam_id = :exam"), {"exam": exam_id}
    ).all()


def test_before_the_release_nothing_is_packed(app, browse, now):
    with app.app_context():
        exam_id = publish_exam()
        sit(exam_id, "staff", KEY)
        now.move(hours=8, seconds=67)
        sweep()
    clerk = browse("clerk")
    clerk.post(f"/exams/papers/{exam_id}/package", {"csrf_token": clerk.token()})
    assert "成绩公布以后才能打包" in clerk.get(f"/exams/papers/{exam_id}/report").text
    with app.app_context():
        assert jobs.list_startable() == []


@pytest.mark.db
def test_nothing_is_packed_while_a_question_is_asked_elsewhere(app, browse, now):
    """The sheets would tell the key to those who still sit the other exam (EX: withholding)."""
    with app.app_context():
        first = released_exam(now, staff=WRONG)
        [question] = db.session.scalars(
            text("SELECT question_id FROM paper_question WHERE exam_id = :exam AND number = 1"),
            {"exam": first},
        )
        second = publish_exam([question], title="又问一次", pass_marks=Decimal(5))
    clerk = browse("clerk")
    clerk.post(f"/exams/papers/{first}/package", {"csrf_token": clerk.token()})
    assert "等那场考试公布成绩后再打包" in clerk.get(f"/exams/papers/{first}/report").text
    with app.app_context():
        assert jobs.list_startable() == []
        sit(second, "staff", {1: KEY[1]})
        now.move(hours=8, seconds=67)
        sweep()
        release(second)
    clerk = browse("clerk")
    clerk.post(f"/exams/papers/{first}/package", {"csrf_token": clerk.token()})
    with app.app_context():
        assert len(jobs.list_startable()) == 1
        publish_exam([question], title="再问一次", pass_marks=Decimal(5))
        run_jobs()
        assert db.session.query(ExamPackage).count() == 0


# ---------- the day of a paper


@pytest.mark.parametrize("written", [formats.day, formats.moment])
def test_a_day_on_a_paper_is_read_back(written):
    at = clock.now()
    read = clock.local(read_moment(written(at if written is formats.moment else at.date())))
    assert (read.year, read.month, read.day) == (at.year, at.month, at.day) or written is (
        formats.moment
    )
    assert written(read if written is formats.moment else read.date()) == written(
        at if written is formats.moment else at.date()
    )


def test_a_paper_printed_again_after_a_month_is_the_same(app, now):
    with app.app_context():
        exam_id = released_exam(now, staff=KEY)
        sitting = sitting_of(exam_id, "staff")
        first = [
            pdf.render(document_of(kind, sitting.id)) for kind in (RESULT_SHEET, EVIDENCE_PACK)
        ]
        now.move(days=31)
        db.session.expire_all()
        assert db.session.get_one(Exam, exam_id).released_at
        again = [
            pdf.render(document_of(kind, sitting.id)) for kind in (RESULT_SHEET, EVIDENCE_PACK)
        ]
    assert first == again
