"""Classes in every state, for the hall of tests/site; made by the services."""

from datetime import timedelta

from sqlalchemy import select

from app.files import papers as printed
from app.files import service as files
from app.files.kept_photos import Kept
from app.files.scans import Scan
from app.kernel import clock, db
from app.training import booking, classes, figures, materials, papers, plan, sign_ins
from app.training.classes import Content
from app.training.figure_files import Row
from app.training.models import ClassKind, ClassState, Seat, SignInWay, TrainingClass
from app.training.workflow import FLOW
from app.workflow import service as workflow
from app.workflow.definition import Signature
from tests.support import cast

PICTURE = b"\xff\xd8\xff stands for a page of a class"
PDF = b"%PDF-1.7\n% stands for a printed paper of a class\n"
EARLIER = timedelta(days=8)


def fill(mark=""):
    """Make them all; gives the arguments of their addresses by name."""
    return {
        **fill_drafts(mark),
        **fill_announced(mark),
        **fill_held(mark),
        **fill_plan(mark),
        "figure_import": {"public_id": upload(mark)},
    }


def content(mark, starts_at, **changes):
    """Give what a class says."""
    given = {
        "kind": ClassKind.BUSINESS,
        "title": f"一次性告知{mark}",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=45),
        "place": f"三楼{mark}",
        "teacher": f"党校{mark}",
        "aim": f"办成率{mark}",
        "has_test": True,
    }
    return Content(**{**given, **changes})


def draft(mark, starts_at, **changes):
    """Draft a class as the clerk does; gives its id."""
    with db.write():
        clerk = cast.principal("clerk")
        found = classes.draft(content=content(mark, starts_at, **changes), user=clerk)
        workflow.begin(FLOW, found, user=clerk)
        return found.id


def move(class_id, name, who, reason="", **given):
    """Make one move."""
    with db.write():
        user = cast.principal(who)
        workflow.execute(FLOW, record_id=class_id, name=name, user=user, reason=reason, **given)


def address(class_id):
    """Give the arguments of a class's address."""
    return {"public_id": db.session.get_one(TrainingClass, class_id).public_id}


def fill_drafts(mark):
    """Make classes that are not announced yet."""
    later, objects = clock.now() + timedelta(days=9), {}
    party = {"kind": ClassKind.PARTY, "has_test": False}
    for name, changes, moves in (
        ("class_draft", {}, ()),
        ("class_party_draft", party, ()),
        ("class_review", {}, ("submit",)),
        ("class_party_review", party, ("submit-party",)),
    ):
        class_id = draft(mark, later, **changes)
        for each in moves:
            move(class_id, each, "clerk")
        objects[name] = address(class_id)
    return objects


def announce(mark, starts_at, *, is_open=True, **changes):
    """Announce a class a week before; gives its id."""
    with clock.frozen(clock.now() - EARLIER):
        class_id = draft(mark, starts_at, **changes)
        move(class_id, "submit", "clerk")
        move(class_id, "approve", "chief")
        if is_open:
            move(class_id, "open", "clerk")
    return class_id


def book(class_id, *who):
    """Book people at once."""
    with clock.frozen(clock.now() - EARLIER), db.write():
        booking.book(
            class_id=class_id,
            person_ids=[cast.person_id(each) for each in who],
            user=cast.principal("clerk"),
        )


def tick(class_id, *who):
    """Let people have signed in."""
    with db.write():
        people = {cast.person_id(each) for each in who}
        seats = [each.seat for each in booking.list_seats(class_id)]
        sign_ins.set_sign_ins(
            class_id=class_id,
            seat_ids=[each.id for each in seats if each.person_id in people],
            seen_ids=(),
            way=SignInWay.PAPER,
            reason="",
            user=cast.principal("clerk"),
        )


