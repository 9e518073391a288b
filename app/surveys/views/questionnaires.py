"""Pages of the questionnaire: its versions, one version with its path, its questions."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.files.uploads import Upload, take_upload
from app.kernel import db, htmx, listing, spreadsheets
from app.kernel.acts import save
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import (
    BaseForm,
    RefusedError,
    StaleEditError,
    VersionedForm,
    ask_first,
    text_in,
)
from app.kernel.permissions import Permission, signed_in
from app.kernel.sheets_in import UnreadableFileError
from app.surveys import lists, questionnaires, questions
from app.surveys.forms import ImportForm, QuestionForm, QuestionnaireForm
from app.surveys.linting import hints_of
from app.surveys.models import Questionnaire
from app.surveys.parsing import Parsed, parse, template_file
from app.surveys.questionnaires import Change
from app.surveys.questions import KIND_LABELS, Question
from app.surveys.views import blueprint
from app.surveys.workflow import FLOW
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

READ = Permission.SURVEYS_QUESTIONNAIRE_READ
DRAFT = Permission.SURVEYS_QUESTIONNAIRE_DRAFT
REFUSED, STALE = 422, 409
MAX_FILE = 1 << 20
MOST_SHOWN = 10
STALE_TEXT = "这份问卷在别的页面改过，这里的修改还没有保存。请返回看过最新的内容再改。"


@blueprint.get("/questionnaires")
@require(READ)
def list_questionnaires() -> ResponseReturnValue:
    """List all versions."""
    view = listing.show(
        lists.QUESTIONNAIRES,
        questionnaires.select_all(),
        request.args,
        url=url_for(".list_questionnaires"),
        export_url=url_for(".export_questionnaires"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "surveys/list_questionnaires.html", listing=view, may_draft=signed_in().can(DRAFT)
    )


@blueprint.get("/questionnaires/export")
@require(READ)
def export_questionnaires() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    return answer_export(
        lists.QUESTIONNAIRES,
        questionnaires.select_all(),
        what="questionnaires",
        name="满意度问卷.xlsx",
        user=signed_in(),
    )


@blueprint.post("/questionnaires/draft")
@require(DRAFT)
def draft_questionnaire() -> ResponseReturnValue:
    """Begin a new version from the one in use."""
    with db.write():
        record_id = questionnaires.draft(user=signed_in()).id
    flash("已起草新一版，改好后送审。", "success")
    return redirect(url_for(".show_questionnaire", record_id=record_id), 303)


@blueprint.get("/questionnaires/<int:record_id>")
@require(READ)
def show_questionnaire(record_id: int) -> ResponseReturnValue:
    """Show a version: what it asks, what could be better, its path."""
    record, user = load(record_id), signed_in()
    asked = questions.load(record.questions)
    return render_template(
        "surveys/show_questionnaire.html",
        record=record,
        questions=[
            (each, KIND_LABELS[each.kind], questions.condition_text(each, asked), hints_of(each))
            for each in asked
        ],
        problems=questions.problems_of(asked),
        may_edit=questionnaires.may_edit(record, user) and user.can(DRAFT),
        panel=panel_of(FLOW, record, user),
    )


def load(record_id: int) -> Questionnaire:
    """Load a version that I may see, or answer 404."""
    record = questionnaires.get_for(signed_in(), record_id)
    if record is None:
        abort(404)
    return record


def load_mine(record_id: int) -> Questionnaire:
    """Load a draft of mine, or answer 404."""
    record = load(record_id)
    if not questionnaires.may_edit(record, signed_in()):
        abort(404)
    return record


@blueprint.route("/questionnaires/<int:record_id>/edit", methods=["GET", "POST"])
@require(DRAFT)
def edit_questionnaire(record_id: int) -> ResponseReturnValue:
    """Change what a draft is called and how results are told."""
    record = load_mine(record_id)
    page = "surveys/edit_questionnaire.html"
    if request.method != "POST":
        return draw(page, QuestionnaireForm(obj=record), record)
    form = QuestionnaireForm()

    def act() -> int:
        return questionnaires.edit(
            record_id=record_id,
            seen_version=form.version.data,
            user=signed_in(),
            title=text_in(form.title),
            is_by_department=bool(form.is_by_department.data),
        ).id

    try:
        is_saved = save(form, act)
    except StaleEditError:
        form.add_errors({"": STALE_TEXT})
        return draw(page, form, record, status=STALE)
    if not is_saved:
        return draw(page, form, record, status=REFUSED)
    return back_to(record_id)


def back_to(record_id: int) -> ResponseReturnValue:
    """Go back to the version, which shows what was saved."""
    flash("已保存。", "success")
    return redirect(url_for(".show_questionnaire", record_id=record_id), 303)


def draw(
    name: str,
    form: BaseForm,
    record: Questionnaire,
    *,
    status: int = 200,
    question: Question | None = None,
) -> ResponseReturnValue:
    """Draw a form about a version."""
    return render_template(name, form=form, record=record, question=question), status


@blueprint.route("/questionnaires/<int:record_id>/questions/new", methods=["GET", "POST"])
@require(DRAFT)
def new_question(record_id: int) -> ResponseReturnValue:
    """Add a question to a draft."""
    return answer_question(load_mine(record_id), None)


@blueprint.route(
    "/questionnaires/<int:record_id>/questions/<string:code>/edit", methods=["GET", "POST"]
)
@require(DRAFT)
def edit_question(record_id: int, code: str) -> ResponseReturnValue:
    """Change a question of a draft, or its place."""
    record = load_mine(record_id)
    return answer_question(record, find(record, code))


def find(record: Questionnaire, code: str) -> Question:
    """Find a question of a version, or answer 404."""
    found = [each for each in questions.load(record.questions) if each.code == code]
    if not found:
        abort(404)
    return found[0]


def answer_question(record: Questionnaire, question: Question | None) -> ResponseReturnValue:
    """Show the form of a question, or save it."""
    asked = questions.load(record.questions)
    others = [each for each in asked if question is None or each.code != question.code]
    form = QuestionForm(version=record.version)
    form.prepare(others)
    page = "surveys/edit_question.html"
    if request.method != "POST":
        if question is None:
            form.place.data = len(asked) + 1
        else:
            form.show(question, asked.index(question) + 1, others)
        return draw(page, form, record, question=question)
    try:
        is_saved = form.validate() and put(record, question, form, others)
    except StaleEditError:
        form.add_errors({"": STALE_TEXT})
        return draw(page, form, record, question=question, status=STALE)
    if not is_saved:
        return draw(page, form, record, question=question, status=REFUSED)
    return back_to(record.id)


def put(
    record: Questionnaire, question: Question | None, form: QuestionForm, others: list[Question]
) -> bool:
    """Save a question; False with the reasons on the form."""
    try:
        typed = form.read_question(question.code if question else "", others)
        change_draft(record.id, form, questionnaires.put_question(typed, form.place.data or 1))
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return False
    return True


@blueprint.route("/questionnaires/<int:record_id>/questions/import", methods=["GET", "POST"])
@require(DRAFT)
@takes_bytes(MAX_FILE)
def import_questions(record_id: int) -> ResponseReturnValue:
    """Take the questions of an Excel file into a draft: all of them, or none and what is wrong."""
    record, page = load_mine(record_id), "surveys/import_questions.html"
    form = ImportForm(version=record.version)
    if request.method != "POST":
        return draw(page, form, record)
    upload = take_upload(form, max_bytes=MAX_FILE)
    try:
        if upload is None or not take_file(record_id, form, upload):
            return draw(page, form, record, status=REFUSED)
    except StaleEditError:
        form.add_errors({"": STALE_TEXT})
        return draw(page, form, record, status=STALE)
    return back_to(record_id)


def take_file(record_id: int, form: ImportForm, upload: Upload) -> bool:
    """Read a file and take it in; False with the reasons on the form."""
    try:
        parsed = parse(upload.content)
        refuse_wrong(parsed)
        change = questionnaires.take_in(parsed.questions, is_instead=form.mode.data == "replace")
        change_draft(record_id, form, change)
    except UnreadableFileError as unreadable:
        form.add_errors({"file": str(unreadable)})
        return False
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return False
    for each in parsed.problems:
        flash(f"{each.where}：{each.message}", "info")
    return True


def refuse_wrong(parsed: Parsed) -> None:
    """Refuse a file that can't be taken as it is, cell by cell; raises RefusedError."""
    wrong = [f"{each.where}：{each.message}" for each in parsed.problems if each.is_error]
    if wrong:
        raise RefusedError(file="；".join(wrong[:MOST_SHOWN]))


