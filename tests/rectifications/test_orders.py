"""整改通知单 through HTTP, from its signature to 销号, and every way back."""

import io
from datetime import date, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.files import papers
from app.inbox.models import OpenStep
from app.inspections.models import Track
from app.jobs import service as jobs
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from app.rectifications import service
from app.rectifications.models import OrderPhoto, OrderState, RectificationOrder, Severity
from app.rectifications.papers import PAPER
from app.rectifications.settings import APPEAL_DAYS, MEND_MINOR
from app.settings import service as settings
from app.settings.service import Change
from app.workdays import imports
from app.workflow.models import WorkflowMove
from tests.inspections import factories as rounds
from tests.rectifications import factories
from tests.support import inside
from tests.support.inside import count, one, person

REPLY = {
    "cause": "process",
    "measure": "补齐暂停服务牌，班前逐窗检查。",
    "responsible_number": "SY001",
    "done_on": "2026-11-20",
    "is_unclassified": "y",
}


@pytest.fixture(autouse=True)
def site(app):
    inside.use(app)
    inside.write(lambda: imports.import_missing_years(around=date(2026, 11, 20)))


@pytest.fixture
def checker():
    """An inspector who has found nothing."""
    return inside.write(lambda: rounds.add_inspector("SY061"))


@pytest.fixture
def as_checker(app, checker, browse):
    """A browser of that inspector: `other` holds the role too, and found nothing."""
    rounds.grant(person("other"), Role.INSPECTOR)
    return browse("other")


def press(browser, public_id, name, *, reason=None, status=303):
    """Make a move on its own page."""
    page = browser.get(f"/rectifications/{public_id}/{name}")
    values = {"reason": reason} if reason is not None else {}
    return browser.submit(page, values, form="main form[method=post]", status=status)


def picture(name="整改后.jpg"):
    return (io.BytesIO(rounds.picture()), name)


@pytest.mark.db
def test_whole_way_from_signature_to_the_end(browse, as_checker):
    _, public_id = factories.issue()
    url = f"/rectifications/{public_id}"
    assert "未编号" in browse("inspector").get(url).text_of("h1")
    browse("lead").get(url, status=404)
    press(browse("chief"), public_id, "sign")
    lead = browse("lead")
    page = lead.get(url)
    assert "整改2026-001" in page.text_of("h1")
    assert "待签收" in page.text
    press(lead, public_id, "receive")
    shown = lead.get(url).text
    assert "签收次日起3个工作日，至11月25日17:00" in shown
    form = lead.get(f"{url}/reply")
    hidden = {e.get("name"): e.get("value") for e in form.all("#reply-form input[type=hidden]")}
    lead.post(f"{url}/reply", {**hidden, **REPLY, "file": picture()})
    press(as_checker, public_id, "pass", reason="现场查看，暂停服务牌已补齐。")
    answer = press(browse("chief"), public_id, "close")
    done = browse("chief").follow(answer)
    assert "已销号" in done.text
    order = one(RectificationOrder)
    assert order.state is OrderState.CLOSED
    assert (order.repaired_by_id, order.rechecked_by_id, order.closed_by_id) == (
        person("lead"),
        person("other"),
        person("chief"),
    )
    assert [each.move for each in inside.rows(WorkflowMove)] == [
        "begin", "sign", "receive", "reply", "pass", "close",
    ]  # fmt: skip
    assert count(OpenStep, OpenStep.closed_at.is_(None)) == 0


@pytest.mark.db
def test_drafter_does_not_sign_what_he_drafted(browse):
    rounds.grant(person("inspector"), Role.SECTION_CHIEF)
    _, public_id = factories.issue()
    answer = press(browse("inspector"), public_id, "sign", status=422)
    assert "发现问题的人和开单人不能签发" in answer.text
    assert one(RectificationOrder).state is OrderState.TO_SIGN


