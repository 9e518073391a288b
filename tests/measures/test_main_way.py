"""The whole way through HTTP: a plan is loaded, given out, read, extended, reviewed and closed."""

import pytest
from sqlalchemy import select

from app.kernel import db
from app.kernel.evidence import Span
from app.kernel.feature import features
from app.measures.models import Measure, MeasurePlan, MeasureReading, TaskState
from tests.measures.factories import assign, do, find, light_on, load_plans, read


@pytest.mark.db
def test_a_measure_goes_from_its_plan_to_its_end(browse, app, now):
    load_plans(browse)
    with app.app_context():
        assert len(db.session.scalars(select(Measure)).all()) == 39
    url, indicator = find(app, "3")
    assert "无数据" in light_on(browse, url)
    assert "适时开展2次网络安全应急演练" in browse("chief").get(url).text_of("blockquote")
    assign(browse, url)
    do(browse, "lead", url, "receive")
    read(browse, indicator, value="0", text="演练方案在做。")
    assert "滞后" in light_on(browse, url)
    assert "按序时进度应到1次" in light_on(browse, url)
    browser = browse("lead")
    page = browser.get(f"{url}/extend")
    browser.submit(
        page, {"until_on": "2027-01-15", "reason": "厂商设备未到。"}, form="#extend-form"
    )
    do(browse, "leader", url, "grant", reason="同意。")
    assert "2027年1月15日" in browse("chief").get(url).text_of("#extensions")
    now.move(days=1)
    read(browse, indicator, value="2", read_on="2026-11-21", text="两次演练都做了。")
    assert "正常" in light_on(browse, url)
    do(browse, "lead", url, "report", reason="两次演练完成。")
    do(browse, "chief", url, "return", reason="缺第二次演练的记录。")
    assert "退回" in light_on(browse, url)
    do(browse, "lead", url, "report", reason="补了记录。")
    do(browse, "office", url, "pass", reason="记录齐全。")
    do(browse, "leader", url, "close")
    with app.app_context():
        measure = db.session.get_one(Measure, int(url.rpartition("/")[2]))
        assert measure.state is TaskState.CLOSED
    assert "已销号" in browse("clerk").get("/measures").text
    rules = [rule.name for room in features(app) for rule in room.evidence_rules]
    assert "measures.progress" in rules
    with app.app_context():
        room = next(each for each in features(app) if each.name == "measures")
        facts = list(room.evidence(Span(now.now.date().replace(month=10, day=1), now.now.date())))
    (fact,) = [each for each in facts if each.department_id == 1]
    assert (fact.amount, fact.denominator) == (1, 1)


def test_who_reported_does_not_review_and_who_reviewed_does_not_close(browse, app):
    load_plans(browse)
    url, indicator = find(app, "3")
    assign(browse, url)
    do(browse, "chief", url, "receive")
    read(browse, indicator, value="2")
    do(browse, "chief", url, "report", reason="完成。")
    refused = do(browse, "chief", url, "pass", status=422, reason="自己看过。")
    assert "签收和申请办结的人不能复核" in refused.text


def test_an_extension_is_asked_for_before_the_day_and_twice_at_most(browse, app, now):
    load_plans(browse)
    url, _ = find(app, "3")
    assign(browse, url, ends_on="2026-11-25")
    do(browse, "lead", url, "receive")

    def ask(until, status):
        browser = browse("lead")
        given = {"until_on": until, "reason": "设备未到。"}
        page = browser.get(f"{url}/extend")
        return browser.submit(page, given, form="#extend-form", status=status)

    assert "要晚于现在的期限" in ask("2026-11-25", 422).text
    for until in ("2026-11-26", "2026-11-27"):
        ask(until, 303)
        do(browse, "leader", url, "grant")
    assert "已经申请过2次延期" in ask("2026-11-28", 422).text
    other, _ = find(app, "4")
    assign(browse, other, ends_on="2026-11-20")
    do(browse, "lead", other, "receive")
    browser = browse("lead")
    page = browser.get(f"{other}/extend")
    given = {"until_on": "2026-12-20", "reason": "设备未到。"}
    answer = browser.submit(page, given, form="#extend-form", status=422)
    assert "当天起不能再申请延期" in answer.text


