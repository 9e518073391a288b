"""Pages of 考核细则: the list, drafting, changing a draft, reading one, starting a quarter."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.assessment import collecting, content, lists, schemes
from app.assessment.content import METHOD_LABELS
from app.assessment.forms import (
    NewSchemeForm,
    SchemeForm,
    dimension_rows,
    fields_by_rule,
    fill,
    form_for,
    read_content,
)
from app.assessment.models import AssessmentScheme, SchemeState
from app.assessment.periods import following, name_of, quarter_of
from app.assessment.schemes import SchemeRow
from app.assessment.views import blueprint
from app.assessment.workflow import SCHEME_FLOW
from app.audit.exports import answer_export
from app.kernel import clock, db, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, signed_in
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

READ = Permission.ASSESSMENT_OWN_READ
DRAFT = Permission.ASSESSMENT_SCHEME_DRAFT
RUN = Permission.ASSESSMENT_CYCLE_RUN
REFUSED, STALE = 422, 409
OFFERED = 4
STALE_TEXT = "你打开之后，这一版已经改过或者送审，没有保存。请看过最新的内容再改。"


@blueprint.get("/schemes")
@require(READ)
def list_schemes() -> ResponseReturnValue:
    """List the schemes that I may read."""
    user = signed_in()
    may_draft = user.can(DRAFT)
    view = listing.show(
        lists.SCHEMES,
        schemes.select_schemes_for(user),
        request.args,
        url=url_for(".list_schemes"),
        export_url=url_for(".export_schemes"),
        empty_action=("起草第一版", url_for(".new_scheme")) if may_draft else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("assessment/list_schemes.html", listing=view, may_draft=may_draft)


@blueprint.get("/schemes/export")
@require(READ)
def export_schemes() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.SCHEMES, schemes.select_schemes_for(user), what="schemes", name="考核细则.xlsx",
        user=user,
    )  # fmt: skip


@blueprint.route("/schemes/new", methods=["GET", "POST"])
@require(DRAFT)
def new_scheme() -> ResponseReturnValue:
    """Begin the scheme of a quarter that has not begun."""
    user, form = signed_in(), NewSchemeForm()
    form.period.choices = coming()
    if request.method != "POST":
        return render_template("assessment/new_scheme.html", form=form)

    def act() -> int:
        year, quarter = form.read_period()
        found = schemes.draft(
            year=year, quarter=quarter, known=set(collecting.all_rules()), user=user
        )
        return found.id

    record_id = save(form, act)
    if record_id is None:
        return render_template("assessment/new_scheme.html", form=form), REFUSED
    return redirect(url_for(".edit_scheme", record_id=record_id), 303)


def coming() -> list[SelectChoice]:
    """Offer the next quarters."""
    found, at = [], quarter_of(clock.today())
    for _ in range(OFFERED):
        at = following(*at)
        found.append(SelectChoice(f"{at[0]}-{at[1]}", name_of(*at)))
    return found


@blueprint.route("/schemes/<int:record_id>/edit", methods=["GET", "POST"])
@require(DRAFT)
def edit_scheme(record_id: int) -> ResponseReturnValue:
    """Change a draft."""
    row, user, rules = load_row(record_id), signed_in(), collecting.all_rules()
    form = form_for(rules)()
    if request.method != "POST":
        if row.scheme.state is not SchemeState.DRAFT:
            abort(404)
        fill(form, content.load(row.scheme.content), rules)
        form.version.data = row.scheme.version
        return show_form(form, row)

    def act() -> bool:
        schemes.edit(
            record_id=record_id,
            seen_version=form.version.data,
            found=read_content(form, rules),
            user=user,
        )
        return True

    try:
        is_saved = save(form, act)
    except StaleEditError:
        form.add_errors({"": STALE_TEXT})
        form.version.data = row.scheme.version
        return show_form(form, row, status=STALE)
    if not is_saved:
        return show_form(form, row, status=REFUSED)
    flash("已保存。", "success")
    return redirect(url_for(".show_scheme", record_id=record_id), 303)


def show_form(form: SchemeForm, row: SchemeRow, *, status: int = 200) -> ResponseReturnValue:
    """Show the form of a draft."""
    page = render_template(
        "assessment/edit_scheme.html",
        form=form,
        scheme=row.scheme,
        dimension_rows=dimension_rows(),
        rules=fields_by_rule(form, collecting.all_rules()),
    )
    return page, status


@blueprint.get("/schemes/<int:record_id>")
@require(READ)
def show_scheme(record_id: int) -> ResponseReturnValue:
    """Show what a scheme says, with its path."""
    row, user = load_row(record_id), signed_in()
    found = content.load(row.scheme.content)
    is_locked = row.scheme.state is SchemeState.LOCKED
    is_over = clock.today() > row.scheme.span.last
    return render_template(
        "assessment/show_scheme.html",
        scheme=row.scheme,
        cycle=row.cycle,
        content=found,
        faults=content.faults_of(found) if row.scheme.state is SchemeState.DRAFT else [],
        rules=collecting.all_rules(),
        method_labels=METHOD_LABELS,
        panel=panel_of(SCHEME_FLOW, row.scheme, user),
        may_edit=user.can(DRAFT) and row.scheme.state is SchemeState.DRAFT,
        may_open=user.can(RUN) and is_locked and is_over and row.cycle is None,
    )


@blueprint.post("/schemes/<int:record_id>/cycle")
@require(RUN)
def open_cycle(record_id: int) -> ResponseReturnValue:
    """Begin the assessment of a quarter, and collect at once."""
    load_row(record_id)
    user = signed_in()
    try:
        with db.write():
            cycle_id = schemes.open_cycle(scheme_id=record_id, user=user).id
            job = collecting.order_collecting(cycle_id=cycle_id, ordered_by_id=user.person_id)
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(url_for(".show_scheme", record_id=record_id), 303)
    return redirect(url_for("jobs.show_job", public_id=job), 303)


def load_row(record_id: int) -> SchemeRow:
    """Load a scheme that I may read, or answer 404."""
    row = schemes.get_scheme_for(signed_in(), record_id)
    if row is None:
        abort(404)
    return row


def load(record_id: int) -> AssessmentScheme:
    """Load the record of a move."""
    return load_row(record_id).scheme


register_moves(blueprint, SCHEME_FLOW, rule="/schemes/<int:record_id>", load=load)