@blueprint.get("/questionnaires/template")
@require(DRAFT)
def export_question_template() -> ResponseReturnValue:
    """Give the empty file for questions."""
    return spreadsheets.answer_with(template_file(), "满意度问卷题目模板.xlsx")


def change_draft(record_id: int, form: VersionedForm | ImportForm, change: Change) -> None:
    """Change the questions of a draft in one write."""
    with db.write():
        questionnaires.edit(
            record_id=record_id,
            seen_version=form.version.data,
            user=signed_in(),
            change=change,
        )


@blueprint.post("/questionnaires/<int:record_id>/questions/<string:code>/drop")
@require(DRAFT)
def drop_question(record_id: int, code: str) -> ResponseReturnValue:
    """Take a question out of a draft."""
    record = load_mine(record_id)
    question, back = find(record, code), url_for(".show_questionnaire", record_id=record_id)
    asked = ask_first(
        title="删去一题",
        question=f"删去“{question.text}”？要用时重新添加。",
        label="删去",
        back_url=back,
    )
    if asked is not None:
        return asked
    try:
        change_draft(record_id, VersionedForm(), questionnaires.take_out(code))
    except (RefusedError, StaleEditError) as refused:
        flash(str(refused) or STALE_TEXT, "error")
    else:
        flash("已删去。", "success")
    return redirect(back, 303)


register_moves(blueprint, FLOW, rule="/questionnaires/<int:record_id>", load=load)
