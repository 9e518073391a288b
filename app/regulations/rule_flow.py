"""The states and moves of a version of a rule, as data: drafted by one, approved by another."""

from sqlalchemy import func, select

from app.kernel import clock, db, formats
from app.kernel.permissions import Permission
from app.regulations.models import (
    RULE_KIND_LABELS,
    RULE_PART_LABELS,
    Regulation,
    RegulationArticle,
    RegulationVersion,
    VersionState,
)
from app.regulations.settings import DRAFT_DAYS, REVIEW_DAYS
from app.workflow.definition import Act, Flow, Holders, Move, State, Waiting, refuse
from app.workflow.service import setting_days

DRAFTERS = Holders(permission=Permission.REGULATIONS_RULE_DRAFT)
APPROVERS = Holders(permission=Permission.REGULATIONS_RULE_APPROVE)


SAME_DAY = "{day}已经定过一版（没有生效就废止了），请另选生效日。"


def rule_of(version: RegulationVersion) -> Regulation:
    """Give the rule of a version."""
    return db.session.get_one(Regulation, version.regulation_id)


def name_of(version: RegulationVersion) -> str:
    """Name a version in one line: 《首问负责制》第2版, or its draft."""
    number = "草案" if version.number is None else f"第{version.number}版"
    return f"《{rule_of(version).name}》{number}"


def last_approved(
    version: RegulationVersion, *, has_held: bool = False
) -> RegulationVersion | None:
    """Give the newest approved version of the same rule, but for this one.

    With `has_held` one that was withdrawn before it took effect is passed over.
    """
    found = db.session.scalars(
        select(RegulationVersion)
        .where(
            RegulationVersion.regulation_id == version.regulation_id,
            RegulationVersion.number.is_not(None),
            RegulationVersion.id != version.id,
        )
        .order_by(RegulationVersion.number.desc())
    )
    return next((each for each in found if not (has_held and each.never_held)), None)


def check_days(version: RegulationVersion, act: Act) -> None:
    """Refuse a version that would take effect before the one that it follows."""
    del act
    earlier = last_approved(version, has_held=True)
    if earlier is not None and version.effective_on <= earlier.effective_on:
        refuse(
            form=f"生效日要晚于上一版的生效日（{formats.day(earlier.effective_on)}），请退回修改。"
        )
    last = last_approved(version)
    if last is not None and version.effective_on == last.effective_on:
        refuse(form=SAME_DAY.format(day=formats.day(last.effective_on)))


def number_it(version: RegulationVersion, act: Act) -> None:
    """Give the number with the approval: what is never approved leaves no gap."""
    del act
    # It bears its approval already and no number yet: it must not be sent like that.
    with db.session.no_autoflush:
        earlier = last_approved(version)
    version.number = (earlier.number or 0) + 1 if earlier else 1


def check_newest(version: RegulationVersion, act: Act) -> None:
    """Let only the newest version be withdrawn: the others are replaced as it is."""
    del act
    newest = last_approved(version, has_held=True)
    if newest is not None and (newest.number or 0) > (version.number or 0):
        refuse(form="这一版已有新版，不用废止；要废止这项制度，请打开最新的一版。")


def end_it(version: RegulationVersion, act: Act) -> None:
    """Write down the first day on which it is no longer in force."""
    version.withdrawn_on = act.signed_on or clock.today()


def facts(version: RegulationVersion) -> list[tuple[str, str]]:
    """Give what whoever decides reads beside the question."""
    rule = rule_of(version)
    count = db.session.scalar(
        select(func.count(RegulationArticle.id)).where(RegulationArticle.version_id == version.id)
    )
    return [
        ("类别", f"{RULE_KIND_LABELS[rule.kind]}　{RULE_PART_LABELS[rule.part]}"),
        ("生效日", formats.day(version.effective_on)),
        ("条数", f"{count}条"),
        *([("修订说明", version.note)] if version.note else []),
    ]


STATES = (
    State(
        value=VersionState.DRAFT, label="起草中", kind="amber", owner=DRAFTERS,
        days=setting_days(DRAFT_DAYS),
    ),
    State(
        value=VersionState.REVIEWING, label="待审核", kind="amber", owner=APPROVERS,
        days=setting_days(REVIEW_DAYS),
    ),
    State(value=VersionState.APPROVED, label="已批准", kind="green", waiting=Waiting.RESTING),
    State(value=VersionState.WITHDRAWN, label="已废止", waiting=Waiting.CLOSED),
    State(value=VersionState.DROPPED, label="不再起草", waiting=Waiting.CLOSED),
)  # fmt: skip

MOVES = (
    Move(
        name="submit", label="送审", sources=(VersionState.DRAFT,),
        target=VersionState.REVIEWING, by=DRAFTERS,
        permission=Permission.REGULATIONS_RULE_DRAFT, guard=check_days, is_primary=True,
        done="已送审。",
    ),
    Move(
        name="approve", label="批准", sources=(VersionState.REVIEWING,),
        target=VersionState.APPROVED, by=APPROVERS,
        permission=Permission.REGULATIONS_RULE_APPROVE, stamp="approved",
        not_by=("drafted_by_id", "written_by_id"), is_approval=True, is_batch=True,
        guard=check_days, effect=number_it, is_primary=True, tells=("drafted_by_id",),
        question="批准后文字不能再改，从生效日起执行。", done="已批准，从生效日起执行。",
    ),
    Move(
        name="send-back", label="退回修改", sources=(VersionState.REVIEWING,),
        target=VersionState.DRAFT, by=APPROVERS,
        permission=Permission.REGULATIONS_RULE_APPROVE, reason="退回原因", is_return=True,
        tells=("drafted_by_id",), done="已退回修改。",
    ),
    Move(
        name="drop", label="不再起草", sources=(VersionState.DRAFT,),
        target=VersionState.DROPPED, by=DRAFTERS,
        permission=Permission.REGULATIONS_RULE_DRAFT, reason="原因",
        question="这份草案不再办理，文字留存。", done="已终止起草。",
    ),
    Move(
        name="withdraw", label="废止", sources=(VersionState.APPROVED,),
        target=VersionState.WITHDRAWN, by=APPROVERS,
        permission=Permission.REGULATIONS_RULE_APPROVE, stamp="withdrawn",
        not_by=("drafted_by_id",), refused="起草的人不能废止，请由其他负责人办理。",
        reason="废止原因", is_approval=True, guard=check_newest, effect=end_it,
        tells=("drafted_by_id",),
        question="废止后不再执行，全文仍可查阅；还没有生效的，不再生效，上一版继续执行。",
        done="已废止，全文仍可查阅。",
    ),
)  # fmt: skip

FLOW = Flow(
    name="regulations.version",
    noun="制度",
    word="version",
    model=RegulationVersion,
    states=STATES,
    moves=MOVES,
    title=name_of,
    department=lambda version: rule_of(version).department_id,
    endpoint="regulations.show_version",
    arguments=lambda version: {"record_id": version.id},
    object_type="regulation_version",
    facts=facts,
    brief=lambda version: [f"{label}：{text}" for label, text in facts(version)],
)
