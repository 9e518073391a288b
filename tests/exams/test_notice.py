"""成绩通报 and 部门成绩单: every number on paper, in Word and Excel is the database's."""

import io
import json
import os
import random
import re
import subprocess
from dataclasses import dataclass
from decimal import Decimal

import pytest
from docx import Document
from docx.document import Document as WordDocument
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from app.accounts.models import Department, Person
from app.audit.models import AuditEvent
from app.exams import own_data
from app.exams.models import Sitting, SittingStanding
from app.exams.printing import DEPARTMENT_SHEET, NOTICE, RESULT_SHEET, forgetting
from app.exams.service import notices, topics
from app.files import papers, verifying
from app.files.models import ProducedPaper
from app.files.verifying import Verdict
from app.jobs import service as jobs
from app.kernel import clock, db, pdf
from app.questions.models import QuestionTag
from tests.exams.factories import (
    KEY,
    WRONG,
    direct,
    events,
    get_exam,
    publish_exam,
    release,
    run_jobs,
    sit,
    sweep,
)
from tests.support import cast
from tests.support.pages import Page
from tests.support.papers import lines_of, words_of

RARE = ("欧阳翀𬭚", "䶮㛃", "单于𠅤")
COUNTED = (
    "SELECT count(*), sum(CASE WHEN s.standing = 'deferred' THEN 1 ELSE 0 END),"
    " sum(CASE WHEN s.standing = 'exempt' THEN 1 ELSE 0 END), count(s.started_at),"
    " sum(CASE WHEN r.marks >= 2000 THEN 1 ELSE 0 END)"
    " FROM sitting s JOIN department d ON d.id = s.department_id"
    " LEFT JOIN sitting_result r ON r.sitting_id = s.id AND r.run = 1"
    " WHERE s.exam_id = :exam"
)
PEOPLE, DEPARTMENTS, SMALL = 100, 12, 3


SEED = 20261124


@pytest.fixture
def hall(app, now):
    """A graded exam of a hundred people in twelve departments, three of them small."""
    chance = random.Random(SEED)
    with app.app_context():
        people = cast.add_staff(PEOPLE)
        with db.write():
            for place in range(3, DEPARTMENTS + 1):
                db.session.add(Department(name=f"第{place}局", position=place))
        exam_id = publish_exam(only=people, title="2026年11月一月一考")
        expected = arrange(exam_id, chance)
        with db.write():
            for place, name in enumerate(RARE):
                db.session.get_one(Person, people[20 + place]).name = name
            for number, tag in ((1, "收件"), (2, "收件"), (3, "礼仪")):
                db.session.execute(
                    text(
                        "INSERT INTO question_tag (question_id, tag) SELECT question_id, :tag"
                        " FROM paper_question WHERE exam_id = :exam AND number = :number"
                    ),
                    {"tag": tag, "exam": exam_id, "number": number},
                )
        for person in expected:
            if chance.random() > 0.05:
                sit(exam_id, person, {n: chance.choice([KEY[n], KEY[n], WRONG[n]]) for n in KEY})
        now.move(hours=8, seconds=67)
        sweep()
        return exam_id


def arrange(exam_id, chance):
    """Give everybody his department, excuse some; gives those who are expected."""
    ids = db.session.scalars(text("SELECT id FROM department ORDER BY position")).all()
    # The last three departments have two, three and four people.
    small = [*[ids[-1]] * 2, *[ids[-2]] * 3, *[ids[-3]] * 4]
    expected = []
    with db.write():
        for place, sitting in enumerate(
            db.session.query(Sitting).filter_by(exam_id=exam_id).order_by(Sitting.person_id)
        ):
            large = ids[place % (DEPARTMENTS - SMALL)]
            sitting.department_id = small[place] if place < len(small) else large
            fate = chance.random()
            if fate < 0.04:
                sitting.standing = SittingStanding.DEFERRED
            elif fate < 0.06:
                sitting.standing = SittingStanding.EXEMPT
            else:
                expected.append(sitting.person_id)
    return expected


def counts(exam_id, more="", **values):
    due, deferred, exempt, sat, passed = (
        int(each or 0)
        for each in db.session.execute(text(COUNTED + more), {"exam": exam_id, **values}).one()
    )
    return due, deferred, exempt, due - deferred - exempt - sat, sat, passed


def row_text(found):
    due, deferred, exempt, missing, sat, passed = found
    expected = due - deferred - exempt
    return [
        str(due),
        *(str(each or "—") for each in (deferred, exempt, missing)),
        str(sat),
        str(passed),
        f"{sat * 100 / expected:.1f}",
        f"{passed * 100 / sat:.1f}",
    ]


