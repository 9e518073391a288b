"""Saving one answer as the page's script does: every answer of the server, and what is stored."""

import json
from decimal import Decimal

import pytest
from sqlalchemy import event, text

from app.exams.models import Answer
from app.kernel import db
from tests.exams.factories import Examinee, answers_of, late_of, publish_exam, sit, sitting_of


def stored(app, exam_id, who="staff"):
    with app.app_context():
        return answers_of(sitting_of(exam_id, who).id)


@pytest.mark.db
def test_a_save_is_acknowledged_with_what_is_stored(app, now, exam_id, enter):
    staff = enter()
    now.move(minutes=3, seconds=7)
    assert staff.save(2, ["C", "A"], 1) == {
        "saved": True,
        "revision": 1,
        "chosen": ["A", "C"],
        "saved_at": "10:03:07",
        "seconds_left": 37 * 60 - 7,
    }
    with app.app_context():
        row = db.session.get_one(Answer, (sitting_of(exam_id, "staff").id, 2))
        assert (row.chosen, row.revision, row.saved_at) == (["A", "C"], 1, now.now)
        assert row.is_flagged is False


@pytest.mark.db
def test_an_acknowledged_save_is_a_row_that_a_new_connection_reads(app, exam_id, enter):
    staff = enter()
    staff.save(1, ["B"], 1)
    with app.app_context(), db.database.engine.connect() as connection:
        assert connection.execute(text("SELECT chosen FROM answer")).scalars().all() == ['["B"]']


@pytest.mark.db
def test_a_newer_revision_replaces_an_older_one(app, exam_id, enter):
    staff = enter()
    for revision, labels in ((1, ["A"]), (2, ["B"]), (7, ["C"])):
        assert staff.save(1, labels, revision)["revision"] == revision
    assert stored(app, exam_id) == {1: (["C"], 7)}


@pytest.mark.db
def test_an_older_revision_is_told_what_is_stored_and_changes_nothing(app, exam_id, enter, now):
    staff = enter()
    staff.save(1, ["B"], 5)
    now.move(seconds=30)
    assert staff.save(1, ["A"], 4, status=409) == {
        "error": "stale",
        "revision": 5,
        "chosen": ["B"],
        "saved_at": "10:00:00",
        "seconds_left": 40 * 60 - 30,
    }
    assert stored(app, exam_id) == {1: (["B"], 5)}


@pytest.mark.db
def test_the_same_revision_with_another_answer_is_stale(app, exam_id, enter):
    staff = enter()
    staff.save(1, ["B"], 5)
    assert staff.save(1, ["A"], 5, status=409)["error"] == "stale"
    assert stored(app, exam_id) == {1: (["B"], 5)}


@pytest.mark.db
def test_repeating_a_save_gives_the_same_acknowledgement(app, exam_id, enter, now):
    """The answer to the first request was lost on its way; the page sends it again."""
    staff = enter()
    first = staff.save(2, ["B", "A"], 3)
    now.move(seconds=9)
    again = staff.save(2, ["A", "B"], 3)
    assert again == {**first, "chosen": ["A", "B"], "seconds_left": first["seconds_left"] - 9}
    assert stored(app, exam_id) == {2: (["A", "B"], 3)}


def test_an_answer_can_be_taken_back(app, exam_id, enter):
    staff = enter()
    staff.save(1, ["B"], 1)
    assert staff.save(1, [], 2)["chosen"] == []
    assert stored(app, exam_id) == {1: ([], 2)}
    assert "还有3道题未作答" in staff.browser.get(f"{staff.url}/hand-in").text


def test_a_flag_is_kept_beside_the_answer(exam_id, enter):
    staff = enter()
    staff.save(1, [], 1, flagged="1")
    staff.save(2, ["A", "B"], 1, flagged="1")
    staff.save(2, ["A", "B"], 2, flagged="0")
    page = staff.page()
    flagged = [each.get("name") for each in page.all("#paper [data-flagged]")]
    assert flagged == ["revision-1"]
    assert page.text_of("h1") == "2026年11月一月一考"


@pytest.mark.parametrize(
    "sent",
    [
        (1, ["D"], 1),
        (1, ["a"], 1),
        (1, ["A", "B"], 1),
        (1, [""], 1),
        (1, ["true"], 1),
        (2, ["A", "A"], 1),
        (2, ["A", "B", "E"], 1),
        (3, ["A"], 1),
        (3, ["true", "false"], 1),
        (4, ["A"], 1),
        (2**31 - 1, ["A"], 1),
        (1, ["A"], 0),
        (1, ["A"], -1),
        (1, ["A"], ""),
        (1, ["A"], "x"),
        (1, ["A"], "1.5"),
        (1, ["A"], "１"),
        (1, ["A"], "9" * 11),
        (1, ["A" * 100_000], 1),
    ],
)
def test_what_fits_no_question_is_refused_and_not_stored(app, exam_id, enter, sent):
    answer = enter().save(*sent, status=422)
    assert answer["error"] == "refused"
    assert "没有保存" in answer["message"]
    assert stored(app, exam_id) == {}


@pytest.mark.db
def test_the_largest_revision_can_be_stored_and_repeated(app, exam_id, enter):
    staff = enter()
    for _ in range(2):
        assert staff.save(1, ["A"], "9999999999")["revision"] == 2_000_000_000
    assert stored(app, exam_id) == {1: (["A"], 2_000_000_000)}


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x"])
def test_what_is_no_number_of_a_question_is_not_found(enter, number):
    staff = enter()
    staff.browser.post(
        f"{staff.url}/answers/{number}",
        {"answer": "A", "revision": "1", "csrf_token": staff.browser.token()},
        status=404,
    )


