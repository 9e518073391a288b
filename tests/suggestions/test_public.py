"""直通车 for anybody: no session, a signed token, limits that hold, a code that nobody guesses."""

import pytest
from flask import url_for
from sqlalchemy import func, select

from app.accounts import arrivals
from app.accounts.arrivals import sender_of
from app.accounts.sign_in_models import PublicArrival
from app.audit.models import AuditEntry, AuditEvent
from app.kernel import db, public_forms
from app.suggestions import codes
from app.suggestions.models import Idea
from tests.site.rows import read_rows
from tests.suggestions.factories import (
    CODE,
    OPINION,
    accept,
    answer,
    follow,
    latest,
    send_opinion,
    url_of,
)

NEW = "/public/suggestions/new"


def count(app, model=Idea):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def form_of(browse):
    browser = browse(None)
    page = browser.get(NEW)
    return {"csrf_token": page.one("#idea-form input[name=csrf_token]").get("value")}


def post(app, data, **options):
    """Send a form from a machine of its own."""
    return app.test_client().post(NEW, data={"problem": OPINION, "department_id": "0",
                                             "channel": "scan", **data}, **options)  # fmt: skip


def test_pages_for_anybody_set_no_cookie_and_show_no_way_in(app):
    for path in (NEW, "/public/suggestions/follow"):
        answered = app.test_client().get(path)
        assert "Set-Cookie" not in answered.headers
        assert "/sign-in" not in answered.get_data(as_text=True)


def test_a_signed_in_person_sees_no_more_there_than_anybody(browse):
    page = browse("clerk").get(NEW)
    assert "陆文博" not in page.text
    assert not page.all("nav#side")


def test_both_forms_say_first_what_does_not_belong_here(browse):
    for who, path in ((None, NEW), ("staff", "/suggestions/ideas/new")):
        page = browse(who).get(path)
        assert "本栏不受理检举控告" in page.text
        assert "12388" in page.text
        assert page.body.index("本栏不受理检举控告") < page.body.index("<textarea")


@pytest.mark.db
def test_the_code_is_shown_once_and_kept_as_a_hash(browse, app, now):
    code, page = send_opinion(browse, now)
    assert "最迟11月23日 17:00先行联系并受理" in page.text
    with app.app_context():
        rows = [str(row) for row in db.session.execute(select(Idea.__table__)).all()]
        entries = [repr(each.data) for each in db.session.scalars(select(AuditEntry))]
    plain = code.replace("-", "")
    assert all(plain not in text and code not in text for text in rows + entries)
    assert "已收到" in follow(browse, now, code.lower().replace("-", " ")).text


def test_a_code_has_at_least_64_bits_and_no_look_alike_letters():
    assert len(codes.ALPHABET) ** codes.LENGTH > 2**64
    assert not set("01OILUV") & set(codes.ALPHABET)
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET)


def test_a_wrong_code_says_nothing_and_soon_nothing_more_is_tried(browse, app, now):
    right, _ = send_opinion(browse, now)
    answers = []
    for place in range(33):
        made = {"code": f"{'2' * 14}{codes.ALPHABET[place % 29]}3"}
        browser = browse(None)
        page = browser.get("/public/suggestions/follow")
        answers.append(browser.submit(page, made, form="#follow-form", status=None).status)
    assert answers == [422] * 30 + [429] * 3
    assert count(app, PublicArrival) == 31
    # Behind the same address: whoever has a right code reads on.
    assert "已收到" in follow(browse, now, right).text
    assert count(app, PublicArrival) == 31
    now.move(minutes=61)
    code = CODE.search("2345-6789-ABCD-EFGH")[0]
    assert "没有找到这个查询码" in follow(browse, now, code, status=422).text


@pytest.mark.db
def test_five_an_hour_from_one_address_and_sixty_from_everywhere(browse, app, now):
    answers = [send_from(app, browse, now, f"10.0.0.{place // 7}") for place in range(91)]
    # 13 addresses try seven times each: five of each, until sixty have been taken altogether.
    assert answers.count(200) == 60
    assert answers[:7] == [200] * 5 + [429] * 2
    assert answers[-7:] == [429] * 7
    assert count(app) == 60
    now.move(minutes=61)
    assert send_from(app, browse, now, "10.0.0.0") == 200


def send_from(app, browse, now, address):
    data = form_of(browse)
    now.move(seconds=5)
    return post(app, data, environ_base={"REMOTE_ADDR": address}).status_code


