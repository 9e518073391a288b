"""Ideas and 建议单 in every state, for the hall of tests/site; made by the services."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from app.accounts import service as accounts
from app.files import service as files
from app.kernel import clock, db, public_forms
from app.kernel.permissions import Grant, Role
from app.suggestions import codes, handovers, ideas, imports, orders
from app.suggestions.idea_effects import Answer
from app.suggestions.idea_flow import IDEA_FLOW
from app.suggestions.models import IdeaChannel, IdeaOutcome
from app.suggestions.order_effects import Feedback, Visit
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_models import (
    ImprovementOrder,
    OrderSource,
    OrderVerdict,
    VisitResult,
    VisitWay,
)
from app.suggestions.outside_files import Row
from app.workflow.definition import Signature
from app.workflow.service import execute
from tests.support import cast

PICTURE = b"\xff\xd8\xff stands for a picture"
# Numbers of public forms, from which the codes come.
NONCES = {"opinion": "world-1", "asked_opinion": "world-2", "answered_opinion": "world-3"}
STATES = (
    "draft", "issuing", "receiving", "feedback", "declining", "carrying", "verifying", "visiting",
    "revisiting", "closed",
)  # fmt: skip


def fill(mark=""):
    """Make them all; gives the arguments of their addresses by name."""
    return {**fill_ideas(mark), **fill_orders(mark), **fill_others(mark), "public": fill_public()}


def fill_public():
    """Give what forms of anybody carry: tokens of a while ago, and codes."""
    with clock.frozen(clock.now() - timedelta(seconds=30)):
        words = ("new_public_idea", "follow_idea", "reply_idea", "rate_idea")
        tokens = {word: public_forms.make_token(f"suggestions.{word}") for word in words}
    return {**tokens, **{name: codes.make_code(nonce) for name, nonce in NONCES.items()}}


def content(mark, **changes):
    """Give what somebody proposes."""
    given = {
        "title": f"大字流程图{mark}",
        "problem": f"老人第一次来不知道先取号还是先问导办。{mark}",
        "proposal": f"在取号机旁放一张大字流程图。{mark}",
        "department_id": cast.department_ids()[0],
    }
    return ideas.Content(**{**given, **changes})


def move(record, name, who, flow=IDEA_FLOW, reason="", **data):
    """Make one move."""
    with db.write():
        execute(
            flow,
            record_id=record.id,
            name=name,
            user=cast.principal(who) if isinstance(who, str) else who,
            reason=reason,
            data=data,
        )


def submit(mark):
    """Let staff propose something."""
    with db.write():
        return ideas.submit(content=content(mark), user=cast.principal("staff"))


def send(name, mark):
    """Let somebody without an account say something; gives it."""
    said = content(
        mark, title="", proposal="", contact="13900000002", has_consent=True,
        problem=f"取号机旁希望有人引导。{mark}",
    )  # fmt: skip
    with db.write():
        code = ideas.send(content=said, channel=IdeaChannel.SCAN, nonce=NONCES[name])
    return ideas.find_by_code(code)


def handle(idea, *, ask="", mark=""):
    """Take an idea in, and ask its sender something."""
    kind = idea.kind
    move(idea, f"accept-{kind}", "office" if kind == "staff" else "officer")
    if ask:
        with db.write():
            ideas.ask(idea_id=idea.id, text=f"{ask}{mark}", user=cast.principal("chief"))


def answer(idea, mark):
    """Answer an idea: it is not adopted."""
    given = Answer(
        outcome=IdeaOutcome.DECLINED,
        finding=f"现场看过。{mark}",
        text=f"暂不采纳。{mark}",
        reason=f"柱子要留给消防标识。{mark}",
    )
    move(idea, "answer", "chief", answer=given)


def add_picture(idea):
    """Put a picture beside an idea."""
    sha256 = files.put_content(PICTURE + b"idea")
    with db.write():
        ideas.set_picture(
            idea_id=idea.id, sha256=sha256, size=len(PICTURE) + 4, user=cast.principal("staff")
        )


def fill_ideas(mark):
    """Make an idea in every state that a page is for."""
    own, asked, answered, extending = (submit(mark) for _ in range(4))
    add_picture(answered)
    handle(asked, ask="放在哪里？", mark=mark)
    handle(answered)
    answer(answered, mark)
    handle(extending)
    with db.write():
        execute(
            IDEA_FLOW,
            record_id=extending.id,
            name="ask-extension",
            user=cast.principal("chief"),
            data={"reason": f"要问消防。{mark}"},
        )
    opinion = send("opinion", mark)
    asked_opinion, answered_opinion = send("asked_opinion", mark), send("answered_opinion", mark)
    handle(asked_opinion, ask="哪一天来的？", mark=mark)
    handle(answered_opinion)
    answer(answered_opinion, mark)
    named = {
        "own_idea": own,
        "asked_idea": asked,
        "answered_idea": answered,
        "extending_idea": extending,
        "opinion": opinion,
        "asked_opinion": asked_opinion,
        "answered_opinion": answered_opinion,
    }
    return {name: {"public_id": each.public_id, "step": 1} for name, each in named.items()}


def fill_others(mark):
    """Hand something over, and upload a file of an outside form."""
    gone = submit(mark)
    with db.write():
        handed = handovers.hand_over(
            idea_id=gone.id,
            receiver_id=cast.person_id("discipline"),
            seen_version=None,
            user=cast.principal("office"),
        )
    rows = [Row(place=2, number=f"WJ-1{mark}", on="2026-11-19", text=f"希望延长服务。{mark}")]
    with db.write():
        public_id = imports.upload(
            rows=rows,
            file_name=f"意见{mark}.xlsx",
            source=f"公众号{mark}",
            user=cast.principal("clerk"),
        )
    return {"idea_handover": {"public_id": handed}, "idea_import": {"public_id": public_id}}


def fill_orders(mark):
    """Make a 建议单 in every state."""
    found = {}
    second = add_second_officer()
    for state in STATES:
        # The second visit comes sixty days after the first, by another person.
        days = 70 if state == "revisiting" else 0
        with clock.frozen(clock.now() - timedelta(days=days)):
            order = draft(mark)
            evidence_id = bring(order, state, mark, second)
        found[f"order_{state}"] = {"record_id": order.id, "evidence_id": evidence_id, "step": 3}
    return found


def add_second_officer():
    """Add a second 投诉反馈专员, who makes first visits."""
    with db.write():
        person_id = accounts.add_person(
            staff_number="SY045",
            name="纪云舒",
            department_id=cast.department_ids()[1],
            post="后台",
            password_hash="nobody signs in with it",
            roles=[Role.FEEDBACK_OFFICER],
            joined_on=cast.JOINED_ON,
        )
    grants = frozenset({Grant(role=Role.FEEDBACK_OFFICER, department_id=None)})
    return replace(cast.principal("officer"), person_id=person_id, grants=grants)


def draft(mark=""):
    """Draft a 建议单 from the hotline."""
    given = orders.Content(
        title=f"取号等候偏长{mark}",
        source=OrderSource.HOTLINE,
        source_number=f"12345-1001{mark}",
        case_count=3,
        period_from=date(2026, 10, 1),
        period_until=date(2026, 10, 31),
        department_id=cast.department_ids()[0],
        addressee_id=None,
        problem=f"等候超过20分钟。{mark}",
        cause=f"无人引导。{mark}",
        demand=f"安排引导。{mark}",
        indicator="平均等候时间",
        current_value="26分钟",
        target_value="15分钟",
        carry_days=10,
        clause=f"细则4.2{mark}",
        points=Decimal("1.50"),
    )
    with db.write():
        order_id = orders.draft_order(content=given, user=cast.principal("clerk"))
    return db.session.get_one(ImprovementOrder, order_id)


def bring(order, state, mark="", second=None):
    """Bring a 建议单 as far as a state; gives its evidence, if it got any."""
    if state == "draft":
        return 1
    move(order, "submit", "clerk", ORDER_FLOW)
    if state == "issuing":
        return 1
    if state == "receiving":
        sign(order, mark)
        return 1
    move(order, "issue", "leader", ORDER_FLOW)
    move(order, "receive", "lead", ORDER_FLOW)
    if state == "feedback":
        return 1
    if state == "declining":
        no = Feedback(verdict=OrderVerdict.DECLINED, reason=f"无人可派。{mark}")
        move(order, "decline", "lead", ORDER_FLOW, feedback=no)
        return 1
    return bring_on(order, state, mark, second)


def sign(order, mark):
    """Enter that a 建议单 was signed on paper: the third line of its path."""
    sha256 = files.put_content(PICTURE + b"scan")
    with db.write():
        file = files.add_file(
            sha256=sha256, size=len(PICTURE) + 4, media_type="image/jpeg", name="签批单.jpg"
        )
        signature = Signature(
            signed_by_id=cast.person_id("leader"),
            signed_on=clock.today(),
            meeting=f"主任办公会{mark}",
            minute_number=f"第3期{mark}",
            scan_file_id=file.id,
        )
        execute(
            ORDER_FLOW,
            record_id=order.id,
            name="issue",
            user=cast.principal("clerk"),
            signature=signature,
        )


def bring_on(order, state, mark, second):
    """Bring a 建议单 that was adopted further."""
    yes = Feedback(
        verdict=OrderVerdict.ADOPTED,
        measures=f"九点到十一点安排引导。{mark}",
        responsible=f"葛书宁{mark}"[:40],
        finish_on=date(2026, 12, 4),
    )
    move(order, "adopt", "lead", ORDER_FLOW, feedback=yes)
    evidence_id = add_evidence(order)
    if state == "carrying":
        return evidence_id
    move(order, "finish", "lead", ORDER_FLOW, result=f"引导岗已到位。{mark}")
    if state == "verifying":
        return evidence_id
    move(order, "verify", "office", ORDER_FLOW, reason=f"看过现场。{mark}")
    if state == "visiting":
        return evidence_id
    if state == "closed":
        move(order, "skip-visit", "officer", ORDER_FLOW, reason=f"没有留姓名。{mark}")
        return evidence_id
    visit = Visit(
        on=clock.today(), way=VisitWay.PHONE, result=VisitResult.SOLVED, note=f"方便了。{mark}"
    )
    move(order, "visit", second or "officer", ORDER_FLOW, visit=visit)
    return evidence_id


def add_evidence(order):
    """Put a picture beside what was done."""
    sha256 = files.put_content(PICTURE + b"order")
    with db.write():
        orders.add_evidence(
            order_id=order.id, sha256=sha256, size=len(PICTURE) + 5, user=cast.principal("lead")
        )
    return orders.list_evidence(order.id)[0][0].id
