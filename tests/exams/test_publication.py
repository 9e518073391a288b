"""Publication freezes a paper, in the database too; the bank may change as it likes after that."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.exams.models import ExamItem, PaperKey, Sitting
from app.exams.service import choosing, papers
from app.kernel import clock, db
from app.kernel.permissions import Role
from tests.accounts.factories import grant, let_leave
from tests.accounts.roster.factories import move
from tests.exams.factories import (
    KEY,
    Examinee,
    direct,
    draft,
    frozen,
    get_exam,
    graded_exam,
    order_grading,
    publish,
    publish_exam,
    results_of,
    run_jobs,
    sit,
    sweep,
)
from tests.questions.factories import revise
from tests.support import cast
from tests.support.questions import retire

TABLES = ("paper_question", "paper_key", "exam_item", "exam_department")
ONE_MORE = (
    "INSERT INTO paper_question (exam_id, number, question_id, kind, category, group_stem, stem,"
    " options, marks, is_demonstration, content_hash) SELECT exam_id, 9, question_id, kind,"
    " category, group_stem, stem, options, marks, is_demonstration, content_hash"
    " FROM paper_question WHERE number = 1"
)
CHANGES = [
    ONE_MORE,
    "UPDATE paper_question SET stem = 'x' WHERE number = 1",
    "UPDATE paper_question SET options = '[]'",
    "UPDATE paper_question SET marks = 1",
    "UPDATE paper_question SET number = 9 WHERE number = 3",
    "DELETE FROM paper_question WHERE number = 3",
    "UPDATE paper_key SET key = '[\"A\"]' WHERE number = 1",
    "UPDATE paper_key SET basis = ''",
    "DELETE FROM paper_key",
    "UPDATE exam_item SET marks = 500",
    "DELETE FROM exam_item",
    "DELETE FROM exam_department",
    "INSERT INTO paper_key SELECT exam_id, 9, key, basis, analysis FROM paper_key WHERE number = 1",
]


def everything():
    """Read all that is frozen."""
    return {
        table: sorted(map(repr, db.session.execute(text(f"SELECT * FROM {table}"))))  # noqa: S608
        for table in TABLES
    }


@pytest.mark.db
@pytest.mark.parametrize("statement", CHANGES)
def test_the_database_refuses_to_change_a_published_paper(app, exam_id, statement):
    with app.app_context():
        before = everything()
        with pytest.raises(IntegrityError):
            direct(statement)
        assert everything() == before
        assert all(before.values())


@pytest.mark.db
def test_the_questions_of_a_draft_can_still_be_changed(app):
    with app.app_context():
        exam_id = draft()
        direct("UPDATE exam_item SET marks = 500")
        direct("DELETE FROM exam_department")
        assert {item.marks for item in db.session.query(ExamItem)} == {Decimal(5)}
        assert papers.list_department_ids(exam_id) == []


@pytest.mark.db
def test_the_bank_may_change_and_the_paper_stays(browse, app, now):
    """EX7: what is shown, what is marked and the paper's hash stay as they were published."""
    with app.app_context():
        exam_id = publish_exam()
        ids = [each.question_id for each in frozen(exam_id)]
        fingerprint = get_exam(exam_id).paper_hash
        before = everything()
    examinee = Examinee(browse("staff"), exam_id)
    page = examinee.start()
    with app.app_context():
        for question_id in ids[:1]:
            revise(question_id, stem="全新的题干", key=["A"], options=["甲", "乙"])
        with db.write():
            for question_id in ids:
                retire(question_id)
        assert everything() == before
        assert get_exam(exam_id).paper_hash == fingerprint
    assert examinee.page().text_of("#paper") == page.text_of("#paper")
    examinee.save(1, ["C"], 1)
    examinee.hand_in()
    now.move(hours=8, seconds=67)
    with app.app_context():
        sweep()
        [(_, _, marks, _, correct, details)] = results_of(exam_id)
        assert (marks, correct) == (Decimal(10), 1)
        assert Decimal(details["1"]) == Decimal(10)


