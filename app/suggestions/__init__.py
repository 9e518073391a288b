"""金点子, 直通车, 优化工作建议单 and 二次回访: from the first word to the second visit (效能10)."""

from datetime import timedelta

from app.kernel.feature import Feature, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission
from app.suggestions import demo, evidence, imports, own_data, papers, tour, views
from app.suggestions.idea_flow import IDEA_FLOW
from app.suggestions.indicators import INDICATORS
from app.suggestions.models import TRIGGERS
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.settings import SETTINGS

FEATURE = Feature(
    name="suggestions",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.SUGGESTIONS,
            label="我的金点子",
            endpoint="suggestions.list_own_ideas",
            permission=Permission.SUGGESTIONS_IDEA_SUBMIT,
            position=50,
            endpoints=frozenset({"suggestions.new_idea", "suggestions.edit_picture"}),
        ),
        NavigationEntry(
            section=Section.SUGGESTIONS,
            label="意见建议",
            endpoint="suggestions.list_ideas",
            permission=Permission.SUGGESTIONS_IDEA_READ,
            position=51,
            endpoints=frozenset(
                {
                    "suggestions.show_idea",
                    "suggestions.record_idea",
                    "suggestions.accept_idea",
                    "suggestions.merge_idea",
                    "suggestions.refuse_idea",
                    "suggestions.hand_over_idea",
                    "suggestions.answer_idea",
                    "suggestions.extend_idea",
                    "suggestions.allow_extension_idea",
                    "suggestions.refuse_extension_idea",
                    "suggestions.list_imports",
                    "suggestions.new_import",
                    "suggestions.show_import",
                }
            ),
        ),
        NavigationEntry(
            section=Section.SUGGESTIONS,
            label="建议单",
            endpoint="suggestions.list_orders",
            permission=Permission.SUGGESTIONS_ORDER_READ,
            position=52,
            endpoints=frozenset(
                {
                    "suggestions.show_order",
                    "suggestions.new_order",
                    "suggestions.edit_order",
                    "suggestions.new_evidence",
                    "suggestions.submit_order",
                    "suggestions.issue_order",
                    "suggestions.sign_issue_order",
                    "suggestions.send_back_order",
                    "suggestions.receive_order",
                    "suggestions.answer_order",
                    "suggestions.confirm_decline_order",
                    "suggestions.sign_confirm_decline_order",
                    "suggestions.insist_order",
                    "suggestions.finish_order",
                    "suggestions.verify_order",
                    "suggestions.return_order",
                    "suggestions.visit_order",
                    "suggestions.skip_visit_order",
                    "suggestions.revisit_order",
                }
            ),
        ),
        NavigationEntry(
            section=Section.SUGGESTIONS,
            label="意见移送单",
            endpoint="suggestions.list_handovers",
            permission=Permission.SUGGESTIONS_HANDOVER_READ,
            position=53,
            endpoints=frozenset({"suggestions.show_handover"}),
        ),
    ),
    periodic=(
        Periodic(name="suggestions.erase-imports", every=timedelta(hours=1), run=imports.erase_old),
    ),
    triggers=TRIGGERS,
    settings=SETTINGS,
    demo=demo.fill,
    tour=tour.STOPS,
    flows=(IDEA_FLOW, ORDER_FLOW),
    papers=(papers.ORDER,),
    personal_data=own_data.tables_of,
    indicators=INDICATORS,
    evidence_rules=evidence.RULES,
    evidence=evidence.read,
)
