"""台卡, 上墙海报 and 亮标准公示 of a version that is 公开中: 摆桌上墙, as PDF.

A service builds a frozen dataclass, a template renders it, a job prints it (app/files/papers.py).
The 校验码 on each is the hash that was frozen when the version was approved. A card shows people,
so that it is deleted as soon as it says what no longer holds: "the photo of somebody who left is
gone within the hour".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from flask import render_template
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.privacy import photos
from app.accounts.roster.models import ServiceWindow
from app.commitments import codes, disclosure, identity
from app.commitments.disclosure import Disclosed, Line
from app.commitments.identity import OnDuty
from app.commitments.models import PrintKind
from app.commitments.settings import NOTICE_DAYS
from app.files import papers
from app.files import service as files
from app.files.models import ProducedPaper, StoredFile
from app.files.papers import PaperKind
from app.jobs import service as jobs
from app.kernel import clock, db, formats, pdf
from app.kernel.forms import RefusedError
from app.settings import service as settings
from app.workdays import service as workdays

# Millimetres of a point, of the card's column of commitments, and of the poster's.
POINT = 0.3528
CARD_WIDTH, WIDE_CARD_WIDTH, POSTER_WIDTH = 90, 132, 232
# Sizes of a line in points, largest first; what fits none of them is broken into two rows.
CARD_SIZES = {"large": 16.0, "middle": 13.5}
# On a poster the smallest has room for the longest line that there may be.
POSTER_SIZES = {"large": 40.0, "middle": 34.0, "small": 28.0}
BROKEN = "broken"
# A number is that much larger than the text around it, a digit that wide by its height.
NUMBER_SCALE, DIGIT = 1.5, 0.58
LONG_SLOGAN, LONGEST_ROW = 8, 9
# From so many windows in a row on, they are named by the first and the last.
ROW_OF_WINDOWS = 3
NUMBERED = re.compile(r"(.*?)(\d+)")
SLOGAN_BREAKS = str.maketrans("，,。；;、\u3000", "       ")
NOT_PUBLIC = "这一版现在不公开，不能打印。"
NO_STANDARDS = "这一版没有写服务标准，不能打印亮标准公示。请起草新版，在“亮标准”里写明标准和依据。"
NO_RECEIVER = "这一版没有写公示受理人，不能打印亮标准公示。请起草新版，写明受理的科室或岗位。"
NO_PHONE = "没有监督电话，也没有热线，不能打印亮标准公示。请在新版里写，或者在大厅资料里填。"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What every paper says of a version, as text."""

    hall: str
    department: str
    window: str
    slogan: tuple[str, ...]
    lines: tuple[Line, ...]
    size: str
    standards: tuple[tuple[str, str], ...]
    phones: tuple[tuple[str, str], ...]
    since: str
    edition: int
    stamp: str
    check_code: str

    @property
    def phone(self) -> str:
        """Give the number to call first."""
        return self.phones[0][1] if self.phones else ""

    @property
    def place(self) -> str:
        """Give whose it is."""
        return f"{self.department}{self.window and f' {self.window}号窗口'}"


@dataclass(frozen=True, kw_only=True)
class Card:
    """One desk card: front with the person on duty, back 暂停服务; its pictures by their files."""

    window: str
    person: OnDuty | None
    photo_id: int
    code_id: int
    size: str


@dataclass(frozen=True, kw_only=True)
class DeskCards:
    """The cards of everybody on duty at the windows for which a version holds."""

    sheet: Sheet
    cards: tuple[Card, ...]


@dataclass(frozen=True, kw_only=True)
class Poster:
    """The sheet for the wall."""

    sheet: Sheet
    windows: str


@dataclass(frozen=True, kw_only=True)
class Notice:
    """亮标准公示: 白头, with its last day, who takes remarks and his telephone."""

    sheet: Sheet
    until: str
    days: int
    receiver: str


def disclosed_of(record_id: int) -> Disclosed:
    """Give a version that is public; raises JobRefusedError for any other."""
    found = disclosure.get_in_force(record_id)
    if found is None:
        raise jobs.JobRefusedError(NOT_PUBLIC)
    return found


def sheet_of(disclosed: Disclosed, size: str) -> Sheet:
    """Write a version as text."""
    return Sheet(
        hall=accounts.hall_name(),
        department=disclosed.department,
        window=disclosed.window,
        slogan=break_slogan(disclosed.slogan),
        lines=disclosed.lines,
        size=size,
        standards=disclosed.standards,
        phones=disclosed.phones,
        since=formats.day(disclosed.published_on),
        edition=disclosed.edition,
        stamp=disclosed.stamp,
        check_code=disclosed.check_code,
    )