def wanted_rows(exam_id):
    """Count every department past everything that the site reckons."""
    departments = db.session.query(Department).order_by(Department.position).all()
    found = {each.name: counts(exam_id, " AND d.id = :id", id=each.id) for each in departments}
    small = [each for each in found.values() if 0 < each[0] < 5]
    kept = {name: each for name, each in found.items() if each[0] >= 5}
    assert len(small) == SMALL
    kept["其他进驻部门"] = tuple(sum(each) for each in zip(*small, strict=True))
    return {name: row_text(each) for name, each in kept.items()}


def document_of(kind, record_id, part=0):
    snapshot = kind.read(record_id, part)
    return kind.document(snapshot, papers.code_of(snapshot))


@dataclass(frozen=True, kw_only=True)
class Told:
    """What page, paper, Word and Excel tell of one exam."""

    page: Page
    paper: str
    lines: list[str]
    word: WordDocument
    book: CalamineWorkbook


def tell(app, browse, exam_id):
    """Read all four."""
    with app.app_context():
        document = document_of(NOTICE, exam_id)
        paper, lines = words_of(document), lines_of(document)
    clerk, url = browse("clerk"), f"/exams/papers/{exam_id}/report"
    word = clerk.client.get(f"/exams/papers/{exam_id}/notice.docx").data
    book = clerk.client.get(f"{url}/export").data
    return Told(
        page=clerk.get(url),
        paper=paper,
        lines=lines,
        word=Document(io.BytesIO(word)),
        book=CalamineWorkbook.from_filelike(io.BytesIO(book)),
    )


def table_of(word, place):
    """Read a table of the Word file without its head."""
    return [[cell.text for cell in row.cells] for row in word.tables[place].rows][1:]


@pytest.mark.db
def test_page_paper_word_and_excel_say_what_the_database_says(app, browse, hall):
    with app.app_context():
        wanted, whole = wanted_rows(hall), row_text(counts(hall))
        misses, sat = count_misses(hall)
    told = tell(app, browse, hall)
    check_departments(told, [*wanted.items(), ("合计", whole)])
    check_topics(told, {"收件": (misses[1] + misses[2], 2 * sat), "礼仪": (misses[3], sat)})
    check_basics(told, whole)


def count_misses(exam_id):
    """Count wrong answers from the marks themselves; gives them by question, and who sat."""
    counted = db.session.execute(
        text("SELECT number, wrong FROM item_analysis WHERE exam_id = :exam"), {"exam": exam_id}
    )
    misses = {row.number: row.wrong for row in counted}
    details = db.session.execute(
        text(
            "SELECT r.details FROM sitting_result r JOIN sitting s ON s.id = r.sitting_id"
            " WHERE s.exam_id = :exam"
        ),
        {"exam": exam_id},
    ).scalars()
    given = [json.loads(each) if isinstance(each, str) else each for each in details]
    for number in KEY:
        assert misses[number] == sum(Decimal(each[str(number)]) < 10 for each in given)
    return misses, len(given)


def check_departments(told, wanted):
    table = table_of(told.word, 0)
    filed = {row[0]: row[1:] for row in told.book.get_sheet_by_name("部门情况").to_python()[1:]}
    shown = {
        (cells := ["".join("".join(cell.itertext()).split()) for cell in row])[0]: cells[1:]
        for row in told.page.all("#departments tbody tr")
    }
    assert [row[1] for row in table] == [name for name, _ in wanted]
    for (number, name, *cells), (key, row) in zip(table, wanted, strict=True):
        assert (name, cells) == (key, row)
        assert f"{number}{name}{''.join(row)}" in told.lines
        assert [f"{each:.0f}" if each else "—" for each in filed[name][:6]] == row[:6]
        assert [f"{each:.1f}" for each in filed[name][6:]] == row[6:]
        assert shown[name][:6] == row[:6]
        assert [cell.partition("%")[0] for cell in shown[name][6:]] == row[6:]


def check_topics(told, wanted):
    table = table_of(told.word, 1)
    assert [row[1] for row in table] == sorted(
        wanted, key=lambda each: -wanted[each][0] / wanted[each][1]
    )
    filed = {row[0]: row[1:4] for row in told.book.get_sheet_by_name("知识点").to_python()[1:]}
    for _, name, wrong, rate, basis in table:
        part, asked = wanted[name]
        assert (wrong, rate) == (f"{part}/{asked}", f"{part * 100 / asked:.1f}")
        assert any(f"{name}{wrong}{rate}" in line for line in told.lines)
        assert "".join(basis.split()) in told.paper
        assert filed[name] == [part, asked, pytest.approx(float(rate))]
        assert f"{wrong}" in told.page.text_of("#topics")


