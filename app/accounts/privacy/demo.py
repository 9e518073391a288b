"""The demonstration's photos, which show nobody, and somebody who left years ago."""

import io
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts import passwords, service
from app.accounts.models import Person
from app.accounts.privacy import anonymising, photos
from app.accounts.roster import people
from app.files import service as files
from app.kernel import db
from app.kernel.permissions import Role

# 工号 of whom a visitor may enter as, and the colour behind him.
PORTRAITS = {
    "QY0301": (214, 226, 238),
    "QY0402": (236, 224, 214),
    "QY0103": (220, 234, 222),
    "QY0201": (230, 222, 236),
}
FIGURE = (96, 108, 122)
LEFT_NUMBER, LEFT_NAME = "QY0990", "范清越"
CLERK_NUMBER = "QY0103"


def fill(day: date) -> None:
    """Give the cast photos, and let one be anonymised whose term is over."""
    contents = {number: draw(color) for number, color in PORTRAITS.items()}
    stored = {number: files.put_content(content) for number, content in contents.items()}
    with db.write():
        ids = ids_of([*PORTRAITS, CLERK_NUMBER])
        for number, sha256 in stored.items():
            photos.set_photo(
                person_id=ids[number],
                sha256=sha256,
                size=len(contents[number]),
                set_by_id=ids[CLERK_NUMBER],
            )
        anonymising.anonymise(let_leave(day, by_id=ids[CLERK_NUMBER]))


def ids_of(numbers: list[str]) -> dict[str, int]:
    """Give the ids of people by 工号."""
    rows = db.session.execute(
        select(Person.staff_number, Person.id).where(Person.staff_number.in_(numbers))
    )
    return {row.staff_number: row.id for row in rows}


def let_leave(day: date, *, by_id: int) -> int:
    """Add somebody who was there for a year and left longer ago than the term; gives his id."""
    person_id = service.add_person(
        staff_number=LEFT_NUMBER,
        name=LEFT_NAME,
        department_id=service.list_departments()[-1].id,
        post="后台",
        password_hash=passwords.NO_PASSWORD,
        roles=[Role.STAFF],
        joined_on=day - timedelta(days=1500),
    )
    people.let_leave(person_id=person_id, left_on=day - timedelta(days=1135), by_id=by_id)
    return person_id


def draw(color: tuple[int, int, int]) -> bytes:
    """Draw a head and shoulders of nobody."""
    # The demonstration alone draws here: elsewhere only children open pictures.
    from PIL import Image, ImageDraw  # noqa: PLC0415

    picture = Image.new("RGB", photos.SHAPE, color)
    pen = ImageDraw.Draw(picture)
    pen.ellipse((150, 130, 330, 350), fill=FIGURE)
    pen.ellipse((60, 390, 420, 900), fill=FIGURE)
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
