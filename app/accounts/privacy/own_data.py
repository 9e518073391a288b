"""What this room holds about one person, table by table, for the copy that he may ask for.

No secret is in it: no hash of a password, no code, no token, nothing that opens a door.
"""

from collections.abc import Sequence

from sqlalchemy import func, or_
from sqlalchemy.orm import aliased

from app.accounts import devices
from app.accounts.administration import ACCOUNT_KIND_LABELS
from app.accounts.appointment_models import Appointment
from app.accounts.models import (
    EMPLOYMENT_LABELS,
    POLITICAL_STATUS_LABELS,
    Account,
    Department,
    Person,
    RoleGrant,
    SignInSession,
    SignInThrottle,
)
from app.accounts.privacy.models import PersonalCopy, PersonPhoto
from app.accounts.roster.imports.models import ROSTER_IMPORT_STATE_LABELS, RosterImport
from app.accounts.roster.models import (
    ABSENCE_KIND_LABELS,
    COMMITTEE_OFFICE_LABELS,
    Absence,
    Authorisation,
    Committee,
    CommitteeMember,
    Deputy,
    Placement,
    Post,
    ServiceItem,
    ServiceWindow,
)
from app.accounts.sign_in_models import SecondFactor
from app.files.models import StoredFile
from app.kernel.permissions import ROLE_LABELS
from app.kernel.personal import Field, PersonalTable, read_table


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give all tables."""
    return [table(person_id) for table in TABLES]


def particulars(person_id: int) -> PersonalTable:
    """Give what is written about the person himself."""
    return read_table(
        "基本情况",
        [
            Field(label="工号", value=Person.staff_number),
            Field(label="姓名", value=Person.name),
            Field(label="拼音", value=Person.name_key),
            Field(
                label="用工性质", value=Person.employment, show=lambda kind: EMPLOYMENT_LABELS[kind]
            ),
            Field(label="手机", value=Person.phone),
            Field(
                label="政治面貌",
                value=Person.political_status,
                show=lambda status: POLITICAL_STATUS_LABELS[status],
            ),
            Field(label="入职日期", value=Person.joined_on),
            Field(label="最后一天", value=Person.left_on),
        ],
        lambda statement: statement.where(Person.id == person_id),
    )


def photo(person_id: int) -> PersonalTable:
    """Give since when there is a photo; the picture itself is on the page of the account."""
    setter = aliased(Person)
    return read_table(
        "照片",
        [
            Field(label="文件", value=StoredFile.name),
            Field(label="大小（字节）", value=StoredFile.size, tells=[PersonPhoto.file_id]),
            Field(label="本人同意", value=PersonPhoto.consented_at),
            Field(label="上传人", value=setter.name, tells=[PersonPhoto.set_by_id]),
        ],
        lambda statement: (
            statement.join(PersonPhoto, PersonPhoto.file_id == StoredFile.id)
            .join(setter, setter.id == PersonPhoto.set_by_id)
            .where(PersonPhoto.person_id == person_id)
        ),
    )


def path(person_id: int) -> PersonalTable:
    """Give where the person has worked."""
    return read_table(
        "任职经过",
        [
            Field(label="开始", value=Placement.starts_on),
            Field(label="结束", value=Placement.ends_on),
            Field(label="部门", value=Department.name),
            Field(label="岗位", value=Post.name),
            Field(label="窗口", value=ServiceWindow.number),
        ],
        lambda statement: (
            statement.select_from(Placement)
            .join(Department, Department.id == Placement.department_id)
            .join(Post, Post.id == Placement.post_id)
            .outerjoin(ServiceWindow, ServiceWindow.id == Placement.window_id)
            .where(Placement.person_id == person_id)
            .order_by(Placement.starts_on)
        ),
    )


def absences(person_id: int) -> PersonalTable:
    """Give when the person was away, and who stood in."""
    standing_in = aliased(Person)
    return read_table(
        "不在岗",
        [
            Field(label="情形", value=Absence.kind, show=lambda kind: ABSENCE_KIND_LABELS[kind]),
            Field(label="开始", value=Absence.starts_on),
            Field(label="结束", value=Absence.ends_on),
            Field(label="替岗", value=standing_in.name, tells=[Absence.covered_by_id]),
            Field(label="取消", value=Absence.cancelled_at),
        ],
        lambda statement: (
            statement.select_from(Absence)
            .outerjoin(standing_in, standing_in.id == Absence.covered_by_id)
            .where(Absence.person_id == person_id)
            .order_by(Absence.starts_on)
        ),
    )


def standings_in(person_id: int) -> PersonalTable:
    """Give when the person stood in; why the other one was away is not his to know."""
    absent = aliased(Person)
    return read_table(
        "替岗",
        [
            Field(label="替谁", value=absent.name, tells=[Absence.person_id]),
            Field(label="开始", value=Absence.starts_on),
            Field(label="结束", value=Absence.ends_on),
        ],
        lambda statement: (
            statement.select_from(Absence)
            .join(absent, absent.id == Absence.person_id)
            .where(Absence.covered_by_id == person_id, Absence.cancelled_at.is_(None))
            .order_by(Absence.starts_on)
        ),
    )


def deputies(person_id: int) -> PersonalTable:
    """Give A/B角, both ways."""
    first, second = aliased(Person), aliased(Person)
    return read_table(
        "AB角",
        [
            Field(label="A角", value=first.name),
            Field(label="B角", value=second.name),
            Field(label="开始", value=Deputy.starts_on),
            Field(label="结束", value=Deputy.ends_on),
            Field(label="取消", value=Deputy.cancelled_at),
        ],
        lambda statement: (
            statement.select_from(Deputy)
            .join(first, first.id == Deputy.person_id)
            .join(second, second.id == Deputy.deputy_id)
            .where(or_(Deputy.person_id == person_id, Deputy.deputy_id == person_id))
            .order_by(Deputy.starts_on)
        ),
    )


def appointments(person_id: int) -> PersonalTable:
    """Give to which duties of 三员 the person was appointed."""
    asker = aliased(Person)
    return read_table(
        "管理员任命",
        [
            Field(
                label="担任", value=Appointment.kind, show=lambda kind: ACCOUNT_KIND_LABELS[kind]
            ),
            Field(label="登录名", value=Appointment.login_name),
            Field(label="依据", value=Appointment.reason),
            Field(label="提出", value=Appointment.requested_at),
            Field(label="提出人", value=asker.name),
            Field(label="启用", value=Appointment.accepted_at),
            Field(label="作废", value=Appointment.ended_at),
        ],
        lambda statement: (
            statement.select_from(Appointment)
            .join(asker, asker.id == Appointment.requested_by_id)
            .where(Appointment.person_id == person_id)
            .order_by(Appointment.id)
        ),
    )


def committees(person_id: int) -> PersonalTable:
    """Give the committees of which the person is or was a member."""
    return read_table(
        "议事机构",
        [
            Field(label="议事机构", value=Committee.name),
            Field(
                label="职务",
                value=CommitteeMember.office,
                show=lambda office: COMMITTEE_OFFICE_LABELS[office],
            ),
            Field(label="开始", value=CommitteeMember.starts_on),
            Field(label="结束", value=CommitteeMember.ends_on),
        ],
        lambda statement: (
            statement.select_from(CommitteeMember)
            .join(Committee, Committee.id == CommitteeMember.committee_id)
            .where(CommitteeMember.person_id == person_id)
            .order_by(CommitteeMember.starts_on)
        ),
    )


def authorisations(person_id: int) -> PersonalTable:
    """Give which 事项 the person may handle by himself."""
    granter = aliased(Person)
    return read_table(
        "事项授权",
        [
            Field(label="事项", value=ServiceItem.name),
            Field(label="开始", value=Authorisation.starts_on),
            Field(label="结束", value=Authorisation.ends_on),
            Field(label="授权人", value=granter.name),
            Field(label="取消", value=Authorisation.cancelled_at),
        ],
        lambda statement: (
            statement.select_from(Authorisation)
            .join(ServiceItem, ServiceItem.id == Authorisation.service_item_id)
            .join(granter, granter.id == Authorisation.granted_by_id)
            .where(Authorisation.person_id == person_id)
            .order_by(Authorisation.starts_on)
        ),
    )


def grants(person_id: int) -> PersonalTable:
    """Give the person's roles, with those that were refused."""
    asker, decider = aliased(Person), aliased(Person)
    return read_table(
        "角色",
        [
            Field(label="角色", value=RoleGrant.role, show=lambda role: ROLE_LABELS[role]),
            Field(label="部门", value=Department.name),
            Field(label="开始", value=RoleGrant.starts_on),
            Field(label="结束", value=RoleGrant.ends_on),
            Field(label="申请人", value=asker.name),
            Field(label="决定人", value=decider.name),
            Field(label="同意", value=RoleGrant.is_granted),
        ],
        lambda statement: (
            statement.select_from(RoleGrant)
            .outerjoin(Department, Department.id == RoleGrant.department_id)
            .outerjoin(asker, asker.id == RoleGrant.requested_by_id)
            .outerjoin(decider, decider.id == RoleGrant.decided_by_id)
            .where(RoleGrant.person_id == person_id)
            .order_by(RoleGrant.id)
        ),
    )


