"""Appointments of the demonstration: one waits, one was declined, one refused."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.accounts import appointments
from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import at, weekday
from app.accounts.models import AccountKind
from app.kernel import clock, db

ASKER, DECIDER = "QY-xitong", "QY-anquan"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Who is to become what, how many days ago it was asked, and what came of it."""

    number: str
    kind: AccountKind
    login_name: str
    reason: str
    days: int
    is_confirmed: bool | None = None


PLANS = (
    Plan(
        number="QY1001", kind=AccountKind.SYSADMIN, login_name="xitong-02",
        reason="第三季度主任办公会，设系统管理员B岗", days=40, is_confirmed=False,
    ),
    Plan(
        number="QY1002", kind=AccountKind.AUDITOR, login_name="shenji-02",
        reason="10月主任办公会，审计管理员轮换", days=24, is_confirmed=True,
    ),
    Plan(
        number="QY1003", kind=AccountKind.AUDITOR, login_name="shenji-03",
        reason="11月主任办公会，审计管理员轮换", days=1,
    ),
)  # fmt: skip


def fill(day: date) -> None:
    """Ask for each, decide on most; whoever was confirmed and did not want to declines."""
    for plan in PLANS:
        asked_on = weekday(day - timedelta(days=plan.days))
        with clock.frozen(at(asked_on, 10)), db.write():
            appointment_id = appointments.ask(
                user=one_of_cast(ASKER),
                number=plan.number,
                kind=plan.kind,
                login_name=plan.login_name,
                reason=plan.reason,
            )
        if plan.is_confirmed is None:
            continue
        with clock.frozen(at(asked_on, 15)), db.write():
            appointments.decide(
                user=one_of_cast(DECIDER),
                appointment_id=appointment_id,
                is_confirmed=plan.is_confirmed,
            )
            if plan.is_confirmed:
                appointments.withdraw(user=one_of_cast(plan.number), appointment_id=appointment_id)
