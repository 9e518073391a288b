"""The whole way through HTTP: from the list of candidates to 出师 and its authorisation."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.roster.models import Authorisation
from app.audit.models import AuditEntry, AuditEvent
from app.kernel import clock, db
from app.kernel.evidence import EvidenceState, Span
from app.mentoring import evidence, papers, records
from app.mentoring.models import MentoringChange, MentoringPair, MentoringRecord, PairState
from tests.mentoring.factories import (
    FINAL,
    GOALS,
    WORDS,
    agree,
    assess,
    candidates_url,
    do,
    latest,
    master_all,
    pair_url,
    person_id,
    propose,
    renew_passwords,
    sign_next,
    sign_solo,
    start,
    state_of,
)
from tests.support.papers import words_of


@pytest.mark.db
def test_a_pair_goes_from_the_list_of_candidates_to_its_certificate(browse, app, now, pair_people):
    page = browse("clerk").get(candidates_url(app))
    for text in ("席慕云", "与徒弟同部门", "现带徒弟0名，上限2名", "不排名次"):
        assert text in page.text
    # Neither the apprentice's lead nor himself stands on the list.
    assert "葛书宁" not in page.text_of("#candidate-list")
    pair = propose(browse, app)
    page = browse("clerk").get(pair_url(pair))
    assert page.text.count("不动产登记受理") >= 1
    agree(browse, pair)
    do(browse, "chief", pair, "approve")
    pair = latest(app)
    assert pair.number == "师徒2026-001"
    sign_next(browse, pair)
    keep_month(browse, app, pair)
    sign_next(browse, pair)
    sign_next(browse, pair)
    page = browse("novice").get(pair_url(pair))
    assert "独立（待考核）" in page.text
    assess(browse, pair)
    sign_solo(browse, pair)
    assess(browse, pair)
    do(browse, "mentor", pair, "ask-final")
    browser = browse("assessor")
    browser.submit(
        browser.get(f"{pair_url(pair)}/assess"),
        {**FINAL, "opinion": "办得稳。"},
        form="#final-form",
    )
    do(browse, "chief", pair, "graduate")
    assert state_of(app, pair) is PairState.GRADUATED
    look_at_graduation(app, browse, pair)


def keep_month(browse, app, pair):
    """Let the apprentice write this month's record and the master confirm it."""
    url = record_url(app, pair)
    browser = browse("novice")
    browser.submit(browser.get(f"{url}/write"), WORDS, form="#record-form")
    assert "待对方确认" in browse("mentor").get(pair_url(pair)).text
    # The one who wrote it can't count it.
    given = {"csrf_token": browser.token(), "version": "2"}
    refused = browser.post(f"{url}/confirm", given, status=422)
    assert "你没有办理这一步的权限" in refused.text
    browser = browse("mentor")
    browser.submit(browser.get(f"{url}/confirm"), form="main form[method=post]")
    page = browse("novice").get(pair_url(pair))
    assert "双方已确认" in page.text
    assert WORDS["taught"] in page.text


def record_url(app, pair):
    """Give the address of the first month's record."""
    with app.app_context():
        [record, *_] = records.list_records(pair.id)
    return f"/mentoring/records/{record.public_id}"


def look_at_graduation(app, browse, pair):
    """出师 has written an authorisation for each item, and the papers say what was typed."""
    page = browse("novice").get(pair_url(pair))
    assert "出师2026-001" in page.text
    with app.app_context():
        given = db.session.scalars(
            select(Authorisation).where(Authorisation.person_id == pair.apprentice_id)
        ).all()
        assert len(given) == 2
        assert {each.granted_by_id for each in given} == {person_id(app, "chief")}
        assert {each.starts_on for each in given} == {clock.today()}
        events = set(db.session.scalars(select(AuditEntry.event)))
        assert events >= {
            AuditEvent.ACCOUNTS_AUTHORISATION_GIVEN,
            AuditEvent.MENTORING_ITEM_SIGNED,
            AuditEvent.MENTORING_ITEM_ASSESSED,
        }
    with app.test_request_context():
        archive = papers.ARCHIVE
        words = words_of(archive.document(archive.snapshot(pair.id), "ABCD"))
        for text in (
            "目录", "师徒2026-001", "席慕云", "SY8201", "专业窗口", "宁远舟", "SY8202", GOALS,
            "不得共用系统账号、数字证书、印章", "受理责任人是师傅", "一式4份", "看了六件登记。",
            "独立受理一件买卖转移。", "出师证书", "出师2026-001", "不动产抵押受理（MT-002）",
        ):  # fmt: skip
            assert text in words, text


@pytest.mark.db
def test_evidence_counts_what_was_planned_and_nothing_of_an_early_end(
    browse, app, now, pair_people
):
    pair = start(browse, app)
    master_all(browse, pair)
    now.move(days=150)
    with app.app_context():
        span = Span(clock.today() - timedelta(days=80), clock.today())
        [fact] = list(evidence.give_evidence(span))
        assert (fact.rule, fact.person_id) == ("mentoring.items", pair.apprentice_id)
        assert (fact.amount, fact.denominator) == (2, 2)
        assert fact.state is EvidenceState.COUNTED
        assert fact.occurred_on in span
        reading = evidence.read_pairs(span)
        assert (reading.value, "其中出师0对" in reading.note) == (1, True)
        before = Span(pair.starts_on - timedelta(days=90), pair.starts_on - timedelta(days=1))
        assert list(evidence.give_evidence(before)) == []
        assert evidence.read_pairs(before) is None
    renew_passwords(app)
    browser = browse("novice")
    page = browser.get(f"{pair_url(pair)}/end")
    browser.submit(page, {"reason": "post_changed"}, form="#end-form")
    do(browse, "chief", pair, "confirm-end")
    with app.app_context():
        assert list(evidence.give_evidence(span)) == []
        assert evidence.read_pairs(span) is None


