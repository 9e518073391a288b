"""制度: drafted from a pasted text, approved by another, in force by its days, read by all."""

import io
from datetime import date, timedelta

import pypdfium2
import pytest
import python_calamine
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from app.accounts import service as accounts
from app.kernel import clock, db
from app.kernel.permissions import Role
from app.regulations import readings, service
from app.regulations.models import RegulationArticle, RegulationVersion, VersionState
from tests.exams.factories import run_jobs
from tests.regulations.factories import (
    NEXT_TEXT,
    RULE,
    approve,
    article_ids,
    draft_rule,
    latest,
    make_next,
    make_rule,
    move,
)
from tests.support import cast


def test_a_text_is_previewed_before_it_is_kept(browse, app):
    clerk = browse("clerk")
    page = clerk.get("/regulations/new")
    shown = clerk.submit(page, RULE, form="#rule-form", button="preview", status=200)
    assert "分条预览" in shown.text
    assert "3条，还没有保存" in shown.text
    assert "第二条" in shown.text
    assert latest(app) is None
    twice = RULE["text"].replace("第三条", "第二条")
    refused = draft_rule(browse, status=422, text=twice)
    assert "第二条出现了两次" in refused.text
    assert "不属于本窗口的事项" in refused.body
    assert latest(app) is None


def test_a_rule_goes_from_its_draft_to_everybody(browse, app, now):
    url = draft_rule(browse, effective_on="2026-11-23").location
    # Whoever neither drafts nor approves there sees nothing of it before it is approved.
    browse("staff").get(url, status=404)
    assert RULE["name"] not in browse("staff").get("/regulations").text
    move(browse, "clerk", url, "submit")
    browse("clerk").get(f"{url}/approve", status=403)
    page = browse("chief").get("/inbox")
    assert "《首问负责制》草案" in page.text
    move(browse, "chief", url, "approve")
    staff = browse("staff").get(url)
    assert "待生效" in staff.text
    # The way to the approval is for those who work on it.
    assert "办理过程" not in staff.text
    assert "办理过程" in browse("clerk").get(url).text
    now.move(days=3)
    listed = browse("staff").get("/regulations").text
    assert "首问负责制" in listed
    assert "现行" in listed


def test_who_drafted_or_wrote_it_does_not_approve(browse, app):
    url = draft_rule(browse).location
    move(browse, "clerk", url, "submit")
    with app.app_context(), db.write():
        accounts.grant_at_set_up(
            person_id=cast.person_id("clerk"), role=Role.SECTION_CHIEF, starts_on=cast.JOINED_ON
        )
    clerk = browse("clerk")
    page = clerk.get(f"{url}/approve")
    refused = clerk.submit(page, {}, form="main form[method=post]", status=422)
    assert "不能审核自己起草的内容" in refused.text
    assert latest(app).state is VersionState.REVIEWING


def test_what_is_in_force_is_told_by_days_alone(browse, app, now):
    make_rule(browse)
    first = latest(app)
    made = make_next(browse, first.regulation_id)
    second = latest(app)
    assert (first.number, second.number) == (1, 2)
    day = date(2026, 11, 30)
    with app.app_context():
        numbers = {
            on: {each.number for each in service.list_articles(on)}
            for on in (date(2026, 11, 19), day, day + timedelta(days=1))
        }
    assert list(numbers.values()) == [set(), {1}, {2}]
    now.move(days=11)
    assert "已有新版" in browse("staff").get(f"/regulations/versions/{first.id}").text
    assert "登记" in browse("staff").get(f"/regulations/{first.regulation_id}").text
    move(browse, "chief", made, "withdraw", reason="并入窗口管理办法。")
    with app.app_context():
        assert service.list_articles(date(2026, 12, 1)) == []
    gone = browse("staff").get(made)
    assert "已废止" in gone.text
    assert "不得以任何理由推诿" in gone.text


def test_an_earlier_version_is_not_withdrawn_and_a_new_one_takes_effect_later(browse, app):
    url = make_rule(browse)
    rule_id = latest(app).regulation_id
    clerk = browse("clerk")
    page = clerk.get(f"/regulations/{rule_id}/versions/new")
    given = {"effective_on": "2026-11-20", "text": NEXT_TEXT}
    made = clerk.submit(page, given, form="#rule-form").location
    refused = clerk.submit(clerk.get(f"{made}/submit"), {}, form="main form", status=422)
    assert "生效日要晚于上一版" in refused.text
    again = clerk.submit(
        clerk.get(f"/regulations/{rule_id}/versions/new"), given, form="#rule-form", status=422
    )
    assert "已经有一版在起草" in again.text
    edit = clerk.get(f"{made}/edit")
    clerk.submit(edit, {"effective_on": "2026-12-01"}, form="#rule-form")
    approve(browse, made)
    chief = browse("chief")
    late = chief.submit(
        chief.get(f"{url}/withdraw"), {"reason": "试试"}, form="main form[method=post]", status=422
    )
    assert "已有新版" in late.text


def test_changed_articles_are_shown_against_the_version_before(browse, app):
    make_rule(browse)
    made = make_next(browse, latest(app).regulation_id)
    page = browse("staff").get(f"{made}/changes")
    assert [each.text for each in page.all("ins")] == ["以任何理由", "引导情况当日登记。"]
    assert page.all("del") == []
    assert "没有改动的2条不列出" in page.text
    browse("staff").get(f"/regulations/versions/{latest(app).id - 1}/changes", status=404)


