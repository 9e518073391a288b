"""Rules, risk points and must-read lists of the world: one of each state.

`clerk` wrote them, `chief` approved them. What must be read is on the list of the post that `staff`
holds alone.
"""

from datetime import timedelta

from sqlalchemy import select

from app.accounts.roster.models import Placement
from app.files import service as files
from app.kernel import clock, db
from app.regulations import reading_lists, risks, rules
from app.regulations.models import (
    RegulationArticle,
    RiskLevel,
    RiskState,
    RuleClass,
    RuleKind,
    RulePart,
    WorkStage,
)
from app.regulations.papers import RISK_PAPER, RULE_PAPER
from app.regulations.risk_flow import FLOW as RISK_FLOW
from app.regulations.rule_flow import FLOW as RULE_FLOW
from app.workflow.definition import Signature
from app.workflow.service import execute
from tests.site.inspections_world import PHOTO, print_paper
from tests.support import cast

TEXT = "总说明{mark}\n第一章　总则{mark}\n第一条　首问责任人负责到底{mark}\n第二条　当场引导{mark}"


def fill(mark: str) -> dict[str, dict[str, object]]:
    """Add everything to the world; gives its objects."""
    rule_id, version_id = make_rule(mark)
    post_id = post_of("staff")
    with db.write():
        item_id = reading_lists.add_item(
            regulation_id=rule_id, post_id=post_id, days=5, user=cast.principal("clerk")
        )
        draft = draft_rule(f"草拟中的制度{mark}", mark)
        waiting = draft_rule(f"待审的制度{mark}", mark)
        move(RULE_FLOW, waiting, "submit", "clerk")
    signed = sign_on_paper(draft_signed(mark), mark)
    made = make_risks(post_id, mark)
    print_papers(version_id, post_id)
    article = db.session.scalars(
        select(RegulationArticle.id).where(RegulationArticle.version_id == version_id)
    ).first()
    return {
        "rule": {"regulation_id": rule_id},
        "version": {"record_id": version_id, "version_id": version_id},
        "version_draft": {"record_id": draft},
        "version_reviewing": {"record_id": waiting},
        "version_signed": {"record_id": signed, "step": 3},
        "article": {"article_id": article},
        "reading_item": {"item_id": item_id},
        "staff_readings": {"person_id": cast.person_id("staff")},
        "risks_of_post": {"post_id": post_id},
        **made,
    }


def print_papers(version_id: int, post_id: int) -> None:
    """Store the papers of the rule and of the post, as they are now."""
    print_paper(RULE_PAPER, version_id)
    print_paper(RISK_PAPER, post_id)


def draft_rule(name: str, mark: str, days: int = 0) -> int:
    """Draft a rule, in the open write; gives the id of its version."""
    head = rules.Head(
        name=name,
        kind=RuleKind.RULE,
        part=RulePart.BUSINESS,
        class_=RuleClass.HANDLING,
        department_id=None,
    )
    wording = rules.Wording(
        effective_on=clock.today() - timedelta(days=days),
        note=f"首版{mark}",
        text=TEXT.format(mark=mark),
    )
    return rules.create_rule(head=head, wording=wording, user=cast.principal("clerk")).id


def move(flow, record_id: int, name: str, who: str, reason: str = "") -> None:
    """Make a move, in the open write."""
    execute(flow, record_id=record_id, name=name, user=cast.principal(who), reason=reason)


def make_rule(mark: str) -> tuple[int, int]:
    """Make a rule with two approved versions; gives its id and that of the second one."""
    with db.write():
        first = draft_rule(f"首问负责制{mark}", mark, days=30)
        move(RULE_FLOW, first, "submit", "clerk")
        move(RULE_FLOW, first, "approve", "chief")
        rule = rules.get_version_for(cast.principal("clerk"), first)
        assert rule is not None
        text = TEXT.format(mark=mark).replace("当场引导", "当面引导")
        wording = rules.Wording(effective_on=clock.today(), note=f"改当面{mark}", text=text)
        second = rules.draft_version(rule=rule[1], wording=wording, user=cast.principal("clerk")).id
        move(RULE_FLOW, second, "submit", "clerk")
        move(RULE_FLOW, second, "approve", "chief")
        return rule[1].id, second