def document(
    name: str,
    title: str,
    snapshot: DeskCards | Poster | Notice,
    *,
    is_plain: bool = False,
    assets: Mapping[str, tuple[str, bytes]] | None = None,
    **context: object,
) -> pdf.Document:
    """Lay a paper out by its template and its style sheet; `is_plain` has the base of all."""
    styles = (*(("pdf/base.css",) if is_plain else ()), f"commitments/pdf/{name}.css")
    return pdf.Document(
        html=render_template(f"commitments/pdf/{name}.html", snapshot=snapshot, **context),
        stylesheets=tuple(pdf.stylesheet(each) for each in styles),
        assets=assets or {},
        title=f"{title} {snapshot.sheet.place}",
        author=snapshot.sheet.hall,
        created_at=clock.now(),
    )


def read_cards(record_id: int) -> DeskCards:
    """Read the cards of a version.

    A window without anybody on duty has one card; so has a department without windows.
    """
    disclosed = disclosed_of(record_id)
    windows = disclosure.windows_under(disclosed)
    staffed = identity.on_duty([each.id for each in windows])
    cards = tuple(
        card_of(disclosed, window, person)
        for window in windows
        for person in staffed[window.id] or (None,)
    )
    return DeskCards(
        sheet=sheet_of(disclosed, ""), cards=cards or (card_of(disclosed, None, None),)
    )


def card_of(disclosed: Disclosed, window: ServiceWindow | None, person: OnDuty | None) -> Card:
    """Give one card."""
    code = codes.get_file(window.id) if window else None
    photo = photos.get_file(person.person_id) if person else None
    width = CARD_WIDTH if code else WIDE_CARD_WIDTH
    return Card(
        window=window.number if window else "",
        person=person,
        photo_id=photo.id if photo else 0,
        code_id=code.id if code else 0,
        size=size_for(disclosed.lines, width, CARD_SIZES),
    )


def card_document(snapshot: DeskCards, code: str) -> pdf.Document:
    """Lay out the cards."""
    del code
    assets: dict[str, tuple[str, bytes]] = {}
    for card in snapshot.cards:
        for file_id in {card.photo_id, card.code_id} - {0}:
            add_asset(assets, file_id)
    return document("desk_card", "服务承诺台卡", snapshot, assets=assets)


def add_asset(assets: dict[str, tuple[str, bytes]], file_id: int) -> None:
    """Add a stored picture to those of a document; one that is gone leaves its place empty."""
    file = db.session.get(StoredFile, file_id)
    if file is not None:
        assets[f"app:/{file_id}.jpg"] = (file.media_type, files.read_content(file))


def break_slogan(slogan: str) -> tuple[str, ...]:
    """Give a slogan in two rows at most, broken where it was typed with a stop or a blank."""
    parts = slogan.translate(SLOGAN_BREAKS).split()
    rows = (parts[0], "".join(parts[1:])) if len(parts) > 1 else ()
    # A row that is much longer than the other would run into the department's name.
    if rows and max(map(len, rows)) <= LONGEST_ROW:
        return rows
    slogan = "".join(parts)
    middle = (len(slogan) + 1) // 2
    return (slogan,) if len(slogan) <= LONG_SLOGAN else (slogan[:middle], slogan[middle:])


def size_for(lines: Sequence[Line], width: float, sizes: Mapping[str, float]) -> str:
    """Give the largest size in which every line fits a width in millimetres, or that it breaks."""
    for name, points in sizes.items():
        if all(width_of(line, points) <= width for line in lines):
            return name
    return BROKEN


def width_of(line: Line, points: float) -> float:
    """Give the width of a line in millimetres, its number larger than the rest."""
    digits = len(line.number) * DIGIT * NUMBER_SCALE
    return (len(line.before) + len(line.after) + digits + 0.4) * points * POINT


def read_poster(record_id: int) -> Poster:
    """Read the poster of a version."""
    disclosed = disclosed_of(record_id)
    numbers = [each.number for each in disclosure.windows_under(disclosed)]
    size = size_for(disclosed.lines, POSTER_WIDTH, POSTER_SIZES)
    return Poster(
        sheet=sheet_of(disclosed, size),
        windows="" if disclosed.window else "、".join(in_rows(numbers)),
    )


