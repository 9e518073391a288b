"""题库: questions with a version for every change, read from files, reviewed by a second person."""

from datetime import timedelta

from app.kernel.feature import Feature, FirstStep, NavigationEntry, Periodic, Section
from app.kernel.permissions import Permission
from app.questions import cli, question_flow, service, views
from app.questions.demo import fill as fill_demonstration
from app.questions.imports import exporting, reading, takeover
from app.questions.imports import service as imports
from app.questions.models import TRIGGERS
from app.questions.reviews import papers as review_papers
from app.questions.reviews import workflow as review_flow
from app.questions.settings import SETTINGS
from app.workflow.panels import pages_of

IMPORT_PAGES = frozenset(
    f"questions.{name}" for name in ("list_imports", "new_import", "show_import", "edit_item")
)

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
            endpoints=pages_of(question_flow.FLOW)
            | {
                "questions.show_question",
                "questions.new_question",
                "questions.edit_question",
                "questions.edit_group",
                "questions.show_coverage",
            }
            | IMPORT_PAGES,
        ),
        NavigationEntry(
            section=Section.EXAMS,
            label="题目审核",
            endpoint="questions.list_reviews",
            permission=Permission.QUESTIONS_BANK_READ,
            position=31,
            endpoints=pages_of(review_flow.FLOW) | {"questions.show_review"},
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
        FirstStep(
            title="审核题目",
            hint="在题库里勾选题目送审，由另一个人审核；只有一个人的，打印送审单签批后代录。",
            actor="经办人送审，业务科室负责人审核",
            action="去题目审核",
            endpoint="questions.list_reviews",
            permission=Permission.QUESTIONS_BANK_READ,
            position=55,
            read=service.read_review_step,
        ),
    ),
    cli=cli.commands,
    jobs={
        imports.READ_JOB: reading.read_import,
        takeover.TAKE_JOB: takeover.take_sure,
        exporting.EXPORT_JOB: exporting.make_export,
    },
    periodic=(
        Periodic(name="questions.erase_exports", every=timedelta(hours=1), run=exporting.erase_old),
    ),
    triggers=TRIGGERS,
    settings=SETTINGS,
    flows=(question_flow.FLOW, review_flow.FLOW),
    papers=(review_papers.REVIEW_PAPER,),
    demo=fill_demonstration,
)