def check_basics(told, whole):
    said = "".join(each.text for each in told.word.paragraphs)
    due, deferred, exempt, missing, came, passed = whole[:6]
    excused = f"缓考{deferred}人，免考{exempt}人，缺考{missing}人，".replace("—", "0")
    rate = f"合格率{whole[7]}%（{passed}/{came}）"
    for sentence in (f"应考{due}人，{excused}实考{came}人。", rate):
        assert sentence in said
        assert sentence in told.paper


@pytest.mark.db
def test_the_sheet_of_each_department_has_its_figures_and_its_names_alone(app, browse, hall):
    with app.app_context():
        departments = db.session.query(Department).order_by(Department.position).all()
        for each in departments[:4] + departments[-SMALL:]:
            document = document_of(DEPARTMENT_SHEET, hall, each.id)
            own, lines = words_of(document), lines_of(document)
            row = row_text(counts(hall, " AND d.id = :id", id=each.id))
            assert "".join(row) in lines
            named = db.session.execute(
                text(
                    "SELECT p.name, p.staff_number, s.department_id, s.standing, s.started_at,"
                    " r.is_passed FROM sitting s JOIN person p ON p.id = s.person_id"
                    " LEFT JOIN sitting_result r ON r.sitting_id = s.id WHERE s.exam_id = :exam"
                ),
                {"exam": hall},
            ).all()
            for name, number, department_id, standing, started_at, is_passed in named:
                is_named = standing == "deferred" or (
                    standing == "due" and (started_at is None or not is_passed)
                )
                is_there = f"{name}{number}" in own
                assert is_there == (is_named and department_id == each.id), (each.name, name)


@pytest.mark.db
def test_names_go_to_the_lead_of_their_department_alone(app, browse, hall):
    with app.app_context():
        release(hall)
        first, second = cast.department_ids()[:2]
    lead = browse("lead")
    page = lead.get(f"/exams/papers/{hall}/departments/{first}")
    assert page.all("#named h3") or "没有" in page.text_of("#named")
    lead.get(f"/exams/papers/{hall}/departments/{second}", status=404)
    lead.get(f"/exams/papers/{hall}/results", status=403)
    listed = lead.get("/exams/departments")
    assert len(listed.all("#department-list tbody tr")) == 1
    for who in ("office", "leader", "branch"):
        reader = browse(who)
        reader.get(f"/exams/papers/{hall}/departments/{first}", status=403)
        text_of = reader.get(f"/exams/papers/{hall}/report").text_of("main")
        assert "员工1" not in text_of
        assert not reader.get(f"/exams/papers/{hall}/report").all("form[action$=package]")


def test_before_the_release_only_organisers_read_it(browse, hall):
    for who in ("office", "leader", "lead", "branch"):
        browse(who).get(f"/exams/papers/{hall}/report", status=404)
        browse(who).get(f"/exams/papers/{hall}/notice.docx", status=404)
    for who in ("clerk", "chief"):
        assert "打印成绩通报" in browse(who).get(f"/exams/papers/{hall}/report").text


@pytest.mark.db
def test_a_second_print_is_the_same_file_and_a_flipped_byte_is_told(
    app, browse, hall, now, tmp_path
):
    clerk = browse("clerk")
    page = clerk.get(f"/exams/papers/{hall}/report")
    clerk.submit(page, form="form[action$=print-notice]")
    with app.app_context():
        run_jobs()
    first = clerk.get(f"/exams/papers/{hall}/notice.pdf").data
    now.move(days=3)
    with app.app_context():
        snapshot = NOTICE.read(hall)
        again = pdf.render(NOTICE.document(snapshot, papers.code_of(snapshot)))
        assert again == first
        assert verifying.check_file(first).verdict is Verdict.CURRENT
        flipped = bytes([*first[:900], first[900] ^ 1, *first[901:]])
        assert verifying.check_file(flipped).verdict is Verdict.UNKNOWN
        with db.write():
            notices.write_words(
                exam=get_exam(hall),
                words=notices.Words(
                    praised_ids=(), praise="", arrangement="补考另行通知。",
                    dated_on=clock.local(clock.now()).date(),
                ),
                edited_by_id=cast.person_id("clerk"),
            )  # fmt: skip
        assert verifying.check_file(first).verdict is Verdict.OUTDATED
    advice = browse("clerk").get(f"/exams/papers/{hall}/notice.pdf", status=404)
    assert "再点一次打印" in advice.text


