"""Pages of 承诺公示牌: list, drafting, editing, moves, copying; as their users click them."""

import pytest

from app.accounts.roster import people
from app.commitments import sheets
from app.commitments.models import PrintKind, SheetState
from app.kernel import clock, db
from app.kernel.permissions import Role
from tests.commitments import factories
from tests.commitments.factories import LINES, QUICKER, STANDARD
from tests.support import cast

FORM = "form#sheet-form"
TYPED = {
    f"{name}_{row}": text
    for row, line in enumerate(LINES, start=1)
    for name, text in zip(("text", "indicator", "measure"), line, strict=True)
}


@pytest.fixture
def made(app):
    """Give a public sheet of the first department, a window of it, and a draft for that."""
    with app.app_context():
        window = factories.add_window()
        return {
            "window": window,
            "public": factories.publish(),
            "draft": factories.draft(window),
        }


def start(browser, place, source="last"):
    """Begin a version on the page of new ones; gives the form of its text."""
    page = browser.get("/commitments/new")
    answer = browser.submit(page, {"place": place, "source": source}, form="form#new-sheet-form")
    return browser.follow(answer)


def test_clerk_drafts_in_two_pages_and_sends_it_on(app, browse):
    clerk = browse("clerk")
    page = start(clerk, "1", "blank")
    answer = clerk.submit(page, {**TYPED, "slogan": "一次讲清 一次办成"}, form=FORM)
    page = clerk.follow(answer)
    assert "材料齐全， 15 分钟内完成收件" in page.text or "材料齐全，15分钟内完成收件" in page.text
    answer = clerk.submit(page, form="form[action$=submit]")
    assert "待科室初审" in clerk.follow(answer).text_of("p.flow-state")


def test_first_form_has_few_fields(browse):
    page = browse("clerk").get("/commitments/new")
    visible = page.all("#new-sheet-form input:not([type=hidden]), #new-sheet-form select")
    assert len(visible) <= 8


def test_vague_word_is_refused_with_advice_and_everything_typed_is_kept(app, browse, made):
    clerk = browse("clerk")
    page = clerk.get(f"/commitments/{made['draft']}/edit")
    answer = clerk.submit(
        page, {"text_1": "材料齐全的尽快办理", "measure_3": "我自己数的"}, form=FORM, status=422
    )
    assert "「尽快」" in answer.text
    assert "请写明多少分钟或几个工作日" in answer.text
    assert answer.one("#text_1").get("value") == "材料齐全的尽快办理"
    assert answer.one("#measure_3").get("value") == "我自己数的"
    assert answer.one("#text_2").get("value") == LINES[1][0]
    with app.app_context():
        assert factories.sentences(made["draft"])[0] == LINES[0][0]
    answer = clerk.submit(answer, {"text_1": "材料齐全，12分钟内完成收件"}, form=FORM)
    with app.app_context():
        assert factories.sentences(made["draft"])[0] == "材料齐全，12分钟内完成收件"


def test_stale_edit_shows_what_is_stored_and_keeps_what_was_typed(app, browse, made):
    clerk = browse("clerk")
    url = f"/commitments/{made['draft']}/edit"
    first, second = clerk.get(url), clerk.get(url)
    clerk.submit(first, {"text_1": QUICKER[0][0]}, form=FORM)
    answer = clerk.submit(second, {"text_2": "材料只收1份"}, form=FORM, status=409)
    assert QUICKER[0][0] in answer.text_of(".alert-warning")
    assert answer.one("#text_2").get("value") == "材料只收1份"
    clerk.submit(answer, form=FORM)
    with app.app_context():
        assert factories.sentences(made["draft"])[1] == "材料只收1份"


def test_line_is_taken_out_by_emptying_its_row(app, browse):
    clerk = browse("clerk")
    page = start(clerk, "1", "blank")
    page = clerk.follow(clerk.submit(page, TYPED, form=FORM))
    page = clerk.get(page.url + "/edit")
    clerk.submit(page, {"text_2": "", "indicator_2": "", "measure_2": ""}, form=FORM)
    with app.app_context():
        record_id = int(page.url.split("/")[2])
        assert factories.sentences(record_id) == [LINES[0][0], LINES[2][0]]


