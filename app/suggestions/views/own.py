"""金点子 of somebody of the hall: proposing, one's own list, the picture, answering, rating."""

from collections.abc import Callable

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.audit.exports import answer_export
from app.files import images
from app.files import service as files
from app.files.models import StoredFile
from app.files.uploads import take_upload
from app.kernel import db, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import BaseForm, RefusedError, text_in
from app.kernel.permissions import Permission, Principal, signed_in
from app.suggestions import ideas
from app.suggestions.forms import (
    ANY,
    NOBODY,
    IdeaForm,
    PictureForm,
    RatingForm,
    ReplyForm,
    department_choices,
)
from app.suggestions.lists import OWN_IDEAS
from app.suggestions.models import Idea, IdeaKind
from app.suggestions.registers import list_service_items
from app.suggestions.views import blueprint
from app.suggestions.views.following import REFUSED, where
from app.suggestions.views.pages import idea_url, load_own, render_idea

SUBMIT = Permission.SUGGESTIONS_IDEA_SUBMIT
MAX_PICTURE = 10 << 20
SENT = "已提交。受理和答复以后，这里和待办都会告诉你。"


@blueprint.get("/suggestions/mine")
@require(SUBMIT)
def list_own_ideas() -> ResponseReturnValue:
    """List what I have proposed, with what came of it."""
    view = listing.show(
        OWN_IDEAS,
        ideas.select_own(signed_in()),
        request.args,
        url=url_for("suggestions.list_own_ideas"),
        export_url=url_for("suggestions.export_own_ideas"),
        empty_action=("提一条金点子", url_for("suggestions.new_idea")),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("suggestions/list_own_ideas.html", listing=view, **where())


@blueprint.get("/suggestions/mine/export")
@require(SUBMIT)
def export_own_ideas() -> ResponseReturnValue:
    """Give the list as an Excel file; without what was handed over."""
    user = signed_in()
    statement = ideas.select_own(user).where(ideas.visible())
    return answer_export(OWN_IDEAS, statement, what="own-ideas", name="我的金点子.xlsx", user=user)


@blueprint.route("/suggestions/ideas/new", methods=["GET", "POST"])
@require(SUBMIT)
def new_idea() -> ResponseReturnValue:
    """Propose something; what says much the same already is shown before it is taken."""
    form = idea_form()
    if request.method != "POST":
        return show_form(form)
    if not form.validate():
        return show_form(form, status=REFUSED)
    content = form.content()
    if form.confirmed.data != "yes":
        text = f"{content.title}{content.problem}{content.proposal}"
        similar = ideas.similar_to(text, kind=IdeaKind.STAFF)
        if similar:
            form.confirmed.data = "yes"
            return show_form(form, similar=similar)
    user = signed_in()
    idea = save(form, lambda: ideas.submit(content=content, user=user))
    if idea is None:
        return show_form(form, status=REFUSED)
    flash(SENT, "success")
    return redirect(url_for("suggestions.show_idea", public_id=idea.public_id), 303)


def idea_form() -> IdeaForm:
    """Give the form with departments and 事项."""
    form = IdeaForm()
    form.department_id.choices = department_choices()
    form.service_item_id.choices = [
        SelectChoice(NOBODY, ANY),
        *(SelectChoice(each.id, each.name) for each in list_service_items()),
    ]
    return form


def show_form(
    form: IdeaForm, *, similar: list[Idea] | None = None, status: int = 200
) -> ResponseReturnValue:
    """Show the form, with the ideas that say much the same."""
    page = render_template("suggestions/new_idea.html", form=form, similar=similar or [], **where())
    return page, status


@blueprint.route("/suggestions/ideas/<string:public_id>/picture/edit", methods=["GET", "POST"])
@require(SUBMIT)
@takes_bytes(MAX_PICTURE)
def edit_picture(public_id: str) -> ResponseReturnValue:
    """Put a picture beside my idea while nobody has begun with it."""
    idea, form = load_own(public_id), PictureForm()
    if request.method != "POST":
        return show_picture_form(form, idea)
    upload = take_upload(form, max_bytes=MAX_PICTURE)
    if upload is None:
        return show_picture_form(form, idea, status=REFUSED)
    try:
        keep_picture(idea, images.draw_anew(upload.content))
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_picture_form(form, idea, status=REFUSED)
    flash("图片已保存。", "success")
    return redirect(idea_url(idea), 303)


def keep_picture(idea: Idea, content: bytes) -> None:
    """Store a picture that was drawn anew; raises RefusedError."""
    sha256, user = files.put_content(content), signed_in()
    with db.write():
        ideas.set_picture(idea_id=idea.id, sha256=sha256, size=len(content), user=user)


def show_picture_form(form: PictureForm, idea: Idea, *, status: int = 200) -> ResponseReturnValue:
    """Show the upload."""
    return render_template("suggestions/edit_picture.html", form=form, idea=idea), status


@blueprint.get("/suggestions/ideas/<string:public_id>/picture")
@require(Permission.HOME_PAGE_VIEW)
def show_picture(public_id: str) -> Response:
    """Give the picture of an idea that I may read."""
    idea = ideas.get_idea_for(signed_in(), public_id)
    if idea is None or idea.is_gone or idea.picture_id is None:
        abort(404)
    return answer_picture(db.session.get_one(StoredFile, idea.picture_id))


def answer_picture(file: StoredFile) -> Response:
    """Answer with a picture: a browser that opens it by itself saves it (IN5)."""
    try:
        response = files.answer_with(file, is_inline=False)
    except files.DamagedFileError:
        abort(404)
    response.headers["Cache-Control"] = "private, max-age=300"
    return response


@blueprint.post("/suggestions/ideas/<string:public_id>/reply")
@require(SUBMIT)
def answer_question(public_id: str) -> ResponseReturnValue:
    """Answer what whoever handles my idea has asked."""
    form = ReplyForm()

    def act(idea: Idea, user: Principal) -> None:
        ideas.reply(idea_id=idea.id, text=text_in(form.text), user=user)

    return answer_own(public_id, form, "reply", act, done="已回答。")


@blueprint.post("/suggestions/ideas/<string:public_id>/rating")
@require(SUBMIT)
def rate_own_idea(public_id: str) -> ResponseReturnValue:
    """Say what I think of the answer."""
    form = RatingForm()

    def act(idea: Idea, user: Principal) -> None:
        ideas.rate(idea_id=idea.id, rating=form.rating.data, user=user)

    return answer_own(public_id, form, "rating", act, done="谢谢你的评价。")


def answer_own(
    public_id: str,
    form: BaseForm,
    name: str,
    act: Callable[[Idea, Principal], None],
    *,
    done: str,
) -> ResponseReturnValue:
    """Do something with my idea, and go back to it."""
    idea, user = load_own(public_id), signed_in()

    def run() -> bool:
        act(idea, user)
        return True

    if save(form, run) is None:
        return render_idea(idea, forms={name: form}, status=REFUSED)
    flash(done, "success")
    return redirect(idea_url(idea), 303)
