"""Pairs in every state, for the hall of tests/site and for this room's tests; by the services.

`staff` is the master of all but one, in which he is the apprentice; `chief` assesses all but the
one that he graduates. Every other apprentice is somebody of his department.
"""

from datetime import timedelta

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Account
from app.accounts.roster.models import ServiceItem
from app.files import papers as paper_pages
from app.files import service as files
from app.kernel import clock, db
from app.kernel.permissions import Grant, Principal, Role
from app.mentoring import pairs, papers, plans, records, signing
from app.mentoring.models import EndReason, Level, MentoringItem, MentoringPair, MentoringRecord
from app.mentoring.months import first_of
from app.mentoring.record_flow import RECORD_FLOW
from app.mentoring.settings import MASTER_LIMIT
from app.mentoring.signing import Assessment, Line
from app.mentoring.workflow import PAIR_FLOW
from app.workflow.definition import Signature
from app.workflow.service import execute, rebuild_state
from tests.settings.factories import set_value
from tests.support import cast

SCAN = b"\xff\xd8\xff stands for a signed agreement"
PDF = b"%PDF-1.7\n% stands for a paper of a pair\n"
PAST = timedelta(days=165)
ITEMS = (("MT-001", "不动产登记受理"), ("MT-002", "不动产抵押受理"))


def principal_of(person_id):
    """Give anybody as services see who acts."""
    return Principal(
        account_id=0,
        person_id=person_id,
        name="",
        staff_number="",
        department_id=0,
        department_name="",
        grants=accounts.read_grants(person_id, clock.today())
        or frozenset({Grant(role=Role.STAFF, department_id=None)}),
        session_id="",
    )


def add_colleague(number, name, mark="", joined_on=cast.JOINED_ON):
    """Add somebody of the department of `staff`; gives his id."""
    password_hash = db.session.scalars(select(Account.password_hash)).first() or ""
    with db.write():
        return accounts.add_person(
            staff_number=number,
            name=f"{name}{mark}",
            department_id=cast.department_ids()[0],
            post="专业窗口",
            password_hash=password_hash,
            roles=[Role.STAFF],
            joined_on=joined_on,
        )


def add_items(mark=""):
    """Add what an apprentice learns."""
    with db.write():
        for code, name in ITEMS:
            db.session.add(
                ServiceItem(
                    code=code,
                    name=f"{name}{mark}",
                    department_id=cast.department_ids()[0],
                    depth="",
                    is_frequent=True,
                    manual_version="",
                )
            )


def fill(mark=""):
    """Make them all; gives the arguments of their addresses by name."""
    with clock.frozen(clock.now() - PAST):
        set_value(MASTER_LIMIT.key, "9", valid_from=clock.today())
    add_items(mark)
    # Their 工号 are those of nobody else in the hall.
    people = iter(
        [add_colleague(f"SY{place}", f"学员{place}", mark) for place in range(8101, 8113)]
    )
    newcomer = add_colleague("SY8199", "新人", mark, joined_on=clock.today() - timedelta(days=20))
    staff, chief = cast.person_id("staff"), cast.person_id("chief")
    made = {}
    made["pair_draft"] = propose(staff, next(people), chief, mark)
    made["pair_to_master"] = bring(propose(staff, next(people), chief, mark), "submit:clerk")
    made["pair_to_approve"] = agreed(propose(staff, next(people), chief, mark))
    made["pair_running"] = running(propose(staff, next(people), chief, mark))
    sign(made["pair_running"], last=False)
    made["pair_ending"] = running(propose(staff, next(people), chief, mark))
    ask_end(made["pair_ending"], mark)
    with clock.frozen(clock.now() - PAST):
        made["pair_ready"] = running(propose(staff, next(people), chief, mark))
        made["pair_assessing"] = running(propose(staff, next(people), chief, mark))
        third = next(people)
        made["pair_to_graduate"] = running(propose(staff, next(people), third, mark))
        made["pair_graduated"] = running(
            propose(staff, next(people), third, mark), signed_on_paper=True
        )
    for name in ("pair_ready", "pair_assessing", "pair_to_graduate", "pair_graduated"):
        master_all(made[name], mark)
    for name in ("pair_assessing", "pair_to_graduate", "pair_graduated"):
        bring(made[name], "ask-final")
    for name in ("pair_to_graduate", "pair_graduated"):
        pass_final(made[name], mark)
    change(made["pair_ready"], mark)
    bring(made["pair_graduated"], "graduate:chief")
    # The last one: whoever learns is nobody's master meanwhile.
    made["pair_to_apprentice"] = bring(
        propose(next(people), staff, chief, mark), "submit:clerk", "agree-master"
    )
    objects = {name: {"public_id": pair.public_id} for name, pair in made.items()}
    objects["pair_running"]["item_id"] = item_of(made["pair_running"], 0).id
    objects["pair_solo"] = {
        "public_id": made["pair_running"].public_id,
        "item_id": item_of(made["pair_running"], 1).id,
    }
    objects["pair_graduated"]["step"] = 3
    print_papers(made["pair_graduated"])
    return {
        **objects,
        **fill_records(made, mark),
        "newcomer": {
            "person_id": newcomer,
            "master_id": third,
            "assessor_id": str(chief),
        },
    }


