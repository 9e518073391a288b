"""What is printed of a class: 签到表, 成效评估表 and 学习会记录, each a frozen snapshot.

学习会记录: "主题, 时间, 主持, 应到/实到, 内容, 发言要点, 一张照片". Names on the 签到表 stand by
姓氏笔画. The 成效评估表 holds no name but those of the teacher and of who concludes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import render_template

from app.accounts import service as accounts
from app.accounts.models import Department
from app.files import service as files
from app.files.models import StoredFile
from app.files.papers import PaperKind
from app.kernel import clock, db, formats, pdf
from app.kernel.strokes import sort_by_strokes
from app.training import booking, classes, effects, materials
from app.training.effect_texts import EffectTexts, read_texts
from app.training.models import CLASS_KIND_LABELS, SeatState, TrainingClass

PHOTO = "app:/photo.jpg"


@dataclass(frozen=True, kw_only=True)
class Head:
    """What every paper of a class says of it."""

    hall: str
    holder: str
    kind: str
    title: str
    when: str
    place: str
    teacher: str
    audience: str


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """One line of a 签到表."""

    number: int
    name: str
    staff_number: str
    department: str


@dataclass(frozen=True, kw_only=True)
class SignSheet:
    """Everything that stands on a 签到表."""

    head: Head
    lines: tuple[SheetLine, ...]
    leave: int


@dataclass(frozen=True, kw_only=True)
class EffectSheet:
    """Everything that stands on a 成效评估表."""

    head: Head
    texts: EffectTexts
    conclusion: str
    concluded_by: str


@dataclass(frozen=True, kw_only=True)
class RecordSheet:
    """Everything that stands on a 学习会记录; the photo by its hash."""

    head: Head
    chair: str
    due: int
    signed: int
    leave: int
    content: tuple[str, ...]
    points: tuple[str, ...]
    written_by: str
    photo: str


def head_of(found: TrainingClass) -> Head:
    """Read what every paper of a class says of it."""
    department = db.session.get(Department, found.department_id or 0)
    start = clock.local(found.starts_at).date()
    return Head(
        hall=accounts.hall_name(),
        holder=department.name if department else "中心",
        kind=CLASS_KIND_LABELS[found.kind],
        title=found.title,
        when=f"{formats.day(start)} {formats.weekday(start)} "
        f"{formats.time_of_day(found.starts_at)}—{formats.time_of_day(found.ends_at)}",
        place=found.place,
        teacher=found.teacher,
        audience=classes.audience_text(found),
    )


def get(class_id: int) -> TrainingClass:
    """Give a class."""
    return db.session.get_one(TrainingClass, class_id)


def read_sign_sheet(class_id: int) -> SignSheet:
    """Read the list of who is booked, by 姓氏笔画."""
    rows = booking.list_seats(class_id)
    booked = [each for each in rows if each.seat.state is SeatState.BOOKED]
    return SignSheet(
        head=head_of(get(class_id)),
        lines=tuple(
            SheetLine(
                number=place,
                name=each.name,
                staff_number=each.staff_number,
                department=each.department,
            )
            for place, each in enumerate(sort_by_strokes(booked, lambda row: row.name), start=1)
        ),
        leave=classes.count(class_id).leave,
    )


def read_effect_sheet(class_id: int) -> EffectSheet:
    """Read the three ways of a class with what its organiser concludes."""
    found = get(class_id)
    names = accounts.names_of({found.drafted_by_id})
    return EffectSheet(
        head=head_of(found),
        texts=read_texts(effects.read_effect(found)),
        conclusion=found.conclusion,
        concluded_by=names.get(found.drafted_by_id or 0, "") if found.conclusion else "",
    )


def read_record(class_id: int) -> RecordSheet:
    """Read 学习会记录; empty where nobody has written one yet."""
    record, counts = materials.get_record(class_id), classes.count(class_id)
    photo = db.session.get(StoredFile, record.photo_file_id or 0) if record else None
    names = accounts.names_of({record.written_by_id} if record else set())
    return RecordSheet(
        head=head_of(get(class_id)),
        chair=record.chair if record else "",
        due=counts.due,
        signed=counts.signed,
        leave=counts.leave,
        content=paragraphs(record.content if record else ""),
        points=paragraphs(record.points if record else ""),
        written_by=names.get(record.written_by_id, "") if record else "",
        photo=photo.sha256 if photo else "",
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """Cut a text into its paragraphs."""
    return tuple(each.strip() for each in text.split("\n") if each.strip())


def lay_out(
    name: str,
    title: str,
    sheet: SignSheet | EffectSheet | RecordSheet,
    code: str,
    assets: Mapping[str, tuple[str, bytes]] | None = None,
) -> pdf.Document:
    """Lay a paper out by the template of its name."""
    return pdf.Document(
        html=render_template(
            f"training/pdf/{name}.html",
            sheet=sheet,
            check_code=code,
            made_at=formats.moment(clock.now()),
        ),
        stylesheets=(pdf.stylesheet("pdf/base.css"), pdf.stylesheet("training/pdf/training.css")),
        title=title,
        author=sheet.head.hall,
        created_at=clock.now(),
        assets=assets or {},
    )


def lay_out_sign_sheet(sheet: SignSheet, code: str) -> pdf.Document:
    """Lay 签到表 out."""
    return lay_out("sign_sheet", "签到表", sheet, code)


def lay_out_effect(sheet: EffectSheet, code: str) -> pdf.Document:
    """Lay 成效评估表 out."""
    return lay_out("effect", "成效评估表", sheet, code)


def lay_out_record(sheet: RecordSheet, code: str) -> pdf.Document:
    """Lay 学习会记录 out."""
    assets = {}
    if sheet.photo:
        content = files.path_of(sheet.photo).read_bytes()
        assets = {PHOTO: ("image/jpeg", content)}
    return lay_out("record", "学习会记录", sheet, code, assets)


def file_name(word: str, head: Head) -> str:
    """Name a paper's file."""
    return f"{word}-{head.title}"


SIGN_SHEET = PaperKind(
    name="training.sign_sheet",
    title="签到表",
    word="sign_sheet",
    endpoint="training.show_sign_sheet_paper",
    snapshot=read_sign_sheet,
    document=lay_out_sign_sheet,
    file_name=lambda sheet: file_name("签到表", sheet.head),
)
EFFECT = PaperKind(
    name="training.effect",
    title="成效评估表",
    word="effect",
    endpoint="training.show_effect_paper",
    snapshot=read_effect_sheet,
    document=lay_out_effect,
    file_name=lambda sheet: file_name("成效评估表", sheet.head),
)
RECORD = PaperKind(
    name="training.record",
    title="学习会记录",
    word="record",
    endpoint="training.show_record_paper",
    snapshot=read_record,
    document=lay_out_record,
    file_name=lambda sheet: file_name("学习会记录", sheet.head),
)
KINDS: Sequence[PaperKind] = (SIGN_SHEET, EFFECT, RECORD)
