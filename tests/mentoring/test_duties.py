"""Who may what about a pair: in the site, in the engine, and in the database."""

import itertools
from datetime import date, timedelta
from random import Random

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app.accounts.roster import authorisations, deputies
from app.accounts.roster.models import AbsenceKind, Placement, ServiceItem
from app.accounts.roster.people import add_absence
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Grant, Role
from app.mentoring import pairs, people, plans, records
from app.mentoring.models import MentoringPair, PairState
from app.mentoring.record_flow import RECORD_FLOW
from app.mentoring.workflow import PAIR_FLOW, SITE
from app.workflow.engine import Actor, faults_of
from tests.mentoring import world
from tests.mentoring.factories import (
    SEEN,
    agree,
    candidates_url,
    do,
    latest,
    master_all,
    pair_url,
    person_id,
    propose,
    sign_solo,
    start,
    state_of,
)
from tests.suggestions.factories import picture
from tests.support import cast
from tests.workflow.walks import blank_record, walk

ROLES = [Role.STAFF, Role.CLERK, Role.WINDOW_LEAD, Role.SECTION_CHIEF]


def listed(browse, app):
    """Give the names on the list of candidates."""
    page = browse("clerk").get(candidates_url(app))
    return page.text_of("#candidate-list")


def test_whoever_is_absent_new_full_or_leads_is_no_candidate(browse, app, pair_people):
    assert "席慕云" in listed(browse, app)
    with app.app_context(), db.write():
        add_absence(
            person_id=cast.person_id("mentor"),
            kind=AbsenceKind.ANNUAL,
            starts_on=clock.today(),
            ends_on=clock.today(),
            covered_by_id=None,
            by_id=cast.person_id("clerk"),
        )
    assert "席慕云" not in listed(browse, app)
    assert "卓文清" in listed(browse, app)
    with app.app_context(), db.write():
        db.session.execute(
            update(Placement)
            .where(Placement.person_id == cast.person_id("assessor"))
            .values(starts_on=clock.today() - timedelta(days=300))
        )
    assert "卓文清" not in listed(browse, app)
    # Of another department one who knows the same 事项.
    assert "梁静怡" not in listed(browse, app)
    with app.app_context(), db.write():
        item = db.session.query(ServiceItem).filter_by(code="MT-001").one()
        authorisations.give_authorisation(
            person_id=cast.person_id("other"),
            service_item_id=item.id,
            starts_on=clock.today(),
            ends_on=None,
            granted_by_id=cast.person_id("chief"),
        )
    assert "有徒弟部门事项的授权：不动产登记受理" in listed(browse, app)
    # A window_lead finds masters for his own department only.
    assert browse("lead").get(candidates_url(app)).status == 200
    browse("lead").get(f"/mentoring/newcomers/{person_id(app, 'clerk')}/candidates", status=404)


@pytest.mark.db
def test_a_master_with_two_apprentices_is_full_and_nobody_has_two_masters(app, pair_people):
    with app.app_context():
        mentor, assessor = cast.person_id("mentor"), cast.person_id("assessor")
        novices = [world.add_colleague(f"SY83{place}", f"新{place}") for place in range(10, 13)]
        first = world.propose(mentor, novices[0], assessor)
        world.propose(mentor, novices[1], assessor)
        with pytest.raises(RefusedError, match="不在可选的师傅里"):
            world.propose(mentor, novices[2], assessor)
        with pytest.raises(RefusedError, match="已经在结对中"):
            world.propose(assessor, novices[0], mentor)
        with pytest.raises(IntegrityError), db.write():
            copy_of(first)
        # Whoever learns teaches nobody meanwhile.
        assert people.get_candidate(novices[2], novices[0]) is None


def copy_of(pair):
    """Write a second pair of the same apprentice past the service."""
    columns = [each.key for each in MentoringPair.__mapper__.column_attrs if each.key != "id"]
    values = {name: getattr(pair, name) for name in columns}
    db.session.add(MentoringPair(**{**values, "public_id": "another"}))
    db.session.flush()


def test_the_assessor_stands_apart(browse, app, pair_people):
    with app.app_context(), db.write():
        deputies.add_deputy(
            person_id=cast.person_id("lead"),
            deputy_id=cast.person_id("assessor"),
            starts_on=clock.today(),
            ends_on=None,
            added_by_id=cast.person_id("clerk"),
        )
    with app.app_context():
        offered = {
            each.id
            for each in people.list_assessors(
                master_id=cast.person_id("mentor"),
                apprentice_id=cast.person_id("novice"),
                department_id=cast.department_ids()[0],
            )
        }
        barred = {cast.person_id(who) for who in ("mentor", "novice", "lead", "assessor")}
        assert not offered & barred
        assert cast.person_id("chief") in offered
        with pytest.raises(RefusedError, match="考核人不能是"):
            world.propose(
                cast.person_id("mentor"), cast.person_id("novice"), cast.person_id("assessor")
            )


