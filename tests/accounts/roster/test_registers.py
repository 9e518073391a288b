"""Departments, windows, posts, 事项 and 议事机构: one behaviour, shown for each."""

import pytest

from app.accounts.models import Department
from app.accounts.roster.models import Committee, Post, ServiceItem, ServiceWindow
from app.audit.models import AuditEvent
from app.kernel import db
from tests.accounts.factories import events

REGISTERS = {
    "departments": (Department, {"name": "区档案局", "position": "30"}, "name"),
    "windows": (ServiceWindow, {"number": "B01", "name": "税务窗口"}, "number"),
    "posts": (Post, {"name": "引导岗", "post_group": "guide"}, "name"),
    "service-items": (ServiceItem, {"code": "SX-1", "name": "新办企业"}, "code"),
    "committees": (Committee, {"name": "工作小组", "duty": "落实方案"}, "name"),
}
EACH = pytest.mark.parametrize("word", REGISTERS)


def register(browse, word, status=303, **values):
    clerk = browse("clerk")
    typed = {**REGISTERS[word][1], **values}
    return clerk.submit(clerk.get(f"/{word}/new"), typed, status=status)


def last(word):
    model = REGISTERS[word][0]
    return db.session.query(model).order_by(model.id.desc()).first()


@EACH
@pytest.mark.db
def test_an_entry_is_registered_found_and_logged(browse, app, word):
    page = browse("clerk").follow(register(browse, word))
    assert REGISTERS[word][1][REGISTERS[word][2]] in page.text
    with app.app_context():
        [event] = events(AuditEvent.ACCOUNTS_REGISTER_CHANGED)
        assert event.object_type == REGISTERS[word][0].__tablename__
        assert event.object_id == str(last(word).id)


@EACH
@pytest.mark.db
def test_a_second_one_of_the_same_name_is_refused(browse, app, word):
    register(browse, word)
    unique = REGISTERS[word][2]
    more = {"position": "31"} if word == "departments" else {}
    page = register(browse, word, status=422, **more)
    assert "已经" in page.text_of(f"#{unique}-error") or "已登记" in page.text
    with app.app_context():
        assert len(events(AuditEvent.ACCOUNTS_REGISTER_CHANGED)) == 1


@EACH
def test_a_stale_edit_is_shown_and_not_written(browse, app, word):
    register(browse, word)
    with app.app_context():
        entry_id = last(word).id
    clerk, unique = browse("clerk"), REGISTERS[word][2]
    address = f"/{word}/{entry_id}/edit"
    old = clerk.get(address)
    clerk.submit(clerk.get(address), {unique: "新名"})
    page = clerk.submit(old, {unique: "旧名"}, status=409)
    assert "新名" in page.text_of(".alert-warning")
    assert page.one(f"#{unique}").get("value") == "旧名"


def test_a_closed_entry_is_offered_nowhere_and_listed_as_such(browse, app):
    register(browse, "posts")
    with app.app_context():
        entry_id = last("posts").id
    clerk = browse("clerk")
    assert "引导岗" in clerk.get("/people/new").text
    clerk.submit(clerk.get(f"/posts/{entry_id}/edit"), {"closed_on": "2026-11-20"})
    assert "引导岗" not in clerk.get("/people/new").text
    assert "引导岗" in clerk.get("/posts?use=closed").text
    assert "引导岗" not in clerk.get("/posts?use=open").text


def test_departments_stand_in_the_fixed_order_of_the_hall(browse):
    register(browse, "departments")
    page = browse("chief").get("/departments")
    places = [page.text.index(name) for name in ("不动产登记中心", "区税务局", "区档案局")]
    assert places == sorted(places)
    assert not page.all("main a[href$=edit]")