@pytest.mark.db
def test_grading_again_after_the_bank_has_changed_gives_the_same(app, now):
    with app.app_context():
        exam_id = graded_exam(now, staff=KEY, other={})
        for question in frozen(exam_id)[:1]:
            revise(question.question_id, key=["A"])
        order_grading(exam_id)
        run_jobs()
        stored = results_of(exam_id)
        first = [row[2:] for row in stored if row[1] == 1]
        assert first == [row[2:] for row in stored if row[1] == 2]
        assert len(first) == 2


@pytest.mark.db
def test_what_is_frozen_is_the_version_in_force_at_publication(app):
    with app.app_context():
        exam_id = draft()
        first = choosing.read_order(exam_id)[0]
        revise(first, stem="审核前改过的题干", key=["B"])
        publish(exam_id)
        question = frozen(exam_id)[0]
        assert question.stem == "审核前改过的题干"
        assert db.session.get_one(PaperKey, (exam_id, 1)).key == ["B"]


@pytest.mark.db
def test_the_hash_of_a_paper_covers_questions_keys_order_and_marks(app):
    with app.app_context():
        first = draft()
        order = choosing.read_order(first)
        second, third = draft(order), draft(order[::-1])
        for exam_id in (first, second, third):
            publish(exam_id)
        fourth = draft(order)
        revise(order[0], key=["A"])
        publish(fourth)
        hashes = [get_exam(each).paper_hash for each in (first, second, third, fourth)]
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3
    assert {len(each) for each in hashes} == {64}


@pytest.mark.db
def test_everybody_on_the_roll_gets_one_sitting_with_a_secret_address(app, exam_id):
    with app.app_context():
        people = cast.add_staff(6)
        second = publish_exam()
        made = db.session.query(Sitting).filter_by(exam_id=second).all()
    assert {each.person_id for each in made} >= set(people)
    assert len(made) == 8
    assert len({each.public_id for each in made}) == 8
    assert {len(each.public_id) for each in made} == {16}
    assert len({each.receipt for each in made}) == 8
    assert {(each.started_at, each.handed_in_at) for each in made} == {(None, None)}


def roll(exam_id):
    names = {cast.person_id(who): who for who in cast.CAST}
    rows = db.session.query(Sitting).filter_by(exam_id=exam_id).order_by(Sitting.person_id)
    return [names[row.person_id] for row in rows]


def expected(exam_id):
    """Give who of the roll has to come."""
    names = {cast.person_id(who): who for who in cast.CAST}
    rows = db.session.query(Sitting).filter_by(exam_id=exam_id, standing="due")
    return [names[row.person_id] for row in rows.order_by(Sitting.person_id)]


@pytest.mark.db
def test_whoever_worked_on_a_paper_is_on_the_roll_and_never_sits_it(app):
    """Whoever drafts, reviews or publishes is 免考(命题), though he is staff as well."""
    with app.app_context():
        grant("clerk", Role.STAFF)
        grant("chief", Role.STAFF)
        exam_id = publish_exam()
        assert roll(exam_id) == ["staff", "other", "clerk", "chief"]
        assert expected(exam_id) == ["staff", "other"]


@pytest.mark.db
def test_whoever_has_left_before_the_exam_opens_is_not_on_the_roll(app, now):
    opens = now.now + timedelta(days=7)
    with app.app_context():
        let_leave("staff", clock.local(opens).date() - timedelta(days=1))
        exam_id = publish_exam(opens_at=opens, closes_at=opens + timedelta(hours=8))
        assert roll(exam_id) == ["other"]


def test_the_roll_is_that_of_the_chosen_departments(app):
    with app.app_context():
        first = cast.department_ids()[0]
        assert roll(publish_exam(department_ids=[first])) == ["staff"]


def test_an_exam_can_be_for_named_people_only(app):
    with app.app_context():
        assert roll(publish_exam(only=["other"])) == ["other"]


def test_a_later_transfer_does_not_move_a_sitting(app, exam_id):
    with app.app_context():
        second = cast.department_ids()[1]
        move(cast.person_id("staff"), clock.today(), department=1)
        sitting = db.session.query(Sitting).filter_by(person_id=cast.person_id("staff")).one()
        assert sitting.department_id != second


def test_a_published_paper_can_not_be_deleted(app, exam_id):
    with app.app_context():
        sit(exam_id, "staff")
        for table in ("sitting", "exam", "paper_question", "question"):
            with pytest.raises(IntegrityError):
                direct(f"DELETE FROM {table}")  # noqa: S608
