"""The list of the bank, and what is done with many of its questions at once."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.kernel import db, htmx, listing
from app.kernel.declared import require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal, signed_in
from app.questions import service, tagging
from app.questions.bank_list import QuestionRow, make_export, make_list
from app.questions.forms import BETWEEN_TAGS
from app.questions.models import Question
from app.questions.views.base import blueprint, read_chosen

READ, EDIT = Permission.QUESTIONS_BANK_READ, Permission.QUESTIONS_QUESTION_EDIT
MOST_TICKED = 200
TOO_MANY = f"一次最多勾选{MOST_TICKED}道题。"
FULL = "{count}道题已有{most}个知识点，没有加上：第{numbers}题。"


@blueprint.get("")
@require(READ)
def list_questions() -> ResponseReturnValue:
    """List the questions that I may see with their keys."""
    user = signed_in()
    may_edit = user.can(EDIT)
    new_url = url_for("questions.new_question")
    bank = make_list(is_chosen_from=may_edit)
    view = listing.show(
        bank,
        service.select_questions_for(user),
        request.args,
        url=url_for("questions.list_questions"),
        export_url=url_for("questions.export_questions"),
        empty_action=("录入第一道题", new_url) if may_edit else None,
    )
    state = listing.read_state(bank, request.args)
    context = {
        "listing": view,
        "may_edit": may_edit,
        "tag_url": state.url(url_for("questions.tag_questions")),
        "export_action": state.url(url_for("questions.order_export"), sort=""),
    }
    if htmx.is_fragment_request():
        return render_template("questions/_questions.html", **context)
    return render_template("questions/list_questions.html", **context)


@blueprint.get("/export")
@require(READ)
def export_questions() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        make_export(),
        service.select_questions_for(user),
        what="question",
        name="题库.xlsx",
        user=user,
    )


@blueprint.post("/tags")
@require(EDIT)
def tag_questions() -> ResponseReturnValue:
    """Put tags on the ticked questions or take them off; or on all that the address finds."""
    user, bank = signed_in(), make_list()
    back = listing.read_state(bank, request.args).url(url_for("questions.list_questions"))
    is_added = request.form.get("act") != "drop"
    try:
        ids = read_whole(bank, user) if request.form.get("whole") else read_ticked()
        tags = BETWEEN_TAGS.split(request.form.get("tags", ""))
        with db.write():
            done = tagging.tag_questions(question_ids=ids, tags=tags, is_added=is_added, user=user)
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(back, 303)
    say(done, is_added=is_added)
    return redirect(back, 303)


def read_ticked() -> list[int]:
    """Give the ticked questions; raises RefusedError for more than a page of them can hold."""
    found = read_chosen()
    if len(found) > MOST_TICKED:
        raise RefusedError(questions=TOO_MANY)
    return found


def read_whole(bank: listing.Listing[QuestionRow], user: Principal) -> list[int]:
    """Give all questions that the address finds, one more than may be changed at once."""
    narrowed = listing.narrow(
        bank, service.select_questions_for(user), listing.read_state(bank, request.args)
    )
    found = narrowed.with_only_columns(Question.id).limit(tagging.MOST + 1)
    return list(db.session.scalars(found))


def say(done: tagging.Tagged, *, is_added: bool) -> None:
    """Say what was done, and what was left out and why."""
    word = "加上" if is_added else "去掉"
    had = "原来就有" if is_added else "原来没有"
    rest = f"，{done.unchanged}道{had}，没有改" if done.unchanged else ""
    flash(f"已给{done.changed}道题{word}知识点{rest}。", "success")
    if done.full:
        numbers = "、".join(map(str, done.full))
        text = FULL.format(count=len(done.full), most=service.MOST_TAGS, numbers=numbers)
        flash(text, "warning")