def test_rare_names_are_drawn_and_every_font_is_embedded(app, hall, tmp_path):
    with app.app_context():
        on_roll = text("SELECT person_id FROM sitting WHERE exam_id = :exam")
        ids = set(db.session.scalars(on_roll, {"exam": hall}))
        rare = [db.session.query(Person).filter_by(name=name).one().id for name in RARE]
        assert set(rare) <= ids
        with db.write():
            notices.write_words(
                exam=get_exam(hall),
                words=notices.Words(
                    praised_ids=rare, praise="主动讲解易错题", arrangement="",
                    dated_on=clock.local(clock.now()).date(),
                ),
                edited_by_id=cast.person_id("clerk"),
            )  # fmt: skip
        snapshot = NOTICE.read(hall)
        content = pdf.render(NOTICE.document(snapshot, papers.code_of(snapshot)))
    path = tmp_path / "notice.pdf"
    path.write_bytes(content)
    said = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True)
    flat = "".join(said.stdout.split())
    for name in RARE:
        assert name in flat
    fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True)
    lines = fonts.stdout.splitlines()[2:]
    assert lines
    assert all(re.search(r"\byes yes yes\b", line) for line in lines), fonts.stdout
    facts = subprocess.run(["pdfinfo", path], capture_output=True, text=True, check=True).stdout
    assert "关于2026年11月“一月一考”情况的通报" in facts
    assert "Tagged:          yes" in facts


def test_before_grading_there_is_nothing_to_print(app, browse, exam_id):
    with app.app_context(), pytest.raises(jobs.JobRefusedError):
        NOTICE.read(exam_id)
    clerk = browse("clerk")
    clerk.get(f"/exams/papers/{exam_id}/notice.docx", status=404)
    clerk.get(f"/exams/papers/{exam_id}/notice", status=404)


# ---------- what people write


def fill(browser, exam_id, status=None, **values):
    page = browser.get(f"/exams/papers/{exam_id}/notice")
    return browser.submit(page, values, status=status) if status else browser.submit(page, values)


@pytest.mark.db
def test_names_are_found_on_the_roll_and_stand_by_strokes(app, browse, hall):
    clerk = browse("clerk")
    fill(
        clerk, hall,
        praised="员工1050、䶮㛃\n欧阳翀𬭚，员工1050", praise="主动讲解易错题。",
        arrangement="补考另行通知。\n11月25日办业务课堂。", dated_on="2026-11-26",
    )  # fmt: skip
    with app.app_context():
        notice = NOTICE.read(hall)
        assert notice.praise.endswith("主动讲解易错题，予以表扬。")
        assert notice.praise.count("、") == 2
        assert notice.dated == "2026年11月26日"
        assert notice.arrangement[0] == "补考另行通知。"
        assert notice.arrangement[1] == "11月25日办业务课堂。不合格、缺考名单另送部门负责人。"
        [entry] = events(AuditEvent.EXAMS_NOTICE_WRITTEN)
        assert entry.person_id == cast.person_id("clerk")


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"praised": "无此人", "praise": "某事"}, "应考名单里没有“无此人”"),
        ({"praised": "员工1050"}, "请写为什么表扬"),
        ({"praise": "某事"}, "请写表扬谁"),
        ({"dated_on": ""}, "请选落款日期"),
        ({"arrangement": "长" * 601}, "600"),
    ],
)
def test_what_is_wrong_is_told_and_kept(app, browse, hall, values, advice):
    answer = fill(browse("clerk"), hall, status=422, **values)
    assert advice in answer.text
    for typed in values.values():
        assert typed in answer.body
    with app.app_context():
        assert notices.read_words(get_exam(hall)).version == 0


def test_two_of_one_name_are_told_apart_by_their_numbers(app, browse, hall):
    with app.app_context():
        direct("UPDATE person SET name = '员工1050' WHERE name = '员工1051'")
        numbers = sorted(
            db.session.scalars(text("SELECT staff_number FROM person WHERE name = '员工1050'"))
        )
    clerk = browse("clerk")
    answer = fill(clerk, hall, status=422, praised="员工1050", praise="某事")
    assert "有2位“员工1050”，请改写工号" in answer.text
    fill(clerk, hall, praised=numbers[0], praise="某事")
    again = clerk.get(f"/exams/papers/{hall}/notice")
    assert again.one("[name=praised]").text.strip() == numbers[0]


