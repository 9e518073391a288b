"""What the public reads: approved and in force, nothing else; no session, no cookie (清廉10)."""

from datetime import timedelta

import pytest
from sqlalchemy import event, text

from app.accounts.privacy import photos
from app.accounts.roster import people
from app.accounts.roster.models import AbsenceKind, ServiceWindow
from app.commitments import disclosure, sheets, workflow
from app.commitments.models import SheetState
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from tests.commitments import factories
from tests.commitments.factories import LINES, QUICKER
from tests.support import cast

LIST = "/public/commitments"
HOME = "/public/commitments/1"


@pytest.fixture
def made(app):
    """Give a department with a public sheet, and a window of it with its own and `staff`."""
    with app.app_context():
        window = factories.add_window()
        factories.seat("staff", window)
        factories.give_photo("staff")
        return {
            "window": window,
            "department": factories.publish(),
            "sheet": factories.publish(window, lines=QUICKER),
            "staff": cast.person_id("staff"),
        }


def flat(page):
    """Give the text of a page without blanks."""
    return "".join(page.text.split())


@pytest.mark.db
def test_public_page_needs_no_session_and_sets_no_cookie(app, browse, made):
    nobody = browse(None)
    for url in (LIST, HOME, f"{LIST}?q=B12"):
        page = nobody.get(url)
        assert "Set-Cookie" not in page.headers
        assert "Cookie" not in page.headers.get("Vary", "")
        assert page.headers["Cache-Control"] == "public, max-age=60"
        assert not page.all("script")
        assert not page.all("nav")


def test_public_page_says_what_was_approved_since_when_and_in_which_version(app, browse, made):
    page = flat(browse(None).get(HOME))
    for sentence, indicator, measure in (*LINES, QUICKER[0]):
        assert sentence in page
        assert indicator in page
        assert measure in page
    with app.app_context():
        code = factories.get(made["sheet"]).check_code[:4].upper()
    for word in ("公开日期2026年11月20日", "第1版", "监督电话", "0000-55661200", "12345", code):
        assert word in page, word


@pytest.mark.parametrize(
    "state", [SheetState.DRAFT, SheetState.REVIEW, SheetState.APPROVAL], ids=str
)
def test_what_is_not_approved_leaks_nowhere(app, browse, state):
    with app.app_context():
        factories.bring_to(state, lines=[("秘密起草中3天", "指标甲", "衡量乙"), *LINES[1:]])
    nobody = browse(None)
    assert "秘密起草中" not in flat(nobody.get(LIST))
    assert "秘密起草中" not in flat(nobody.get(f"{LIST}?q=秘密"))
    nobody.get(HOME, status=404)


def test_draft_of_a_new_version_does_not_show_beside_the_old_one(app, browse, made):
    with app.app_context():
        factories.draft(lines=[("下一版的话3天", "指标甲", "衡量乙"), *LINES[1:]])
    page = flat(browse(None).get(HOME))
    assert "下一版的话" not in page
    assert LINES[0][0] in page


def test_withdrawn_and_updated_versions_are_gone_at_once(app, browse, made):
    with app.app_context():
        factories.move(made["sheet"], "withdraw", "office", reason="窗口合并。")
        factories.publish(lines=[("更新以后的话5分钟", "指标甲", "衡量乙"), *LINES[1:]])
    nobody = browse(None)
    page = flat(nobody.get(HOME))
    assert QUICKER[0][0] not in page
    assert LINES[0][0] not in page
    assert "更新以后的话5分钟" in page
    assert QUICKER[0][0] not in flat(nobody.get(f"{LIST}?q=10分钟"))


def test_search_finds_department_window_and_words(app, browse, made):
    with app.app_context():
        factories.publish(place=1)
    nobody = browse(None)

    def sections(words):
        return len(nobody.get(f"{LIST}?q={words}").all("section.card"))

    assert sections("") == 2
    assert sections("税务") == 1
    assert sections("B12") == 1
    assert sections("15分钟") == 2
    assert sections("10分钟内") == 1
    assert sections("没有的词") == 0
    assert "没有找到" in nobody.get(f"{LIST}?q=没有的词").text
    assert nobody.get(f"{LIST}?q=%25").all("section.card") == [], "a percent sign is a character"


def test_departments_stand_in_the_order_of_the_hall(app, browse, made):
    with app.app_context():
        factories.publish(place=1)
        with db.write():
            db.session.execute(text("UPDATE department SET position = 90 WHERE id = 1"))
    names = [each.text for each in browse(None).get(LIST).all("section.card h2 a")]
    assert names == ["区税务局", "不动产登记中心"]


def test_who_is_on_duty_is_shown_with_number_post_and_photo(app, browse, made):
    nobody = browse(None)
    page = nobody.get(HOME)
    assert "单知远" in page.text
    assert "SY001" in page.text
    (image,) = page.all("ul.duty img")
    photo = nobody.get(image.get("src"))
    assert photo.headers["Content-Type"] == "image/jpeg"
    assert photo.headers["Cache-Control"] == "public, max-age=300"
    assert "sandbox" in photo.headers["Content-Security-Policy"]


def leave(person_id):
    with db.write():
        people.let_leave(person_id=person_id, left_on=clock.today(), by_id=cast.person_id("clerk"))


def test_departed_person_and_his_photo_are_gone_the_next_day(app, browse, made, now):
    nobody = browse(None)
    src = nobody.get(HOME).one("ul.duty img").get("src")
    with app.app_context():
        leave(made["staff"])
    assert "单知远" in nobody.get(HOME).text, "the last day counts"
    now.move(days=1)
    page = nobody.get(HOME)
    assert "单知远" not in page.text
    assert page.all("ul.duty img") == []
    nobody.get(src, status=404)


