"""The pure engine: who may make a move, and what stands in the way."""

import os
import random
import time
from dataclasses import replace

import pytest

from app.kernel.forms import RefusedError
from app.workflow import engine
from app.workflow.definition import Waiting
from tests.conftest import ROUNDS
from tests.workflow import slips
from tests.workflow.slips import FLOW, HERE, SlipState
from tests.workflow.walks import blank_record, walk

SEED = int(os.environ.get("SEED", time.time()))


def slip(state=SlipState.DRAFT, drafted_by_id=1, **columns):
    return blank_record(
        FLOW, state=state, drafted_by_id=drafted_by_id, department_id=HERE, **columns
    )


def decide(name, record, actor):
    return engine.find_decider(FLOW, FLOW.move(name), record, actor)


def test_the_named_person_submits_and_nobody_else():
    assert decide("submit", slip(), slips.CLERK).person_id == 1
    with pytest.raises(RefusedError, match="没有办理这一步的权限"):
        decide("submit", slip(), slips.CLERK_AND_CHIEF)


def test_a_move_leads_only_out_of_its_state():
    with pytest.raises(RefusedError, match="已经办到“草稿”，不能再同意"):
        decide("approve", slip(), slips.CHIEF)


def test_nobody_decides_on_his_own_draft():
    record = slip(SlipState.SUBMITTED, drafted_by_id=5)
    with pytest.raises(RefusedError, match="起草人不能审核自己起草的内容"):
        decide("approve", record, slips.CLERK_AND_CHIEF)
    assert decide("approve", record, slips.CHIEF).person_id == 2


def test_a_permission_counts_in_its_department_only():
    record = slip(SlipState.CARRIED)
    assert decide("close", record, slips.LEAD).acted_as == "window_lead"
    with pytest.raises(RefusedError):
        decide("close", record, slips.LEAD_ELSEWHERE)


def test_what_belongs_to_the_centre_needs_a_role_for_all_of_it():
    record = slip(SlipState.CARRIED)
    record.department_id = None
    with pytest.raises(RefusedError):
        decide("close", record, slips.LEAD)


def test_a_deputy_decides_in_the_place_of_one_who_is_away():
    decider = decide("approve", slip(SlipState.SUBMITTED), slips.STAND_IN)
    assert (decider.person_id, decider.for_person_id) == (6, 2)
    assert decider.acted_as == "section_chief"


def test_a_deputy_does_not_decide_on_his_own_draft_nor_on_that_of_the_one_who_is_away():
    with pytest.raises(RefusedError, match="起草人不能审核"):
        decide("approve", slip(SlipState.SUBMITTED), slips.CLERK_STANDS_IN)
    with pytest.raises(RefusedError, match="起草人不能审核"):
        decide("approve", slip(SlipState.SUBMITTED, drafted_by_id=2), slips.STAND_IN)


def test_a_deputy_makes_decisions_and_nothing_else():
    with pytest.raises(RefusedError, match="没有办理这一步的权限"):
        decide("send-back", slip(SlipState.SUBMITTED), slips.STAND_IN)


def test_doable_moves_are_those_that_are_not_refused():
    record = slip(SlipState.SUBMITTED)
    assert [each.name for each in engine.doable(FLOW, record, slips.CHIEF)] == [
        "approve",
        "send-back",
    ]
    assert engine.doable(FLOW, record, slips.NOBODY) == []


def test_who_can_do_nothing_about_a_step_is_barred_from_seeing_it():
    assert engine.barred_from_step(FLOW, slip(SlipState.SUBMITTED, drafted_by_id=5)) == {5}
    assert engine.barred_from_step(FLOW, slip()) == set()


def test_the_flow_itself_is_sound():
    assert engine.faults_of(FLOW) == []


@pytest.mark.parametrize(
    ("break_it", "fault"),
    [
        (lambda flow: broken_state(flow, 1, owner=None), "submitted: open, without owner or days"),
        (lambda flow: broken_state(flow, 1, days=None), "submitted: open, without owner or"),
        (lambda flow: broken_state(flow, 3, owner=slips.CHIEFS), "closed: waits for nobody"),
        (lambda flow: broken_state(flow, 2, waiting=Waiting.CLOSED), "carried: closed, but a move"),
        (lambda flow: broken_state(flow, 2, owner=slips.DRAFTERS), "carried: its owner can do"),
        (lambda flow: broken_move(flow, 0, target="nowhere"), "submit: unknown state"),
        (lambda flow: broken_move(flow, 1, not_by=()), "approve: an approval without separation"),
        (lambda flow: broken_move(flow, 1, is_approval=False), "approve: decided by a batch"),
        (lambda flow: broken_move(flow, 3, name="submit"), "two moves of one name"),
        (lambda flow: broken_move(flow, 3, target=SlipState.DRAFT), "closed: can't be reached"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_flow_that_can_not_work_is_found(break_it, fault):
    assert any(each.startswith(fault) for each in engine.faults_of(break_it(FLOW)))


def broken_state(flow, place, **changes):
    states = list(flow.states)
    states[place] = replace(states[place], **changes)
    return replace(flow, states=states)


def broken_move(flow, place, **changes):
    moves = list(flow.moves)
    moves[place] = replace(moves[place], **changes)
    return replace(flow, moves=moves)


def test_no_random_walk_breaks_a_rule():
    print(f"SEED={SEED}")
    chance = random.Random(SEED)
    made = []
    for _ in range(ROUNDS):
        made += walk(
            FLOW, slip(drafted_by_id=chance.choice([1, 5])), slips.EVERYBODY, chance, steps=60
        )
    assert {name for name, _ in made} == {each.name for each in FLOW.moves}