def in_rows(numbers: Sequence[str]) -> Iterator[str]:
    """Name windows shortly: those whose numbers follow each other by the first and the last."""
    row: list[str] = []
    for number in [*numbers, ""]:
        if row and not follows(row[-1], number):
            yield from ([f"{row[0]}至{row[-1]}"] if len(row) >= ROW_OF_WINDOWS else row)
            row = []
        row.append(number)


def follows(before: str, number: str) -> bool:
    """Tell whether a window's number is the one after another: B09 and B10, not B9 and B10."""
    first, second = NUMBERED.fullmatch(before), NUMBERED.fullmatch(number)
    if first is None or second is None or len(before) != len(number):
        return False
    return first[1] == second[1] and int(second[2]) == int(first[2]) + 1


def poster_document(snapshot: Poster, code: str) -> pdf.Document:
    """Lay out the poster."""
    del code
    return document("poster", "服务承诺", snapshot)


def notice_fault(disclosed: Disclosed) -> str:
    """Say what a version lacks for a 公示; '' where nothing is lacking. Nothing is made up."""
    if not disclosed.standards:
        return NO_STANDARDS
    if not disclosed.receiver:
        return NO_RECEIVER
    return "" if disclosed.phones else NO_PHONE


def check_printable(kind: PrintKind, record_id: int) -> None:
    """Refuse to order a paper that would say less than it must; raises RefusedError."""
    disclosed = disclosure.get_in_force(record_id)
    if kind is PrintKind.NOTICE and disclosed is not None and (fault := notice_fault(disclosed)):
        raise RefusedError(form=fault)


def read_notice(record_id: int) -> Notice:
    """Read the notice of a version; raises JobRefusedError for one that lacks something."""
    disclosed = disclosed_of(record_id)
    if fault := notice_fault(disclosed):
        raise jobs.JobRefusedError(fault)
    since = clock.from_local(datetime.combine(disclosed.published_on, time()))
    until = workdays.get_deadline(received=since, days=(days := settings.get(NOTICE_DAYS)))
    return Notice(
        sheet=sheet_of(disclosed, ""),
        until=formats.day(clock.local(until.due).date()),
        days=days,
        receiver=disclosed.receiver,
    )


def notice_document(snapshot: Notice, code: str) -> pdf.Document:
    """Lay out the notice."""
    del code
    sheet = snapshot.sheet
    paper = {
        "organisation": sheet.hall,
        "title": "服务标准公示",
        "subject": sheet.place,
        "footer": "公开张贴",
        "check_code": sheet.check_code,
        "version": f"第{sheet.edition}版",
        "made_at": formats.day(clock.today()),
    }
    return document("notice", "服务标准公示", snapshot, is_plain=True, paper=paper)


KINDS = {
    PrintKind.DESK_CARD: PaperKind(
        name="commitments.desk_card",
        title="服务承诺台卡",
        word="desk_card",
        endpoint="commitments.show_desk_card",
        snapshot=read_cards,
        document=card_document,
        file_name=lambda snapshot: f"服务承诺台卡-{snapshot.sheet.place}",
    ),
    PrintKind.POSTER: PaperKind(
        name="commitments.poster",
        title="服务承诺海报",
        word="poster",
        endpoint="commitments.show_poster",
        snapshot=read_poster,
        document=poster_document,
        file_name=lambda snapshot: f"服务承诺海报-{snapshot.sheet.place}",
    ),
    PrintKind.NOTICE: PaperKind(
        name="commitments.notice",
        title="服务标准公示",
        word="notice",
        endpoint="commitments.show_notice",
        snapshot=read_notice,
        document=notice_document,
        file_name=lambda snapshot: f"服务标准公示-{snapshot.sheet.place}",
    ),
}
CARDS = KINDS[PrintKind.DESK_CARD]


def list_stale_cards() -> list[int]:
    """Give the versions with a stored card that says what no longer holds."""
    stored = db.session.execute(
        select(ProducedPaper.record_id, ProducedPaper.check_code).where(
            ProducedPaper.kind == CARDS.name
        )
    ).all()
    return sorted({record_id for record_id, code in stored if code != current_code(record_id)})


def current_code(record_id: int) -> str:
    """Give the hash of the cards as they would be printed now; '' where none would."""
    try:
        return papers.code_of(read_cards(record_id))
    except jobs.JobRefusedError:
        return ""


def erase_stale_cards() -> None:
    """Delete cards that show who is no longer on duty, or no longer in the hall."""
    for record_id in list_stale_cards():
        with db.write():
            papers.erase_papers(CARDS.name, record_id, but=current_code(record_id))
