"""Writing and reading rules: what is in force on a day is told by days alone.

"形成制度管理闭环" (清廉7): drafted by a 经办人, approved by another, read by those whom it
concerns, cited by what rests on it. Moves stand in rule_flow.py.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, delete, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from app.accounts.models import Department
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.regulations import texts
from app.regulations.models import (
    Regulation,
    RegulationArticle,
    RegulationVersion,
    RuleClass,
    RuleKind,
    RulePart,
    VersionState,
)
from app.regulations.rule_flow import FLOW, name_of
from app.workflow import service as workflow

DRAFT = Permission.REGULATIONS_RULE_DRAFT
APPROVE = Permission.REGULATIONS_RULE_APPROVE
OPEN_STATES = (VersionState.DRAFT, VersionState.REVIEWING)


class Standing(StrEnum):
    """What a version is on a day; told from days, and never stored."""

    UNAPPROVED = "unapproved"
    COMING = "coming"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


STANDING_LABELS = {
    Standing.UNAPPROVED: "未批准",
    Standing.COMING: "待生效",
    Standing.IN_FORCE: "现行",
    Standing.REPLACED: "已有新版",
    Standing.WITHDRAWN: "已废止",
}
STANDING_KINDS = {
    Standing.UNAPPROVED: "amber",
    Standing.COMING: "blue",
    Standing.IN_FORCE: "green",
    Standing.REPLACED: "",
    Standing.WITHDRAWN: "",
}


@dataclass(frozen=True, kw_only=True)
class Head:
    """What a rule is called and where it belongs."""

    name: str
    kind: RuleKind
    part: RulePart
    class_: RuleClass
    department_id: int | None


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What one version says, as it was typed."""

    effective_on: date
    note: str
    text: str


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """A rule as lists show it: with the version in force, or the one that stands for it."""

    rule: Regulation
    version: RegulationVersion | None
    department: str | None

    @property
    def standing(self) -> Standing:
        """Tell what the shown version is today; it has no newer one that is in force."""
        if self.version is None:
            return Standing.UNAPPROVED
        return standing_of(self.version, (self.version,), clock.today())


def has_held(version: type[RegulationVersion]) -> ColumnElement[bool]:
    """Give the condition that a version was not withdrawn before it took effect."""
    return or_(version.withdrawn_on.is_(None), version.withdrawn_on >= version.effective_on)


def in_force(day: date) -> ColumnElement[bool]:
    """Give the condition that a version is the one in force on a day."""
    later = aliased(RegulationVersion)
    replaced = exists(
        select(later.id).where(
            later.regulation_id == RegulationVersion.regulation_id,
            later.number.is_not(None),
            later.effective_on <= day,
            later.effective_on > RegulationVersion.effective_on,
            has_held(later),
        )
    )
    return and_(
        RegulationVersion.number.is_not(None),
        RegulationVersion.effective_on <= day,
        or_(RegulationVersion.withdrawn_on.is_(None), RegulationVersion.withdrawn_on > day),
        ~replaced,
    )


def standing_of(
    version: RegulationVersion, versions: Collection[RegulationVersion], day: date
) -> Standing:
    """Tell what a version of a rule is on a day."""
    if version.number is None:
        return Standing.UNAPPROVED
    if version.withdrawn_on is not None and version.withdrawn_on <= day:
        return Standing.WITHDRAWN
    if version.effective_on > day:
        return Standing.COMING
    is_replaced = any(
        each.number is not None
        and not each.never_held
        and version.effective_on < each.effective_on <= day
        for each in versions
    )
    return Standing.REPLACED if is_replaced else Standing.IN_FORCE


# ---------- who sees what


def works_in(user: Principal, permission: Permission, department_id: int | None) -> bool:
    """Tell whether a permission is held where a rule belongs; the centre's needs the whole."""
    scope = user.departments_of(permission)
    return scope is None or department_id in scope


def sees_drafts(user: Principal) -> ColumnElement[bool]:
    """Give the condition that somebody sees what is not approved yet of a rule."""
    scopes = [user.departments_of(each) for each in (DRAFT, APPROVE)]
    if None in scopes:
        return true()
    mine = {each for scope in scopes if scope is not None for each in scope}
    return Regulation.department_id.in_(mine) if mine else false()