def test_others_do_not_edit_a_draft(browse, made):
    url = f"/commitments/{made['draft']}/edit"
    browse("lead").get(url, status=404)
    browse("chief").get(url, status=403)
    browse("clerk").get(f"/commitments/{made['public']}/edit", status=404)


def test_lead_sees_and_drafts_his_own_department_only(app, browse, made):
    with app.app_context():
        other = factories.publish(place=1)
    lead = browse("lead")
    lead.get(f"/commitments/{other}", status=404)
    assert "区税务局" not in lead.get("/commitments").text_of("table")
    options = {each.get("value") for each in lead.get("/commitments/new").all("#place option")}
    assert options == {"1", f"1-{made['window']}"}


def test_new_version_of_a_public_sheet_starts_from_it(app, browse, made):
    clerk = browse("clerk")
    page = clerk.get(f"/commitments/{made['public']}")
    (link,) = [each for each in page.links() if each.startswith("/commitments/new")]
    form = clerk.get(link)
    edit = clerk.follow(clerk.submit(form, form="form#new-sheet-form"))
    assert edit.one("#text_1").get("value") == LINES[0][0]
    answer = clerk.submit(clerk.get(link), form="form#new-sheet-form", status=422)
    assert "正在办理的新版" in answer.text


def test_chief_sends_back_with_a_reason_that_the_drafter_reads(app, browse, made):
    clerk, chief = browse("clerk"), browse("chief")
    page = clerk.get(f"/commitments/{made['draft']}")
    clerk.submit(page, form="form[action$=submit]")
    url = f"/commitments/{made['draft']}/send-back"
    chief.submit(chief.get(url), {"reason": ""}, form="main form", status=422)
    chief.submit(chief.get(url), {"reason": "第1条的用时和叫号系统不一致。"}, form="main form")
    page = clerk.get(f"/commitments/{made['draft']}")
    assert "第1条的用时和叫号系统不一致。" in page.text
    assert "修改" in page.text_of(".page-head")


def test_approval_asks_first_and_then_shows_the_public_page(app, browse, made):
    with app.app_context():
        factories.move(made["draft"], "submit")
        factories.move(made["draft"], "review")
    leader = browse("leader")
    page = leader.get(f"/commitments/{made['draft']}/approve")
    becomes_public = [*LINES[0], *STANDARD, "一次讲清 一次办成", "0000-55661200", "大厅值班长"]
    for words in becomes_public:
        assert words in page.text, words
    page = leader.follow(leader.submit(page, form="main form"))
    assert "公开中" in page.text_of("p.flow-state")
    assert "第1版" in page.text
    assert LINES[0][0] in "".join(browse(None).get("/public/commitments/1").text.split())


def test_withdrawal_names_what_is_to_be_collected(app, browse, made):
    with app.app_context():
        factories.note_print(made["public"], PrintKind.DESK_CARD)
        factories.note_print(made["public"], PrintKind.POSTER)
    office = browse("office")
    page = office.get(f"/commitments/{made['public']}/withdraw")
    assert "现在公开的" not in page.text
    page = office.follow(office.submit(page, {"reason": "窗口合并。"}, form="main form"))
    assert "还有2件打印件没有登记收回" in page.text
    action = page.all("form[action$=collect]")[0].get("action")
    page = office.follow(office.submit(page, form=f'form[action="{action}"]'))
    assert "还有1件打印件没有登记收回" in page.text
    again = office.post(action, {"csrf_token": office.token()})
    assert "已经登记收回" in office.follow(again).text
    with app.app_context():
        first, second = factories.prints_of(made["public"])
        assert first.collected_by_id == cast.person_id("office")
        assert second.collected_at is None


