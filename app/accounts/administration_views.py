"""账号: the pages on which administrators look after the accounts of others."""

from collections.abc import Callable

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import administration, credentials, service, sessions, slips
from app.accounts.account_views import describe_sessions
from app.accounts.administration import (
    ACCOUNT_KIND_LABELS,
    ACCOUNT_STATE_LABELS,
    LAST_SIGNED_IN,
    AccountRow,
    AccountState,
    is_in_state,
    row_of,
    select_accounts,
)
from app.accounts.forms import ReasonForm, SlipsForm
from app.accounts.models import Account, AccountKind, Department, Person
from app.accounts.policy import security_profile
from app.accounts.views import blueprint
from app.audit.exports import answer_export
from app.kernel import db, formats, htmx, listing
from app.kernel.acts import move
from app.kernel.declared import proven, require
from app.kernel.forms import RefusedError, ask_first, text_in
from app.kernel.permissions import Permission, signed_in

STATE_TAGS = {
    AccountState.IN_USE: "tag-green",
    AccountState.WAITING: "tag-blue",
    AccountState.LOCKED: "tag-amber",
    AccountState.DISABLED: "tag",
    AccountState.LEFT: "tag",
    AccountState.ANONYMISED: "tag",
}
DISABLE_QUESTION = "停用后这个账号立即退出，在重新启用以前不能登录。"
RESET_QUESTION = "重设后原来的密码作废，所有登录立即退出；激活码只显示这一次。"
FACTOR_QUESTION = "重置后，本人只凭密码就能登录，要自己重新开启动态口令。请先当面核对身份。"


def state_cell(row: AccountRow) -> listing.Cell:
    """Show what an account is at the moment."""
    return listing.Cell(text=ACCOUNT_STATE_LABELS[row.state], kind=STATE_TAGS[row.state])


def last_cell(row: AccountRow) -> str:
    """Show when somebody last signed in."""
    return formats.moment(row.last_signed_in_at) if row.last_signed_in_at else "—"


ACCOUNTS: listing.Listing[AccountRow] = listing.Listing(
    id="account-list",
    noun="个账号",
    title="账号",
    row=row_of,
    columns=[
        listing.Column(
            name="login",
            label="登录名",
            cell=lambda row: listing.Cell(
                text=row.account.login_name,
                href=url_for("accounts.show_account", account_id=row.account.id),
            ),
            sort=Account.login_name,
        ),
        listing.Column(
            name="name", label="姓名", cell=lambda row: row.person.name, sort=Person.name_key
        ),
        listing.Column(
            name="department",
            label="部门",
            cell=lambda row: row.department.name,
            sort=Department.position,
        ),
        listing.Column(
            name="kind",
            label="类别",
            cell=lambda row: ACCOUNT_KIND_LABELS[row.account.kind],
            sort=Account.kind,
            is_wide=True,
        ),
        listing.Column(name="state", label="状态", cell=state_cell),
        listing.Column(
            name="factor",
            label="动态口令",
            cell=lambda row: "已开启" if row.has_factor else "—",
            is_wide=True,
        ),
        listing.Column(
            name="last", label="最近登录", cell=last_cell, sort=LAST_SIGNED_IN, is_wide=True
        ),
    ],
    search=(Person.name, Account.login_name, Person.staff_number),
    search_label="姓名、工号或登录名",
    filters=[
        listing.Filter(
            name="state",
            label="状态",
            options=[(each.value, label) for each, label in ACCOUNT_STATE_LABELS.items()],
            where=lambda value: is_in_state(AccountState(value)),
        ),
        listing.Filter(
            name="kind",
            label="类别",
            options=[(each.value, label) for each, label in ACCOUNT_KIND_LABELS.items()],
            where=lambda value: Account.kind == AccountKind(value),
        ),
    ],
    default_sort="login",
    tie_break=Account.id,
    empty_text="还没有账号。",
)


