"""Sheets of review: the list, one sheet with its questions, sending and striking."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.audit.exports import answer_export
from app.files import papers
from app.kernel import db, htmx, listing
from app.kernel.declared import require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal, signed_in
from app.questions.key_reading import record_keys_read
from app.questions.reviews import service
from app.questions.reviews.listing import REVIEWS
from app.questions.reviews.models import QuestionReview, ReviewLineState, ReviewState
from app.questions.reviews.papers import REVIEW_PAPER
from app.questions.reviews.sheet import read_lines
from app.questions.reviews.workflow import FLOW
from app.questions.views.base import blueprint, read_chosen
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

READ, EDIT = Permission.QUESTIONS_BANK_READ, Permission.QUESTIONS_QUESTION_EDIT
DECIDE = Permission.QUESTIONS_REVIEW_DECIDE
RULE = "/reviews/<int:record_id>"
REFUSED = 422


@blueprint.get("/reviews")
@require(READ)
def list_reviews() -> ResponseReturnValue:
    """List the sheets that I may see."""
    view = listing.show(
        REVIEWS,
        service.select_reviews_for(signed_in()),
        request.args,
        url=url_for(".list_reviews"),
        export_url=url_for(".export_reviews"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("questions/list_reviews.html", listing=view)


@blueprint.get("/reviews/export")
@require(READ)
def export_reviews() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        REVIEWS,
        service.select_reviews_for(user),
        what="question_review",
        name="题目审核.xlsx",
        user=user,
    )


@blueprint.post("/reviews/new")
@require(EDIT)
def new_review() -> ResponseReturnValue:
    """Put the ticked questions on a sheet; those that can't be reviewed yet are named."""
    back = url_for("questions.list_questions")
    try:
        with db.write():
            sent = service.send_chosen(question_ids=read_chosen(), user=signed_in())
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(back, 303)
    flash(f"已送审{sent.count}道题，编号{sent.number}。", "success")
    if sent.faults:
        flash(f"没有送审{len(sent.faults)}道题。{service.told(sent.faults)}", "warning")
    return redirect(url_for(".show_review", record_id=sent.review_id), 303)


def load_review(*, record_id: int) -> QuestionReview:
    """Load a sheet that I may see, or answer 404."""
    review = service.get_review_for(signed_in(), record_id)
    if review is None:
        abort(404)
    return review


@blueprint.get(RULE)
@require(READ)
def show_review(record_id: int) -> ResponseReturnValue:
    """Show a sheet with each of its questions whole."""
    return draw_review(load_review(record_id=record_id))


def load_with_keys(*, record_id: int) -> QuestionReview:
    """Load a sheet for its paper, which shows the keys: first it is written down who opens it."""
    review = load_review(record_id=record_id)
    record_keys(review)
    return review


def record_keys(review: QuestionReview) -> None:
    """Write down that the reader gets to see the keys of a sheet."""
    lines = service.list_lines(review.id)
    record_keys_read(signed_in(), [line.question_id for line, _ in lines])


def draw_review(
    review: QuestionReview, *, refused: str = "", place: int = 0, typed: str = "", status: int = 200
) -> ResponseReturnValue:
    """Draw a sheet; after a refusal with what was typed at its place."""
    user = signed_in()
    record_keys(review)
    lines = read_lines(review.id)
    names = accounts.names_of([review.drafted_by_id])
    page = render_template(
        "questions/show_review.html",
        review=review,
        lines=lines,
        left=sum(1 for each in lines if each.state is ReviewLineState.PENDING),
        drafted_by=names.get(review.drafted_by_id or 0, ""),
        panel=panel_of(FLOW, review, user),
        is_printed=papers.is_ready(REVIEW_PAPER, review.id),
        strike=strike_of(review, user),
        refused=refused,
        refused_place=place,
        typed=typed,
    )
    return page, status


def strike_of(review: QuestionReview, user: Principal) -> str:
    """Name what this person may do with one question of a sheet: return, withdraw, or nothing."""
    if review.state is not ReviewState.WAITING:
        return ""
    if user.can(DECIDE) and review.drafted_by_id != user.person_id:
        return "return"
    return "withdraw" if user.can(EDIT) else ""


def strike(record_id: int, place: int, reason: str = "") -> ResponseReturnValue:
    """Take one question off a sheet, and show the sheet again."""
    review = load_review(record_id=record_id)
    try:
        with db.write():
            line = service.strike_line(
                review_id=record_id, place=place, reason=reason, user=signed_in()
            )
            is_returned = line.state is ReviewLineState.RETURNED
    except RefusedError as refused:
        return draw_review(review, refused=str(refused), place=place, typed=reason, status=REFUSED)
    flash(f"第{place}项已{'退回' if is_returned else '撤出'}。", "success")
    return redirect(url_for(".show_review", record_id=record_id, _anchor=f"line-{place}"), 303)


@blueprint.post(f"{RULE}/lines/<int:place>/return")
@require(DECIDE)
def return_line(record_id: int, place: int) -> ResponseReturnValue:
    """Give one question back with a reason."""
    return strike(record_id, place, request.form.get("reason", ""))


@blueprint.post(f"{RULE}/lines/<int:place>/withdraw")
@require(EDIT)
def withdraw_line(record_id: int, place: int) -> ResponseReturnValue:
    """Take one question off the sheet."""
    return strike(record_id, place)


register_moves(blueprint, FLOW, rule=RULE, load=load_review)
papers.add_routes(blueprint, REVIEW_PAPER, RULE, READ, load_with_keys)
