"""The pages of the roster import: history, upload, differences, applying and undoing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.models import Person
from app.accounts.roster.imports import lists, service, template, undoing
from app.accounts.roster.imports.applying import report_of
from app.accounts.roster.imports.compare import Comparison, show_day
from app.accounts.roster.imports.forms import RosterUploadForm
from app.accounts.roster.imports.models import (
    ROSTER_IMPORT_STATE_LABELS,
    RosterImport,
    RosterImportState,
)
from app.accounts.views import blueprint
from app.audit.exports import answer_export
from app.audit.service import record_export
from app.files.uploads import take_upload
from app.jobs import service as jobs
from app.kernel import clock, db, htmx, listing, spreadsheets
from app.kernel.declared import require
from app.kernel.forms import RefusedError, StaleEditError, ask_first
from app.kernel.permissions import Permission, signed_in

MAX_BYTES = 2 * 1024 * 1024
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
STALE = HTTPStatus.CONFLICT.value
SHOWN = 200
UNDO_QUESTION = (
    "撤销后，这次导入新增的人、部门、窗口、岗位会删除，调动、更改和离岗恢复原样。"
    "导入以后又有别的办理的，不会撤销，并说明是谁。"
)
GROUPS = {
    "joined": ("新增", ("工号", "姓名", "部门、窗口、岗位", "入职日期")),
    "moved": ("调动", ("工号", "姓名", "现在", "改为")),
    "changed": ("信息更改", ("工号", "姓名", "现在", "改为")),
    "departed": ("离岗", ("工号", "姓名", "部门、窗口、岗位", "最后一天")),
}


@dataclass(frozen=True, kw_only=True)
class Group:
    """One kind of difference as its page shows it: the first of the people concerned."""

    title: str
    columns: Sequence[tuple[str, str, bool]]
    rows: Sequence[Sequence[str]]
    total: int


@blueprint.get("/roster/imports")
@require(Permission.ACCOUNTS_ROSTER_IMPORT)
def list_imports() -> ResponseReturnValue:
    """List all imports."""
    view = listing.show(
        lists.IMPORTS,
        service.select_imports_for(signed_in()),
        request.args,
        url=url_for("accounts.list_imports"),
        export_url=url_for("accounts.export_imports"),
        empty_action=("上传第一份名单", url_for("accounts.new_import")),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("accounts/roster/list_imports.html", listing=view)


@blueprint.get("/roster/imports/export")
@require(Permission.ACCOUNTS_ROSTER_IMPORT)
def export_imports() -> ResponseReturnValue:
    """Give the history as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.IMPORTS,
        service.select_imports_for(user),
        what="roster_import",
        name="人员名单导入记录.xlsx",
        user=user,
    )


@blueprint.get("/roster/imports/template")
@require(Permission.ACCOUNTS_ROSTER_IMPORT)
def export_template() -> ResponseReturnValue:
    """Give the file to fill in."""
    return spreadsheets.answer_with(template.template_file(), "人员名单模板.xlsx")


@blueprint.get("/roster/imports/sample")
@require(Permission.ACCOUNTS_ROSTER_IMPORT)
def export_sample() -> ResponseReturnValue:
    """Give a filled-in file of invented people."""
    return spreadsheets.answer_with(template.sample_file(), "人员名单示例.xlsx")


@blueprint.route("/roster/imports/new", methods=["GET", "POST"])
@require(Permission.ACCOUNTS_ROSTER_IMPORT)
def new_import() -> ResponseReturnValue:
    """Upload a roster; a job reads it."""
    user = signed_in()
    if not service.may_import(user):
        abort(HTTPStatus.FORBIDDEN)
    form = RosterUploadForm(effective_on=clock.today())
    if request.method != "POST":
        return render_template("accounts/roster/new_import.html", form=form)
    upload = take_upload(form, max_bytes=MAX_BYTES)
    if upload is None or form.effective_on.data is None:
        return render_template("accounts/roster/new_import.html", form=form), REFUSED
    with db.write():
        job_id = service.upload_roster(
            content=upload.content,
            file_name=upload.name,
            effective_on=form.effective_on.data,
            uploaded_by_id=user.person_id,
        )
    return redirect(url_for("jobs.show_job", public_id=job_id), 303)


def load(public_id: str) -> RosterImport:
    """Give an import, or answer 404."""
    imported = service.get_import_for(signed_in(), public_id)
    if imported is None:
        abort(404)
    return imported


@blueprint.get("/roster/imports/<string:public_id>")
@require(Permission.ACCOUNTS_ROSTER_IMPORT)
def show_import(public_id: str) -> ResponseReturnValue:
    """Show an import: what it would change, or what it has changed."""
    return render(load(public_id))


def render(imported: RosterImport, *, message: str = "", status: int = 200) -> ResponseReturnValue:
    """Show an import; `message` says why something was refused."""
    found = compare_open(imported)
    report = report_of(found) if found else imported.content.get("report", {})
    state = service.state_now(imported, found)
    page = render_template(
        "accounts/roster/show_import.html",
        imported=imported,
        state=ROSTER_IMPORT_STATE_LABELS[state],
        show_day=show_day,
        found=found,
        seen=found.fingerprint() if found else "",
        groups=groups_of(report),
        problems=problem_rows(found)[:SHOWN] if found else [],
        job_url=job_url(imported),
        names=names_of(imported),
        message=message or imported.content.get("error", ""),
        is_stale=status == STALE,
        can_undo=imported.state is RosterImportState.APPLIED and imported.erased_at is None,
        undo_question=UNDO_QUESTION,
        shown=SHOWN,
        ticked=request.form.getlist("leave"),
    )
    return page, status


