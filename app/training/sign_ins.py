"""Signing in to a class, three ways: code on the wall, printed sheet, tick by the organiser.

The code changes by itself and is made of the class and the time, so that a photo of it is worth
nothing soon after. Nothing is kept about devices. A tick after the class has begun says why.
Sign-ins are never added up over classes (HALL.md 1.8).
"""

import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.settings import service as settings
from app.training import classes
from app.training.models import (
    SEAT_STATE_LABELS,
    ClassState,
    Seat,
    SeatState,
    SignInWay,
    TrainingClass,
)
from app.training.settings import LATE_MINUTES

SLOT_SECONDS = 20
DIGITS = 6
# The slot before counts too: whoever begins to type at its end must be able to finish.
SLOTS_TAKEN = 2
OPENS_BEFORE = timedelta(minutes=30)
CLOSES_AFTER = timedelta(minutes=15)
MOST_WRONG = 5
SALT = b"training sign-in code"

NOT_NOW = "现在不能签到：开课前30分钟起、下课后15分钟内可以签到。"
NOT_BOOKED = "你不在这一课的名单里，请找主办人补报。"
WRONG_CODE = "签到码不对，请看大屏上现在的六位数字，再输一次。"
TOO_OFTEN = "签到码错了太多次，请找主办人点名签到。"


@dataclass(frozen=True, kw_only=True)
class Code:
    """The digits on the wall now, and for how many more seconds."""

    digits: str
    seconds: int


def code_at(found: TrainingClass, moment: datetime) -> str:
    """Give the code of a class at a moment: an HMAC of class and time slot, as six digits."""
    slot = int(moment.timestamp()) // SLOT_SECONDS
    key = hashlib.sha256(SALT + str(current_app.config["SECRET_KEY"]).encode()).digest()
    digest = hmac.new(key, f"{found.public_id}:{slot}".encode(), hashlib.sha256).digest()
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"


def current_code(found: TrainingClass) -> Code:
    """Give the code that stands on the wall now."""
    now = clock.now()
    return Code(
        digits=code_at(found, now), seconds=SLOT_SECONDS - int(now.timestamp()) % SLOT_SECONDS
    )


def is_right(found: TrainingClass, code: str) -> bool:
    """Tell whether a code stands on the wall now, or stood there a moment ago."""
    now = clock.now()
    valid = [
        code_at(found, now - timedelta(seconds=SLOT_SECONDS * back)) for back in range(SLOTS_TAKEN)
    ]
    return any(hmac.compare_digest(code.encode(), each.encode()) for each in valid)


def takes_codes(found: TrainingClass) -> bool:
    """Tell whether a class takes sign-ins by code now."""
    is_time = found.starts_at - OPENS_BEFORE <= clock.now() <= found.ends_at + CLOSES_AFTER
    return found.state is ClassState.BOOKING and is_time


def late_from(found: TrainingClass) -> datetime:
    """Give from when a sign-in is late."""
    return found.starts_at + timedelta(minutes=settings.get(LATE_MINUTES))


def is_late(seat: Seat, found: TrainingClass) -> bool:
    """Tell whether somebody signed in late; what a printed sheet says tells no time."""
    is_timed = seat.signed_way is not SignInWay.PAPER
    return seat.signed_at is not None and is_timed and seat.signed_at > late_from(found)


def state_text(seat: Seat, found: TrainingClass) -> str:
    """Say how somebody stands to a class: 已签到, 缺席 after it, otherwise as on the list."""
    if seat.signed_at is not None:
        return "已签到（迟到）" if is_late(seat, found) else "已签到"
    if seat.state is SeatState.BOOKED and found.held_at is not None:
        return "缺席"
    return SEAT_STATE_LABELS[seat.state]


def get_seat(class_id: int, person_id: int) -> Seat | None:
    """Give somebody's place in a class."""
    return db.session.scalar(
        select(Seat).where(Seat.class_id == class_id, Seat.person_id == person_id)
    )


def sign_in(*, class_id: int, code: str, user: Principal) -> str:
    """Sign oneself in with the code on the wall, in the open write; gives what hinders, or "".

    No refusal is raised for a wrong code: that it was wrong must be written down.
    """
    found = classes.get_locked(class_id)
    seat = get_seat(class_id, user.person_id)
    if seat is None or seat.state is not SeatState.BOOKED:
        return NOT_BOOKED
    if seat.signed_at is not None:
        return ""
    if not takes_codes(found):
        return NOT_NOW
    if seat.wrong_codes >= MOST_WRONG:
        return TOO_OFTEN
    if not is_right(found, code):
        seat.wrong_codes += 1
        db.session.flush()
        return WRONG_CODE
    seat.signed_at, seat.signed_way = clock.now(), SignInWay.CODE
    classes.log(AuditEvent.TRAINING_SIGNED_IN, found, user.person_id)
    return ""


def set_sign_ins(
    *,
    class_id: int,
    seat_ids: Collection[int],
    seen_ids: Collection[int],
    way: SignInWay,
    reason: str,
    user: Principal,
) -> tuple[int, int]:
    """Let these have signed in, in the open write; gives how many came and went.

    `seen_ids` had signed in when the list was shown: only those of them that are unticked now are
    taken back, never who signed in by code meanwhile. A tick by memory after the class has begun,
    and any that is taken back, needs a reason. Raises RefusedError.
    """
    found = classes.get_locked(class_id)
    check_open(found)
    seats = db.session.scalars(
        select(Seat)
        .where(Seat.class_id == class_id, Seat.state == SeatState.BOOKED)
        .order_by(Seat.id)
        .with_for_update()
    ).all()
    wanted = set(seat_ids)
    added = [each for each in seats if each.id in wanted and each.signed_at is None]
    taken_back = set(seen_ids) - wanted
    removed = [each for each in seats if each.id in taken_back and each.signed_at is not None]
    is_from_memory = bool(added) and way is SignInWay.TICK and clock.now() > late_from(found)
    if (is_from_memory or removed) and not reason:
        raise RefusedError(reason="迟到后点名、撤销签到都要写明原因。")
    for seat in added:
        seat.signed_at, seat.signed_way = clock.now(), way
        seat.signed_by_id, seat.signed_reason = user.person_id, reason
    for seat in removed:
        seat.signed_at = seat.signed_way = seat.signed_by_id = None
        seat.signed_reason = ""
    if added or removed:
        classes.log(
            AuditEvent.TRAINING_SIGN_INS_CHANGED,
            found,
            user.person_id,
            added=len(added),
            removed=len(removed),
            reason=reason,
        )
    return len(added), len(removed)


def check_open(found: TrainingClass) -> None:
    """Refuse ticks before a class, and after it has been entered as held; raises RefusedError."""
    if found.state is not ClassState.BOOKING:
        raise RefusedError(form="这一课现在不能登记签到，请看课堂的状态。")
    if clock.now() < found.starts_at - OPENS_BEFORE:
        raise RefusedError(form="还没有到签到的时间：开课前30分钟起可以签到。")
