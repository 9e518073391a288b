"""The states and moves of a pair, as data: from its proposal to 出师, or to an end without blame.

The two agree one after the other, on the site or on paper; whoever approves has not proposed it;
whoever assesses is not the master; 出师 is decided by somebody who has not assessed. A term that
passes without 出师 is extended once. An early completion is 出师 and never a cancellation. Nobody
waits for ever: the department takes back what is not answered, and who has left is not waited for.
"""

from datetime import date

from app.accounts import service as accounts
from app.accounts.models import Department
from app.kernel import db, formats
from app.kernel.permissions import Permission
from app.mentoring import effects, plans
from app.mentoring.models import END_REASON_LABELS, MentoringPair, PairState
from app.mentoring.settings import AGREE, APPROVE, ASSESS, DRAFT, END, GRADUATE
from app.workflow.definition import Flow, Holders, Move, Named, State, Waiting
from app.workflow.service import setting_days

JOIN = Permission.MENTORING_PAIR_JOIN
MAY_DRAFT, MAY_APPROVE = Permission.MENTORING_PAIR_DRAFT, Permission.MENTORING_PAIR_APPROVE
DRAFTERS, APPROVERS = Holders(permission=MAY_DRAFT), Holders(permission=MAY_APPROVE)
MASTER, APPRENTICE = Named(column="master_id"), Named(column="apprentice_id")
ASSESSOR = Named(column="assessor_id")
PARTIES = ("master_id", "apprentice_id")
NOT_APPROVER = "提出结对的人和师徒本人不能批准，请由其他业务科室负责人批准。"
NOT_GRADUATOR = "师徒本人和考核人不能批准出师，请由其他业务科室负责人批准。"
NOT_ENDER = "提出结束的人和师徒本人不能决定，请由其他业务科室负责人决定。"
NOT_OWN = "师徒本人不能决定延长，请由其他业务科室负责人决定。"
NOT_ASSESSOR = "师傅、徒弟不能考核自己这一对。"
SITE = Named(column="nobody_id")
AGREED = "已同意。"
END_ASKED = "已提出，等业务科室决定；提前结束不计任何负面记录。"


def is_master(pair: MentoringPair, person_id: int, on: date) -> bool:
    """Tell whether a signature on paper is the master's."""
    del on
    return person_id == pair.master_id


def is_apprentice(pair: MentoringPair, person_id: int, on: date) -> bool:
    """Tell whether a signature on paper is the apprentice's."""
    del on
    return person_id == pair.apprentice_id


def is_assessor(pair: MentoringPair, person_id: int, on: date) -> bool:
    """Tell whether a signature on paper is the assessor's."""
    del on
    return person_id == pair.assessor_id


def title(pair: MentoringPair) -> str:
    """Name a pair in one line: the two, with the number where there is one."""
    names = accounts.names_of({pair.master_id, pair.apprentice_id})
    both = f"{names[pair.master_id]}带{names[pair.apprentice_id]}"
    return f"{pair.number}　{both}" if pair.number else both


def facts(pair: MentoringPair) -> list[tuple[str, str]]:
    """Give what whoever decides reads beside the question."""
    terms = plans.terms_of(pair)
    items = "；".join(f"{name}（{month}独立）" for name, month in terms.items)
    found = [
        ("所在部门", db.session.get_one(Department, pair.department_id).name),
        ("期限", terms.term),
        ("目标", terms.goals),
        ("事项与计划月", items or "还没有事项"),
        ("考核人", terms.assessor),
    ]
    if pair.state is PairState.ENDING and pair.end_reason is not None:
        reason = END_REASON_LABELS[pair.end_reason]
        found.append(("提前结束的原因", f"{reason}。{pair.end_note}"))
    if pair.state is PairState.RUNNING:
        found.append(("延长到", formats.day(effects.extended_end(pair))))
    return found


STATES = (
    State(
        value=PairState.DRAFT, label="拟结对", kind="amber", owner=DRAFTERS,
        days=setting_days(DRAFT),
    ),
    State(
        value=PairState.TO_MASTER, label="待师傅同意", kind="amber", owner=MASTER,
        days=setting_days(AGREE),
    ),
    State(
        value=PairState.TO_APPRENTICE, label="待徒弟同意", kind="amber", owner=APPRENTICE,
        days=setting_days(AGREE),
    ),
    State(
        value=PairState.TO_APPROVE, label="待批准", kind="amber", owner=APPROVERS,
        days=setting_days(APPROVE),
    ),
    # Nobody has to act for months: what a month asks for is its record, a step of its own.
    State(value=PairState.RUNNING, label="带教中", kind="blue", waiting=Waiting.RESTING),
    State(
        value=PairState.ENDING, label="待决定提前结束", kind="amber", owner=APPROVERS,
        days=setting_days(END),
    ),
    State(
        value=PairState.ASSESSING, label="待出师考核", kind="amber", owner=ASSESSOR,
        days=setting_days(ASSESS),
    ),
    State(
        value=PairState.TO_GRADUATE, label="待批准出师", kind="amber", owner=APPROVERS,
        days=setting_days(GRADUATE),
    ),
    State(value=PairState.GRADUATED, label="已出师", kind="green", waiting=Waiting.CLOSED),
    State(value=PairState.ENDED, label="已提前结束", waiting=Waiting.CLOSED),
    State(value=PairState.DROPPED, label="未结对", waiting=Waiting.CLOSED),
)  # fmt: skip

