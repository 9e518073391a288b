"""Rounds and orders of the world: one of each state, so that each address has something to show.

The windows belong to the department of `staff` and `lead`; `inspector` found everything but what
waits for its re-check, `chief` signed.
"""

from datetime import timedelta

from app.accounts.roster.models import ServiceWindow
from app.files import papers
from app.files import service as files
from app.inspections import checklists, findings, handovers, rosters, rounds
from app.inspections.findings import Found, Photo
from app.inspections.models import (
    DutyEntry,
    DutyPeriod,
    Finding,
    Inspection,
    InspectionWay,
    Opinion,
    Track,
)
from app.inspections.papers import PAPER as RECORD
from app.inspections.rosters import Duty
from app.inspections.rounds import Start
from app.kernel import clock, db
from app.rectifications import service as rectifications
from app.rectifications.models import Cause, OrderPhoto, RectificationOrder, Severity
from app.rectifications.papers import PAPER as NOTICE
from app.rectifications.service import Content, Finders, Reply, Source
from app.rectifications.workflow import FLOW
from app.workflow import service as workflow
from app.workflow.definition import Signature
from tests.inspections.factories import add_inspector, new_id
from tests.support import cast

PHOTO = b"\xff\xd8\xff stands for a photo of a window"
PDF = b"%PDF-1.7\n% stands for a printed record\n"


def fill(mark: str) -> dict[str, dict[str, object]]:
    """Add everything to the world; gives its objects."""
    with db.write():
        mate = add_inspector("SY071")
        window = ServiceWindow(
            number="A21", name=f"登记窗口{mark}", department_id=cast.department_ids()[0]
        )
        db.session.add(window)
        db.session.flush()
        other = ServiceWindow(
            number="A22", name=f"查询窗口{mark}", department_id=cast.department_ids()[0]
        )
        db.session.add(other)
        db.session.flush()
        window_id, other_id = window.id, other.id
        make_checklist(mark)
    duty = add_duty(mate, mark)
    finished = make_round(mate, window_id, mark)
    running = begin_round(mate, window_id, other_id, mark)
    objects = {
        "duty": {"entry_id": duty},
        "checklist_item": {"code": "dress"},
        "spot": {"window_id": window_id},
        **finished,
        **running,
        "handover": {"public_id": hand_over()},
        **make_orders(mate, mark),
    }
    print_papers()
    return objects


def make_checklist(mark: str) -> None:
    """Put a version in force in which every text bears the mark."""
    first = checklists.make_first(made_by_id=cast.person_id("clerk"))
    contents = [
        checklists.ItemContent(
            code=each.code,
            name=f"{each.name[:6]}{mark}",
            basis=f"{each.basis}{mark}",
            phrases=tuple(f"{phrase}{mark}" for phrase in each.phrases),
            shows_absence=each.shows_absence,
        )
        for each in checklists.list_items(first.id)
    ]
    checklists.make_version(contents, made_by_id=cast.person_id("clerk"))


def add_duty(mate: int, mark: str) -> int:
    """Put the inspector on duty today."""
    duty = Duty(
        since=clock.today(),
        until=clock.today(),
        period=DutyPeriod.MORNING,
        first_id=cast.person_id("inspector"),
        second_id=mate,
        leader_id=cast.person_id("leader"),
        areas=f"A区{mark}",
    )
    with db.write():
        rosters.add_duties(duty=duty, added_by_id=cast.person_id("clerk"))
        return db.session.query(DutyEntry).one().id


def start(mate: int, mark: str) -> rounds.Inspection:
    """Begin a round, in the open write."""
    given = Start(
        period=DutyPeriod.MORNING,
        way=InspectionWay.ON_SITE,
        second_id=mate,
        leader_id=cast.person_id("leader"),
        areas=f"全部窗口{mark}",
    )
    return rounds.start(start=given, client_id=new_id(), user=cast.principal("inspector"))


