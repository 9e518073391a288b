"""EX6: however saves, retries and reloads of two windows mix, the newest answer stands."""

import itertools
import json
import os
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.accounts import service as accounts
from app.exams.models import Sitting
from app.kernel import db
from app.kernel.permissions import Role
from tests.conftest import NOW
from tests.exams.factories import (
    answers_of,
    browser_of,
    late_of,
    publish_exam,
    sitting_of,
)
from tests.support import cast

STEPS = 30
# So many saves come before the clock or the person may end the sitting.
FIRST = 8
OPTIONS = {1: ["A", "B", "C"], 2: ["A", "B", "C", "D"], 3: ["true", "false"]}
TABS = (0, 1)

numbers = st.sampled_from(sorted(OPTIONS))


@st.composite
def answers(draw):
    """Draw a question and an answer that fits it."""
    number = draw(numbers)
    most = len(OPTIONS[number]) if number == 2 else 1
    chosen = draw(st.lists(st.sampled_from(OPTIONS[number]), unique=True, max_size=most))
    return number, sorted(chosen)


class Saving(RuleBasedStateMachine):
    """One sitting in two windows. The model is a dict: number -> (chosen, revision)."""

    world: SimpleNamespace
    written = Bundle("written")

    @initialize()
    def begin(self):
        world = self.world
        world.now.now = NOW
        person_id = self.enrol()
        self.client = browser_of(world.app, person_id).client
        notice = self.client.get(f"/exams/{world.exam_id}").get_data(as_text=True)
        self.token = notice.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"csrf_token": self.token}
        answer = self.client.post(f"/exams/{world.exam_id}/start", data=data)
        self.url = answer.headers["Location"]
        with world.app.app_context():
            self.sitting_id = sitting_of(world.exam_id, person_id).id
        self.model = {}
        self.late = []
        self.is_late = self.is_sealed = False
        self.sent = 0
        # What each window believes to be the revision of each question.
        self.seen = [dict.fromkeys(OPTIONS, 0) for _ in TABS]

    def enrol(self):
        """Add somebody to the roll: every example has a sitting of its own."""
        number = next(self.world.numbers)
        with self.world.app.app_context(), db.write():
            person_id = accounts.add_person(
                staff_number=f"EX{number:06d}",
                name="员工",
                department_id=cast.department_ids()[0],
                post="窗口",
                password_hash="none",
                roles=[Role.STAFF],
                joined_on=cast.JOINED_ON,
            )
            sitting = {"public_id": f"{number:016d}", "receipt": "X", "exam_id": self.world.exam_id}
            home = cast.department_ids()[0]
            db.session.add(Sitting(**sitting, person_id=person_id, department_id=home))
        return person_id

    def post(self, path, data):
        sent = {**data, "csrf_token": self.token}
        return self.client.post(f"{self.url}{path}", data=sent)

    @rule(target=written, tab=st.sampled_from(TABS), answer=answers())
    def choose(self, tab, answer):
        """Somebody ticks an option: the window numbers it and puts it into its outbox."""
        number, chosen = answer
        self.seen[tab][number] += 1
        return tab, number, chosen, self.seen[tab][number]

    @rule(request=written)
    def send(self, request):
        """A window sends an entry: for the first time, once more, or long after a newer one."""
        self.sent += 1
        tab, number, chosen, revision = request
        data = {"answer": chosen, "revision": str(revision), "flagged": "0"}
        answer = self.post(f"/answers/{number}", data)
        body = json.loads(answer.get_data())
        if self.is_sealed:
            assert (answer.status_code, body["error"], body["kept"]) == (409, "sealed", False)
        elif self.is_late:
            assert (answer.status_code, body["error"], body["kept"]) == (409, "late", True)
            self.keep_late(number, chosen, revision)
        else:
            self.check_saved(tab, request, answer.status_code, body)

    @rule(target=written, tab=st.sampled_from(TABS), answer=answers())
    def choose_and_send(self, tab, answer):
        """The usual case: what somebody ticks is sent at once."""
        request = self.choose(tab, answer)
        self.send(request)
        return request

    def check_saved(self, tab, request, status, body):
        _, number, chosen, revision = request
        stored = self.model.get(number, ([], 0))
        if revision > stored[1]:
            self.model[number] = (chosen, revision)
        is_taken = self.model.get(number) == (chosen, revision)
        assert status == (200 if is_taken else 409)
        assert body.get("saved", False) is is_taken
        assert body.get("error") == (None if is_taken else "stale")
        assert (sorted(body["chosen"]), body["revision"]) == self.model[number]
        self.seen[tab][number] = max(self.seen[tab][number], body["revision"])

    def keep_late(self, number, chosen, revision):
        same = [each for each in self.late if each[0] == number]
        if any(each[1] == chosen and each[2] >= revision for each in same):
            return
        taken = {each[2] for each in same}
        revision = max(taken) + 1 if revision in taken else revision
        self.late.append((number, chosen, revision))

    @rule(tab=st.sampled_from(TABS))
    def reload(self, tab):
        """A window loads the page anew and begins with what is stored, or is led to the receipt."""
        answer = self.client.get(self.url)
        assert answer.status_code == (303 if self.is_over else 200)
        if not self.is_over:
            page = answer.get_data(as_text=True)
            for number in OPTIONS:
                revision = self.model.get(number, ([], 0))[1]
                assert f'name="revision-{number}" value="{revision}"' in page
                self.seen[tab][number] = max(self.seen[tab][number], revision)

    @property
    def is_over(self):
        return self.is_sealed or self.is_late

    @precondition(lambda self: self.sent >= FIRST and not self.is_over)
    @rule()
    def run_out_of_time(self):
        self.world.now.move(minutes=6, seconds=1)
        self.is_late = True

    @precondition(lambda self: self.sent >= FIRST)
    @rule()
    def hand_in(self):
        answer = self.post("/hand-in", {})
        assert answer.headers["Location"] == f"{self.url}/receipt"
        # After the grace the clock has ended it, and what comes is late, not sealed.
        self.is_sealed = self.is_sealed or not self.is_late

    @invariant()
    def what_is_stored_is_what_was_promised(self):
        with self.world.app.app_context():
            assert answers_of(self.sitting_id) == self.model
            assert late_of(self.sitting_id) == self.late


@pytest.mark.db
def test_the_newest_answer_stands_however_saves_and_retries_mix(app, now, rounds):
    examples = max(10, rounds // 16)
    with app.app_context():
        exam_id = publish_exam(minutes=5)
    world = SimpleNamespace(app=app, now=now, exam_id=exam_id, numbers=itertools.count())

    class Machine(Saving):
        pass

    Machine.world = world
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            # Making a failure shorter takes minutes here; `--long` does it.
            phases=[Phase.generate, *([Phase.shrink] if os.environ.get("LONG") else [])],
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
