"""Pages of 承诺公示牌: the list, drafting, editing, copying, and the page of one version."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.accounts import service as accounts
from app.audit.exports import answer_export
from app.commitments import disclosure, drafting, lists, papers, preview, prints, sheets, writing
from app.commitments.forms import BLANK, CopyForm, NewSheetForm, SheetForm
from app.commitments.models import SheetState, SheetVersion
from app.commitments.sheets import SheetRow
from app.commitments.views import blueprint
from app.commitments.wording import VAGUE
from app.commitments.workflow import SHEET_FLOW
from app.kernel import clock, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import StaleEditError
from app.kernel.permissions import Permission, Principal, signed_in
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

READ = Permission.COMMITMENTS_SHEET_READ
DRAFT = Permission.COMMITMENTS_SHEET_DRAFT
REFUSED, STALE = 422, 409
STALE_TEXT = "你在另一个页面改过这份草稿，这里的修改还没有保存。请对照最新的内容再保存。"


@blueprint.get("/commitments")
@require(READ)
def list_sheets() -> ResponseReturnValue:
    """List the versions that I may see."""
    user, may_draft = signed_in(), signed_in().can(DRAFT)
    view = listing.show(
        lists.sheets_for(user),
        sheets.select_versions_for(user, READ),
        request.args,
        url=url_for("commitments.list_sheets"),
        export_url=url_for("commitments.export_sheets"),
        empty_action=("起草第一份", url_for("commitments.new_sheet")) if may_draft else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "commitments/list_sheets.html",
        listing=view,
        tabs=lists.tabs_of(user, "commitments.list_sheets"),
        may_draft=may_draft,
    )


@blueprint.get("/commitments/export")
@require(READ)
def export_sheets() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.sheets_for(user),
        sheets.select_versions_for(user, READ),
        what="sheets",
        name="承诺公示牌.xlsx",
        user=user,
    )


@blueprint.route("/commitments/new", methods=["GET", "POST"])
@require(DRAFT)
def new_sheet() -> ResponseReturnValue:
    """Begin a new version: for whom, and what it starts from."""
    user, form = signed_in(), NewSheetForm()
    form.place.choices = place_choices(user)
    if request.method != "POST":
        form.place.data = request.args.get("place", form.place.data)
        return show_new(form)

    def act() -> int:
        department_id, window_id = form.read_place()
        return drafting.draft(
            user=user,
            department_id=department_id,
            window_id=window_id,
            is_blank=form.source.data == BLANK,
        ).id

    record_id = save(form, act)
    if record_id is None:
        return show_new(form, status=REFUSED)
    return redirect(url_for("commitments.edit_sheet", record_id=record_id), 303)


def place_choices(user: Principal) -> list[SelectChoice]:
    """Give the departments for which I may draft, each with its windows."""
    scope, today = user.departments_of(DRAFT), clock.today()
    return [
        SelectChoice(f"{department.id}{f'-{window.id}' if window else ''}", label)
        for department in accounts.list_departments()
        if (scope is None or department.id in scope)
        and (department.closed_on is None or department.closed_on > today)
        for window, label in (
            (None, f"{department.name}（全部门）"),
            *(
                (each, f"{department.name}　{each.number}号窗口")
                for each in sheets.list_windows(department.id)
            ),
        )
    ]


def show_new(form: NewSheetForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the form of a new version."""
    return render_template("commitments/new_sheet.html", form=form), status


@blueprint.route("/commitments/<int:record_id>/edit", methods=["GET", "POST"])
@require(DRAFT)
def edit_sheet(record_id: int) -> ResponseReturnValue:
    """Change a draft of mine."""
    row, user, form = load_row(record_id, DRAFT), signed_in(), SheetForm()
    if request.method != "POST":
        # What was typed before the draft moved on is not thrown away: the service refuses it.
        if row.version.drafted_by_id != user.person_id or row.version.state is not SheetState.DRAFT:
            abort(404)
        form.fill(sheets.content_of(row.version), row.version.version)
        return show_form(form, row)

    def edit() -> bool:
        writing.edit(
            record_id=record_id,
            seen_version=form.version.data,
            content=form.read_content(),
            edited_by_id=user.person_id,
        )
        return True

    try:
        is_saved = save(form, edit)
    except StaleEditError:
        form.add_errors({"": STALE_TEXT})
        form.version.data = row.version.version
        return show_form(form, row, is_stale=True, status=STALE)
    if not is_saved:
        return show_form(form, row, status=REFUSED)
    flash("已保存。看过下面的样子，再送审。", "success")
    return redirect(url_for("commitments.show_sheet", record_id=record_id), 303)