def accounts(person_id: int) -> PersonalTable:
    """Give the person's accounts, without what opens them."""
    return read_table(
        "账号",
        [
            Field(label="登录名", value=Account.login_name),
            Field(label="类别", value=Account.kind, show=lambda kind: ACCOUNT_KIND_LABELS[kind]),
            Field(label="上次设密码", value=Account.password_set_at),
            Field(label="停用", value=Account.disabled_at),
            Field(label="动态口令自", value=SecondFactor.confirmed_at),
            Field(label="连续输错", value=SignInThrottle.failures),
            Field(
                label="锁定至", value=SignInThrottle.locked_until, tells=[SignInThrottle.login_name]
            ),
        ],
        lambda statement: (
            statement.select_from(Account)
            .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
            .outerjoin(SignInThrottle, SignInThrottle.login_name == Account.login_name)
            .where(Account.person_id == person_id)
            .order_by(Account.id)
        ),
    )


def sessions(person_id: int) -> PersonalTable:
    """Give when and from where the person was signed in."""
    return read_table(
        "登录记录",
        [
            Field(label="登录名", value=Account.login_name, tells=[SignInSession.account_id]),
            Field(label="登录", value=SignInSession.created_at),
            Field(label="最后操作", value=SignInSession.seen_at),
            Field(label="退出", value=SignInSession.ended_at),
            Field(label="地址", value=SignInSession.address),
            Field(label="浏览器", value=SignInSession.device, show=devices.in_words),
        ],
        lambda statement: (
            statement.select_from(SignInSession)
            .join(Account, Account.id == SignInSession.account_id)
            .where(Account.person_id == person_id)
            .order_by(SignInSession.created_at)
        ),
    )


