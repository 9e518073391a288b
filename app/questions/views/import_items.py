"""One question of a file: taken, mended beside its source and taken, left out, looked at again."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.files import service as files
from app.files.models import StoredFile
from app.kernel import db
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.questions.forms import QuestionForm
from app.questions.imports import service, takeover
from app.questions.imports.cards import card_of, form_values
from app.questions.imports.models import ImportItemState, QuestionImport, QuestionImportItem
from app.questions.key_reading import record_keys_read
from app.questions.service import Content
from app.questions.views.base import blueprint
from app.questions.views.imports import kept_state, load_import

EDIT = Permission.QUESTIONS_QUESTION_EDIT
REFUSED, STALE = 422, 409
NO_KIND = "请选择题型。"


def load_item(public_id: str, place: int) -> tuple[QuestionImport, QuestionImportItem]:
    """Give a question of a file that I may see, or answer 404."""
    imported = load_import(public_id)
    item = service.get_item_for(signed_in(), imported, place)
    if item is None:
        abort(404)
    return imported, item


def decide(
    public_id: str, place: int, act: Callable[..., object], done: str
) -> ResponseReturnValue:
    """Decide on a question, and go back to where it stood."""
    imported, _ = load_item(public_id, place)
    user = signed_in()
    return move(
        lambda: act(import_id=imported.id, place=place, user=user),
        done=done,
        to=url_for("questions.show_import", public_id=public_id, **kept_state()),
    )


@blueprint.post("/imports/<string:public_id>/items/<int:place>/take")
@require(EDIT)
def take_item(public_id: str, place: int) -> ResponseReturnValue:
    """Take a question as it was read."""
    return decide(public_id, place, takeover.take_item, "已采用。")


@blueprint.post("/imports/<string:public_id>/items/<int:place>/drop")
@require(EDIT)
def drop_item(public_id: str, place: int) -> ResponseReturnValue:
    """Leave a question out."""
    return decide(public_id, place, takeover.drop_item, "已标为不采用，可以随时恢复。")


@blueprint.post("/imports/<string:public_id>/items/<int:place>/restore")
@require(EDIT)
def restore_item(public_id: str, place: int) -> ResponseReturnValue:
    """Look at a question again that was left out."""
    return decide(public_id, place, takeover.restore_item, "已恢复，请核对。")


@blueprint.get("/imports/<string:public_id>/items/<int:place>/pictures/<int:file_id>")
@require(EDIT)
def show_item_picture(public_id: str, place: int, file_id: int) -> ResponseReturnValue:
    """Give a picture of a question that was read."""
    _, item = load_item(public_id, place)
    is_its_own = file_id in service.pictures_of(item).values()
    file = db.session.get(StoredFile, file_id) if is_its_own else None
    return files.answer_if_there(file, is_inline=True)


@blueprint.route("/imports/<string:public_id>/items/<int:place>/edit", methods=["GET", "POST"])
@require(EDIT)
def edit_item(public_id: str, place: int) -> ResponseReturnValue:
    """Mend a question beside its source, and take it."""
    imported, item = load_item(public_id, place)
    form, user = QuestionForm(), signed_in()
    form.prepare_articles()
    if request.method != "POST":
        fill(form, imported, item)
        return show_item(form, imported, item)
    pictures = service.pictures_of(item)

    def create() -> int:
        return takeover.take_mended(
            import_id=imported.id,
            place=place,
            mended=lambda group_id: mended(form, group_id, pictures, shared_markers(item)),
            tags=form.read_tags(),
            user=user,
        )

    question_id = save(form, create) if names_kind(form) else None
    if question_id is None:
        # Somebody may have taken it meanwhile: what is said then is where it is.
        db.session.expire_all()
        return show_item(form, *load_item(public_id, place), status=REFUSED)
    return redirect(url_for("questions.show_import", public_id=public_id, **kept_state()), 303)


def names_kind(form: QuestionForm) -> bool:
    """Refuse a form that names no kind: nothing is taken for one that nobody chose."""
    if form.kind.name in request.form:
        return True
    form.validate()
    form.kind.data = None
    form.add_errors({"kind": NO_KIND})
    return False


def shared_markers(item: QuestionImportItem) -> frozenset[str]:
    """Name the pictures in the shared stem, which nobody edits."""
    group = service.parsed_in(item).group
    known = service.pictures_of(item)
    return frozenset(each for each in known if group and each in group.stem)


def mended(
    form: QuestionForm, group_id: int | None, pictures: Mapping[str, int], shared: Collection[str]
) -> Content:
    """Give the typed question; pictures stay whose marker stays in stem, options or shared stem."""
    content = form.content(group_id=group_id)
    texts = "\n".join((content.stem, *content.options))
    kept = {
        marker: file for marker, file in pictures.items() if marker in texts or marker in shared
    }
    return replace(content, pictures=kept)


def fill(form: QuestionForm, imported: QuestionImport, item: QuestionImportItem) -> None:
    """Fill the form in with what was read."""
    for name, value in form_values(service.parsed_in(item)).items():
        form[name].data = value
    form.category.data = imported.category.value
    form.post_group.data = imported.post_group.value if imported.post_group else ""


def show_item(
    form: QuestionForm, imported: QuestionImport, item: QuestionImportItem, *, status: int = 200
) -> ResponseReturnValue:
    """Show the form beside the source; of what is taken only where it is."""
    is_taken = item.state is ImportItemState.TAKEN
    record_keys_read(signed_in(), [item.question_id] if item.question_id else [])
    page = render_template(
        "questions/imports/edit_item.html",
        form=form,
        imported=imported,
        card=card_of(item, service.pictures_of(item)),
        is_taken=is_taken,
        kept=kept_state(),
    )
    return page, STALE if is_taken and status == REFUSED else status