MOVES = (
    Move(
        name="submit", label="送师傅、徒弟同意", sources=(PairState.DRAFT,),
        target=PairState.TO_MASTER, by=DRAFTERS, permission=MAY_DRAFT, stamp="submitted",
        guard=effects.check_submission, is_primary=True, done="已送师傅，师傅同意后送徒弟。",
    ),
    Move(
        name="drop", label="不结对了", sources=(PairState.DRAFT,), target=PairState.DROPPED,
        by=DRAFTERS, permission=MAY_DRAFT, reason="不结对的原因", done="已作罢。",
    ),
    Move(
        name="agree-master", label="师傅同意", sources=(PairState.TO_MASTER,),
        target=PairState.TO_APPRENTICE, by=MASTER, permission=JOIN, stamp="master_agreed",
        paper=is_master, is_primary=True, question="同意后送徒弟；批准以后协议生效。",
        done=AGREED,
    ),
    Move(
        name="decline-master", label="师傅不同意", sources=(PairState.TO_MASTER,),
        target=PairState.DRAFT, by=MASTER, permission=JOIN, reason="想怎样改，或者为什么不合适",
        is_return=True, tells=("drafted_by_id",), done="已退回提出人。",
    ),
    Move(
        name="agree-apprentice", label="徒弟同意", sources=(PairState.TO_APPRENTICE,),
        target=PairState.TO_APPROVE, by=APPRENTICE, permission=JOIN, stamp="apprentice_agreed",
        paper=is_apprentice, is_primary=True, question="同意后送业务科室批准；批准以后协议生效。",
        done=AGREED,
    ),
    Move(
        name="decline-apprentice", label="徒弟不同意", sources=(PairState.TO_APPRENTICE,),
        target=PairState.DRAFT, by=APPRENTICE, permission=JOIN,
        reason="想怎样改，或者为什么不合适", is_return=True,
        tells=("drafted_by_id", "master_id"), done="已退回提出人。",
    ),
    Move(
        name="take-back", label="撤回修改", sources=(PairState.TO_MASTER, PairState.TO_APPRENTICE),
        target=PairState.DRAFT, by=DRAFTERS, permission=MAY_DRAFT, reason="撤回的原因",
        is_return=True, tells=PARTIES, done="已撤回，可以修改或者作罢。",
    ),
    Move(
        name="leave-early", label="有人离岗，不再结对",
        sources=(
            PairState.DRAFT, PairState.TO_MASTER, PairState.TO_APPRENTICE, PairState.TO_APPROVE,
        ),
        target=PairState.DROPPED, by=SITE, permission=MAY_DRAFT, endpoint="mentoring.show_pair",
        tells=("drafted_by_id",),
    ),
    Move(
        name="approve", label="批准结对", sources=(PairState.TO_APPROVE,),
        target=PairState.RUNNING, by=APPROVERS, permission=MAY_APPROVE, stamp="approved",
        not_by=("drafted_by_id", "submitted_by_id", *PARTIES), refused=NOT_APPROVER,
        is_approval=True, is_primary=True, guard=effects.check_approval,
        effect=effects.begin_pair, tells=(*PARTIES, "assessor_id", "drafted_by_id"),
        question="批准后协议编号生效，以后改计划都按变更编号。", done="已批准，开始带教。",
    ),
    Move(
        name="send-back", label="退回修改", sources=(PairState.TO_APPROVE,),
        target=PairState.DRAFT, by=APPROVERS, permission=MAY_APPROVE, reason="退回的理由",
        is_return=True, tells=("drafted_by_id",), done="已退回提出人。",
    ),
    Move(
        name="ask-final", label="申请出师考核", sources=(PairState.RUNNING,),
        target=PairState.ASSESSING, by=MASTER, permission=JOIN, guard=effects.check_final_request,
        is_primary=True, tells=("apprentice_id",), done="已申请，等考核人考核。",
    ),
    # For a master who is away for long or has left: nobody's 出师 hangs on him.
    Move(
        name="ask-final-department", label="由部门申请出师考核", sources=(PairState.RUNNING,),
        target=PairState.ASSESSING, by=DRAFTERS, permission=MAY_DRAFT,
        guard=effects.check_final_request, reason="由部门申请的原因", tells=PARTIES,
        done="已申请，等考核人考核。",
    ),
    Move(
        name="extend", label="延长一次", sources=(PairState.RUNNING,),
        target=PairState.RUNNING, by=APPROVERS, permission=MAY_APPROVE, not_by=PARTIES,
        refused=NOT_OWN, reason="延长的理由", is_approval=True,
        guard=effects.check_extension, effect=effects.extend, tells=PARTIES,
        question="期满未出师的，只延长这一次。", done="已延长，按变更编号。",
    ),
    *(
        Move(
            name=f"ask-end-{word}", label="提出提前结束", sources=(PairState.RUNNING,),
            target=PairState.ENDING, by=by, permission=permission, stamp="end_asked",
            endpoint="mentoring.end_pair", guard=effects.check_end, effect=effects.ask_end,
            tells=PARTIES, done=END_ASKED,
        )
        for word, by, permission in (
            ("master", MASTER, JOIN), ("apprentice", APPRENTICE, JOIN),
            ("department", DRAFTERS, MAY_DRAFT),
        )
    ),
    Move(
        name="leave", label="有人离岗，请业务科室决定",
        sources=(PairState.RUNNING, PairState.ASSESSING, PairState.TO_GRADUATE),
        target=PairState.ENDING, by=SITE, permission=MAY_APPROVE, endpoint="mentoring.show_pair",
        effect=effects.ask_end, tells=(*PARTIES, "drafted_by_id"),
    ),
    Move(
        name="confirm-end", label="同意提前结束", sources=(PairState.ENDING,),
        target=PairState.ENDED, by=APPROVERS, permission=MAY_APPROVE, stamp="ended",
        not_by=("end_asked_by_id", *PARTIES), refused=NOT_ENDER, is_approval=True,
        is_primary=True, effect=effects.end_pair, tells=(*PARTIES, "drafted_by_id"),
        question="结束以后不再带教；不计任何负面记录，徒弟可以再结对。", done="已提前结束。",
    ),
    Move(
        name="keep", label="继续带教", sources=(PairState.ENDING,), target=PairState.RUNNING,
        by=APPROVERS, permission=MAY_APPROVE, reason="怎样继续",
        guard=effects.check_both_here, effect=effects.keep_on,
        tells=PARTIES, done="继续带教。",
    ),
    Move(
        name="pass", label="出师考核", sources=(PairState.ASSESSING,),
        target=PairState.TO_GRADUATE, by=ASSESSOR, permission=JOIN, stamp="assessed",
        not_by=PARTIES, refused=NOT_ASSESSOR, endpoint="mentoring.assess_pair",
        paper=is_assessor, sheet_endpoint="mentoring.sign_final_pair",
        guard=effects.check_final, effect=effects.keep_final, is_primary=True, tells=PARTIES,
        done="考核通过，等批准出师。",
    ),
    Move(
        name="practise-on", label="出师考核", sources=(PairState.ASSESSING,),
        target=PairState.RUNNING, by=ASSESSOR, permission=JOIN, not_by=PARTIES,
        refused=NOT_ASSESSOR, endpoint="mentoring.assess_pair", paper=is_assessor,
        sheet_endpoint="mentoring.sign_final_pair", guard=effects.check_final,
        effect=effects.keep_final, tells=PARTIES, done="已记下，继续带教后可以再申请。",
    ),
    Move(
        name="take-back-final", label="撤回出师考核", sources=(PairState.ASSESSING,),
        target=PairState.RUNNING, by=DRAFTERS, permission=MAY_DRAFT, reason="撤回的原因",
        is_return=True, tells=(*PARTIES, "assessor_id"),
        done="已撤回，可以变更考核人后再申请。",
    ),
    Move(
        name="assessor-left", label="考核人离岗，请另选", sources=(PairState.ASSESSING,),
        target=PairState.RUNNING, by=SITE, permission=MAY_DRAFT, endpoint="mentoring.show_pair",
        tells=(*PARTIES, "drafted_by_id"),
    ),
    Move(
        name="graduate", label="批准出师", sources=(PairState.TO_GRADUATE,),
        target=PairState.GRADUATED, by=APPROVERS, permission=MAY_APPROVE, stamp="graduated",
        not_by=("assessed_by_id", *PARTIES), refused=NOT_GRADUATOR, is_approval=True,
        is_primary=True, guard=effects.check_graduation, effect=effects.graduate,
        tells=(*PARTIES, "drafted_by_id", "assessor_id"),
        question="批准以后发出师证书，并把计划里的事项授权给徒弟。",
        done="已出师，事项授权已写入。",
    ),
    Move(
        name="send-back-final", label="退回继续带教", sources=(PairState.TO_GRADUATE,),
        target=PairState.RUNNING, by=APPROVERS, permission=MAY_APPROVE, reason="退回的理由",
        is_return=True, tells=(*PARTIES, "assessor_id"), done="已退回。",
    ),
)  # fmt: skip

PAIR_FLOW = Flow(
    name="mentoring.pair",
    noun="师徒结对",
    word="pair",
    model=MentoringPair,
    states=STATES,
    moves=MOVES,
    title=title,
    department=lambda pair: pair.department_id,
    endpoint="mentoring.show_pair",
    arguments=lambda pair: {"public_id": pair.public_id},
    object_type="mentoring_pair",
    begun="提出",
    facts=facts,
)