def fill_announced(mark):
    """Make classes that are announced: in the plan only, about to begin, and begun."""
    scheduled = announce(mark, clock.now() + timedelta(days=5), is_open=False)
    booked = announce(mark, clock.now() + timedelta(minutes=15), seats=1)
    book(booked, "staff")
    with db.write():
        material = materials.add(
            class_id=booked,
            title=f"课件{mark}",
            scan=Scan(PICTURE, "image/jpeg"),
            sha256=files.put_content(PICTURE),
            user=cast.principal("clerk"),
        )
        seat = db.session.query(Seat).filter_by(class_id=booked).one()
        public_id, seat_id = material.public_id, seat.id
    begun = announce(mark, clock.now() - timedelta(minutes=10), has_test=False)
    book(begun, "other")
    tick(begun, "other")
    signed = announce_on_paper(mark)
    return {
        "class_scheduled": address(scheduled),
        "class_booking": address(booked),
        "class_seat": {**address(booked), "seat_id": seat_id},
        "class_material": {"public_id": public_id},
        "class_begun": address(begun),
        "class_code": {
            "code": sign_ins.code_at(db.session.get_one(TrainingClass, booked), clock.now())
        },
        "class_signed": {**address(signed), "step": 3},
    }


def announce_on_paper(mark):
    """Announce a class whose approval was signed on paper."""
    class_id = draft(mark, clock.now() + timedelta(days=6))
    move(class_id, "submit", "clerk")
    scan = b"%PDF-1.7\n% stands for a signed sheet of a class\n"
    with db.write():
        file = files.add_file(
            sha256=files.put_content(scan),
            size=len(scan),
            media_type="application/pdf",
            name="签批单.pdf",
        )
        signature = Signature(
            signed_by_id=cast.person_id("chief"),
            signed_on=clock.today(),
            meeting="传批",
            minute_number="",
            scan_file_id=file.id,
        )
        workflow.execute(
            FLOW,
            record_id=class_id,
            name="approve",
            user=cast.principal("clerk"),
            signature=signature,
        )
    return class_id


def fill_held(mark):
    """Make a 学习会 that was held, with its record and papers, and a class that waits to be kept."""
    yesterday = clock.now() - timedelta(days=1)
    study = announce(mark, yesterday, kind=ClassKind.STUDY, has_test=False)
    book(study, "staff", "other")
    with clock.frozen(yesterday + timedelta(minutes=20)):
        tick(study, "other")
        move(study, "hold", "clerk")
    photo = PICTURE + b" with people"
    with db.write():
        materials.write_record(
            class_id=study,
            seen_version=0,
            texts=(f"主持{mark}", f"内容{mark}", f"要点{mark}"),
            photo=Kept(files.put_content(photo), len(photo)),
            user=cast.principal("clerk"),
        )
    kept = announce(mark, yesterday - timedelta(days=2), has_test=False)
    book(kept, "other")
    with clock.frozen(yesterday - timedelta(days=2) + timedelta(minutes=20)):
        tick(kept, "other")
        move(kept, "hold", "clerk")
    move(kept, "evaluate", "clerk", reason=f"结论{mark}")
    print_papers()
    return {"class_study": address(study), "class_evaluated": address(kept)}


def print_papers():
    """Store the papers of both as they are now, without printing them."""
    of_state = {each.state: each.id for each in db.session.scalars(select(TrainingClass))}
    study, kept = of_state[ClassState.HELD], of_state[ClassState.EVALUATED]
    for kind, class_id in (
        (papers.RECORD, study),
        (papers.EFFECT, kept),
        (papers.SIGN_SHEET, kept),
    ):
        snapshot, content = kind.snapshot(class_id), PDF + kind.name.encode()
        sha256 = files.put_content(content)
        with db.write():
            printed.store(
                kind,
                class_id,
                printed.code_of(snapshot),
                snapshot,
                sha256=sha256,
                size=len(content),
            )


def fill_plan(mark):
    """Put a line into the plan of which nothing has come."""
    with db.write():
        item_id = plan.add(
            year=2026,
            month=12,
            kind=ClassKind.BUSINESS,
            title=f"年终培训{mark}",
            user=cast.principal("clerk"),
        )
    return {"plan_item": {"item_id": item_id}}


def upload(mark):
    """Upload monthly figures: one that is right, one that is not; others are known already."""
    person_id = cast.person_id("staff")
    right = Row(
        place=2, number="SY001", person_id=person_id, month="2026-10-01",
        metric=f"办成率{mark}"[:20], value="96.50",
    )  # fmt: skip
    wrong = Row(place=3, number=f"SY{mark}"[:32], problem="没有这个工号，请核对。")
    with db.write():
        clerk = cast.principal("clerk")
        figures.store([right], clerk)
        return figures.upload(rows=[right, wrong], file_name=f"绩效{mark}.xlsx", user=clerk)
