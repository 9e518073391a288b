"""制度与岗位廉政风险点: rules with their articles, who must read which, and who confirmed it."""

from datetime import timedelta

from app.kernel.feature import Feature, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission
from app.regulations import card, demo, facts, own_data, papers, risk_flow, risks, rule_flow, views
from app.regulations.models import TRIGGERS
from app.regulations.settings import SETTINGS
from app.workflow.panels import pages_of

FEATURE = Feature(
    name="regulations",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.ASSESSMENT,
            label="我的岗位标准",
            endpoint="regulations.list_own_readings",
            permission=Permission.REGULATIONS_READING_CONFIRM,
            position=90,
            endpoints=frozenset({"regulations.confirm_reading", "regulations.show_readings"}),
        ),
        NavigationEntry(
            section=Section.ASSESSMENT,
            label="制度库",
            endpoint="regulations.list_rules",
            permission=Permission.REGULATIONS_RULE_READ,
            position=91,
            endpoints=pages_of(rule_flow.FLOW)
            | {
                "regulations.show_rule",
                "regulations.new_rule",
                "regulations.show_article",
                "regulations.new_version",
                "regulations.show_version",
                "regulations.edit_version",
                "regulations.show_changes",
            },
        ),
        NavigationEntry(
            section=Section.ASSESSMENT,
            label="廉政风险点清单",
            endpoint="regulations.list_risks",
            permission=Permission.REGULATIONS_RISK_READ,
            position=92,
            endpoints=pages_of(risk_flow.FLOW)
            | {
                "regulations.show_risk",
                "regulations.new_risk",
                "regulations.revise_risk",
                "regulations.show_post",
            },
        ),
        NavigationEntry(
            section=Section.ASSESSMENT,
            label="必读情况",
            endpoint="regulations.list_readings",
            permission=Permission.REGULATIONS_READING_READ,
            position=93,
            endpoints=frozenset(
                {"regulations.list_items", "regulations.new_item", "regulations.end_item"}
            ),
        ),
    ),
    periodic=(
        Periodic(name="regulations.reviews", every=timedelta(hours=1), run=risks.ask_for_reviews),
    ),
    triggers=TRIGGERS,
    settings=SETTINGS,
    card=card.show_card,
    demo=demo.fill,
    flows=(rule_flow.FLOW, risk_flow.FLOW),
    papers=(papers.RULE_PAPER, papers.RISK_PAPER),
    personal_data=own_data.tables_of,
    evidence_rules=(facts.READING_RULE,),
    evidence=facts.list_evidence,
    indicators=facts.INDICATORS,
)
