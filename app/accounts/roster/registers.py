"""The registers of a hall, each declared once: departments, windows, posts, 事项目录, 议事机构.

An entry is never deleted, because the past points at it; one that is no longer used is closed on a
day and then offered nowhere. What a register needs of its own stands in `Register`; listing,
changing and logging are the same for all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import DEPARTMENT_KIND_LABELS, Department, DepartmentKind
from app.accounts.roster.authorisations import count_authorised
from app.accounts.roster.models import (
    POST_GROUP_LABELS,
    Committee,
    Post,
    PostGroup,
    ServiceItem,
    ServiceWindow,
)
from app.accounts.roster.placements import is_open
from app.accounts.roster.register_forms import (
    CommitteeForm,
    DepartmentForm,
    PostForm,
    RegisterForm,
    ServiceItemForm,
    WindowForm,
)
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Cell, Column, Filter, Listing, Statement
from app.kernel.permissions import Permission, signed_in

Entry = Department | ServiceWindow | Post | ServiceItem | Committee


@dataclass(frozen=True, kw_only=True)
class Register:
    """A register: its table, form and list. `word` is the word in addresses and view names."""

    word: str
    title: str
    # What one entry is called, for buttons and messages.
    noun: str
    model: type[Entry]
    form: type[RegisterForm]
    listing: Listing[Any]
    select: Callable[[], Statement]
    # The fields of the form that are columns of the table, with their labels.
    fields: Mapping[str, str]
    # The column that no two entries share, and what to say of a second one.
    unique: str
    taken: str
    # Whether an entry has a page of its own, beside the form.
    has_page: bool = False


def in_use(model: type[Entry]) -> Filter:
    """Give the filter that tells entries in use from closed ones."""
    return Filter(
        name="use",
        label="使用情况",
        options=[("open", "在用"), ("closed", "已停用")],
        where=lambda value: (
            is_open(model, clock.today()) if value == "open" else ~is_open(model, clock.today())
        ),
    )


def use_column(entry_of: Callable[[Any], Entry], model: type[Entry]) -> Column[Any]:
    """Give the column that says whether an entry is in use."""

    def cell(row: Any) -> Cell:  # noqa: ANN401 - the rows of any register.
        closed_on = entry_of(row).closed_on
        if closed_on is None or closed_on > clock.today():
            planned = f"，{formats.month_day(closed_on)}停用" if closed_on else ""
            return Cell(text=f"在用{planned}", kind="tag-green")
        return Cell(text="已停用", kind="tag")

    return Column(name="use", label="使用情况", cell=cell, sort=model.closed_on)


def save_entry(
    *, register: Register, entry_id: int | None, form: RegisterForm, saved_by_id: int
) -> int:
    """Add an entry or change it, in the open write; returns its id.

    Raises StaleEditError for an edit of another version, RefusedError where the name is taken.
    """
    entry: Any = load_locked(register, entry_id, form.version.data) if entry_id else None
    before = values_of(register, entry) if entry else {}
    entry = entry or register.model()
    for name in (*register.fields, "closed_on"):
        setattr(entry, name, form[name].data or None if name == "closed_on" else form[name].data)
    after = values_of(register, entry)
    if before == after:
        return int(entry.id)
    refuse_second(register, entry)
    db.session.add(entry)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise RefusedError(**{register.unique: register.taken}) from error
    append(
        AuditEvent.ACCOUNTS_REGISTER_CHANGED,
        person_id=saved_by_id,
        object_type=register.model.__tablename__,
        object_id=entry.id,
        before=before,
        after=after,
    )
    return int(entry.id)


def load_locked(register: Register, entry_id: int, seen_version: int) -> Entry:
    """Load an entry to change it; raises StaleEditError when another version was seen."""
    entry: Any = db.session.get_one(register.model, entry_id, with_for_update=True)
    if entry.version != seen_version:
        raise StaleEditError
    return entry  # type: ignore[no-any-return]


def refuse_second(register: Register, entry: Entry) -> None:
    """Refuse a name or number that another entry has; raises RefusedError."""
    column = getattr(register.model, register.unique)
    with db.session.no_autoflush:
        other = db.session.scalar(
            select(register.model.id).where(
                column == getattr(entry, register.unique), register.model.id != (entry.id or 0)
            )
        )
    if other is not None:
        raise RefusedError(**{register.unique: register.taken})


def values_of(register: Register, entry: Entry) -> dict[str, str]:
    """Give what the log keeps of an entry."""
    found = {name: getattr(entry, name) for name in (*register.fields, "closed_on")}
    return {name: "" if value is None else str(value) for name, value in found.items()}


# Of an entry that belongs to a department: the row is the entry with its department.
DEPARTMENT: Column[Any] = Column(
    name="department", label="部门", cell=lambda row: row[1].name, sort=Department.position
)


def authorised_cell(row: Any) -> Cell:  # noqa: ANN401 - a 事项, its department and a number.
    """Show how many people may handle a 事项 by themselves today; leads to them."""
    user = signed_in()
    if not row[2] or not user.can(Permission.ACCOUNTS_AUTHORISATION_READ):
        return Cell(text=str(row[2]))
    return Cell(
        text=str(row[2]),
        href=url_for("accounts.list_authorisations", q=row[0].code, state="valid"),
    )


DEPARTMENTS = Register(
    word="department",
    title="部门",
    noun="部门",
    model=Department,
    form=DepartmentForm,
    select=lambda: select(Department),
    fields={"name": "部门名称", "position": "序列", "kind": "类别"},
    unique="name",
    taken="已经有同名的部门。",
    listing=Listing(
        id="department-list",
        noun="个部门",
        title="部门",
        row=lambda found: found[0],
        columns=[
            Column(name="name", label="部门名称", cell=lambda row: row.name, sort=Department.name),
            Column(
                name="position",
                label="序列",
                cell=lambda row: str(row.position),
                sort=Department.position,
                export=lambda row: row.position,
                align="right",
            ),
            Column(
                name="kind",
                label="类别",
                cell=lambda row: DEPARTMENT_KIND_LABELS[row.kind],
                sort=Department.kind,
            ),
            use_column(lambda row: row, Department),
        ],
        search=(Department.name,),
        search_label="部门名称",
        filters=[
            Filter(
                name="kind",
                label="类别",
                options=[(each.value, label) for each, label in DEPARTMENT_KIND_LABELS.items()],
                where=lambda value: Department.kind == DepartmentKind(value),
            ),
            in_use(Department),
        ],
        default_sort="position",
        tie_break=Department.id,
        per_page=60,
        empty_text="还没有登记部门。",
    ),
)

WINDOWS = Register(
    word="window",
    title="窗口",
    noun="窗口",
    model=ServiceWindow,
    form=WindowForm,
    select=lambda: select(ServiceWindow, Department).join(
        Department, Department.id == ServiceWindow.department_id
    ),
    fields={"number": "窗口号", "name": "窗口名称", "department_id": "部门"},
    unique="number",
    taken="这个窗口号已经登记过。",
    listing=Listing(
        id="window-list",
        noun="个窗口",
        title="窗口",
        row=lambda found: found,
        columns=[
            Column(
                name="number",
                label="窗口号",
                cell=lambda row: row[0].number,
                sort=ServiceWindow.number,
            ),
            Column(
                name="name", label="窗口名称", cell=lambda row: row[0].name, sort=ServiceWindow.name
            ),
            DEPARTMENT,
            use_column(lambda row: row[0], ServiceWindow),
        ],
        search=(ServiceWindow.number, ServiceWindow.name, Department.name),
        search_label="窗口号、名称或部门",
        filters=[in_use(ServiceWindow)],
        default_sort="number",
        tie_break=ServiceWindow.id,
        per_page=60,
        empty_text="还没有登记窗口。",
    ),
)

POSTS = Register(
    word="post",
    title="岗位",
    noun="岗位",
    model=Post,
    form=PostForm,
    select=lambda: select(Post),
    fields={"name": "岗位名称", "post_group": "岗位类别"},
    unique="name",
    taken="已经有同名的岗位。",
    listing=Listing(
        id="post-list",
        noun="个岗位",
        title="岗位",
        row=lambda found: found[0],
        columns=[
            Column(name="name", label="岗位名称", cell=lambda row: row.name, sort=Post.name),
            Column(
                name="group",
                label="岗位类别",
                cell=lambda row: POST_GROUP_LABELS[row.post_group],
                sort=Post.post_group,
            ),
            use_column(lambda row: row, Post),
        ],
        search=(Post.name,),
        search_label="岗位名称",
        filters=[
            Filter(
                name="group",
                label="岗位类别",
                options=[(each.value, label) for each, label in POST_GROUP_LABELS.items()],
                where=lambda value: Post.post_group == PostGroup(value),
            ),
            in_use(Post),
        ],
        default_sort="name",
        tie_break=Post.id,
        empty_text="还没有登记岗位。",
    ),
)

SERVICE_ITEMS = Register(
    word="service_item",
    title="事项目录",
    noun="事项",
    model=ServiceItem,
    form=ServiceItemForm,
    select=lambda: select(ServiceItem, Department, count_authorised(clock.today())).join(
        Department, Department.id == ServiceItem.department_id
    ),
    fields={
        "code": "事项编码",
        "name": "事项名称",
        "department_id": "部门",
        "depth": "办理深度",
        "is_frequent": "高频事项",
        "manual_version": "手册版本",
    },
    unique="code",
    taken="这个事项编码已经登记过。",
    listing=Listing(
        id="service-item-list",
        noun="个事项",
        title="事项目录",
        row=lambda found: found,
        columns=[
            Column(
                name="name", label="事项名称", cell=lambda row: row[0].name, sort=ServiceItem.name
            ),
            Column(
                name="code", label="事项编码", cell=lambda row: row[0].code, sort=ServiceItem.code
            ),
            DEPARTMENT,
            Column(name="depth", label="办理深度", cell=lambda row: row[0].depth),
            Column(
                name="frequent",
                label="高频",
                cell=lambda row: "是" if row[0].is_frequent else "",
                sort=ServiceItem.is_frequent,
            ),
            Column(name="manual", label="手册版本", cell=lambda row: row[0].manual_version),
            Column(
                name="authorised",
                label="授权人数",
                cell=authorised_cell,
                export=lambda row: row[2],
                align="right",
            ),
            use_column(lambda row: row[0], ServiceItem),
        ],
        search=(ServiceItem.name, ServiceItem.code, Department.name),
        search_label="事项名称、编码或部门",
        filters=[
            Filter(
                name="frequent",
                label="高频",
                options=[("yes", "高频事项"), ("no", "其他事项")],
                where=lambda value: ServiceItem.is_frequent.is_(value == "yes"),
            ),
            in_use(ServiceItem),
        ],
        default_sort="code",
        tie_break=ServiceItem.id,
        empty_text="还没有登记事项。",
    ),
)

COMMITTEES = Register(
    word="committee",
    title="议事机构",
    noun="议事机构",
    model=Committee,
    form=CommitteeForm,
    select=lambda: select(Committee),
    fields={"name": "名称", "duty": "职责"},
    unique="name",
    taken="已经有同名的议事机构。",
    has_page=True,
    listing=Listing(
        id="committee-list",
        noun="个议事机构",
        title="议事机构",
        row=lambda found: found[0],
        columns=[
            Column(name="name", label="名称", cell=lambda row: row.name, sort=Committee.name),
            Column(name="duty", label="职责", cell=lambda row: row.duty, is_wide=True),
            use_column(lambda row: row, Committee),
        ],
        search=(Committee.name, Committee.duty),
        search_label="名称或职责",
        filters=[in_use(Committee)],
        default_sort="name",
        tie_break=Committee.id,
        empty_text="还没有登记议事机构。",
    ),
)

REGISTERS = (DEPARTMENTS, WINDOWS, POSTS, SERVICE_ITEMS, COMMITTEES)
