"""The pages of every register: list, Excel, a new entry, an entry changed.

One function for each act, registered once for each register under names of its own
(`list_windows`, `edit_post`), so that permissions, addresses and navigation see ordinary views.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.roster.register_forms import RegisterForm
from app.accounts.roster.registers import REGISTERS, Register, save_entry
from app.accounts.views import blueprint
from app.audit.exports import answer_export
from app.kernel import db, htmx, listing
from app.kernel.declared import require
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, signed_in

STALE = "别人刚刚改过这一项。下面是最新内容和你填写的内容，请核对后再保存。"


def address_of(register: Register) -> str:
    """Give where a register's pages begin."""
    return f"/{register.word.replace('_', '-')}s"


def add_views(register: Register) -> None:
    """Give a register its pages."""
    base, word = address_of(register), register.word
    read, edit = Permission.ACCOUNTS_ROSTER_READ, Permission.ACCOUNTS_REGISTER_EDIT

    def list_entries() -> ResponseReturnValue:
        """List the entries."""
        return show_list(register)

    def export_entries() -> ResponseReturnValue:
        """Give the list as an Excel file."""
        return answer_export(
            register.listing,
            register.select(),
            what=register.word,
            name=f"{register.title}.xlsx",
            user=signed_in(),
        )

    def new_entry() -> ResponseReturnValue:
        """Register an entry."""
        return edit_form(register, None)

    def edit_entry(entry_id: int) -> ResponseReturnValue:
        """Change an entry."""
        return edit_form(register, entry_id)

    views: list[tuple[str, str, Callable[..., ResponseReturnValue], Permission, list[str]]] = [
        (f"list_{word}s", base, list_entries, read, ["GET"]),
        (f"export_{word}s", f"{base}/export", export_entries, read, ["GET"]),
        (f"new_{word}", f"{base}/new", new_entry, edit, ["GET", "POST"]),
        (f"edit_{word}", f"{base}/<int:entry_id>/edit", edit_entry, edit, ["GET", "POST"]),
    ]
    for name, rule, view, permission, methods in views:
        view.__name__ = name
        blueprint.add_url_rule(rule, name, require(permission)(view), methods=methods)


def show_list(register: Register) -> ResponseReturnValue:
    """Show a register; its first column leads to the entry where it may be changed."""
    may_edit = signed_in().can(Permission.ACCOUNTS_REGISTER_EDIT)
    new_url = url_for(f"accounts.new_{register.word}")
    view = listing.show(
        linked(register) if may_edit or register.has_page else register.listing,
        register.select(),
        request.args,
        url=url_for(f"accounts.list_{register.word}s"),
        export_url=url_for(f"accounts.export_{register.word}s"),
        empty_action=(f"登记第一个{register.noun}", new_url) if may_edit else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "accounts/list_register.html",
        listing=view,
        register=register,
        tabs=tabs_of(register),
        new_url=new_url if may_edit else None,
    )


def linked(register: Register) -> listing.Listing[Any]:
    """Give the register's list with links from the entries' names to their pages or forms."""
    place = next(i for i, each in enumerate(register.listing.columns) if each.name in LINKED)
    column = register.listing.columns[place]

    def cell(row: Any) -> listing.Cell:  # noqa: ANN401 - the rows of any register.
        entry = row if isinstance(row, register.model) else row[0]
        act = "show" if register.has_page else "edit"
        href = url_for(f"accounts.{act}_{register.word}", entry_id=entry.id)
        return replace(listing.as_cell(column.cell(row)), href=href)

    columns = list(register.listing.columns)
    columns[place] = replace(column, cell=cell)
    return replace(register.listing, columns=columns)


LINKED = {"name", "number"}


# Lists beside people and registers, in the order of their tabs: view, label, who may open it.
PERIODS = (
    ("list_deputies", "A/B角", Permission.ACCOUNTS_ROSTER_READ),
    ("list_authorisations", "事项授权", Permission.ACCOUNTS_AUTHORISATION_READ),
)


def tabs_of(current: Register | str | None) -> list[dict[str, Any]]:
    """Give the tabs by which people and registers are reached from one another.

    `current` is a register, the name of the view of another list, or None for the people.
    """
    people = {
        "label": "人员",
        "url": url_for("accounts.list_people"),
        "is_current": current is None,
    }
    imports = {
        "label": "名单导入",
        "url": url_for("accounts.list_imports"),
        "is_current": False,
    }
    return [
        people,
        *([imports] if signed_in().can(Permission.ACCOUNTS_ROSTER_IMPORT) else []),
        *(
            {
                "label": each.title,
                "url": url_for(f"accounts.list_{each.word}s"),
                "is_current": each is current,
            }
            for each in REGISTERS
        ),
        *(
            {
                "label": label,
                "url": url_for(f"accounts.{view}"),
                "is_current": view == current,
            }
            for view, label, permission in PERIODS
            if signed_in().can(permission)
        ),
    ]


def edit_form(register: Register, entry_id: int | None) -> ResponseReturnValue:
    """Show or save the form of an entry; a stale edit shows what is stored beside it."""
    entry: Any = db.session.get(register.model, entry_id) if entry_id else None
    if entry_id and entry is None:
        abort(404)
    form = register.form(obj=None if request.method == "POST" else entry)
    form.prepare()
    if request.method != "POST":
        return draw(register, form, entry)
    if not form.validate():
        return draw(register, form, entry, status=422)
    try:
        with db.write():
            save_entry(
                register=register,
                entry_id=entry_id,
                form=form,
                saved_by_id=signed_in().person_id,
            )
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return draw(register, form, entry, status=422)
    except StaleEditError:
        form.add_errors({"": STALE})
        form.version.data = entry.version if entry else 0
        return draw(register, form, entry, is_stale=True, status=409)
    flash("已保存。", "success")
    return redirect(url_for(f"accounts.list_{register.word}s"), 303)


def draw(
    register: Register,
    form: RegisterForm,
    entry: Any,  # noqa: ANN401 - an entry of any register.
    *,
    is_stale: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    """Draw the form of an entry."""
    stored = []
    if is_stale:
        named = {"closed_on": "停用日期", **register.fields}
        stored = [
            {"label": label, "text": shown(form, entry, name)} for name, label in named.items()
        ]
    page = render_template(
        "accounts/edit_register.html",
        form=form,
        register=register,
        entry=entry,
        fields=[form[name] for name in (*register.fields, "closed_on")],
        stored=stored,
        back_url=url_for(f"accounts.list_{register.word}s"),
    )
    return page, status


def shown(form: RegisterForm, entry: Any, name: str) -> str:  # noqa: ANN401
    """Write a stored value as the form's own words say it."""
    value = getattr(entry, name)
    choices = getattr(form[name], "choices", None) or []
    labels = {str(each.value): each.label for each in choices}
    return "" if value is None else str(labels.get(str(value), value))


for each_register in REGISTERS:
    add_views(each_register)
