"""首次启用: the steps by which a new hall comes to its first exam, gathered from all rooms.

"First run of a real hall as a wizard that one person can finish: hall, departments, people, first
exam." A step knows by itself how far it is, so that any order and any interruption is right.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import first_run
from app.accounts.first_run_views import OPEN_QUESTION
from app.kernel.declared import require
from app.kernel.feature import FirstStep, HomeCard, HomeTask, StepState, features
from app.kernel.permissions import Permission, Principal, signed_in


@dataclass(frozen=True, kw_only=True)
class StepView:
    """A step as this person sees it: `url` is empty where somebody else takes it."""

    step: FirstStep
    state: StepState
    url: str
    is_next: bool


def gather_steps(user: Principal) -> list[StepView]:
    """Ask every step how far it is; the first that this person can take comes next."""
    steps: Sequence[FirstStep] = sorted(
        (step for room in features(current_app) for step in room.first_steps),
        key=lambda step: step.position,
    )
    views: list[StepView] = []
    for step in steps:
        state, may = step.read(), user.can(step.permission)
        is_next = may and not state.is_done and not any(view.is_next for view in views)
        url = url_for(step.endpoint) if may else ""
        views.append(StepView(step=step, state=state, url=url, is_next=is_next))
    return views


@require(Permission.HOME_START_VIEW)
def show_first_run() -> ResponseReturnValue:
    """Show how far the first run is, and what comes next."""
    if not first_run.is_first_run():
        return redirect(url_for("home.show_home"), 303)
    user = signed_in()
    views = gather_steps(user)
    return render_template(
        "home/show_first_run.html",
        views=views,
        count=sum(view.state.is_done for view in views),
        is_mine=any(view.is_next for view in views),
        may_open=user.can(Permission.ACCOUNTS_HALL_OPEN),
        is_administrator=user.is_administrator,
        open_question=OPEN_QUESTION,
    )


def show_card(user: Principal) -> HomeCard:
    """Remind whoever takes part in it."""
    if not user.can(Permission.HOME_START_VIEW) or not first_run.is_first_run():
        return HomeCard()
    views = gather_steps(user)
    done = sum(view.state.is_done for view in views)
    following = next((view.step for view in views if view.is_next), None)
    hint = f"接下来：{following.title}。" if following else "你的几步都办好了，看看还差谁。"
    task = HomeTask(
        title="首次启用",
        facts=(f"已完成{done}步", f"共{len(views)}步"),
        hint=hint,
        action="继续",
        url=url_for("home.show_first_run"),
    )
    return HomeCard(tasks=(task,))
