"""How a sheet comes to be 公开中 and how a 党员示范岗 is confirmed, as data.

清廉10 "经审定后通过大厅公示栏、宣传屏进行公示": drafted by a 经办人 or 窗口负责人, reviewed by a
section, approved by a leader, by three different persons. The version before stays 公开中 until
the next is approved and gives way in the same transaction.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.commitments import facts, plates, prints, sheets, writing
from app.commitments.models import ModelPost, PlateState, SheetState, SheetVersion
from app.commitments.settings import APPROVAL_DAYS, DRAFT_DAYS, PLATE_DAYS, REVIEW_DAYS
from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.permissions import Permission
from app.workflow import service as workflow
from app.workflow.definition import (
    Act,
    Flow,
    Holders,
    Move,
    Named,
    Record,
    State,
    Waiting,
)

DRAFTER = Named(column="drafted_by_id")
DRAFTERS = Holders(permission=Permission.COMMITMENTS_SHEET_DRAFT)
REVIEWERS = Holders(permission=Permission.COMMITMENTS_SHEET_REVIEW)
APPROVERS = Holders(permission=Permission.COMMITMENTS_SHEET_APPROVE)
WITHDRAWERS = Holders(permission=Permission.COMMITMENTS_SHEET_WITHDRAW)
BRANCH = Holders(permission=Permission.COMMITMENTS_PLATE_CONFIRM)
# Moves that only the site itself makes.
SITE = Named(column="nobody_id")


def arguments(record: Record) -> Mapping[str, Any]:
    """Give what the address of a record takes."""
    return {"record_id": record.id}


def give_way(record: Record, act: Act) -> None:
    """Check a version once more before it is approved, and let the one before it give way.

    Before and not after: the database knows one version of a sheet that is 公开中.
    """
    del act
    writing.check_complete(record)
    before = sheets.find_public(record.sheet_id)
    if before is not None:
        workflow.execute(SHEET_FLOW, record_id=before.id, name="update", user=None)


def complete(record: Record, act: Act) -> None:
    """Let only what is whole and well worded be sent on."""
    del act
    writing.check_complete(record)


def still_its(record: Record, act: Act) -> None:
    """Review nothing for a window that has gone over to another department."""
    del act
    writing.check_place(record)


def take_over(record: Record, act: Act) -> None:
    """Let another one draft on: who began may have left, or lost the role."""
    before, record.drafted_by_id = record.drafted_by_id, act.decided_by_id
    if before is not None:
        inbox.tell(
            [before],
            f"{SHEET_FLOW.noun}“{facts.title_of(record)}”：草稿已由别人接手。",
            endpoint=SHEET_FLOW.endpoint,
            arguments=arguments(record),
        )


def publish(record: Record, act: Act) -> None:
    """Give an approved version its number, its day and its hash."""
    del act
    facts.freeze(record)


def end_publication(record: Record, act: Act) -> None:
    """Note the day from which a version is shown nowhere, and ask for its prints."""
    del act
    record.ended_on = clock.today()
    state = SHEET_FLOW.state(record.state).label
    prints.tell_printers(record, f"{facts.title_of(record)}第{record.edition}版{state}")


def collect_cards(record: Record, act: Act) -> None:
    """Ask for the desk cards that still show a plate."""
    del act
    prints.tell_of_plate(record)


SHEET_FLOW = Flow(
    name="commitments.sheet",
    noun="承诺公示牌",
    word="sheet",
    model=SheetVersion,
    object_type="sheet_version",
    endpoint="commitments.show_sheet",
    arguments=arguments,
    title=facts.title_of,
    department=facts.department_of,
    facts=facts.facts_of,
    brief=facts.brief_of,
    states=(
        State(
            value=SheetState.DRAFT,
            label="起草中",
            owner=DRAFTER,
            days=workflow.setting_days(DRAFT_DAYS),
        ),
        State(
            value=SheetState.REVIEW,
            label="待科室初审",
            kind="amber",
            owner=REVIEWERS,
            days=workflow.setting_days(REVIEW_DAYS),
        ),
        State(
            value=SheetState.APPROVAL,
            label="待审定",
            kind="amber",
            owner=APPROVERS,
            days=workflow.setting_days(APPROVAL_DAYS),
        ),
        State(value=SheetState.PUBLIC, label="公开中", kind="green", waiting=Waiting.RESTING),
        State(value=SheetState.UPDATED, label="已更新", waiting=Waiting.CLOSED),
        State(value=SheetState.WITHDRAWN, label="已撤下", waiting=Waiting.CLOSED),
        State(value=SheetState.DROPPED, label="不再起草", waiting=Waiting.CLOSED),
    ),
    moves=(
        Move(
            name="submit",
            label="送审",
            sources=(SheetState.DRAFT,),
            target=SheetState.REVIEW,
            by=DRAFTER,
            permission=Permission.COMMITMENTS_SHEET_DRAFT,
            guard=complete,
            is_primary=True,
            done="已送审，等业务科室初审。",
        ),
        Move(
            name="take-over",
            label="接手起草",
            sources=(SheetState.DRAFT,),
            target=SheetState.DRAFT,
            by=DRAFTERS,
            permission=Permission.COMMITMENTS_SHEET_DRAFT,
            not_by=("drafted_by_id", "reviewed_by_id"),
            refused="起草人自己不用接手；初审过这一份的不能接手起草，请由其他人办理。",
            question="以后由你修改和送审；原来的起草人会收到通知。",
            effect=take_over,
            done="这一份草稿现在由你起草。",
        ),
        Move(
            name="drop",
            label="不再起草",
            sources=(SheetState.DRAFT,),
            target=SheetState.DROPPED,
            by=DRAFTERS,
            permission=Permission.COMMITMENTS_SHEET_DRAFT,
            question="这一份草稿不再使用，不能恢复；公开中的一版不受影响。",
            tells=("drafted_by_id",),
            done="这一份草稿不再使用。",
        ),
        Move(
            name="review",
            label="初审通过",
            sources=(SheetState.REVIEW,),
            target=SheetState.APPROVAL,
            by=REVIEWERS,
            permission=Permission.COMMITMENTS_SHEET_REVIEW,
            not_by=("drafted_by_id",),
            stamp="reviewed",
            is_approval=True,
            is_primary=True,
            guard=still_its,
            done="初审通过，等中心领导审定。",
        ),
        Move(
            name="send-back",
            label="退回",
            sources=(SheetState.REVIEW,),
            target=SheetState.DRAFT,
            by=REVIEWERS,
            permission=Permission.COMMITMENTS_SHEET_REVIEW,
            reason="退回原因",
            is_return=True,
            tells=("drafted_by_id",),
            done="已退回，起草人会看到原因。",
        ),
        Move(
            name="approve",
            label="审定",
            sources=(SheetState.APPROVAL,),
            target=SheetState.PUBLIC,
            by=APPROVERS,
            permission=Permission.COMMITMENTS_SHEET_APPROVE,
            not_by=("drafted_by_id", "reviewed_by_id"),
            refused="起草人和初审人不能审定同一份承诺，请由其他人办理。",
            stamp="approved",
            is_approval=True,
            is_batch=True,
            is_primary=True,
            question="审定后立即公开，编入版本号；原来公开的一版随之更新。",
            guard=give_way,
            effect=publish,
            tells=("drafted_by_id",),
            done="已审定，现在公开中。",
        ),
        Move(
            name="turn-down",
            label="退回重拟",
            sources=(SheetState.APPROVAL,),
            target=SheetState.DRAFT,
            by=APPROVERS,
            permission=Permission.COMMITMENTS_SHEET_APPROVE,
            reason="退回原因",
            is_return=True,
            tells=("drafted_by_id", "reviewed_by_id"),
            done="已退回，起草人会看到原因。",
        ),
        Move(
            name="withdraw",
            label="撤下",
            sources=(SheetState.PUBLIC,),
            target=SheetState.WITHDRAWN,
            by=WITHDRAWERS,
            permission=Permission.COMMITMENTS_SHEET_WITHDRAW,
            reason="撤下原因",
            question="撤下后，公众页和大厅屏立即不再显示；已经打印的要逐一收回；"
            "交给厂家播放的图片包要重新制作，换下旧图。",
            effect=end_publication,
            tells=("drafted_by_id",),
            done="已撤下。下面列着要收回的打印件；图片包请重新制作，把旧图从厂家的屏上撤下。",
        ),
        Move(
            name="update",
            label="由新一版更新",
            sources=(SheetState.PUBLIC,),
            target=SheetState.UPDATED,
            by=SITE,
            permission=Permission.COMMITMENTS_SHEET_APPROVE,
            endpoint="commitments.show_sheet",
            effect=end_publication,
        ),
        Move(
            name="end-moved",
            label="因窗口调整部门撤下",
            sources=(SheetState.PUBLIC,),
            target=SheetState.WITHDRAWN,
            by=SITE,
            permission=Permission.COMMITMENTS_SHEET_WITHDRAW,
            endpoint="commitments.show_sheet",
            effect=end_publication,
            tells=("drafted_by_id",),
        ),
    ),
)


def still_there(record: Record, act: Act) -> None:
    """Confirm nothing for somebody who has left or was transferred meanwhile."""
    del act
    plates.check_holds(record)


def plate_facts(record: Record) -> Sequence[tuple[str, str]]:
    """Give what the branch reads beside the question."""
    return plates.facts_of(record)


PLATE_FLOW = Flow(
    name="commitments.plate",
    noun="党员示范岗",
    word="plate",
    model=ModelPost,
    object_type="model_post",
    endpoint="commitments.show_plate",
    arguments=arguments,
    title=plates.title_of,
    department=plates.department_of,
    facts=plate_facts,
    begun="申请",
    states=(
        State(
            value=PlateState.ASKED,
            label="待支部确认",
            kind="amber",
            owner=BRANCH,
            days=workflow.setting_days(PLATE_DAYS),
        ),
        State(value=PlateState.CONFIRMED, label="已挂牌", kind="green", waiting=Waiting.RESTING),
        State(value=PlateState.REFUSED, label="未确认", waiting=Waiting.CLOSED),
        State(value=PlateState.ENDED, label="已摘牌", waiting=Waiting.CLOSED),
    ),
    moves=(
        Move(
            name="confirm",
            label="支部确认",
            sources=(PlateState.ASKED,),
            target=PlateState.CONFIRMED,
            by=BRANCH,
            permission=Permission.COMMITMENTS_PLATE_CONFIRM,
            not_by=("drafted_by_id", "person_id"),
            refused="申请人和本人不能确认，请由支部其他同志办理。",
            stamp="confirmed",
            is_approval=True,
            is_primary=True,
            guard=still_there,
            tells=("drafted_by_id", "person_id"),
            done="已确认，台卡和公众页从现在起带“党员示范岗”标识。",
        ),
        Move(
            name="refuse",
            label="不予确认",
            sources=(PlateState.ASKED,),
            target=PlateState.REFUSED,
            by=BRANCH,
            permission=Permission.COMMITMENTS_PLATE_CONFIRM,
            reason="理由",
            tells=("drafted_by_id",),
            done="已告知申请人。",
        ),
        Move(
            name="lapse",
            label="因离岗或调动失效",
            sources=(PlateState.ASKED,),
            target=PlateState.REFUSED,
            by=SITE,
            permission=Permission.COMMITMENTS_PLATE_CONFIRM,
            endpoint="commitments.show_plate",
            tells=("drafted_by_id",),
        ),
        Move(
            name="end",
            label="摘牌",
            sources=(PlateState.CONFIRMED,),
            target=PlateState.ENDED,
            by=BRANCH,
            permission=Permission.COMMITMENTS_PLATE_CONFIRM,
            reason="摘牌原因",
            effect=collect_cards,
            tells=("drafted_by_id", "person_id"),
            done="已摘牌。请收回带标识的台卡，重新打印。",
        ),
        Move(
            name="expire",
            label="因离岗或调动摘牌",
            sources=(PlateState.CONFIRMED,),
            target=PlateState.ENDED,
            by=SITE,
            permission=Permission.COMMITMENTS_PLATE_CONFIRM,
            endpoint="commitments.show_plate",
            effect=collect_cards,
            tells=("drafted_by_id",),
        ),
    ),
)
FLOWS = (SHEET_FLOW, PLATE_FLOW)


def end_departed() -> None:
    """Write down that plates have ended with their placement; the worker calls it.

    Nothing rests on it: who shows a plate asks for the placement of today (plates.py).
    """
    for record_id, name in plates.list_lapsed():
        plates.move_by_site(PLATE_FLOW, record_id, name)


def end_moved() -> None:
    """Withdraw what was public for a window that is another department's; the worker calls it.

    Nothing rests on it: what is shown asks for the window's department of now (disclosure.py).
    """
    for record_id in sheets.list_moved():
        with db.write():
            if workflow.get_locked(SHEET_FLOW, record_id).state is SheetState.PUBLIC:
                workflow.execute(SHEET_FLOW, record_id=record_id, name="end-moved", user=None)
