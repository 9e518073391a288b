"""The chain's page: the printed head, and a verification from the click to its verdict."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.audit import heads
from app.audit.models import AuditEvent, AuditVerification
from app.jobs import service as jobs
from app.jobs.models import Job
from app.kernel import db
from tests.audit.factories import entries, head, outcome, tamper, write
from tests.support import cast

pytestmark = pytest.mark.db


def order(auditor):
    page = auditor.get("/audit/chain")
    return auditor.submit(page, form="form[action$=verify]")


def do_jobs(app):
    """Do what waits, as the worker does."""
    with app.app_context():
        for job_id in jobs.list_startable():
            jobs.run_job(job_id)


def test_a_verification_goes_from_the_click_to_the_verdict(app, browse):
    with app.app_context():
        write(3)
    auditor = browse("auditor")
    assert "还没有核对过" in auditor.get("/audit/chain").text
    ordered = order(auditor)
    assert "排队中" in auditor.get(ordered.location).text
    do_jobs(app)
    done = auditor.get(ordered.location)
    assert "已完成" in done.text
    assert "/audit/chain" in done.links()
    page = auditor.get("/audit/chain")
    assert "完整" in page.text
    assert "曾安澜（SY013）" in page.text
    with app.app_context():
        [verified] = entries(AuditEvent.AUDIT_VERIFIED)
        assert verified.data["verdict"] == "intact"
        assert verified.person_id == cast.person_id("auditor")
        assert len(entries(AuditEvent.AUDIT_VERIFICATION_ORDERED)) == 1
        assert outcome() == ("intact", None)
    assert "日志链核对：完整" in auditor.get("/").text


def test_a_broken_chain_is_told_on_all_pages_of_the_auditor(app, browse):
    with app.app_context():
        write(6)
        tamper(app, "UPDATE audit_entry SET object_id = 'x' WHERE seq = 3")
    auditor = browse("auditor")
    order(auditor)
    do_jobs(app)
    assert "第3条被改动过" in auditor.get("/audit/chain").text
    listed = auditor.get("/audit")
    assert "日志链核对不通过：有改动" in listed.text
    assert "/audit/3" in listed.links()
    home = auditor.get("/").text
    assert "日志链核对不通过：有改动" in home
    assert "日志链核对：" not in home
    with app.app_context():
        last = db.session.scalars(select(AuditVerification)).one()
        assert (last.verdict.value, last.broken_at) == ("altered", 3)


def test_two_clicks_are_one_verification(app, browse):
    auditor = browse("auditor")
    assert order(auditor).location == order(auditor).location
    with app.app_context():
        assert len(db.session.scalars(select(Job.id)).all()) == 1


def test_the_last_outside_head_is_shown_for_printing(app, browse):
    auditor = browse("auditor")
    assert "还没有外存链头" in auditor.get("/audit/chain").text
    with app.app_context():
        heads.write_daily_head()
        kept, present = heads.latest_head(), head()
    page = auditor.get("/audit/chain")
    for said in ("2026-11-20", f"第{kept.seq}条", kept.code, heads.short_code(present.hash)):
        assert said in page.text
    # The style sheet for paper takes away what is clicked.
    assert page.all('link[media="print"]')
    with app.app_context():
        (heads.folder() / "2026-11-20.json").write_text("?", encoding="utf-8")
    assert "读不出来" in auditor.get("/audit/chain").text


def test_a_verification_is_kept(app, browse):
    order(browse("auditor"))
    do_jobs(app)
    with app.app_context():
        for statement in (
            "UPDATE audit_verification SET checked = 0",
            "DELETE FROM audit_verification",
        ):
            with pytest.raises(IntegrityError, match="verification is kept"), db.write():
                db.session.execute(text(statement))
