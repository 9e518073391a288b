"""建议单: who may what, in the site and in the database; drafting, numbers, lists, the paper."""

import io
from datetime import timedelta
from itertools import pairwise

import pypdfium2
import pytest
import python_calamine
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import service as accounts
from app.files import papers as paper_pages
from app.kernel import db
from app.kernel.permissions import Role
from app.suggestions import orders, papers
from app.suggestions.order_models import ImprovementOrder, OrderState
from app.suggestions.settings import REVISIT_AFTER
from tests.exams.factories import run_jobs
from tests.settings.factories import set_value
from tests.suggestions.factories import (
    ORDER,
    VISIT,
    carry_out,
    do,
    draft_order,
    issue,
    latest,
    order_url,
    state_of,
    take_on,
)
from tests.support import cast

PAIRS = [
    ("issued_by_id", "drafted_by_id"),
    ("issued_by_id", "edited_by_id"),
    ("issued_by_id", "submitted_by_id"),
    ("confirmed_by_id", "feedback_by_id"),
    ("verified_by_id", "drafted_by_id"),
    ("verified_by_id", "edited_by_id"),
    ("verified_by_id", "submitted_by_id"),
    ("verified_by_id", "carried_by_id"),
    ("verified_by_id", "feedback_by_id"),
    ("revisited_by_id", "visited_by_id"),
    ("visited_by_id", "carried_by_id"),
    ("revisited_by_id", "carried_by_id"),
]


@pytest.mark.db
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_database_keeps_duties_apart(one, other, browse, app):
    order = draft_order(browse, app)
    with app.app_context():
        me = cast.person_id("staff")
        with pytest.raises(IntegrityError), db.write():
            db.session.execute(
                update(ImprovementOrder)
                .where(ImprovementOrder.id == order.id)
                .values({one: me, other: me})
            )


@pytest.mark.db
@pytest.mark.parametrize(
    "values",
    [
        {"state": OrderState.CLOSED},
        {"state": OrderState.VISITING},
        {"state": OrderState.DECLINED},
        {"is_case": True},
        {"number": "优建2026-009"},
    ],
)
def test_the_database_ends_nothing_that_was_not_checked(values, browse, app):
    order = draft_order(browse, app)
    with app.app_context(), pytest.raises(IntegrityError), db.write():
        db.session.execute(
            update(ImprovementOrder).where(ImprovementOrder.id == order.id).values(values)
        )


def test_numbers_have_no_gap_and_come_with_the_signature(browse, app):
    made = [draft_order(browse, app, title=f"第{place}张") for place in range(3)]
    # Without a number only the field says so, no title.
    assert "未编号" in browse("clerk").get(order_url(made[0])).text
    for page in ("/inbox", f"{order_url(made[0])}/submit"):
        text = browse("clerk").get(page).text
        assert "第0张" in text
        assert "未编号" not in text
    for order in reversed(made):
        issue(browse, order)
    with app.app_context():
        found = db.session.execute(
            select(ImprovementOrder.id, ImprovementOrder.number).order_by(ImprovementOrder.number)
        ).all()
    assert [number for _, number in found] == [f"优建2026-00{place}" for place in (1, 2, 3)]
    assert all(one > other for one, other in pairwise(id_ for id_, _ in found))


def test_what_the_paper_needs_is_asked_before_it_is_sent(browse, app):
    order = draft_order(browse, app, cause="")
    clerk = browse("clerk")
    page = clerk.get(f"{order_url(order)}/submit")
    refused = clerk.submit(page, form="main form[method=post]", status=422)
    assert "还没有填写：原因" in refused.text


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"title": ""}, "请写明事由"),
        ({"case_count": "0"}, "件数请填1以上的整数"),
        ({"period_until": ""}, "请填写起止两天"),
        ({"period_until": "2026-09-01"}, "期间的结束不能早于开始"),
        ({"target_value": ""}, "请把现值和目标值都填上"),
        ({"clause": ""}, "请写明计入考核的条款"),
        ({"carry_days": "121"}, "请填1到120之间的整数"),
        ({"addressee_number": "SY999"}, "没有这个工号"),
        ({"points": "1.005"}, "最多写两位小数"),
    ],
)
def test_a_draft_that_makes_no_sense_comes_back_with_what_was_typed(changes, told, browse, app):
    clerk = browse("clerk")
    page = clerk.get("/suggestions/orders/new")
    refused = clerk.submit(page, {**ORDER, **changes}, form="#order-form", status=422)
    assert told in refused.text
    assert ORDER["problem"] in refused.body
    assert latest(app, ImprovementOrder) is None