def propose(master_id, apprentice_id, assessor_id, mark="", *, months=6, starts_on=None):
    """Propose a pair as the clerk does."""
    proposal = pairs.Proposal(
        master_id=master_id,
        apprentice_id=apprentice_id,
        assessor_id=assessor_id,
        starts_on=starts_on or clock.today(),
        months=months,
        goals=f"到期能独立受理两个事项。{mark}",
    )
    with db.write():
        return pairs.propose(proposal=proposal, user=cast.principal("clerk"))


def bring(pair, *steps, **data):
    """Make moves one after another: `name`, by whom the record names, or `name:who`."""
    for step in steps:
        name, _, who = step.partition(":")
        record = db.session.get_one(MentoringPair, pair.id)
        move = PAIR_FLOW.move(name)
        user = cast.principal(who) if who else principal_of(getattr(record, move.by.column))
        with db.write():
            execute(
                PAIR_FLOW,
                record_id=pair.id,
                name=name,
                user=user,
                reason="按科室意见办理。" if move.reason else data.get("opinion", ""),
                data=data,
            )
    return db.session.get_one(MentoringPair, pair.id)


def agreed(pair):
    """Let both agree."""
    return bring(pair, "submit:clerk", "agree-master", "agree-apprentice")


def running(pair, *, signed_on_paper=False):
    """Let a pair be approved; the master may have agreed on paper."""
    if not signed_on_paper:
        return bring(agreed(pair), "approve:chief")
    bring(pair, "submit:clerk")
    enter_sheet(PAIR_FLOW, pair.id, "agree-master", pair.master_id)
    return bring(pair, "agree-apprentice", "approve:chief")


def enter_sheet(flow, record_id, name, signer, **data):
    """Make a move as the clerk does who enters a signed sheet."""
    content = SCAN + name.encode()
    sha256 = files.put_content(content)
    with db.write():
        scan = files.add_file(
            sha256=sha256, size=len(content), media_type="image/jpeg", name="纸质单.jpg"
        )
        signature = Signature(
            signed_by_id=signer,
            signed_on=clock.today(),
            meeting="纸质单",
            minute_number="",
            scan_file_id=scan.id,
        )
        execute(
            flow, record_id=record_id, name=name, user=cast.principal("clerk"),
            signature=signature, data=data,
        )  # fmt: skip


def item_of(pair, place):
    """Give an item of a plan."""
    return plans.list_items(pair.id)[place].item


def sign(pair, *, last=True):
    """Let the master sign items up to 独立: all of them, or the last one only."""
    rows = plans.list_items(pair.id)
    for row in rows if last else rows[-1:]:
        for level in (Level.WATCH, Level.ASSIST, Level.SOLO):
            with db.write():
                signing.sign(
                    pair_id=pair.id,
                    item_id=row.item.id,
                    level=level,
                    user=principal_of(pair.master_id),
                )


