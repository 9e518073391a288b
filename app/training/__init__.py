"""三大课堂与窗口学习会: classes from their plan to what they achieved."""

from datetime import timedelta

from app.kernel.feature import Feature, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission
from app.training import demo, facts, figures, own_data, papers, tour, views
from app.training.card import show_card
from app.training.settings import SETTINGS
from app.training.workflow import FLOW
from app.workflow.panels import endpoint_of

PAGES = frozenset(
    {
        "training.show_class",
        "training.new_class",
        "training.edit_class",
        "training.book_seats",
        "training.free_seat",
        "training.edit_sign_ins",
        "training.show_code",
        "training.new_material",
        "training.edit_record",
        "training.show_effect",
        "training.list_plan",
        "training.new_plan_item",
        "training.drop_plan_item",
        "training.list_figures",
        "training.new_figure_import",
        "training.show_figure_import",
        *(endpoint_of(FLOW, each) for each in FLOW.moves),
        *(endpoint_of(FLOW, each, is_signed=True) for each in FLOW.moves if each.is_signable),
    }
)

FEATURE = Feature(
    name="training",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.EXAMS,
            label="我的课堂",
            endpoint="training.list_own_classes",
            permission=Permission.TRAINING_CLASS_VIEW,
            position=70,
            endpoints=frozenset({"training.sign_in_class"}),
        ),
        NavigationEntry(
            section=Section.EXAMS,
            label="培训课堂",
            endpoint="training.list_classes",
            permission=Permission.TRAINING_CLASS_READ,
            position=71,
            endpoints=PAGES,
        ),
    ),
    periodic=(
        Periodic(name="training.erase-figures", every=timedelta(hours=1), run=figures.erase_old),
    ),
    settings=SETTINGS,
    demo=demo.fill,
    tour=tour.STOPS,
    card=show_card,
    flows=(FLOW,),
    papers=papers.KINDS,
    personal_data=own_data.tables_of,
    evidence_rules=facts.RULES,
    evidence=facts.list_evidence,
    indicators=facts.INDICATORS,
)
