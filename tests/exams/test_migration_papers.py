"""Migration 026: a 成绩单 that was printed before it is the same paper, and an order is kept."""

import pytest
from sqlalchemy import text

from app.files import verifying
from app.files.models import ProducedPaper
from app.home.commands import bring_up_to_date
from app.jobs.models import Job
from app.kernel import db
from tests.conftest import POSTGRES
from tests.exams.test_migration_room import DEPARTMENT, PERSON
from tests.support.database import site_at

pytestmark = pytest.mark.db

MOMENT = "2026-11-01 01:00:00"
CODE = "0123-4567-89AB-CDEF"


@pytest.fixture
def old_site(store_kind, tmp_path):
    """A site whose database stands at migration 025."""
    with site_at("025", tmp_path / "var", POSTGRES if store_kind == "postgres" else None) as site:
        yield site


def fill():
    """Put a result with its sheet, and an order for another, into the old tables."""
    run = db.session.execute
    with db.write():
        run(text(DEPARTMENT))
        run(text(PERSON), {"id": 1, "number": "N1"})
        run(
            text(
                "INSERT INTO exam (id, title, notice, state, opens_at, closes_at, minutes,"
                " pass_marks, releases_when_complete, drafted_by_id, drafted_at, moved_at,"
                " published_at, published_by_id, paper_print, paper_hash, full_marks, question_count, graded_run, graded_at,"
                " released_at, version)"
                " VALUES (1, '某考试', '', 'released', :at, :end, 40, 60, false, 1, :at, :at, :at, 1,"
                " '', '', 100, 1, 1, :end, :end, 1)"
            ),
            {"at": MOMENT, "end": "2026-11-03 01:00:00"},
        )
        run(
            text(
                "INSERT INTO paper_form (exam_id, code, question_ids, difficulty, numbers)"
                " VALUES (1, 1, '[]', 0, '[]')"
            )
        )
        run(
            text(
                "INSERT INTO sitting (id, public_id, exam_id, person_id, department_id, receipt,"
                " device)"
                " VALUES (7, 'abc', 1, 1, 1, 'R', '')"
            )
        )
        run(
            text(
                "INSERT INTO sitting_result (sitting_id, run, marks, is_passed, correct_count,"
                " details) VALUES (7, 1, 9000, true, 1, '{}')"
            )
        )
        run(
            text(
                "INSERT INTO stored_file (id, sha256, size, media_type, name, created_at)"
                " VALUES (3, 'f', 9, 'application/pdf', '某成绩单', :at)"
            ),
            {"at": MOMENT},
        )
        run(
            text(
                "INSERT INTO result_sheet (sitting_id, run, file_id, check_code, snapshot, made_at)"
                ' VALUES (7, 1, 3, :code, \'{"name": "某"}\', :at)'
            ),
            {"code": CODE, "at": MOMENT},
        )
        run(
            text(
                "INSERT INTO job (public_id, kind, key, title, state, payload, result, done,"
                " total, tries, error, ordered_by_id, created_at)"
                " VALUES ('j', 'exams.sheet', 'exams.sheet:7:1', '个人成绩单', 'waiting',"
                " '{\"sitting_id\": 7, \"run\": 1}', '{}', 0, 1, 0, '', 1, :at)"
            ),
            {"at": MOMENT},
        )


def test_sheets_and_orders_move_to_where_all_papers_are(old_site):
    fill()
    bring_up_to_date()
    paper = db.session.query(ProducedPaper).one()
    assert (paper.kind, paper.record_id, paper.part) == ("exams.result", 7, 0)
    assert (paper.check_code, paper.file_id, paper.snapshot) == (CODE, 3, {"name": "某"})
    assert verifying.check_code(CODE).title == "个人成绩单"
    job = db.session.query(Job).filter_by(public_id="j").one()
    assert (job.kind, job.key) == ("files.paper", "files.paper:exams.result:7:1")
    assert job.payload == {
        "kind": "exams.result", "record_id": 7, "part": 0, "values": {"public_id": "abc"},
    }  # fmt: skip
