"""金点子 and opinions while they are handled: similar ones, merging, refusing, extending, notices."""

import io

import pytest
import python_calamine
from sqlalchemy import select

from app.accounts import service as accounts
from app.inbox.models import Notice, OpenStep
from app.kernel import db
from app.kernel.permissions import Role
from app.suggestions import similar
from app.suggestions.models import Idea, IdeaState
from app.suggestions.order_models import ImprovementOrder
from tests.suggestions.factories import (
    ANSWER,
    IDEA,
    OPINION,
    accept,
    answer,
    follow,
    latest,
    picture,
    send_opinion,
    state_of,
    submit_idea,
    url_of,
)
from tests.support import cast


def test_texts_that_say_much_the_same_come_first():
    among = [
        (1, "卫生间洗手液经常是空的。"),
        (2, "取号机没有人引导，老人不会操作。"),
        (3, "老人在取号机旁不会操作，希望有人引导。"),
    ]
    assert similar.find_similar("老人在取号机旁不会操作，没人引导。", among) == [3, 2]
    assert similar.find_similar("增开周六延时服务。", among) == []
    assert similar.find_similar("", among) == []
    assert len(similar.find_similar("取号机", [(n, "取号机坏了") for n in range(9)])) == 5


def test_similar_ideas_are_shown_first_and_what_was_typed_is_kept(browse, app):
    address = submit_idea(browse)
    # Nobody has looked at it yet: it may be 涉廉材料, and is shown to nobody.
    assert IDEA["title"] not in browse("other").get("/suggestions/ideas/new").text
    for who in ("clerk", "chief", "leader"):
        assert IDEA["title"] not in browse(who).get("/suggestions/ideas").text
        exported = browse(who).client.get("/suggestions/ideas/export")
        rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(exported.data))
        assert IDEA["title"] not in repr(rows.get_sheet_by_index(0).to_python())
        browse(who).get(address, status=404)
    unseen = browse("lead")
    page = unseen.get("/suggestions/ideas/new")
    answered = unseen.submit(page, IDEA, form="#idea-form", status=303)
    office = browse("office")
    page = office.get(f"{answered.location}/refuse")
    office.submit(page, {"reason": "重复。"}, form="#move-form")
    accept(browse, "office", address)
    before = latest(app).id
    other = browse("other")
    page = other.get("/suggestions/ideas/new")
    values = {**IDEA, "title": "大字流程图放取号机旁"}
    shown = other.submit(page, values, form="#idea-form", status=200)
    assert "已经有相近的金点子" in shown.text
    assert IDEA["title"] in shown.text
    assert values["title"] in shown.body
    assert "单知远" not in shown.text
    assert latest(app).id == before
    other.submit(shown, form="#idea-form")
    assert latest(app).title == values["title"]


def test_what_the_public_said_is_shown_to_nobody_as_similar(browse, app, now):
    send_opinion(browse, now, IDEA["problem"] + IDEA["proposal"])
    assert submit_idea(browse)


@pytest.mark.parametrize("name", ["title", "problem", "proposal"])
def test_an_idea_without_a_part_comes_back(name, browse, app):
    staff = browse("staff")
    page = staff.get("/suggestions/ideas/new")
    staff.submit(page, {**IDEA, name: ""}, form="#idea-form", status=422)
    assert latest(app) is None


def test_a_picture_is_drawn_anew_and_shown_to_who_handles_it(browse, app):
    address = submit_idea(browse)
    staff = browse("staff")
    data = {"file": picture(), "is_unclassified": "y", "csrf_token": staff.token()}
    staff.post(f"{address}/picture/edit", data)
    answered = browse("office").client.get(f"{address}/picture")
    assert answered.data.startswith(b"\xff\xd8\xff")
    assert browse("other").client.get(f"{address}/picture").status_code == 404
    accept(browse, "office", address)
    data = {"file": picture(), "is_unclassified": "y", "csrf_token": staff.token()}
    refused = staff.post(f"{address}/picture/edit", data, status=422)
    assert "已经开始办理" in refused.text


@pytest.mark.db
def test_every_author_of_a_merged_idea_is_told_once_and_reads_the_answer(browse, app, now):
    first = submit_idea(browse, "staff")
    second = submit_idea(browse, "other", title="另一句话", problem="排队的人看不懂步骤。",
                         proposal="请写清三步。")  # fmt: skip
    office = browse("office")
    page = office.get(f"{second}/merge")
    office.submit(page, {"into": first.rpartition("/")[2]}, form="#move-form")
    accept(browse, "office", first)
    answer(browse, first)
    for who, address in (("staff", first), ("other", second)):
        assert ANSWER["answer"] in browse(who).get(address).text
        told = notices_of(app, who)
        assert len([text for text in told if "答复" in text]) == 1
    assert any("并案" in text for text in notices_of(app, "other"))
    order = latest(app, ImprovementOrder)
    assert order.case_count == 2


