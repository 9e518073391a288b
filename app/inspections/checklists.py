"""The checklist in versions: who changes an item makes a new one, and old rounds keep theirs."""

from dataclasses import dataclass, replace

from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.audit.service import append
from app.inspections.items import ITEMS
from app.inspections.models import Checklist, ChecklistItem
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError

MOST_ITEMS = 30


@dataclass(frozen=True, kw_only=True)
class ItemContent:
    """What an item says."""

    code: str
    name: str
    basis: str
    phrases: tuple[str, ...]
    shows_absence: bool
    # The article that it rests on, beside the basis in words.
    article_id: int | None = None


def get_current() -> Checklist | None:
    """Give the checklist in force; None before the first one was made."""
    return db.session.scalar(select(Checklist).order_by(Checklist.number.desc()).limit(1))


def list_items(checklist_id: int) -> list[ChecklistItem]:
    """Give the items of a version in order."""
    return list(
        db.session.scalars(
            select(ChecklistItem)
            .where(ChecklistItem.checklist_id == checklist_id)
            .order_by(ChecklistItem.position)
        )
    )


def list_current() -> list[ChecklistItem]:
    """Give the items in force; none before the first version was made."""
    current = get_current()
    return list_items(current.id) if current else []


def make_first(*, made_by_id: int | None) -> Checklist:
    """Make the first version where there is none, in the open write."""
    current = get_current()
    if current is not None:
        return current
    contents = [
        ItemContent(
            code=each.code, name=each.name, basis=each.basis, phrases=each.phrases,
            shows_absence=each.shows_absence,
        )
        for each in ITEMS
    ]  # fmt: skip
    return make_version(contents, made_by_id=made_by_id)


def make_version(contents: list[ItemContent], *, made_by_id: int | None) -> Checklist:
    """Make the next version with these items, in the open write; raises RefusedError."""
    if not contents:
        raise RefusedError(form="检查表至少要有一项。")
    if len(contents) > MOST_ITEMS:
        raise RefusedError(form=f"检查表最多{MOST_ITEMS}项。")
    last = db.session.scalar(select(func.max(Checklist.number))) or 0
    made = Checklist(number=last + 1, made_by_id=made_by_id, made_at=clock.now())
    db.session.add(made)
    db.session.flush()
    for position, each in enumerate(contents, start=1):
        db.session.add(
            ChecklistItem(
                checklist_id=made.id, position=position, code=each.code, name=each.name,
                basis=each.basis, phrases=list(each.phrases), shows_absence=each.shows_absence,
                article_id=each.article_id,
            )
        )  # fmt: skip
    db.session.flush()
    append(
        AuditEvent.INSPECTIONS_CHECKLIST_CHANGED,
        person_id=made_by_id,
        object_type="checklist",
        object_id=made.id,
        number=made.number,
    )
    return made


def content_of(item: ChecklistItem) -> ItemContent:
    """Detach an item from the database."""
    return ItemContent(
        code=item.code, name=item.name, basis=item.basis, phrases=tuple(item.phrases),
        shows_absence=item.shows_absence, article_id=item.article_id,
    )  # fmt: skip


def contents_of(seen: int) -> list[ItemContent]:
    """Give the items in force for an edit; raises StaleEditError on another version than `seen`."""
    current = get_current()
    if (current.number if current else 0) != seen:
        raise StaleEditError
    return [content_of(each) for each in list_current()]


def change_item(
    *, code: str, seen: int, content: ItemContent, is_kept: bool, made_by_id: int
) -> None:
    """Make a version in which an item says something else, or is gone; raises RefusedError."""
    contents = contents_of(seen)
    refuse_same_name(contents, content.name, but=code)
    changed = [
        replace(content, code=code) if each.code == code else each
        for each in contents
        if is_kept or each.code != code
    ]
    if changed == contents:
        raise RefusedError(form="没有改动，不用保存。")
    make_version(changed, made_by_id=made_by_id)


def add_item(*, seen: int, content: ItemContent, made_by_id: int) -> None:
    """Make a version with one item more, at the end; raises RefusedError."""
    contents = contents_of(seen)
    refuse_same_name(contents, content.name, but="")
    added = replace(content, code=f"own-{seen + 1}")
    make_version([*contents, added], made_by_id=made_by_id)


def refuse_same_name(contents: list[ItemContent], name: str, *, but: str) -> None:
    """Refuse two items of one name; raises RefusedError."""
    if any(each.name == name and each.code != but for each in contents):
        raise RefusedError(name="已经有这个名称的检查项。")
