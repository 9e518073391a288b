"""What the log puts on an auditor's home page: the alerts, and how the last verification ended."""

from flask import url_for

from app.audit import alerts
from app.audit.labels import VERDICT_LABELS
from app.audit.models import AuditVerification, Verdict
from app.kernel import formats
from app.kernel.feature import HomeCard, HomeEntry, HomeTask
from app.kernel.permissions import Permission, Principal

MOST_TITLES = 3


def show_card(user: Principal) -> HomeCard:
    """Gather it for whoever reads the log; nobody else costs a question."""
    if not user.can(Permission.AUDIT_LOG_READ):
        return HomeCard()
    found, last = alerts.list_alerts(), alerts.last_verification()
    tasks = [alert_task(found)] if found else []
    if last is None:
        tasks.append(first_task())
    # A verification that found something is an alert, and nothing that is done with.
    done = [last] if last is not None and last.verdict is Verdict.INTACT else []
    return HomeCard(tasks=tuple(tasks), done=tuple(map(verification_entry, done)))


def alert_task(found: list[alerts.Alert]) -> HomeTask:
    """Make one task of all alerts."""
    titles = list(dict.fromkeys(each.title for each in found))
    return HomeTask(
        title=f"审计告警{len(found)}条",
        facts=tuple(titles[:MOST_TITLES]),
        hint=found[0].why,
        action="查看审计日志",
        url=url_for("audit.list_entries"),
    )


def first_task() -> HomeTask:
    """Ask for the first verification."""
    return HomeTask(
        title="日志链还没有核对过",
        facts=("每月至少核对一次",),
        hint="从头到尾核对一遍，可以离开页面。",
        action="去核对",
        url=url_for("audit.show_chain"),
    )


def verification_entry(last: AuditVerification) -> HomeEntry:
    """Say when the chain was last verified, and how that ended."""
    return HomeEntry(
        text=f"日志链核对：{VERDICT_LABELS[last.verdict]}",
        aside=formats.short_moment(last.at),
        url=url_for("audit.show_chain"),
    )
