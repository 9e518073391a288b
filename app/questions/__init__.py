"""题库: questions, typed in by form, with a version for every change."""

from app.kernel.feature import Feature, NavigationEntry
from app.kernel.permissions import Permission
from app.questions import views
from app.questions.demo import fill as fill_demonstration
from app.questions.models import TRIGGERS

FEATURE = Feature(
    name="questions",
    blueprint=views.blueprint,
    navigation=(
        NavigationEntry(
            label="题库",
            endpoint="questions.list_questions",
            permission=Permission.QUESTIONS_BANK_READ,
            position=30,
            endpoints=frozenset(
                {"questions.show_question", "questions.new_question", "questions.edit_question"}
            ),
        ),
    ),
    triggers=TRIGGERS,
    demo=fill_demonstration,
)
