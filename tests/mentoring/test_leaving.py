"""Somebody of a pair leaves, is moved, or never answers: nobody is stuck, and nobody is blamed."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.accounts.models import Department, Person
from app.accounts.roster import placements
from app.accounts.roster.models import Authorisation, Placement, ServiceItem
from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.evidence import Span
from app.kernel.forms import RefusedError
from app.mentoring import evidence, leaving, plans, records
from app.mentoring.models import EndReason, MentoringPair, MentoringRecord, PairState, RecordState
from app.mentoring.workflow import PAIR_FLOW
from tests.mentoring import world
from tests.mentoring.factories import do, pair_url, propose, state_of
from tests.support import cast

NOT_HERE = timedelta(days=1)


def propose_one():
    """Propose a pair of the room's people."""
    return world.propose(
        cast.person_id("mentor"), cast.person_id("novice"), cast.person_id("assessor")
    )


def leave(who):
    """Let somebody have had his last day yesterday."""
    with db.write():
        db.session.execute(
            update(Person)
            .where(Person.id == cast.person_id(who))
            .values(left_on=clock.today() - NOT_HERE)
        )


def come_back(who):
    """Undo it, as the undoing of an import does."""
    with db.write():
        db.session.execute(
            update(Person).where(Person.id == cast.person_id(who)).values(left_on=None)
        )


def read(pair):
    """Give a pair as it is now."""
    db.session.expire_all()
    return db.session.get_one(MentoringPair, pair.id)


def waits_for(pair):
    """Give the open step of a pair."""
    return inbox.get_open(PAIR_FLOW.name, pair.id)


@pytest.mark.parametrize("who", ["mentor", "novice"])
def test_before_the_approval_a_departure_drops_the_proposal(app, pair_people, who):
    with app.app_context():
        pair = world.agreed(propose_one())
        leave(who)
        with pytest.raises(RefusedError, match="离岗"):
            world.bring(pair, "approve:chief")
        leaving.sweep()
        leaving.sweep()
        pair = read(pair)
        assert pair.state is PairState.DROPPED
        assert waits_for(pair) is None
        assert world.rebuild(pair) == ("dropped", None)
        if who == "mentor":
            come_back(who)
            assert propose_one().state is PairState.DRAFT


def test_a_master_who_leaves_is_waited_for_by_nobody(browse, app, now, pair_people):
    with app.app_context():
        pair = world.running(propose_one())
        now.move(days=5)
        records.sweep()
        leave("mentor")
        leaving.sweep()
        pair = read(pair)
        assert (pair.state, pair.end_reason) == (PairState.ENDING, EndReason.MASTER_MOVED)
        assert waits_for(pair).permission is not None
        # No record waits, none is opened, and none is missed: he was not there.
        now.move(days=40)
        records.sweep()
        states = {each.state for each in db.session.scalars(select(MentoringRecord))}
        assert states == {RecordState.LAPSED}
        assert records.NOT_KEPT not in {each.text for each in records.list_months(read(pair))}
        with pytest.raises(RefusedError, match=r"师傅席慕云.*离岗"):
            world.bring(pair, "keep:chief")
        world.bring(pair, "confirm-end:chief")
        come_back("mentor")
        assert propose_one().state is PairState.DRAFT


def test_nothing_planned_for_the_time_after_counts_against_the_apprentice(app, now, pair_people):
    with app.app_context():
        pair = world.running(propose_one())
        now.move(days=150)
        span = Span(clock.today() - timedelta(days=80), clock.today())
        assert [each.denominator for each in evidence.give_evidence(span)] == [2]
        with db.write():
            db.session.execute(
                update(Person)
                .where(Person.id == pair.master_id)
                .values(left_on=pair.starts_on + timedelta(days=5))
            )
        assert list(evidence.give_evidence(span)) == []
        leaving.sweep()
        come_back("mentor")
        # Nor while an early end is being decided.
        assert list(evidence.give_evidence(span)) == []


def test_an_apprentice_who_has_everything_is_let_out_without_his_master(browse, app, pair_people):
    with app.app_context():
        pair = world.running(propose_one())
        world.master_all(pair)
        leave("mentor")
        leaving.sweep()
        leaving.sweep()
        assert read(pair).state is PairState.RUNNING
    page = browse("clerk").get(pair_url(pair))
    assert "师傅席慕云" in page.text_of(".alert-warning")
    assert browse("clerk").get("/notices").text.count("请由部门申请出师考核") == 1
    do(browse, "clerk", pair, "ask-final-department", reason="师傅已离岗。")
    with app.app_context():
        world.pass_final(pair)
        leaving.sweep()
        world.bring(pair, "graduate:chief")
        assert read(pair).state is PairState.GRADUATED


def test_an_assessor_who_leaves_is_replaced(browse, app, pair_people):
    with app.app_context():
        pair = world.running(propose_one())
        world.master_all(pair)
        world.bring(pair, "ask-final")
        leave("assessor")
        leaving.sweep()
        pair = read(pair)
        assert pair.state is PairState.RUNNING
        with pytest.raises(RefusedError, match="考核人卓文清已离岗"):
            world.bring(pair, "ask-final")
    assert "另选考核人" in browse("mentor").get(pair_url(pair)).text
    browser = browse("mentor")
    given = {"assessor_id": person(app, "chief"), "reason": "考核人离岗。"}
    browser.submit(browser.get(f"{pair_url(pair)}/plan/edit"), given, form="#plan-form")
    with app.app_context():
        assert read(pair).assessor_id == cast.person_id("chief")
        assert world.bring(pair, "ask-final").state is PairState.ASSESSING


