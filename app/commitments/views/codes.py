"""Pages of a window's 好差评码: uploading the official picture, looking at it, removing it."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.roster.models import ServiceWindow
from app.commitments import codes
from app.commitments.forms import CodeForm
from app.commitments.views import blueprint
from app.files import service as files
from app.files.uploads import take_upload
from app.kernel import db
from app.kernel.acts import move
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import RefusedError, ask_first
from app.kernel.permissions import Permission, signed_in

READ = Permission.COMMITMENTS_SHEET_READ
DRAFT = Permission.COMMITMENTS_SHEET_DRAFT
RULE = "/commitments/windows/<int:window_id>/rating-code"
REFUSED = 422
CACHE = "private, max-age=300"
REMOVE_QUESTION = "删除后台卡上不再印好差评码，要用时重新上传。"


@blueprint.route(f"{RULE}/edit", methods=["GET", "POST"])
@require(DRAFT)
@takes_bytes(codes.MAX_BYTES)
def edit_rating_code(window_id: int) -> ResponseReturnValue:
    """Upload the code of a window, in place of an earlier one."""
    window, form = load_window(window_id, DRAFT), CodeForm()
    if request.method != "POST":
        return show_form(form, window)
    upload = take_upload(form, max_bytes=codes.MAX_BYTES)
    if upload is None:
        return show_form(form, window, status=REFUSED)
    try:
        keep(window_id, codes.draw(upload.content))
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_form(form, window, status=REFUSED)
    flash("好差评码已保存，下次打印台卡时印上。", "success")
    return redirect(edit_url(window_id), 303)


def keep(window_id: int, content: bytes) -> None:
    """Store a picture that was drawn anew."""
    sha256, user = files.put_content(content), signed_in()
    with db.write():
        codes.set_code(
            window_id=window_id, sha256=sha256, size=len(content), set_by_id=user.person_id
        )


def edit_url(window_id: int) -> str:
    """Give the address of a window's code."""
    return url_for("commitments.edit_rating_code", window_id=window_id)


def show_form(form: CodeForm, window: ServiceWindow, *, status: int = 200) -> ResponseReturnValue:
    """Show the upload."""
    page = render_template(
        "commitments/edit_rating_code.html",
        form=form,
        window=window,
        has_code=codes.get_file(window.id) is not None,
        remove_question=REMOVE_QUESTION,
    )
    return page, status


@blueprint.get(RULE)
@require(READ)
def show_rating_code(window_id: int) -> ResponseReturnValue:
    """Give the picture."""
    load_window(window_id, READ)
    file = codes.get_file(window_id)
    if file is None:
        abort(404)
    try:
        response = files.answer_with(file, is_inline=False)
    except files.DamagedFileError:
        abort(404)
    response.headers["Cache-Control"] = CACHE
    return response


@blueprint.post(f"{RULE}/remove")
@require(DRAFT)
def remove_rating_code(window_id: int) -> ResponseReturnValue:
    """Delete the code of a window, after asking once more."""
    window = load_window(window_id, DRAFT)
    asked = ask_first(
        title=f"确认删除{window.number}号窗口的好差评码？",
        question=REMOVE_QUESTION,
        label="删除",
        back_url=edit_url(window_id),
    )
    if asked is not None:
        return asked
    return move(
        lambda: codes.remove_code(window_id=window_id, removed_by_id=signed_in().person_id),
        done="好差评码已删除。",
        to=edit_url(window_id),
    )


def load_window(window_id: int, permission: Permission) -> ServiceWindow:
    """Load a window of a department where I hold a permission, or answer 404."""
    window = codes.get_window_for(signed_in(), permission, window_id)
    if window is None:
        abort(404)
    return window
