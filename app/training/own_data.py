"""What this room holds about one person: his places in classes, classes taught, monthly figures."""

from collections.abc import Sequence

from app.kernel.listing import Statement
from app.kernel.personal import Field, PersonalTable, read_table
from app.training.models import (
    SEAT_STATE_LABELS,
    SIGN_IN_WAY_LABELS,
    MonthlyFigure,
    Seat,
    SeatState,
    SignInWay,
    TrainingClass,
)


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give all tables."""
    return [seats(person_id), taught(person_id), figures(person_id)]


def seats(person_id: int) -> PersonalTable:
    """Give the classes for which the person was booked."""

    def narrow(statement: Statement) -> Statement:
        return (
            statement.join(TrainingClass, TrainingClass.id == Seat.class_id)
            .where(Seat.person_id == person_id)
            .order_by(Seat.id)
        )

    return read_table(
        "课堂报名与签到",
        [
            Field(
                label="课堂",
                value=TrainingClass.title,
                tells=[Seat.class_id, Seat.person_id],
            ),
            Field(label="时间", value=TrainingClass.starts_at),
            Field(
                label="状态",
                value=Seat.state,
                show=lambda state: SEAT_STATE_LABELS[SeatState(state)],
            ),
            Field(label="报名时间", value=Seat.booked_at),
            Field(label="请假原因", value=Seat.reason),
            Field(label="请假时间", value=Seat.freed_at),
            Field(label="签到时间", value=Seat.signed_at),
            Field(
                label="签到方式",
                value=Seat.signed_way,
                show=lambda way: SIGN_IN_WAY_LABELS[SignInWay(way)],
            ),
            Field(label="签到说明", value=Seat.signed_reason),
        ],
        narrow,
    )


def taught(person_id: int) -> PersonalTable:
    """Give the classes that the person taught."""

    def narrow(statement: Statement) -> Statement:
        return statement.where(TrainingClass.teacher_id == person_id).order_by(TrainingClass.id)

    return read_table(
        "讲授的课堂",
        [
            Field(
                label="课堂",
                value=TrainingClass.title,
                tells=[TrainingClass.teacher, TrainingClass.teacher_id],
            ),
            Field(label="时间", value=TrainingClass.starts_at),
        ],
        narrow,
    )


def figures(person_id: int) -> PersonalTable:
    """Give the person's monthly figures."""

    def narrow(statement: Statement) -> Statement:
        return statement.where(MonthlyFigure.person_id == person_id).order_by(
            MonthlyFigure.month, MonthlyFigure.metric
        )

    return read_table(
        "月度绩效数据",
        [
            Field(
                label="月份",
                value=MonthlyFigure.month,
                tells=[MonthlyFigure.month, MonthlyFigure.person_id],
            ),
            Field(label="指标", value=MonthlyFigure.metric),
            Field(label="数值", value=MonthlyFigure.value),
            Field(label="导入时间", value=MonthlyFigure.imported_at),
        ],
        narrow,
    )
