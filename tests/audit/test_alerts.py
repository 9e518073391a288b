"""What an auditor should look at (AL8): derived on read, each with why and where."""

import shutil
from datetime import timedelta
from typing import NamedTuple

import pytest

from app.audit import alerts
from app.audit.models import AuditEvent
from app.kernel import clock
from tests.accounts.factories import WRONG
from tests.audit.factories import entries, write
from tests.support import cast

pytestmark = pytest.mark.db


class Usage(NamedTuple):
    """What the disk says."""

    total: int
    used: int
    free: int


def fail(browse, times, typed):
    visitor = browse(None)
    page = visitor.get("/sign-in")
    for _ in range(times):
        visitor.submit(page, {"staff_number": typed, "password": WRONG}, status=422)


def titles(browse):
    """Give the alerts that stand on the list's page."""
    page = browse("auditor").get("/audit")
    return ["".join(each.itertext()) for each in page.all(".alert-title")]


def test_a_quiet_hall_has_no_alert(browse):
    assert titles(browse) == []
    home = browse("auditor").get("/").text
    assert "审计告警" not in home
    assert "日志链还没有核对过" in home


def test_twenty_failures_within_five_minutes_are_told(browse, now):
    fail(browse, 19, "nobody-1")
    assert titles(browse) == []
    now.move(minutes=5)
    fail(browse, 1, "nobody-2")
    assert titles(browse) == ["短时间内大量登录失败"]
    page = browse("auditor").get("/audit")
    assert "登录失败20次" in page.text
    assert "/audit?group=accounts&result=failed" in page.links()


def test_twenty_failures_in_more_than_five_minutes_are_not(browse, now):
    fail(browse, 19, "nobody-1")
    now.move(minutes=5, seconds=1)
    fail(browse, 1, "nobody-2")
    assert titles(browse) == []


def test_a_lasting_attack_is_one_alert_and_two_are_two(app):
    begin = clock.now()
    lasting = [begin + timedelta(seconds=10 * n) for n in range(60)]
    later = [begin + timedelta(hours=3, seconds=n) for n in range(20)]
    assert alerts.bursts(lasting) == [(lasting[0], lasting[-1], 60)]
    assert [count for *_, count in alerts.bursts(lasting + later)] == [20, 60]
    assert alerts.bursts(lasting[:19]) == []


@pytest.mark.parametrize("who", list(cast.ADMINISTRATORS))
def test_the_lock_of_an_administrators_account_is_told(app, browse, who):
    fail(browse, 5, cast.ADMINISTRATORS[who][2])
    assert titles(browse) == ["管理员账号被锁定"]
    with app.app_context():
        [locked] = entries(AuditEvent.ACCOUNTS_LOCKED)
        assert locked.acted_as == who
    assert f"/audit/{locked.seq}" in browse("auditor").get("/audit").links()


def test_the_lock_of_his_business_account_is_not(browse):
    fail(browse, 5, cast.ADMINISTRATORS["sysadmin"][0])
    fail(browse, 5, "SY001")
    fail(browse, 5, "nobody")
    assert titles(browse) == []


def test_a_clock_that_was_set_back_by_more_than_a_minute_is_told(browse, now):
    clerk = browse("clerk")
    clerk.get("/questions/export")
    now.move(seconds=-60)
    clerk.get("/questions/export")
    assert titles(browse) == []
    now.move(seconds=-61)
    page = browse("auditor").get("/audit")
    assert "服务器时钟被回拨" in page.text
    assert "早61秒" in page.text


def test_demonstration_data_tells_of_no_clock(app, browse):
    with app.app_context(), clock.frozen(clock.now() + timedelta(days=3)):
        write(1)
    assert titles(browse) == []


def test_a_full_disk_is_told_with_what_it_means(browse, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1000, 900, 100))
    assert titles(browse) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(1000, 901, 99))
    assert titles(browse) == ["磁盘快满了"]
    assert "只剩9%可用" in browse("auditor").get("/audit").text


def test_alerts_stand_on_the_auditors_home_page_and_on_nobody_elses(browse):
    fail(browse, 5, "sj-zeng")
    home = browse("auditor").get("/")
    assert "审计告警1条" in home.text
    assert "管理员账号被锁定" in home.text
    for who in ("clerk", "sysadmin", "secadmin"):
        assert "审计告警" not in browse(who).get("/").text
