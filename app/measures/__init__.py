"""任务分解表: both plans with indicators, targets, readings and lights (效能三、四; 清廉三、四)."""

from datetime import timedelta

from app.kernel.feature import Feature, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission
from app.measures import demo, tour, views
from app.measures.card import show_card
from app.measures.change_papers import CHANGES
from app.measures.cli import commands
from app.measures.facts import PROGRESS, read_evidence
from app.measures.models import TRIGGERS
from app.measures.papers import BOARD
from app.measures.readings import write_month
from app.measures.settings import SETTINGS
from app.measures.workflow import FLOW
from app.workflow.panels import endpoint_of

FEATURE = Feature(
    name="measures",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.ASSESSMENT,
            label="任务分解",
            endpoint="measures.list_tasks",
            permission=Permission.MEASURES_TASK_READ,
            position=94,
            endpoints=frozenset(
                {
                    "measures.replay_tasks",
                    "measures.show_changes",
                    "measures.show_task",
                    "measures.assign_task",
                    "measures.extend_task",
                    "measures.new_note",
                    "measures.new_reading",
                    "measures.correct_reading",
                    "measures.edit_indicator",
                    "measures.list_plans",
                    "measures.show_plan",
                    "measures.copy_plan",
                    "measures.new_import",
                    "measures.show_import",
                    *(endpoint_of(FLOW, each) for each in FLOW.moves if not each.endpoint),
                    *(
                        endpoint_of(FLOW, each, is_signed=True)
                        for each in FLOW.moves
                        if each.is_signable
                    ),
                }
            ),
        ),
    ),
    cli=commands,
    periodic=(Periodic(name="measures.write-month", every=timedelta(hours=6), run=write_month),),
    triggers=TRIGGERS,
    settings=SETTINGS,
    demo=demo.fill,
    tour=tour.STOPS,
    card=show_card,
    flows=(FLOW,),
    papers=(BOARD, CHANGES),
    evidence_rules=(PROGRESS,),
    evidence=read_evidence,
)