def test_a_draft_is_changed_and_a_stale_change_is_told(browse, app):
    order = draft_order(browse, app)
    clerk, other = browse("clerk"), browse("office")
    url = f"{order_url(order)}/edit"
    mine, theirs = clerk.get(url), other.get(url)
    other.submit(theirs, {"title": "改过的事由"}, form="#order-form")
    late = clerk.submit(mine, {"title": "我的事由"}, form="#order-form", status=409)
    assert "你的修改还没有保存" in late.text
    assert "我的事由" in late.body
    assert latest(app, ImprovementOrder).title == "改过的事由"


def test_who_drafted_does_not_verify(browse, app):
    """办公室 may draft and verify: not the same one."""
    office = browse("office")
    office.submit(office.get("/suggestions/orders/new"), ORDER, form="#order-form")
    order = latest(app, ImprovementOrder)
    do(browse, "office", order, "submit")
    do(browse, "leader", order, "issue")
    take_on(browse, order)
    carry_out(browse, order)
    page = office.get(order_url(order))
    assert not page.all('a[href$="/verify"]')
    shown = office.get(f"{order_url(order)}/verify")
    refused = office.submit(shown, {"reason": "看过。"}, form="main form[method=post]", status=422)
    assert "拟制、承办这张建议单的人不能核验" in refused.text
    do(browse, "chief", order, "verify", reason="看过。")
    assert state_of(app, order) is OrderState.VISITING


def test_the_second_visit_is_made_by_another_and_not_before_its_time(
    browse, app, now, second_officer
):
    order = draft_order(browse, app)
    issue(browse, order)
    take_on(browse, order)
    carry_out(browse, order)
    do(browse, "office", order, "verify", reason="看过。")
    do(browse, "officer", order, "visit", **VISIT)
    now.move(days=30)
    second = browse("officer2")
    page = second.get(f"{order_url(order)}/revisit")
    refused = second.submit(page, VISIT, form="#move-form", status=422)
    assert "二次回访从2027年1月19日起做" in refused.text
    now.move(days=31)
    assert browse("officer").client.get(f"{order_url(order)}/revisit").status_code == 404
    do(browse, "officer2", order, "revisit", **VISIT)
    assert state_of(app, order) is OrderState.CLOSED


@pytest.mark.db
def test_what_happens_again_goes_the_whole_way_once_more(
    browse, app, now, second_officer, monkeypatch
):
    monkeypatch.setattr(orders, "MOST_EVIDENCE", 1)
    with app.app_context():
        set_value(REVISIT_AFTER.key, "10")
    order = draft_order(browse, app)
    issue(browse, order)
    take_on(browse, order)
    carry_out(browse, order)
    do(browse, "office", order, "verify", reason="第一次核验。")
    now.move(minutes=5)
    unsolved = {**VISIT, "result": "unsolved"}
    do(browse, "officer", order, "visit", **{**unsolved, "note": "还是没人教。"})
    visit_twice(browse, now, order, "officer2", "officer", unsolved)
    page = browse("clerk").get(order_url(order))
    # What was found stands in the path, and no longer on the 建议单 as if of now.
    path = page.text_of("section[aria-labelledby=path-title]")
    for word in ("第一次核验", "还是没人教", "第二次核验", "又没人了"):
        assert path.count(word) == page.text.count(word) == 1, word
    visit_twice(browse, now, order, "officer", "officer2", VISIT)
    assert state_of(app, order) is OrderState.CLOSED


def visit_twice(browse, now, order, first, second, found):
    """Carry a 建议单 out with new evidence, let it be verified, and visit twice."""
    lead = browse("lead")
    page = lead.get(f"{order_url(order)}/finish")
    refused = lead.submit(page, {"result": "又做了。"}, form="#move-form", status=422)
    assert "退回过的，要有退回以后的" in refused.text
    carry_out(browse, order)
    do(browse, "office", order, "verify", reason="第二次核验。")
    today = (now.now + timedelta(hours=8)).date().isoformat()
    do(browse, first, order, "visit", **VISIT, on=today)
    now.move(days=11)
    do(browse, second, order, "revisit", **{**found, "note": "又没人了。"})


