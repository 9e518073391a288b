"""What 巡查 puts on a person's home page: today's duty, and rounds that he has not finished."""

from flask import url_for

from app.inspections import rosters, rounds
from app.inspections.models import DUTY_PERIOD_LABELS, Inspection
from app.inspections.rosters import DutyRow
from app.kernel.feature import HomeCard, HomeEntry, HomeTask
from app.kernel.permissions import Permission, Principal


def show_card(user: Principal) -> HomeCard:
    """Give the round to go on with, or else the duties of today, or else the way to a round."""
    if not user.can(Permission.INSPECTIONS_ROUND_MAKE):
        return HomeCard()
    running = rounds.list_running(user.person_id)
    if running:
        return HomeCard(tasks=tuple(running_task(each) for each in running))
    duties = rosters.list_today(user.person_id)
    if duties:
        return HomeCard(tasks=tuple(duty_task(each) for each in duties))
    return HomeCard(open=(unplanned_entry(),))


def unplanned_entry() -> HomeEntry:
    """Lead to a round that no roster asks for, such as one without notice."""
    return HomeEntry(
        text="开始巡查",
        aside="今天没有还要查的值班",
        url=url_for("inspections.start_inspection"),
    )


def running_task(inspection: Inspection) -> HomeTask:
    """Make the task of a round that goes on."""
    return HomeTask(
        title=f"{inspection.number}还没有结束",
        facts=(DUTY_PERIOD_LABELS[inspection.period], inspection.areas),
        hint="已经记录的都在；查完后结束巡查，打印记录表签字。",
        action="继续巡查",
        url=url_for("inspections.list_windows", public_id=inspection.public_id),
    )


def duty_task(row: DutyRow) -> HomeTask:
    """Make the task of today's duty."""
    return HomeTask(
        title=f"今天{DUTY_PERIOD_LABELS[row.entry.period]}巡查值班",
        facts=(f"{row.first}、{row.second}", f"带班领导{row.leader}", row.entry.areas),
        hint="没有问题点“全部正常”，有问题才记。",
        action="开始巡查",
        url=url_for("inspections.start_inspection"),
    )
