"""满意度调查: asked of those who took part, anonymous by construction."""

from datetime import timedelta

from app.kernel.feature import Feature, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission
from app.surveys import demo, own_data, service, tour, views
from app.surveys.card import show_card
from app.surveys.cli import commands
from app.surveys.indicators import INDICATORS
from app.surveys.models import TRIGGERS
from app.surveys.papers import REPORT
from app.surveys.settings import SETTINGS
from app.surveys.workflow import FLOW

FEATURE = Feature(
    name="surveys",
    blueprint=views.blueprint,
    cli=commands,
    navigation=(
        NavigationEntry(
            section=Section.EXAMS,
            label="满意度调查",
            endpoint="surveys.list_surveys",
            permission=Permission.SURVEYS_RESULT_READ,
            position=72,
            endpoints=frozenset({"surveys.show_survey", "surveys.release_comments"}),
        ),
        NavigationEntry(
            section=Section.EXAMS,
            label="满意度问卷",
            endpoint="surveys.list_questionnaires",
            permission=Permission.SURVEYS_QUESTIONNAIRE_READ,
            position=73,
            endpoints=frozenset(
                {
                    "surveys.show_questionnaire",
                    "surveys.edit_questionnaire",
                    "surveys.new_question",
                    "surveys.edit_question",
                    "surveys.import_questions",
                    "surveys.submit_questionnaire",
                    "surveys.drop_questionnaire",
                    "surveys.approve_questionnaire",
                    "surveys.sign_approve_questionnaire",
                    "surveys.send_back_questionnaire",
                }
            ),
        ),
    ),
    periodic=(Periodic(name="surveys.close", every=timedelta(minutes=1), run=service.close_due),),
    triggers=TRIGGERS,
    settings=SETTINGS,
    demo=demo.fill,
    tour=tour.STOPS,
    card=show_card,
    flows=(FLOW,),
    papers=(REPORT,),
    personal_data=own_data.tables_of,
    indicators=INDICATORS,
)
