"""「待填」 on a person's home page: told from the roll and the urn, never from a notice."""

from flask import url_for

from app.kernel import clock
from app.kernel.feature import HomeCard, HomeTask
from app.kernel.permissions import Permission, Principal
from app.surveys import service
from app.surveys.service import Invitation


def show_card(user: Principal) -> HomeCard:
    """Give the surveys that this person may still answer."""
    if user.is_administrator or not user.can(Permission.SURVEYS_BALLOT_CAST):
        return HomeCard()
    return HomeCard(tasks=tuple(task_of(each) for each in service.list_open_for(user.person_id)))


def task_of(invited: Invitation) -> HomeTask:
    """Make the card of one survey."""
    survey = invited.survey
    closes = clock.local(survey.closes_at)
    return HomeTask(
        title=survey.title,
        facts=(
            "待填",
            f"开放至{closes.day}日{closes:%H:%M}",
            f"{len(survey.questions)}道题，匿名",
        ),
        hint="满5份才显示汇总，没有人看得到单份答卷。",
        action="去填写",
        url=url_for("surveys.answer_survey", public_id=survey.public_id),
    )
