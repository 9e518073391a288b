"""涉廉材料 that came in all the same: nobody but 纪检 reads them, and then nobody at all (HALL 6.1)."""

import io
from pathlib import Path

import pytest
import python_calamine
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import service as accounts
from app.audit.models import AuditEntry
from app.inbox.models import Notice, OpenStep
from app.kernel import db
from app.kernel.permissions import Role
from app.suggestions import ideas, own_data
from app.suggestions.models import Idea, IdeaMessage, IdeaState
from app.workflow.models import WorkflowMove
from tests.site.rows import read_rows
from tests.site.table import WHO
from tests.suggestions.factories import (
    accept,
    follow,
    latest,
    picture,
    send_opinion,
    state_of,
    submit_idea,
    url_of,
)
from tests.support import cast

SECRET = "窗口某人收了红包，暗号青松九号。"
MARK = "青松九号"
OTHERS = [who for who in WHO if who not in {"anon", "discipline"}]


def hand_over(browse, who, url):
    browser = browse(who)
    return browser.submit(browser.get(f"{url}/hand-over"), form="#move-form")


@pytest.fixture
def handed(browse, app, now):
    """Hand over what somebody without an account has sent; gives its code, the idea, the page."""
    code, _ = send_opinion(browse, now, SECRET)
    idea = latest(app)
    moved = hand_over(browse, "officer", url_of(idea))
    return code, idea, moved.location


def receive(browse, page):
    browser = browse("discipline")
    data = {"confirmed": "yes", "csrf_token": browser.token()}
    return browser.post(f"{page}/receive", data)


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_finds_it_anywhere(who, handed, browse, app):
    _, idea, page = handed
    browser = browse(who)
    browser.client.get(url_of(idea))
    for path in (
        "/suggestions/ideas?q=红包",
        "/suggestions/ideas",
        "/suggestions/mine",
        "/inbox",
        "/inbox/notices",
        "/",
        url_of(idea),
        f"{url_of(idea)}/accept",
        f"{url_of(idea)}/picture",
        page,
    ):
        answered = browser.client.get(path)
        assert MARK not in answered.get_data(as_text=True), path
    assert browser.client.get(url_of(idea)).status_code == 404
    if who != "officer":
        assert browser.client.get(page).status_code == 404
    assert browser.client.get("/suggestions/handovers").status_code == 403


def test_the_list_counts_it_no_more(handed, browse, now):
    page = browse("officer").get("/suggestions/ideas")
    assert "还没有收到意见建议" in page.text
    send_opinion(browse, now)
    assert "共1条意见建议" in browse("officer").get("/suggestions/ideas").text


def test_no_export_holds_it(handed, browse, now):
    send_opinion(browse, now)
    for who in ("clerk", "officer", "office", "chief", "leader"):
        answered = browse(who).client.get("/suggestions/ideas/export")
        assert answered.status_code == 200
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answered.data))
        rows = book.get_sheet_by_index(0).to_python()
        assert len(rows) == 2
        assert MARK not in repr(rows)


def test_who_handed_it_over_gets_its_paper_and_no_word_of_it(handed, browse):
    _, _, page = handed
    shown = browse("officer").get(page)
    assert "移送2026-001" in shown.text
    assert MARK not in shown.text
    assert not shown.all('form[action$="/receive"]')


def test_the_sender_reads_one_sentence(handed, browse, now):
    code, _, _ = handed
    page = follow(browse, now, code)
    assert "已按规定转交，本栏不再答复" in page.text
    assert "移送" not in page.text
    assert not page.all("#reply-form, #rating-form")


def test_discipline_reads_it_and_is_written_down(handed, browse, app):
    _, idea, page = handed
    shown = browse("discipline").get(page)
    assert MARK in shown.text
    with app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
    assert (last.event, last.object_type) == ("record.read", "idea_handover")
    assert browse("discipline").get(url_of(idea), status=303).location == page


@pytest.mark.db
def test_receipt_erases_it_for_good(handed, browse, app, now):
    code, idea, page = handed
    receive(browse, page)
    assert state_of(app, idea) is IdeaState.ERASED
    assert MARK not in repr(read_rows(app))
    assert MARK not in browse("discipline").get(page).text
    assert "已按规定转交，本栏不再答复" in follow(browse, now, code).text


