"""The whole way through HTTP: from an opinion to a second visit, and from a 金点子 to its answer."""

import pytest
from sqlalchemy import select

from app.kernel import db
from app.suggestions.models import IdeaState
from app.suggestions.order_models import ImprovementOrder, OrderState
from tests.suggestions.factories import (
    VISIT,
    accept,
    add_evidence,
    adopted_order,
    answer,
    carry_out,
    do,
    draft_order,
    follow,
    issue,
    latest,
    order_url,
    send_opinion,
    state_of,
    submit_idea,
    take_on,
    url_of,
)


@pytest.mark.db
def test_an_opinion_becomes_a_suggestion_that_is_carried_out_verified_and_visited_twice(
    browse, app, now, second_officer
):
    code, _ = send_opinion(browse, now)
    url = url_of(latest(app))
    accept(browse, "officer", url)
    answer(browse, url)
    page = follow(browse, now, code)
    assert "采纳，在取号机旁设引导岗" in page.text
    order = latest(app, ImprovementOrder)
    assert order.state is OrderState.DRAFT
    issue(browse, order)
    take_on(browse, order)
    carry_out(browse, order)
    do(browse, "office", order, "verify", reason="现场看过，引导岗在岗。")
    do(browse, "officer", order, "visit", **VISIT)
    assert state_of(app, order) is OrderState.REVISITING
    now.move(days=61)
    do(browse, "officer2", order, "revisit", **VISIT)
    assert state_of(app, order) is OrderState.CLOSED
    office = browse("office")
    office.submit(office.get(order_url(order)), form='form[action$="/case"]')
    page = browse("clerk").get(order_url(order))
    for text in ("优建2026-001", "引导岗已到位", "已入典型案例库", "现在有人教了"):
        assert text in page.text


@pytest.mark.db
def test_a_staff_idea_is_taken_in_asked_about_answered_and_rated(browse, app, now):
    address = submit_idea(browse)
    idea = latest(app)
    assert idea.state is IdeaState.STAFF_WAITING
    page = browse("staff").get(address)
    assert "待受理" in page.text
    accept(browse, "office", address)
    browser = browse("chief")
    page = browser.get(address)
    browser.submit(page, {"text": "流程图放在哪里？"}, form="#question-form")
    browser = browse("staff")
    page = browser.get(address)
    assert "流程图放在哪里？" in page.text
    browser.submit(page, {"text": "取号机左边的柱子上。"}, form="#reply-form")
    assert "取号机左边的柱子上" in browse("chief").get(address).text
    answer(browse, address, outcome="declined", reason="柱子要留给消防标识。", demand="")
    browser = browse("staff")
    page = browser.get(address)
    assert "不采纳" in page.text
    assert "柱子要留给消防标识" in page.text
    browser.submit(page, {"rating": "fair"}, form="#rating-form")
    assert "基本满意" in browse("staff").get(address).text


@pytest.mark.db
def test_a_department_may_decline_with_reasons_and_the_issuer_confirms(browse, app):
    order = draft_order(browse, app)
    issue(browse, order)
    do(browse, "lead", order, "receive")
    do(browse, "lead", order, "feedback", verdict="declined", reason="高峰只有两人，无人可派。")
    assert state_of(app, order) is OrderState.DECLINING
    do(browse, "leader", order, "confirm-decline")
    assert state_of(app, order) is OrderState.DECLINED
    page = browse("lead").get(order_url(order))
    assert "高峰只有两人" in page.text


@pytest.mark.db
def test_an_order_of_an_adopted_idea_says_what_was_written_for_it(browse, app, now):
    order = adopted_order(browse, app, now)
    page = browse("clerk").get(order_url(order))
    for text in ("取号机旁安排引导", "每天约二十位老人取错号", "没有引导岗", "在取号机旁设引导岗"):
        assert text in page.text
    # Not a word is copied of what was sent: it may still turn out to be 涉廉材料.
    assert "希望安排一位志愿者" not in repr(read_order(app))


def read_order(app):
    with app.app_context():
        return db.session.execute(select(ImprovementOrder.__table__)).all()


def test_nothing_is_finished_without_evidence(browse, app):
    order = draft_order(browse, app)
    issue(browse, order)
    take_on(browse, order)
    browser = browse("lead")
    page = browser.get(f"{order_url(order)}/finish")
    refused = browser.submit(page, {"result": "已到位。"}, form="#move-form", status=422)
    assert "请先上传至少一张佐证图片" in refused.text
    assert "已到位。" in refused.body
    add_evidence(browse, order)
    do(browse, "lead", order, "finish", result="已到位。")
    assert state_of(app, order) is OrderState.VERIFYING
    assert browse("lead").get(order_url(order)).all("img.evidence")


def test_an_unsuitable_visit_closes_with_its_reason(browse, app):
    order = draft_order(browse, app)
    issue(browse, order)
    take_on(browse, order)
    carry_out(browse, order)
    do(browse, "office", order, "verify", reason="看过现场。")
    do(browse, "officer", order, "skip-visit", reason="来电未留姓名。")
    assert state_of(app, order) is OrderState.CLOSED
    assert "不宜回访：来电未留姓名。" in browse("office").get(order_url(order)).text


def test_what_was_not_solved_goes_back_to_the_department(browse, app):
    order = draft_order(browse, app)
    issue(browse, order)
    take_on(browse, order)
    carry_out(browse, order)
    do(browse, "office", order, "verify", reason="看过现场。")
    do(browse, "officer", order, "visit", way="phone", result="unsolved", note="还是要等。")
    assert state_of(app, order) is OrderState.CARRYING