@pytest.mark.db
def test_the_master_assesses_nobody_and_the_assessor_graduates_nobody(browse, app, pair_people):
    pair = start(browse, app, assessor_id=person_id(app, "chief"))
    sign_solo(browse, pair)
    with app.app_context():
        item = next(each for each in world.items_of(pair) if each.signed_on)
    url = f"{pair_url(pair)}/items/{item.id}/assess"
    browse("mentor").get(url, status=404)
    master = browse("mentor")
    given = {**SEEN, "held_on": "2026-11-20", "csrf_token": master.token()}
    master.post(url, given, status=404)
    # Nor does anybody but the master sign.
    sign_url = f"{pair_url(pair)}/items/{item.id}/sign"
    for who in ("novice", "chief"):
        browser = browse(who)
        browser.post(sign_url, {"level": "watch", "csrf_token": browser.token()}, status=404)
    refuse_in_the_database(app, pair, item)
    finish_by_chief(browse, app, pair)


def refuse_in_the_database(app, pair, item):
    """What no service does the database refuses as well."""
    wrong = (
        ("mentoring_item", {"signed_by_id": pair.assessor_id}, item.id),
        (
            "mentoring_item",
            {"assessed_by_id": pair.master_id, "assessed_on": date(2026, 11, 20)},
            item.id,
        ),
        ("mentoring_pair", {"assessor_id": pair.master_id}, pair.id),
        ("mentoring_pair", {"approved_by_id": pair.apprentice_id}, pair.id),
        ("mentoring_pair", {"assessed_by_id": 4, "graduated_by_id": 4}, pair.id),
        ("mentoring_change", {"reason": "改写"}, 1),
    )
    with app.app_context():
        for name, values, row_id in wrong:
            table = db.Base.metadata.tables[name]
            with pytest.raises(IntegrityError), db.write():
                db.session.execute(update(table).where(table.c.id == row_id).values(values))


def finish_by_chief(browse, app, pair):
    """Let the chief assess; another one has to decide about 出师."""
    sign_solo(browse, pair)
    with app.app_context():
        pair = db.session.get_one(MentoringPair, pair.id)
        for row in plans.list_items(pair.id):
            with db.write():
                world.signing.assess(
                    pair_id=pair.id, item_id=row.item.id, given=world.assessment(),
                    user=cast.principal("chief"),
                )  # fmt: skip
        world.bring(pair, "ask-final")
        world.pass_final(pair)
    browser = browse("chief")
    page = browser.get(f"{pair_url(pair)}/graduate")
    refused = browser.submit(page, form="main form[method=post]", status=422)
    assert "考核人不能批准出师" in refused.text
    do(browse, "chief2", pair, "graduate")
    assert state_of(app, pair) is PairState.GRADUATED


def test_graduation_needs_somebody_who_may_authorise_for_every_item(app, pair_people):
    with app.app_context():
        item = ServiceItem(
            code="MT-009", name="别处的事项", department_id=cast.department_ids()[1], depth="",
            is_frequent=False, manual_version="",
        )  # fmt: skip
        with db.write():
            db.session.add(item)
        pair = world.propose(
            cast.person_id("mentor"), cast.person_id("novice"), cast.person_id("assessor")
        )
        month = plans.list_items(pair.id)[0].item.planned_on
        plan = plans.Plan(goals=pair.goals, assessor_id=pair.assessor_id, months={item.id: month})
        with db.write():
            plans.change_plan(
                pair_id=pair.id, plan=plan, seen_version=pair.version,
                user=cast.principal("clerk"),
            )  # fmt: skip
        pair = world.running(pair)
        world.master_all(pair)
        world.pass_final(world.bring(pair, "ask-final"))
        scoped = frozenset({Grant(role=Role.SECTION_CHIEF, department_id=cast.department_ids()[0])})
        with db.write():
            db.session.execute(
                text("UPDATE role_grant SET department_id = :home WHERE person_id = :who"),
                {"home": cast.department_ids()[0], "who": cast.person_id("chief")},
            )
        assert cast.principal("chief").grants == scoped
        with pytest.raises(RefusedError, match="别的部门的事项"):
            world.bring(pair, "graduate:chief")


def test_a_sheet_of_agreement_counts_only_with_the_right_signature(browse, app, pair_people):
    pair = propose(browse, app)
    do(browse, "clerk", pair, "submit")
    browser = browse("clerk")
    url = f"{pair_url(pair)}/agree-master/signed"
    refused = browser.post(url, sheet(browser, url, "SY8202"), status=422)
    assert "签字的人" in refused.text
    browser.post(url, sheet(browser, url, "SY8201"))
    assert state_of(app, pair) is PairState.TO_APPRENTICE
    assert "纸质单" in browse("chief").get(pair_url(pair)).text


def sheet(browser, url, signer):
    """Give the form of a sheet that somebody signed."""
    page = browser.get(url)
    token = page.one("main form input[name=csrf_token]").get("value")
    version = page.one("main form input[name=version]").get("value")
    return {
        "csrf_token": token, "version": version, "signed_by": signer, "signed_on": "2026-11-20",
        "is_unclassified": "y", "file": picture(),
    }  # fmt: skip