@pytest.mark.db
def test_graduation_is_told_of_the_master_and_never_scored(browse, app, now, pair_people):
    pair = start(browse, app)
    master_all(browse, pair)
    do(browse, "mentor", pair, "ask-final")
    browser = browse("assessor")
    browser.submit(browser.get(f"{pair_url(pair)}/assess"), FINAL, form="#final-form")
    do(browse, "chief", pair, "graduate")
    with app.app_context():
        span = Span(clock.today() - timedelta(days=30), clock.today())
        [fact] = list(evidence.give_evidence(span))
        assert (fact.rule, fact.person_id) == ("mentoring.master", pair.master_id)
        assert fact.denominator is None
        later = Span(clock.today() + timedelta(days=1), clock.today() + timedelta(days=30))
        assert list(evidence.give_evidence(later)) == []
    assert "宁远舟" in browse("mentor").get(pair_url(pair)).text


def test_a_change_of_the_plan_is_numbered_and_the_old_text_stays(browse, app, pair_people):
    pair = start(browse, app)
    browser = browse("mentor")
    page = browser.get(f"{pair_url(pair)}/plan/edit")
    refused = browser.submit(page, {"goals": "先学抵押。"}, form="#plan-form", status=422)
    assert "请写明变更的原因" in refused.text
    browser.submit(page, {"goals": "先学抵押。", "reason": "窗口分工调整。"}, form="#plan-form")
    page = browse("novice").get(pair_url(pair))
    for text in ("变更1", GOALS, "先学抵押。", "窗口分工调整。"):
        assert text in page.text
    stale = browser.submit(
        browser.get(f"{pair_url(pair)}/plan/edit"),
        {"goals": "再改。", "reason": "再改。", "version": "1"},
        form="#plan-form",
        status=409,
    )
    assert "再改。" in stale.body
    with app.app_context():
        sheet = papers.agreement_snapshot(pair.id)
        assert sheet.goals == GOALS
        assert sheet.changes[0].after[1] == "目标：先学抵押。"
        assert db.session.query(MentoringChange).count() == 2
    # It was told to the apprentice and the assessor.
    assert "计划有变更" in browse("assessor").get("/notices").text


def test_a_failed_item_goes_back_and_graduation_waits_for_every_item(browse, app, pair_people):
    pair = start(browse, app)
    sign_solo(browse, pair)
    browser = browse("mentor")
    given = {"csrf_token": browser.token(), "version": str(version_of(app, pair))}
    refused = browser.post(f"{pair_url(pair)}/ask-final", given, status=422)
    assert "还有2个事项没有考核为独立" in refused.text
    assess(browse, pair, result="not_passed", opinion="收件登记漏了一项。")
    page = browse("mentor").get(pair_url(pair))
    assert "收件登记漏了一项。" in page.text
    assert page.all('#matrix input[name=level][value="solo"]')
    assert state_of(app, pair) is PairState.RUNNING


def version_of(app, pair):
    """Give a pair's version now."""
    with app.app_context():
        return db.session.get_one(MentoringPair, pair.id).version


def test_a_month_that_nobody_wrote_is_shown_as_such(browse, app, now, pair_people):
    pair = start(browse, app)
    now.move(days=25)
    page = browse("mentor").get(pair_url(pair))
    with app.app_context():
        assert records.list_months(pair)[0].text == "没有记录"
        records.sweep()
        states = [each.state.value for each in db.session.query(MentoringRecord).order_by("month")]
        assert states == ["lapsed", "due"]
        records.sweep()
        assert db.session.query(MentoringRecord).count() == 2
    assert "没有记录" in page.text
    url = record_url(app, pair)
    assert browse("mentor").client.get(f"{url}/write").status_code == 404


def test_an_end_without_blame_needs_a_second_person_and_leaves_a_neutral_page(
    browse, app, pair_people
):
    pair = start(browse, app)
    browser = browse("mentor")
    page = browser.get(f"{pair_url(pair)}/end")
    refused = browser.submit(page, {"reason": "other"}, form="#end-form", status=422)
    assert "请写明情况" in refused.text
    browser.submit(page, {"reason": "other", "note": "师傅借调一年。"}, form="#end-form")
    do(browse, "chief", pair, "confirm-end")
    page = browse("novice").get(pair_url(pair))
    assert "不计任何负面记录" in page.text
    # The same apprentice can have another master.
    assert "席慕云" in browse("clerk").get(candidates_url(app)).text


def test_a_term_is_extended_once_near_its_end_as_a_numbered_change(browse, app, now, pair_people):
    pair = start(browse, app)
    assert "/extend" not in " ".join(browse("chief").get(pair_url(pair)).links())
    now.move(days=170)
    renew_passwords(app)
    do(browse, "chief", pair, "extend", reason="两个事项还要再陪。")
    page = browse("clerk").get(pair_url(pair))
    for text in ("已延长一次", "变更1", "两个事项还要再陪。"):
        assert text in page.text
    assert latest(app).ends_on == pair.ends_on.replace(month=7, day=19)
    assert "/extend" not in " ".join(browse("chief").get(pair_url(pair)).links())
