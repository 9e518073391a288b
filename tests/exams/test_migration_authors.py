"""Migration 008 on papers from before it: who worked on them is read from the log."""

import pytest
from sqlalchemy import text

from app.home.commands import bring_up_to_date
from app.kernel import db
from tests.conftest import POSTGRES
from tests.support.database import site_at

MOMENT = "2026-11-01 01:00:00"
PERSON = (
    "INSERT INTO person (id, staff_number, name, name_key, department_id, post, joined_on)"
    " VALUES ({id}, 'N{id}', '某', '某', 1, '窗口', '2025-01-06')"
)
# 1 drafted all three; 2 changed and submitted the second; 3 submitted and published the third.
PAPERS = (
    (1, "draft", None, None),
    (2, "submitted", MOMENT, None),
    (3, "published", MOMENT, 3),
)
LOG = (
    (1, 1, "exams.drafted"),
    (2, 1, "exams.drafted"),
    (2, 2, "exams.edited"),
    (2, 1, "exams.submitted"),
    (2, 2, "exams.submitted"),
    (3, 1, "exams.drafted"),
    (3, 3, "exams.submitted"),
    (3, 3, "exams.published"),
)


@pytest.fixture
def old_site(store_kind, tmp_path):
    """A site whose database stands at migration 002."""
    with site_at("002", tmp_path / "var", POSTGRES if store_kind == "postgres" else None) as site:
        yield site


def fill():
    """Put papers and their log into the old tables."""
    with db.write():
        run = db.session.execute
        run(text("INSERT INTO department (id, name, position) VALUES (1, '某部门', 1)"))
        for person_id in (1, 2, 3):
            run(text(PERSON.format(id=person_id)))
        for number, state, submitted_at, publisher in PAPERS:
            values = {"id": number, "state": state, "at": MOMENT, "closes": "2026-11-02 01:00:00"}
            run(
                text(
                    "INSERT INTO exam (id, title, notice, state, opens_at, closes_at, minutes,"
                    " pass_marks, releases_when_complete, drafted_by_id, drafted_at, submitted_at,"
                    " sent_back_reason, published_by_id, published_at, paper_hash, full_marks,"
                    " question_count, graded_run, version) VALUES (:id, '月考', '', :state, :at,"
                    " :closes, 40, 0, false, 1, :at, :submitted, '', :publisher, :published, '',"
                    " 0, 0, 0, 1)"
                ),
                {
                    **values,
                    "submitted": submitted_at,
                    "publisher": publisher,
                    "published": MOMENT if publisher else None,
                },
            )
        for exam_id, person_id, event in LOG:
            run(
                text(
                    "INSERT INTO audit_entry (at, event, person_id, request_id, address,"
                    " object_type, object_id, data) VALUES (:at, :event, :person, '', '', 'exam',"
                    " :exam, '{}')"
                ),
                {"at": MOMENT, "event": event, "person": person_id, "exam": str(exam_id)},
            )


def rows(sql):
    return [tuple(row) for row in db.session.execute(text(sql))]


@pytest.mark.db
def test_authors_and_submitters_of_old_papers_come_from_the_log(old_site):
    fill()
    bring_up_to_date()
    assert rows("SELECT exam_id, person_id FROM exam_author ORDER BY 1, 2") == [
        (1, 1),
        (2, 1),
        (2, 2),
        (3, 1),
        (3, 3),
    ]
    assert rows("SELECT id, submitted_by_id FROM exam ORDER BY id") == [
        (1, None),
        (2, 2),
        (3, None),
    ]
    # A paper from before is still graded and released, whoever published it.
    with db.write():
        db.session.execute(text("UPDATE exam SET graded_run = 1 WHERE id = 3"))
    assert rows("SELECT graded_run FROM exam WHERE id = 3") == [(1,)]
