"""Records and 出师考核 on paper: entered by a 经办人 with the scan, as the two would have."""

import pytest
from sqlalchemy import select

from app.kernel import db
from app.mentoring import papers, records
from app.mentoring.models import MentoringAssessment, MentoringRecord, PairState, RecordState
from app.mentoring.record_flow import RECORD_FLOW
from app.workflow.service import rebuild_state
from tests.mentoring import world
from tests.mentoring.factories import FINAL, WORDS, do, latest, pair_url, propose, state_of
from tests.suggestions.factories import picture
from tests.support import cast

DAY = "2026-11-20"
SCAN = {"signed_on": DAY, "is_unclassified": "y"}


def make(app, step=None):
    """Give a pair that runs, or one that waits for its 出师考核."""
    with app.app_context():
        pair = world.running(
            world.propose(
                cast.person_id("mentor"), cast.person_id("novice"), cast.person_id("assessor")
            )
        )
        if step:
            world.master_all(pair)
            world.bring(pair, step)
        return pair


def sheet(page, **values):
    """Give what stands in the form of a sheet, with what is typed from the paper."""
    names = ("csrf_token", "version", "signed_by", "held_on")
    kept = {
        each.get("name"): each.get("value") or ""
        for each in page.all("#sheet-form input") if each.get("name") in names
    }  # fmt: skip
    return {**kept, **SCAN, "file": picture(), **values}


def record_url(app, pair):
    """Give the address of the first month's record."""
    with app.app_context():
        return f"/mentoring/records/{records.list_records(pair.id)[0].public_id}"


@pytest.mark.db
def test_a_record_that_both_signed_on_paper_counts(browse, app, pair_people):
    pair = make(app)
    url = f"{record_url(app, pair)}/on-paper/signed"
    assert any(each.endswith("/on-paper/signed") for each in
               browse("clerk").get(record_url(app, pair)).links())  # fmt: skip
    for who in ("mentor", "chief", "branch"):
        browse(who).get(url, status=403)
    browser = browse("clerk")
    page = browser.get(url)
    assert page.one("input[name=signed_by]").get("value") == "SY8201"
    refused = browser.post(url, sheet(page, **WORDS), status=422)
    assert "要有两人的签字" in refused.text
    assert WORDS["taught"] in refused.text
    both = {**WORDS, "is_signed_by_both": "y"}
    refused = browser.post(url, sheet(page, **both, signed_by="SY8202"), status=422)
    assert "签字的人" in refused.text
    browser.post(url, sheet(page, **both))
    # A second tap is led on as after the first.
    browser.post(url, sheet(page, **both))
    with app.app_context():
        [record] = db.session.scalars(select(MentoringRecord))
        assert record.state is RecordState.CONFIRMED
        assert (record.written_by_id, record.confirmed_by_id) == (
            pair.master_id, pair.apprentice_id,
        )  # fmt: skip
        assert rebuild_state(RECORD_FLOW, record.id) == ("confirmed", None)
    page = browse("novice").get(record_url(app, pair))
    assert WORDS["taught"] in page.text
    assert "代录人" in page.text
    scan = next(each for each in page.links() if "/signatures/" in each)
    assert browse("novice").client.get(scan).status_code == 200
    assert browse("branch").client.get(scan).status_code == 404


def test_a_confirmation_may_come_on_paper(browse, app, pair_people):
    pair = make(app)
    with app.app_context():
        world.write_record(pair)
    url = f"{record_url(app, pair)}/confirm/signed"
    browser = browse("clerk")
    form = browser.get(url)
    given = {
        "csrf_token": form.one("main form input[name=csrf_token]").get("value"),
        "version": form.one("main form input[name=version]").get("value"),
        **SCAN,
    }
    refused = browser.post(url, {**given, "file": picture(), "signed_by": "SY8202"}, status=422)
    assert "签字的人" in refused.text
    browser.post(url, {**given, "file": picture(), "signed_by": "SY8201"})
    with app.app_context():
        assert db.session.scalars(select(MentoringRecord)).one().state is RecordState.CONFIRMED


@pytest.mark.parametrize(
    ("last", "state"), [("passed", PairState.TO_GRADUATE), ("not_passed", PairState.RUNNING)]
)
def test_a_final_assessment_on_paper_is_the_assessor_s(browse, app, pair_people, last, state):
    pair = make(app, "ask-final")
    url = f"{pair_url(pair)}/assess/signed"
    page = browse("clerk").get(pair_url(pair))
    assert page.links().count(url) == 1
    browse("assessor").get(url, status=403)
    browser = browse("clerk")
    page = browser.get(url)
    given = sheet(page, **{**FINAL, "result_5": last}, opinion="纸上的意见。")
    # Neither the master nor a chief who is not its assessor.
    for signer in ("SY8201", "SY004"):
        wrong = {**given, "file": picture(), "signed_by": signer}
        refused = browser.post(url, wrong, status=422)
        assert "签字的人" in refused.text
        assert "纸上的意见。" in refused.text
    browser.post(url, {**given, "file": picture()})
    assert state_of(app, pair) is state
    with app.app_context():
        found = db.session.scalars(
            select(MentoringAssessment).where(MentoringAssessment.service_item_id.is_(None))
        ).one()
        assert (found.assessor_id, found.is_passed) == (pair.assessor_id, last == "passed")
    browser.get(url, status=404)


def test_the_agreement_prints_the_day_on_the_sheet_and_signs_for_nobody(
    browse, app, now, pair_people
):
    pair = propose(browse, app)
    do(browse, "clerk", pair, "submit")
    now.move(days=3)
    browser = browse("clerk")
    url = f"{pair_url(pair)}/agree-master/signed"
    page = browser.get(url)
    browser.post(url, {
        "csrf_token": page.one("main form input[name=csrf_token]").get("value"),
        "version": page.one("main form input[name=version]").get("value"),
        "signed_by": "SY8201", "file": picture(), **SCAN,
    })  # fmt: skip
    do(browse, "novice", pair, "agree-apprentice")
    assert signatures(app)["师傅"] == "席慕云　2026年11月20日"
    assert signatures(app)["徒弟"] == "宁远舟　2026年11月23日"
    # The 经办人 who sent it on is not the department.
    assert signatures(app)["所在部门"] == papers.BLANK
    do(browse, "chief", pair, "send-back", reason="请部门负责人送。")
    do(browse, "lead", pair, "submit")
    do(browse, "mentor", pair, "agree-master")
    do(browse, "novice", pair, "agree-apprentice")
    assert signatures(app)["师傅"] == "席慕云　2026年11月23日"
    assert signatures(app)["所在部门"] == "葛书宁　2026年11月23日"


def signatures(app):
    """Give the signatures of the agreement of the latest pair."""
    pair = latest(app)
    with app.app_context():
        return dict(papers.agreement_snapshot(pair.id).signatures)


def test_what_was_written_early_may_be_confirmed_until_the_month_is_closed(
    browse, app, now, pair_people
):
    pair = make(app)
    now.move(days=15)
    with app.app_context():
        records.sweep()
        december = world.write_record(pair)
        now.move(days=14)
        records.sweep()
        assert db.session.get_one(MentoringRecord, december.id).state is RecordState.TO_CONFIRM
        now.move(days=25)
        records.sweep()
        db.session.expire_all()
        assert db.session.get_one(MentoringRecord, december.id).state is RecordState.LAPSED
        lines = {each.month.month: each.text for each in records.list_months(pair)}
        assert lines[12] == records.ONE_SIDED
