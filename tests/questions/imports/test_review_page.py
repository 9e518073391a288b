"""From a file to the bank: uploaded, read, looked at, taken; nothing twice and nothing guessed."""

import io

import pytest

from app.audit.models import AuditEvent
from app.jobs import service as jobs
from app.kernel import db
from app.questions.imports import reading
from app.questions.imports.models import QuestionImport, QuestionImportItem, QuestionImportState
from app.questions.models import Question, QuestionPicture, QuestionVersion
from app.questions.parsing import parse_file
from app.questions.service import select_current
from app.questions.writing import write_json, write_xlsx
from tests.accounts.factories import events
from tests.questions.imports.factories import (
    TEXT,
    items,
    last_job,
    read,
    run_jobs,
    upload,
)
from tests.questions.imports.samples import HARD, PICTURED

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def asleep(app, monkeypatch):
    """Wake-ups are the business of another process."""
    monkeypatch.setitem(app.extensions, "wake-worker", lambda _job_id: None)


@pytest.fixture
def clerk(browse):
    return browse("clerk")


def questions(app):
    with app.app_context():
        return [
            (question.bank, version.stem, version.key)
            for question, version in db.session.execute(select_current().order_by(Question.id))
        ]


def press(clerk, url, button):
    """Press the first button with these words on the page."""
    page = clerk.get(url)
    for form in page.all("form"):
        action = form.get("action", "")
        if action.split("?")[0] == url.split("?")[0] + button and form.get("method") == "post":
            return clerk.submit(page, {}, form=f'form[action="{action}"]', status=303)
    raise AssertionError(button)


def test_a_file_is_read_and_shown_beside_its_source(app, clerk):
    url = read(app, clerk)
    page = clerk.get(url)
    assert "共3题：1题可以采用，2题有疑问，0题已采用，0题不采用。" in page.text_of(".page-head")
    assert items(app) == ["sure", "doubtful", "doubtful"]
    first = page.all(".read-item")[0]
    assert "有疑问" in "".join(first.itertext())
    assert "2. 谁负责到底？\nA. 首问责任人" in page.all(".read-item .source-text")[0].text
    assert "要核对" in page.text
    assert questions(app) == []
    with app.app_context():
        assert len(events(AuditEvent.QUESTIONS_IMPORTED)) == 1


def test_what_is_sure_is_taken_once_however_often_it_is_pressed(app, clerk):
    url = read(app, clerk)
    press(clerk, url, "/take")
    run_jobs(app)
    assert questions(app) == [("综合题库", "材料齐全的，多长时间内完成收件？", ["B"])]
    page = clerk.get(url)
    assert "1题已采用" in page.text_of(".page-head")
    assert "没有疑问的" not in page.text
    clerk.post(f"{url}/take", {"csrf_token": clerk.token()}, status=303)
    assert len(questions(app)) == 1


def test_reading_again_after_a_crash_gives_the_same_rows(app, clerk, monkeypatch):
    upload(clerk, write_xlsx(HARD), "题库.xlsx")
    monkeypatch.setattr(reading, "AT_ONCE", 4)
    real, seen = reading.write_some, []

    def crash(*given):
        real(*given)
        seen.append(1)
        if len(seen) == 2:
            raise jobs.LeaseLostError

    monkeypatch.setattr(reading, "write_some", crash)
    run_jobs(app)
    assert len(items(app)) == 8
    with app.app_context():
        job = db.session.merge(last_job(app))
        with db.write():
            db.session.merge(job).lease_until = None
    run_jobs(app)
    assert len(items(app)) == len(HARD)
    with app.app_context():
        assert db.session.query(QuestionImport).one().state is QuestionImportState.READ


def test_a_doubtful_one_is_not_taken_as_it_stands(app, clerk):
    url = read(app, clerk)
    clerk.post(f"{url}/items/2/take", {"csrf_token": clerk.token()}, status=303)
    assert questions(app) == []
    assert "请用“修改后采用”" in clerk.get(url).text


def test_a_doubtful_one_is_mended_beside_its_source_and_taken(app, clerk):
    url = read(app, clerk)
    page = clerk.get(f"{url}/items/2/edit")
    assert "谁负责到底？" in page.text_of(".source-text")
    assert page.one("#stem").text.strip() == "谁负责到底？"
    refused = clerk.submit(page, {"key": "D", "analysis": "别丢"}, form="form.card", status=422)
    assert "别丢" in refused.text
    assert items(app)[1] == "doubtful"
    clerk.submit(page, {"key": "A"}, form="form.card")
    assert questions(app) == [("综合题库", "谁负责到底？", ["A"])]
    assert items(app)[1] == "taken"
    again = clerk.submit(page, {"key": "A"}, form="form.card", status=409)
    assert "已经采用为题库第" in again.text
    assert len(questions(app)) == 1


def test_a_key_is_not_carried_over_to_letters_that_have_moved(app, clerk):
    url = read(app, clerk, "一、单选题\n1. 哪一道？\nA. 甲\nC. 丙\nD. 丁\n答案：C\n依据：方案\n")
    page = clerk.get(f"{url}/items/1/edit")
    assert "".join(page.one("#key").itertext()).strip() == ""
    assert items(app) == ["doubtful"]


