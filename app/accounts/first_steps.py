"""The steps of the first run that belong to people: the hall, who works there, who may do what."""

from sqlalchemy import func, select

from app.accounts import first_run, slips
from app.accounts.models import Department, Hall, Person
from app.accounts.roster.placements import not_left
from app.kernel import clock, db
from app.kernel.feature import FirstStep, StepState
from app.kernel.permissions import ROLE_LABELS, Permission

ADMINISTRATOR = "管理员账号"


def read_hall() -> StepState:
    """Look whether the profile was gone through: its first saving counts."""
    hall = db.session.get(Hall, 1)
    is_done = hall is not None and hall.version > 1
    return StepState(is_done=is_done, fact=hall.name if hall else "")


def read_roster() -> StepState:
    """Count departments and people: one of each has set the site up."""
    departments = db.session.scalar(select(func.count(Department.id))) or 0
    today = clock.today()
    here = not_left(today)
    people = db.session.scalar(select(func.count(Person.id)).where(here)) or 0
    return StepState(is_done=people > 1, fact=f"现有{departments}个部门、{people}人")


def read_roles() -> StepState:
    """Name the roles without which the hall could not go on."""
    missing = first_run.missing_roles()
    if missing:
        names = "、".join(ROLE_LABELS[role] for role in missing)
        return StepState(is_done=False, fact=f"还缺{names}")
    return StepState(is_done=True, fact=f"已有{len(first_run.holders())}种角色")


def read_slips() -> StepState:
    """Count who can't activate his account yet."""
    if not read_roster().is_done:
        return StepState(is_done=False, fact="先导入人员")
    waiting = len(slips.waiting(department_id=None, is_again=False))
    fact = f"还有{waiting}人没有激活单" if waiting else "每个人都有激活单，或已经激活"
    return StepState(is_done=not waiting, fact=fact)


STEPS = (
    FirstStep(
        title="核对大厅信息",
        hint="名称、电话和编号字头会印在页面和打印件上。没有要改的，也请点一次“保存”。",
        actor=ADMINISTRATOR,
        action="去核对",
        endpoint="accounts.edit_hall",
        permission=Permission.ACCOUNTS_HALL_EDIT,
        position=10,
        read=read_hall,
    ),
    FirstStep(
        title="导入部门和人员",
        hint="下载模板，把现有的花名册粘进去再上传；部门、窗口、岗位随名单一起建立。",
        actor=ADMINISTRATOR,
        action="去导入",
        endpoint="accounts.new_import",
        permission=Permission.ACCOUNTS_ROSTER_IMPORT,
        position=20,
        read=read_roster,
    ),
    FirstStep(
        title="给出首批角色",
        hint="业务科室负责人审核发布试卷，中心领导确认管理员，另要一位经办人申请角色；别的可以一并设好。",
        actor=ADMINISTRATOR,
        action="去授权",
        endpoint="accounts.list_first_roles",
        permission=Permission.ACCOUNTS_HALL_OPEN,
        position=30,
        read=read_roles,
    ),
    FirstStep(
        title="打印激活单",
        hint="每人一张，凭上面的激活码第一次登录，自己设密码。先在考试前一周发下去。",
        actor=ADMINISTRATOR,
        action="去打印",
        endpoint="accounts.print_slips",
        permission=Permission.ACCOUNTS_ACCOUNT_MANAGE,
        position=40,
        read=read_slips,
    ),
)
