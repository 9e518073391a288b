"""Two papers: the text of one version of a rule, and the 廉政风险点清单 of one post.

"岗位, 环节, 风险表现, 等级 set by people, 防控措施, 责任人, 依据, 复核日". Both say what they were
made for, and neither counts anybody.
"""

from dataclasses import dataclass

from flask import render_template

from app.accounts import hall
from app.accounts.models import Department
from app.accounts.roster.models import Post
from app.accounts.service import names_of
from app.files.papers import PaperKind
from app.kernel import clock, db, formats, pdf
from app.regulations import risks, rules
from app.regulations.models import (
    RISK_LEVEL_LABELS,
    RULE_KIND_LABELS,
    RULE_PART_LABELS,
    WORK_STAGE_LABELS,
    RegulationVersion,
)
from app.regulations.rule_flow import rule_of
from app.regulations.texts import WHOLE

CENTRE = "中心层面"
DRAFT_WORD = "草案"


@dataclass(frozen=True, kw_only=True)
class RuleText:
    """Everything that stands on the paper of a version; the snapshot behind its 校验码."""

    hall: str
    name: str
    number: str
    kind: str
    level: str
    effective_on: str
    approved: str
    withdrawn: str
    introduction: str
    # Chapter, label, text.
    articles: tuple[tuple[str, str, str], ...]
    made_for: str


@dataclass(frozen=True, kw_only=True)
class RiskSheet:
    """Everything that stands on the sheet of a post."""

    hall: str
    post: str
    # 环节, 风险表现, 等级, 防控措施, 责任人, 依据, 复核日.
    rows: tuple[tuple[str, ...], ...]
    made_for: str


def read_rule(record_id: int) -> RuleText:
    """Read all that the paper says of a version."""
    version = db.session.get_one(RegulationVersion, record_id)
    rule = rule_of(version)
    department = db.session.get(Department, rule.department_id) if rule.department_id else None
    approver = names_of([version.approved_by_id]).get(version.approved_by_id or 0, "")
    approved = (
        f"{approver}　{formats.day(clock.local(version.approved_at).date())}"
        if version.approved_at
        else ""
    )
    return RuleText(
        hall=hall.get_profile().name,
        name=rule.name,
        number=f"第{version.number}版" if version.number else DRAFT_WORD,
        kind=f"{RULE_KIND_LABELS[rule.kind]}·{RULE_PART_LABELS[rule.part]}",
        level=department.name if department else CENTRE,
        effective_on=formats.day(version.effective_on),
        approved=approved,
        withdrawn=formats.day(version.withdrawn_on) if version.withdrawn_on else "",
        introduction=version.introduction,
        articles=tuple(
            (each.chapter, "" if each.label == WHOLE else each.label, each.text)
            for each in rules.list_articles_of(version.id)
        ),
        made_for=formats.moment(version.moved_at),
    )


def read_risks(record_id: int) -> RiskSheet:
    """Read all that is in force for a post."""
    rows = risks.list_of_post(record_id)
    latest = max((each.risk.moved_at for each in rows), default=None)
    return RiskSheet(
        hall=hall.get_profile().name,
        post=db.session.get_one(Post, record_id).name,
        rows=tuple(
            (
                WORK_STAGE_LABELS[each.content.stage],
                each.content.manifestation,
                RISK_LEVEL_LABELS[each.content.level],
                each.content.measures,
                each.responsible,
                each.content.basis,
                formats.day(each.content.review_on),
            )
            for each in rows
        ),
        made_for=formats.moment(latest) if latest else "",
    )


def lay_rule(text: RuleText, code: str) -> pdf.Document:
    """Lay a version out."""
    return pdf.Document(
        html=render_template("regulations/pdf/rule.html", rule=text, check_code=code),
        stylesheets=(pdf.stylesheet("pdf/base.css"), pdf.stylesheet("regulations/pdf/rule.css")),
        title=text.name,
        author=text.hall,
        created_at=clock.now(),
    )


def lay_risks(sheet: RiskSheet, code: str) -> pdf.Document:
    """Lay the sheet of a post out, on its side."""
    return pdf.Document(
        html=render_template("regulations/pdf/risks.html", sheet=sheet, check_code=code),
        stylesheets=(pdf.stylesheet("pdf/base.css"), pdf.stylesheet("regulations/pdf/risks.css")),
        title="岗位廉政风险点清单",
        author=sheet.hall,
        created_at=clock.now(),
    )


RULE_PAPER = PaperKind(
    name="regulations.version",
    title="制度文本",
    word="version",
    endpoint="regulations.show_version_paper",
    snapshot=read_rule,
    document=lay_rule,
    file_name=lambda text: f"{text.name}{text.number}",
)
RISK_PAPER = PaperKind(
    name="regulations.risks",
    title="岗位廉政风险点清单",
    word="risks",
    endpoint="regulations.show_risks_paper",
    snapshot=read_risks,
    document=lay_risks,
    file_name=lambda sheet: f"岗位廉政风险点清单（{sheet.post}）",
)