@pytest.mark.db
def test_who_was_late_sees_what_is_stored_and_keeps_what_he_typed(app, browse, hall):
    first, second = browse("clerk"), browse("clerk")
    page = second.get(f"/exams/papers/{hall}/notice")
    fill(first, hall, arrangement="先写的安排。")
    answer = second.submit(page, {"arrangement": "后写的安排。"}, status=409)
    assert "先写的安排。" in answer.text
    assert "后写的安排。" in answer.body
    with app.app_context():
        assert notices.read_words(get_exam(hall)).arrangement == "先写的安排。"


def test_a_topic_with_few_answers_is_left_out(app, hall):
    with app.app_context():
        direct("UPDATE item_analysis SET n = 4, wrong = 4 WHERE number = 3")
        assert [each.name for each in topics.read_topics(get_exam(hall))] == ["收件"]
        direct("UPDATE item_analysis SET flag = 'void' WHERE number < 3")
        assert topics.read_topics(get_exam(hall)) == []
        assert db.session.query(QuestionTag).count() == 3
        assert db.session.query(Sitting).filter_by(exam_id=hall).count() == PEOPLE


@pytest.mark.db
def test_every_personal_sheet_says_what_the_database_says(app, hall):
    """The words of all hundred; printed for a few of them, in the long form for all."""
    with app.app_context():
        release(hall)
        rows = db.session.execute(
            text(
                "SELECT s.id, p.name, p.staff_number, d.name AS department, r.marks, r.is_passed,"
                " r.correct_count, r.details FROM sitting s JOIN person p ON p.id = s.person_id"
                " JOIN department d ON d.id = s.department_id"
                " JOIN sitting_result r ON r.sitting_id = s.id WHERE s.exam_id = :exam"
            ),
            {"exam": hall},
        ).all()
        assert len(rows) > PEOPLE * 0.8
        printed = rows if "LONG" in os.environ else rows[:: len(rows) // 5]
        for row in rows:
            sheet = RESULT_SHEET.read(row.id)
            details = json.loads(row.details) if isinstance(row.details, str) else row.details
            wrong = {int(number) for number, earned in details.items() if Decimal(earned) < 10}
            marks = f"{Decimal(row.marks) / 100:.2f}".rstrip("0").rstrip(".")
            assert (sheet.name, sheet.staff_number) == (row.name, row.staff_number)
            assert (sheet.department, sheet.marks) == (row.department, marks)
            assert sheet.verdict == ("合格" if row.is_passed else "不合格")
            assert sheet.correct_count == row.correct_count == len(KEY) - len(wrong)
            assert {each.number for each in sheet.wrong_items} == wrong
            if row not in printed:
                continue
            document = document_of(RESULT_SHEET, row.id)
            said, lines = words_of(document), lines_of(document)
            assert f"{marks}分30分20分{row.correct_count}/3题{sheet.verdict}" in lines
            assert f"姓名{row.name}工号{row.staff_number}" in lines
            assert said.count("正确答案：") == len(wrong)


@pytest.mark.db
def test_papers_go_with_whoever_left_long_ago(app, hall):
    with app.app_context():
        person, department = db.session.execute(
            text("SELECT person_id, department_id FROM sitting WHERE exam_id = :exam ORDER BY id"),
            {"exam": hall},
        ).first()
        with db.write():
            notices.write_words(
                exam=get_exam(hall),
                words=notices.Words(
                    praised_ids=(person,), praise="主动讲解易错题", arrangement="",
                    dated_on=clock.local(clock.now()).date(),
                ),
                edited_by_id=cast.person_id("clerk"),
            )  # fmt: skip
        for kind, part in ((NOTICE, 0), (DEPARTMENT_SHEET, department)):
            snapshot = kind.read(hall, part)
            with db.write():
                papers.store(
                    kind, hall, papers.code_of(snapshot), snapshot, part=part,
                    sha256=f"{part:064}", size=9,
                )  # fmt: skip
        [told] = [each for each in own_data.tables_of(person) if each.title == "成绩通报"]
        assert told.rows == [["2026年11月一月一考", "主动讲解易错题", False]]
        with db.write():
            forgetting.forget_person(person)
        assert db.session.query(ProducedPaper).count() == 0
        assert own_data.tables_of(cast.person_id("staff"))