@pytest.mark.db
def test_authors_of_merged_ideas_hear_of_a_refusal_and_nobody_merges_into_his_own(browse, app):
    with app.app_context(), db.write():
        accounts.grant_at_set_up(
            person_id=cast.person_id("office"), role=Role.STAFF, starts_on=cast.JOINED_ON
        )
    mine = submit_idea(browse, "office", title="办公室自己的点子", problem="打印机常常缺纸。")
    first = submit_idea(browse, "staff")
    second = submit_idea(browse, "other", title="另一句话", problem="步骤看不懂。")
    office = browse("office")
    page = office.get(f"{second}/merge")
    assert "办公室自己的点子" not in page.text
    own = {"into": mine.rpartition("/")[2]}
    office.submit(page, own, form="#move-form", status=422)
    office.submit(page, {"into": first.rpartition("/")[2]}, form="#move-form")
    page = office.get(f"{first}/refuse")
    office.submit(page, {"reason": "属于系统统一建设。"}, form="#move-form")
    told = [text for text in notices_of(app, "other") if "不予受理" in text]
    assert told == ["你提的意见并入的那一件不予受理，理由写在里面。"]
    assert "属于系统统一建设。" in browse("other").get(second).text


def notices_of(app, who):
    with app.app_context():
        mine = select(Notice.text).where(Notice.person_id == cast.person_id(who))
        return list(db.session.scalars(mine))


def test_a_merged_opinion_is_followed_by_its_own_code(browse, app, now):
    _, _ = send_opinion(browse, now)
    first = latest(app)
    code, _ = send_opinion(browse, now, "取号机旁希望有志愿者。")
    second = latest(app)
    officer = browse("officer")
    page = officer.get(f"{url_of(second)}/merge")
    officer.submit(page, {"into": first.public_id}, form="#move-form")
    assert "先行联系并受理" in follow(browse, now, code).text
    accept(browse, "officer", url_of(first))
    answer(browse, url_of(first))
    page = follow(browse, now, code)
    assert ANSWER["answer"] in page.text
    assert "取号机旁希望有志愿者" not in browse("chief").get(url_of(first)).text.split("答复")[1]


def test_only_what_is_open_can_be_merged_into(browse, app, now):
    address = submit_idea(browse)
    office = browse("office")
    page = office.get(f"{address}/merge")
    assert "没有还在办理的其他意见可以并入" in page.text
    office.submit(page, form="#move-form", status=422)
    assert state_of(app, latest(app)) is IdeaState.STAFF_WAITING


@pytest.mark.db
def test_a_refusal_needs_a_reason_that_the_author_reads(browse, app):
    address = submit_idea(browse)
    office = browse("office")
    page = office.get(f"{address}/refuse")
    office.submit(page, {"reason": ""}, form="#move-form", status=422)
    office.submit(page, {"reason": "属于系统统一建设。"}, form="#move-form")
    page = browse("staff").get(address)
    assert "不予受理" in page.text
    assert "属于系统统一建设。" in page.text


@pytest.mark.parametrize(
    ("outcome", "changes", "told"),
    [
        ("adopted", {"demand": ""}, "请写明要求承办部门改进什么"),
        ("adopted", {"department_id": "0"}, "请选承办部门"),
        ("adopted", {"order_title": ""}, "请写建议单的事由"),
        ("adopted", {"order_problem": ""}, "请写建议单上的问题"),
        ("adopted", {"order_cause": ""}, "请写建议单上的原因"),
        ("partly", {"reason": ""}, "部分采纳的，请写明理由"),
        ("declined", {"reason": ""}, "不采纳的，请写明理由"),
        ("declined", {"finding": ""}, "请写明核实的情况"),
        ("declined", {"answer": ""}, "请写明答复意见"),
    ],
)
def test_an_answer_has_all_its_parts(outcome, changes, told, browse, app):
    address = submit_idea(browse)
    accept(browse, "office", address)
    refused = answer(browse, address, outcome, status=422, **changes)
    assert told in refused.text
    assert latest(app, ImprovementOrder) is None
    assert state_of(app, latest(app)) is IdeaState.HANDLING


