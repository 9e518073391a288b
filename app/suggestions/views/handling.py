"""意见建议 as whoever handles them sees them: the list, one of them, entering one by hand."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.audit.service import record_read
from app.kernel import clock, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import text_in
from app.kernel.permissions import Permission, signed_in
from app.suggestions import ideas
from app.suggestions.forms import RecordForm, ReplyForm, department_choices
from app.suggestions.lists import IDEAS
from app.suggestions.views import blueprint
from app.suggestions.views.following import REFUSED, where
from app.suggestions.views.pages import idea_url, lead_to, load, render_idea

READ = Permission.SUGGESTIONS_IDEA_READ
RECORD = Permission.SUGGESTIONS_IDEA_RECORD


@blueprint.get("/suggestions/ideas")
@require(READ)
def list_ideas() -> ResponseReturnValue:
    """List what staff and public have proposed."""
    user = signed_in()
    may_record = user.can(RECORD)
    view = listing.show(
        IDEAS,
        ideas.select_ideas_for(user),
        request.args,
        url=url_for("suggestions.list_ideas"),
        export_url=url_for("suggestions.export_ideas"),
        empty_action=("录入一条", url_for("suggestions.record_idea")) if may_record else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("suggestions/list_ideas.html", listing=view, may_record=may_record)


@blueprint.get("/suggestions/ideas/export")
@require(READ)
def export_ideas() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        IDEAS, ideas.select_ideas_for(user), what="ideas", name="意见建议.xlsx", user=user
    )


@blueprint.get("/suggestions/ideas/<string:public_id>")
@require(Permission.HOME_PAGE_VIEW)
def show_idea(public_id: str) -> ResponseReturnValue:
    """Show an idea to its author, to whoever handles it, and a 移送件 to 纪检."""
    user = signed_in()
    idea = ideas.get_idea_for(user, public_id)
    if idea is None:
        return lead_to(user, public_id)
    return render_idea(idea)


@blueprint.route("/suggestions/ideas/record", methods=["GET", "POST"])
@require(RECORD)
def record_idea() -> ResponseReturnValue:
    """Enter what came on paper, by telephone or at the window."""
    form = RecordForm(received_on=clock.today())
    form.department_id.choices = department_choices()
    if request.method != "POST":
        return show_form(form)
    user = signed_in()

    def act() -> object:
        return ideas.record(
            content=form.content(),
            channel=form.channel.data,
            received_on=form.received(),
            user=user,
        )

    idea = save(form, act)
    if idea is None:
        return show_form(form, status=REFUSED)
    flash("已录入，等投诉反馈专员先行联系、受理。", "success")
    return redirect(url_for("suggestions.list_ideas"), 303)


def show_form(form: RecordForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the form of an entry by hand."""
    return render_template("suggestions/record_idea.html", form=form, **where()), status


@blueprint.post("/suggestions/ideas/<string:public_id>/question")
@require(Permission.SUGGESTIONS_IDEA_ANSWER)
def ask_author(public_id: str) -> ResponseReturnValue:
    """Ask the sender something before answering."""
    idea, user, form = load(public_id), signed_in(), ReplyForm()

    def act() -> bool:
        ideas.ask(idea_id=idea.id, text=text_in(form.text), user=user)
        return True

    if save(form, act) is None:
        return render_idea(idea, forms={"reply": form}, status=REFUSED)
    flash("已追问，提出人会看到。", "success")
    return redirect(idea_url(idea), 303)


@blueprint.post("/suggestions/ideas/<string:public_id>/contact")
@require(Permission.SUGGESTIONS_IDEA_TRIAGE)
def show_contact(public_id: str) -> ResponseReturnValue:
    """Show the whole telephone number of the sender, and write down who looked."""
    idea = load(public_id)
    record_read(person_id=signed_in().person_id, object_type="idea_contact", object_id=idea.id)
    return render_template("suggestions/show_contact.html", idea=idea, back_url=idea_url(idea))
