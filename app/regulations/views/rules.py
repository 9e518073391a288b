"""制度库: the list, a rule with its versions, one article."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.audit.exports import answer_export
from app.kernel import clock, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.regulations import lists, rules, service
from app.regulations.forms import RuleForm
from app.regulations.models import RULE_CLASS_LABELS, RULE_KIND_LABELS, RULE_PART_LABELS
from app.regulations.rules import RuleRow, works_in
from app.regulations.views.base import REFUSED, blueprint
from app.regulations.views.words import asks_preview, empty_form, show_form

READ = Permission.REGULATIONS_RULE_READ
DRAFT = Permission.REGULATIONS_RULE_DRAFT


@blueprint.get("")
@require(READ)
def list_rules() -> ResponseReturnValue:
    """List the rules that I may see."""
    user = signed_in()
    may_draft, new_url = user.can(DRAFT), url_for(".new_rule")
    view = listing.show(
        lists.make_rules(accounts.list_departments()),
        rules.select_rules_for(user),
        request.args,
        url=url_for(".list_rules"),
        export_url=url_for(".export_rules"),
        empty_action=("起草第一项制度", new_url) if may_draft else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("regulations/list_rules.html", listing=view, may_draft=may_draft)


@blueprint.get("/export")
@require(READ)
def export_rules() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.make_rules(accounts.list_departments(), is_sheet=True),
        rules.select_rules_for(user),
        what="regulation",
        name="制度库.xlsx",
        user=user,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@require(DRAFT)
def new_rule() -> ResponseReturnValue:
    """Draft a rule with its first version; the preview shows how the text is split."""
    form = empty_form()
    if request.method != "POST" or asks_preview(form):
        return show_form(form)
    version_id = save(form, lambda: create(form))
    if version_id is None:
        return show_form(form, status=REFUSED)
    flash("草案已保存，核对后送审。", "success")
    return redirect(url_for(".show_version", record_id=version_id), 303)


def create(form: RuleForm) -> int:
    """Add the rule in the open write; gives the id of its draft."""
    head = form.read_head()
    if head is None:
        abort(400)
    return rules.create_rule(head=head, wording=form.read_wording(), user=signed_in()).id


def load_rule(regulation_id: int) -> RuleRow:
    """Load a rule that I may see, or answer 404."""
    row = rules.get_rule_for(signed_in(), regulation_id)
    if row is None:
        abort(404)
    return row


@blueprint.get("/<int:regulation_id>")
@require(READ)
def show_rule(regulation_id: int) -> ResponseReturnValue:
    """Show a rule: the words that stand for it today, and all its versions."""
    row, user, today = load_rule(regulation_id), signed_in(), clock.today()
    versions = rules.list_versions_for(user, row.rule)
    standings = {each.id: rules.standing_of(each, versions, today) for each in versions}
    return render_template(
        "regulations/show_rule.html",
        row=row,
        versions=versions,
        standings=standings,
        labels=rules.STANDING_LABELS,
        kinds=rules.STANDING_KINDS,
        articles=rules.list_articles_of(row.version.id) if row.version else [],
        details=details_of(row),
        may_draft=works_in(user, DRAFT, row.rule.department_id)
        and not any(each.state in rules.OPEN_STATES for each in versions),
    )


def details_of(row: RuleRow) -> list[dict[str, str]]:
    """Give what a rule is, line by line."""
    lines = (
        ("类别", RULE_KIND_LABELS[row.rule.kind]),
        ("方面", RULE_PART_LABELS[row.rule.part]),
        ("分类", RULE_CLASS_LABELS[row.rule.class_]),
        ("层面", row.department or lists.CENTRE),
    )
    return [{"label": label, "text": text} for label, text in lines]


@blueprint.get("/articles/<int:article_id>")
@require(READ)
def show_article(article_id: int) -> ResponseReturnValue:
    """Show an article that something cites, and whether it is still in force."""
    cited = service.get_article(article_id)
    if cited is None:
        abort(404)
    found = rules.get_version_for(signed_in(), cited.version_id)
    if found is None:
        abort(404)
    version, rule = found
    versions = rules.list_versions_for(signed_in(), rule)
    standing = rules.standing_of(version, versions, clock.today())
    return render_template(
        "regulations/show_article.html",
        cited=cited,
        version=version,
        rule=rule,
        label=rules.STANDING_LABELS[standing],
        kind=rules.STANDING_KINDS[standing],
        is_in_force=standing is rules.Standing.IN_FORCE,
    )
