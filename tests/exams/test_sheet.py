"""个人成绩单: made once by the worker, true to the database, checked when it is opened (PD3, PD5)."""

import random
import re

import pytest

from app.audit.models import AuditEvent
from app.exams.printing.result_sheet import read_sheet
from app.files import papers
from app.files.models import ProducedPaper, StoredFile
from app.files.papers import code_of
from app.jobs import service as jobs
from app.jobs.models import JobState
from app.kernel import db
from tests.exams.factories import (
    KEY,
    WRONG,
    browser_of,
    direct,
    events,
    jobs_of,
    printed,
    publish_exam,
    release,
    released_exam,
    results_of,
    run_jobs,
    sit,
    sitting_of,
    sweep,
)
from tests.support import cast

NO_FONT_HAS_IT = "\U00013000"
HOSTILE = (
    "<img src=file:///etc/passwd><link rel=attachment href=file:///etc/hostname>"
    "<script>alert(1)</script>"
)


@pytest.fixture
def released(app, now):
    with app.app_context():
        return released_exam(now, staff={1: WRONG[1], 2: KEY[2]})


def url_of(app, exam_id, who="staff", end="sheet"):
    with app.app_context():
        return f"/exams/sittings/{sitting_of(exam_id, who).public_id}/{end}"


def order(browser, app, exam_id, who="staff"):
    """Order a sheet by the button of the result page; gives the page of the job."""
    page = browser.get(url_of(app, exam_id, who, "result"))
    return browser.submit(page, form="form[action$=sheet]").location


def make(browser, app, exam_id, who="staff"):
    """Order a sheet, let the worker make it, and open it by the link of its job."""
    job = order(browser, app, exam_id, who)
    with app.app_context():
        run_jobs()
    [href] = [each for each in browser.get(job).links() if each.endswith(".pdf")]
    return browser.get(href)


def stored(app):
    with app.app_context():
        sheet = db.session.query(ProducedPaper).one()
        return sheet, db.session.get_one(StoredFile, sheet.file_id)


@pytest.mark.db
def test_the_sheet_is_made_by_a_job_and_opens_in_the_browser(app, browse, released):
    answer = make(browse("staff"), app, released)
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("inline; filename*=UTF-8''")
    assert "%E6%88%90%E7%BB%A9%E5%8D%95" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    sheet, file = stored(app)
    assert (file.size, file.media_type) == (len(answer.data), "application/pdf")
    assert sheet.check_code in printed(answer.data)
    with app.app_context():
        [job] = jobs_of(papers.JOB)
        assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)
        [entry] = events(AuditEvent.FILES_PAPER_ORDERED)
        assert entry.person_id == cast.person_id("staff")


def test_a_sheet_that_exists_opens_at_once_and_is_not_made_again(app, browse, released):
    staff = browse("staff")
    first = make(staff, app, released)
    url = url_of(app, released)
    answer = staff.post(url, {"csrf_token": staff.token()})
    assert answer.location == f"{url}.pdf"
    assert staff.follow(answer).data == first.data
    with app.app_context():
        assert len(jobs_of(papers.JOB)) == 1
        assert db.session.query(ProducedPaper).count() == 1


@pytest.mark.db
def test_ordering_twice_gives_one_job_and_one_sheet(app, browse, released):
    staff = browse("staff")
    page = staff.get(url_of(app, released, end="result"))
    places = {staff.submit(page, form="form[action$=sheet]").location for _ in range(2)}
    assert len(places) == 1
    with app.app_context():
        run_jobs()
        assert len(jobs_of(papers.JOB)) == 1
        assert len(events(AuditEvent.FILES_PAPER_ORDERED)) == 1
        assert db.session.query(ProducedPaper).count() == 1


def test_a_worker_killed_after_the_file_makes_one_sheet(app, browse, released, now, monkeypatch):
    """The file lies there, the row was never written: the successor writes it, once."""

    class KilledError(BaseException):
        pass

    def kill(*_, **__):
        raise KilledError

    staff = browse("staff")
    order(staff, app, released)
    with app.app_context():
        [job] = jobs_of(papers.JOB)
        with monkeypatch.context() as patch:
            patch.setattr(papers, "store", kill)
            with pytest.raises(KilledError):
                jobs.run_job(job.id)
        assert db.session.query(ProducedPaper).count() == 0
        now.move(seconds=21)
        jobs.run_job(job.id)
        db.session.expire_all()
        assert jobs_of(papers.JOB)[0].state is JobState.DONE
    _, file = stored(app)
    folder = app.config["SITE"].var / "files"
    assert [each.name for each in folder.rglob(file.sha256)] == [file.sha256]


@pytest.mark.db
def test_numbers_on_the_paper_are_those_of_the_database(app, now):
    """PD5, for people with all sorts of results."""
    chance = random.Random(5)
    with app.app_context():
        people = cast.add_staff(4)
        exam_id = publish_exam(only=people)
        for person in people:
            sit(exam_id, person, {n: chance.choice([KEY[n], WRONG[n], []]) for n in KEY})
        now.move(hours=8, seconds=67)
        sweep()
        release(exam_id)
        rows = {row[0]: row for row in results_of(exam_id)}
    for person in people:
        with app.app_context():
            sitting = sitting_of(exam_id, person)
        result = rows[sitting.id]
        browser = browser_of(app, person)
        page = browser.get(f"/exams/sittings/{sitting.public_id}/result")
        job = browser.submit(page, form="form[action$=sheet]").location
        with app.app_context():
            run_jobs()
        [href] = [each for each in browser.get(job).links() if each.endswith(".pdf")]
        text = printed(browser.get(href).data)
        assert f"{result[2]:.0f}分30分20分{result[4]}/3题" in text
        assert ("不合格" in text) == (not result[3])
        wrong = sum(1 for each in result[5].values() if float(each) == 0)
        assert text.count("正确答案：") == wrong
        assert f"员工{1000 + people.index(person)}" in text
    assert len({row[2] for row in rows.values()}) > 1