def record(inspection_id: int, window_id: int, code: str, track: Track, photo: int) -> Finding:
    """Record a finding with a photo, in the open write."""
    item = next(each for each in checklists.list_current() if each.code == code)
    found = Found(
        window_id=window_id,
        item_id=item.id,
        phrase=item.phrases[0],
        addition="",
        track=track,
        severity=Severity.MINOR,
    )
    return findings.add_finding(
        inspection_id=inspection_id,
        found=found,
        photo=stored(photo),
        client_id=new_id(),
        user=cast.principal("inspector"),
    )


def stored(number: int) -> Photo:
    """Give a photo that is only shown; its bytes are put beforehand."""
    content = PHOTO + bytes([number])
    return Photo(sha256=files.put_content(content), size=len(content))


def make_round(mate: int, window_id: int, mark: str) -> dict[str, dict[str, object]]:
    """Make a finished round with a finding that was mended, a correction and a printed record."""
    user = cast.principal("inspector")
    with clock.frozen(clock.now() - timedelta(days=1)), db.write():
        made = start(mate, mark)
        finding = record(made.id, window_id, "dress", Track.ON_THE_SPOT, 1)
        findings.fix(finding_id=finding.id, photo=stored(2), staff_number="SY001", user=user)
        record(made.id, window_id, "words", Track.REMINDER, 3)
        rounds.finish(
            inspection_id=made.id,
            opinion=Opinion.STATED,
            opinion_note=f"已说明{mark}",
            user=user,
        )
        rounds.add_remark(
            inspection_id=made.id, text=f"更正{mark}", reason=f"核对{mark}", user=user
        )
        public_id, found = made.public_id, finding.public_id
    return {
        "round": {"public_id": public_id},
        "finding": {"public_id": found, "moment": "before"},
        "own_check": {"public_id": public_id, "window_id": window_id},
    }


def begin_round(
    mate: int, window_id: int, other_id: int, mark: str
) -> dict[str, dict[str, object]]:
    """Begin a round that goes on, with something still to be mended; and one that can end."""
    with db.write():
        made = start(mate, mark)
        finding = record(made.id, window_id, "display", Track.ON_THE_SPOT, 4)
        item = next(each for each in checklists.list_current() if each.code == "queue")
        ending = start(mate, mark)
        rounds.check_normal(
            inspection_id=ending.id, window_id=window_id, user=cast.principal("inspector")
        )
        return {
            "ending_round": {"public_id": ending.public_id},
            "running_round": {
                "public_id": made.public_id,
                "window_id": other_id,
                "item_id": item.id,
            },
            "open_finding": {"public_id": finding.public_id},
        }


def crowd(count: int) -> None:
    """Fill the ledgers: many rounds with a finding each, many orders, many duties."""
    window_id = db.session.query(ServiceWindow).filter_by(number="A21").one().id
    mate = db.session.query(Inspection).order_by(Inspection.id).first()
    for place in range(count):
        with db.write():
            made = start(mate.second_id if mate else 0, "")
            record(made.id, window_id, "dress", Track.REMINDER, 100 + place)
            rounds.finish(
                inspection_id=made.id,
                opinion=Opinion.AGREED,
                opinion_note="",
                user=cast.principal("inspector"),
            )
            day = clock.today() + timedelta(days=7 + place)
            db.session.add(
                DutyEntry(
                    day=day,
                    period=DutyPeriod.MORNING,
                    first_id=made.inspector_id,
                    second_id=made.second_id,
                    leader_id=made.leader_id,
                    areas="A区",
                )
            )
        issue("")


def hand_over() -> str:
    """Give a number to a hand-over."""
    with db.write():
        return handovers.hand_over(
            receiver_id=cast.person_id("discipline"),
            client_id=new_id(),
            user=cast.principal("inspector"),
        ).public_id


def print_papers() -> None:
    """Store the papers of the round and of the order that was signed, as they are now."""
    ended = db.session.query(Inspection).filter(Inspection.ended_at.is_not(None))
    round_id = ended.order_by(Inspection.id).one().id
    signed = db.session.query(RectificationOrder).order_by(RectificationOrder.id.desc()).first()
    print_paper(RECORD, round_id)
    if signed is not None:
        print_paper(NOTICE, signed.id)