def test_who_does_not_want_to_be_asked_is_not_asked_again(browse, app):
    order = draft_order(browse, app)
    issue(browse, order)
    take_on(browse, order)
    carry_out(browse, order)
    do(browse, "office", order, "verify", reason="看过。")
    do(browse, "officer", order, "visit", **{**VISIT, "result": "refused", "note": ""})
    do(browse, "officer", order, "skip-visit", reason="对方要求不再打。")
    assert state_of(app, order) is OrderState.CLOSED
    text = browse("officer").get(order_url(order)).text
    assert (
        "首次回访 2026年11月20日，电话，乔月明，拒访，— 二次回访 不宜回访：对方要求不再打。" in text
    )


def test_nobody_of_the_department_visits(browse, app):
    order = draft_order(browse, app, department_id="2")
    issue(browse, order)
    lead_of_two(browse, app, order)
    officer = browse("officer")
    page = officer.get(f"{order_url(order)}/visit")
    refused = officer.submit(page, VISIT, form="#move-form", status=422)
    assert "回访不能由承办部门的人做" in refused.text


def lead_of_two(browse, app, order):
    """Let the lead of the cast lead the other department as well, and carry out there."""
    with app.app_context(), db.write():
        accounts.grant_at_set_up(
            person_id=cast.person_id("lead"),
            role=Role.WINDOW_LEAD,
            starts_on=cast.JOINED_ON,
            department_id=2,
        )
    take_on(browse, order)
    carry_out(browse, order)
    do(browse, "chief", order, "verify", reason="看过。")


def test_a_department_reads_only_its_own_and_only_what_was_issued(browse, app):
    own, other = draft_order(browse, app), draft_order(browse, app, department_id="2")
    lead = browse("lead")
    assert "还没有建议单" in lead.get("/suggestions/orders").text
    for order in (own, other):
        issue(browse, order)
    assert "共1张建议单" in lead.get("/suggestions/orders").text
    assert lead.client.get(order_url(other)).status_code == 404
    assert lead.client.get(f"{order_url(other)}/receive").status_code == 404


def test_the_list_is_searched_filtered_and_exported(browse, app):
    draft_order(browse, app)
    issue(browse, draft_order(browse, app, title="打印机缺纸", source="inspection"))
    clerk = browse("clerk")
    assert "共2张建议单" in clerk.get("/suggestions/orders").text
    assert "共1张建议单" in clerk.get("/suggestions/orders?q=缺纸").text
    assert "共1张建议单" in clerk.get("/suggestions/orders?state=receiving").text
    assert "共1张建议单" in clerk.get("/suggestions/orders?source=hotline").text
    answered = clerk.client.get("/suggestions/orders/export?source=inspection")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answered.data))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert "优建2026-001" in rows[1]


def text_of(content):
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return "".join("".join(pages).split())


def print_paper(browse, app, order, who="clerk"):
    browser = browse(who)
    browser.submit(browser.get(order_url(order)), form='form[action$="/print-order"]')
    with app.app_context():
        run_jobs()
    return browser.client.get(f"{order_url(order)}/order.pdf")


def test_the_paper_holds_every_field_that_was_typed(browse, app, now, second_officer):
    order = draft_order(browse, app)
    issue(browse, order)
    take_on(browse, order)
    carry_out(browse, order)
    do(browse, "office", order, "verify", reason="现场看过，引导岗在岗。")
    do(browse, "officer", order, "visit", **VISIT)
    now.move(days=61)
    do(browse, "officer2", order, "revisit", way="in_person", result="partly", note="还可以。")
    answered = print_paper(browse, app, order)
    assert answered.status_code == 200
    text = text_of(answered.data)
    for typed in (
        "优建2026-001", "12345市民服务热线", "3件", "12345-1001、12345-1002、12345-1003",
        "2026年10月1日至2026年10月31日", "不动产登记中心", ORDER["problem"], ORDER["cause"],
        ORDER["demand"], "平均等候时间：26分钟→15分钟", "10个工作日", "柏长青", "葛书宁", "采纳",
        "九点到十一点安排两人引导", "2026年12月4日", "引导岗已到位", "庄思齐", "1张图片",
        "现场看过，引导岗在岗", "细则4.2，1.5分", "电话", "现在有人教了，方便多了", "纪云舒", "当面",
        "还可以。", "不宜回访",
    ):  # fmt: skip
        assert "".join(typed.split()) in text, typed


def test_the_paper_of_an_older_state_is_not_given_for_the_present_one(browse, app):
    order = draft_order(browse, app)
    assert print_paper(browse, app, order).status_code == 200
    issue(browse, order)
    assert browse("clerk").client.get(f"{order_url(order)}/order.pdf").status_code == 404
    with app.app_context():
        assert not paper_pages.is_ready(papers.ORDER, order.id)
