"""A/B角: registered with dates, at most one B角 a day, ended, cancelled, ended by a departure."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.exc import IntegrityError

from app.accounts import service
from app.accounts.roster import deputies, people
from app.accounts.roster.models import Deputy
from app.audit.models import AuditEvent
from app.kernel import db
from app.kernel.permissions import Role
from tests.accounts.factories import events
from tests.accounts.roster.factories import JOINED, TODAY, join
from tests.support import cast

pytestmark = pytest.mark.db


@pytest.fixture
def pair(app):
    """Give two colleagues of one department: 汤望舒 and 程子衿."""
    with app.app_context():
        return join(), join("SY901", "程子衿")


def add(person_id, deputy_id, starts_on=TODAY, ends_on=None):
    with db.write():
        return deputies.add_deputy(
            person_id=person_id,
            deputy_id=deputy_id,
            starts_on=starts_on,
            ends_on=ends_on,
            added_by_id=cast.person_id("clerk"),
        )


def register(browse, status=303, **values):
    """Fill in the form; gives the answer."""
    clerk = browse("clerk")
    typed = {"staff_number": "SY900", "deputy_number": "SY901", "starts_on": "2026-11-20"}
    return clerk.submit(clerk.get("/deputies/new"), {**typed, **values}, status=status)


def leave(person_id, day):
    with db.write():
        people.let_leave(person_id=person_id, left_on=day, by_id=cast.person_id("clerk"))


def stored():
    db.session.rollback()
    rows = db.session.query(Deputy).order_by(Deputy.id)
    return [(row.starts_on, row.ends_on, row.cancelled_at is not None) for row in rows]


def names(page):
    return [element.text.strip() for element in page.all("tbody a")]


def test_who_stands_in_is_registered_and_shown_to_both(browse, app, pair):
    register(browse, ends_on="2026-12-31")
    clerk = browse("clerk")
    mine, his = (clerk.get(f"/people/{each}") for each in pair)
    assert "B角是程子衿（SY901） 2026年11月20日至2026年12月31日 有效" in mine.text_of("#deputies")
    assert "是B角，A角汤望舒（SY900）" in his.text_of("#deputies")
    assert mine.all("#deputies a[href^='/deputies/']")
    assert "登记A/B角" in mine.text_of("#deputies")
    with app.app_context():
        [event] = events(AuditEvent.ACCOUNTS_DEPUTY_ADDED)
        assert event.person_id == cast.person_id("clerk")
        assert (event.data["for_person"], event.data["stand_in"]) == pair


def test_the_page_of_a_person_leads_to_the_form_with_his_number(browse, app, pair):
    clerk = browse("clerk")
    page = clerk.get(f"/people/{pair[0]}")
    [link] = [each.get("href") for each in page.all("#deputies a") if "new" in each.get("href")]
    assert clerk.get(link).one("#staff_number").get("value") == "SY900"
    assert not browse("chief").get(f"/people/{pair[0]}").all("#deputies a")


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"deputy_number": "sy900"}, "deputy_number", "B角不能是本人"),
        ({"deputy_number": "SY777"}, "deputy_number", "没有这个工号"),
        ({"staff_number": "SY777"}, "staff_number", "没有这个工号"),
        ({"staff_number": ""}, "staff_number", "请写A角的工号"),
        ({"ends_on": "2026-11-19"}, "ends_on", "结束日期不能早于开始日期"),
        ({"starts_on": "2026-01-04"}, "starts_on", "汤望舒2026年1月5日入职"),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(browse, app, pair, values, field, message):
    page = register(browse, status=422, **values)
    assert message in page.text_of(f"#{field}-error")
    typed = {"staff_number": "SY900", **values}["staff_number"]
    assert page.one("#staff_number").get("value") == typed
    with app.app_context():
        assert stored() == []


def test_a_person_has_one_stand_in_on_a_day(browse, app, pair):
    with app.app_context():
        add(*pair, date(2026, 11, 1), date(2026, 11, 30))
    page = register(browse, status=422, deputy_number="SY001", starts_on="2026-11-30")
    message = page.text_of("#starts_on-error")
    assert "这几天的B角已经是程子衿（2026年11月1日至2026年11月30日）" in message
    assert "请先结束原来的，或者改日期" in message
    assert "程子衿已经是B角" in register(browse, status=422).text_of("#starts_on-error")
    register(browse, deputy_number="SY001", starts_on="2026-12-01")
    with app.app_context():
        assert len(stored()) == 2


def test_one_may_stand_in_for_several_and_two_for_each_other(app, pair):
    with app.app_context():
        third = join("SY902", "施一诺")
        for person_id, deputy_id in (pair, (third, pair[1]), pair[::-1]):
            add(person_id, deputy_id)
        assert len(stored()) == 3


def test_the_database_lets_nobody_have_two_on_one_day(app, pair):
    with app.app_context():
        add(*pair, date(2026, 11, 1), date(2026, 11, 30))
        second = {"person_id": pair[0], "deputy_id": cast.person_id("staff")}
        for days in ((date(2026, 11, 30), None), (date(2026, 1, 5), date(2026, 11, 1))):
            with pytest.raises(IntegrityError), db.write():
                db.session.add(Deputy(**second, starts_on=days[0], ends_on=days[1]))
        later = add(pair[0], cast.person_id("staff"), date(2026, 12, 1))
        with pytest.raises(IntegrityError), db.write():
            db.session.get_one(Deputy, later).starts_on = date(2026, 11, 30)
        with pytest.raises(IntegrityError), db.write():
            db.session.add(Deputy(person_id=pair[1], deputy_id=pair[1], starts_on=TODAY))


def test_both_are_in_service_over_the_whole_period(browse, app, pair):
    with app.app_context():
        leave(pair[1], date(2026, 11, 30))
    page = register(browse, status=422)
    assert "程子衿的最后在岗日是2026年11月30日" in page.text_of("#ends_on-error")
    register(browse, ends_on="2026-11-30")


def test_it_ends_on_a_date_that_can_only_be_brought_forward(browse, app, pair):
    with app.app_context():
        deputy_id = add(*pair, date(2026, 11, 1), date(2026, 12, 31))
    clerk, url = browse("clerk"), f"/deputies/{deputy_id}"
    form = "form[action$=end]"
    for day, message in (("2027-01-01", "只能提前"), ("2026-10-31", "不能早于开始日期")):
        page = clerk.submit(clerk.get(url), {"ends_on": day}, form=form, status=422)
        assert message in page.text_of("#ends_on-error")
    clerk.submit(clerk.get(url), {"ends_on": "2026-11-19"}, form=form)
    page = clerk.get(url)
    assert "已结束" in page.text_of("h1")
    assert not page.all("form[action*=deputies]")
    token = clerk.token()
    refused = clerk.post(f"{url}/end", {"csrf_token": token, "ends_on": "2026-11-18"}, status=422)
    assert "已经结束或者取消" in refused.text
    with app.app_context():
        assert stored() == [(date(2026, 11, 1), date(2026, 11, 19), False)]
        [event] = events(AuditEvent.ACCOUNTS_DEPUTY_ENDED)
        assert event.data["ends_on"] == "2026-11-19"


def test_what_has_not_begun_is_cancelled_and_can_be_registered_again(browse, app, pair):
    with app.app_context():
        deputy_id = add(*pair, date(2026, 12, 1))
    clerk, url = browse("clerk"), f"/deputies/{deputy_id}"
    asked = clerk.submit(clerk.get(url), form="form[action$=cancel]", status=200)
    with app.app_context():
        assert stored()[0][2] is False
    clerk.submit(asked)
    assert "已取消" in clerk.get(url).text_of("h1")
    assert "没有登记A/B角" in clerk.get(f"/people/{pair[0]}").text_of("#deputies")
    register(browse, starts_on="2026-12-01")
    with app.app_context():
        assert [row[2] for row in stored()] == [True, False]
        assert len(events(AuditEvent.ACCOUNTS_DEPUTY_CANCELLED)) == 1


def test_what_has_begun_is_not_cancelled(browse, app, pair):
    with app.app_context():
        deputy_id = add(*pair)
    clerk, url = browse("clerk"), f"/deputies/{deputy_id}"
    assert not clerk.get(url).all("form[action$=cancel]")
    sent = {"csrf_token": clerk.token(), "confirmed": "yes"}
    page = clerk.follow(clerk.post(f"{url}/cancel", sent))
    assert "已经开始的不能取消，请填结束日期" in page.text
    with app.app_context():
        assert stored() == [(TODAY, None, False)]


@pytest.mark.parametrize("who", [0, 1])
def test_the_departure_of_either_ends_it_that_day(app, pair, who):
    with app.app_context():
        running = add(*pair, date(2026, 11, 1), date(2026, 11, 30))
        coming = add(*pair, date(2026, 12, 1))
        leave(pair[who], date(2026, 11, 24))
        assert stored() == [
            (date(2026, 11, 1), date(2026, 11, 24), False),
            (date(2026, 12, 1), None, True),
        ]
        [event] = events(AuditEvent.ACCOUNTS_LEFT)
        assert sorted(event.data["ended_deputies"]) == [running, coming]


def test_a_departure_leaves_alone_what_has_ended_before(app, pair):
    with app.app_context():
        add(*pair, date(2026, 10, 1), date(2026, 10, 31))
        leave(pair[0], date(2026, 11, 24))
        assert stored() == [(date(2026, 10, 1), date(2026, 10, 31), False)]


def test_a_clerk_of_one_department_keeps_its_pairs_only(browse, app, pair):
    with app.app_context():
        elsewhere = add(*pair)
        here = add(cast.person_id("staff"), pair[0])
        with db.write():
            service.grant_at_set_up(
                person_id=cast.person_id("other"),
                role=Role.CLERK,
                department_id=cast.department_ids()[0],
                starts_on=JOINED,
            )
    liaison = browse("other")
    assert names(liaison.get("/deputies")) == ["单知远"]
    options = [
        each.get("value") for each in liaison.get("/deputies").all("#deputy-list-department option")
    ]
    with app.app_context():
        assert options == ["", str(cast.department_ids()[0])]
    assert liaison.get(f"/deputies/{here}").all("form[action$=end]")
    liaison.get(f"/deputies/{elsewhere}", status=404)
    typed = {"staff_number": "SY901", "deputy_number": "SY001"}
    page = liaison.submit(liaison.get("/deputies/new"), typed, status=422)
    assert "不在你负责的部门" in page.text_of("#staff_number-error")
    # A reader of the whole centre who keeps one department may not change the others.
    with app.app_context(), db.write():
        service.grant_at_set_up(
            person_id=cast.person_id("other"), role=Role.LEADER, starts_on=JOINED
        )
    assert not liaison.get(f"/deputies/{elsewhere}").all("form[action*=deputies]")
    for act in ("end", "cancel"):
        sent = {"csrf_token": liaison.token(), "ends_on": "2026-11-30", "confirmed": "yes"}
        liaison.post(f"/deputies/{elsewhere}/{act}", sent, status=403)
    with app.app_context():
        assert [row[1:] for row in stored()] == [(None, False)] * 2


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=tang", ["程子衿", "汤望舒"]),
        ("q=SY001", ["单知远", "施一诺", "汤望舒"]),
        ("state=past", ["程子衿", "施一诺"]),
        ("state=valid", ["单知远"]),
        ("state=coming", ["汤望舒"]),
        ("department=1", ["单知远"]),
        ("department=2&sort=-person", ["汤望舒", "施一诺", "程子衿"]),
        ("department=9&q=%25", []),
    ],
)
def test_the_list_is_searched_filtered_and_sorted(browse, app, pair, query, found):
    with app.app_context():
        staff = cast.person_id("staff")
        add(pair[1], pair[0], date(2026, 10, 1), date(2026, 10, 31))
        add(staff, pair[1])
        add(pair[0], staff, date(2026, 12, 1))
        gone = add(join("SY902", "施一诺"), staff, date(2026, 12, 1))
        with db.write():
            deputies.cancel_deputy(deputy_id=gone, cancelled_by_id=staff)
    # 程子衿 sorts before 单知远, and he before 汤望舒.
    assert names(browse("clerk").get(f"/deputies?{query}")) == found


def test_the_excel_file_holds_what_the_page_shows(browse, app, pair):
    with app.app_context():
        add(*pair, ends_on=date(2026, 12, 31))
    answer = browse("chief").client.get("/deputies/export")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0)
    header, row = sheet.to_python()
    page = browse("chief").get("/deputies")
    assert [each.text.strip() for each in page.all("thead th a, thead th:not(:has(a))")] == header
    assert row[:5] == ["汤望舒", "SY900", "区税务局", "程子衿", "SY901"]
    assert row[5:] == ["2026-11-20", "2026-12-31", "有效"]
    with app.app_context():
        [event] = events(AuditEvent.RECORD_EXPORTED)
        assert event.object_type == "deputies"