def test_over_the_limit_keeps_what_was_typed_and_says_when(browse, app, now):
    for _ in range(5):
        send_opinion(browse, now)
    data = form_of(browse)
    now.move(seconds=5)
    answered = post(app, {**data, "problem": "第六条：希望延长周六服务。"})
    body = answered.get_data(as_text=True)
    assert answered.status_code == 429
    assert answered.headers["Retry-After"] == "3600"
    assert "请过一个小时再提交" in body
    assert "第六条：希望延长周六服务。" in body
    assert count(app) == 5


def test_what_is_over_the_limit_takes_no_turn_at_the_gate(browse, app, now, monkeypatch):
    for _ in range(5):
        send_opinion(browse, now)
    data = form_of(browse)
    now.move(seconds=5)

    def refuse(**_options):
        raise AssertionError("a write was opened")

    monkeypatch.setattr(db, "write", refuse)
    assert post(app, data).status_code == 429


def test_the_limit_holds_inside_the_write_too(app):
    """Two who have passed the first look at once: the second is refused where it is counted."""
    limit = arrivals.Limit(form="probe", per_address=1)
    with app.app_context():
        with db.write():
            arrivals.take(limit, "10.0.0.1")
        with pytest.raises(arrivals.TooManyError), db.write():
            arrivals.take(limit, "10.0.0.1")
        with db.write():
            arrivals.take(limit, "10.0.0.2")


def test_an_address_is_kept_as_a_keyed_hash_for_an_hour(browse, app, now):
    send_opinion(browse, now)
    with app.app_context():
        row = db.session.scalars(select(PublicArrival)).one()
        assert row.sender == sender_of("127.0.0.1")
        assert "127.0.0.1" not in row.sender
    now.move(minutes=61)
    with app.app_context():
        arrivals.erase_old()
    assert count(app, PublicArrival) == 0


@pytest.mark.db
def test_no_table_and_no_line_of_the_log_holds_where_a_sender_sits(browse, app, now, caplog):
    """Sent until the limit, asked back, tried with a wrong code, answered, read and rated."""
    caplog.set_level("DEBUG")
    opinion = {"problem": OPINION, "department_id": "0", "channel": "scan"}
    sent = [anybody(app, now, "new_public_idea", **opinion) for _ in range(6)]
    assert [each.status_code for each in sent] == [200] * 5 + [429]
    code = CODE.search(sent[4].get_data(as_text=True))[0]
    url = url_of(latest(app))
    accept(browse, "officer", url)
    chief = browse("chief")
    chief.submit(chief.get(url), {"text": "哪一台？"}, form="#question-form")
    assert anybody(app, now, "reply_idea", code=code, text="东门那台。").status_code == 200
    assert anybody(app, now, "follow_idea", code="2" * 16).status_code == 422
    answer(browse, url)
    assert anybody(app, now, "follow_idea", code=code).status_code == 200
    assert anybody(app, now, "rate_idea", code=code, rating="fair").status_code == 200
    with app.app_context():
        nobodys = select(AuditEntry).where(
            AuditEntry.person_id.is_(None), AuditEntry.object_type.in_(["idea", ""])
        )
        public = db.session.scalars(nobodys.order_by(AuditEntry.seq)).all()
    assert {each.event for each in public} == {
        AuditEvent.WORKFLOW_BEGUN,
        AuditEvent.PUBLIC_FORM_LIMITED,
        AuditEvent.SUGGESTIONS_REPLIED,
        AuditEvent.SUGGESTIONS_ANSWER_SEEN,
        AuditEvent.SUGGESTIONS_RATED,
    }
    assert {(each.address, each.request_id) for each in public} == {("", "")}
    assert "10.77.66" not in repr(read_rows(app))
    assert "10.77.66" not in caplog.text
    page = browse("auditor").get(f"/audit/{public[0].seq}")
    assert page.text.count("或者公众页面") == 2


def anybody(app, now, word, **values):
    """Send a form of somebody without an account, from an address that must stand nowhere."""
    with app.app_context():
        token = public_forms.make_token(f"suggestions.{word}")
    now.move(seconds=5)
    with app.test_request_context():
        url = url_for(f"suggestions.{word}")
    there = {"REMOTE_ADDR": "10.77.66.55"}
    return app.test_client().post(url, data={"csrf_token": token, **values}, environ_base=there)


def test_reaching_a_limit_is_written_down_once(browse, app, now):
    for _ in range(7):
        send_from(app, browse, now, "10.1.1.1")
    with app.app_context():
        found = db.session.scalars(
            select(AuditEntry).where(AuditEntry.event == AuditEvent.PUBLIC_FORM_LIMITED)
        ).all()
    assert len(found) == 1


def test_a_form_of_another_page_or_of_nobody_is_refused(browse, app, now):
    follow_token = browse(None).get("/public/suggestions/follow")
    token = follow_token.one("#follow-form input[name=csrf_token]").get("value")
    now.move(seconds=5)
    for data in ({}, {"csrf_token": "made up"}, {"csrf_token": token}):
        assert post(app, data).status_code == 400
    assert count(app) == 0


