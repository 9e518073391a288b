"""一月一考: from the draft of a paper to the result that each person can print."""

from datetime import timedelta

from app.exams import (
    call_back_flow,
    cli,
    correction_flow,
    evidence,
    excuse_flow,
    own_data,
    printing,
    tour,
    uses,
    views,
)
from app.exams.card import read_first_step, show_card
from app.exams.demo import fill as fill_demonstration
from app.exams.exam_flow import FLOW, GRADE_JOB
from app.exams.indicators import INDICATORS
from app.exams.models import TRIGGERS
from app.exams.printing import forgetting, packages
from app.exams.service import analysis, blueprints, call_backs, grading, papers
from app.exams.settings import SETTINGS
from app.kernel.feature import Feature, FirstStep, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission
from app.workflow.panels import pages_of

FEATURE = Feature(
    name="exams",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.EXAMS,
            label="我的考试",
            endpoint="exams.list_exams",
            permission=Permission.EXAMS_SITTING_SIT,
            position=10,
            endpoints=frozenset(
                {
                    "exams.show_notice",
                    "exams.show_receipt",
                    "exams.show_result",
                    "exams.raise_doubt",
                    "exams.hand_in",
                    "exams.ask_call_back",
                    "exams.resume_sitting",
                    "exams.cancel_call_back",
                }
            ),
        ),
        NavigationEntry(
            section=Section.EXAMS,
            label="一月一考",
            endpoint="exams.list_papers",
            permission=Permission.EXAMS_PAPER_READ,
            position=20,
            endpoints=pages_of(FLOW)
            | frozenset(
                {
                    "exams.draft_makeup",
                    "exams.edit_blueprint",
                    "exams.show_forms",
                    "exams.show_form_questions",
                    "exams.publish_paper",
                    "exams.show_paper",
                    "exams.new_paper",
                    "exams.edit_paper",
                    "exams.choose_questions",
                    "exams.edit_batches",
                    "exams.preview_paper",
                    "exams.show_printing",
                    "exams.list_results",
                    "exams.show_person_result",
                    "exams.list_analysis",
                    "exams.show_analysis",
                    "exams.list_marking",
                    "exams.mark_answers",
                    "exams.list_late_answers",
                }
            ),
        ),
        NavigationEntry(
            section=Section.EXAMS,
            label="成绩情况",
            endpoint="exams.list_reports",
            permission=Permission.EXAMS_REPORT_READ,
            position=35,
            endpoints=frozenset({"exams.show_report", "exams.edit_notice"}),
        ),
        NavigationEntry(
            section=Section.EXAMS,
            label="部门成绩",
            endpoint="exams.list_department_results",
            permission=Permission.EXAMS_DEPARTMENT_READ,
            position=37,
            endpoints=frozenset({"exams.show_department"}),
        ),
        NavigationEntry(
            section=Section.EXAMS,
            label="缓考与名单",
            endpoint="exams.list_excuses",
            permission=Permission.EXAMS_EXCUSE_READ,
            position=30,
            endpoints=pages_of(excuse_flow.FLOW)
            | {
                "exams.show_excuse",
                "exams.show_excuse_scan",
                "exams.new_excuse",
                "exams.show_roll",
            },
        ),
        NavigationEntry(
            section=Section.EXAMS,
            label="考场",
            endpoint="exams.list_running",
            permission=Permission.EXAMS_SITTING_WATCH,
            position=25,
            endpoints=frozenset(
                {
                    "exams.show_live",
                    "exams.show_live_sitting",
                    "exams.control_exam",
                    "exams.control_sitting",
                }
            ),
        ),
        NavigationEntry(
            section=Section.EXAMS,
            label="题目纠错",
            endpoint="exams.list_corrections",
            permission=Permission.EXAMS_RESULT_READ,
            position=40,
            endpoints=pages_of(correction_flow.FLOW)
            | {
                "exams.show_correction",
                "exams.show_correction_scan",
                "exams.check_correction",
            },
        ),
        NavigationEntry(
            section=Section.EXAMS,
            label="叫回窗口",
            endpoint="exams.list_call_backs",
            permission=Permission.EXAMS_CALLBACK_CONFIRM,
            position=50,
            endpoints=pages_of(call_back_flow.FLOW) | {"exams.show_call_back"},
        ),
    ),
    cli=cli.commands,
    jobs={
        blueprints.DRAW_JOB: blueprints.draw,
        GRADE_JOB: grading.grade,
        packages.PACKAGE_JOB: packages.make_package,
    },
    periodic=(
        Periodic(name="exams.sweep", every=timedelta(seconds=3), run=grading.sweep),
        Periodic(name="exams.marking", every=timedelta(minutes=1), run=grading.tell_markers),
        Periodic(name="exams.analysis", every=timedelta(minutes=1), run=analysis.catch_up),
        Periodic(name="exams.packages", every=timedelta(hours=6), run=packages.erase_old),
        Periodic(name="exams.call_backs", every=timedelta(minutes=1), run=call_backs.lapse),
    ),
    first_steps=(
        FirstStep(
            title="发布第一场考试",
            hint="经办人起草、选题、送审，业务科室负责人审核后发布；起草和审核不能是同一个人。",
            actor="经办人和业务科室负责人",
            action="去一月一考",
            endpoint="exams.list_papers",
            permission=Permission.EXAMS_PAPER_READ,
            position=60,
            read=read_first_step,
        ),
    ),
    flows=(FLOW, excuse_flow.FLOW, call_back_flow.FLOW, correction_flow.FLOW),
    triggers=TRIGGERS,
    settings=SETTINGS,
    demo=fill_demonstration,
    tour=tour.STOPS,
    card=show_card,
    hidden_questions=papers.hidden_questions,
    question_uses=uses.list_uses,
    personal_data=own_data.tables_of,
    forget_person=forgetting.forget_person,
    papers=printing.KINDS,
    indicators=INDICATORS,
    evidence_rules=evidence.RULES,
    evidence=evidence.read,
)
