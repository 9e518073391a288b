"""师徒结对: a pair from its agreement to 出师, and the authorisation that it ends in (效能11)."""

from datetime import timedelta

from app.kernel.feature import Feature, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission
from app.mentoring import demo, evidence, leaving, own_data, papers, records, tour, views
from app.mentoring.card import show_card
from app.mentoring.models import TRIGGERS
from app.mentoring.record_flow import RECORD_FLOW
from app.mentoring.settings import SETTINGS
from app.mentoring.workflow import PAIR_FLOW

FEATURE = Feature(
    name="mentoring",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.EXAMS,
            label="我的师徒",
            endpoint="mentoring.list_own_pairs",
            permission=Permission.MENTORING_PAIR_JOIN,
            position=78,
            endpoints=frozenset(
                {
                    "mentoring.show_record",
                    "mentoring.write_record",
                    "mentoring.confirm_record",
                    "mentoring.send_back_record",
                    "mentoring.assess_item",
                    "mentoring.assess_pair",
                    "mentoring.agree_master_pair",
                    "mentoring.decline_master_pair",
                    "mentoring.agree_apprentice_pair",
                    "mentoring.decline_apprentice_pair",
                    "mentoring.ask_final_pair",
                }
            ),
        ),
        NavigationEntry(
            section=Section.EXAMS,
            label="师徒结对",
            endpoint="mentoring.list_pairs",
            permission=Permission.MENTORING_PAIR_READ,
            position=79,
            endpoints=frozenset(
                {
                    "mentoring.list_newcomers",
                    "mentoring.list_candidates",
                    "mentoring.new_pair",
                    "mentoring.show_pair",
                    "mentoring.edit_plan",
                    "mentoring.end_pair",
                    "mentoring.submit_pair",
                    "mentoring.drop_pair",
                    "mentoring.approve_pair",
                    "mentoring.send_back_pair",
                    "mentoring.extend_pair",
                    "mentoring.confirm_end_pair",
                    "mentoring.keep_pair",
                    "mentoring.take_back_pair",
                    "mentoring.take_back_final_pair",
                    "mentoring.ask_final_department_pair",
                    "mentoring.sign_final_pair",
                    "mentoring.sign_record",
                    "mentoring.sign_confirm_record",
                    "mentoring.graduate_pair",
                    "mentoring.send_back_final_pair",
                    "mentoring.sign_agree_master_pair",
                    "mentoring.sign_agree_apprentice_pair",
                    "mentoring.sign_approve_pair",
                    "mentoring.sign_extend_pair",
                    "mentoring.sign_confirm_end_pair",
                    "mentoring.sign_graduate_pair",
                }
            ),
        ),
    ),
    periodic=(
        Periodic(name="mentoring.leaving", every=timedelta(hours=1), run=leaving.sweep),
        Periodic(name="mentoring.records", every=timedelta(hours=1), run=records.sweep),
    ),
    triggers=TRIGGERS,
    settings=SETTINGS,
    demo=demo.fill,
    tour=tour.STOPS,
    card=show_card,
    flows=(PAIR_FLOW, RECORD_FLOW),
    papers=papers.KINDS,
    personal_data=own_data.tables_of,
    evidence_rules=evidence.RULES,
    evidence=evidence.give_evidence,
    indicators=evidence.INDICATORS,
)