def select_rules_for(user: Principal) -> Statement:
    """Select rules, each with the version in force, or with the one that stands for it."""
    today, shown = clock.today(), aliased(RegulationVersion)
    has_begun = shown.effective_on <= today
    chosen = (
        select(shown.id)
        .where(shown.regulation_id == Regulation.id, shown.number.is_not(None))
        .order_by(
            case((has_held(shown), 1), else_=0).desc(),
            case((has_begun, 1), else_=0).desc(),
            case((has_begun, shown.number), else_=-shown.number).desc(),
        )
        .limit(1)
        .correlate(Regulation)
        .scalar_subquery()
    )
    return (
        select(Regulation, RegulationVersion, Department.name)
        .select_from(Regulation)
        .outerjoin(RegulationVersion, RegulationVersion.id == chosen)
        .outerjoin(Department, Department.id == Regulation.department_id)
        .where(or_(RegulationVersion.id.is_not(None), sees_drafts(user)))
    )


def row_of(found: Sequence[object]) -> RuleRow:
    """Name the parts of a result row."""
    rule, version, department = found
    return RuleRow(rule=rule, version=version, department=department)  # type: ignore[arg-type]


def get_rule_for(user: Principal, regulation_id: int) -> RuleRow | None:
    """Give a rule that somebody may see."""
    found = db.session.execute(
        select_rules_for(user).where(Regulation.id == regulation_id)
    ).one_or_none()
    return None if found is None else row_of(tuple(found))


def list_versions_for(user: Principal, rule: Regulation) -> list[RegulationVersion]:
    """Give the versions of a rule that somebody may see, the newest first."""
    found = db.session.scalars(
        select(RegulationVersion)
        .join(Regulation, Regulation.id == RegulationVersion.regulation_id)
        .where(
            Regulation.id == rule.id,
            or_(RegulationVersion.number.is_not(None), sees_drafts(user)),
        )
        .order_by(RegulationVersion.id.desc())
    )
    return list(found)


