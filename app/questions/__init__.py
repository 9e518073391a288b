"""题库: questions, typed in by form, with a version for every change."""

from app.kernel.feature import Feature, FirstStep, NavigationEntry, Section
from app.kernel.permissions import Permission
from app.questions import cli, service, views
from app.questions.demo import fill as fill_demonstration
from app.questions.models import TRIGGERS

FEATURE = Feature(
    name="questions",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            section=Section.EXAMS,
            label="题库",
            endpoint="questions.list_questions",
            permission=Permission.QUESTIONS_BANK_READ,
            position=30,
            endpoints=frozenset(
                {"questions.show_question", "questions.new_question", "questions.edit_question"}
            ),
        ),
    ),
    first_steps=(
        FirstStep(
            title="录入题目",
            hint="先录够一份试卷的题，每题写明依据。",
            actor="经办人",
            action="去录题",
            endpoint="questions.new_question",
            permission=Permission.QUESTIONS_QUESTION_EDIT,
            position=50,
            read=service.read_first_step,
        ),
    ),
    cli=cli.commands,
    triggers=TRIGGERS,
    demo=fill_demonstration,
)