def test_transferred_person_is_gone_from_his_old_window(app, browse, made, now):
    with app.app_context():
        place = people.Place(department_id=factories.home(1), window_id=None, post_id=1)
        with db.write():
            people.transfer(
                person_id=made["staff"],
                place=place,
                starts_on=clock.today() + timedelta(days=1),
                by_id=cast.person_id("clerk"),
            )
    now.move(days=1)
    assert "单知远" not in browse(None).get(HOME).text


def test_photo_without_consent_any_more_is_gone(app, browse, made):
    nobody = browse(None)
    src = nobody.get(HOME).one("ul.duty img").get("src")
    with app.app_context(), db.write():
        photos.remove_photo(person_id=made["staff"], removed_by_id=made["staff"])
    assert nobody.get(HOME).all("ul.duty img") == []
    assert "单知远" in nobody.get(HOME).text
    nobody.get(src, status=404)


def test_photo_of_somebody_who_is_at_no_public_window_is_nobodys_business(app, browse, made):
    with app.app_context():
        factories.give_photo("chief")
        url = f"/public/commitments/photos/{cast.person_id('chief')}"
        mine = f"/public/commitments/photos/{made['staff']}"
    nobody = browse(None)
    nobody.get(url, status=404)
    nobody.get(mine)
    with app.app_context():
        factories.move(made["sheet"], "withdraw", "chief", reason="换。")
        factories.move(made["department"], "withdraw", "chief", reason="换。")
    nobody.get(mine, status=404)


def test_whoever_is_absent_is_not_shown_and_his_stand_in_is(app, browse, made):
    with app.app_context(), db.write():
        people.add_absence(
            person_id=made["staff"],
            kind=AbsenceKind.ANNUAL,
            starts_on=clock.today(),
            ends_on=clock.today(),
            covered_by_id=cast.person_id("other"),
            by_id=cast.person_id("clerk"),
        )
    page = browse(None).get(HOME)
    assert "单知远" not in page.text
    assert "梁静怡" in page.text
    assert page.all("ul.duty img") == []


def hand_over(window_id):
    """Let a window belong to the second department from now on."""
    with db.write():
        db.session.get_one(ServiceWindow, window_id).department_id = factories.home(1)


@pytest.mark.db
def test_what_a_window_promised_ends_when_another_department_takes_it(app, browse, made):
    """Before any sweep: not under the old name, not under the new; the new one drafts its own."""
    with app.app_context():
        waiting = factories.bring_to(SheetState.REVIEW, made["window"])
        hand_over(made["window"])
        assert [each.version_id for each in disclosure.list_in_force()] == [made["department"]]
        with pytest.raises(RefusedError) as refused:
            factories.move(waiting, "review")
        assert "调整到别的部门" in str(refused.value)
        with pytest.raises(RefusedError):
            factories.note_print(made["sheet"])
    nobody = browse(None)
    assert QUICKER[0][0] not in flat(nobody.get(HOME))
    nobody.get("/public/commitments/2", status=404)
    assert "不再显示" in browse("clerk").get(f"/commitments/{made['sheet']}").text
    with app.app_context():
        workflow.end_moved()
        workflow.end_moved()
        assert factories.get(made["sheet"]).state is SheetState.WITHDRAWN
        factories.move(waiting, "send-back", "chief", reason="窗口已调整。")
        factories.move(waiting, "drop", "clerk")
        later = factories.publish(made["window"], place=1, lines=QUICKER)
        assert sheets.load_row(factories.get(later)).department.id == factories.home(1)
        assert factories.get(later).edition == 1
    assert QUICKER[0][0] in flat(nobody.get("/public/commitments/2"))
    assert QUICKER[0][0] not in flat(nobody.get(HOME))


@pytest.mark.db
def test_many_windows_take_no_more_questions_than_one(app, made):
    """Every screen and every telephone asks: what is read may not grow with the windows."""
    client, asked = app.test_client(), []
    with app.app_context():
        event.listen(db.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))

    def questions(url):
        asked.clear()
        assert client.get(url).status_code == 200
        return len(asked)

    urls = (HOME, LIST, f"/public/commitments/photos/{made['staff']}")
    few = [questions(url) for url in urls]
    with app.app_context():
        for number in range(12):
            window = factories.add_window(f"W{number}")
            if number % 2:
                factories.publish(window)
    assert [questions(url) for url in urls] == few
    assert max(few) <= 14, few


def test_window_without_a_sheet_of_its_own_stands_under_its_department(app, browse, made):
    with app.app_context():
        factories.seat("chief", factories.add_window("B13"))
    page = browse(None).get(HOME)
    first, second = page.all("section.sheet")
    assert "B13号窗口今日在岗" in "".join(first.itertext())
    assert "B12号窗口今日在岗" in "".join(second.itertext())


def test_department_without_a_public_sheet_has_no_page(browse, made):
    browse(None).get("/public/commitments/2", status=404)
    browse(None).get("/public/commitments/999", status=404)


@pytest.mark.parametrize("words", ["<b>", "' OR 1=1 --", "\x00", "㐀" * 200, "%", "_"])
def test_search_takes_any_text(app, browse, made, words):
    page = browse(None).get(f"{LIST}?q={words.replace('%', '%25')}")
    assert len(page.one("#q").get("value")) <= 100
