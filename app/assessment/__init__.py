"""季度考核与个人数字化考核画像: read from evidence only, each point with its record."""

from datetime import timedelta

from app.assessment import collecting, demo, own_data, packages, papers, tour, views, workflow
from app.assessment.cli import commands
from app.assessment.models import TRIGGERS
from app.assessment.settings import SETTINGS
from app.kernel.feature import Feature, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission

FEATURE = Feature(
    name="assessment",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.ASSESSMENT,
            label="我的考核",
            endpoint="assessment.list_own_portraits",
            permission=Permission.ASSESSMENT_OWN_READ,
            position=95,
            endpoints=frozenset(
                {
                    "assessment.show_portrait",
                    "assessment.show_row",
                    "assessment.edit_comment",
                    "assessment.edit_opinion",
                    "assessment.edit_own_opinion",
                    "assessment.new_objection",
                    "assessment.show_objection",
                    "assessment.withdraw_objection",
                }
            ),
        ),
        NavigationEntry(
            section=Section.ASSESSMENT,
            label="季度考核",
            endpoint="assessment.list_schemes",
            permission=Permission.ASSESSMENT_OWN_READ,
            position=96,
            endpoints=frozenset(
                {
                    "assessment.show_scheme",
                    "assessment.new_scheme",
                    "assessment.edit_scheme",
                    "assessment.submit_scheme",
                    "assessment.drop_scheme",
                    "assessment.approve_scheme",
                    "assessment.sign_approve_scheme",
                    "assessment.send_back_scheme",
                    "assessment.revoke_scheme",
                    "assessment.show_cycle",
                    "assessment.preview_cycle",
                    "assessment.approve_cycle",
                    "assessment.sign_approve_cycle",
                    "assessment.release_cycle",
                    "assessment.list_portraits",
                    "assessment.list_sheets",
                    "assessment.show_sheet",
                }
            ),
        ),
        NavigationEntry(
            section=Section.ASSESSMENT,
            label="考核异议",
            endpoint="assessment.list_objections",
            permission=Permission.ASSESSMENT_PORTRAIT_READ,
            position=97,
            endpoints=frozenset({"assessment.uphold_objection", "assessment.reject_objection"}),
        ),
        NavigationEntry(
            section=Section.ASSESSMENT,
            label="考核材料包",
            endpoint="assessment.list_packages",
            permission=Permission.ASSESSMENT_PORTRAIT_READ,
            position=98,
            endpoints=frozenset({"assessment.show_package"}),
        ),
    ),
    cli=commands,
    jobs={
        collecting.COLLECT_JOB: collecting.collect,
        packages.PACKAGE_JOB: packages.make_package,
    },
    periodic=(
        Periodic(name="assessment.packages", every=timedelta(hours=6), run=packages.erase_old),
    ),
    triggers=TRIGGERS,
    settings=SETTINGS,
    demo=demo.fill,
    tour=tour.STOPS,
    flows=workflow.FLOWS,
    papers=papers.KINDS,
    personal_data=own_data.tables_of,
    forget_person=own_data.forget_person,
)
