"""Pages of a person's photo: uploading, showing, removing; and everybody's own."""

from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.privacy import photos
from app.accounts.privacy.forms import PhotoForm
from app.accounts.roster.people_views import EDIT, READ, load, load_mine, person_url
from app.accounts.views import blueprint
from app.files import service as files
from app.files.uploads import take_upload
from app.kernel import db
from app.kernel.acts import move
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import RefusedError, ask_first
from app.kernel.permissions import Permission, signed_in

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
# Shorter than the hour within which a photo must be gone.
CACHE = "private, max-age=300"
REMOVE_QUESTION = "删除后不能恢复，要用时重新上传。"


@blueprint.route("/people/<int:person_id>/photo/edit", methods=["GET", "POST"])
@require(EDIT)
@takes_bytes(photos.MAX_BYTES)
def edit_photo(person_id: int) -> ResponseReturnValue:
    """Upload a person's photo, in place of an earlier one."""
    row = load_mine(person_id)
    form = PhotoForm()
    if request.method != "POST":
        return show_form(form, person_id, row.person.name)
    upload = take_upload(form, max_bytes=photos.MAX_BYTES)
    if upload is None:
        return show_form(form, person_id, row.person.name, status=REFUSED)
    try:
        keep(person_id, photos.draw(upload.content))
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_form(form, person_id, row.person.name, status=REFUSED)
    flash("照片已保存。", "success")
    return redirect(person_url(person_id), 303)


def keep(person_id: int, content: bytes) -> None:
    """Store a photo that was drawn anew; raises RefusedError."""
    sha256, user = files.put_content(content), signed_in()
    with db.write():
        photos.set_photo(
            person_id=person_id, sha256=sha256, size=len(content), set_by_id=user.person_id
        )


def show_form(
    form: PhotoForm, person_id: int, name: str, *, status: int = 200
) -> ResponseReturnValue:
    """Show the upload."""
    page = render_template("accounts/edit_photo.html", form=form, person_id=person_id, name=name)
    return page, status


@blueprint.get("/people/<int:person_id>/photo")
@require(READ)
def show_photo(person_id: int) -> ResponseReturnValue:
    """Give the photo of a person whom I may see."""
    return answer_with(load(person_id).person.id)


@blueprint.post("/people/<int:person_id>/photo/remove")
@require(EDIT)
def remove_photo(person_id: int) -> ResponseReturnValue:
    """Delete a person's photo, after asking once more."""
    row = load_mine(person_id)
    return remove(person_id, f"确认删除{row.person.name}的照片？", person_url(person_id))


@blueprint.get("/account/photo")
@require(Permission.ACCOUNTS_OWN_MANAGE)
def show_own_photo() -> ResponseReturnValue:
    """Give my own photo."""
    return answer_with(signed_in().person_id)


@blueprint.post("/account/photo/remove")
@require(Permission.ACCOUNTS_OWN_MANAGE)
def remove_own_photo() -> ResponseReturnValue:
    """Take back my consent: my photo is deleted, after asking once more."""
    back_url = url_for("accounts.show_own_account")
    return remove(signed_in().person_id, "确认不再使用照片？", back_url)


def remove(person_id: int, title: str, back_url: str) -> ResponseReturnValue:
    """Delete a photo unless it must be asked first."""
    asked = ask_first(title=title, question=REMOVE_QUESTION, label="删除照片", back_url=back_url)
    if asked is not None:
        return asked
    return move(
        lambda: photos.remove_photo(person_id=person_id, removed_by_id=signed_in().person_id),
        done="照片已删除。",
        to=back_url,
    )


def answer_with(person_id: int) -> Response:
    """Answer with a photo: a browser that opens it by itself saves it (IN5)."""
    response = files.answer_if_there(photos.get_file(person_id), is_inline=False)
    response.headers["Cache-Control"] = CACHE
    return response