def imports(person_id: int) -> PersonalTable:
    """Give the rosters that the person worked on; what stands in them is of others."""
    parts = (RosterImport.uploaded_by_id, RosterImport.applied_by_id, RosterImport.undone_by_id)
    return read_table(
        "名单导入",
        [
            Field(label="文件", value=RosterImport.file_name),
            Field(
                label="状态",
                value=RosterImport.state,
                show=lambda state: ROSTER_IMPORT_STATE_LABELS[state],
            ),
            *(
                Field(label=label, value=func.coalesce(column == person_id, False), tells=[column])
                for label, column in zip(("上传", "导入", "撤销"), parts, strict=True)
            ),
            Field(label="上传时间", value=RosterImport.uploaded_at),
        ],
        lambda statement: statement.where(or_(*(column == person_id for column in parts))).order_by(
            RosterImport.id
        ),
    )


def copies(person_id: int) -> PersonalTable:
    """Give the copies that were made of the person's data, and for whom."""
    orderer = aliased(Person)
    return read_table(
        "信息副本",
        [
            Field(label="制作", value=PersonalCopy.made_at),
            Field(label="申请人", value=orderer.name, tells=[PersonalCopy.ordered_by_id]),
            Field(label="删除", value=PersonalCopy.erased_at),
        ],
        lambda statement: (
            statement.select_from(PersonalCopy)
            .join(orderer, orderer.id == PersonalCopy.ordered_by_id)
            .where(PersonalCopy.person_id == person_id)
            .order_by(PersonalCopy.id)
        ),
    )


TABLES = (
    particulars,
    photo,
    path,
    absences,
    standings_in,
    deputies,
    committees,
    authorisations,
    grants,
    accounts,
    appointments,
    sessions,
    imports,
    copies,
)