def test_prints_of_a_version_before_are_not_forgotten(app, browse, made):
    """Whoever printed is told, the version that is public now leads there, and so it is entered."""
    with app.app_context():
        factories.note_print(made["public"], PrintKind.POSTER)
        later = factories.publish(lines=QUICKER)
    clerk = browse("clerk")
    page = clerk.get(f"/commitments/{later}")
    assert "旧版还有1件没有收回" in page.text
    old = f"/commitments/{made['public']}"
    assert old in page.links()
    assert "你打印的1件请收回" in clerk.get("/notices").text
    clerk.submit(clerk.get(old), form="form[action$=collect]")
    assert "没有收回" not in clerk.get(f"/commitments/{later}").text
    with app.app_context():
        factories.note_print(later, PrintKind.DESK_CARD)
    page = clerk.follow(
        clerk.submit(clerk.get(f"/commitments/{later}"), form="form[action$=collect]")
    )
    assert "收回" in page.text
    with app.app_context():
        assert factories.prints_of(later)[0].collected_at is not None


@pytest.mark.db
def test_draft_of_somebody_who_has_left_is_taken_over(app, browse, made, now):
    with app.app_context():
        with db.write():
            people.let_leave(person_id=cast.person_id("clerk"), left_on=clock.today(), by_id=1)
        factories.grant("chief", Role.CLERK)
        now.move(days=1)
    lead, url = browse("lead"), f"/commitments/{made['draft']}"
    page = lead.follow(lead.submit(lead.get(f"{url}/take-over"), form="main form"))
    assert "等待办理：" + cast.name_of("lead") in "".join(page.text.split())
    typed = {"text_1": "材料齐全，12分钟内完成收件"}
    edit = lead.get(f"{url}/edit")
    lead.submit(edit, typed, form="form#sheet-form")
    stale = lead.get(f"{url}/edit")
    lead.submit(lead.get(url), form="form[action$=submit]")
    answer = lead.submit(stale, {"slogan": "没有白写"}, form="form#sheet-form", status=422)
    assert "已经送审" in answer.text
    assert answer.one("#slogan").get("value") == "没有白写"
    lead.get(f"{url}/edit", status=404)
    with app.app_context():
        factories.move(made["draft"], "review")
        factories.move(made["draft"], "turn-down", "leader", reason="再核。")
    chief = browse("chief")
    answer = chief.submit(chief.get(f"{url}/take-over"), form="main form", status=422)
    assert "初审过" in answer.text


def test_copy_to_windows_offers_those_that_are_free(app, browse, made):
    with app.app_context():
        free = factories.add_window("B13")
    clerk = browse("clerk")
    page = clerk.get(f"/commitments/{made['public']}/copy")
    offered = {each.get("value") for each in page.all("input[name=window_ids]")}
    assert offered == {str(free)}
    assert "B12号" in page.text
    form = "form#copy-form"
    assert "至少选一个" in clerk.submit(page, form=form, status=422).text
    clerk.submit(page, {"window_ids": [str(free)]}, form=form)
    with app.app_context():
        sheet = sheets.find_sheet(factories.home(), free)
        assert sheets.find_open(sheet.id).state is SheetState.DRAFT


def test_only_a_departments_approved_sheet_is_copied(browse, made):
    browse("clerk").get(f"/commitments/{made['draft']}/copy", status=404)


@pytest.mark.db
def test_list_finds_by_window_department_and_text(app, browse, made):
    with app.app_context():
        factories.publish(place=1, lines=QUICKER)
    clerk = browse("clerk")

    def rows(query):
        return len(clerk.get(f"/commitments?{query}").all("tbody tr"))

    assert rows("") == 3
    assert rows("q=B12") == 1
    assert rows("q=税务") == 1
    assert rows("q=10分钟") == 1
    assert rows("q=100%") == 0
    assert rows("state=draft") == 1
    assert rows("department=1") == 2
    assert rows("state=public&department=1&q=15分钟") == 1


def test_list_is_sorted_and_exported(app, browse, made):
    clerk = browse("clerk")
    names = [each.text for each in clerk.get("/commitments?sort=-window").all("tbody a.row-link")]
    assert len(names) == 2
    assert clerk.get("/commitments/export").data.startswith(b"PK")
