"""现场巡查: 值班表, checklist, rounds on a tablet, and the ledgers of what they found."""

from app.inspections import demo, evidence, tour, views
from app.inspections.card import show_card
from app.inspections.indicators import INDICATORS
from app.inspections.models import TRIGGERS
from app.inspections.papers import PAPER
from app.kernel.feature import Feature, NavigationEntry, Section
from app.kernel.permissions import Permission

FEATURE = Feature(
    name="inspections",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.INSPECTIONS,
            label="巡查台账",
            endpoint="inspections.list_inspections",
            permission=Permission.INSPECTIONS_ROUND_READ,
            position=41,
            endpoints=frozenset(
                {
                    "inspections.start_inspection",
                    "inspections.list_windows",
                    "inspections.choose_item",
                    "inspections.record_finding",
                    "inspections.fix_finding",
                    "inspections.finish_inspection",
                    "inspections.show_inspection",
                    "inspections.new_remark",
                }
            ),
        ),
        NavigationEntry(
            section=Section.INSPECTIONS,
            label="问题台账",
            endpoint="inspections.list_findings",
            permission=Permission.INSPECTIONS_FINDING_READ,
            position=42,
            endpoints=frozenset({"inspections.show_finding", "inspections.show_window"}),
        ),
        NavigationEntry(
            section=Section.INSPECTIONS,
            label="值班表",
            endpoint="inspections.list_duties",
            permission=Permission.INSPECTIONS_ROSTER_READ,
            position=46,
            endpoints=frozenset(
                {"inspections.new_duty", "inspections.edit_duty", "inspections.copy_week"}
            ),
        ),
        NavigationEntry(
            section=Section.INSPECTIONS,
            label="检查表",
            endpoint="inspections.show_checklist",
            permission=Permission.INSPECTIONS_CHECKLIST_READ,
            position=47,
            endpoints=frozenset({"inspections.new_item", "inspections.edit_item"}),
        ),
        NavigationEntry(
            section=Section.INSPECTIONS,
            label="巡查移送单",
            endpoint="inspections.list_handovers",
            permission=Permission.INSPECTIONS_HANDOVER_READ,
            position=48,
            endpoints=frozenset({"inspections.new_handover", "inspections.show_handover"}),
        ),
    ),
    triggers=TRIGGERS,
    papers=(PAPER,),
    card=show_card,
    demo=demo.fill,
    tour=tour.STOPS,
    indicators=INDICATORS,
    evidence_rules=evidence.RULES,
    evidence=evidence.read,
)
