"""The checklist in versions: old rounds keep theirs."""

import pytest

from app.inspections import checklists
from app.inspections.items import ITEMS
from app.inspections.models import Checklist, ChecklistItem, Inspection
from tests.inspections import factories
from tests.support import inside
from tests.support.inside import count, one

NAMES = (
    "在岗在位与替岗", "着装工牌党徽", "文明用语", "首问与一次性告知", "收件登记录入", "叫号与最长等候", "暂停服务牌",
    "承诺牌与公示资料", "取号机·PAD·自助机", "便民物品与药箱效期", "消防通道",
)  # fmt: skip


@pytest.fixture
def hall(app):
    inside.use(app)
    return factories.furnish()


def test_hall_begins_with_the_eleven_items_of_the_record():
    assert tuple(each.name for each in ITEMS) == NAMES
    assert all(each.phrases for each in ITEMS)


def test_phrases_state_facts_and_no_judgement():
    words = ("恶劣", "严重", "散漫", "不负责", "懒", "差", "违纪", "故意")
    found = [p for each in ITEMS for p in each.phrases for word in words if word in p]
    assert found == []


@pytest.mark.db
def test_clerk_takes_the_items_over_and_changes_one(hall, browse):
    clerk = browse("clerk")
    page = clerk.get("/inspections/checklist")
    clerk.submit(page, form="form[action$=begin]")
    page = clerk.get("/inspections/checklist/items/dress/edit")
    values = {"phrases": "未佩戴工牌\n工牌遮挡", "basis": "窗口规范第3条（2026版）"}
    clerk.submit(page, values, form="#item-form")
    assert "第2版" in clerk.get("/inspections/checklist").text
    stale = clerk.submit(page, {"basis": "别的依据"}, form="#item-form", status=409)
    assert "刚有新的一版" in stale.text
    assert count(Checklist) == 2


@pytest.mark.db
def test_round_keeps_the_version_that_it_began_with(hall, browse):
    _, public_id = factories.begin(hall)
    clerk = browse("clerk")
    page = clerk.get("/inspections/checklist/items/dress/edit")
    clerk.submit(page, {"is_gone": "y"}, form="#item-form")
    listed = browse("inspector").get(f"/inspections/{public_id}/windows/{hall['A01']}")
    assert "着装工牌党徽" in listed.text
    assert "着装工牌党徽" not in clerk.get("/inspections/checklist").text
    assert one(Inspection).checklist_id != inside.run(lambda: checklists.get_current().id)


@pytest.mark.db
def test_item_of_another_version_is_not_found_in_a_round(hall, browse):
    _, public_id = factories.begin(hall)
    clerk = browse("clerk")
    page = clerk.get("/inspections/checklist/items/new")
    values = {"name": "母婴室", "phrases": "母婴室未开放", "basis": "任务举措8"}
    clerk.submit(page, values, form="#item-form")
    item = one(ChecklistItem, ChecklistItem.name == "母婴室")
    url = f"/inspections/{public_id}/windows/{hall['A01']}/items/{item.id}"
    browse("inspector").get(url, status=404)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": "文明用语"}, "已经有这个名称"),
        ({"phrases": "同一句\n同一句"}, "不能重复"),
        ({"phrases": "句" * 61}, "每句最多60个字"),
        ({"phrases": "\n".join(f"第{n}句" for n in range(9))}, "最多8句"),
        ({}, "没有改动"),
    ],
)
def test_item_that_can_not_be_is_refused(values, message, hall, browse):
    factories.begin(hall)
    clerk = browse("clerk")
    page = clerk.get("/inspections/checklist/items/dress/edit")
    answer = clerk.submit(page, values, form="#item-form", status=422)
    assert message in answer.text
    assert count(Checklist) == 1


def test_inspector_reads_and_does_not_change(hall, browse):
    factories.begin(hall)
    browse("inspector").get("/inspections/checklist")
    browse("inspector").get("/inspections/checklist/items/dress/edit", status=403)
