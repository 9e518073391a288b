"""If the event can't be written the act fails, whatever it is (AL6): nothing half is left."""

from contextlib import contextmanager

import pytest
from sqlalchemy import text

from app.kernel import db
from tests.exams.factories import (
    Examinee,
    draft,
    graded_exam,
    publish_exam,
    review,
    sit,
    sitting_of,
    submit,
)
from tests.questions.factories import SINGLE, add_question
from tests.support.database import digest, writing

SQLITE = (
    "CREATE TRIGGER log_is_full BEFORE INSERT ON audit_entry"
    " BEGIN SELECT RAISE(ABORT, 'the log is full'); END"
)
POSTGRES = (
    "CREATE TRIGGER log_is_full BEFORE INSERT ON audit_entry"
    " FOR EACH ROW EXECUTE FUNCTION refuse('the log is full')"
)


@contextmanager
def log_that_is_full(app):
    """Let the database itself refuse every event."""
    with app.app_context():
        is_sqlite = db.database.engine.dialect.name == "sqlite"
        run(SQLITE if is_sqlite else POSTGRES)
    try:
        yield
    finally:
        with app.app_context():
            run(f"DROP TRIGGER log_is_full{'' if is_sqlite else ' ON audit_entry'}")


def run(statement):
    with writing(), db.database.engine.begin() as connection:
        connection.execute(text(statement))


def sign_in(app, browse):
    visitor = browse(None)
    page = visitor.get("/sign-in")
    values = {"staff_number": "SY001", "password": "Quiet-Window-2026"}
    return lambda: visitor.submit(page, values, status=None)


def fail_to_sign_in(app, browse):
    visitor = browse(None)
    page = visitor.get("/sign-in")
    values = {"staff_number": "SY001", "password": "not it"}
    return lambda: visitor.submit(page, values, status=None)


def sign_out(app, browse):
    staff = browse("staff")
    page = staff.get("/")
    return lambda: staff.submit(page, form="form[action$=sign-out]", status=None)


def type_in_a_question(app, browse):
    clerk = browse("clerk")
    page = clerk.get("/questions/new")
    return lambda: clerk.submit(page, SINGLE, status=None)


def revise_a_question(app, browse):
    with app.app_context():
        number = add_question()
    clerk = browse("clerk")
    page = clerk.get(f"/questions/{number}/edit")
    return lambda: clerk.submit(page, {"stem": "改"}, status=None)


def publish(app, browse):
    with app.app_context():
        exam_id = draft()
        submit(exam_id)
        review(exam_id)
    clerk = browse("clerk")
    asked = clerk.get(f"/exams/papers/{exam_id}/publish")
    return lambda: clerk.submit(asked, status=None)


def start(app, browse):
    with app.app_context():
        exam_id = publish_exam()
    staff = browse("staff")
    page = staff.get(f"/exams/{exam_id}")
    return lambda: staff.submit(page, form="form[action$=start]", status=None)


def hand_in(app, browse):
    with app.app_context():
        exam_id = publish_exam(only=["staff"], releases_when_complete=True)
        sit(exam_id, "staff", hand_in=False)
        public_id = sitting_of(exam_id, "staff").public_id
    staff = browse("staff")
    page = staff.get(f"/exams/sittings/{public_id}/hand-in")
    return lambda: staff.submit(page, status=None)


def export(app, browse):
    clerk = browse("clerk")
    return lambda: clerk.get("/questions/export", status=None)


ACTS = [
    sign_in,
    fail_to_sign_in,
    sign_out,
    type_in_a_question,
    revise_a_question,
    publish,
    start,
    hand_in,
    export,
]


@pytest.mark.db
@pytest.mark.parametrize("prepare", ACTS, ids=[act.__name__ for act in ACTS])
def test_without_its_event_an_act_does_not_happen(app, browse, prepare):
    act = prepare(app, browse)
    with app.app_context():
        before = digest()
    with log_that_is_full(app):
        answer = act()
        assert answer.status >= 400
        assert "the log is full" not in answer.body
    with app.app_context():
        assert digest() == before
    # It was this that stopped it: with the log mended the same act goes through.
    assert act().status < 400 or prepare is fail_to_sign_in
    with app.app_context():
        assert digest() != before


@pytest.mark.db
def test_a_result_that_can_not_be_logged_is_not_shown(app, browse, now):
    with app.app_context():
        exam_id = graded_exam(now, staff={})
        public_id = sitting_of(exam_id, "staff").public_id
    clerk = browse("clerk")
    url = f"/exams/papers/{exam_id}/results/{public_id}"
    with log_that_is_full(app):
        answer = clerk.get(url, status=None)
        assert answer.status >= 400
        assert "得分" not in answer.text
    assert "得分" in clerk.get(url).text


@pytest.mark.db
def test_saving_an_answer_does_not_need_the_log(app, browse):
    """The one write of a running exam that makes no event goes on."""
    with app.app_context():
        exam_id = publish_exam()
    staff = Examinee(browse("staff"), exam_id)
    staff.start()
    with log_that_is_full(app):
        assert staff.save(1, ["C"], 1)["saved"] is True