@pytest.mark.db
def test_a_session_that_has_gone_is_told_in_json_and_nothing_is_stored(app, now, exam_id, enter):
    staff = enter()
    now.move(minutes=31)
    assert staff.save(1, ["A"], 1, status=401) == {"error": "signed_out"}
    assert stored(app, exam_id) == {}


def test_after_signing_in_again_in_place_the_same_request_is_saved(app, now, exam_id, enter):
    staff = enter()
    now.move(minutes=31)
    staff.save(1, ["A"], 1, status=401)
    token = json.loads(staff.browser.get("/sign-in/again").body)["csrf_token"]
    sent = {"staff_number": "SY001", "password": "Quiet-Window-2026", "csrf_token": token}
    answer = staff.browser.post("/sign-in/again", sent, status=200)
    fresh = json.loads(answer.body)["csrf_token"]
    assert staff.save(1, ["A"], 1, csrf_token=fresh)["saved"] is True
    assert stored(app, exam_id) == {1: (["A"], 1)}


@pytest.mark.parametrize("token", ["", "junk"])
def test_without_a_token_nothing_is_stored(app, exam_id, enter, token):
    answer = enter().save(1, ["A"], 1, status=400, csrf_token=token)
    assert answer["error"] == "refused"
    assert stored(app, exam_id) == {}


def test_a_page_of_another_site_can_not_save(app, exam_id, enter):
    staff = enter()
    staff.browser.post(
        f"{staff.url}/answers/1",
        {"answer": "A", "revision": "1", "csrf_token": staff.browser.token()},
        status=400,
        Origin="https://evil.example",
    )
    assert stored(app, exam_id) == {}


@pytest.mark.db
@pytest.mark.parametrize("path", ["/answers/1", "/answers"])
def test_before_somebody_has_begun_nothing_is_taken(app, browse, exam_id, path):
    staff = browse("staff")
    with app.app_context():
        public_id = sitting_of(exam_id, "staff").public_id
    sent = {"answer": "A", "answer-1": "A", "revision": "1", "revision-1": "1"}
    url = f"/exams/sittings/{public_id}{path}"
    answer = staff.post(url, {**sent, "csrf_token": staff.token()}, status=None)
    if path == "/answers":
        assert answer.location == f"/exams/{exam_id}"
    else:
        assert answer.status == 422
        assert json.loads(answer.body)["error"] == "refused"
    assert stored(app, exam_id) == {}
    with app.app_context():
        assert late_of(sitting_of(exam_id, "staff").id) == []


def test_two_people_do_not_get_in_each_others_way(app, exam_id, enter):
    staff, other = enter(), enter("other")
    staff.save(1, ["A"], 5)
    assert other.save(1, ["B"], 1)["saved"] is True
    assert stored(app, exam_id) == {1: (["A"], 5)}
    assert stored(app, exam_id, "other") == {1: (["B"], 1)}


def test_a_sitting_that_does_not_exist_is_not_found(browse):
    staff = Examinee(browse("staff"), 1)
    staff.url = "/exams/sittings/nobodys-sitting1"
    staff._token = staff.browser.token()
    assert staff.save(1, ["A"], 1, status=404)["error"] == "failed"


def test_saving_makes_no_entry_in_the_log(app, exam_id, enter):
    staff = enter()
    with app.app_context():
        before = db.session.execute(text("SELECT count(*) FROM audit_entry")).scalar()
    staff.save(1, ["A"], 1)
    with app.app_context():
        after = db.session.execute(text("SELECT count(*) FROM audit_entry")).scalar()
    assert after == before


def test_an_answer_to_one_exam_is_no_answer_to_another(app, browse):
    with app.app_context():
        first = publish_exam()
        second = publish_exam([{"stem": "唯一的题"}], pass_marks=Decimal(5))
        sit(first, "staff", {}, hand_in=False)
    staff = Examinee(browse("staff"), second)
    staff.start()
    staff.save(2, ["A", "B"], 1, status=422)
    assert stored(app, first) == {}


@pytest.mark.db
def test_what_is_kept_of_one_paper_is_not_taken_for_another(app, browse):
    """The labels of a frozen question are kept in the process, under the hash of its paper."""
    four, two = (
        {"stem": "同一题号", "options": options, "key": ["A"]}
        for options in (["甲", "乙", "丙", "丁"], ["甲", "乙"])
    )
    with app.app_context():
        exams = [publish_exam([each], pass_marks=Decimal(10)) for each in (four, two)]
    for exam_id, status in zip(exams, (200, 422), strict=True):
        staff = Examinee(browse("staff"), exam_id)
        staff.start()
        staff.save(1, ["A"], 1)
        staff.save(1, ["D"], 2, status=status)


def test_a_save_asks_the_database_five_times(app, exam_id, enter):
    """Settings, session, roles, sitting, upsert: thousands of them come within minutes."""
    staff, asked = enter(), []
    staff.save(1, ["A"], 1)

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement.split()[0])

    with app.app_context():
        engine = db.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        staff.save(1, ["B"], 2)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert [word for word in asked if word in {"SELECT", "INSERT", "UPDATE"}] == [
        *["SELECT"] * 4,
        "INSERT",
    ]
