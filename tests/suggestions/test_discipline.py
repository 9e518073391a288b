"""涉廉材料 that came in all the same: nobody but 纪检 reads them, and then nobody at all (HALL 6.1)."""

import io
import re
from pathlib import Path

import pytest
import python_calamine
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEntry
from app.files.models import StoredFile
from app.inbox.models import Notice, OpenStep
from app.jobs.models import Job
from app.kernel import db
from app.kernel.permissions import Role
from app.suggestions import ideas, own_data
from app.suggestions.models import Idea, IdeaHandover, IdeaMessage, IdeaState
from app.suggestions.order_models import ImprovementOrder
from app.workflow import own_data as workflow_data
from app.workflow.models import PaperSignature, WorkflowMove
from tests.inspections.factories import grant
from tests.site.rows import read_rows
from tests.site.table import WHO
from tests.suggestions.factories import (
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
from tests.support import cast, inside

SECRET = "窗口某人收了红包，暗号青松九号。"
MARK = "青松九号"
OTHERS = [who for who in WHO if who not in {"anon", "discipline", "officer"}]
TRACES = (AuditEntry, OpenStep, Notice, Job, StoredFile, WorkflowMove)


def hand_over(browse, who, url, to="discipline"):
    browser = browse(who)
    page = browser.get(f"{url}/hand-over")
    return browser.submit(page, {"receiver_id": str(inside.person(to))}, form="#move-form")


@pytest.fixture
def handed(browse, app, now):
    """Hand over what somebody without an account has sent; gives its code, the idea, the page."""
    inside.use(app)
    code, _ = send_opinion(browse, now, SECRET)
    idea = latest(app)
    moved = hand_over(browse, "officer", url_of(idea))
    return code, idea, moved.location


def receive(browse, page, who="discipline"):
    browser = browse(who)
    data = {"confirmed": "yes", "csrf_token": browser.token()}
    return browser.post(f"{page}/receive", data, status=None)


def rows_of(model):
    return [tuple(row) for row in db.session.execute(select(model.__table__))]


@pytest.mark.db
def test_nobody_else_finds_it_and_nothing_counts_it(browse, app, now):
    """The giver and the one who is named: nobody else, another of 派驻纪检组 neither."""
    inside.use(app)
    code, _ = send_opinion(browse, now, SECRET)
    idea = latest(app)
    url = url_of(idea)
    grant(inside.person("other"), Role.DISCIPLINE)
    before = {each: inside.run(lambda model=each: rows_of(model)) for each in TRACES}
    officer = browse("officer")
    shown = officer.get(f"{url}/hand-over")
    assert not shown.all("#move-form textarea, #move-form input[type=text]")
    page = officer.submit(
        shown, {"receiver_id": str(inside.person("discipline"))}, form="#move-form"
    ).location
    # No event, path, notice, job or file; the step that waited is closed, and none is open.
    after = {each: inside.run(lambda model=each: rows_of(model)) for each in TRACES}
    changed = [each for each in TRACES if before[each] != after[each]]
    assert changed == [OpenStep]
    assert len(before[OpenStep]) == len(after[OpenStep])
    handover = inside.one(IdeaHandover)
    assert re.fullmatch(r"移送1120-[A-Z2-9]{6}", handover.slip_number)
    assert not re.search(r"/\d+$", page)
    for who in OTHERS:
        browser = browse(who)
        for path in (
            "/suggestions/ideas?q=红包",
            "/suggestions/ideas",
            "/suggestions/mine",
            "/suggestions/handovers",
            "/inbox",
            "/inbox/notices",
            "/",
            "/audit",
            url,
            f"{url}/accept",
            f"{url}/picture",
            page,
        ):
            body = browser.client.get(path).get_data(as_text=True)
            assert MARK not in body, (who, path)
            assert handover.slip_number not in body, (who, path)
        assert browser.client.get(url).status_code == 404
        assert browser.client.get(page).status_code in {403, 404}
        assert receive(browse, page, who).status in {403, 404}
    assert "没有意见移送单" in browse("other").get("/suggestions/handovers").text
    for who in ("officer", "discipline"):
        listed = browse(who).get("/suggestions/handovers").text
        assert handover.slip_number in listed
        assert "共" not in listed.split("意见移送单")[-1]
        assert browse(who).get(url, status=303).location == page
    assert MARK not in browse("officer").get(page).text
    assert not browse("officer").get(page).all('form[action$="/receive"]')
    assert receive(browse, page, "officer").status == 403
    assert "还没有收到意见建议" in browse("officer").get("/suggestions/ideas").text
    reading = inside.run(lambda: rows_of(AuditEntry))
    shown = browse("discipline").get(page)
    assert MARK in shown.text
    assert inside.run(lambda: rows_of(AuditEntry)) == reading
    assert receive(browse, page).status == 303
    assert inside.run(lambda: rows_of(AuditEntry)) == reading
    assert state_of(app, idea) is IdeaState.ERASED
    signer = browse("discipline")
    twice = signer.post(f"{page}/receive", {"confirmed": "yes", "csrf_token": signer.token()})
    assert "已经签收过了" in signer.follow(twice).text
    assert MARK not in browse("discipline").get(page).text
    followed = follow(browse, now, code)
    assert "已按规定转交，本栏不再答复" in followed.text
    assert "移送" not in followed.text
    assert not followed.all("#reply-form, #rating-form")


def test_one_must_be_named_who_is_of_discipline_and_another(browse, app, now):
    inside.use(app)
    send_opinion(browse, now, SECRET)
    idea = latest(app)
    grant(inside.person("officer"), Role.DISCIPLINE)
    officer = browse("officer")
    page = officer.get(f"{url_of(idea)}/hand-over")
    for who in ("officer", "staff"):
        values = {"receiver_id": str(inside.person(who))}
        officer.submit(page, values, form="#move-form", status=422)
    assert state_of(app, idea) is IdeaState.PUBLIC_WAITING
    values = {"receiver_id": str(inside.person("discipline"))}
    moved = officer.submit(page, values, form="#move-form")
    # Pressed twice: the second one leads to the same paper.
    again = officer.submit(page, values, form="#move-form")
    assert again.location == moved.location


def test_no_export_holds_it(handed, browse, now):
    send_opinion(browse, now)
    accept(browse, "officer", url_of(inside.run(newest)))
    for who in ("clerk", "officer", "office", "chief", "leader"):
        answered = browse(who).client.get("/suggestions/ideas/export")
        assert answered.status_code == 200
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(answered.data))
        rows = book.get_sheet_by_index(0).to_python()
        assert len(rows) == 2
        assert MARK not in repr(rows)


