"""One question: its page, typing it in, changing it, retiring it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.service import names_of
from app.files import service as files
from app.files.models import StoredFile
from app.kernel import db
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import StaleEditError, text_in
from app.kernel.permissions import Permission, signed_in
from app.questions import neighbours, service, tagging
from app.questions.faces import faces_of
from app.questions.forms import GroupForm, QuestionForm
from app.questions.key_reading import record_keys_read
from app.questions.key_text import write_key
from app.questions.models import (
    QuestionPicture,
    QuestionState,
    QuestionVersion,
)
from app.questions.question_flow import FLOW
from app.questions.reviews import service as reviews
from app.questions.reviews.models import REVIEW_LINE_LABELS
from app.questions.views.base import blueprint, load, load_question
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of, path_of

# What is said after saving: by whether there is a new version, and whether the tags changed.
NEW = "已保存为新版本，送审通过后可以选入试卷。已发布的试卷不受影响。"
SAVED = {
    (True, True): NEW,
    (True, False): NEW,
    (False, True): "知识点已保存；题目没有改动，不用重新审核。",
    (False, False): "没有改动，题目照旧。",
}
READ, EDIT = Permission.QUESTIONS_BANK_READ, Permission.QUESTIONS_QUESTION_EDIT


@blueprint.get("/<int:record_id>")
@require(READ)
def show_question(record_id: int) -> ResponseReturnValue:
    """Show a question with its key, its versions and its path."""
    question, version = load(record_id)
    user = signed_in()
    record_keys_read(user, [record_id])
    uses = neighbours.list_uses(record_id, user)
    return render_template(
        "questions/show_question.html",
        question=question,
        version=version,
        versions=service.list_versions(record_id),
        face=faces_of([version])[0],
        reviews=reviews_of(record_id),
        uses=uses,
        pooled=neighbours.pool(uses),
        siblings=[
            each for each in neighbours.list_of_group(version.group_id, user) if each != record_id
        ],
        is_reviewed=question.state in {QuestionState.REVIEWED, QuestionState.IN_USE},
        panel=panel_of(FLOW, question, user),
        path=path_of(FLOW, question),
        may_edit=user.can(EDIT),
    )


def reviews_of(record_id: int) -> list[tuple[int, str, str, str]]:
    """Give the sheets on which a question stood: id, number, what became of it, who decided."""
    rows = reviews.list_reviews_of(record_id)
    seen = reviews.seen_among([review.id for _, review in rows], signed_in())
    names = names_of({line.decided_by_id for line, _ in rows if line.decided_by_id})
    return [
        (
            review.id if review.id in seen else 0,
            review.number,
            f"{REVIEW_LINE_LABELS[line.state]}{'：' if line.note else ''}{line.note}",
            names.get(line.decided_by_id or 0, ""),
        )
        for line, review in rows
    ]


@blueprint.get("/<int:record_id>/pictures/<int:file_id>")
@require(READ)
def show_picture(record_id: int, file_id: int) -> ResponseReturnValue:
    """Give a picture of a question, in whichever of its versions."""
    load(record_id)
    file = db.session.scalar(
        select(StoredFile)
        .join(QuestionPicture, QuestionPicture.file_id == StoredFile.id)
        .join(QuestionVersion, QuestionVersion.id == QuestionPicture.version_id)
        .where(QuestionVersion.question_id == record_id, StoredFile.id == file_id)
    )
    return files.answer_if_there(file, is_inline=True)


@blueprint.route("/new", methods=["GET", "POST"])
@require(EDIT)
def new_question() -> ResponseReturnValue:
    """Type in a question."""
    form = QuestionForm()
    form.prepare_articles()
    if request.method != "POST":
        return show_form(form)
    user = signed_in()

    def create() -> int:
        return service.create_question(
            content=form.content(), user=user, place=service.Place(tags=form.read_tags())
        )

    question_id = save(form, create)
    if question_id is None:
        return show_form(form, status=422)
    flash(f"已保存为第{question_id}题，送审通过后可以选入试卷。", "success")
    if "again" in request.form:
        return redirect(url_for("questions.new_question"), 303)
    return redirect(url_for("questions.show_question", record_id=question_id), 303)


@blueprint.route("/<int:record_id>/edit", methods=["GET", "POST"])
@require(EDIT)
def edit_question(record_id: int) -> ResponseReturnValue:
    """Change a question: a new version, the old one stays."""
    question, version = load(record_id)
    record_keys_read(signed_in(), [record_id])
    form = QuestionForm()
    form.prepare_articles(version.article_id)
    if request.method != "POST":
        tags = service.tags_of([record_id])[record_id]
        form.fill(version, seen=question.version, tags=tags)
        return show_form(form, question_id=record_id)
    user, pictures = signed_in(), service.pictures_of(version)

    def revise() -> tuple[bool, bool]:
        is_new = service.revise_question(
            question_id=record_id,
            seen_version=form.version.data,
            content=form.content(group_id=version.group_id, pictures=pictures),
            user=user,
        )
        return is_new, tagging.retag(question_id=record_id, tags=form.read_tags(), user=user)

    try:
        done = save(form, revise)
    except StaleEditError:
        form.add_errors({"": service.STALE})
        form.version.data = question.version
        return show_form(form, question_id=record_id, stored=version, status=409)
    if done is None:
        return show_form(form, question_id=record_id, status=422)
    flash(SAVED[done], "success")
    return redirect(url_for("questions.show_question", record_id=record_id), 303)


@blueprint.get("/<int:record_id>/alike")
@require(READ)
def alike_fragment(record_id: int) -> ResponseReturnValue:
    """Look for questions that are nearly the same; slower than the page, so it comes after it."""
    _, version = load(record_id)
    found = neighbours.find_alike(version, signed_in())
    return render_template("questions/_alike.html", found=found, record_id=record_id)


@blueprint.route("/groups/<int:group_id>/edit", methods=["GET", "POST"])
@require(EDIT)
def edit_group(group_id: int) -> ResponseReturnValue:
    """Change a stem that questions share: each of them gets a new version."""
    user, group = signed_in(), service.get_group(group_id)
    questions = neighbours.list_of_group(group_id, user)
    if group is None or not questions:
        abort(404)
    form = GroupForm(stem=group.stem)
    context = {"form": form, "group_id": group_id, "questions": questions}
    if request.method != "POST":
        return render_template("questions/edit_group.html", **context)

    def revise() -> int:
        stem = text_in(form.stem)
        return neighbours.revise_group(group_id=group_id, stem=stem, user=user)

    if save(form, revise) is None:
        return render_template("questions/edit_group.html", **context), 422
    flash(f"共用题干已修改，{len(questions)}道题各有新版本，要重新送审。", "success")
    return redirect(url_for("questions.show_question", record_id=questions[0]), 303)


def show_form(
    form: QuestionForm,
    *,
    question_id: int | None = None,
    stored: QuestionVersion | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the form; for a stale edit together with what is stored now."""
    page = render_template(
        "questions/edit_question.html",
        form=form,
        question_id=question_id,
        stored=stored,
        stored_key=write_key(stored.kind, stored.key) if stored else "",
    )
    return page, status


register_moves(blueprint, FLOW, rule="/<int:record_id>", load=load_question)
