"""Questions with their keys as a file: what the list shows, for who ordered it, for a day."""

import pytest

from app.audit.models import AuditEvent
from app.kernel import db
from app.questions.imports import exporting
from app.questions.imports.models import QuestionExport
from app.questions.parsing import parse_file
from tests.accounts.factories import events
from tests.questions.factories import add_draft, add_question
from tests.questions.imports.factories import last_job, run_jobs


@pytest.fixture(autouse=True)
def asleep(app, monkeypatch):
    """Wake-ups are the business of another process."""
    monkeypatch.setitem(app.extensions, "wake-worker", lambda _job_id: None)


@pytest.fixture
def bank(app):
    with app.app_context():
        return [add_question(), add_draft(stem="谁负责到底？")]


@pytest.fixture
def clerk(browse, bank):
    return browse("clerk")


def order(clerk, app, form="docx", url="/questions"):
    page = clerk.get(url)
    clerk.submit(page, {"form": form}, form=".export-form")
    run_jobs(app)
    with app.app_context():
        export = db.session.query(QuestionExport).order_by(QuestionExport.id.desc()).first()
        return f"/questions/export-files/{export.public_id}"


@pytest.mark.db
@pytest.mark.parametrize("form", ["docx", "xlsx", "json"])
def test_the_file_holds_what_the_list_shows(form, app, clerk):
    url = order(clerk, app, form)
    job = clerk.get(f"/jobs/{last_job(app).public_id}")
    assert url in job.links()
    found = parse_file(clerk.get(url).data, f"题库.{form}")
    assert [each.stem for each in found.questions] == [
        "材料齐全的，多长时间内完成收件？",
        "谁负责到底？",
    ]
    with app.app_context():
        assert len(events(AuditEvent.QUESTIONS_EXPORT_ORDERED)) == 1
        assert len(events(AuditEvent.RECORD_EXPORTED)) == 1


def test_only_what_the_address_describes_stands_in_it(app, clerk):
    url = order(clerk, app, "json", "/questions?state=draft&endpoint=x")
    found = parse_file(clerk.get(url).data, "题库.json")
    assert [each.stem for each in found.questions] == ["谁负责到底？"]


def test_nobody_else_can_fetch_it(app, clerk, browse):
    url = order(clerk, app)
    browse("chief").get(url, status=404)
    browse("staff").get(url, status=403)


def test_it_is_kept_for_a_day(app, clerk, browse, now):
    url = order(clerk, app)
    with app.app_context():
        exporting.erase_old()
        assert db.session.query(QuestionExport).one().file_id is not None
    now.move(hours=24)
    browse("clerk").get(url, status=404)
    with app.app_context():
        exporting.erase_old()
        assert db.session.query(QuestionExport).one().file_id is None


def test_it_is_gone_as_soon_as_a_question_is_hidden(app, clerk, bank, monkeypatch):
    url = order(clerk, app)
    monkeypatch.setattr("app.questions.service.hidden_from", lambda _user: frozenset(bank[:1]))
    clerk.get(url, status=404)


def test_what_is_hidden_is_never_in_it(app, clerk, bank, monkeypatch):
    monkeypatch.setattr("app.questions.service.hidden_from", lambda _user: frozenset(bank[:1]))
    url = order(clerk, app, "json")
    found = parse_file(clerk.get(url).data, "题库.json")
    assert [each.stem for each in found.questions] == ["谁负责到底？"]


def test_nothing_to_export_is_said(app, clerk):
    assert not clerk.get("/questions?q=没有这样的题").all(".export-form")
    sent = {"form": "docx", "csrf_token": clerk.token()}
    clerk.post("/questions/export-files?q=没有这样的题", sent)
    assert "没有题目" in clerk.get("/questions").text
    with app.app_context():
        assert db.session.query(QuestionExport).count() == 0
