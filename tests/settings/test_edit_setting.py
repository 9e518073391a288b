"""One business number: who sets it, from when, and what it ever was."""

import io

import pytest
import python_calamine
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts import sessions
from app.kernel import db
from app.kernel.permissions import Role
from app.settings.models import SettingValue
from tests.settings.factories import TODAY, TOMORROW, set_value
from tests.support import cast
from tests.support.pages import Browser

POLICY = "/settings/accounts.idle_minutes"
NUMBER = "/settings/exams.usual_minutes"
VALUES = {"value": "20", "valid_from": "2026-11-21", "reason": "例会决定"}


@pytest.fixture
def office(app):
    """Give the browser of somebody of the 办公室, whom the cast does not have."""
    with app.app_context():
        with db.write():
            accounts.add_person(
                staff_number="SY020",
                name="缪思源",
                department_id=cast.department_ids()[0],
                post="后台",
                password_hash="-",
                roles=[Role.OFFICE],
                joined_on=cast.JOINED_ON,
            )
        account = accounts.find_account("sy020")
        with db.write():
            signed = sessions.begin_session(account)
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = signed.token
    return Browser(app=app, client=client, who="office")


def stored(app):
    with app.app_context():
        return list(db.session.scalars(select(SettingValue).order_by(SettingValue.id)))


@pytest.mark.db
def test_the_security_administrator_sets_a_policy_from_a_day_on(browse, app):
    secadmin = browse("secadmin")
    answer = secadmin.submit(secadmin.get(POLICY), VALUES)
    page = secadmin.follow(answer)
    assert "多久不操作自动退出已保存，2026年11月21日起生效。" in page.text
    assert "30分钟" in page.text_of("#present")
    assert "2026年11月21日起20分钟" in page.text_of("#present")
    assert "任语桐" in page.text_of("#history tbody")
    (row,) = stored(app)
    assert (row.value, row.valid_from, row.set_by) == (20, TOMORROW, "任语桐")


def test_the_office_sets_numbers_and_only_reads_policies(office, app):
    answer = office.submit(office.get(NUMBER), {**VALUES, "value": "３５"})
    assert "2026年11月21日起35分钟" in office.follow(answer).text
    page = office.get(POLICY)
    assert "由安全管理员设定" in page.text_of("#change")
    assert not page.all("#change form")
    office.post(POLICY, {**VALUES, "csrf_token": office.token(), "version": "0"}, status=403)
    assert [row.key for row in stored(app)] == ["exams.usual_minutes"]


def test_the_security_administrator_only_reads_numbers(browse, app):
    secadmin = browse("secadmin")
    assert not secadmin.get(NUMBER).all("#change form")
    secadmin.post(NUMBER, {**VALUES, "csrf_token": secadmin.token()}, status=403)
    assert stored(app) == []


@pytest.mark.parametrize("who", ["staff", "clerk", "chief", "sysadmin", "auditor"])
def test_nobody_else_opens_or_sets_one(browse, app, who):
    other = browse(who)
    other.get(POLICY, status=403)
    other.post(POLICY, {**VALUES, "csrf_token": other.token()}, status=403)
    assert stored(app) == []


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"value": ""}, "请填写新的数值"),
        ({"value": "31"}, "请填5到30之间的整数"),
        ({"value": "4"}, "请填5到30之间的整数"),
        ({"value": "30"}, "本来就是30分钟"),
        ({"valid_from": ""}, "请填写生效日期"),
        ({"valid_from": "2026-11-19"}, "从今天起"),
        ({"reason": ""}, "请写明原因或依据"),
        ({"reason": "长" * 201}, "最多200个字"),
    ],
)
def test_what_is_wrong_is_said_on_top_and_what_was_typed_stays(browse, app, values, advice):
    secadmin = browse("secadmin")
    answer = secadmin.submit(secadmin.get(POLICY), {**VALUES, **values}, status=422)
    assert advice in answer.text_of(".error-summary")
    typed = {**VALUES, **values}
    assert answer.one("[name=reason]").get("value") == typed["reason"]
    assert answer.one("[name=value]").get("value") == typed["value"]
    assert stored(app) == []


def test_a_stale_change_shows_what_is_stored_and_can_be_decided(browse, app):
    secadmin = browse("secadmin")
    page = secadmin.get(POLICY)
    with app.app_context():
        set_value("accounts.idle_minutes", "10", TOMORROW)
    answer = secadmin.submit(page, VALUES, status=409)
    assert "30分钟（现在）、10分钟（2026年11月21日起） 20" in answer.text
    secadmin.submit(answer, form="#setting-form")
    assert [row.value for row in stored(app)] == [10, 20]


def test_junk_for_a_version_is_a_stale_change(browse, app):
    secadmin = browse("secadmin")
    secadmin.submit(secadmin.get(POLICY), {**VALUES, "version": "x"}, status=409)
    assert stored(app) == []


def test_an_unknown_key_is_no_page(browse):
    browse("secadmin").get("/settings/accounts.none", status=404)
    browse("secadmin").get("/settings/accounts.none/export", status=404)


@pytest.mark.db
def test_the_history_comes_as_a_fragment_and_as_an_excel_file(browse, app):
    with app.app_context():
        set_value("accounts.idle_minutes", "10", TODAY, reason="试行")
        set_value("accounts.idle_minutes", "20", TOMORROW, version=1)
    secadmin = browse("secadmin")
    part = secadmin.get(POLICY + "?q=试行", fragment=True)
    assert "10分钟" in part.text_of("tbody")
    assert "20分钟" not in part.text_of("tbody")
    content = secadmin.get(POLICY + "/export").data
    table = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    found = table.get_sheet_by_index(0).to_python()
    assert [row[1] for row in found] == ["数值", "20分钟", "10分钟"]
