"""The worker dies in the middle of grading and of a PDF: the work goes on and is done once.

A job dies four times at most here: it is given up after five tries.
"""

import hashlib
import subprocess

import pytest
from sqlalchemy import select

from app.exams.models import Sitting
from app.exams.printing import RESULT_SHEET
from app.exams.service import grading, sittings
from app.files import papers
from app.kernel import clock, db
from tests.faults.papers import asked, publish_exam, write_questions
from tests.support import cast
from tests.support.server import Hall, wait_until

PEOPLE = 60
PAST_THE_LEASE_SECONDS = 21
GRADING_POINTS = [
    "written:sitting_result",
    "committed:sitting_result",
    "committing:exam",
    "before:finish",
]
SHEET_POINTS = [
    ["before:render", "during:render", "after:render", "before:sync_folder"],
    [
        "after:put_content",
        "written:stored_file",
        "committing:produced_paper",
        "committed:produced_paper",
    ],
]


@pytest.fixture
def hall(open_hall, store_kind: str) -> Hall:
    hall = open_hall(store_kind)
    hall.worker.start()
    return hall


def sit(hall: Hall, count: int, **options: object) -> int:
    """Publish an exam and let people sit it, all answers right but the last person's."""
    with hall.acting():
        people = cast.add_staff(count)
    exam_id = publish_exam(hall, write_questions(hall, 3), people, **options)
    with hall.acting(), db.write():
        for person in people:
            sittings.start_sitting(exam_id=exam_id, person_id=person)
        now = clock.now()
        for sitting in db.session.scalars(select(Sitting).where(Sitting.exam_id == exam_id)):
            for question in asked(3):
                sittings.save_answer(
                    sitting_id=sitting.id,
                    number=question.number,
                    chosen=question.key
                    if sitting.person_id != people[-1]
                    else question.labels[-1:],
                    is_flagged=False,
                    revision=1,
                    received_at=now,
                )
            sittings.hand_in(sitting_id=sitting.id, received_at=now)
    return exam_id


def die_and_come_back(hall: Hall, points: list[str]) -> None:
    """Let the worker die at one point after the other; each time another takes the job over."""
    for place, point in enumerate(points):
        wait_until(hall.has_struck, f"{point} is reached\n{hall.log()}")
        wait_until(lambda: not hall.worker.is_alive(), "the worker is dead")
        # What it had started is dead too: nobody goes on printing for a dead worker.
        wait_until(lambda: not hall.worker.members(), "its children are dead")
        hall.worker.kill9()
        if place + 1 < len(points):
            hall.arm(points[place + 1])
        hall.move_clock(seconds=PAST_THE_LEASE_SECONDS)
        hall.worker.start()


@pytest.mark.db
def test_grading_goes_on_after_kill_9_and_grades_nobody_twice(hall):
    hall.arm(GRADING_POINTS[0])
    exam_id = sit(hall, PEOPLE)
    hall.move_clock(hours=3)
    die_and_come_back(hall, GRADING_POINTS)
    done = "SELECT state, tries FROM job WHERE kind = 'exams.grade'"
    wait_until(lambda: hall.ask(done)[0][0] == "done", f"graded\n{hall.log()}")
    assert hall.ask(done) == [("done", len(GRADING_POINTS) + 1)]
    assert hall.ask("SELECT graded_run FROM exam WHERE id = :id", id=exam_id) == [(1,)]
    marks = hall.ask(
        "SELECT marks, count(*) FROM sitting_result WHERE run = 1 GROUP BY marks ORDER BY marks"
    )
    assert marks == [(0, 1), (3000, PEOPLE - 1)]
    assert hall.ask("SELECT count(*) FROM sitting_result") == [(PEOPLE,)]
    graded = "SELECT count(*) FROM audit_entry WHERE event = 'exams.graded'"
    assert hall.ask(graded) == [(1,)]


@pytest.mark.db
@pytest.mark.parametrize("points", SHEET_POINTS, ids=["printing", "storing"])
def test_a_result_sheet_is_finished_after_kill_9_with_one_file(hall, points):
    exam_id = sit(hall, 2)
    hall.move_clock(hours=3)
    graded = "SELECT count(*) FROM job WHERE kind = 'exams.grade' AND state = 'done'"
    wait_until(lambda: hall.ask(graded) == [(1,)], f"graded\n{hall.log()}")
    with hall.acting(), db.write():
        grading.release_results(exam_id=exam_id, released_by_id=cast.person_id("chief"))
    hall.arm(points[0])
    order_sheet(hall, exam_id)
    die_and_come_back(hall, points)
    done = "SELECT state, tries, done, total FROM job WHERE kind = 'files.paper'"
    wait_until(lambda: hall.ask(done)[0][0] in {"done", "failed"}, f"printed\n{hall.log()}", 40)
    state, tries, steps, total = hall.ask(done)[0]
    assert (state, tries) == ("done", len(points) + 1), hall.log()
    assert steps == total
    check_one_file(hall)


def order_sheet(hall: Hall, exam_id: int) -> None:
    """Order the sheet of the first person, as his page does."""
    with hall.acting(), db.write():
        sitting = db.session.scalars(select(Sitting).where(Sitting.exam_id == exam_id)).first()
        papers.order(
            RESULT_SHEET,
            sitting.id,
            values={"public_id": sitting.public_id},
            ordered_by_id=sitting.person_id,
        )


def check_one_file(hall: Hall) -> None:
    """One sheet, one file row, and the bytes of which it speaks."""
    rows = hall.ask(
        "SELECT f.sha256, f.size FROM produced_paper r JOIN stored_file f ON f.id = r.file_id"
    )
    assert len(rows) == 1
    assert hall.ask("SELECT count(*) FROM stored_file") == [(1,)]
    sha256, size = rows[0]
    stored = hall.var / "files" / sha256[:2] / sha256
    content = stored.read_bytes()
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size)
    words = subprocess.run(["pdftotext", stored, "-"], capture_output=True, text=True, check=True)
    assert "成绩单" in words.stdout
