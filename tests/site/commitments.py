"""What the world has of commitments: a sheet in every state, plates, a rating code, papers."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.accounts.roster.models import Placement, ServiceWindow
from app.commitments import codes, drafting, papers, prints
from app.commitments.models import PrintKind, SheetPrint
from app.commitments.sheets import Content, LineEntry, StandardEntry
from app.commitments.workflow import PLATE_FLOW, SHEET_FLOW
from app.files import papers as printed
from app.files import service as files
from app.kernel import clock, db
from app.workflow import batch_paper, batches
from app.workflow import service as workflow
from app.workflow.definition import Flow, Signature
from tests.support import cast

Object = Mapping[str, Any]
CODE = b"\xff\xd8\xff stands for a rating code"
SCAN = b"\xff\xd8\xff stands for a signed sheet"
BATCH = b"%PDF-1.7\n% stands for a printed sheet of decisions\n"
PAPER = b"%PDF-1.7\n% stands for a printed commitment\n"
# Numbers of the windows, each for one sheet; the last has none.
WINDOWS = ("K01", "K02", "K03", "K04", "K05", "K06")


def add_commitments(mark: str) -> dict[str, Object]:
    """Make them in the department of `staff`, who is on duty at a window of it."""
    put_files()
    windows = add_windows(mark)
    public = bring_to(draft(None, mark), "submit", "review")
    sign(SHEET_FLOW, public, "approve", "leader", 1)
    withdrawn = bring_to(draft(windows[0], mark), "submit", "review", "approve")
    with db.write():
        prints.note_print(
            record_id=withdrawn, kind=PrintKind.POSTER, printed_by_id=cast.person_id("clerk")
        )
    move(SHEET_FLOW, withdrawn, "withdraw", "office", reason=f"窗口合并{mark}")
    confirmed = ask_for_plate("staff", mark)
    sign(PLATE_FLOW, confirmed, "confirm", "branch", 2)
    add_code(windows[4])
    print_all(public)
    return {
        "sheet_public": {"record_id": public, "step": 4},
        "sheet_withdrawn": {
            "record_id": withdrawn,
            "print_id": db.session.scalars(select(SheetPrint.id)).one(),
        },
        "sheet_draft": {"record_id": draft(windows[1], mark)},
        "sheet_review": {"record_id": bring_to(draft(windows[2], mark), "submit")},
        "sheet_approval": {"record_id": bring_to(draft(windows[3], mark), "submit", "review")},
        "batch": {"batch_id": add_batch(windows[5], mark)},
        "batch_kind": {"flow_name": SHEET_FLOW.name, "move_name": "approve"},
        "plate_asked": {"record_id": ask_for_plate("chief", mark)},
        "plate_confirmed": {"record_id": confirmed, "step": 2},
        "rating_window": {"window_id": windows[4]},
        "disclosed": {"department_id": home()},
        "duty_photo": {"person_id": cast.person_id("staff")},
    }


def home() -> int:
    """Give the department of `staff`."""
    return cast.department_ids()[0]


def add_batch(window_id: int, mark: str) -> int:
    """Put a sheet of its own on a 汇总表, and store that as if it had been printed."""
    record_id = bring_to(draft(window_id, mark), "submit", "review")
    with db.write():
        batch_id = batches.draft_batch(
            flow=SHEET_FLOW,
            move=SHEET_FLOW.move("approve"),
            record_ids={record_id},
            user=cast.principal("clerk"),
        ).id
    store(batch_paper.KIND, batch_id, BATCH)
    return batch_id


def put_files() -> None:
    """Put the bytes where they belong; whoever removed a code erased them."""
    for content in (
        CODE,
        BATCH,
        *(SCAN + bytes([place]) for place in (1, 2)),
        *paper_bytes().values(),
    ):
        files.put_content(content)


def paper_bytes() -> dict[PrintKind, bytes]:
    """Give the bytes of each paper."""
    return {kind: PAPER + kind.value.encode() for kind in PrintKind}


def add_windows(mark: str) -> list[int]:
    """Add the windows, at the first of which `staff` works."""
    with db.write():
        windows = [
            ServiceWindow(number=number, name=f"登记窗口{mark}", department_id=home())
            for number in WINDOWS
        ]
        db.session.add_all(windows)
        db.session.flush()
        placement = db.session.scalars(
            select(Placement).where(Placement.person_id == cast.person_id("staff"))
        ).one()
        placement.window_id = windows[0].id
        return [each.id for each in windows]


def draft(window_id: int | None, mark: str) -> int:
    """Draft a version."""
    texts = ("材料齐全，15分钟内完成收件", "所缺材料1次书面告知清楚", "一般登记3个工作日内办结")
    content = Content(
        slogan=mark or "一次讲清 一次办成",
        receiver="大厅值班长",
        lines=[LineEntry(text=each, indicator="用时", measure=f"系统{mark}") for each in texts],
        standards=[StandardEntry(text=f"首问负责{mark}", basis=f"首问负责制{mark}")],
    )
    with db.write():
        return drafting.draft_with(cast.principal("clerk"), home(), window_id, content).id


def bring_to(record_id: int, *names: str) -> int:
    """Make these moves of a sheet, each by whoever does."""
    who = {"submit": "clerk", "review": "chief", "approve": "leader"}
    for name in names:
        move(SHEET_FLOW, record_id, name, who[name])
    return record_id


def move(flow: Flow, record_id: int, name: str, who: str, **values: Any) -> None:
    """Make a move."""
    with db.write():
        workflow.execute(flow, record_id=record_id, name=name, user=cast.principal(who), **values)


def sign(flow: Flow, record_id: int, name: str, signer: str, place: int) -> None:
    """Make a move that was signed on paper and is entered by the clerk."""
    content = SCAN + bytes([place])
    sha256 = files.put_content(content)
    with db.write():
        scan = files.add_file(
            sha256=sha256, size=len(content), media_type="image/jpeg", name="签批单.jpg"
        )
        signature = Signature(
            signed_by_id=cast.person_id(signer),
            signed_on=clock.today(),
            meeting="11月主任办公会",
            minute_number="纪要〔2026〕11号",
            scan_file_id=scan.id,
        )
        workflow.execute(
            flow,
            record_id=record_id,
            name=name,
            user=cast.principal("clerk"),
            signature=signature,
        )


def ask_for_plate(who: str, mark: str) -> int:
    """Ask for a 党员示范岗."""
    with db.write():
        return drafting.ask_for_plate(
            user=cast.principal("clerk"),
            staff_number=cast.member_of(who)[0],
            grounds=f"无有责投诉{mark}",
        ).id


def add_code(window_id: int) -> None:
    """Give a window its code."""
    sha256 = files.put_content(CODE)
    with db.write():
        codes.set_code(
            window_id=window_id,
            sha256=sha256,
            size=len(CODE),
            set_by_id=cast.person_id("clerk"),
        )


def print_all(record_id: int) -> None:
    """Store every paper of a version without printing it."""
    for kind, content in paper_bytes().items():
        store(papers.KINDS[kind], record_id, content)


def store(kind: printed.PaperKind, record_id: int, content: bytes) -> None:
    """Store a paper that says what holds now, without printing it."""
    snapshot = kind.snapshot(record_id)
    sha256 = files.put_content(content)
    with db.write():
        printed.store(
            kind,
            record_id,
            printed.code_of(snapshot),
            snapshot,
            sha256=sha256,
            size=len(content),
        )
