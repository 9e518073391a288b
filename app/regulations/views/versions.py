"""One version of a rule: its words, what changed, its way to the approval, its paper."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.files import papers
from app.kernel import clock
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import StaleEditError
from app.kernel.permissions import Permission, signed_in
from app.regulations import rules, texts
from app.regulations.forms import RuleForm
from app.regulations.models import Regulation, RegulationVersion, VersionState
from app.regulations.papers import RULE_PAPER
from app.regulations.rule_flow import FLOW, name_of
from app.regulations.rules import works_in
from app.regulations.views.base import REFUSED, STALE, STALE_EDIT, blueprint
from app.regulations.views.rules import load_rule
from app.regulations.views.words import asks_preview, empty_form, show_form
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

READ = Permission.REGULATIONS_RULE_READ
DRAFT = Permission.REGULATIONS_RULE_DRAFT


def load_both(record_id: int) -> tuple[RegulationVersion, Regulation]:
    """Load a version that I may see with its rule, or answer 404."""
    found = rules.get_version_for(signed_in(), record_id)
    if found is None:
        abort(404)
    return found


def load(record_id: int) -> RegulationVersion:
    """Load a version that I may see, or answer 404."""
    return load_both(record_id)[0]


@blueprint.route("/<int:regulation_id>/versions/new", methods=["GET", "POST"])
@require(DRAFT)
def new_version(regulation_id: int) -> ResponseReturnValue:
    """Draft the next version of a rule, from the words of the last one."""
    row, user = load_rule(regulation_id), signed_in()
    if not works_in(user, DRAFT, row.rule.department_id):
        abort(403)
    text = rules.text_of(row.version) if row.version else ""
    form = empty_form(text=text)
    form.keep_head()
    if request.method != "POST" or asks_preview(form):
        return show_form(form, rule=row.rule)

    def act() -> int:
        return rules.draft_version(rule=row.rule, wording=form.read_wording(), user=user).id

    version_id = save(form, act)
    if version_id is None:
        return show_form(form, rule=row.rule, status=REFUSED)
    flash("草案已保存，核对后送审。", "success")
    return redirect(url_for(".show_version", record_id=version_id), 303)


@blueprint.get("/versions/<int:record_id>")
@require(READ)
def show_version(record_id: int) -> ResponseReturnValue:
    """Show the words of a version, and how far it is."""
    version, rule = load_both(record_id)
    user = signed_in()
    versions = rules.list_versions_for(user, rule)
    standing = rules.standing_of(version, versions, clock.today())
    return render_template(
        "regulations/show_version.html",
        version=version,
        rule=rule,
        name=name_of(version),
        articles=rules.list_articles_of(version.id),
        panel=panel_of(FLOW, version, user),
        label=rules.STANDING_LABELS[standing],
        kind=rules.STANDING_KINDS[standing],
        has_earlier=rules.before(version) is not None,
        may_edit=may_edit(version, rule),
        may_follow=may_follow(rule),
        is_printed=papers.is_ready(RULE_PAPER, version.id),
    )


def may_edit(version: RegulationVersion, rule: Regulation) -> bool:
    """Tell whether I may change its words."""
    return version.state is VersionState.DRAFT and works_in(signed_in(), DRAFT, rule.department_id)


def may_follow(rule: Regulation) -> bool:
    """Tell whether I see its way to the approval: who drafts and who approves there."""
    return any(
        works_in(signed_in(), each, rule.department_id)
        for each in (DRAFT, Permission.REGULATIONS_RULE_APPROVE)
    )


@blueprint.route("/versions/<int:record_id>/edit", methods=["GET", "POST"])
@require(DRAFT)
def edit_version(record_id: int) -> ResponseReturnValue:
    """Change the words of a draft, and the name of a rule that was never approved."""
    version, rule = load_both(record_id)
    if not may_edit(version, rule):
        abort(403)
    form = fill_form(version, rule)
    if request.method != "POST" or asks_preview(form):
        return show_form(form, rule=rule, version=version)

    def act() -> bool:
        rules.edit_version(
            version_id=version.id,
            seen_version=form.version.data,
            head=form.read_head(),
            wording=form.read_wording(),
            user=signed_in(),
        )
        return True

    try:
        is_saved = save(form, act)
    except StaleEditError:
        form.add_errors({"": STALE_EDIT})
        return show_form(form, rule=rule, version=version, status=STALE)
    if not is_saved:
        return show_form(form, rule=rule, version=version, status=REFUSED)
    flash("草案已保存。", "success")
    return redirect(url_for(".show_version", record_id=version.id), 303)


def fill_form(version: RegulationVersion, rule: Regulation) -> RuleForm:
    """Give the form with what is stored."""
    form = empty_form(
        version=version.version,
        name=rule.name,
        kind=rule.kind,
        part=rule.part,
        class_=rule.class_,
        department_id=rule.department_id or 0,
        effective_on=version.effective_on,
        note=version.note,
        text=rules.text_of(version),
    )
    if rules.was_approved(rule):
        form.keep_head()
    return form


@blueprint.get("/versions/<int:record_id>/changes")
@require(READ)
def show_changes(record_id: int) -> ResponseReturnValue:
    """Show what a version changed, article by article."""
    version, rule = load_both(record_id)
    earlier = rules.before(version)
    if earlier is None:
        abort(404)
    old, new = (rules.typed(rules.list_articles_of(each.id)) for each in (earlier, version))
    changes = texts.compare(old, new)
    return render_template(
        "regulations/show_changes.html",
        version=version,
        rule=rule,
        earlier=earlier,
        name=name_of(version),
        changes=[each for each in changes if each.kind != "same"],
        kept=sum(each.kind == "same" for each in changes),
        words={"changed": "有改动", "added": "新增", "removed": "删去"},
        kinds={"changed": "blue", "added": "green", "removed": ""},
    )


def load_followed(record_id: int) -> RegulationVersion:
    """Load a version whose way to the approval I may follow, or answer 404."""
    version, rule = load_both(record_id)
    if not may_follow(rule):
        abort(404)
    return version


register_moves(blueprint, FLOW, rule="/versions/<int:record_id>", load=load_followed)
papers.add_routes(blueprint, RULE_PAPER, "/versions/<int:record_id>", READ, load)
