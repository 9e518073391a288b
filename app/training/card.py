"""What this room puts on a home page: the next classes of a person, with the way to sign in."""

from datetime import timedelta

from flask import url_for
from sqlalchemy import select

from app.kernel import clock, db, formats
from app.kernel.feature import HomeCard, HomeEntry, HomeTask
from app.kernel.permissions import Permission, Principal
from app.training import sign_ins
from app.training.models import CLASS_KIND_LABELS, ClassState, Seat, SeatState, TrainingClass

MOST = 5
AHEAD = timedelta(days=60)


def show_card(user: Principal) -> HomeCard:
    """Gather my classes that are still to come; one that takes codes now is a task."""
    if not user.can(Permission.TRAINING_CLASS_VIEW):
        return HomeCard()
    rows = db.session.execute(
        select(TrainingClass, Seat)
        .join(Seat, Seat.class_id == TrainingClass.id)
        .where(
            Seat.person_id == user.person_id,
            Seat.state.in_((SeatState.BOOKED, SeatState.WAITING)),
            Seat.signed_at.is_(None),
            TrainingClass.state == ClassState.BOOKING,
            TrainingClass.ends_at >= clock.now() - sign_ins.CLOSES_AFTER,
            TrainingClass.starts_at <= clock.now() + AHEAD,
        )
        .order_by(TrainingClass.starts_at)
        .limit(MOST)
    ).all()
    now = [found for found, seat in rows if is_task(found, seat)]
    later = [(found, seat) for found, seat in rows if not is_task(found, seat)]
    return HomeCard(
        tasks=tuple(task_of(found) for found in now),
        open=tuple(entry_of(found, seat) for found, seat in later),
    )


def is_task(found: TrainingClass, seat: Seat) -> bool:
    """Tell whether somebody can sign in to a class now."""
    return seat.state is SeatState.BOOKED and sign_ins.takes_codes(found)


def task_of(found: TrainingClass) -> HomeTask:
    """Make the card of a class that takes sign-ins now."""
    return HomeTask(
        title=found.title,
        facts=(
            CLASS_KIND_LABELS[found.kind],
            f"{formats.time_of_day(found.starts_at)}开课",
            found.place,
        ),
        hint="到了现场，输入大屏上的六位签到码。",
        action="签到",
        url=url_for("training.sign_in_class", public_id=found.public_id),
    )


def entry_of(found: TrainingClass, seat: Seat) -> HomeEntry:
    """Make the line of a class that is still to come."""
    waits = "候补 · " if seat.state is SeatState.WAITING else ""
    return HomeEntry(
        text=f"{CLASS_KIND_LABELS[found.kind]}　{found.title}",
        aside=f"{waits}{formats.short_moment(found.starts_at)} · {found.place}",
        url=url_for("training.show_class", public_id=found.public_id),
    )