def compare_open(imported: RosterImport) -> Comparison | None:
    """Compare a file that still waits with what the site knows now; None for any other."""
    if imported.state not in service.OPEN or imported.erased_at is not None:
        return None
    return service.compare_now(imported, by_id=signed_in().person_id)


def groups_of(report: dict[str, list[list[str]]]) -> list[Group]:
    """Give the groups that have anybody in them."""
    return [
        Group(
            title=title,
            columns=[(label, "left", False) for label in labels],
            rows=report[key][:SHOWN],
            total=len(report[key]),
        )
        for key, (title, labels) in GROUPS.items()
        if report.get(key)
    ]


def problem_rows(found: Comparison) -> list[list[str]]:
    """Give the faults as rows of texts."""
    return [[str(each.row), each.letter, each.label, each.message] for each in found.problems]


def job_url(imported: RosterImport) -> str:
    """Give the page of the job that is reading the file, if it is this person's."""
    if imported.state is not RosterImportState.READING:
        return ""
    job = jobs.get_open_job(f"{service.READ_JOB}:{imported.id}")
    is_mine = job is not None and job.ordered_by_id == signed_in().person_id
    return url_for("jobs.show_job", public_id=job.public_id) if job and is_mine else ""


def names_of(imported: RosterImport) -> dict[int, str]:
    """Give the names of who uploaded, applied and undid it."""
    ids = {imported.uploaded_by_id, imported.applied_by_id, imported.undone_by_id} - {None}
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))
    return {row.id: row.name for row in rows}


@blueprint.get("/roster/imports/<string:public_id>/differences")
@require(Permission.ACCOUNTS_ROSTER_IMPORT)
def export_differences(public_id: str) -> ResponseReturnValue:
    """Give all faults and differences as an Excel file; first the event is committed."""
    imported = load(public_id)
    user, found = signed_in(), compare_open(imported)
    report = report_of(found) if found else imported.content.get("report", {})
    record_export(person_id=user.person_id, what="roster_import", state=f"differences={public_id}")
    content = spreadsheets.write_table(
        "名单差别",
        ("类别", "工号或行", "姓名或列", "现在", "改为或怎么办"),
        difference_rows(report, found),
    )
    return spreadsheets.answer_with(content, "人员名单差别.xlsx")


def difference_rows(
    report: dict[str, list[list[str]]], found: Comparison | None
) -> list[Sequence[Any]]:
    """Give faults, differences and proposals as rows of one sheet."""
    rows: list[Sequence[Any]] = []
    if found is not None:
        rows += [
            ("错误", row, f"{letter}列 {label}", "", message)
            for row, letter, label, message in problem_rows(found)
        ]
    for key, (title, _) in GROUPS.items():
        rows += [(title, *row) for row in report.get(key, ())]
    if found is not None:
        rows += [
            ("名单里没有", each.staff_number, each.name, each.before, show_day(each.left_on))
            for each in found.missing
        ]
    return rows


@blueprint.post("/roster/imports/<string:public_id>/choices")
@require(Permission.ACCOUNTS_ROSTER_IMPORT)
def save_choices(public_id: str) -> ResponseReturnValue:
    """Keep what was chosen for unknown departments and windows."""
    load(public_id)
    keys, values = request.form.getlist("key"), request.form.getlist("choice")
    choices = dict(zip(keys, values, strict=False))
    return act(
        public_id,
        lambda: service.choose(
            public_id=public_id, choices=choices, chosen_by_id=signed_in().person_id
        ),
        "选择已保存，下面是按选择比较的差别。",
    )


@blueprint.post("/roster/imports/<string:public_id>/apply")
@require(Permission.ACCOUNTS_ROSTER_IMPORT)
def apply_import(public_id: str) -> ResponseReturnValue:
    """Apply the differences that were seen, with who was ticked as 离岗."""
    load(public_id)
    ticked = request.form.getlist("leave")
    leaving = frozenset(int(each) for each in ticked if each.isascii() and each.isdigit())
    return act(
        public_id,
        lambda: service.apply_roster(
            public_id=public_id,
            seen=request.form.get("seen", ""),
            leaving=leaving,
            applied_by_id=signed_in().person_id,
        ),
        "名单已导入。新增的人还要领激活码才能登录。",
    )


@blueprint.post("/roster/imports/<string:public_id>/undo")
@require(Permission.ACCOUNTS_ROSTER_IMPORT)
def undo_import(public_id: str) -> ResponseReturnValue:
    """Take the last import back, after asking once more."""
    load(public_id)
    asked = ask_first(
        title="确认撤销？",
        question=UNDO_QUESTION,
        label="确认撤销",
        back_url=url_for("accounts.show_import", public_id=public_id),
    )
    if asked is not None:
        return asked
    return act(
        public_id,
        lambda: undoing.undo_roster(public_id=public_id, undone_by_id=signed_in().person_id),
        "已撤销，人员恢复到导入以前。",
    )


def act(public_id: str, do: Callable[[], object], done: str) -> ResponseReturnValue:
    """Do something with an import and go back to its page; what was refused is shown there."""
    try:
        with db.write():
            do()
    except StaleEditError:
        return render(load(public_id), status=STALE)
    except RefusedError as refused:
        return render(load(public_id), message=str(refused), status=REFUSED)
    flash(done, "success")
    return redirect(url_for("accounts.show_import", public_id=public_id), 303)