def get_version_for(
    user: Principal, version_id: int
) -> tuple[RegulationVersion, Regulation] | None:
    """Give a version with its rule, where somebody may see it."""
    found = db.session.execute(
        select(RegulationVersion, Regulation)
        .join(Regulation, Regulation.id == RegulationVersion.regulation_id)
        .where(
            RegulationVersion.id == version_id,
            or_(RegulationVersion.number.is_not(None), sees_drafts(user)),
        )
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def list_articles_of(version_id: int) -> list[RegulationArticle]:
    """Give the articles of a version in order."""
    return list(
        db.session.scalars(
            select(RegulationArticle)
            .where(RegulationArticle.version_id == version_id)
            .order_by(RegulationArticle.position)
        )
    )


def typed(articles: Sequence[RegulationArticle]) -> list[texts.Article]:
    """Give articles as they were typed."""
    return [
        texts.Article(label=each.label, chapter=each.chapter, text=each.text) for each in articles
    ]


def text_of(version: RegulationVersion) -> str:
    """Give a whole version as one text, for the form in which it is changed."""
    return texts.join(version.introduction, typed(list_articles_of(version.id)))


def before(version: RegulationVersion) -> RegulationVersion | None:
    """Give the approved version that a version follows; None for the first one."""
    earlier = (
        select(RegulationVersion)
        .where(
            RegulationVersion.regulation_id == version.regulation_id,
            RegulationVersion.number.is_not(None),
            RegulationVersion.id != version.id,
        )
        .order_by(RegulationVersion.number.desc())
        .limit(1)
    )
    if version.number is not None:
        earlier = earlier.where(RegulationVersion.number < version.number)
    return db.session.scalar(earlier)


# ---------- writing


def create_rule(*, head: Head, wording: Wording, user: Principal) -> RegulationVersion:
    """Add a rule with the draft of its first version; raises RefusedError."""
    check_place(head, user)
    check_name(head)
    rule = Regulation(created_at=clock.now())
    put_head(rule, head)
    db.session.add(rule)
    db.session.flush()
    return draft_version(rule=rule, wording=wording, user=user)


def draft_version(*, rule: Regulation, wording: Wording, user: Principal) -> RegulationVersion:
    """Begin the draft of a version; raises RefusedError where one is under way already."""
    if not works_in(user, DRAFT, rule.department_id):
        raise RefusedError(form="你不能起草这个部门的制度。")
    under_way = select(RegulationVersion.id).where(
        RegulationVersion.regulation_id == rule.id, RegulationVersion.state.in_(OPEN_STATES)
    )
    if db.session.scalar(under_way) is not None:
        raise RefusedError(form="这项制度已经有一版在起草或者待审核，请先办完那一版。")
    version = RegulationVersion(
        regulation_id=rule.id,
        state=VersionState.DRAFT,
        drafted_at=clock.now(),
        moved_at=clock.now(),
        version=1,
        written_by_id=user.person_id,
        effective_on=wording.effective_on,
        note=wording.note,
        introduction="",
    )
    db.session.add(version)
    db.session.flush()
    put_words(version, wording, user)
    workflow.begin(FLOW, version, user=user)
    return version


def edit_version(
    *, version_id: int, seen_version: int, head: Head | None, wording: Wording, user: Principal
) -> None:
    """Change a draft, and of a rule that was never approved its head too.

    Raises StaleEditError and RefusedError.
    """
    version = db.session.get_one(RegulationVersion, version_id, with_for_update=True)
    if version.version != seen_version:
        raise StaleEditError
    if version.state is not VersionState.DRAFT:
        raise RefusedError(form="只有起草中的版本可以修改。")
    rule = db.session.get_one(Regulation, version.regulation_id)
    if head is not None:
        check_place(head, user)
        check_name(head, but=rule.id)
        put_head(rule, head)
    version.effective_on, version.note = wording.effective_on, wording.note
    version.written_by_id = user.person_id
    version.version += 1
    put_words(version, wording, user)


def put_head(rule: Regulation, head: Head) -> None:
    """Write what a rule is called and where it belongs."""
    rule.name, rule.kind, rule.part = head.name, head.kind, head.part
    rule.class_, rule.department_id = head.class_, head.department_id


def put_words(version: RegulationVersion, wording: Wording, user: Principal) -> None:
    """Write the articles of a draft anew; raises RefusedError for what could not be cited."""
    found = texts.split(wording.text)
    if found.problems:
        raise RefusedError(text="".join(found.problems))
    version.introduction = found.introduction
    db.session.execute(delete(RegulationArticle).where(RegulationArticle.version_id == version.id))
    db.session.add_all(
        RegulationArticle(
            version_id=version.id,
            position=place,
            chapter=each.chapter,
            label=each.label,
            text=each.text,
        )
        for place, each in enumerate(found.articles, start=1)
    )
    db.session.flush()
    append(
        AuditEvent.REGULATIONS_RULE_WRITTEN,
        person_id=user.person_id,
        object_type=FLOW.object_type,
        object_id=version.id,
        name=name_of(version),
        articles=len(found.articles),
    )


def check_place(head: Head, user: Principal) -> None:
    """Refuse a rule for where somebody does not work; raises RefusedError."""
    if not works_in(user, DRAFT, head.department_id):
        raise RefusedError(department_id="你只能起草本部门的制度。")


def check_name(head: Head, *, but: int | None = None) -> None:
    """Refuse two rules of one name in one place; raises RefusedError."""
    same = select(Regulation.id).where(
        Regulation.name == head.name,
        Regulation.department_id.is_(None)
        if head.department_id is None
        else Regulation.department_id == head.department_id,
    )
    if db.session.scalars(same).first() not in {None, but}:
        raise RefusedError(name="已经有这个名称的制度，请打开那一项起草新的一版。")


def was_approved(rule: Regulation) -> bool:
    """Tell whether any version of a rule was ever approved: then its head stands."""
    found = select(RegulationVersion.id).where(
        RegulationVersion.regulation_id == rule.id, RegulationVersion.number.is_not(None)
    )
    return db.session.scalars(found.limit(1)).first() is not None
