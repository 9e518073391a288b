"""What a small hall does where everybody who could act has had to do with an order before.

Duties are kept apart by the database, so that an order might wait for nobody: its page says so, and
what helps, instead of naming a role that nobody may act in.
"""

from app.inbox import reminders
from app.inbox import service as inbox
from app.rectifications.models import OrderState, RectificationOrder
from app.rectifications.workflow import FLOW
from app.workflow import engine

NO_LEAD = (
    "这个部门没有登记窗口负责人。请把通知单印出来送部门签字，由经办人代录；"
    "或者请系统管理员为部门的一个人申请窗口负责人。"
)
NOBODY_LEFT = (
    "能办“{state}”这一步的人，都参加过这次巡查（含带班），或者开过单、签发、整改过，应当回避。"
    "请系统管理员为另一人申请{role}的角色，由他办理。"
)
ROLES = {
    OrderState.TO_SIGN: "科室负责人",
    OrderState.TO_RECHECK: "巡查员",
    OrderState.TO_CLOSE: "科室负责人",
    OrderState.APPEALED: "中心领导",
}


def hint_for(order: RectificationOrder) -> str:
    """Say what to do where an order waits for a step that nobody may make; otherwise nothing."""
    step = inbox.get_open(FLOW.name, order.id)
    if step is None or step.permission is None or reminders.people_of(step) - barred(order):
        return ""
    if order.state not in ROLES:
        return NO_LEAD
    return NOBODY_LEFT.format(state=FLOW.state(order.state).label, role=ROLES[order.state])


def barred(order: RectificationOrder) -> set[int]:
    """Give who may not go on with an order: sending it back is no way on."""
    owner = FLOW.state(order.state).owner
    sets = [
        engine.barred_from(each, order)
        for each in FLOW.moves_from(order.state)
        if each.by == owner and not each.is_return
    ]
    return set.intersection(*sets)
