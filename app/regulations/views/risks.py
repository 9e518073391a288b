"""岗位廉政风险点清单: the list, one of them, writing and reviewing it, the sheet of a post."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.accounts.models import Person
from app.accounts.roster.models import Post
from app.audit.exports import answer_export
from app.files import papers
from app.kernel import clock, db, formats, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import RefusedError, StaleEditError, text_in
from app.kernel.permissions import Permission, signed_in
from app.regulations import lists, risks, service
from app.regulations.forms import RiskForm
from app.regulations.models import (
    RISK_LEVEL_LABELS,
    WORK_STAGE_LABELS,
    RiskContent,
    RiskPoint,
)
from app.regulations.papers import RISK_PAPER
from app.regulations.risk_flow import FLOW
from app.regulations.risks import RiskRow
from app.regulations.views.base import REFUSED, STALE, STALE_EDIT, blueprint, list_posts
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

READ = Permission.REGULATIONS_RISK_READ
DRAFT = Permission.REGULATIONS_RISK_DRAFT
UNKNOWN = "没有这个工号，请核对。"
HAS_LEFT = "这个人已经离岗，请填在岗的责任人。"


@blueprint.get("/risks")
@require(READ)
def list_risks() -> ResponseReturnValue:
    """List the risk points of all posts."""
    may_draft, new_url = signed_in().can(DRAFT), url_for(".new_risk")
    view = listing.show(
        lists.make_risks(list_posts()),
        risks.select_risks(),
        request.args,
        url=url_for(".list_risks"),
        export_url=url_for(".export_risks"),
        empty_action=("列出第一个廉政风险点", new_url) if may_draft else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "regulations/list_risks.html", listing=view, may_draft=may_draft, posts=list_posts()
    )


@blueprint.get("/risks/export")
@require(READ)
def export_risks() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    return answer_export(
        lists.make_risks(list_posts(), is_sheet=True),
        risks.select_risks(),
        what="risk_point",
        name="岗位廉政风险点清单.xlsx",
        user=signed_in(),
    )


@blueprint.get("/risks/<int:record_id>")
@require(READ)
def show_risk(record_id: int) -> ResponseReturnValue:
    """Show a risk point: what is in force, what waits for its approval, its path."""
    row, user = load_row(record_id), signed_in()
    contents = risks.list_contents(row.risk.id)
    waiting = contents[0] if contents[0].number != row.content.number else None
    return render_template(
        "regulations/show_risk.html",
        row=row,
        panel=panel_of(FLOW, row.risk, user),
        details=details_of(row.content),
        waiting=details_of(waiting) if waiting else None,
        earlier=[
            (each, details_of(each))
            for each in contents
            if each.approved_at is not None and each.number != row.content.number
        ],
    )


def details_of(content: RiskContent) -> list[dict[str, str]]:
    """Give what a content says, line by line."""
    cited = service.get_article(content.article_id)
    basis = {"label": "依据", "text": content.basis}
    if cited is not None:
        url = url_for(".show_article", article_id=cited.article_id)
        basis |= {"url": url, "act": "看条文"}
    return [
        {"label": "环节", "text": WORK_STAGE_LABELS[content.stage]},
        {"label": "风险表现", "text": content.manifestation},
        {"label": "等级", "text": RISK_LEVEL_LABELS[content.level]},
        {"label": "防控措施", "text": content.measures},
        {"label": "责任人", "text": db.session.get_one(Person, content.responsible_id).name},
        basis,
        {"label": "复核日", "text": formats.day(content.review_on)},
    ]


def load_row(record_id: int) -> RiskRow:
    """Load a risk point, or answer 404."""
    row = risks.get_risk(record_id)
    if row is None or not signed_in().can(READ):
        abort(404)
    return row


def load(record_id: int) -> RiskPoint:
    """Load a risk point, or answer 404."""
    return load_row(record_id).risk


@blueprint.route("/risks/new", methods=["GET", "POST"])
@require(DRAFT)
def new_risk() -> ResponseReturnValue:
    """Write a risk point and send it to its approval."""
    form = RiskForm(version=0)
    form.prepare(list_posts())
    if request.method != "POST":
        return show_form(form)

    def act() -> int:
        content = form.read_content(find_responsible(form))
        return risks.propose(post_id=form.post_id.data, content=content, user=signed_in()).id

    risk_id = save(form, act)
    if risk_id is None:
        return show_form(form, status=REFUSED)
    flash("已送审，批准后列入清单。", "success")
    return redirect(url_for(".show_risk", record_id=risk_id), 303)


@blueprint.route("/risks/<int:record_id>/revise", methods=["GET", "POST"])
@require(DRAFT)
def revise_risk(record_id: int) -> ResponseReturnValue:
    """Review a risk point: change it or leave its words, and give it its next 复核日."""
    risk = load(record_id)
    latest = risks.list_contents(risk.id)[0]
    form = RiskForm(version=risk.version)
    form.prepare(list_posts(), latest.article_id)
    del form.post_id
    if request.method != "POST":
        form.fill(latest, db.session.get_one(Person, latest.responsible_id).staff_number)
        return show_form(form, risk=risk)

    def act() -> bool:
        content = form.read_content(find_responsible(form))
        risks.revise(
            risk_id=risk.id,
            seen_version=form.version.data,
            content=content,
            user=signed_in(),
        )
        return True

    try:
        is_saved = save(form, act)
    except StaleEditError:
        form.add_errors({"": STALE_EDIT})
        return show_form(form, risk=risk, status=STALE)
    if not is_saved:
        return show_form(form, risk=risk, status=REFUSED)
    flash(FLOW.move("revise").done, "success")
    return redirect(url_for(".show_risk", record_id=risk.id), 303)


def find_responsible(form: RiskForm) -> int:
    """Find who answers by his 工号; raises RefusedError."""
    number = accounts.normalise(text_in(form.responsible_number))
    account = accounts.find_account(number)
    if account is None:
        raise RefusedError(responsible_number=UNKNOWN)
    left_on = db.session.get_one(Person, account.person_id).left_on
    if left_on is not None and left_on < clock.today():
        raise RefusedError(responsible_number=HAS_LEFT)
    return account.person_id


def show_form(
    form: RiskForm, *, risk: RiskPoint | None = None, status: int = 200
) -> ResponseReturnValue:
    """Show the form of a risk point."""
    post = db.session.get_one(Post, risk.post_id) if risk else None
    page = render_template("regulations/revise_risk.html", form=form, risk=risk, post=post)
    return page, status


@blueprint.get("/risks/posts/<int:post_id>")
@require(READ)
def show_post(post_id: int) -> ResponseReturnValue:
    """Show the sheet of a post: what is in force for it, ready to be printed."""
    post = load_post(post_id)
    return render_template(
        "regulations/show_post.html",
        post=post,
        rows=risks.list_of_post(post.id),
        stages=WORK_STAGE_LABELS,
        levels=RISK_LEVEL_LABELS,
        is_printed=papers.is_ready(RISK_PAPER, post.id),
    )


def load_post(post_id: int) -> Post:
    """Load a post, or answer 404."""
    post = db.session.get(Post, post_id)
    if post is None:
        abort(404)
    return post


register_moves(blueprint, FLOW, rule="/risks/<int:record_id>", load=load)
papers.add_routes(blueprint, RISK_PAPER, "/risks/posts/<int:post_id>", READ, load_post)
