"""A photo that has come already is not asked for again because another field was wrong.

A browser never fills a file field in again: whoever took a photo with a tablet would have to take
it once more. The bytes are stored; their hash goes into a signed hidden field of the form that is
shown again, and counts in place of a file for the same person. Orphans are swept after a day.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from wtforms import HiddenField

from app.files import images, service, uploads
from app.files.uploads import UploadForm
from app.kernel import clock
from app.kernel.forms import RefusedError
from app.kernel.permissions import signed_in

SALT = "kept-photo"
# Less than the day after which what no row names is swept.
LONGEST = timedelta(hours=12)


class Kept(NamedTuple):
    """A photo whose bytes are stored."""

    sha256: str
    size: int


def serializer() -> URLSafeSerializer:
    """Give what signs these fields and nothing else."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=SALT)


class KeptField(HiddenField):
    """The photo that came with the form before; a forged or an old one counts as none."""

    @property
    def photo(self) -> Kept | None:
        """Give the photo that this person sent."""
        try:
            person_id, sha256, size, at = serializer().loads(self.data or "")
        except (BadData, ValueError, TypeError):
            return None
        is_old = clock.now() - datetime.fromisoformat(at) >= LONGEST
        is_gone = not service.path_of(sha256).is_file()
        if is_old or is_gone or person_id != signed_in().person_id:
            return None
        return Kept(sha256, size)

    def keep(self, photo: Kept) -> None:
        """Remember a photo for the next time that this form is sent."""
        fields = [signed_in().person_id, *photo, clock.now().isoformat()]
        self.data = serializer().dumps(fields)


class PhotoForm(UploadForm):
    """A form with one photo that is kept while other fields are put right."""

    kept = KeptField()


def take_photo(
    form: PhotoForm,
    *,
    max_bytes: int,
    name: str = "file",
    is_needed: bool = False,
    is_alone: bool = True,
) -> Kept | None:
    """Give the photo of a form that was sent: the one chosen now, or the one kept from before.

    What is wrong stands on the form: the caller asks `form.errors`. The tick belongs to the file;
    a photo that is not `is_alone` stands beside another file, for which it is asked in any case.
    """
    if not uploads.is_chosen(name):
        if form.kept.photo is None and is_alone and not is_needed and "is_unclassified" in form:
            form.is_unclassified.validators = ()
        return take_kept(form, name, is_needed=is_needed)
    form.validate()
    if "is_unclassified" in form and form.is_unclassified.errors:
        return None
    try:
        upload = uploads.read_file(max_bytes, name)
        uploads.check_marks(upload)
        content = images.draw_anew(upload.content)
    except RefusedError as refused:
        form.add_errors({name: str(refused)})
        return None
    photo = Kept(service.put_content(content), len(content))
    form.kept.keep(photo)
    return photo


def take_kept(form: PhotoForm, name: str, *, is_needed: bool) -> Kept | None:
    """Give the photo that came before, if any."""
    photo = form.kept.photo
    form.validate()
    if photo is None and is_needed:
        form.add_errors({name: uploads.NO_FILE})
    return photo