def test_who_is_too_quick_or_too_slow_keeps_what_he_typed(browse, app, now):
    data = form_of(browse)
    now.move(seconds=1)
    answered = post(app, data)
    assert answered.status_code == 422
    assert public_forms.TOO_QUICK in answered.get_data(as_text=True)
    now.move(hours=13)
    answered = post(app, data)
    assert answered.status_code == 422
    assert OPINION in answered.get_data(as_text=True)
    assert count(app) == 0
    assert post(app, {**data, "csrf_token": token_in(answered)}).status_code == 422
    now.move(seconds=4)
    assert post(app, {**data, "csrf_token": token_in(answered)}).status_code == 200


def token_in(answered):
    body = answered.get_data(as_text=True)
    return body.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]


def test_what_fills_in_every_field_is_refused(browse, app, now):
    data = form_of(browse)
    now.move(seconds=5)
    assert post(app, {**data, "website": "http://spam.example"}).status_code == 422
    assert count(app) == 0


@pytest.mark.db
def test_pressed_twice_it_is_taken_once_with_the_same_code(browse, app, now):
    data = form_of(browse)
    now.move(seconds=5)
    first, second = (post(app, data).get_data(as_text=True) for _ in range(2))
    assert CODE.search(first)[0] == CODE.search(second)[0]
    assert count(app) == 1


def test_the_last_one_that_is_taken_pressed_twice_still_gives_its_code(browse, app, now):
    for _ in range(4):
        send_opinion(browse, now)
    data = form_of(browse)
    now.move(seconds=5)
    first, second, third = (post(app, data) for _ in range(3))
    assert {each.status_code for each in (first, second, third)} == {200}
    code = CODE.search(first.get_data(as_text=True))[0]
    assert code in third.get_data(as_text=True)
    assert count(app, PublicArrival) == 5
    assert post(app, {**data, "problem": "另外一条意见。"}).status_code == 429


def test_the_same_page_with_another_text_is_another_opinion(browse, app, now):
    data = form_of(browse)
    now.move(seconds=5)
    post(app, data)
    answered = post(app, {**data, "problem": "再提一条：希望有放大镜。"})
    assert answered.status_code == 422
    now.move(seconds=4)
    again = post(
        app,
        {**data, "csrf_token": token_in(answered), "problem": "再提一条：希望有放大镜。"},
    )
    assert again.status_code == 200
    assert count(app) == 2


def test_a_telephone_is_taken_with_consent_only_and_shown_masked(browse, app, now):
    data = form_of(browse)
    now.move(seconds=5)
    refused = post(app, {**data, "contact": "13900000009"})
    assert refused.status_code == 422
    assert "请勾选同意" in refused.get_data(as_text=True)
    post(app, {**data, "contact": "13900000009", "has_consent": "y"})
    idea = latest(app)
    page = browse("officer").get(url_of(idea))
    assert "139****0009" in page.text
    assert "13900000009" not in page.body
    officer = browse("officer")
    shown = officer.submit(officer.get(url_of(idea)), form='form[action$="/contact"]', status=200)
    assert "13900000009" in shown.text
    with app.app_context():
        read = db.session.scalars(
            select(AuditEntry).where(AuditEntry.event == AuditEvent.RECORD_READ)
        ).all()
    assert [each.object_type for each in read] == ["idea_contact"]


@pytest.mark.db
def test_the_sender_is_asked_answers_reads_and_rates_by_his_code(browse, app, now):
    code, _ = send_opinion(browse, now)
    url = url_of(latest(app))
    accept(browse, "officer", url)
    chief = browse("chief")
    chief.submit(chief.get(url), {"text": "哪一台取号机？"}, form="#question-form")
    page = follow(browse, now, code)
    assert "哪一台取号机？" in page.text
    now.move(seconds=10)
    page = browse(None).submit(page, {"text": "东门那一台。"}, form="#reply-form", status=200)
    assert "你的回答已经收到" in page.text
    assert "东门那一台" in browse("chief").get(url).text
    answer(browse, url)
    page = follow(browse, now, code)
    assert "采纳" in page.text
    page = browse(None).submit(page, {"rating": "satisfied"}, form="#rating-form", status=200)
    assert "满意" in page.text
    assert not page.all("#rating-form")
    idea = latest(app)
    assert idea.seen_at is not None


def test_a_late_first_contact_is_told(browse, app, now):
    code, _ = send_opinion(browse, now)
    now.move(days=5)
    assert "本应在11月23日 17:00前先行联系，现在晚了" in follow(browse, now, code).text