def draft_signed(mark: str) -> int:
    """Draft a rule that is to be signed on paper."""
    with db.write():
        version_id = draft_rule(f"纸上签批的制度{mark}", mark)
        move(RULE_FLOW, version_id, "submit", "clerk")
        return version_id


def sign_on_paper(version_id: int, mark: str) -> int:
    """Let the clerk enter the chief's signature."""
    content = PHOTO + b"rule"
    sha256 = files.put_content(content)
    with db.write():
        scan = files.add_file(
            sha256=sha256, size=len(content), media_type="image/jpeg", name="制度签批单.jpg"
        )
        signature = Signature(
            signed_by_id=cast.person_id("chief"),
            signed_on=clock.today(),
            meeting=f"主任办公会{mark}",
            minute_number="5",
            scan_file_id=scan.id,
        )
        execute(
            RULE_FLOW,
            record_id=version_id,
            name="approve",
            user=cast.principal("clerk"),
            signature=signature,
            reason="同意。",
        )
    return version_id


def post_of(who: str) -> int:
    """Give the post of somebody."""
    found = select(Placement.post_id).where(Placement.person_id == cast.person_id(who))
    return db.session.scalars(found).one()


def make_risks(post_id: int, mark: str) -> dict[str, dict[str, object]]:
    """Make a risk point that waits, one that was sent back, one in force, one signed on paper."""
    with db.write():
        ids = {state: propose(post_id, mark) for state in ("reviewing", "returned", "held")}
        move(RISK_FLOW, ids["returned"], "send-back", "chief", f"写明频次{mark}")
        move(RISK_FLOW, ids["held"], "approve", "chief")
        signed = propose(post_id, mark)
    sign_risk(signed, mark)
    found: dict[str, dict[str, object]] = {
        f"risk_{state}": {"record_id": risk_id} for state, risk_id in ids.items()
    }
    assert risks.get_risk(ids["held"]).risk.state is RiskState.IN_FORCE
    return {**found, "risk_signed": {"record_id": signed, "step": 2}}


def sign_risk(risk_id: int, mark: str) -> None:
    """Let the clerk enter that a risk point was approved on paper."""
    content = PHOTO + b"risk"
    sha256 = files.put_content(content)
    with db.write():
        scan = files.add_file(
            sha256=sha256, size=len(content), media_type="image/jpeg", name="清单签批单.jpg"
        )
        signature = Signature(
            signed_by_id=cast.person_id("chief"),
            signed_on=clock.today(),
            meeting=f"周例会{mark}",
            minute_number="6",
            scan_file_id=scan.id,
        )
        execute(
            RISK_FLOW,
            record_id=risk_id,
            name="approve",
            user=cast.principal("clerk"),
            signature=signature,
        )


def propose(post_id: int, mark: str) -> int:
    """Write a risk point, in the open write."""
    content = risks.Content(
        stage=WorkStage.ACCEPT,
        level=RiskLevel.MEDIUM,
        manifestation=f"不按取号顺序办理{mark}",
        measures=f"叫号系统放行{mark}",
        responsible_id=cast.person_id("chief"),
        basis=f"窗口行为规范第五条{mark}",
        article_id=None,
        review_on=clock.today() + timedelta(days=180),
    )
    return risks.propose(post_id=post_id, content=content, user=cast.principal("clerk")).id


def crowd(count: int) -> None:
    """Fill the lists: many rules, each on the list of everybody, and many risk points."""
    # Of another post: the sheet that was printed stays as it is.
    post_id = post_of("other")
    clerk = cast.principal("clerk")
    with db.write():
        for place in range(count):
            version_id = draft_rule(f"制度{place}", "")
            move(RULE_FLOW, version_id, "submit", "clerk")
            move(RULE_FLOW, version_id, "approve", "chief")
            found = rules.get_version_for(clerk, version_id)
            assert found is not None
            reading_lists.add_item(regulation_id=found[1].id, post_id=None, days=5, user=clerk)
            move(RISK_FLOW, propose(post_id, ""), "approve", "chief")