def test_whoever_proposed_or_takes_part_approves_nothing(browse, app, pair_people):
    pair = propose(browse, app)
    browse("novice").get(pair_url(pair), status=404)
    agree(browse, pair)
    assert browse("novice").get(pair_url(pair)).status == 200
    for who in ("other", "inspector", "branch"):
        browse(who).get(pair_url(pair), status=404)
    for who in ("mentor", "clerk", "lead"):
        browse(who).get(f"{pair_url(pair)}/approve", status=403)
    do(browse, "chief", pair, "send-back", reason="考核人另选。")
    assert latest(app).state is PairState.DRAFT
    assert "考核人另选。" in browse("clerk").get(pair_url(pair)).text


def test_lists_show_each_his_own(browse, app, pair_people):
    pair = start(browse, app)
    master_all(browse, pair, count=1)
    assert "宁远舟" in browse("lead").get("/mentoring/pairs").text
    assert "宁远舟" in browse("clerk").get("/mentoring/pairs?state=running").text
    assert "宁远舟" not in browse("clerk").get("/mentoring/pairs?state=term_over").text
    assert "宁远舟" in browse("assessor").get("/mentoring/mine").text
    assert "你现在没有结对" in browse("staff").get("/mentoring/mine").text
    assert "独立1项，计划2项" in browse("novice").get("/").text
    answer = browse("clerk").client.get("/mentoring/pairs/export")
    assert answer.data[:2] == b"PK"


def test_months_of_a_term():
    months = pairs.months
    assert months.end_of_term(date(2026, 8, 31), 6) == date(2027, 2, 27)
    assert months.add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert [each.month for each in months.recorded(date(2026, 10, 21), date(2026, 12, 1))] == [
        11, 12,
    ]  # fmt: skip
    assert months.length_text(date(2024, 11, 21), date(2026, 11, 20)) == "1年11个月"
    assert months.length_text(date(2026, 11, 1), date(2026, 11, 20)) == "不满一个月"


# Where a walk begins, and by whom it was approved: by nobody who walks.
BEGINNINGS = (
    ("draft", None), ("to_apprentice", None), ("running", 8), ("ending", 8), ("assessing", 8),
    ("to_graduate", 8),
)  # fmt: skip


def crowd(random):
    """Give people with one or two roles each, so that they come into conflict with themselves."""
    return [
        Actor(
            person_id=number,
            grants=frozenset(
                Grant(role=role, department_id=None)
                for role in random.sample(ROLES, random.randint(1, 2))
            ),
        )
        for number in range(1, 8)
    ]


def test_pure_walks_keep_duties_apart(rounds):
    """A walk in the dark seldom gets from a proposal to 出师: most of them begin on the way."""
    assert faults_of(PAIR_FLOW) == faults_of(RECORD_FLOW) == []
    # What the site makes, no person does.
    wanted = {each.name for each in PAIR_FLOW.moves if each.by != SITE}
    made = set()
    seed = Random().randrange(10**6)
    print(f"SEED={seed}")
    for place in itertools.count():
        random = Random(seed + place)
        master, apprentice, assessor = random.sample(range(1, 8), 3)
        state, approved = BEGINNINGS[place % len(BEGINNINGS)]
        pair = blank_record(
            PAIR_FLOW, master_id=master, apprentice_id=apprentice, assessor_id=assessor,
            drafted_by_id=random.randint(1, 7), department_id=None, ends_on=clock.today(),
            state=state, approved_by_id=approved, nobody_id=None,
        )  # fmt: skip
        made |= {
            name for name, _ in walk(
                PAIR_FLOW, pair, crowd(random), random, steps=150, check=check_pair
            )
        }  # fmt: skip
        if made == wanted and place >= min(rounds, 50):
            return
        assert place < 2000, wanted - made


def check_pair(pair):
    """Nobody decides about himself, and nobody confirms what he did."""
    two = {pair.master_id, pair.apprentice_id}
    assert pair.approved_by_id not in {*two, pair.drafted_by_id, pair.submitted_by_id} - {None}
    assert pair.assessed_by_id not in two
    assert pair.ended_by_id is None or pair.ended_by_id != pair.end_asked_by_id
    if pair.state is PairState.GRADUATED:
        assert pair.graduated_by_id not in {*two, pair.assessed_by_id}


@pytest.mark.db
def test_the_whole_world_of_pairs_can_be_made_and_its_path_is_whole(app, now):
    with app.app_context():
        made = world.fill()
        for pair in db.session.query(MentoringPair):
            state, due = world.rebuild(pair)
            assert (state, due) == (str(pair.state), pair.due_at), pair.state
        states = {each.state for each in db.session.query(MentoringPair)}
        assert states == set(PairState) - {PairState.ENDED, PairState.DROPPED}
        assert {"record_due", "record_to_confirm"} <= made.keys()
        records.sweep()