def test_no_kind_is_guessed(app, clerk):
    url = read(app, clerk, "1. 谈谈首问负责。\n答案：负责到底。\n依据：方案\n")
    page = clerk.get(f"{url}/items/1/edit")
    assert not page.all("#kind input[checked]")
    clerk.submit(page, {}, form="form.card", status=422)
    assert questions(app) == []


def test_what_is_left_out_can_be_looked_at_again(app, clerk):
    url = read(app, clerk)
    press(clerk, url, "/items/2/drop")
    assert items(app) == ["sure", "dropped", "doubtful"]
    press(clerk, f"{url}?state=dropped", "/items/2/restore")
    assert items(app) == ["sure", "doubtful", "doubtful"]


def test_shared_stems_and_pictures_come_along(app, clerk):
    url = read(app, clerk, write_json((*HARD, *PICTURED)), "题库.json")
    press(clerk, url, "/take")
    run_jobs(app)
    assert set(items(app)) == {"taken"}
    with app.app_context():
        groups = [
            row.group_id
            for row in db.session.query(QuestionVersion).order_by(QuestionVersion.question_id)
            if row.group_id
        ]
        assert (len(groups), len(set(groups))) == (3, 2)
        assert db.session.query(QuestionPicture).count() == 3
    page = clerk.get(f"{url}?q=标识")
    picture = page.all("img.stem-picture")[0].get("src")
    assert clerk.get(picture).data.startswith(b"\xff\xd8")


def test_all_settled_leads_to_the_review(app, clerk):
    url = read(app, clerk, write_xlsx(HARD), "题库.xlsx", bank="窗口题库")
    press(clerk, url, "/take")
    run_jobs(app)
    assert "去题库送审" in clerk.get(url).text_of(".page-head")


def test_a_second_file_with_the_key_is_read_along(app, clerk):
    text = TEXT.replace("答案：B\n", "").replace("答案：C\n", "")
    keys = [(io.BytesIO(b"1.B 2.A 3.A"), "答案.txt")]
    read(app, clerk, text, answers=keys)
    assert items(app) == ["sure", "sure", "sure"]


def test_what_the_bank_has_already_is_doubtful(app, clerk):
    url = read(app, clerk)
    press(clerk, url, "/take")
    run_jobs(app)
    read(app, clerk)
    assert items(app) == ["taken", "doubtful", "doubtful", *["doubtful"] * 3]


def test_an_unreadable_file_says_what_to_do(app, clerk):
    url = read(app, clerk, b"%PDF-1.7 nothing", "题.docx")
    assert "另存为" in clerk.get(url).text or "请上传" in clerk.get(url).text
    assert "没有读成" in clerk.get("/questions/imports?state=unreadable").text_of("tbody")


@pytest.mark.parametrize(
    ("name", "values"),
    [("内部题.txt", {}), ("题.txt", {"bank": ""}), ("题.txt", {"post_group": "x"})],
    ids=str,
)
def test_a_refused_upload_keeps_nothing(name, values, app, clerk):
    upload(clerk, TEXT, name, status=422, **values)
    with app.app_context():
        assert db.session.query(QuestionImport).count() == 0


def test_the_file_itself_can_be_fetched(app, clerk):
    url = read(app, clerk)
    answer = clerk.get(f"{url}/file")
    assert answer.data.decode() == TEXT
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_question_that_i_sit_is_not_shown_nor_the_file_with_it(app, clerk, monkeypatch):
    url = read(app, clerk)
    press(clerk, url, "/take")
    run_jobs(app)
    with app.app_context():
        hidden = frozenset(db.session.scalars(db.session.query(Question.id).statement))
    monkeypatch.setattr("app.questions.service.hidden_from", lambda _user: hidden)
    page = clerk.get(url)
    assert "材料齐全的" not in page.text
    assert "正要考的题" in page.text
    clerk.get(f"{url}/file", status=404)
    clerk.get(f"{url}/items/1/edit", status=404)
    # Nor in the same file once more, which nobody has taken.
    monkeypatch.undo()
    again = read(app, clerk, TEXT, "又一份.txt")
    assert "材料齐全的" in clerk.get(again).text
    monkeypatch.setattr("app.questions.service.hidden_from", lambda _user: hidden)
    assert "材料齐全的" not in clerk.get(again).text
    clerk.get(f"{again}/file", status=404)
    clerk.get(f"{again}/items/1/edit", status=404)


def test_the_list_can_be_searched_and_exported(app, clerk):
    read(app, clerk, bank="窗口题库")
    assert "题库.txt" in clerk.get("/questions/imports?q=窗口题库").text_of("tbody")
    assert "没有符合条件" in clerk.get("/questions/imports?q=别的").text
    assert clerk.get("/questions/imports/export").data.startswith(b"PK")


def test_the_template_can_be_read_as_it_is(clerk):
    content = clerk.get("/questions/imports/template").data
    found = parse_file(content, "题目模板.xlsx")
    assert len(found.questions) == 3
    assert found.problems == ()


def test_staff_cannot_open_it(app, browse, clerk):
    url = read(app, clerk)
    browse("staff").get(url, status=403)
    with app.app_context():
        assert db.session.query(QuestionImportItem).count() == 3
