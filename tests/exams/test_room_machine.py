"""EX5, EX6: two devices, take-over, pause, extra time, call-back, restart, in any order: nothing lost."""

import itertools
import json
import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.accounts.models import Person
from app.exams import call_back_flow, paper_html
from app.exams.models import CallBack, ControlKind, Sitting
from app.exams.service import frozen, running
from app.kernel import db
from app.workflow import service as workflow
from tests.conftest import NOW
from tests.exams.factories import answers_of, browser_of, late_of, publish_exam, sitting_of
from tests.exams.factories import frozen as frozen_questions
from tests.exams.room_model import Room
from tests.support import cast

STEPS = 32
MINUTES = 40
OPTIONS = {1: ["A", "B", "C"], 2: ["A", "B", "C", "D"], 3: ["true", "false"]}
DEVICES = st.sampled_from((0, 1))


@st.composite
def answers(draw):
    """Draw a question and an answer that fits it."""
    number = draw(st.sampled_from(sorted(OPTIONS)))
    return number, sorted(draw(st.sets(st.sampled_from(OPTIONS[number]), min_size=1, max_size=1)))


class Holding(RuleBasedStateMachine):
    """One person at two devices, an organiser, a lead, and a site that is started anew."""

    world: SimpleNamespace

    @initialize()
    def begin(self):
        world = self.world
        world.now.now = NOW
        with world.app.app_context():
            person_id = cast.add_staff(1)[0] if world.first else self.colleague()
            world.first = False
            self.exam_id = publish_exam(world.questions, only=[person_id], minutes=MINUTES)
            self.clients = [browser_of(world.app, person_id).client for _ in range(2)]
        notice = self.clients[0].get(f"/exams/{self.exam_id}").get_data(as_text=True)
        self.tokens = [notice.split('name="csrf_token" value="')[1].split('"')[0]]
        page = self.clients[1].get("/account").get_data(as_text=True)
        self.tokens.append(page.split('name="csrf_token" value="')[1].split('"')[0])
        begun = self.post_to(0, f"/exams/{self.exam_id}/start")
        self.url = begun.headers["Location"]
        with world.app.app_context():
            self.sitting_id = sitting_of(self.exam_id, person_id).id
        self.room = Room(deadline=NOW + timedelta(minutes=MINUTES))
        self.revisions = itertools.count(1)

    def colleague(self):
        return db.session.query(Person.id).filter_by(staff_number="SY1000").scalar()

    @property
    def now(self):
        return self.world.now.now

    def post_to(self, device, path, **data):
        return self.clients[device].post(path, data={"csrf_token": self.tokens[device], **data})

    def post(self, device, path, **data):
        return self.post_to(device, f"{self.url}{path}", **data)

    def organise(self, kind, *, is_for_all=False, **values):
        with self.world.app.app_context(), db.write():
            running.control(
                exam_id=self.exam_id,
                kind=kind,
                made_by_id=cast.person_id("clerk"),
                sitting_id=None if is_for_all else self.sitting_id,
                **values,
            )

    @rule(device=DEVICES, answer=answers())
    def save(self, device, answer):
        number, chosen = answer
        revision = next(self.revisions)
        said = self.post(
            device, f"/answers/{number}", answer=chosen, revision=str(revision), flagged="0"
        )
        body = json.loads(said.get_data())
        wanted = self.room.save(device, number, chosen, self.now)
        assert ("saved" if body.get("saved") else body["error"]) == wanted
        assert said.status_code == (200 if wanted == "saved" else 409)

    @rule(minutes=st.integers(1, 9))
    def wait(self, minutes):
        self.world.now.move(minutes=minutes)
        for client in self.clients:
            client.get("/inbox")

    @rule(device=DEVICES)
    def take_over(self, device):
        self.post(device, "/take-over")
        if not self.room.is_over(self.now):
            self.room.device = device

    @rule(device=DEVICES)
    def pulse(self, device):
        said = json.loads(self.post(device, "/pulse", unsaved="0", known="0").get_data())
        room = self.room
        assert said["over"] == room.is_over(self.now)
        assert said["seconds_left"] == room.seconds_left(self.now)
        assert bool(said["stopped"]) == (room.stopped is not None)
        assert said["taken"] == (device != room.device)

    @rule()
    def start_the_site_anew(self):
        """Forget all that a process keeps; what counts is in the database."""
        frozen._papers.clear()
        paper_html._kept.clear()
        with self.world.app.app_context():
            db.session.remove()
            db.database.engine.dispose()

    @precondition(lambda self: self.room.can_stop(self.now) and not self.room.paused)
    @rule()
    def pause_him(self):
        self.organise(ControlKind.PAUSE)
        self.room.stop("pause", self.now)

    @precondition(lambda self: self.room.why == "pause" and not self.room.paused)
    @rule()
    def let_him_go_on(self):
        self.organise(ControlKind.RESUME)
        self.room.run_on(self.now)

    @precondition(lambda self: not self.room.paused)
    @rule()
    def pause_all(self):
        self.organise(ControlKind.PAUSE, is_for_all=True)
        self.room.pause_all(self.now)

    @precondition(lambda self: self.room.paused)
    @rule()
    def let_all_go_on(self):
        self.organise(ControlKind.RESUME, is_for_all=True)
        self.room.resume_all(self.now)

    @precondition(lambda self: not self.room.is_over(self.now))
    @rule(minutes=st.integers(1, 20))
    def give_time(self, minutes):
        self.organise(ControlKind.EXTRA_TIME, minutes=minutes)
        self.room.deadline += timedelta(minutes=minutes)

    @rule(device=DEVICES)
    def call_back(self, device):
        """Once in an exam, by the device in charge, while the clock runs; else nothing happens."""
        self.post(device, "/call-back")
        room = self.room
        if device == room.device and not room.call_back and room.can_stop(self.now):
            room.call_back = "asked"
            room.stop("call_back", self.now)

    def record(self):
        return db.session.query(CallBack).filter_by(sitting_id=self.sitting_id).one().id

    def lead_moves(self, name, **values):
        with self.world.app.app_context(), db.write():
            workflow.execute(
                call_back_flow.FLOW,
                record_id=self.record(),
                name=name,
                user=cast.principal("lead"),
                **values,
            )

    @precondition(lambda self: self.room.call_back == "asked" and not self.room.ended_by)
    @rule()
    def confirm(self):
        self.lead_moves("confirm")
        self.room.call_back = "confirmed"

    @precondition(lambda self: self.room.call_back == "asked" and not self.room.ended_by)
    @rule()
    def decline(self):
        self.lead_moves("decline", reason="没有叫人。")
        self.room.call_back = "declined"
        self.room.forget_call_back()

    @precondition(lambda self: self.room.call_back == "asked" and not self.room.ended_by)
    @rule(device=DEVICES)
    def cancel(self, device):
        with self.world.app.app_context():
            record_id = self.record()
        self.post_to(device, f"/exams/call-backs/{record_id}/cancel")
        if device == self.room.device:
            self.room.call_back = "cancelled"
            self.room.forget_call_back()

    @precondition(lambda self: self.room.call_back == "confirmed" and not self.room.ended_by)
    @rule(device=DEVICES)
    def come_back(self, device):
        with self.world.app.app_context():
            record_id = self.record()
        self.post_to(device, f"/exams/call-backs/{record_id}/resume")
        if device == self.room.device and not self.room.paused:
            self.room.call_back = "resumed"
            self.room.run_on(self.now)

    @precondition(lambda self: len(self.room.answers) == len(OPTIONS))
    @rule(device=DEVICES)
    def hand_in(self, device):
        self.post(device, "/hand-in")
        room = self.room
        if room.ended_by or room.stopped is not None or device != room.device:
            return
        room.end("clock" if room.is_over(self.now) else "person")

    @precondition(
        lambda self: len(self.room.answers) == len(OPTIONS) and not self.room.is_over(self.now)
    )
    @rule()
    def collect(self):
        self.organise(ControlKind.COLLECT)
        self.room.end("organiser")

    @invariant()
    def what_is_stored_is_what_was_promised(self):
        with self.world.app.app_context():
            stored = {number: chosen for number, (chosen, _) in answers_of(self.sitting_id).items()}
            kept = {(number, tuple(chosen)) for number, chosen, _ in late_of(self.sitting_id)}
            sitting = db.session.get_one(Sitting, self.sitting_id)
            clock = (sitting.stopped_at, bool(sitting.handed_in_at))
            deadline = sitting.deadline_at
        assert stored == self.room.answers
        assert kept == self.room.kept
        assert clock == (self.room.stopped, bool(self.room.ended_by))
        assert deadline == self.room.deadline


@pytest.mark.db
def test_nothing_is_lost_and_no_time_is_stolen_whoever_does_what(app, now, rounds):
    with app.app_context():
        exam_id = publish_exam()
        questions = [each.question_id for each in frozen_questions(exam_id)]
    world = SimpleNamespace(app=app, now=now, questions=questions, first=True)

    class Machine(Holding):
        pass

    Machine.world = world
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=max(10, rounds // 16),
            phases=[Phase.generate, *([Phase.shrink] if os.environ.get("LONG") else [])],
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