def test_a_stale_edit_is_told_and_a_sent_back_draft_is_changed(browse, app):
    url = draft_rule(browse).location
    clerk, other = browse("clerk"), browse("clerk")
    mine, theirs = clerk.get(f"{url}/edit"), other.get(f"{url}/edit")
    other.submit(theirs, {"name": "首问责任制"}, form="#rule-form")
    late = clerk.submit(mine, {"name": "我的名称"}, form="#rule-form", status=409)
    assert "我的名称" in late.body
    move(browse, "clerk", url, "submit")
    browse("clerk").get(f"{url}/edit", status=403)
    move(browse, "chief", url, "send-back", reason="第三条请写明时限。")
    changed = RULE["text"].replace("引导到承办窗口", "当场引导到承办窗口")
    clerk.submit(clerk.get(f"{url}/edit"), {"text": changed}, form="#rule-form")
    assert "当场引导" in browse("chief").get(url).text
    with app.app_context():
        assert db.session.query(RegulationArticle).count() == 3


def test_two_rules_of_one_name_are_refused_in_one_place(browse):
    draft_rule(browse)
    assert "已经有这个名称的制度" in draft_rule(browse, status=422).text
    draft_rule(browse, department_id="1")


@pytest.mark.db
def test_the_database_keeps_versions_and_their_articles(browse, app):
    make_rule(browse)
    version = latest(app)
    acts = [
        update(RegulationArticle).values(text="改了"),
        delete(RegulationArticle),
        update(RegulationVersion).values(introduction="改了"),
        update(RegulationVersion).values(effective_on=date(2020, 1, 1)),
        update(RegulationVersion).values(approved_by_id=version.drafted_by_id),
        update(RegulationVersion).values(number=None),
        delete(RegulationVersion),
    ]
    with app.app_context():
        for act in acts:
            with pytest.raises(IntegrityError), db.write():
                db.session.execute(act)


def test_the_list_is_narrowed_and_given_as_a_sheet(browse):
    make_rule(browse)
    draft_rule(browse, name="党员示范岗管理办法", part="party")
    chief = browse("chief")
    assert "首问负责制" not in chief.get("/regulations?part=party").one("#rule-list").text
    assert "党员示范岗" not in chief.get("/regulations?standing=in_force").one("#rule-list").text
    answer = chief.get("/regulations/export")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][0] == "名称"
    assert {row[0] for row in rows[1:]} == {"首问负责制", "党员示范岗管理办法"}


def test_the_paper_says_the_whole_text_and_whether_it_holds(browse, app):
    url = make_rule(browse)
    clerk = browse("clerk")
    clerk.submit(clerk.get(url), form="form[action$='/print-version']")
    with app.app_context():
        run_jobs()
    answer = clerk.get(f"{url}/version.pdf")
    document = pypdfium2.PdfDocument(answer.data)
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    for words in ("首问负责制", "第一条", "引导到承办窗口", "第1版", "校验码"):
        assert words in text
    assert "草案" not in text


def test_an_article_that_is_cited_says_whether_it_is_still_in_force(browse, app, now):
    make_rule(browse)
    version = latest(app)
    article = article_ids(app, version.id)["第二条"]
    url = f"/regulations/articles/{article}"
    page = browse("staff").get(url)
    assert "《首问负责制》第二条（第1版）" in page.text
    assert "现在不在执行中" not in page.text
    make_next(browse, version.regulation_id)
    now.move(days=11)
    assert "现在不在执行中" in browse("staff").get(url).text
    with app.app_context():
        assert service.article_text(article).endswith("不得推诿。")
        assert service.article_text(999) == ""
    draft_rule(browse, name="草案不能引用")
    hidden = article_ids(app, latest(app).id)["第一条"]
    browse("clerk").get(f"/regulations/articles/{hidden}", status=404)


def test_a_rule_of_a_department_stands_under_its_name(browse):
    url = make_rule(browse, department_id="2", name="办税窗口岗位标准", kind="post_standard")
    assert "区税务局" in browse("staff").get("/regulations?level=departments").text
    assert "办税窗口岗位标准" in browse("staff").get(url).text


def test_a_version_that_was_withdrawn_before_it_began_replaces_nothing(browse, app, now):
    """The one before goes on, also in what is to be read, and can be withdrawn itself."""
    first = make_rule(browse)
    rule_url = f"/regulations/{latest(app).regulation_id}"
    browser = browse("clerk")
    page = browser.get(f"{rule_url}/versions/new")
    second = browser.submit(
        page, {"effective_on": "2026-12-01", "text": NEXT_TEXT}, form="#rule-form"
    ).location
    approve(browse, second)
    move(browse, "chief", second, "withdraw", reason="先不改了。")
    now.move(days=12)
    assert "第1版" in browse("staff").get(rule_url).text_of(".page-head")
    assert "现行" in browse("staff").get(rule_url).text_of(".page-head")
    with app.app_context():
        assert {each.number for each in service.list_articles(clock.today())} == {1}
        [texts] = readings.read_texts().values()
        assert [(each.number, each.span.end) for each in texts] == [(1, None)]
    # Another one may take effect before the day of the withdrawn one, but not on that day.
    browser = browse("clerk")
    page = browser.get(f"{rule_url}/versions/new")
    given = {"effective_on": "2026-12-01", "text": NEXT_TEXT}
    third = browser.submit(page, given, form="#rule-form").location
    refused = browser.submit(browser.get(f"{third}/submit"), {}, form="main form", status=422)
    assert "请另选生效日" in refused.text
    move(browse, "clerk", third, "drop", reason="不改了。")
    move(browse, "chief", first, "withdraw", reason="不再需要。")
    with app.app_context():
        assert service.list_articles(clock.today()) == []
