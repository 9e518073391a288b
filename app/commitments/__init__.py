"""三亮承诺: what departments and windows promise, on desk, wall, screen and the public page."""

from datetime import timedelta

from app.commitments import demo, disclosure, evidence, own_data, papers, tour, views, workflow
from app.commitments.indicators import INDICATORS
from app.commitments.settings import SETTINGS
from app.kernel.feature import Feature, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission

FEATURE = Feature(
    name="commitments",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.COMMITMENTS,
            label="承诺公示牌",
            endpoint="commitments.list_sheets",
            permission=Permission.COMMITMENTS_SHEET_READ,
            position=40,
            endpoints=frozenset(
                {
                    "commitments.show_sheet",
                    "commitments.new_sheet",
                    "commitments.edit_sheet",
                    "commitments.copy_sheet",
                    "commitments.edit_rating_code",
                    "commitments.submit_sheet",
                    "commitments.drop_sheet",
                    "commitments.take_over_sheet",
                    "commitments.review_sheet",
                    "commitments.send_back_sheet",
                    "commitments.approve_sheet",
                    "commitments.turn_down_sheet",
                    "commitments.withdraw_sheet",
                    "commitments.sign_review_sheet",
                    "commitments.sign_approve_sheet",
                }
            ),
        ),
        NavigationEntry(
            section=Section.COMMITMENTS,
            label="党员示范岗",
            endpoint="commitments.list_plates",
            permission=Permission.COMMITMENTS_PLATE_READ,
            position=42,
            endpoints=frozenset(
                {
                    "commitments.show_plate",
                    "commitments.new_plate",
                    "commitments.confirm_plate",
                    "commitments.refuse_plate",
                    "commitments.end_plate",
                    "commitments.sign_confirm_plate",
                }
            ),
        ),
    ),
    periodic=(
        Periodic(name="commitments.plates", every=timedelta(hours=1), run=workflow.end_departed),
        Periodic(name="commitments.moved", every=timedelta(minutes=15), run=workflow.end_moved),
        Periodic(
            name="commitments.cards",
            every=timedelta(minutes=15),
            run=papers.erase_stale_cards,
        ),
    ),
    settings=SETTINGS,
    demo=demo.fill,
    tour=tour.STOPS,
    flows=workflow.FLOWS,
    papers=tuple(papers.KINDS.values()),
    slides=disclosure.list_slides,
    personal_data=own_data.tables_of,
    forget_person=own_data.forget_person,
    indicators=INDICATORS,
    evidence_rules=evidence.RULES,
    evidence=evidence.read,
)