def newest():
    return db.session.scalars(select(Idea).order_by(Idea.id.desc())).first()


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
def test_no_path_step_notice_log_or_order_ever_held_it(browse, app, now):
    """The longest way: extended with a leader's opinion, merged into, answered, handed over."""
    inside.use(app)
    send_opinion(browse, now, SECRET)
    idea = latest(app)
    url = url_of(idea)
    send_opinion(browse, now, f"我也看到了，{MARK}。")
    second = latest(app)
    officer = browse("officer")
    page = officer.get(f"{url_of(second)}/merge")
    officer.submit(page, {"into": idea.public_id}, form="#move-form")
    accept(browse, "officer", url)
    chief, leader = browse("chief"), browse("leader")
    page = chief.get(f"{url}/extension")
    chief.submit(page, {"reason": f"要核实{MARK}。"}, form="#move-form")
    assert not browse("clerk").get(url).all('a[href*="/signed"]')
    page = leader.get(f"{url}/allow-extension")
    leader.submit(page, {"opinion": f"同意，查清{MARK}。"}, form="#move-form")
    assert f"同意，查清{MARK}。" in chief.get(url).text
    answer(browse, url, finding=f"问过，{MARK}属实。", answer=f"关于{MARK}。")
    order = inside.one(ImprovementOrder)
    assert order.idea_id == idea.id
    for model in (WorkflowMove, OpenStep, Notice, AuditEntry, PaperSignature, ImprovementOrder):
        assert MARK not in repr(inside.run(lambda model=model: rows_of(model))), model
    # 答复 was given: it may still be handed over, and what was merged into it goes with it.
    moved = hand_over(browse, "officer", url)
    assert {state_of(app, each) for each in (idea, second)} == {IdeaState.HANDED_OVER}
    assert inside.one(ImprovementOrder).idea_id is None
    assert browse("chief").get(f"/suggestions/orders/{order.id}").text
    assert f"{MARK}属实" in browse("discipline").get(moved.location).text
    numbers = inside.run(lambda: db.session.scalars(select(IdeaHandover.public_id)).all())
    assert len(numbers) == 2
    for each in numbers:
        receive(browse, f"/suggestions/handovers/{each}")
    assert MARK not in repr(read_rows(app))


def test_what_was_not_taken_in_is_handed_over_too(browse, app, now):
    send_opinion(browse, now, SECRET)
    inside.use(app)
    url = url_of(latest(app))
    officer = browse("officer")
    page = officer.get(f"{url}/refuse")
    assert "检举控告请用“转纪检”" in page.text
    officer.submit(page, {"reason": f"不受理{MARK}。"}, form="#move-form")
    assert MARK in browse("clerk").get("/suggestions/ideas").text
    assert officer.get(url).all('a[href$="/hand-over"]')
    moved = hand_over(browse, "officer", url)
    assert MARK not in browse("clerk").get("/suggestions/ideas").text
    receive(browse, moved.location)
    assert MARK not in repr(read_rows(app))


@pytest.mark.db
def test_what_was_erased_can_not_be_written_again(handed, browse, app):
    _, idea, page = handed
    receive(browse, page)
    with app.app_context():
        for values in (
            {"problem": SECRET},
            {"state": IdeaState.HANDLING},
            {"contact": "1"},
            {"extension_opinion": SECRET},
        ):
            with pytest.raises(IntegrityError), db.write():
                db.session.execute(update(Idea).where(Idea.id == idea.id).values(values))
        with pytest.raises(IntegrityError), db.write():
            db.session.execute(update(IdeaHandover).values(received_at=None))


def test_picture_contact_and_questions_are_erased_too(browse, app, now):
    inside.use(app)
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


def test_it_stands_in_no_copy_of_personal_data(browse, app):
    inside.use(app)
    address = submit_idea(browse, problem=SECRET)
    hand_over(browse, "office", address)
    with app.app_context():
        tables = own_data.tables_of(cast.person_id("staff"))
        assert MARK not in repr(tables)
        assert ideas.similar_to(SECRET) == []
        workflow_rows = workflow_data.tables_of(cast.person_id("office"))
        assert "hand-over" not in repr([each.rows for each in workflow_rows])


def test_similar_ideas_leave_it_out(browse, app):
    inside.use(app)
    address = submit_idea(browse, problem=SECRET, title="红包")
    hand_over(browse, "office", address)
    browser = browse("other")
    page = browser.get("/suggestions/ideas/new")
    values = {"title": "红包", "problem": SECRET, "proposal": "请处理。"}
    assert browser.submit(page, values, form="#idea-form").status == 303
