"""What the tables themselves refuse: above all to change a version."""

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.kernel import db
from app.questions.models import QuestionVersion
from app.questions.service import list_versions
from tests.questions.factories import add_question

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE question_version SET stem = 'x'",
        "UPDATE question_version SET key = '[\"A\"]'",
        "UPDATE question_version SET note = 'x' WHERE number = 1",
        "DELETE FROM question_version",
        "DELETE FROM question",
    ],
)
def test_a_version_is_never_changed_or_removed(statement):
    number = add_question()
    with pytest.raises(IntegrityError), db.write():
        db.session.execute(text(statement))
    [version] = list_versions(number)
    assert (version.stem[:4], version.key) == ("材料齐全", ["C"])


@pytest.mark.parametrize(
    "values",
    [{"number": 1}, {"marks": Decimal(0)}, {"question_id": 4711}, {"stem": None}, {"key": None}],
)
def test_the_database_refuses_a_version(values):
    number = add_question()
    [first] = list_versions(number)
    columns = [column.key for column in QuestionVersion.__table__.columns if column.key != "id"]
    given = {name: getattr(first, name) for name in columns}
    with pytest.raises(IntegrityError), db.write():
        db.session.add(QuestionVersion(**{**given, "number": 2, **values}))


@pytest.mark.parametrize(
    ("column", "value"),
    [("kind", "x"), ("category", "x"), ("state", "deleted"), ("difficulty", "x")],
)
def test_the_database_knows_no_other_kind_category_or_state(column, value):
    add_question()
    table = "question" if column == "state" else "question_version"
    insert = {
        "question": "INSERT INTO question (state, wording, version, bank, is_demonstration,"
        " used_times, drafted_by_id, drafted_at, moved_at) SELECT :value, 1, 1, bank,"
        " is_demonstration, 0, drafted_by_id, drafted_at, moved_at FROM question",
        "question_version": "INSERT INTO question_version (question_id, number, kind, category, difficulty,"
        " stem, options, key, marks, basis, analysis, searched, created_by_id, created_at, note)"
        " SELECT question_id, 2, {kind}, {category}, {difficulty}, stem, options, key, marks,"
        " basis, analysis, searched, created_by_id, created_at, note FROM question_version",
    }[table]
    for name in ("kind", "category", "difficulty"):
        insert = insert.replace(f"{{{name}}}", ":value" if name == column else name)
    with pytest.raises(IntegrityError), db.write():
        db.session.execute(text(insert), {"value": value})