@pytest.mark.db
def test_nobody_of_the_round_signs_rechecks_or_decides(browse):
    """The mate made an order of what the inspector had found, and a leader led both."""
    rounds.grant(person("other"), Role.INSPECTOR)
    hall = rounds.furnish()
    round_id, _ = rounds.begin({**hall, "mate": person("other")})
    found = rounds.find(
        round_id, hall["A01"], code="paused", track=Track.ON_THE_SPOT, with_photo=True
    )
    rounds.escalate(found, who="other")
    order = one(RectificationOrder)
    of_round = (order.found_by_id, order.drafted_by_id, order.found_with_id, order.led_by_id)
    assert of_round == tuple(map(person, ("inspector", "other", "other", "leader")))
    for who in ("inspector", "other", "leader"):
        for role in (Role.INSPECTOR, Role.SECTION_CHIEF, Role.LEADER):
            rounds.grant(person(who), role)
    rounds.grant(person("chief"), Role.LEADER)

    def refused(name, *people):
        for who in people:
            answer = press(browse(who), order.public_id, name, reason="看过。", status=422)
            assert "系统管理员" in answer.text, (who, name)
        page = browse("inspector").get(f"/rectifications/{order.public_id}").text
        return "没有人能办这一步" in page

    assert not refused("sign", "inspector", "other")
    press(browse("chief"), order.public_id, "sign")
    press(browse("lead"), order.public_id, "receive")
    press(browse("lead"), order.public_id, "appeal", reason="当时已摆牌。")
    assert refused("dismiss", "inspector", "other", "leader", "chief")
    assert refused("uphold", "other"), "nobody is left, and the page says what helps"
    rounds.grant(person("office"), Role.LEADER)
    assert not refused("uphold", "leader")
    press(browse("office"), order.public_id, "dismiss", reason="事实清楚。")
    factories.add_photo(order.id)
    factories.reply(order.id)
    assert not refused("pass", "inspector", "other", "leader"), "others go round too"
    factories.move(order.id, "pass", hall["third"])
    assert one(RectificationOrder).rechecked_by_id == hall["third"]


@pytest.mark.db
def test_finder_and_repairer_do_not_recheck(browse):
    _, public_id = factories.to_recheck()
    answer = press(browse("inspector"), public_id, "pass", reason="看过了。", status=422)
    assert "整改的人不能复查" in answer.text
    rounds.grant(person("lead"), Role.INSPECTOR)
    answer = press(browse("lead"), public_id, "pass", reason="看过了。", status=422)
    assert "不能复查" in answer.text
    rounds.grant(person("staff"), Role.INSPECTOR)
    answer = press(browse("staff"), public_id, "pass", reason="看过了。", status=422)
    assert "不能复查" in answer.text, "who was responsible for mending does not re-check"


@pytest.mark.db
@pytest.mark.parametrize(
    "change",
    [
        "rechecked_by_id = found_by_id",
        "rechecked_by_id = repaired_by_id",
        "rechecked_by_id = responsible_id",
        "rechecked_by_id = drafted_by_id",
        "rechecked_by_id = found_with_id",
        "rechecked_by_id = led_by_id",
        "signed_by_id = found_by_id",
        "decided_by_id = drafted_by_id",
        "decided_by_id = found_with_id",
        "decided_by_id = led_by_id",
        "signed_by_id = drafted_by_id",
        "closed_by_id = rechecked_by_id",
        "closed_by_id = drafted_by_id",
        "closed_by_id = repaired_by_id",
        "decided_by_id = signed_by_id",
        "decided_by_id = found_by_id",
        "number = NULL",
        "state = 'closed', is_passed = NULL",
        "state = 'closed', measure = ''",
    ],
)
def test_database_keeps_duties_apart(change, checker):
    factories.to_close(checker, drafter="clerk", mate=person("other"), leader=person("leader"))
    with pytest.raises(IntegrityError):
        inside.write(lambda: db.session.execute(text(f"UPDATE rectification_order SET {change}")))  # noqa: S608


