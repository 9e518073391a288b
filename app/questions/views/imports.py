"""Files of questions: uploading one, the list of them, and the page on which one is looked at."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.audit.service import record_export
from app.files import service as files
from app.files.uploads import Upload, check_marks, is_chosen, read_file, take_upload
from app.jobs import service as jobs
from app.kernel import db, htmx, listing, spreadsheets
from app.kernel.acts import attempt
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in
from app.questions.faces import audience_text
from app.questions.imports import lists, service, takeover
from app.questions.imports.cards import ItemCard, card_of
from app.questions.imports.forms import QuestionUploadForm
from app.questions.imports.models import (
    IMPORT_ITEM_LABELS,
    QUESTION_IMPORT_STATE_LABELS,
    ImportItemState,
    QuestionImport,
    QuestionImportItem,
    QuestionImportState,
)
from app.questions.imports.template import template_file
from app.questions.key_reading import record_keys_read
from app.questions.models import QuestionState
from app.questions.service import list_banks
from app.questions.views.base import blueprint

EDIT = Permission.QUESTIONS_QUESTION_EDIT
MAX_BYTES = 20 << 20
# Two files and the fields beside them.
MAX_BODY = 2 * MAX_BYTES + (1 << 20)


@blueprint.get("/imports")
@require(EDIT)
def list_imports() -> ResponseReturnValue:
    """List the files that came."""
    view = listing.show(
        lists.IMPORTS,
        service.select_imports(),
        request.args,
        url=url_for("questions.list_imports"),
        export_url=url_for("questions.export_imports"),
        empty_action=("上传第一个文件", url_for("questions.new_import")),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("questions/imports/list_imports.html", listing=view)


@blueprint.get("/imports/export")
@require(EDIT)
def export_imports() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    return answer_export(
        lists.IMPORTS,
        service.select_imports(),
        what="question_import",
        name="题库导入记录.xlsx",
        user=signed_in(),
    )


@blueprint.get("/imports/template")
@require(EDIT)
def export_template() -> ResponseReturnValue:
    """Give the file to fill in."""
    return spreadsheets.answer_with(template_file(), "题目模板.xlsx")


@blueprint.route("/imports/new", methods=["GET", "POST"])
@require(EDIT)
@takes_bytes(MAX_BODY)
def new_import() -> ResponseReturnValue:
    """Upload a file of questions; a job reads it."""
    form, user = QuestionUploadForm(), signed_in()
    if request.method != "POST":
        return show_upload(form)
    upload, answers = take_upload(form, max_bytes=MAX_BYTES), take_answers(form)
    if upload is None or form.answers.errors:
        return show_upload(form, status=422)
    file = service.store_upload(upload)
    second = service.store_upload(answers) if answers else None

    def order() -> str:
        return service.upload_questions(
            file=file, answers=second, bank=form.read_bank(), audience=form.audience(), user=user
        )

    job_id = attempt(form, order)
    if job_id is None:
        return show_upload(form, status=422)
    return redirect(url_for("jobs.show_job", public_id=job_id), 303)


def take_answers(form: QuestionUploadForm) -> Upload | None:
    """Give the second file where one was chosen; what is wrong with it stands on the form."""
    if not is_chosen("answers"):
        return None
    try:
        upload = read_file(MAX_BYTES, "answers")
        check_marks(upload)
    except RefusedError as refused:
        form.add_errors({"answers": str(refused)})
        return None
    return upload


def show_upload(form: QuestionUploadForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the form of an upload, with the banks that there are."""
    page = render_template("questions/imports/new_import.html", form=form, banks=list_banks())
    return page, status


def load_import(public_id: str) -> QuestionImport:
    """Give an import, or answer 404."""
    imported = service.get_import(public_id)
    if imported is None:
        abort(404)
    return imported