@pytest.mark.db
def test_the_check_code_depends_on_every_word_of_the_result_and_on_nothing_else(
    app, browse, released, now
):
    make(browse("staff"), app, released)
    sheet, _ = stored(app)
    assert re.fullmatch(r"([0-9A-F]{4}-){3}[0-9A-F]{4}", sheet.check_code)
    now.move(days=40)
    with app.app_context():
        sitting_id = sitting_of(released, "staff").id
        assert code_of(read_sheet(sitting_id)) == sheet.check_code
        direct("UPDATE person SET name = '单志远' WHERE name = '单知远'")
        db.session.expire_all()
        assert code_of(read_sheet(sitting_id)) != sheet.check_code


def test_a_name_that_no_font_has_fails_with_advice(app, browse, released):
    with app.app_context():
        direct(f"UPDATE person SET name = '单{NO_FONT_HAS_IT}' WHERE name = '单知远'")  # noqa: S608
    staff = browse("staff")
    job = order(staff, app, released)
    with app.app_context():
        run_jobs()
        [row] = jobs_of(papers.JOB)
        assert (row.state, row.tries) == (JobState.FAILED, 1)
        assert db.session.query(ProducedPaper).count() == 0
    page = staff.get(job)
    assert NO_FONT_HAS_IT in page.text_of(".alert-error")
    assert "管理员" in page.text_of(".alert-error")
    assert not [href for href in page.links() if href.endswith(".pdf")]
    staff.get(f"{url_of(app, released)}.pdf", status=404)


def test_once_the_name_is_mended_the_sheet_can_be_made(app, browse, released):
    with app.app_context():
        direct(f"UPDATE person SET name = '单{NO_FONT_HAS_IT}' WHERE name = '单知远'")  # noqa: S608
    staff = browse("staff")
    order(staff, app, released)
    with app.app_context():
        run_jobs()
        direct(f"UPDATE person SET name = '单知远' WHERE name = '单{NO_FONT_HAS_IT}'")  # noqa: S608
    assert make(staff, app, released).data.startswith(b"%PDF-")


@pytest.mark.parametrize("damage", ["changed", "cut", "emptied", "removed"])
def test_a_damaged_file_is_never_given_out(app, browse, released, damage):
    staff = browse("staff")
    make(staff, app, released)
    _, file = stored(app)
    path = app.config["SITE"].var / "files" / file.sha256[:2] / file.sha256
    content = path.read_bytes()
    if damage == "removed":
        path.unlink()
    else:
        harmed = {
            "changed": content[:-9] + b"x" + content[-8:],
            "cut": content[:-1],
            "emptied": b"",
        }
        path.write_bytes(harmed[damage])
    answer = staff.get(f"{url_of(app, released)}.pdf", status=404)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert b"%PDF" not in answer.data
    for secret in ("Traceback", file.sha256, str(path.parent), "DamagedFile"):
        assert secret not in answer.body
    assert "再点一次打印" in answer.text
    assert make(staff, app, released).data == content


def test_nobody_opens_the_sheet_of_another(app, browse, released):
    make(browse("staff"), app, released)
    url = url_of(app, released)
    other = browse("other")
    other.get(f"{url}.pdf", status=404)
    other.post(url, {"csrf_token": other.token()}, status=404)
    for who in ("clerk", "chief"):
        browse(who).get(f"{url}.pdf", status=403)
    browse(None).get(f"{url}.pdf", status=303)


def test_what_people_typed_is_printed_as_text(app, browse, now):
    """PD1, at its place in the flow: a question's text reaches the printer as text only."""
    with app.app_context():
        exam_id = publish_exam(
            [{"stem": HOSTILE, "options": [HOSTILE, "乙", "丙"], "analysis": HOSTILE}] * 2,
            title="考试<b>一</b>",
        )
        sit(exam_id, "staff", {})
        now.move(hours=8, seconds=67)
        sweep()
        release(exam_id)
    content = make(browse("staff"), app, exam_id).data
    text = printed(content)
    assert "<imgsrc=file:///etc/passwd>" in text
    assert "考试<b>一</b>" in text
    assert "root:" not in text
    for word in (b"/EmbeddedFile", b"/JavaScript", b"/Launch", b"/URI"):
        assert word not in content


def test_a_regraded_result_has_a_sheet_of_its_own(app, browse, now):
    with app.app_context():
        exam_id = released_exam(now, staff=KEY)
        assert read_sheet(sitting_of(exam_id, "staff").id).run == 1
    text = printed(make(browse("staff"), app, exam_id).data)
    assert "第1次评卷" in text
    assert "全部答对" in text


def test_what_was_not_released_is_not_printed(app, now):
    with app.app_context():
        exam_id = publish_exam()
        sit(exam_id, "staff", KEY)
        with pytest.raises(jobs.JobRefusedError):
            read_sheet(sitting_of(exam_id, "staff").id)