@pytest.mark.db
def test_sent_back_order_is_amended_and_sent_again(browse):
    _, public_id = factories.issue()
    press(browse("chief"), public_id, "send-back", reason="请写明替代窗口。")
    inspector = browse("inspector")
    page = inspector.get(f"/rectifications/{public_id}/edit")
    inspector.submit(page, {"requirement": "摆牌并写明至A02窗口。"}, form="#order-form")
    inspector.get(f"/rectifications/{public_id}")
    press(inspector, public_id, "resubmit")
    order = one(RectificationOrder)
    assert order.state is OrderState.TO_SIGN
    assert order.requirement == "摆牌并写明至A02窗口。"
    page = inspector.get(f"/rectifications/{public_id}/edit")
    refused = inspector.submit(page, form="#order-form", status=422)
    assert "只有退回补充的通知单可以修改" in refused.text


def test_only_the_drafter_amends(browse):
    order_id, public_id = factories.issue()
    factories.move(order_id, "send-back", "chief")
    browse("clerk").get(f"/rectifications/{public_id}/edit", status=404)


def test_withdrawn_order_leaves_no_gap_in_the_numbers(browse):
    first, _ = factories.issue()
    factories.move(first, "send-back", "chief")
    factories.move(first, "withdraw", "inspector")
    second, _ = factories.issue()
    factories.move(second, "sign", "chief")
    orders = inside.rows(RectificationOrder)
    assert [each.number for each in orders] == [None, "整改2026-001"]
    assert orders[0].state is OrderState.NOT_ISSUED, "only a decision about an appeal revokes"


@pytest.mark.db
def test_reply_needs_a_photo_a_cause_and_somebody_of_the_department(browse):
    _, public_id = factories.mending()
    lead, url = browse("lead"), f"/rectifications/{public_id}/reply"
    page = lead.get(url)
    hidden = {e.get("name"): e.get("value") for e in page.all("#reply-form input[type=hidden]")}
    assert "至少上传一张" in lead.post(url, {**hidden, **REPLY}, status=422).text
    assert "请选择原因" in lead.post(url, {**hidden, **REPLY, "cause": ""}, status=422).text
    values = {**hidden, **REPLY, "responsible_number": "SY002", "file": picture()}
    assert "不在被通知的部门" in lead.post(url, values, status=422).text
    values = {**hidden, **REPLY, "done_on": "2026-11-19", "file": picture()}
    refused = lead.post(url, values, status=422)
    assert "应在签收之后" in refused.text
    assert count(OrderPhoto) == 0, "a refusal keeps nothing"
    assert one(RectificationOrder).state is OrderState.MENDING
    # But the photo is not asked for again: it comes with the form that is shown.
    kept = refused.one("#reply-form input[name=kept]").get("value")
    lead.post(url, {**hidden, **REPLY, "kept": kept})
    assert count(OrderPhoto) == 1


@pytest.mark.db
def test_photos_are_added_while_mending_and_seen_by_those_concerned(browse):
    order_id, public_id = factories.mending()
    lead = browse("lead")
    page = lead.get(f"/rectifications/{public_id}/photos/new")
    hidden = {e.get("name"): e.get("value") for e in page.all("#photo-form input[type=hidden]")}
    lead.post(page.url, {**hidden, "is_unclassified": "y", "file": picture()})
    photo = one(OrderPhoto)
    url = f"/rectifications/photos/{photo.public_id}"
    assert lead.get(url).headers["Content-Type"] == "image/jpeg"
    browse("other").get(url, status=403)
    browse("inspector").get(url)
    factories.reply(order_id)
    refused = lead.post(page.url, {**hidden, "is_unclassified": "y", "file": picture()}, status=422)
    assert "只有整改中的通知单" in refused.text


@pytest.mark.db
def test_failed_recheck_goes_back_and_the_days_begin_anew(browse, now):
    rounds.grant(person("other"), Role.INSPECTOR)
    _, public_id = factories.to_recheck()
    now.move(days=3)
    press(browse("other"), public_id, "fail", reason="B区两个窗口仍没有摆牌。")
    order = one(RectificationOrder)
    assert order.state is OrderState.MENDING
    assert order.is_passed is False
    assert clock.local(order.due_at).date() == date(2026, 11, 26), "three days from Monday the 23rd"
    page = browse("lead").get(f"/rectifications/{public_id}")
    assert "退回重改" in page.text
    assert "B区两个窗口仍没有摆牌" in page.text


