"""The site is killed with -9 during saves and at hand-in: nothing acknowledged is lost.

`KILLS=100` or `--long` kills a hundred times. A failing run is repeated by the seed that it prints.
"""

import json
import os
import random
import secrets
import threading
import time
from collections.abc import Sequence
from decimal import Decimal

import pytest

from app.exams.service import grading
from app.kernel import db
from tests.faults.examinees import Examinee, Ledger, Visitor
from tests.faults.papers import MARKS, Asked, asked, publish_exam, write_questions
from tests.support import cast
from tests.support.server import Hall, wait_until

PEOPLE = 6
# Few, so that people hand in often.
QUESTIONS = 5
EVERY_NTH_KILLS_THE_WORKER_TOO = 4


@pytest.mark.db
def test_nothing_acknowledged_is_lost_when_the_site_is_killed(open_hall, store_kind, kills):
    seed = int(os.environ.get("SEED") or secrets.randbelow(10**6))
    print(f"\n{store_kind}: {kills} kills, SEED={seed}")
    hall = open_hall(store_kind)
    storm = Storm(hall, random.Random(seed), seed, kills)
    storm.begin()
    for number in range(1, kills + 1):
        storm.strike(number)
    storm.end()
    check_promises(hall, storm.ledger)
    grade_all(hall, storm.exams)
    check_hand_ins(hall, storm.ledger)
    check_marks(hall, storm.ledger, storm.paper)
    check_database(hall)
    promised, handed_in = storm.ledger.promises()
    print(
        f"{store_kind}: {len(storm.ledger.sent)} saves sent, {len(promised)} answers promised, "
        f"{len(handed_in)} hand-ins, retries {dict(storm.ledger.retries)}, 0 lost"
    )
    assert len(promised) > 5 * kills
    assert len(handed_in) >= kills // 2


class Storm:
    """People who sit exams, and somebody who kills the server under them."""

    def __init__(self, hall: Hall, chance: random.Random, seed: int, kills: int) -> None:
        self.hall, self.chance, self.ledger = hall, chance, Ledger()
        self.paper = asked(QUESTIONS)
        with hall.acting():
            people = cast.add_staff(PEOPLE)
            numbers = dict(hall.ask("SELECT id, staff_number FROM person"))
        question_ids = write_questions(hall, QUESTIONS)
        # Every other exam is graded by itself as soon as all have handed in: in the midst of the storm.
        self.exams = [
            publish_exam(hall, question_ids, people, releases_when_complete=place % 2 == 0)
            for place in range(2 * kills + 5)
        ]
        hall.start()
        self.hands_in, self.enough = threading.Event(), threading.Event()
        self.people = []
        for person in people:
            visitor = Visitor(hall.port)
            visitor.sign_in(numbers[person], cast.PASSWORD)
            self.people.append(
                Examinee(
                    visitor,
                    self.exams,
                    self.paper,
                    self.ledger,
                    f"{seed}-{numbers[person]}",
                    self.hands_in,
                    self.enough,
                )
            )

    def begin(self) -> None:
        for person in self.people:
            person.start()

    def strike(self, number: int) -> None:
        """Kill the site, in every other round just when somebody hands in, and look at once."""
        if number % 2:
            enough = len(self.ledger.acknowledged) + self.chance.randint(3, 30)
            wait_until(lambda: len(self.ledger.acknowledged) >= enough, "people are at work", 30)
        else:
            self.hands_in.clear()
            assert self.hands_in.wait(30), "nobody hands in"
        time.sleep(self.chance.uniform(0, 0.02))
        self.hall.site.kill9()
        if number % EVERY_NTH_KILLS_THE_WORKER_TOO == 0:
            self.hall.worker.kill9()
            self.hall.worker.start()
        check_promises(self.hall, self.ledger)
        assert any(person.is_alive() for person in self.people), self.ledger.problems
        self.hall.start_site()

    def end(self) -> None:
        """Let everybody finish the exam that he is at."""
        self.enough.set()
        for person in self.people:
            person.join(60)
        assert not self.ledger.problems, self.ledger.problems[:5]
        assert not any(person.is_alive() for person in self.people)


