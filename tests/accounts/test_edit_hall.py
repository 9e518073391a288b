"""The profile of the hall: kept by the administrator, printed on every page."""

import pytest
from sqlalchemy import select

from app.accounts import hall
from app.audit.models import AuditEntry, AuditEvent
from app.kernel import db
from tests.support import cast

URL = "/hall"
VALUES = {
    "name": "清源区政务服务中心",
    "former_name": "清源区行政服务中心",
    "number_prefix": "优建",
    "supervision_phone": "021-12345678",
    "qr_base": "https://www.example.gov.cn/window",
    "office_hours": "周一至周五9:00—17:00",
}


def stored(app):
    with app.app_context():
        return hall.get_profile()


@pytest.mark.db
def test_the_administrator_keeps_the_profile_and_every_page_carries_it(browse, app):
    sysadmin = browse("sysadmin")
    page = sysadmin.follow(sysadmin.submit(sysadmin.get(URL), VALUES))
    assert "大厅信息已保存。" in page.text
    assert page.text_of("header .brand small") == VALUES["name"]
    preview = page.text_of("#preview")
    for line in (
        "监督电话 021-12345678 · 12345",
        "优建2026-012",
        "12388",
        VALUES["qr_base"] + "/…",
    ):
        assert line in preview
    assert (
        "监督电话 021-12345678 · 12345 · 办公时间 周一至周五" in browse(None).get("/sign-in").text
    )
    assert stored(app).version == 2


@pytest.mark.db
def test_a_change_is_in_the_log_with_only_what_changed(browse, app):
    sysadmin = browse("sysadmin")
    sysadmin.submit(sysadmin.get(URL), {"number_prefix": "优建"})
    sysadmin.submit(sysadmin.get(URL))
    with app.app_context():
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.event == AuditEvent.ACCOUNTS_HALL_CHANGED)
        ).one()
        assert entry.person_id == cast.person_id("sysadmin")
        assert entry.data == {"before": {"number_prefix": ""}, "after": {"number_prefix": "优建"}}


def test_an_empty_address_means_that_no_qr_code_is_printed(browse):
    page = browse("sysadmin").get(URL)
    assert "二维码 不印" in page.text_of("#preview")
    assert "2026-012" in page.text_of("#preview")


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"name": ""}, "请填写大厅名称"),
        ({"name": "长" * 61}, "大厅名称"),
        ({"number_prefix": "优建/"}, "1到8个汉字或字母"),
        ({"supervision_phone": "打给我"}, "请填电话号码"),
        ({"hotline": ""}, "请填电话号码"),
        ({"qr_base": "javascript:alert(1)"}, "请填网址"),
        ({"qr_base": "https://x.cn/"}, "请填网址"),
    ],
)
def test_what_is_wrong_is_said_on_top(browse, app, values, advice):
    sysadmin = browse("sysadmin")
    answer = sysadmin.submit(sysadmin.get(URL), {**VALUES, **values}, status=422)
    assert advice in answer.text_of(".error-summary")
    assert stored(app).name == cast.HALL_NAME


def test_a_stale_edit_shows_the_difference_and_can_be_decided(browse, app):
    first, second = browse("sysadmin"), browse("sysadmin")
    page = second.get(URL)
    first.submit(first.get(URL), {"number_prefix": "优建"})
    answer = second.submit(page, {"number_prefix": "效能"}, status=409)
    assert "自有编号的字头 优建 效能" in answer.text
    second.submit(answer, form="#hall-form")
    assert stored(app).number_prefix == "效能"


def test_a_stale_edit_that_wants_the_same_says_so(browse):
    first, second = browse("sysadmin"), browse("sysadmin")
    page = second.get(URL)
    first.submit(first.get(URL), {"number_prefix": "优建"})
    answer = second.submit(page, {"number_prefix": "优建"}, status=409)
    assert "不必再保存" in answer.text


def test_before_the_set_up_there_is_an_empty_profile(app, monkeypatch):
    with app.app_context():
        monkeypatch.setattr(db.session, "get", lambda *_: None)
        assert hall.get_profile() == hall.Profile()
