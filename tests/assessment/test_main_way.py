"""The whole way through HTTP: a scheme before its quarter, collecting, preview, objection, release."""

import pytest

from app.assessment.models import CycleState
from app.kernel.evidence import EvidenceState
from tests.assessment import factories
from tests.assessment.factories import portrait_of, rows_of, url_of
from tests.support import inside


@pytest.fixture
def hall(app):
    inside.use(app)
    return app


def do(browser, url, name, **values):
    """Make a move by its page, or by its button where it has none."""
    page = browser.get(f"{url}/{name}")
    return browser.submit(page, values, form="form.form")


def short(page, weight="60"):
    """Give what makes a scheme of two dimensions, whatever other rules there are."""
    names = [each.get("name", "") for each in page.all("#scheme-form input, #scheme-form select")]
    given = {each: "" for each in names if each.startswith(("name_", "weight_"))}
    given |= {each: "0" for each in names if each.endswith("__in")}
    return given | {
        "name_1": "月度考试", "weight_1": weight, "name_2": "规范履职", "weight_2": "40",
        "exams__mark__in": "1", "exams__absent__in": "1", "inspections__finding__in": "2",
        "suggestions__adopted__in": "1",
    }  # fmt: skip


@pytest.mark.db
def test_a_quarter_from_its_scheme_to_its_release(hall, browse, now):  # noqa: PLR0915
    now.now = factories.at(6, 10)
    clerk, leader = browse("clerk"), browse("leader")
    page = clerk.get("/assessment/schemes/new")
    address = clerk.submit(page, {"period": "2026-3"}, form="#scheme-form").location
    page = clerk.get(address)
    broken = clerk.submit(page, short(page, weight="59"), form="#scheme-form").location
    assert "各维度权重相加是99" in clerk.get(broken).text
    page = clerk.get(address)
    url = clerk.submit(page, short(page), form="#scheme-form").location
    page = clerk.get(url)
    clerk.submit(page, form='form[action$="/submit"]')
    do(leader, url, "approve")
    assert "已锁定" in browse("staff").get(url).text
    now.now = factories.at(9, 1)
    factories.happen()
    now.now = factories.at(10, 12)
    office = browse("office")
    page = office.get(url)
    office.submit(page, form='form[action$="/cycle"]')
    factories.work()
    cycle = factories.cycle()
    where = f"/assessment/cycles/{cycle.id}"
    assert browse("staff").get("/assessment/portraits").text.count(factories.QUARTER) == 0
    do(office, where, "preview")
    staff = browse("staff")
    assert factories.QUARTER in staff.get("/notices").text
    portrait = portrait_of("staff")
    page = staff.get(url_of(portrait))
    for text in ("首次提醒免扣", "30/30", "规范履职", "99.6"):
        assert text in page.text
    fault = next(each for each in rows_of("staff", "inspections.finding") if each.points)
    page = staff.get(url_of(portrait, "rows", fault.place))
    assert staff.get(page.one("a.btn-primary").get("href")).status == 200
    page = staff.get(url_of(portrait, "rows", fault.place, "objection"))
    wrong = staff.submit(page, {"reason": ""}, form="#objection-form", status=422)
    assert "请写明理由" in wrong.text
    page = staff.get(url_of(portrait, "rows", fault.place, "objection"))
    given = {"ground": "fact", "reason": "当时在取号机旁引导老人。"}
    objection = staff.submit(page, given, form="#objection-form").location
    lead = browse("lead")
    page = lead.get(url_of(portrait, "comment"))
    lead.submit(page, {"text": "讲解耐心，交班时漏摆过一次牌。"}, form="#words-form")
    now.now = factories.at(10, 30)
    leader, staff, office = browse("leader"), browse("staff"), browse("office")
    page = leader.get(f"{where}/approve")
    assert "还有1条异议" in leader.submit(page, form="form.form", status=422).text
    before = portrait.total
    do(browse("chief"), objection, "uphold", reason="调取监控，属实。")
    after = portrait_of("staff")
    assert (after.edition, after.scores == portrait.scores) == (2, False)
    assert before is None or after.total >= before
    row = next(each for each in rows_of("staff") if each.place == fault.place)
    assert (row.state, row.points) == (EvidenceState.OVERTURNED, None)
    page = staff.get(url_of(after))
    assert "异议成立" in page.text
    assert "第2版" in page.text
    do(leader, where, "approve")
    do(office, where, "release")
    assert factories.cycle().state is CycleState.RELEASED
    assert "已经公布" in staff.get("/notices").text
    assert "提出异议的期限已过" in staff.submit(
        staff.get(url_of(after, "rows", fault.place, "objection")), given,
        form="#objection-form", status=422,
    ).text  # fmt: skip