def assessment(mark="", *, is_passed=True):
    """Give what an assessor has seen."""
    line = Line(action=f"受理一件{mark}", standard=f"一次告知{mark}", is_passed=is_passed)
    return Assessment(held_on=clock.today(), lines=(line,), opinion=f"看过{mark}")


def master_all(pair, mark=""):
    """Let every item be signed and assessed."""
    sign(pair)
    for row in plans.list_items(pair.id):
        with db.write():
            signing.assess(
                pair_id=pair.id,
                item_id=row.item.id,
                given=assessment(mark),
                user=principal_of(pair.assessor_id),
            )


def pass_final(pair, mark=""):
    """Let the 出师考核 be passed."""
    return bring(pair, "pass", assessment=assessment(mark))


def change(pair, mark=""):
    """Change the goals of a pair that runs, as its master."""
    present = plans.list_items(pair.id)
    record = db.session.get_one(MentoringPair, pair.id)
    plan = plans.Plan(
        goals=f"先学受理，再学抵押。{mark}",
        assessor_id=record.assessor_id,
        months={each.item.service_item_id: each.item.planned_on for each in present},
        reason=f"窗口分工有调整{mark}",
    )
    with db.write():
        plans.change_plan(
            pair_id=pair.id,
            plan=plan,
            seen_version=record.version,
            user=principal_of(pair.master_id),
        )


def ask_end(pair, mark=""):
    """Ask for an early end, as the apprentice."""
    return bring(pair, "ask-end-apprentice", reason=EndReason.OTHER, note=f"岗位有调整{mark}")


def record_of(pair, month=None):
    """Give the record of a month of a pair: of this one where none is named."""
    wanted = month or first_of(clock.today())
    return db.session.scalars(
        select(MentoringRecord).where(
            MentoringRecord.pair_id == pair.id, MentoringRecord.month == wanted
        )
    ).one()


def write_record(pair, *, by_master=False, mark=""):
    """Write this month's record of a pair."""
    record = record_of(pair)
    name = "write-master" if by_master else "write-apprentice"
    person_id = pair.master_id if by_master else pair.apprentice_id
    words = {"taught": f"看了三件{mark}", "progress": f"会了{mark}", "plan_next": f"陪办{mark}"}
    with db.write():
        execute(
            RECORD_FLOW, record_id=record.id, name=name, user=principal_of(person_id), data=words
        )
    return record


def fill_records(made, mark):
    """Give a record that is to be written, and one that waits for `staff`."""
    records.sweep()
    waiting = write_record(made["pair_ending"], mark=mark)
    signed = record_of(made["pair_ready"])
    words = {"taught": f"看了两件{mark}", "progress": f"会了{mark}", "plan_next": ""}
    enter_sheet(RECORD_FLOW, signed.id, "on-paper", signed.master_id, **words)
    return {
        "record_signed": {"public_id": signed.public_id, "step": 2},
        "record_due": {"public_id": record_of(made["pair_running"]).public_id},
        "record_to_confirm": {"public_id": waiting.public_id},
    }


def print_papers(pair):
    """Store the papers of a pair without printing them."""
    for kind in papers.KINDS:
        snapshot = kind.snapshot(pair.id)
        content = PDF + kind.name.encode()
        sha256 = files.put_content(content)
        with db.write():
            paper_pages.store(
                kind,
                pair.id,
                paper_pages.code_of(snapshot),
                snapshot,
                sha256=sha256,
                size=len(content),
            )


def print_again(public_id):
    """Store the papers of a pair as they are now, after names have changed."""
    print_papers(
        db.session.scalars(select(MentoringPair).where(MentoringPair.public_id == public_id)).one()
    )


def rebuild(pair):
    """Give the state and the due time that the path alone says."""
    return rebuild_state(PAIR_FLOW, pair.id)


def items_of(pair):
    """Give the items of a pair as they are now."""
    return db.session.scalars(
        select(MentoringItem).where(MentoringItem.pair_id == pair.id).order_by(MentoringItem.id)
    ).all()