def test_a_correction_is_a_new_reading_and_a_past_day_shows_what_was_known_then(browse, app, now):
    load_plans(browse)
    url, indicator = find(app, "G6")
    assign(browse, url)
    do(browse, "lead", url, "receive")
    read(browse, indicator, value="25")
    now.move(days=2)
    browser = browse("lead")
    (link,) = [each for each in browser.get(url).links() if each.endswith("/correct")]
    page = browser.get(link)
    refused = browser.submit(page, {"value": "18"}, form="#reading-form", status=422)
    assert "请写明更正原因" in refused.text
    given = {"value": "18", "reason": "分母取错。"}
    browser.submit(browser.get(link), given, form="#reading-form")
    assert "达到目标" in light_on(browse, url)
    page = browse("clerk").get(url)
    assert "已更正" in page.text
    assert "25分钟" in page.text
    then = browse("clerk").get("/measures/on/2026-11-20?q=事项平均申请时长")
    assert "11月20日读数25分钟，没有达到目标（不超过20分钟）。" in then.text
    before = browse("clerk").get("/measures/on/2026-11-19?q=事项平均申请时长")
    assert "无数据" in before.text
    assert "待分解" in before.text
    changes = browse("clerk").get("/measures/changes/2026-11-20")
    assert "效能G6" in changes.text_of("tbody")
    assert "效能G5" not in changes.text_of("tbody")
    with app.app_context():
        old, new = db.session.scalars(select(MeasureReading).order_by(MeasureReading.id)).all()
        assert (new.replaces_id, old.value) == (old.id, 25)


def test_readings_of_each_kind_ask_for_what_they_need(browse, app):
    load_plans(browse)
    cases = (
        ("G4", "效能", {"numerator": "46", "denominator": "50"}, "92%（46/50）"),
        ("G11", "效能", {"value": "91", "mean": "92.5"}, "全市平均92.5%"),
        ("5", "效能", {"items": ["星益校", "线上选餐"]}, "2/8项"),
        ("9", "效能", {"progress": "1", "text": "已上线。"}, "已完成"),
    )
    for code, short, values, shown in cases:
        url, indicator = find(app, code, short)
        assign(browse, url)
        do(browse, "lead", url, "receive")
        read(browse, indicator, **values)
        assert shown in browse("clerk").get(url).text
    _, indicator = find(app, "G4")
    wrong = read(browse, indicator, status=422, numerator="51", denominator="50")
    assert "分子不能大于分母" in wrong.text
    _, indicator = find(app, "9")
    assert "请写明进展" in read(browse, indicator, status=422, progress="0", text="").text


def test_the_next_years_plan_is_a_copy_with_other_targets_and_a_closed_one_is_read_only(
    browse, app
):
    load_plans(browse)
    office = browse("office")
    with app.app_context():
        plan_id = db.session.scalar(select(MeasurePlan.id).where(MeasurePlan.short == "效能"))
    url = f"/measures/plans/{plan_id}"
    given = {"year": "2026", "starts_on": "2026-02-01", "ends_on": "2027-01-31"}
    office.submit(office.get(f"{url}/copy"), given, form="#copy-form")
    copied, indicator = find(app, "3")
    office.submit(office.get(f"{indicator}/edit"), {"target": "4"}, form="#target-form")
    assert "不低于4次" in office.get(copied).text
    page = office.get(url)
    asked = office.submit(page, form=f'form[action="{url}/close"]', status=200)
    office.submit(asked, form=".main form[method=post]")
    with app.app_context():
        old = db.session.scalar(
            select(Measure.id).where(Measure.plan_id == plan_id, Measure.code == "3")
        )
    old_page = office.get(f"/measures/tasks/{old}")
    assert "不低于2次" in old_page.text
    assert "填报读数" not in old_page.text
    browser = browse("office")
    page = browser.get(f"/measures/tasks/{old}/assign")
    given = {"department_id": "1", "ends_on": "2026-12-31"}
    refused = browser.submit(page, given, form="#assign-form", status=422)
    assert "已经归档，只能查看" in refused.text