def print_paper(kind: papers.PaperKind, record_id: int) -> None:
    """Store a paper without printing it."""
    snapshot = kind.snapshot(record_id)
    content = PDF + kind.name.encode()
    sha256 = files.put_content(content)
    with db.write():
        papers.store(
            kind, record_id, papers.code_of(snapshot), snapshot, sha256=sha256, size=len(content)
        )


# ---------- orders


def make_orders(mate: int, mark: str) -> dict[str, dict[str, object]]:
    """Make an order of each state; the first one was signed on paper."""
    made = {
        "order_to_sign": issue(mark),
        "order_returned": bring(issue(mark), "send-back:chief", mark),
        "order_to_receive": bring(issue(mark), "sign:chief", mark),
        "order_mending": mending(mark),
        "order_appealed": bring(mending(mark), "appeal:lead", mark),
        "order_to_recheck": answered(issue(mark, who="clerk", found_by=mate), mark),
        "order_to_close": bring(
            answered(issue(mark, who="clerk", found_by=mate), mark), "pass:inspector", mark
        ),
        "order_signed": issue(mark),
    }
    sign_on_paper(made["order_signed"], mark)
    addresses: dict[str, dict[str, object]] = {
        name: {"public_id": db.session.get_one(RectificationOrder, order_id).public_id}
        for name, order_id in made.items()
    }
    addresses["order_signed"]["step"] = 2
    photo = db.session.query(OrderPhoto).order_by(OrderPhoto.id).first()
    addresses["order_photo"] = {"photo_id": photo.public_id if photo else ""}
    return addresses


def issue(mark: str, *, who: str = "inspector", found_by: int | None = None) -> int:
    """Issue an order to the department of `lead`."""
    content = Content(
        department_id=cast.department_ids()[0],
        window_id=None,
        severity=Severity.MINOR,
        fact=f"暂停服务未摆牌{mark}",
        basis=f"任务举措8{mark}",
        requirement=f"摆放暂停服务牌{mark}",
    )
    with db.write():
        return rectifications.issue(
            content=content,
            source=Source(label=f"巡查2026-007{mark}"),
            found_at=clock.now(),
            finders=Finders(found_by_id=found_by or cast.person_id(who)),
            user=cast.principal(who),
        ).id


def bring(order_id: int, step: str, mark: str) -> int:
    """Make one move: `name:who`."""
    name, who = step.split(":")
    with db.write():
        workflow.execute(
            FLOW, record_id=order_id, name=name, user=cast.principal(who), reason=f"按规定{mark}"
        )
    return order_id


def mending(mark: str) -> int:
    """Give an order that is being mended."""
    return bring(bring(issue(mark), "sign:chief", mark), "receive:lead", mark)


def answered(order_id: int, mark: str) -> int:
    """Bring an order to its re-check."""
    bring(bring(order_id, "sign:chief", mark), "receive:lead", mark)
    photo, lead = stored(order_id % 200 + 10), cast.principal("lead")
    reply = Reply(
        cause=Cause.PROCESS,
        measure=f"补齐暂停服务牌{mark}",
        responsible_number="SY001",
        done_on=clock.today(),
    )
    with db.write():
        rectifications.add_photo(order_id=order_id, sha256=photo.sha256, size=photo.size, user=lead)
        order = db.session.get_one(RectificationOrder, order_id)
        rectifications.reply(order_id=order_id, seen_version=order.version, answer=reply, user=lead)
    return order_id


def sign_on_paper(order_id: int, mark: str) -> None:
    """Let the clerk enter the chief's signature."""
    content = PHOTO + b"scan"
    sha256 = files.put_content(content)
    with db.write():
        scan = files.add_file(
            sha256=sha256, size=len(content), media_type="image/jpeg", name="签批单.jpg"
        )
        signature = Signature(
            signed_by_id=cast.person_id("chief"),
            signed_on=clock.today(),
            meeting=f"周例会{mark}",
            minute_number="3",
            scan_file_id=scan.id,
        )
        workflow.execute(
            FLOW,
            record_id=order_id,
            name="sign",
            user=cast.principal("clerk"),
            signature=signature,
            reason="同意。",
        )