@pytest.mark.db
def test_what_failed_is_not_handed_in_again_without_new_evidence(browse):
    rounds.grant(person("other"), Role.INSPECTOR)
    order_id, public_id = factories.mending()
    for _ in range(service.MAX_PHOTOS):
        factories.add_photo(order_id)
    with pytest.raises(RefusedError, match="最多6张"):
        factories.add_photo(order_id)
    factories.reply(order_id)
    press(browse("other"), public_id, "fail", reason="仍没有摆牌。")
    lead, url = browse("lead"), f"/rectifications/{public_id}/reply"
    hidden = {
        e.get("name"): e.get("value") for e in lead.get(url).all("#reply-form input[type=hidden]")
    }
    refused = lead.post(url, {**hidden, **REPLY}, status=422)
    assert "请至少上传一张那以后拍的照片" in refused.text
    lead.post(url, {**hidden, **REPLY, "file": picture()})
    assert one(RectificationOrder).state is OrderState.TO_RECHECK
    last = inside.rows(WorkflowMove)[-1]
    assert len(last.files) == 1, "the evidence of this time alone"


# ---------- on paper


def enter(clerk, url, status=303, **values):
    """Enter a signed sheet on the page that is made for it."""
    page = clerk.get(url)
    hidden = {e.get("name"): e.get("value") for e in page.all("main form input[type=hidden]")}
    known = {"signed_by": "SY002", "signed_on": "2026-11-20", "is_unclassified": "y"}
    return clerk.post(url, {**hidden, **known, "file": picture(), **values}, status=status)


@pytest.mark.db
def test_department_without_a_lead_answers_on_paper(browse, now):
    """It signs for the order, objects and answers; the clerk enters who signed, when, the scan."""
    order_id, public_id = factories.issue(department=1)
    factories.move(order_id, "sign", "chief")
    now.move(days=3)
    clerk, url = browse("clerk"), f"/rectifications/{public_id}"
    page = clerk.get(url).text
    assert "这个部门没有登记窗口负责人" in page
    assert "代录纸质单：签收" in page
    told = enter(clerk, f"{url}/receive/signed", 422, signed_by="SY001").text
    assert "签字的人那一天不在这个部门" in told
    told = enter(clerk, f"{url}/receive/signed", 422, signed_on="2026-11-19").text
    assert "纸上的日期早于" in told
    enter(clerk, f"{url}/receive/signed")
    order = one(RectificationOrder)
    assert (order.state, order.received_by_id) == (OrderState.MENDING, person("other"))
    assert clock.local(order.due_at).date() == date(2026, 11, 25), "from the day on the sheet"
    now.move(days=4)
    clerk = browse("clerk")
    told = enter(clerk, f"{url}/appeal/signed", 422, signed_on="2026-11-26", reason="有异议。").text
    assert "申诉期限已过" in told
    enter(clerk, f"{url}/appeal/signed", signed_on="2026-11-24", reason="当时已摆牌。")
    assert one(RectificationOrder).appealed_by_id == person("other")
    press(browse("leader"), public_id, "dismiss", reason="事实清楚。")
    said = {**REPLY, "responsible_number": "SY002", "signed_on": "2026-11-25"}
    told = enter(clerk, f"{url}/reply/signed", 422, **said)
    assert "至少上传一张整改后的照片" in told.text
    told = enter(
        clerk, f"{url}/reply/signed", 422, **{**said, "is_unclassified": "", "photo": picture()}
    )
    assert "请核对后打勾" in told.text
    enter(clerk, f"{url}/reply/signed", **said, photo=picture())
    order = one(RectificationOrder)
    assert (order.state, order.repaired_by_id) == (OrderState.TO_RECHECK, person("other"))
    path = clerk.get(url).text
    assert path.count("纸质单；代录人") == 3
    browse("lead").get(f"{url}/reply/signed", status=403)