def test_not_even_the_bytes_of_the_database_hold_it(handed, browse, app):
    _, _, page = handed
    receive(browse, page)
    with app.app_context():
        connection = db.database.engine.raw_connection()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        db.database.engine.dispose()
    file = Path(app.config["SITE"].var) / "db"
    left = [each for each in file.parent.glob("db*") if MARK.encode() in each.read_bytes()]
    assert left == []


@pytest.mark.db
def test_no_path_step_notice_or_log_ever_held_it(handed, browse, app):
    _, _, page = handed
    with app.app_context():
        for model in (WorkflowMove, OpenStep, Notice, AuditEntry):
            rows = db.session.execute(select(model.__table__)).all()
            assert MARK not in repr(rows), model
        assert db.session.scalars(select(OpenStep)).all()
    receive(browse, page)


@pytest.mark.db
def test_what_was_erased_can_not_be_written_again(handed, browse, app):
    _, idea, page = handed
    receive(browse, page)
    with app.app_context():
        for values in ({"problem": SECRET}, {"state": IdeaState.HANDLING}, {"contact": "1"}):
            with pytest.raises(IntegrityError), db.write():
                db.session.execute(update(Idea).where(Idea.id == idea.id).values(values))


def test_who_handed_it_over_does_not_sign_for_it(handed, browse, app):
    _, idea, page = handed
    with app.app_context(), db.write():
        accounts.grant_at_set_up(
            person_id=cast.person_id("officer"), role=Role.DISCIPLINE, starts_on=cast.JOINED_ON
        )
    browser = browse("officer")
    data = {"confirmed": "yes", "csrf_token": browser.token()}
    moved = browser.post(f"{page}/receive", data)
    assert "移交人不能自己签收" in browser.follow(moved).text
    assert state_of(app, idea) is IdeaState.HANDED_OVER


def test_picture_contact_and_questions_are_erased_too(browse, app, now):
    address = submit_idea(browse, problem=SECRET)
    staff = browse("staff")
    token = staff.token()
    staff.post(
        f"{address}/picture/edit",
        {"file": picture(), "is_unclassified": "y", "csrf_token": token},
    )
    accept(browse, "office", address)
    chief = browse("chief")
    chief.submit(chief.get(address), {"text": f"{MARK}是谁？"}, form="#question-form")
    idea = latest(app)
    stored = [
        each for each in (Path(app.config["SITE"].var) / "files").rglob("*") if each.is_file()
    ]
    assert stored
    moved = hand_over(browse, "office", address)
    assert browse("staff").get(address).text.count("已按规定转交") == 1
    receive(browse, moved.location)
    with app.app_context():
        assert db.session.scalars(select(IdeaMessage)).all() == []
        assert db.session.get_one(Idea, idea.id).picture_id is None
    kept = [each for each in (Path(app.config["SITE"].var) / "files").rglob("*") if each.is_file()]
    assert set(stored) - set(kept)


def test_what_was_merged_into_it_goes_with_it(browse, app, now):
    send_opinion(browse, now, SECRET)
    first = latest(app)
    send_opinion(browse, now, f"我也看到了，{MARK}。")
    second = latest(app)
    browser = browse("officer")
    page = browser.get(f"{url_of(second)}/merge")
    browser.submit(page, {"into": first.public_id}, form="#move-form")
    hand_over(browse, "officer", url_of(first))
    assert {state_of(app, each) for each in (first, second)} == {IdeaState.HANDED_OVER}
    assert "移送2026-002" in browse("discipline").get("/suggestions/handovers").text


def test_it_stands_in_no_copy_of_personal_data(browse, app):
    address = submit_idea(browse, problem=SECRET)
    hand_over(browse, "office", address)
    with app.app_context():
        tables = own_data.tables_of(cast.person_id("staff"))
        assert MARK not in repr(tables)
        assert ideas.similar_to(SECRET) == []


def test_similar_ideas_leave_it_out(browse, app):
    address = submit_idea(browse, problem=SECRET, title="红包")
    hand_over(browse, "office", address)
    browser = browse("other")
    page = browser.get("/suggestions/ideas/new")
    values = {"title": "红包", "problem": SECRET, "proposal": "请处理。"}
    assert browser.submit(page, values, form="#idea-form").status == 303
