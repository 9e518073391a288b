"""The world in which every text that a person types holds markup and template code."""

import re

from sqlalchemy import update

from app.accounts.models import Department, Hall, Person
from app.accounts.roster.models import Post
from app.kernel import db
from app.workflow import batch_paper
from tests.assessment import world as assessment
from tests.mentoring import world as mentoring
from tests.site import (
    commitments,
    exams_world,
    inspections_world,
    questions_world,
    regulations_world,
)
from tests.site import world as worlds
from tests.site.world import World
from tests.surveys import world as surveys
from tests.training import world as training

CANARY = "\"'><img src=x onerror=alert(1)>{{7*7}}"
SHORT = "\"'><img src=x>{{7*7}}"
RAW = re.compile(r"<img[^>]*src=x|onerror=alert\(1\)>|src=x( onerror=alert\(1\))?(>|&gt;)49")
ESCAPED = "&lt;img src=x"
# Pages that show texts of others; a canary that is nowhere proves nothing.
SHOWS = {
    "home.show_home", "exams.list_exams", "exams.show_notice", "exams.show_sitting",
    "accounts.list_imports", "accounts.show_import", "exams.hand_in", "exams.show_receipt", "exams.show_result", "exams.list_papers",
    "exams.show_paper", "exams.edit_paper", "exams.choose_questions", "exams.preview_paper",
    "exams.list_results", "exams.show_analysis", "exams.show_person_result", "exams.list_late_answers", "jobs.show_job",
    "questions.list_questions", "questions.show_question", "questions.edit_question",
    "questions.list_imports", "questions.show_import", "questions.edit_item",
    "accounts.list_accounts", "accounts.show_account",
    "workdays.list_days", "workdays.edit_day", "accounts.sign_in", "entrance.show_entrance",
    "audit.list_entries",
    "screens.list_groups", "screens.show_group", "screens.edit_group", "screens.show_package",
    "screens.show_player",
    "commitments.list_sheets", "commitments.show_sheet", "commitments.edit_sheet",
    "commitments.list_plates", "commitments.show_plate", "commitments.list_disclosed",
    "commitments.show_disclosed", "commitments.approve_sheet", "commitments.confirm_plate",
    "regulations.list_rules", "regulations.show_rule", "regulations.show_version",
    "regulations.show_changes", "regulations.show_article", "regulations.show_risk",
    "regulations.list_own_readings",
    "surveys.list_surveys", "surveys.show_survey", "surveys.answer_survey",
    "surveys.release_comments", "surveys.list_questionnaires", "surveys.show_questionnaire",
    "mentoring.list_pairs", "mentoring.list_own_pairs", "mentoring.show_pair",
    "mentoring.list_newcomers", "mentoring.list_candidates", "mentoring.edit_plan",
    "mentoring.show_record", "mentoring.assess_pair", "mentoring.approve_pair",
}  # fmt: skip


def fill_poisoned() -> World:
    """Make a world in which every text ends in the canary, the short one: PostgreSQL measures."""
    world = worlds.fill(SHORT)
    with db.write():
        db.session.execute(update(Person).values(name=Person.id.concat(SHORT)))
        db.session.execute(update(Post).values(name=Post.id.concat(SHORT)))
        db.session.execute(update(Department).values(name=Department.id.concat(SHORT)))
        db.session.execute(update(Hall).values(name=SHORT))
    # What stands on them has changed with the names.
    inspections_world.print_papers()
    regulations_world.print_papers(
        world.objects["version"]["record_id"], world.objects["risks_of_post"]["post_id"]
    )
    questions_world.print_paper(
        questions_world.REVIEW_PAPER, world.objects["review_waiting"]["record_id"]
    )
    exams_world.print_papers(world.objects["released"]["exam_id"])
    surveys.print_again()
    training.print_papers()
    mentoring.print_again(world.objects["pair_graduated"]["public_id"])
    assessment.print_papers(world.objects["cycle_current"]["record_id"])
    # What was printed before says other names.
    commitments.print_all(world.objects["sheet_public"]["record_id"])
    commitments.store(batch_paper.KIND, world.objects["batch"]["batch_id"], commitments.BATCH)
    return world
