"""Photos of nobody, uploaded as a 经办人 does."""

import io

from PIL import Image
from python_calamine import CalamineWorkbook
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.accounts.privacy.models import PersonPhoto
from app.files import service as files
from app.files.models import StoredFile
from app.kernel import db

GREY = (90, 120, 150)


def picture(kind="JPEG", size=(600, 900), color=GREY, **options):
    """Draw a picture."""
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, kind, **options)
    return buffer.getvalue()


def upload_photo(browser, person_id, content=None, name="照片.jpg", status=303, **changes):
    """Fill in the page of a photo and send it; gives the answer's text."""
    page = browser.get(f"/people/{person_id}/photo/edit")
    values = {
        "file": attached(picture() if content is None else content, name),
        "is_unclassified": "y",
        "has_consent": "y",
        "csrf_token": page.one("#photo-form [name=csrf_token]").get("value"),
        **changes,
    }
    sent = {key: value for key, value in values.items() if value is not None}
    answer = send_form(browser, page.one("#photo-form").get("action"), sent)
    assert answer.status_code == status, answer.get_data(as_text=True)[:3000]
    return answer.get_data(as_text=True)


def attached(content, name):
    """Give a file as a form sends it."""
    return FileStorage(io.BytesIO(content), name)


def send_form(browser, url, values):
    """Send a form with a file from memory: the client would leave a large one open on the disk."""
    boundary, body = encode_multipart(values)
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.client.post(url, data=body, content_type=kind)


def file_of(person_id):
    """Give the stored photo of a person, whether it may be shown or not."""
    photo = db.session.get(PersonPhoto, person_id)
    return db.session.get_one(StoredFile, photo.file_id) if photo else None


def path_of(person_id):
    """Give where the bytes of a photo lie."""
    return files.path_of(file_of(person_id).sha256)


def read_book(content):
    """Read all sheets of a workbook, the header first."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}