@blueprint.get("/imports/<string:public_id>")
@require(EDIT)
def show_import(public_id: str) -> ResponseReturnValue:
    """Show a file: what was read of it, beside its source, and what is doubtful."""
    imported, user = load_import(public_id), signed_in()
    statement = service.select_items_for(user, imported)
    view = listing.show(
        lists.ITEMS,
        statement,
        request.args,
        url=url_for("questions.show_import", public_id=public_id),
    )
    cards = cards_on(view, statement)
    record_keys_read(user, [each.question_id for each in cards if each.question_id])
    context = {
        "imported": imported,
        "listing": view,
        "cards": cards,
        "kept": kept_state(),
    }
    if htmx.is_fragment_request():
        return render_template("questions/imports/_items.html", **context)
    counts = service.counts_of(imported)
    is_hidden = service.holds_hidden(user, imported)
    return render_template(
        "questions/imports/show_import.html",
        **context,
        state=QUESTION_IMPORT_STATE_LABELS[imported.state],
        audience=audience_text(imported.category, imported.post_group),
        counts=counts,
        summary_text=summary_of(imported, counts),
        sure=counts[ImportItemState.SURE],
        file=None if is_hidden else service.get_file_for(user, imported, "questions"),
        answers=None if is_hidden else service.get_file_for(user, imported, "answers"),
        is_hidden=is_hidden,
        job_url=job_url(imported),
        bank_url=url_for(
            "questions.list_questions", bank=imported.bank, state=QuestionState.DRAFT.value
        ),
        is_settled=is_settled(imported, counts),
    )


def cards_on(view: listing.ListView, statement: listing.Statement) -> list[ItemCard]:
    """Give the cards of the page that the list shows."""
    state = listing.read_state(lists.ITEMS, request.args)
    narrowed = listing.ordered(lists.ITEMS, listing.narrow(lists.ITEMS, statement, state), state)
    start = (view.page - 1) * lists.PER_PAGE
    items: list[QuestionImportItem] = list(
        db.session.scalars(narrowed.limit(lists.PER_PAGE).offset(start))
    )
    pictures = service.pictures_on(items)
    return [card_of(each, pictures[each.place]) for each in items]


def kept_state() -> dict[str, Any]:
    """Give the parts of the address that say which questions are shown."""
    return {name: request.args[name] for name in ("q", "state", "page") if request.args.get(name)}


def summary_of(imported: QuestionImport, counts: Mapping[ImportItemState, int]) -> str:
    """Say in a sentence what became of a file."""
    if imported.state is not QuestionImportState.READ:
        return ""
    total = sum(counts.values())
    parts = [f"{counts[each]}题{label}" for each, label in IMPORT_ITEM_LABELS.items()]
    return f"共{total}题：{'，'.join(parts)}。" if total else "没有读到题目。"


def is_settled(imported: QuestionImport, counts: Mapping[ImportItemState, int]) -> bool:
    """Tell whether all is decided and something was taken."""
    waiting = sum(counts[each] for each in service.OPEN)
    is_read = imported.state is QuestionImportState.READ
    return is_read and not waiting and counts[ImportItemState.TAKEN] > 0


def job_url(imported: QuestionImport) -> str:
    """Give the page of the job that works on a file, if it is this person's."""
    for kind in (service.READ_JOB, takeover.TAKE_JOB):
        job = jobs.get_open_job(f"{kind}:{imported.id}")
        if job is not None and job.ordered_by_id == signed_in().person_id:
            return url_for("jobs.show_job", public_id=job.public_id)
    return ""


@blueprint.get("/imports/<string:public_id>/file")
@require(EDIT)
def export_original(public_id: str) -> ResponseReturnValue:
    """Give the file as it came; with `which=answers` the one that holds the key."""
    imported, user = load_import(public_id), signed_in()
    file = service.get_file_for(user, imported, request.args.get("which", ""))
    if file is None:
        abort(404)
    record_export(person_id=user.person_id, what="question_import", state=f"file={public_id}")
    record_keys_read(user, service.list_taken(imported.id))
    return files.answer_if_there(file, is_inline=False)


@blueprint.post("/imports/<string:public_id>/take")
@require(EDIT)
def take_import(public_id: str) -> ResponseReturnValue:
    """Order that everything without doubts be taken."""
    imported, user = load_import(public_id), signed_in()
    try:
        with db.write():
            job_id = takeover.order_take(import_id=imported.id, user=user)
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(url_for("questions.show_import", public_id=public_id), 303)
    return redirect(url_for("jobs.show_job", public_id=job_id), 303)
