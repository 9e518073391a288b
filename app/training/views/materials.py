"""课件 of a class, and 学习会记录."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.files import scans
from app.files import service as files
from app.files.kept_photos import take_photo
from app.files.models import StoredFile
from app.files.uploads import take_upload
from app.kernel import db
from app.kernel.acts import attempt, move
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import RefusedError, StaleEditError, ask_first, text_in
from app.kernel.permissions import Permission, signed_in
from app.training import classes, materials
from app.training.forms import MaterialForm, RecordForm
from app.training.models import ClassKind, TrainingClass
from app.training.views import blueprint
from app.training.views.loading import DRAFT, REFUSED, STALE, load_listed, load_own

READ, VIEW = Permission.TRAINING_CLASS_READ, Permission.TRAINING_CLASS_VIEW
MAX_PHOTO = 10 << 20
CACHE = "private, max-age=300"


@blueprint.route("/classes/<string:public_id>/materials/new", methods=["GET", "POST"])
@require(DRAFT)
@takes_bytes(scans.MAX_BYTES)
def new_material(public_id: str) -> ResponseReturnValue:
    """Add a picture or a PDF to a class; it is drawn anew, no byte that was sent is kept."""
    found, form = load_own(public_id), MaterialForm()
    if request.method != "POST":
        return show_material_form(found, form)
    upload = take_upload(form, max_bytes=scans.MAX_BYTES)
    if upload is None:
        return show_material_form(found, form, status=REFUSED)
    try:
        scan = scans.keep_scan(upload)
        sha256 = files.put_content(scan.content)
        with db.write():
            materials.add(
                class_id=found.id,
                title=text_in(form.title),
                scan=scan,
                sha256=sha256,
                user=signed_in(),
            )
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_material_form(found, form, status=REFUSED)
    flash("课件已上传。", "success")
    return redirect(url_for("training.show_class", public_id=public_id), 303)


def show_material_form(
    found: TrainingClass, form: MaterialForm, *, status: int = 200
) -> ResponseReturnValue:
    """Show the upload."""
    page = render_template(
        "training/new_material.html", found=found, form=form, accept=scans.ACCEPTED
    )
    return page, status


@blueprint.get("/materials/<string:public_id>")
@require(VIEW)
def show_material(public_id: str) -> ResponseReturnValue:
    """Give a material of a class that I may see."""
    found = materials.get_material_for(signed_in(), public_id)
    return files.answer_if_there(found[2] if found else None, is_inline=False)


@blueprint.post("/materials/<string:public_id>/remove")
@require(DRAFT)
def remove_material(public_id: str) -> ResponseReturnValue:
    """Delete a material of a class that I organise, after asking."""
    found, user = materials.get_material_for(signed_in(), public_id), signed_in()
    if found is None or not classes.covers(user, DRAFT, found[1]):
        abort(404)
    material, of_class, _ = found
    back = url_for("training.show_class", public_id=of_class.public_id)
    asked = ask_first(
        title="删除课件",
        question=f"删除课件“{material.title}”？删除后不能恢复。",
        label="删除",
        back_url=back,
    )
    if asked is not None:
        return asked
    return move(
        lambda: materials.remove(material_id=material.id, user=user), done="课件已删除。", to=back
    )


def load_study(public_id: str) -> TrainingClass:
    """Load a 学习会 that I organise; 404 for a class of another kind."""
    found = load_own(public_id)
    if found.kind is not ClassKind.STUDY:
        abort(404)
    return found


@blueprint.route("/classes/<string:public_id>/record/edit", methods=["GET", "POST"])
@require(DRAFT)
@takes_bytes(MAX_PHOTO)
def edit_record(public_id: str) -> ResponseReturnValue:
    """Write 学习会记录, with its one photo."""
    found, form = load_study(public_id), RecordForm()
    if request.method != "POST":
        form.fill(materials.get_record(found.id))
        return show_record_form(found, form)
    photo = take_photo(form, max_bytes=MAX_PHOTO)

    def act() -> bool:
        materials.write_record(
            class_id=found.id,
            seen_version=form.version.data,
            texts=form.read_texts(),
            photo=photo,
            user=signed_in(),
        )
        return True

    try:
        if form.errors or attempt(form, act) is None:
            return show_record_form(found, form, status=REFUSED)
    except StaleEditError:
        form.form_errors.append("别人刚改过这份记录，请返回看过最新内容再改。")
        return show_record_form(found, form, status=STALE)
    flash("学习会记录已保存。", "success")
    return redirect(url_for("training.show_class", public_id=public_id), 303)


def show_record_form(
    found: TrainingClass, form: RecordForm, *, status: int = 200
) -> ResponseReturnValue:
    """Show the form of the record."""
    record = materials.get_record(found.id)
    page = render_template(
        "training/edit_record.html",
        found=found,
        form=form,
        counts=classes.count(found.id),
        has_photo=record is not None and record.photo_file_id is not None,
    )
    return page, status


@blueprint.get("/classes/<string:public_id>/photo")
@require(READ)
def show_record_photo(public_id: str) -> Response:
    """Give the photo of a 学习会记录."""
    record = materials.get_record(load_listed(public_id).id)
    photo = db.session.get(StoredFile, record.photo_file_id or 0) if record else None
    response = files.answer_if_there(photo, is_inline=False)
    response.headers["Cache-Control"] = CACHE
    return response