def show_form(
    form: SheetForm, row: SheetRow, *, is_stale: bool = False, status: int = 200
) -> ResponseReturnValue:
    """Show the form of a draft; after a stale edit beside what is stored by now."""
    stored = sheets.content_of(row.version) if is_stale else None
    page = render_template(
        "commitments/edit_sheet.html", form=form, row=row, stored=stored, vague=list(VAGUE)
    )
    return page, status


@blueprint.get("/commitments/<int:record_id>")
@require(READ)
def show_sheet(record_id: int) -> ResponseReturnValue:
    """Show a version as the public sees it, with its path and where it is shown."""
    user, row = signed_in(), load_row(record_id)
    version = row.version
    may_draft = user.can(DRAFT, department_id=row.department.id)
    shown = preview.preview_of(row)
    is_approved = version.state is SheetState.PUBLIC
    is_public = is_approved and disclosure.get_in_force(version.id) is not None
    return render_template(
        "commitments/show_sheet.html",
        row=row,
        shown=shown,
        panel=panel_of(SHEET_FLOW, version, user),
        before=sheets.find_public(version.sheet_id) if not is_approved else None,
        coming=sheets.find_open(version.sheet_id) if is_public else None,
        prints=prints.list_prints(version.id),
        hanging=prints.list_hanging(version) if is_public else [],
        people=preview.people_of(row),
        codes=preview.codes_of(row),
        is_public=is_public,
        notice_fault=papers.notice_fault(shown) if is_public else "",
        is_hidden=is_approved and not is_public,
        is_over=version.state in {SheetState.UPDATED, SheetState.WITHDRAWN},
        may_edit=version.state is SheetState.DRAFT and version.drafted_by_id == user.person_id,
        may_draft=may_draft,
        may_print=user.can(Permission.COMMITMENTS_CARD_PRINT, department_id=row.department.id),
        copy_source=may_draft and row.window is None and version.edition is not None,
    )


@blueprint.route("/commitments/<int:record_id>/copy", methods=["GET", "POST"])
@require(DRAFT)
def copy_sheet(record_id: int) -> ResponseReturnValue:
    """Copy a department's version to some of its windows, each as a draft."""
    row, user, form = load_row(record_id, DRAFT), signed_in(), CopyForm()
    if row.window is not None or row.version.edition is None:
        abort(404)
    targets = sheets.list_targets(row.sheet)
    form.window_ids.choices = [
        SelectChoice(each.id, f"{each.number}号窗口 {each.name}")
        for each, is_free in targets
        if is_free
    ]
    if request.method != "POST":
        return show_copy(form, row, targets)

    def act() -> int:
        copies = drafting.copy_to_windows(
            user=user, record_id=record_id, window_ids=form.window_ids.data or []
        )
        return len(copies)

    count = save(form, act)
    if count is None:
        return show_copy(form, row, targets, status=REFUSED)
    flash(f"已复制到{count}个窗口，都是草稿：改好以后分别送审。", "success")
    return redirect(url_for("commitments.list_sheets", state="draft"), 303)


def show_copy(
    form: CopyForm, row: SheetRow, targets: Sequence[tuple[object, bool]], *, status: int = 200
) -> ResponseReturnValue:
    """Show the windows."""
    busy = [each for each, is_free in targets if not is_free]
    return render_template("commitments/copy_sheet.html", form=form, row=row, busy=busy), status


def load_row(record_id: int, permission: Permission = READ) -> SheetRow:
    """Load a version that I may see, or answer 404."""
    row = sheets.get_version_for(signed_in(), permission, record_id)
    if row is None:
        abort(404)
    return row


def load(record_id: int) -> SheetVersion:
    """Load the record of a move."""
    return load_row(record_id).version


register_moves(blueprint, SHEET_FLOW, rule="/commitments/<int:record_id>", load=load)