def check_promises(hall: Hall, ledger: Ledger) -> None:
    """What was promised before this moment is in the database, as a new connection sees it."""
    saved, receipts = ledger.promises()
    stored = {
        (public_id, number): (revision, json.loads(chosen))
        for public_id, number, revision, chosen in hall.ask(
            "SELECT s.public_id, a.number, a.revision, a.chosen "
            "FROM answer a JOIN sitting s ON s.id = a.sitting_id"
        )
    }
    for key, revision in saved.items():
        assert key in stored, f"{key}: acknowledged at revision {revision}, and gone"
        kept_revision, kept = stored[key]
        assert kept_revision >= revision, (
            f"{key}: {revision} was acknowledged, {kept_revision} kept"
        )
        assert tuple(kept) == ledger.sent[*key, kept_revision], f"{key}: another answer"
    handed_in = dict(
        hall.ask("SELECT public_id, receipt FROM sitting WHERE handed_in_at IS NOT NULL")
    )
    for public_id, codes in receipts.items():
        assert set(codes) == {handed_in.get(public_id)}, f"{public_id}: {codes}"


def grade_all(hall: Hall, exams: Sequence[int]) -> None:
    """Let the exams close, and the worker grade what has not been graded yet."""
    hall.move_clock(hours=3)

    def are_graded() -> bool:
        return hall.ask("SELECT count(*) FROM exam WHERE graded_run = 0") == [(0,)]

    wait_until(are_graded, f"all {len(exams)} exams are graded\n{hall.log()}", 60)
    with hall.acting():
        for exam_id in exams:
            released = hall.ask("SELECT released_at FROM exam WHERE id = :id", id=exam_id)[0][0]
            if released is None:
                with db.write():
                    grading.release_results(exam_id=exam_id, released_by_id=cast.person_id("chief"))


def check_hand_ins(hall: Hall, ledger: Ledger) -> None:
    """One hand-in and one event for each person and exam; each exam graded once."""
    events = hall.ask(
        "SELECT object_id, count(*) FROM audit_entry WHERE event = 'exams.handed_in' GROUP BY object_id"
    )
    assert set(events) == {(public_id, 1) for public_id in ledger.receipts}
    counts = hall.ask(
        "SELECT object_id, count(*) FROM audit_entry WHERE event = 'exams.graded' GROUP BY object_id"
    )
    assert {count for _, count in counts} == {1}, counts
    assert hall.ask("SELECT count(*) FROM job WHERE state <> 'done'") == [(0,)]
    assert hall.ask("SELECT key FROM job GROUP BY key HAVING count(*) > 1") == []
    sat = hall.ask("SELECT exam_id, person_id FROM sitting GROUP BY exam_id, person_id")
    assert hall.ask("SELECT count(*) FROM sitting") == [(len(sat),)]


def check_marks(hall: Hall, ledger: Ledger, paper: Sequence[Asked]) -> None:
    """Every sitting has one result, which is what its acknowledged answers earn."""
    rows = hall.ask(
        "SELECT s.public_id, r.run, r.marks FROM sitting_result r JOIN sitting s ON s.id = r.sitting_id"
    )
    assert len(rows) == len({public_id for public_id, _, _ in rows})
    results = {public_id: (run, Decimal(marks) / 100) for public_id, run, marks in rows}
    assert set(results) == set(ledger.started)
    for public_id, result in results.items():
        earned = sum(
            MARKS
            for each in paper
            if set(ledger.sent[public_id, each.number, ledger.saved[public_id, each.number]])
            == set(each.key)
        )
        assert result == (1, earned), f"{public_id}: {result}, {earned} expected"


def check_database(hall: Hall) -> None:
    """SQLite says itself that its file is whole."""
    if hall.url.startswith("sqlite"):
        assert hall.ask("PRAGMA integrity_check") == [("ok",)]
        assert hall.ask("PRAGMA foreign_key_check") == []
