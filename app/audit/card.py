"""What the log puts on an auditor's home page: the alerts, and how the last verification ended."""

from flask import url_for

from app.audit import alerts
from app.audit.labels import VERDICT_LABELS
from app.kernel import formats
from app.kernel.feature import HomeCard, HomeEntry, HomeTask
from app.kernel.permissions import Permission, Principal

MOST_TITLES = 3


def show_card(user: Principal) -> HomeCard:
    """Gather it for whoever reads the log; nobody else costs a question."""
    if not user.can(Permission.AUDIT_LOG_READ):
        return HomeCard()
    found = alerts.list_alerts()
    return HomeCard(
        tasks=(alert_task(found),) if found else (),
        done=(verification_entry(),),
    )


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


def verification_entry() -> HomeEntry:
    """Say when the chain was last verified, and how that ended."""
    url = url_for("audit.show_chain")
    last = alerts.last_verification()
    if last is None:
        return HomeEntry(text="日志链还没有核对过", aside="请核对一次", url=url)
    text = f"日志链核对：{VERDICT_LABELS[last.verdict]}"
    return HomeEntry(text=text, aside=formats.short_moment(last.at), url=url)
