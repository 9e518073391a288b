"""事项授权: given by whoever answers for the 事项, never to himself, with dates; seen by scope."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import service
from app.accounts.roster import authorisations, people
from app.accounts.roster.models import Authorisation, ServiceItem
from app.audit.models import AuditEvent
from app.kernel import db
from app.kernel.permissions import Role
from tests.accounts.factories import events
from tests.accounts.roster.factories import JOINED, TODAY, join
from tests.support import cast

pytestmark = pytest.mark.db


@pytest.fixture
def colleague(app):
    with app.app_context():
        return join()


@pytest.fixture
def items(app):
    """Give a 事项 of each department: 不动产登记 (SX-001) and 契税申报 (SX-002)."""
    with app.app_context():
        return [add_item(place, name) for place, name in enumerate(("不动产登记", "契税申报"))]


def add_item(department, name, **values):
    with db.write():
        item = ServiceItem(
            code=f"SX-00{department + 1}{values.pop('suffix', '')}",
            name=name,
            department_id=cast.department_ids()[department],
            depth="全程网办",
            is_frequent=False,
            manual_version="",
            **values,
        )
        db.session.add(item)
        db.session.flush()
        return item.id


def grant(who, role, department=None, starts_on=JOINED):
    """Give a role in one department, or everywhere."""
    homes = cast.department_ids()
    with db.write():
        service.grant_at_set_up(
            person_id=cast.person_id(who),
            role=role,
            department_id=None if department is None else homes[department],
            starts_on=starts_on,
        )


def add(person_id, item_id, starts_on=TODAY, ends_on=None):
    with db.write():
        return authorisations.give_authorisation(
            person_id=person_id,
            service_item_id=item_id,
            starts_on=starts_on,
            ends_on=ends_on,
            granted_by_id=cast.person_id("chief"),
        )


def give(browse, status=303, who="chief", **values):
    """Fill in the form; gives the answer."""
    giver = browse(who)
    typed = {"staff_number": "SY900", "starts_on": "2026-11-20", **values}
    return giver.submit(giver.get("/authorisations/new"), typed, status=status)


def stored():
    db.session.rollback()
    rows = db.session.query(Authorisation).order_by(Authorisation.id)
    return [(row.starts_on, row.ends_on, row.cancelled_at is not None) for row in rows]


def count(item_id, day):
    """Give how many people are authorised for a 事项 on a day."""
    found = select(authorisations.count_authorised(day)).where(ServiceItem.id == item_id)
    return db.session.scalar(found.select_from(ServiceItem))


def names(page):
    return [element.text.strip() for element in page.all("tbody a")]


def test_whoever_signs_in_gives_it_and_every_page_shows_it(browse, app, colleague, items):
    give(browse, service_item_id=items[1], ends_on="2026-12-31")
    with app.app_context():
        row = db.session.query(Authorisation).one()
        assert row.granted_by_id == cast.person_id("chief")
        [event] = events(AuditEvent.ACCOUNTS_AUTHORISATION_GIVEN)
        assert event.person_id == cast.person_id("chief")
        assert (event.data["for_person"], event.data["service_item"]) == (colleague, items[1])
    clerk = browse("clerk")
    card = clerk.get(f"/people/{colleague}").text_of("#authorisations")
    assert "契税申报（SX-002） 2026年11月20日至2026年12月31日 顾晓岚授权 有效" in card
    [link] = clerk.get("/authorisations").all("tbody a")
    shown = clerk.get(link.get("href"))
    assert "授权人 顾晓岚" in shown.text
    # The clerk reads: until 线下签批 he neither gives nor ends.
    assert not shown.all("form[action*=authorisations]")
    clerk.get("/authorisations/new", status=403)
    # 三员 do no business: no card, no list.
    assert not browse("sysadmin").get(f"/people/{colleague}").all("#authorisations")


def test_the_list_of_items_counts_who_is_authorised_today(browse, app, colleague, items):
    with app.app_context():
        add(colleague, items[1])
        add(cast.person_id("staff"), items[1], date(2026, 10, 1), date(2026, 10, 31))
        add(cast.person_id("other"), items[1], date(2026, 12, 1))
    page = browse("clerk").get("/service-items")
    assert dict(counts_of(page)) == {"不动产登记": "0", "契税申报": "1"}
    [link] = [e.get("href") for e in page.all("tbody a") if "authorisations" in e.get("href")]
    assert names(browse("clerk").get(link)) == ["汤望舒"]
    # 三员 see the number, and no link that would be refused.
    page = browse("sysadmin").get("/service-items")
    assert not [e for e in page.all("tbody a") if "authorisations" in e.get("href")]


def counts_of(page):
    for row in page.all("tbody tr"):
        cells = [cell for cell in row.iter() if cell.tag[-2:] in {"td", "th"}]
        texts = ["".join(cell.itertext()).strip() for cell in cells]
        yield texts[0], texts[6]


def test_nobody_gives_it_to_himself(browse, app, items):
    page = give(browse, status=422, staff_number="SY004")
    assert "不能给本人授权" in page.text_of("#staff_number-error")
    with app.app_context():
        assert stored() == []
        with pytest.raises(IntegrityError), db.write():
            chief = cast.person_id("chief")
            db.session.add(
                Authorisation(
                    person_id=chief,
                    service_item_id=items[0],
                    starts_on=TODAY,
                    granted_by_id=chief,
                )
            )


def test_nobody_ends_his_own(browse, app, items):
    with app.app_context():
        grant("other", Role.WINDOW_LEAD, 1)
        given = add(cast.person_id("other"), items[1])
    lead = browse("other")
    assert not lead.get(f"/authorisations/{given}").all("form[action$=end]")
    sent = {"csrf_token": lead.token(), "ends_on": "2026-11-21"}
    page = lead.post(f"/authorisations/{given}/end", sent, status=422)
    assert "不能办理本人的授权" in page.text
    with app.app_context():
        assert stored() == [(TODAY, None, False)]


def test_a_lead_gives_for_the_items_of_his_own_department(browse, app, colleague, items):
    with app.app_context():
        grant("other", Role.WINDOW_LEAD, 1)
        elsewhere = add(colleague, items[0])
        foreign = add(cast.person_id("staff"), items[0])
    lead = browse("other")
    page = lead.get("/authorisations/new")
    values = [each.get("value") for each in page.all("#service_item_id option")]
    assert values == [str(items[1])]
    # Forged: the 事项 of another department.
    sent = {
        "csrf_token": lead.token(),
        "staff_number": "SY001",
        "service_item_id": items[0],
        "starts_on": "2026-11-20",
    }
    lead.post("/authorisations/new", sent, status=422)
    give(browse, who="other", staff_number="SY001")
    # His people in the 事项 of others he sees and does not decide on; the rest he does not see.
    assert names(lead.get("/authorisations")) == ["单知远", "汤望舒"]
    assert not lead.get(f"/authorisations/{elsewhere}").all("form[action$=end]")
    token = lead.token()
    lead.post(f"/authorisations/{elsewhere}/end", {"csrf_token": token}, status=403)
    lead.get(f"/authorisations/{foreign}", status=404)
    lead.post(f"/authorisations/{foreign}/end", {"csrf_token": token}, status=404)
    with app.app_context():
        assert [row[1:] for row in stored()] == [(None, False)] * 3


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"staff_number": "SY777"}, "staff_number", "没有这个工号"),
        ({"staff_number": ""}, "staff_number", "请写工号"),
        ({"ends_on": "2026-11-19"}, "ends_on", "结束日期不能早于开始日期"),
        ({"starts_on": "2026-01-04"}, "starts_on", "汤望舒2026年1月5日入职"),
    ],
)
def test_what_makes_no_sense_is_refused(browse, app, colleague, items, values, field, message):
    page = give(browse, status=422, **values)
    assert message in page.text_of(f"#{field}-error")
    with app.app_context():
        assert stored() == []


def test_an_item_is_not_given_beyond_its_last_day(browse, app, colleague):
    with app.app_context():
        add_item(0, "老年证办理", closed_on=date(2026, 12, 1))
        add_item(0, "早已停用", closed_on=date(2026, 11, 1), suffix="b")
    assert len(browse("chief").get("/authorisations/new").all("#service_item_id option")) == 1
    page = give(browse, status=422)
    assert "从2026年12月1日起停用" in page.text_of("#ends_on-error")
    give(browse, ends_on="2026-11-30")


def test_where_there_is_no_item_the_form_says_what_to_do(browse, app, colleague):
    assert "请经办人先在“事项目录”里登记" in browse("chief").get("/authorisations/new").text


def test_a_person_is_authorised_once_for_an_item_on_a_day(browse, app, colleague, items):
    with app.app_context():
        first = add(colleague, items[0], date(2026, 11, 1), date(2026, 11, 30))
        add(colleague, items[1])
    page = give(browse, status=422, service_item_id=items[0])
    message = page.text_of("#starts_on-error")
    assert "已经有这个事项的授权（2026年11月1日至2026年11月30日）" in message
    give(browse, service_item_id=items[0], starts_on="2026-12-01")
    with app.app_context():
        same = {"person_id": colleague, "service_item_id": items[0]}
        same["granted_by_id"] = cast.person_id("chief")
        with pytest.raises(IntegrityError), db.write():
            db.session.add(Authorisation(**same, starts_on=date(2026, 11, 30)))
        with pytest.raises(IntegrityError), db.write():
            db.session.get_one(Authorisation, first).ends_on = date(2026, 12, 1)


def test_it_ends_on_a_date_and_is_no_longer_counted(browse, app, colleague, items):
    with app.app_context():
        given = add(colleague, items[0], date(2026, 11, 1))
        assert count(items[0], TODAY) == 1
        assert count(items[1], TODAY) == 0
    chief, url = browse("chief"), f"/authorisations/{given}"
    chief.submit(chief.get(url), {"ends_on": "2026-11-19"}, form="form[action$=end]")
    assert "已结束" in chief.get(url).text_of("h1")
    with app.app_context():
        assert count(items[0], TODAY) == 0
        assert count(items[0], date(2026, 11, 19)) == 1
        [event] = events(AuditEvent.ACCOUNTS_AUTHORISATION_ENDED)
        assert event.data["ends_on"] == "2026-11-19"


def test_what_has_not_begun_is_cancelled(browse, app, colleague, items):
    with app.app_context():
        given = add(colleague, items[0], date(2026, 12, 1))
    chief, url = browse("chief"), f"/authorisations/{given}"
    asked = chief.submit(chief.get(url), form="form[action$=cancel]", status=200)
    with app.app_context():
        assert stored()[0][2] is False
    chief.submit(asked)
    with app.app_context():
        assert stored()[0][2] is True
        assert count(items[0], date(2026, 12, 1)) == 0
        assert len(events(AuditEvent.ACCOUNTS_AUTHORISATION_CANCELLED)) == 1
    give(browse, service_item_id=items[0], starts_on="2026-12-01")


def test_a_departure_ends_it_that_day(app, colleague, items):
    with app.app_context():
        running = add(colleague, items[0], date(2026, 11, 1))
        coming = add(colleague, items[1], date(2026, 12, 1))
        with db.write():
            people.let_leave(
                person_id=colleague, left_on=date(2026, 11, 24), by_id=cast.person_id("clerk")
            )
        assert stored() == [
            (date(2026, 11, 1), date(2026, 11, 24), False),
            (date(2026, 12, 1), None, True),
        ]
        [event] = events(AuditEvent.ACCOUNTS_LEFT)
        assert event.data["ended_authorisations"] == [running, coming]


def test_nobody_gets_one_beyond_his_last_day(browse, app, colleague, items):
    with app.app_context(), db.write():
        people.let_leave(
            person_id=colleague, left_on=date(2026, 11, 24), by_id=cast.person_id("clerk")
        )
    page = give(browse, status=422)
    assert "汤望舒的最后在岗日是2026年11月24日" in page.text_of("#ends_on-error")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=tang", ["汤望舒"]),
        ("q=SX-001", ["单知远"]),
        ("q=契税", ["梁静怡", "汤望舒"]),
        ("state=valid", ["单知远"]),
        ("state=past", ["梁静怡"]),
        ("state=coming", ["汤望舒"]),
        ("department=2&sort=-person", ["汤望舒", "梁静怡"]),
        ("department=junk&sort=nothing", ["梁静怡", "单知远", "汤望舒"]),
    ],
)
def test_the_list_is_searched_filtered_and_sorted(browse, app, colleague, items, query, found):
    with app.app_context():
        add(cast.person_id("staff"), items[0])
        add(cast.person_id("other"), items[1], date(2026, 10, 1), date(2026, 10, 31))
        add(colleague, items[1], date(2026, 12, 1))
    assert names(browse("chief").get(f"/authorisations?{query}")) == found


def test_the_excel_file_holds_what_the_page_shows(browse, app, colleague, items):
    with app.app_context():
        add(colleague, items[0])
    answer = browse("clerk").client.get("/authorisations/export")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0)
    header, row = sheet.to_python()
    page = browse("clerk").get("/authorisations")
    assert [each.text.strip() for each in page.all("thead th a, thead th:not(:has(a))")] == header
    assert row == [
        *("汤望舒", "SY900", "区税务局", "不动产登记", "SX-001", "不动产登记中心"),
        *("2026-11-20", "", "顾晓岚", "有效"),
    ]
    with app.app_context():
        [event] = events(AuditEvent.RECORD_EXPORTED)
        assert event.object_type == "authorisations"
