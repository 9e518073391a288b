"""Groups of screens through HTTP: registered, changed, stopped, listed, and who may."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from app.accounts.models import RoleGrant
from app.audit.models import AuditEvent
from app.kernel import db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import GRANTS, Permission, Role
from app.screens import demo, service
from app.screens.models import ScreenOrientation, ScreenPace
from tests.accounts.factories import events
from tests.screens.factories import SETTINGS, act, add_group, offering, read_group, slide
from tests.support import cast

NEW = {
    "name": "一楼大屏", "slug": "hall-1", "orientation": "portrait", "pace": "slow",
    "inches": "65", "metres": "8", "scope": "all",
}  # fmt: skip
FORM = "#group-form"


@pytest.fixture
def department_ids(app):
    with app.app_context():
        return cast.department_ids()


def logged(app, *kinds):
    with app.app_context():
        return [(each.event, each.person_id) for each in events(*kinds)]


def chosen_of(app, group_id):
    with app.app_context():
        return service.list_department_ids(group_id)


@pytest.mark.db
def test_clerk_registers_a_group(app, browse):
    browser = browse("clerk")
    page = browser.submit(browser.get("/screens/new"), NEW, form=FORM)
    group = read_group(app, "hall-1")
    assert (group.name, group.orientation, group.pace) == ("一楼大屏", "portrait", "slow")
    assert (group.inches, group.metres, group.takes_all) == (65, 8, True)
    shown = browser.follow(page)
    assert "/public/screen/hall-1" in shown.text
    assert "现在没有可以播放的内容" in shown.text
    with app.app_context():
        clerk = cast.person_id("clerk")
    assert logged(app, AuditEvent.SCREENS_GROUP_ADDED) == [("screens.group_added", clerk)]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("slug", "Hall_1", "只能用小写英文字母"),
        ("slug", "windows", "已经有大厅屏在用"),
        ("slug", "", "请写网址末段"),
        ("name", "窗口上方屏", "已经有同名的大厅屏"),
        ("inches", "19", "请填20到300之间"),
        ("metres", "0", "请填1到30之间"),
        ("metres", "五", "请填1到30之间"),
        ("scope", "chosen", "请至少选一个部门"),
    ],
)
def test_what_makes_no_sense_comes_back_with_what_was_typed(field, value, message, app, browse):
    add_group(app)
    browser = browse("clerk")
    form = {**NEW, field: value}
    page = browser.submit(browser.get("/screens/new"), form, form=FORM, status=422)
    assert message in page.text
    assert page.one("#metres").get("value") == form["metres"]
    assert page.one("#name").get("value") == form["name"]


@pytest.mark.db
def test_departments_are_chosen_and_changed(app, browse, department_ids):
    first, second = department_ids[:2]
    browser = browse("clerk")
    chosen = {**NEW, "scope": "chosen", "department_ids": [str(second)]}
    browser.submit(browser.get("/screens/new"), chosen, form=FORM)
    group_id = read_group(app, "hall-1").id
    assert chosen_of(app, group_id) == [second]
    edit = browser.get(f"/screens/{group_id}/edit")
    checked = [box.get("value") for box in edit.all("input[name=department_ids][checked]")]
    assert checked == [str(second)]
    browser.submit(edit, {"department_ids": [str(first), str(second)]}, form=FORM)
    assert chosen_of(app, group_id) == [first, second]
    assert "不动产登记中心、区税务局" in browser.get(f"/screens/{group_id}").text
    everything = browser.get(f"/screens/{group_id}/edit")
    browser.submit(everything, {"scope": "all"}, form=FORM)
    assert chosen_of(app, group_id) == []


def test_a_department_that_is_not_there_is_refused(app):
    settings = replace(SETTINGS, takes_all=False, department_ids=[999])
    with pytest.raises(RefusedError, match="不在名单里"):
        act(app, service.add_group, slug="a", settings=settings, added_by_id=None)


@pytest.mark.db
@pytest.mark.parametrize("change", [{"metres": 9}, {"takes_all": False}])
def test_stale_edit_is_shown_and_can_be_saved_then(change, app, browse, department_ids):
    """Also where only the departments have changed meanwhile."""
    group = add_group(app)
    browser = browse("clerk")
    page = browser.get(f"/screens/{group.id}/edit")
    chosen = {} if "metres" in change else {"department_ids": department_ids[:1]}
    act(
        app,
        service.edit_group,
        group_id=group.id,
        seen_version=group.version,
        settings=replace(SETTINGS, **change, **chosen),
        edited_by_id=1,
    )
    stale = browser.submit(page, {"name": "我的名称"}, form=FORM, status=409)
    assert "别人在你打开之后改过" in stale.text
    assert stale.one("#name").get("value") == "我的名称"
    assert read_group(app).name == "窗口上方屏"
    browser.submit(stale, form=FORM)
    assert read_group(app).name == "我的名称"


def test_changing_only_departments_counts_as_a_version(app, department_ids):
    group = add_group(app, takes_all=False, department_ids=department_ids[:1])
    given = {
        "group_id": group.id,
        "seen_version": group.version,
        "settings": replace(SETTINGS, takes_all=False, department_ids=department_ids[:2]),
        "edited_by_id": 1,
    }
    act(app, service.edit_group, **given)
    with pytest.raises(StaleEditError):
        act(app, service.edit_group, **given)


def test_an_edit_that_changes_nothing_leaves_no_trace(app):
    group = add_group(app)
    act(
        app,
        service.edit_group,
        group_id=group.id,
        seen_version=group.version,
        settings=SETTINGS,
        edited_by_id=1,
    )
    assert logged(app, AuditEvent.SCREENS_GROUP_CHANGED) == []


def manifest(browser):
    return browser.client.get("/public/screen/windows/manifest").get_json()


@pytest.mark.db
def test_stopping_asks_first_and_empties_the_screens(app, browse):
    group = add_group(app)
    browser = browse("clerk")
    address = f"/screens/{group.id}"
    with offering(app, slide()):
        stop = f'form[action="{address}/stop"]'
        asked = browser.submit(browser.get(address), form=stop, status=200)
        assert "确认停播" in asked.text
        assert len(manifest(browser)["items"]) == 1
        browser.submit(asked, form=".card form")
        assert manifest(browser)["items"] == []
        stopped = browser.get(address)
        assert "已停播" in stopped.text
        browser.submit(stopped, form=f'form[action="{address}/reopen"]')
        assert len(manifest(browser)["items"]) == 1
    kinds = (AuditEvent.SCREENS_GROUP_STOPPED, AuditEvent.SCREENS_GROUP_REOPENED)
    assert [event for event, _ in logged(app, *kinds)] == list(kinds)


def test_chief_reads_and_changes_nothing(app, browse):
    group = add_group(app)
    page = browse("chief").get(f"/screens/{group.id}")
    assert not page.all('form[action$="/stop"]')
    assert not page.all("#package-form")


def test_who_answers_for_one_department_sees_what_shows_it_and_edits_nothing(
    app, browse, department_ids
):
    first, second = department_ids[:2]
    whole = add_group(app)
    mine = add_group(app, "mine", name="本部门屏", takes_all=False, department_ids=[second])
    other = add_group(app, "other", name="别的屏", takes_all=False, department_ids=[first])
    with app.app_context(), db.write():
        grant = db.session.scalars(
            select(RoleGrant).where(RoleGrant.person_id == cast.person_id("clerk"))
        ).one()
        grant.department_id = second
    browser = browse("clerk")
    listed = browser.get("/screens").text
    names = ("窗口上方屏", "本部门屏", "别的屏")
    assert [name in listed for name in names] == [True, True, False]
    browser.get(f"/screens/{other.id}", status=404)
    page = browser.get(f"/screens/{whole.id}")
    assert not page.all('form[action$="/stop"]')
    browser.get(f"/screens/{mine.id}/edit", status=403)
    browser.get("/screens/new", status=403)


def test_list_is_searched_filtered_sorted_and_exported(app, browse):
    add_group(app)
    add_group(app, "entrance", name="入口立屏", orientation=ScreenOrientation.PORTRAIT, inches=65)
    stopped = add_group(app, "old", name="旧屏")
    act(app, service.stop_group, group_id=stopped.id, stopped_by_id=None)
    browser = browse("chief")

    def names(query):
        page = browser.get(f"/screens?{query}")
        return [link.text for link in page.all("#screen-groups tbody th a")]

    assert names("q=entr") == ["入口立屏"]
    assert names("orientation=portrait") == ["入口立屏"]
    assert names("state=stopped") == ["旧屏"]
    assert names("state=playing&sort=-inches") == ["入口立屏", "窗口上方屏"]
    assert names("q=%") == []
    assert browser.get("/screens/export").data.startswith(b"PK")


@pytest.mark.parametrize(
    ("inches", "metres", "is_legible", "farthest"),
    [
        (55, 5, True, "5.0"), (43, 5, False, "3.9"), (55, 8, False, "5.0"),
        (86, 5, True, "7.8"), (75, 8, False, "6.8"),
    ],
)  # fmt: skip
def test_page_says_from_how_far_it_can_be_read(inches, metres, is_legible, farthest, app, browse):
    group = add_group(app, inches=inches, metres=metres)
    text = browse("chief").get(f"/screens/{group.id}").text
    assert ("米外看不清" not in text) == is_legible
    assert f"最远约{farthest}米" in text


def test_a_loop_over_three_minutes_is_warned_of(app, browse):
    group = add_group(app)
    browser = browse("chief")
    with offering(app, *(slide(number) for number in range(4))):
        assert "超过3分钟" not in browser.get(f"/screens/{group.id}").text
    with offering(app, *(slide(number) for number in range(12))):
        page = browser.get(f"/screens/{group.id}")
    assert "超过3分钟" in page.text
    assert len(page.all(".preview")) == 12


def test_slow_groups_stay_longer(app, browse):
    group = add_group(app)
    slow = add_group(app, "slow", name="慢屏", pace=ScreenPace.SLOW)
    browser = browse("chief")
    with offering(app, slide(valid_until=date(2026, 12, 31))):
        usual = browser.get(f"/screens/{group.id}").text
        slowly = browser.get(f"/screens/{slow.id}").text
    assert "1. 29秒" in usual
    assert "1. 41秒" in slowly
    assert "到2026年12月31日" in slowly


def test_office_and_clerk_edit_leader_and_chief_read():
    read, edit = Permission.SCREENS_GROUP_READ, Permission.SCREENS_GROUP_EDIT
    readers = {role for role in Role if read in GRANTS[role]}
    editors = {role for role in Role if edit in GRANTS[role]}
    assert readers == {Role.CLERK, Role.OFFICE, Role.LEADER, Role.SECTION_CHIEF}
    assert editors == {Role.CLERK, Role.OFFICE}
    assert editors == {role for role in Role if Permission.SCREENS_PACKAGE_ORDER in GRANTS[role]}


def test_demonstration_has_a_wide_and_a_tall_group(app, browse):
    with app.app_context():
        demo.fill(date(2026, 11, 20))
    text = browse("chief").get("/screens").text
    assert "窗口上方屏" in text
    assert "入口立屏" in text
    assert {read_group(app, slug).orientation for slug in ("windows", "entrance")} == {
        ScreenOrientation.LANDSCAPE, ScreenOrientation.PORTRAIT,
    }  # fmt: skip


def test_page_says_honestly_whether_a_screen_starts_without_the_server(app, browse):
    group = add_group(app)
    browser = browse("chief")
    assert "断网重启：支持" in browser.get(f"/screens/{group.id}").text
    with browser.client.session_transaction() as session:
        kept = dict(session)
    with browser.client.session_transaction(base_url="http://10.1.2.3") as session:
        session.update(kept)
    answer = browser.client.get(f"/screens/{group.id}", base_url="http://10.1.2.3")
    assert "断网重启：不支持" in answer.get_data(as_text=True)