def person(app, who):
    """Give somebody's id."""
    with app.app_context():
        return cast.person_id(who)


def test_the_department_takes_back_what_nobody_answers(browse, app, pair_people):
    pair = propose(browse, app)
    do(browse, "clerk", pair, "submit")
    refused = do(browse, "clerk", pair, "take-back", status=422)
    assert "请写明撤回的原因" in refused.text
    do(browse, "clerk", pair, "take-back", reason="师傅休产假，另选。")
    assert state_of(app, pair) is PairState.DRAFT
    # Who was asked still reads what came of it; who was not, does not.
    assert "师傅休产假" in browse("mentor").get(pair_url(pair)).text
    do(browse, "clerk", pair, "submit")
    do(browse, "mentor", pair, "agree-master")
    do(browse, "lead", pair, "take-back", reason="再商量。")
    do(browse, "clerk", pair, "drop", reason="推后。")
    assert "推后。" in browse("novice").get(pair_url(pair)).text


def test_an_examination_that_nobody_holds_is_taken_back(browse, app, pair_people):
    with app.app_context():
        pair = world.running(propose_one())
        world.master_all(pair)
        world.bring(pair, "ask-final")
    browse("mentor").get(f"{pair_url(pair)}/take-back-final", status=403)
    do(browse, "clerk", pair, "take-back-final", reason="考核人长期外出。")
    assert state_of(app, pair) is PairState.RUNNING


def test_who_is_moved_is_told_of_and_people_decide(browse, app, now, pair_people):
    with app.app_context():
        pair = world.running(propose_one())
        draft = world.propose(
            cast.person_id("mentor"),
            world.add_colleague("SY8301", "新来的", joined_on=clock.today() - timedelta(days=9)),
            cast.person_id("assessor"),
        )
        draft = world.agreed(draft)
        now.move(days=10)
        other = cast.department_ids()[1]
        for person_id in (pair.apprentice_id, draft.apprentice_id):
            move_to(person_id, other)
        leaving.sweep()
        leaving.sweep()
        assert read(pair).state is PairState.RUNNING
        with pytest.raises(RefusedError, match="请退回后重新提出"):
            world.bring(draft, "approve:chief")
        name = db.session.get_one(Department, other).name
    page = browse("mentor").get(pair_url(pair))
    assert f"在{name}专业窗口" in page.text_of(".alert-warning")
    assert browse("novice").get("/notices").text.count("不计任何负面记录") == 1


def move_to(person_id, department_id):
    """Transfer somebody from today on."""
    with db.write():
        post = db.session.scalars(
            select(Placement.post_id).where(Placement.person_id == person_id)
        ).first()
        placements.transfer(
            person_id=person_id, department_id=department_id, window_id=None, post_id=post,
            starts_on=clock.today(),
        )  # fmt: skip


def test_nobody_s_graduation_hangs_on_an_item_that_was_closed(app, pair_people):
    with app.app_context():
        pair = world.running(propose_one())
        world.master_all(pair)
        world.pass_final(world.bring(pair, "ask-final"))
        with db.write():
            db.session.execute(
                update(ServiceItem)
                .where(ServiceItem.code == "MT-001")
                .values(closed_on=clock.today())
            )
        world.bring(pair, "graduate:chief")
        given = db.session.scalars(
            select(Authorisation).where(Authorisation.person_id == pair.apprentice_id)
        ).all()
        assert len(given) == 1
        rows = {each.service_item.code: each.item for each in plans.list_items(pair.id)}
        assert rows["MT-001"].authorisation_id is None


@pytest.mark.parametrize("days", [-32, 93])
def test_a_term_begins_about_now(app, pair_people, days):
    with app.app_context(), pytest.raises(RefusedError, match="开始日期要在"):
        world.propose(
            cast.person_id("mentor"), cast.person_id("novice"), cast.person_id("assessor"),
            starts_on=clock.today() + timedelta(days=days),
        )  # fmt: skip


def test_no_month_before_the_approval_is_missing(app, now, pair_people):
    with app.app_context():
        pair = world.agreed(
            world.propose(
                cast.person_id("mentor"), cast.person_id("novice"), cast.person_id("assessor"),
                starts_on=clock.today() - timedelta(days=31),
            )
        )  # fmt: skip
        now.move(days=30)
        pair = world.bring(pair, "approve:chief")
        lines = records.list_months(pair)
        assert records.NOT_KEPT not in {each.text for each in lines}
        now.move(days=200)
        late = world.agreed(propose_one_late())
        now.move(days=40)
        with pytest.raises(RefusedError, match="已经过了"):
            world.bring(late, "approve:chief")


def propose_one_late():
    """Propose a short pair of the next newcomer."""
    novice = world.add_colleague("SY8302", "新到的", joined_on=clock.today() - timedelta(days=9))
    return world.propose(
        cast.person_id("mentor"), novice, cast.person_id("assessor"), months=1
    )  # fmt: skip