@pytest.mark.db
def test_what_the_notice_promises_does_not_change_with_the_settings(browse, now):
    _, public_id = factories.mending()
    inside.write(
        lambda: [
            settings.change_setting(
                setting=each,
                change=Change(text="9", valid_from=date(2026, 11, 21), reason="例会", version=0),
                set_by_id=person("office"),
                set_by="办公室",
            )
            for each in (MEND_MINOR, APPEAL_DAYS)
        ]
    )
    now.move(days=1)
    shown = browse("lead").get(f"/rectifications/{public_id}").text
    assert shown.count("11月25日17:00") > 1, "both days, of mending and of objecting"
    assert "签收次日起3个工作日，至11月25日17:00" in shown
    assert "3个工作日内申诉" in inside.run(lambda: PAPER.snapshot(one_id()).appeal)


def one_id():
    return db.session.scalars(select(RectificationOrder.id)).one()


# ---------- appeal


@pytest.mark.db
def test_upheld_appeal_revokes_the_order(browse):
    _, public_id = factories.mending()
    press(browse("lead"), public_id, "appeal", reason="当时已摆牌，有监控为证。")
    answer = press(browse("leader"), public_id, "uphold", reason="调看监控，事实不成立。")
    assert "已撤销" in browse("leader").follow(answer).text
    assert one(RectificationOrder).state is OrderState.REVOKED


@pytest.mark.db
def test_dismissed_appeal_lets_the_clock_run_on(browse, now):
    _, public_id = factories.mending()
    due = one(RectificationOrder).due_at
    press(browse("lead"), public_id, "appeal", reason="有异议。")
    now.move(days=3)
    press(browse("leader"), public_id, "dismiss", reason="事实清楚，维持。")
    order = one(RectificationOrder)
    assert order.state is OrderState.MENDING
    assert order.due_at == due, "the same day as before the appeal"
    refused = press(browse("lead"), public_id, "appeal", reason="再申诉。", status=422)
    assert "不再受理" in refused.text


@pytest.mark.db
def test_appeal_after_its_days_is_refused(browse, now):
    _, public_id = factories.mending(severity=Severity.GRAVE)
    now.move(days=5, hours=8)
    refused = press(browse("lead"), public_id, "appeal", reason="有异议。", status=422)
    assert "申诉期限已过（至11月25日 17:00）" in refused.text


@pytest.mark.db
def test_who_signed_or_inspected_does_not_decide_an_appeal(browse):
    _, public_id = factories.mending()
    press(browse("lead"), public_id, "appeal", reason="有异议。")
    for who in ("chief", "inspector"):
        rounds.grant(person(who), Role.LEADER)
        answer = press(browse(who), public_id, "uphold", reason="成立。", status=422)
        assert "不能裁定" in answer.text


# ---------- deadlines


@pytest.mark.db
@pytest.mark.parametrize(
    ("severity", "received", "due"),
    [
        (Severity.MINOR, (2026, 9, 28, 10, 0), date(2026, 10, 8)),
        (Severity.SERIOUS, (2026, 2, 12, 10, 0), date(2026, 2, 26)),
        (Severity.GRAVE, (2026, 9, 28, 10, 0), date(2026, 10, 23)),
        (Severity.MINOR, (2026, 11, 20, 17, 30), date(2026, 11, 26)),
    ],
)
def test_deadline_counts_working_days_over_holidays(severity, received, due, now):
    now.now = clock.from_local(datetime(*received))  # noqa: DTZ001 - the hall's time.
    factories.mending(severity=severity)
    order = one(RectificationOrder)
    assert clock.local(order.due_at) == datetime.combine(
        due, datetime.min.time().replace(hour=17), clock.SHANGHAI
    )