def due_of(app):
    with app.app_context():
        return db.session.scalars(select(Idea.due_at)).one().isoformat()[:10]


@pytest.mark.db
def test_hard_ideas_have_more_time_and_one_extension_adds_to_it(browse, app, now):
    address = submit_idea(browse)
    assert due_of(app) == "2026-11-25"
    accept(browse, "office", address, is_hard="y")
    assert due_of(app) == "2026-12-11"
    chief = browse("chief")
    page = chief.get(f"{address}/extension")
    chief.submit(page, {"reason": "要问消防。"}, form="#move-form")
    assert due_of(app) == "2026-11-23"
    # The leader decides late and after close of business: it is counted from the old day.
    now.move(days=4, hours=9)
    leader = browse("leader")
    page = leader.get(f"{address}/allow-extension")
    leader.submit(page, {"opinion": "同意。"}, form="#move-form")
    assert due_of(app) == "2026-12-25"
    chief = browse("chief")
    page = chief.get(f"{address}/extension")
    refused = chief.submit(page, {"reason": "还要问。"}, form="#move-form", status=422)
    assert "延期只能申请一次" in refused.text


def test_an_extension_is_asked_for_until_the_due_day_is_over(browse, app, now):
    other = {"title": "另一句话", "problem": "排队的人看不懂步骤。", "proposal": "请写清三步。"}
    first, second = submit_idea(browse), submit_idea(browse, **other)
    for address in (first, second):
        accept(browse, "office", address)
    # The due day itself, after close of business.
    now.move(days=7, hours=10)
    chief = browse("chief")
    chief.submit(chief.get(f"{first}/extension"), {"reason": "要问。"}, form="#move-form")
    now.move(days=1)
    chief = browse("chief")
    page = chief.get(f"{second}/extension")
    refused = chief.submit(page, {"reason": "忘了。"}, form="#move-form", status=422)
    assert "期限已过，不能再申请延期" in refused.text
    assert "忘了。" in refused.body


def test_a_refused_extension_leaves_the_time_that_was_left(browse, app, now):
    address = submit_idea(browse)
    accept(browse, "office", address)
    assert due_of(app) == "2026-11-27"
    now.move(days=3)
    chief = browse("chief")
    chief.submit(chief.get(f"{address}/extension"), {"reason": "要问。"}, form="#move-form")
    # Monday after close of business.
    now.move(hours=8)
    leader = browse("leader")
    leader.submit(leader.get(address), form='form[action$="/refuse-extension"]')
    assert due_of(app) == "2026-11-27"


@pytest.mark.db
def test_nobody_handles_his_own_idea(browse, app):
    with app.app_context(), db.write():
        for role in (Role.STAFF, Role.SECTION_CHIEF):
            accounts.grant_at_set_up(
                person_id=cast.person_id("office"), role=role, starts_on=cast.JOINED_ON
            )
    address = submit_idea(browse, "office")
    office = browse("office")
    assert office.client.get(f"{address}/accept").status_code == 404
    assert not office.get(address).all('a[href$="/accept"]')
    with app.app_context():
        step = db.session.scalars(select(OpenStep)).one()
        assert OPINION not in step.title
        assert IDEA["title"] not in step.title


def test_the_list_is_searched_filtered_and_exported(browse, app, now):
    submit_idea(browse)
    send_opinion(browse, now)
    clerk = browse("office")
    assert "共2条意见建议" in clerk.get("/suggestions/ideas").text
    assert "共1条意见建议" in clerk.get("/suggestions/ideas?q=志愿者").text
    assert "共1条意见建议" in clerk.get("/suggestions/ideas?kind=staff").text
    assert "共1条意见建议" in clerk.get("/suggestions/ideas?state=public_waiting").text
    assert "没有符合条件" in clerk.get("/suggestions/ideas?channel=phone").text
    assert "共2条意见建议" in clerk.get("/suggestions/ideas?sort=due").text
    answered = clerk.client.get("/suggestions/ideas/export?kind=public")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answered.data))
    rows = book.get_sheet_by_index(0).to_python()
    assert len(rows) == 2
    assert OPINION in rows[1]


def test_one_sees_his_own_and_nobody_elses(browse, app):
    address = submit_idea(browse)
    assert "共1条金点子" in browse("staff").get("/suggestions/mine").text
    assert "你还没有提过金点子" in browse("other").get("/suggestions/mine").text
    assert browse("other").client.get(address).status_code == 404
    assert browse("lead").client.get(address).status_code == 404
