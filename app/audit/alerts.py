"""What an 审计管理员 should look at, derived from the log whenever it is asked for, never typed.

登录失败5分钟内20次; an administrator's account locked; the chain broken at its last verification;
the clock set back by more than a minute; less than a tenth of the disk free.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from flask import current_app, url_for
from sqlalchemy import select

from app.audit.labels import VERDICT_LABELS
from app.audit.models import AuditEntry, AuditEvent, AuditVerification, Verdict
from app.kernel import clock, db, formats

LOOK_BACK = timedelta(days=30)
FAILURES = 20
FAILURES_WITHIN = timedelta(minutes=5)
CLOCK_JUMP = timedelta(seconds=60)
LEAST_FREE = 0.1
ADMINISTRATORS = ("administrator", "sysadmin", "secadmin", "auditor")
# How many entries are looked at, the newest: a page must not wait for a log of years.
MOST_FAILURES = 2000
MOST_NEIGHBOURS = 5000


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One alert: what, why, and where its entries are."""

    title: str
    why: str
    url: str | None = None


def list_alerts() -> list[Alert]:
    """Give what is to be looked at, the gravest first."""
    return [
        *broken_chain(),
        *locked_administrators(),
        *failure_bursts(),
        *clock_jumps(),
        *full_disk(),
    ]


def last_verification() -> AuditVerification | None:
    """Give the verification that was done last."""
    newest = select(AuditVerification).order_by(AuditVerification.id.desc()).limit(1)
    return db.session.scalar(newest)


def broken_chain() -> list[Alert]:
    """Tell that the last verification found something."""
    last = last_verification()
    if last is None or last.verdict is Verdict.INTACT:
        return []
    why = f"{formats.moment(last.at)}核对：{last.detail}"
    place = url_for("audit.show_chain")
    if last.verdict is Verdict.ALTERED and last.broken_at:
        place = url_for("audit.show_entry", seq=last.broken_at)
    return [Alert(title=f"日志链核对不通过：{VERDICT_LABELS[last.verdict]}", why=why, url=place)]


def locked_administrators() -> list[Alert]:
    """Tell of each account of 三员 that was locked."""
    rows = db.session.execute(
        select(AuditEntry.seq, AuditEntry.at)
        .where(
            AuditEntry.event == AuditEvent.ACCOUNTS_LOCKED,
            AuditEntry.at > clock.now() - LOOK_BACK,
            AuditEntry.acted_as.in_(ADMINISTRATORS),
        )
        .order_by(AuditEntry.seq.desc())
        .limit(10)
    )
    return [
        Alert(
            title="管理员账号被锁定",
            why=f"{formats.moment(at)}连续输错密码，系统管理员、安全管理员或审计管理员的账号被锁定。",
            url=url_for("audit.show_entry", seq=seq),
        )
        for seq, at in rows
    ]


def failure_bursts() -> list[Alert]:
    """Tell of every time in which twenty sign-ins or more failed within five minutes."""
    times = db.session.scalars(
        select(AuditEntry.at)
        .where(
            AuditEntry.event == AuditEvent.ACCOUNTS_SIGN_IN_FAILED,
            AuditEntry.at > clock.now() - LOOK_BACK,
        )
        .order_by(AuditEntry.at.desc())
        .limit(MOST_FAILURES)
    ).all()
    return [
        Alert(
            title="短时间内大量登录失败",
            why=(
                f"{formats.moment(begin)}至{formats.time_of_day(end)}登录失败{count}次"
                f"（5分钟内达到{FAILURES}次即告警）。"
            ),
            url=url_for("audit.list_entries", group="accounts", result="failed"),
        )
        for begin, end, count in bursts(sorted(times))
    ]


def bursts(times: Sequence[datetime]) -> list[tuple[datetime, datetime, int]]:
    """Join windows of five minutes with twenty failures: (first, last, how many), newest first.

    `times` ascend.
    """
    found: list[tuple[int, int]] = []
    for last in range(FAILURES - 1, len(times)):
        first = last - FAILURES + 1
        if times[last] - times[first] > FAILURES_WITHIN:
            continue
        if found and found[-1][1] >= first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return [(times[a], times[b], b - a + 1) for a, b in reversed(found)]


def clock_jumps() -> list[Alert]:
    """Tell of neighbouring entries of which the later was written at an earlier time.

    Only what the server wrote for a request: demonstration data carries the times of its story.
    """
    rows = db.session.execute(
        select(AuditEntry.seq, AuditEntry.at)
        .where(AuditEntry.request_id != "")
        .order_by(AuditEntry.seq.desc())
        .limit(MOST_NEIGHBOURS)
    ).all()
    oldest = clock.now() - LOOK_BACK
    return [
        Alert(
            title="服务器时钟被回拨",
            why=(
                f"第{later.seq}条比前一条（第{earlier.seq}条）"
                f"早{seconds(earlier.at - later.at)}秒。"
                "请查时间同步，考试的截止都以服务器时钟为准。"
            ),
            url=url_for("audit.show_entry", seq=later.seq),
        )
        for later, earlier in pairwise(rows)
        if earlier.at - later.at > CLOCK_JUMP and earlier.at > oldest
    ]


def seconds(distance: timedelta) -> int:
    """Give whole seconds."""
    return int(distance.total_seconds())


def full_disk() -> list[Alert]:
    """Tell that the disk with the data directory runs full."""
    var: Path = current_app.config["SITE"].var
    usage = shutil.disk_usage(var)
    if usage.free >= usage.total * LEAST_FREE:
        return []
    why = (
        f"数据目录所在磁盘只剩{usage.free * 100 // usage.total}%可用（低于10%即告警）。"
        "写不进日志，办理就会失败；请系统管理员清理或扩容。"
    )
    return [Alert(title="磁盘快满了", why=why)]
