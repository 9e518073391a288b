"""The ledgers, their sheets, what a department gets to see, and the history of one window."""

import io

import pytest
from python_calamine import CalamineWorkbook

from app.inspections.models import Finding, Opinion, Track
from app.kernel import clock
from app.kernel.permissions import Role
from app.rectifications.models import RectificationOrder
from tests.inspections import factories
from tests.rectifications import factories as orders
from tests.support import inside
from tests.support.inside import one, person, rows


@pytest.fixture
def hall(app):
    inside.use(app)
    return factories.furnish()


@pytest.fixture
def done(hall):
    """A finished round with a finding of each track."""
    return {**hall, **factories.whole_round(hall)}


def sheet(answer):
    """Read the only sheet of an Excel file."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return book.get_sheet_by_index(0).to_python()


@pytest.mark.db
def test_findings_of_the_list_and_of_the_sheet_equal_the_database_row_by_row(done, browse):
    chief = browse("chief")
    page = chief.get("/inspections/findings")
    assert "共3个问题" in page.text
    exported = sheet(chief.get("/inspections/findings/export"))
    stored = rows(Finding)
    assert len(exported) == len(stored) + 1
    head = exported[0]
    facts = {line[head.index("事实")] for line in exported[1:]}
    assert facts == {each.fact for each in stored}
    by_track = {line[head.index("处理")]: line[head.index("结果")] for line in exported[1:]}
    assert by_track == {
        "现场提醒": "首次提醒，不计分", "立行立改": "已改好", "整改通知单": "待签发",
    }  # fmt: skip


@pytest.mark.db
@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("track=reminder", 1),
        ("track=order", 1),
        ("result=first", 1),
        ("result=fixed", 1),
        ("result=open", 1),
        ("result=revoked", 0),
        ("item=display", 1),
        ("q=A02", 1),
        ("q=巡查2026-001", 3),
        ("span=month", 3),
        ("department={other}", 0),
        ("window={A01}", 2),
    ],
)
def test_filters_narrow_list_and_sheet_alike(query, count, done, browse):
    query = query.format(**done, other=inside.run(other_department))
    chief = browse("chief")
    assert f"共{count}个问题" in chief.get(f"/inspections/findings?{query}").text
    assert len(sheet(chief.get(f"/inspections/findings/export?{query}"))) == count + 1


def other_department():
    from tests.support import cast  # noqa: PLC0415

    return cast.department_ids()[1]


@pytest.mark.db
def test_rounds_are_listed_with_windows_findings_and_share(done, browse):
    office = browse("office")
    page = office.get("/inspections")
    assert "巡查2026-001" in page.text
    assert "66.7%（2/3）" in page.text
    line = sheet(office.get("/inspections/export"))[1]
    assert line[:2] == ["巡查2026-001", "2026-11-20"]
    assert "共0次巡查" in office.get("/inspections?state=running").text


@pytest.mark.db
def test_department_sees_its_own_findings_once_the_round_is_over(hall, browse):
    round_id, _ = factories.begin(hall)
    mine = factories.find(round_id, hall["A01"])
    factories.find(round_id, hall["B01"])
    lead = browse("lead")
    assert "共0个问题" in lead.get("/inspections/findings").text, "nothing before the end"
    public_id = one(Finding, Finding.id == mine).public_id
    lead.get(f"/inspections/findings/{public_id}", status=404)
    factories.finish(round_id)
    assert "共1个问题" in lead.get("/inspections/findings").text
    lead.get(f"/inspections/findings/{public_id}")
    other = one(Finding, Finding.id != mine).public_id
    lead.get(f"/inspections/findings/{other}", status=404)
    lead.get("/inspections", status=403)


@pytest.mark.db
def test_window_page_tells_its_history_to_those_concerned(done, browse):
    lead = browse("lead")
    page = lead.get(f"/inspections/windows/{done['A01']}")
    assert "未佩戴工牌" in page.text
    assert "暂停服务未摆牌" in page.text
    lead.get(f"/inspections/windows/{done['B01']}", status=404)
    assert "全部正常" in browse("office").get(f"/inspections/windows/{done['B01']}").text
    browse("staff").get(f"/inspections/windows/{done['A01']}", status=403)
    order = one(RectificationOrder)
    orders.move(order.id, "sign", "chief")
    page = lead.get(f"/inspections/windows/{done['A01']}")
    assert "整改2026-001" in page.text_of("#orders")


@pytest.mark.db
def test_upheld_appeal_takes_the_finding_away_and_the_ledger_keeps_it(done, browse):
    order = one(RectificationOrder)
    for name, who in (("sign", "chief"), ("receive", "lead"), ("appeal", "lead")):
        orders.move(order.id, name, who)
    # 带班领导 of the round does not decide about it.
    factories.grant(person("office"), Role.LEADER)
    orders.move(order.id, "uphold", "office")
    page = browse("chief").get("/inspections/findings?result=revoked")
    assert "已撤销" in page.text
    assert "共1个问题" in page.text
    round_id, _ = factories.begin(done)
    again = factories.find(round_id, done["A01"], code="paused")
    assert one(Finding, Finding.id == again).is_first, "what was revoked counts for nothing"


@pytest.mark.db
def test_order_that_its_drafter_gave_up_leaves_the_finding_counting(done, browse):
    order = one(RectificationOrder)
    orders.move(order.id, "send-back", "chief")
    orders.move(order.id, "withdraw", "inspector")
    page = browse("chief").get("/inspections/findings?result=not_issued")
    assert "共1个问题" in page.text
    assert "未开单" in page.text
    assert "共0个问题" in browse("chief").get("/inspections/findings?result=revoked").text
    round_id, _ = factories.begin(done)
    again = factories.find(round_id, done["A01"], code="paused")
    assert not one(Finding, Finding.id == again).is_first, "it was found, and it stands"


@pytest.mark.db
def test_share_closed_on_the_spot_names_its_denominator(done, browse):
    assert "近三个月现场办结（现场提醒、立行立改）：66.7%（2/3）" in (
        browse("chief").get("/inspections/findings").text
    )
    round_id, _ = factories.begin(done)
    factories.find(round_id, done["A02"], track=Track.ON_THE_SPOT, with_photo=True)
    shown = browse("chief").get("/inspections/findings").text
    assert "50.0%（2/4）" in shown, "what is not mended yet was not closed on the spot"


def test_photo_is_for_those_who_see_the_finding(done, browse):
    finding = one(Finding, Finding.track == Track.ON_THE_SPOT)
    url = f"/inspections/findings/{finding.public_id}/photos/after"
    browse("lead").get(url)
    browse("staff").get(url, status=403)
    factories.grant(person("other"), Role.WINDOW_LEAD, inside.run(other_department))
    browse("other").get(url, status=404)


@pytest.mark.db
def test_refused_signature_stands_on_the_record(hall, browse):
    round_id, public_id = factories.begin(hall)
    factories.find(round_id, hall["A01"])
    factories.finish(round_id, Opinion.REFUSED, "当事人拒签，两人在场")
    assert "拒签，当事人拒签，两人在场" in browse("chief").get(f"/inspections/{public_id}").text
    assert clock.now()
