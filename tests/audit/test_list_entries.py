"""The auditor's list: searched, filtered, sorted, exported, and every look at it written down."""

import io

import pytest
from python_calamine import CalamineWorkbook

from app.audit.models import AuditEvent
from app.kernel import clock
from tests.audit.factories import entries, head, write, write_at
from tests.support import cast

pytestmark = pytest.mark.db


def rows_of(page):
    return ["".join(row.itertext()) for row in page.all("tbody tr")]


def numbers_of(page):
    return [int("".join(cell.itertext())) for cell in page.all("tbody th")]


def test_the_newest_entry_stands_first_with_person_event_and_object(app, browse):
    with app.app_context():
        write(object_id=7)
        last = head().seq
    page = browse("auditor").get("/audit")
    # The first one says that this page was looked at.
    assert numbers_of(page)[:2] == [last + 1, last]
    row = rows_of(page)[1]
    for said in (
        "2026-11-20 10:00:00",
        "陆文博（SY003）",
        "修改某一天",
        "特别安排的日子 7",
        "成功",
    ):
        assert said in row


def test_looking_is_written_down_once_a_look_with_what_was_looked_for(app, browse):
    auditor = browse("auditor")
    auditor.get("/audit")
    auditor.get("/audit?result=failed&q=SY", fragment=True)
    with app.app_context():
        one, other = entries(AuditEvent.RECORD_READ)
        assert one.person_id == cast.person_id("auditor")
        assert (one.object_type, one.acted_as) == ("audit_log", "auditor")
        assert (one.data["filters"], other.data["filters"]) == ("", "result=failed&q=SY")


@pytest.mark.parametrize("who", ["staff", "clerk", "chief", "sysadmin", "secadmin"])
def test_nobody_else_sees_it(browse, who):
    visitor = browse(who)
    assert "审计日志" not in visitor.get("/").text
    for url in ("/audit", "/audit/1", "/audit/chain", "/audit/export"):
        visitor.get(url, status=403)


def test_it_is_searched_by_person_staff_number_object_and_request(app, browse):
    with app.app_context():
        write(person_id=cast.person_id("chief"), object_type="exam", object_id=31)
        write(person_id=cast.person_id("clerk"), object_type="question", object_id=32)
    auditor = browse("auditor")
    for words in ("顾晓岚", "sy004", "试卷 31", "顾晓岚 试卷"):
        found = rows_of(auditor.get(f"/audit?q={words}"))
        assert len([row for row in found if "试卷 31" in row]) == 1, words
        assert not [row for row in found if "题目 32" in row], words
    with app.app_context():
        request_id = entries(AuditEvent.RECORD_READ)[0].request_id
    assert len(rows_of(auditor.get(f"/audit?q={request_id}"))) == 1
    assert "没有符合条件的记录" in auditor.get("/audit?q=%25").text


def test_it_is_filtered_by_group_result_and_period(app, browse, now):
    with app.app_context():
        write_at(clock.now().replace(year=2025), object_id="long-ago")
        write(event=AuditEvent.ACCOUNTS_SIGN_IN_FAILED, failures=1)
    auditor = browse("auditor")
    failed = rows_of(auditor.get("/audit?result=failed"))
    assert len(failed) == 1
    assert "登录失败" in failed[0]
    assert all("特别安排" in row for row in rows_of(auditor.get("/audit?group=workdays")))
    assert not [r for r in rows_of(auditor.get("/audit?period=week")) if "long-ago" in r]
    assert [r for r in rows_of(auditor.get("/audit?sort=at")) if "long-ago" in r]


def test_it_is_sorted_by_number_and_time(app, browse):
    with app.app_context():
        write(3)
        write_at(clock.now().replace(year=2024))
        last = head().seq
    auditor = browse("auditor")
    assert numbers_of(auditor.get("/audit?sort=seq"))[:3] == [1, 2, 3]
    assert numbers_of(auditor.get("/audit?sort=at"))[0] == last


def test_it_has_pages(app, browse):
    with app.app_context():
        write(60)
    auditor = browse("auditor")
    first, second = (numbers_of(auditor.get(f"/audit?page={n}&sort=seq")) for n in (1, 2))
    assert first + second == list(range(1, 51))


def test_the_sheet_holds_what_the_page_shows_and_the_details(app, browse):
    with app.app_context():
        write(object_id=8, reason="=1+1")
        last = entries()[-1]
    auditor = browse("auditor")
    answer = auditor.get("/audit/export?q=special_day")
    [sheet] = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).sheet_names
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_name(sheet)
    header, *found = lines.to_python()
    assert sheet == "审计日志"
    assert header[:3] == ["序号", "时间", "人员"]
    assert found[0][0] == last.seq
    assert "理由：=1+1" in found[0][header.index("内容")]
    assert found[0][header.index("哈希")] == last.hash
    with app.app_context():
        exported = entries(AuditEvent.RECORD_EXPORTED)[-1]
        assert (exported.object_type, exported.data) == (
            "audit_log",
            {"filters": "q=special_day"},
        )


def test_the_navigation_leads_to_it(browse):
    home = browse("auditor").get("/")
    assert "/audit" in home.links()
    assert "审计日志" in home.text