@blueprint.get("/accounts")
@require(Permission.ACCOUNTS_ACCOUNT_READ)
def list_accounts() -> ResponseReturnValue:
    """List all accounts with their state."""
    view = listing.show(
        ACCOUNTS,
        select_accounts(),
        request.args,
        url=url_for("accounts.list_accounts"),
        export_url=url_for("accounts.export_accounts"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    may_manage = signed_in().can(Permission.ACCOUNTS_ACCOUNT_MANAGE)
    return render_template("accounts/list_accounts.html", listing=view, may_manage=may_manage)


@blueprint.get("/accounts/export")
@require(Permission.ACCOUNTS_ACCOUNT_READ)
def export_accounts() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    return answer_export(
        ACCOUNTS, select_accounts(), what="account", name="账号.xlsx", user=signed_in()
    )


@blueprint.get("/accounts/<int:account_id>")
@require(Permission.ACCOUNTS_ACCOUNT_READ)
def show_account(account_id: int) -> ResponseReturnValue:
    """Show an account, where it is signed in, and what can be done about it."""
    return render_account(load(account_id), ReasonForm())


def render_account(row: AccountRow, form: ReasonForm, *, status: int = 200) -> ResponseReturnValue:
    """Render the page of an account."""
    user = signed_in()
    # Of whom nobody knows any more there is nothing to be done, as with one's own account.
    is_own = row.account.person_id == user.person_id or row.person.anonymised_at is not None
    page = render_template(
        "accounts/show_account.html",
        row=row,
        form=form,
        kind_label=ACCOUNT_KIND_LABELS[row.account.kind],
        state_label=ACCOUNT_STATE_LABELS[row.state],
        state_tag=STATE_TAGS[row.state],
        sessions=describe_sessions(row.account.id),
        may_manage=user.can(Permission.ACCOUNTS_ACCOUNT_MANAGE) and not is_own,
        may_reset_factor=user.can(Permission.ACCOUNTS_FACTOR_RESET) and not is_own,
        is_locked=row.state is AccountState.LOCKED,
        is_business=row.account.kind is AccountKind.BUSINESS,
        disable_question=DISABLE_QUESTION,
        reset_question=RESET_QUESTION,
        factor_question=FACTOR_QUESTION,
    )
    return page, status


def load(account_id: int) -> AccountRow:
    """Load an account that I may look at, or answer 404."""
    row = administration.get_account_for(signed_in(), account_id)
    if row is None:
        abort(404)
    return row


def act_with_reason(
    account_id: int, act: Callable[[str], object], done: str
) -> ResponseReturnValue:
    """Do something with an account for a stated reason, and go back to it."""
    row, form = load(account_id), ReasonForm()
    if not form.validate():
        return render_account(row, form, status=422)
    try:
        with db.write():
            act(text_in(form.reason))
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return render_account(load(account_id), form, status=422)
    flash(done, "success")
    return redirect(url_for("accounts.show_account", account_id=account_id), 303)


def ask(account_id: int, *, title: str, question: str, label: str) -> ResponseReturnValue | None:
    """Ask once more before an act; a form without a reason is refused before."""
    row, form = load(account_id), ReasonForm()
    if not form.validate():
        return render_account(row, form, status=422)
    back_url = url_for("accounts.show_account", account_id=account_id)
    return ask_first(title=title, question=question, label=label, back_url=back_url)


@blueprint.post("/accounts/<int:account_id>/unlock")
@require(Permission.ACCOUNTS_ACCOUNT_MANAGE)
@proven
def unlock_account(account_id: int) -> ResponseReturnValue:
    """Let a locked login name try again at once."""
    user = signed_in()
    return act_with_reason(
        account_id,
        lambda reason: administration.unlock(user=user, account_id=account_id, reason=reason),
        "已解锁。",
    )


@blueprint.post("/accounts/<int:account_id>/disable")
@require(Permission.ACCOUNTS_ACCOUNT_MANAGE)
@proven
def disable_account(account_id: int) -> ResponseReturnValue:
    """Shut an account out at once."""
    asked = ask(account_id, title="确认停用？", question=DISABLE_QUESTION, label="停用")
    if asked is not None:
        return asked
    user = signed_in()
    return act_with_reason(
        account_id,
        lambda reason: administration.disable(user=user, account_id=account_id, reason=reason),
        "已停用，这个账号已经退出。",
    )


@blueprint.post("/accounts/<int:account_id>/enable")
@require(Permission.ACCOUNTS_ACCOUNT_MANAGE)
@proven
def enable_account(account_id: int) -> ResponseReturnValue:
    """Let a disabled account in again."""
    user = signed_in()
    return act_with_reason(
        account_id,
        lambda reason: administration.enable(user=user, account_id=account_id, reason=reason),
        "已启用。",
    )


@blueprint.post("/accounts/<int:account_id>/reset")
@require(Permission.ACCOUNTS_ACCOUNT_MANAGE)
@proven
def reset_account(account_id: int) -> ResponseReturnValue:
    """Void a password; the new code stands on this answer and nowhere else."""
    asked = ask(account_id, title="确认重设密码？", question=RESET_QUESTION, label="重设")
    if asked is not None:
        return asked
    user, row, form = signed_in(), load(account_id), ReasonForm()
    code = credentials.make_code()
    code_hash, reason = credentials.hash_code(code), text_in(form.reason)
    try:
        with db.write():
            administration.reset(
                user=user, account_id=account_id, code_hash=code_hash, reason=reason
            )
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return render_account(load(account_id), form, status=422)
    hours = security_profile().reset_hours
    return render_template("accounts/reset_account.html", row=row, code=code, hours=hours)


@blueprint.post("/accounts/<int:account_id>/second-factor/reset")
@require(Permission.ACCOUNTS_FACTOR_RESET)
@proven
def reset_factor(account_id: int) -> ResponseReturnValue:
    """Take a lost second factor away."""
    asked = ask(account_id, title="确认重置动态口令？", question=FACTOR_QUESTION, label="重置")
    if asked is not None:
        return asked
    user = signed_in()
    return act_with_reason(
        account_id,
        lambda reason: administration.reset_factor(user=user, account_id=account_id, reason=reason),
        "已重置动态口令。",
    )


@blueprint.post("/accounts/<int:account_id>/sessions/end")
@require(Permission.ACCOUNTS_ACCOUNT_MANAGE)
@proven
def end_account_sessions(account_id: int) -> ResponseReturnValue:
    """End all sessions of somebody."""
    load(account_id)
    user = signed_in()
    return end(account_id, lambda: administration.end_sessions(user=user, account_id=account_id))


@blueprint.post("/accounts/<int:account_id>/sessions/<string:handle>/end")
@require(Permission.ACCOUNTS_ACCOUNT_MANAGE)
@proven
def end_account_session(account_id: int, handle: str) -> ResponseReturnValue:
    """End one session of somebody."""
    load(account_id)
    user, found = signed_in(), sessions.find_living(account_id, handle)
    if found is None:
        abort(404)
    token_hash = found.token_hash
    return end(
        account_id,
        lambda: administration.end_session(user=user, account_id=account_id, token_hash=token_hash),
    )


def end(account_id: int, act: Callable[[], object]) -> ResponseReturnValue:
    """End sessions and go back to the account."""
    return move(act, done="已退出。", to=url_for("accounts.show_account", account_id=account_id))


@blueprint.route("/accounts/slips/new", methods=["GET", "POST"])
@require(Permission.ACCOUNTS_ACCOUNT_MANAGE)
@proven
def print_slips() -> ResponseReturnValue:
    """Order activation slips for everybody who waits, or for one department."""
    form = SlipsForm()
    departments = [(str(each.id), each.name) for each in service.list_departments()]
    form.department.choices = [("", "全部部门"), *departments]
    if request.method != "POST":
        return show_print_slips(form)
    if not form.validate():
        return show_print_slips(form, status=422)
    chosen = text_in(form.department)
    try:
        with db.write():
            public_id = slips.order_slips(
                user=signed_in(),
                department_id=int(chosen) if chosen else None,
                is_again=bool(form.again.data),
            )
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_print_slips(form, status=422)
    return redirect(url_for("jobs.show_job", public_id=public_id), 303)


def show_print_slips(form: SlipsForm, *, status: int = 200) -> ResponseReturnValue:
    """Show how many wait for a slip, and the form."""
    page = render_template(
        "accounts/print_slips.html",
        form=form,
        count=len(slips.waiting(department_id=None, is_again=False)),
        count_again=len(slips.waiting(department_id=None, is_again=True)),
        valid_until=slips.valid_until(),
    )
    return page, status


@blueprint.get("/accounts/slips/<string:public_id>")
@require(Permission.ACCOUNTS_ACCOUNT_MANAGE)
def show_slips(public_id: str) -> ResponseReturnValue:
    """Show a batch of slips that I ordered, with the one download."""
    batch = slips.get_batch_for(signed_in(), public_id)
    if batch is None:
        abort(404)
    return render_template("accounts/show_slips.html", batch=batch)


@blueprint.post("/accounts/slips/<string:public_id>/fetch")
@require(Permission.ACCOUNTS_ACCOUNT_MANAGE)
@proven
def fetch_slips(public_id: str) -> ResponseReturnValue:
    """Hand the slips over, once: the file is erased in the same act."""
    user = signed_in()
    batch = slips.get_batch_for(user, public_id)
    if batch is None:
        abort(404)
    content = slips.read_batch(batch)
    with db.write():
        is_mine = content is not None and slips.erase(batch.id, person_id=user.person_id)
    if not is_mine or content is None:
        flash("激活单已经下载过，或者超过一天已删除。请重新打印。", "error")
        return redirect(url_for("accounts.show_slips", public_id=public_id), 303)
    response = Response(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = "attachment; filename=slips.pdf"
    return response