@pytest.mark.db
def test_overdue_is_a_light_and_a_filter_and_no_state(browse, now):
    factories.mending()
    now.move(days=6)
    listed = browse("chief").get("/rectifications?state=overdue")
    assert "逾期" in listed.text
    assert "整改2026-001" in listed.text
    assert "overdue" not in set(OrderState)
    now.move(days=-1)
    assert "整改2026-001" not in browse("chief").get("/rectifications?state=overdue").text


# ---------- list, paper, new


@pytest.mark.db
def test_ledger_shows_to_each_what_concerns_him(browse):
    first, _ = factories.issue()
    factories.move(first, "sign", "chief")
    other, _ = factories.issue(department=1)
    factories.move(other, "sign", "chief")
    factories.issue()
    assert "共3张通知单" in browse("chief").get("/rectifications").text
    lead = browse("lead").get("/rectifications")
    assert "共1张通知单" in lead.text, "his department's, once signed"
    browse("staff").get("/rectifications", status=403)


@pytest.mark.db
def test_paper_says_every_field_with_reply_and_recheck(checker):
    order_id, _ = factories.to_close(checker)
    factories.move(order_id, "close", "chief")
    words = inside.run(lambda: pdf_words(order_id))
    for field in (
        "编号", "送达部门", "来源单号", "事实", "违反依据", "整改要求", "时限", "反馈方式", "申诉权利与期限", "签发人",
        "经办人", "电话", "签收人", "签收时间", "回执", "原因", "整改措施", "责任人", "完成日期", "佐证", "单位负责人",
        "复查栏", "复查人", "复查日期", "复查结果", "销号人",
    ):  # fmt: skip
        assert field in words, field
    for value in (
        "整改2026-001", "不动产登记中心", "巡查2026-007", "暂停服务未摆牌", "任务举措8", "摆放暂停服务牌",
        "签收次日起3个工作日，至11月25日17:00", "顾晓岚", "祝承安", "葛书宁", "流程", "补齐暂停服务牌", "单知远",
        "照片1张", "巡查SY061", "通过",
    ):  # fmt: skip
        assert value in words, value


def pdf_words(order_id):
    """Print an order, and give its text without blanks."""
    from tests.support.papers import words_of  # noqa: PLC0415

    snapshot = PAPER.snapshot(order_id)
    return words_of(PAPER.document(snapshot, papers.code_of(snapshot)))


@pytest.mark.db
def test_paper_is_ordered_and_opened_by_who_may_see_the_order(browse, app):
    _, public_id = factories.issue()
    chief = browse("chief")
    page = chief.get(f"/rectifications/{public_id}")
    chief.submit(page, form="form[action$=print-order]")
    with app.app_context():
        for job_id in jobs.list_startable():
            jobs.run_job(job_id)
    answer = chief.get(f"/rectifications/{public_id}/order.pdf")
    assert answer.data.startswith(b"%PDF")
    browse("lead").get(f"/rectifications/{public_id}/order.pdf", status=404)


@pytest.mark.db
def test_clerk_drafts_what_an_outside_report_says(browse):
    clerk = browse("clerk")
    page = clerk.get("/rectifications/new")
    values = {
        "department_id": "1",
        "window_id": "0",
        "severity": "serious",
        "fact": "外部暗访报告第3项：承诺牌过期。",
        "basis": "清廉窗口创建实施方案 任务举措10",
        "requirement": "更换承诺牌。",
    }
    answer = clerk.submit(page, values, form="#order-form")
    assert "外部暗访报告第3项" in clerk.follow(answer).text
    order = one(RectificationOrder)
    assert order.drafted_by_id == person("clerk")
    assert clerk.submit(page, {"fact": ""}, form="#order-form", status=422).text.count("请写明事实")


@pytest.mark.db
def test_service_refuses_a_recheck_by_the_finder_below_the_page():
    order_id, _ = factories.to_recheck()
    with pytest.raises(RefusedError, match="不能复查"):
        factories.move(order_id, "pass", "inspector")
    assert one(RectificationOrder).rechecked_by_id is None
