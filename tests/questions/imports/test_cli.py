"""The way through the shell: a file into the bank and out again is the same file."""

import json

import pytest

from app.accounts.models import Person
from app.kernel import db
from app.questions import service
from app.questions.demo_bank.loading import load_bank
from app.questions.models import Question, QuestionGroup, QuestionVersion
from app.questions.parsing import parse_file
from app.questions.word_out import write_docx
from app.questions.writing import write_json, write_xlsx
from tests.questions.factories import content
from tests.questions.imports.samples import HARD, PICTURED, shapes
from tests.support import cast
from tests.support.questions import add_passed

pytestmark = pytest.mark.db
WRITERS = {"xlsx": write_xlsx, "docx": write_docx, "json": write_json}
DOUBTFUL = "1. 谁负责？\nA. 甲\nB. 乙\n答案：C\n2. 首问责任人负责到底。（ √ ）\n依据：方案一\n"


@pytest.fixture
def run(app):
    runner = app.test_cli_runner()
    return lambda *words: runner.invoke(args=["questions", *map(str, words)])


@pytest.fixture
def bring(run, tmp_path):
    """Bring a file into a bank; gives what the command said."""

    def bring(name, content, bank="综合题库", *more, status=0):
        path = tmp_path / name
        path.write_bytes(content)
        answer = run("import", path, "--bank", bank, "--json", *more)
        assert answer.exit_code == status, answer.output
        return json.loads(answer.stdout)

    return bring


@pytest.fixture
def fetch(run, tmp_path):
    """Fetch a bank as a file."""

    def fetch(form, bank="综合题库"):
        path = tmp_path / f"out.{form}"
        answer = run("export", "--bank", bank, "--format", form, "--output", path)
        assert answer.exit_code == 0, answer.output
        return path.read_bytes()

    return fetch


def count(app, model=Question):
    with app.app_context():
        return db.session.query(model).count()


@pytest.mark.parametrize("made", [HARD, tuple(row.parsed for row in load_bank())], ids=len)
def test_excel_into_the_bank_and_by_word_and_json_into_others_is_equal(made, bring, fetch):
    said = bring("题库.xlsx", write_xlsx(made), "第一库")
    assert [each for each in said["problems"] if each["severity"] == "error"] == []
    assert said["taken"] == len(said["questions"]) == len(made)
    bring("题库.docx", fetch("docx", "第一库"), "第二库")
    bring("题库.json", fetch("json", "第二库"), "第三库")
    found = parse_file(fetch("xlsx", "第三库"), "题库.xlsx")
    assert shapes(found.questions) == shapes(made)
    assert found.problems == ()


@pytest.mark.parametrize("form", ["docx", "xlsx", "json"])
def test_a_case_whose_questions_came_apart_is_one_case_in_a_file(app, bring, fetch, form):
    with app.app_context(), db.write():
        group_id = service.add_group(stem="某窗口上午收了三份材料。", created_by_id=None)
        for number, group in ((1, group_id), (2, None), (3, group_id)):
            add_passed(content(stem=f"第{number}问：先做什么？", group_id=group))
    found = parse_file(fetch(form), f"题库.{form}").questions
    assert [each.stem[1] for each in found] == ["1", "3", "2"]
    assert found[0].group == found[1].group is not None
    assert found[2].group is None


def test_shared_stems_stay_together(app, bring):
    bring("题库.docx", write_docx(HARD))
    with app.app_context():
        rows = db.session.query(QuestionVersion.group_id).filter(
            QuestionVersion.group_id.is_not(None)
        )
        groups = [row.group_id for row in rows.order_by(QuestionVersion.question_id)]
    assert (len(groups), len(set(groups)), groups[0]) == (3, 2, groups[1])
    assert count(app, QuestionGroup) == 2


@pytest.mark.parametrize("form", ["docx", "json"])
def test_pictures_go_along_drawn_anew(form, bring, fetch):
    bring("图.json", write_json(PICTURED), "甲")
    bring(f"图.{form}", fetch(form, "甲"), "乙")
    found = parse_file(fetch("json", "乙"), "图.json").questions
    assert shapes(found) == shapes(PICTURED)
    contents = [each.content for one in found for each in one.pictures]
    assert len(set(contents)) == 3
    assert all(each.startswith(b"\xff\xd8") for each in contents)


def test_pictures_that_excel_cannot_hold_are_said(run, bring, tmp_path):
    bring("图.json", write_json(PICTURED), "甲")
    answer = run("export", "--bank", "甲", "--format", "xlsx", "--output", tmp_path / "a.xlsx")
    assert "有2道题带图" in answer.stderr


def test_what_is_doubtful_is_left_out_and_named(app, bring):
    said = bring("题.txt", DOUBTFUL.encode(), status=1)
    assert said["taken"] == 1
    [error] = [each for each in said["problems"] if each["severity"] == "error"]
    assert error["where"]
    assert "不在选项里" in error["message"]
    assert count(app) == 1


def test_the_same_file_twice_adds_nothing(app, bring):
    bring("题库.xlsx", write_xlsx(HARD))
    said = bring("题库.xlsx", write_xlsx(HARD), status=1)
    assert (said["taken"], count(app)) == (0, len(HARD))
    assert all("完全一样" in e["message"] for e in said["problems"] if e["severity"] == "error")


def test_a_picture_that_cannot_be_drawn_keeps_its_question_out(app, bring):
    document = json.loads(write_json(PICTURED))
    document["questions"][0]["pictures"][0]["content"] = "aGVsbG8="
    said = bring("图.json", json.dumps(document).encode(), status=1)
    assert (said["taken"], count(app)) == (1, 1)


def test_an_unknown_difficulty_is_said_and_left_open(app, bring):
    strange = [shape_with(HARD[0], difficulty="五星")]
    said = bring("题库.json", write_json(strange))
    assert {e["severity"] for e in said["problems"]} == {"warning"}
    assert any("五星" in e["message"] for e in said["problems"])
    with app.app_context():
        assert db.session.query(QuestionVersion).one().difficulty is None


def shape_with(question, **changes):
    return type(question)(**{**question.__dict__, **changes})


def test_an_unreadable_file_writes_nothing(run, tmp_path, app):
    path = tmp_path / "题.docx"
    path.write_bytes(b"%PDF-1.7")
    answer = run("import", path, "--bank", "甲", "--json")
    assert (answer.exit_code, count(app)) == (1, 0)
    assert answer.stderr.startswith("Error: ")


@pytest.mark.parametrize(
    "words", [(), ("--bank", "长" * 41), ("--bank", "甲", "--by", "nobody")], ids=str
)
def test_wrong_usage_ends_with_2(words, run, tmp_path):
    path = tmp_path / "题.txt"
    path.write_text(DOUBTFUL)
    assert run("import", path, *words).exit_code == 2


def test_questions_are_those_of_whom_the_command_names(app, bring):
    with app.app_context():
        number = db.session.get_one(Person, cast.person_id("clerk")).staff_number
    bring("题.txt", DOUBTFUL.encode(), "甲", "--by", number, status=1)
    with app.app_context():
        assert db.session.query(Question).one().drafted_by_id == cast.person_id("clerk")


def test_an_unknown_bank_is_refused_with_those_that_there_are(run, bring, tmp_path):
    bring("题库.xlsx", write_xlsx(HARD), "窗口题库")
    answer = run("export", "--bank", "没有", "--format", "json", "--output", tmp_path / "a.json")
    assert answer.exit_code == 1
    assert "没有叫“没有”的题库" in answer.stderr
    assert "窗口题库" in answer.stderr
    assert not (tmp_path / "a.json").exists()
