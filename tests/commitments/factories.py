"""Commitments for tests: windows, sheets in every state, people on duty; made by the services."""

import io
import subprocess

from PIL import Image
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.privacy import photos
from app.accounts.roster.models import Placement, ServiceWindow
from app.audit.models import AuditEntry
from app.commitments import codes, drafting, plates, prints, sheets
from app.commitments.models import PrintKind, SheetPrint, SheetState, SheetVersion
from app.commitments.sheets import Content, LineEntry, StandardEntry
from app.commitments.workflow import PLATE_FLOW, SHEET_FLOW
from app.files import service as files
from app.jobs import service as jobs
from app.kernel import db
from app.kernel.permissions import Role
from app.workflow import service as workflow
from tests.support import cast

LINES = (
    ("材料齐全，15分钟内完成收件", "收件用时", "叫号系统从叫号到收件"),
    ("所缺材料1次书面告知清楚", "补正次数", "补正通知书不超过一份"),
    ("一般登记3个工作日内办结", "办结用时", "业务系统的工作日数"),
)
QUICKER = (("材料齐全，10分钟内完成收件", *LINES[0][1:]), *LINES[1:])
STANDARD = ("首次接待的人员负责到底", "首问负责制（试行）第二条")
MOVES = (("submit", "clerk"), ("review", "chief"), ("approve", "leader"))
WHO_MOVES = dict(MOVES)


def content(lines=LINES, **values):
    """Give what is typed of a version."""
    given = {
        "slogan": "一次讲清 一次办成",
        "supervision_phone": "0000-55661200",
        "receiver": "大厅值班长",
        "lines": [LineEntry(text=a, indicator=b, measure=c) for a, b, c in lines],
        "standards": [StandardEntry(text=STANDARD[0], basis=STANDARD[1])],
    }
    return Content(**{**given, **values})


def home(place=0):
    """Give the id of a department of the cast: the first is that of `staff`."""
    return cast.department_ids()[place]


def add_window(number="B12", place=0):
    """Add a window; gives its id."""
    with db.write():
        window = ServiceWindow(number=number, name="登记窗口", department_id=home(place))
        db.session.add(window)
        db.session.flush()
        return window.id


def draft(window_id=None, *, place=0, who="clerk", **values):
    """Draft a version; gives its id."""
    with db.write():
        return drafting.draft_with(
            cast.principal(who), home(place), window_id, content(**values)
        ).id


def move(record_id, name, who=None, **values):
    """Make a move of a sheet."""
    with db.write():
        workflow.execute(
            SHEET_FLOW,
            record_id=record_id,
            name=name,
            user=cast.principal(who or WHO_MOVES[name]),
            **values,
        )


def bring_to(state, window_id=None, **values):
    """Draft a version and bring it as far as a state; gives its id."""
    record_id = draft(window_id, **values)
    for name, who in MOVES:
        if get(record_id).state is state:
            break
        move(record_id, name, who)
    assert get(record_id).state is state
    return record_id


def publish(window_id=None, **values):
    """Draft, review and approve a version; gives its id."""
    return bring_to(SheetState.PUBLIC, window_id, **values)


def get(record_id):
    """Give a version as it is now."""
    db.session.expire_all()
    return db.session.get_one(SheetVersion, record_id)


def sentences(record_id):
    """Give the sentences of a version."""
    return [each.sentence for each in sheets.list_lines(record_id)]


def seat(who, window_id):
    """Let a member of the cast work at a window."""
    with db.write():
        placement = db.session.scalars(
            select(Placement).where(Placement.person_id == cast.person_id(who))
        ).one()
        placement.window_id = window_id


def picture(color=(90, 120, 150), size=(300, 300)):
    """Draw a picture of nobody."""
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "JPEG")
    return buffer.getvalue()


def give_photo(who):
    """Give a member of the cast a photo, with his consent."""
    body = picture((214, 226, 238), (480, 640))
    sha256 = files.put_content(body)
    with db.write():
        photos.set_photo(
            person_id=cast.person_id(who),
            sha256=sha256,
            size=len(body),
            set_by_id=cast.person_id("clerk"),
        )


def give_code(window_id):
    """Give a window its 好差评码."""
    body = picture()
    sha256 = files.put_content(body)
    with db.write():
        codes.set_code(
            window_id=window_id,
            sha256=sha256,
            size=len(body),
            set_by_id=cast.person_id("clerk"),
        )


def ask_for_plate(who="staff", by="clerk"):
    """Ask for a 党员示范岗; gives its id."""
    with db.write():
        return drafting.ask_for_plate(
            user=cast.principal(by), staff_number=cast.member_of(who)[0], grounds="无有责投诉。"
        ).id


def move_plate(record_id, name, who="branch", **values):
    """Make a move of a plate."""
    with db.write():
        workflow.execute(
            PLATE_FLOW, record_id=record_id, name=name, user=cast.principal(who), **values
        )


def get_plate(record_id):
    """Give a plate as it is now."""
    db.session.expire_all()
    return db.session.get_one(plates.ModelPost, record_id)


def note_print(record_id, kind=PrintKind.DESK_CARD):
    """Write down that the clerk prints a version."""
    with db.write():
        prints.note_print(record_id=record_id, kind=kind, printed_by_id=cast.person_id("clerk"))


def prints_of(record_id):
    """Give what was printed of a version."""
    found = select(SheetPrint).where(SheetPrint.version_id == record_id)
    return db.session.scalars(found.order_by(SheetPrint.id)).all()


def grant(who, role):
    """Give a member of the cast one role more, for the whole centre."""
    with db.write():
        accounts.grant_at_set_up(
            person_id=cast.person_id(who), role=Role(role), starts_on=cast.JOINED_ON
        )


def events(*kinds):
    """Give the log's entries of some kinds."""
    found = select(AuditEntry).where(AuditEntry.event.in_(kinds)).order_by(AuditEntry.seq)
    return db.session.scalars(found).all()


def run_jobs():
    """Let the worker do what was ordered."""
    for job_id in jobs.list_startable():
        jobs.run_job(job_id)


def printed(content):
    """Read the text of a PDF, blanks left out."""
    command = ["pdftotext", "-", "-"]
    text = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    return "".join(text.split())
