"""直通车 from an outside form: a file is read and shown page by page, then taken in, each number
once for each form. Each row can be left out, and none is taken in that was not shown.

What a file says is kept only until it is taken in or thrown away, a week at most: it may hold what
does not belong here (HALL.md 6.1).
"""

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select, update

from app.accounts import service as accounts
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.suggestions import ideas
from app.suggestions.models import Idea, IdeaChannel, IdeaImport, IdeaImportState
from app.suggestions.outside_files import Row

KEPT = timedelta(days=7)
# How many rows one looks at before they are taken in.
PAGE = 100
ALREADY = "已经导入过，跳过。"


def department_ids() -> Mapping[str, int]:
    """Give the ids of departments by their names."""
    return {each.name: each.id for each in accounts.list_departments()}


def upload(*, rows: Sequence[Row], file_name: str, source: str, user: Principal) -> str:
    """Keep what a file says, in the open write; gives the public id."""
    if not rows:
        raise RefusedError(file="文件里没有一条意见，请检查。")
    kept = IdeaImport(
        public_id=secrets.token_urlsafe(ideas.PUBLIC_ID_BYTES),
        file_name=file_name,
        source=source,
        uploaded_by_id=user.person_id,
        uploaded_at=clock.now(),
        state=IdeaImportState.PREVIEWED,
        rows=[each.dump() for each in rows],
        added=0,
    )
    db.session.add(kept)
    db.session.flush()
    log(AuditEvent.SUGGESTIONS_IMPORT_UPLOADED, kept, user.person_id, rows=len(rows))
    return kept.public_id


def select_imports_for(user: Principal) -> Statement:
    """Select the files that somebody uploaded himself: nobody else reads them."""
    statement = select(IdeaImport).where(IdeaImport.uploaded_by_id == user.person_id)
    if user.can(Permission.SUGGESTIONS_IDEA_RECORD):
        return statement
    return statement.where(IdeaImport.id < 0)


def get_import_for(user: Principal, public_id: str) -> IdeaImport | None:
    """Give a file that somebody uploaded."""
    return db.session.scalar(select_imports_for(user).where(IdeaImport.public_id == public_id))


def list_rows(found: IdeaImport) -> list[Row]:
    """Give the rows as they stand now: what has been taken in meanwhile says so."""
    rows = [Row(**each) for each in found.rows]
    numbers = [each.number for each in rows if not each.problem]
    known = set(
        db.session.scalars(
            select(Idea.outside_number).where(
                Idea.outside_source == found.source, Idea.outside_number.in_(numbers)
            )
        )
    )
    return [
        Row(**{**each.dump(), "problem": ALREADY})
        if not each.problem and each.number in known
        else each
        for each in rows
    ]


def first_page(rows: Sequence[Row]) -> list[Row]:
    """Give the rows to be looked at now, those with a problem first."""
    return sorted(rows, key=lambda row: (not row.problem, row.place))[:PAGE]


def apply(
    *, import_id: int, seen: Collection[int], chosen: Collection[int], user: Principal
) -> int:
    """Take in the chosen rows of those that were seen, in the open write; gives how many.

    What was seen is over then; the others are shown next. Raises RefusedError.
    """
    found = db.session.get_one(IdeaImport, import_id, with_for_update=True)
    if found.state is not IdeaImportState.PREVIEWED:
        raise RefusedError(form="这个文件已经导入或者清除了。")
    rows = list_rows(found)
    shown = [each for each in rows if each.place in seen]
    rest = [each for each in rows if each.place not in seen]
    taken = [each for each in shown if not each.problem and each.place in chosen]
    if not shown:
        raise RefusedError(form="这一页已经办过了，请核对现在这一页。")
    if not taken and not rest:
        raise RefusedError(form="没有勾选要导入的行；都不要的，请点“不导入，清除”。")
    for each in taken:
        take(each, found.source, user)
    keep_rest(found, rest, len(taken))
    log(AuditEvent.SUGGESTIONS_IMPORT_APPLIED, found, user.person_id, rows=len(taken))
    db.session.flush()
    return len(taken)


def keep_rest(found: IdeaImport, rest: Sequence[Row], added: int) -> None:
    """Keep what is still to be looked at; a file of which nothing is left is over."""
    found.added += added
    places = {each.place for each in rest}
    found.rows = [each for each in found.rows if each["place"] in places]
    if not rest:
        found.state = IdeaImportState.APPLIED


def take(row: Row, source: str, user: Principal) -> None:
    """Take in one row."""
    content = ideas.Content(
        problem=row.text,
        department_id=row.department_id,
        contact=row.contact,
        has_consent=bool(row.contact),
    )
    ideas.record(
        content=content,
        channel=IdeaChannel(row.channel),
        received_on=date.fromisoformat(row.on),
        user=user,
        outside=(source, row.number),
    )


def discard(*, import_id: int, user: Principal) -> None:
    """Throw a file away before it is taken in; raises RefusedError."""
    found = db.session.get_one(IdeaImport, import_id, with_for_update=True)
    if found.state is not IdeaImportState.PREVIEWED:
        raise RefusedError(form="这个文件已经导入或者清除了。")
    found.state, found.rows = IdeaImportState.ERASED, []
    log(AuditEvent.SUGGESTIONS_IMPORT_ERASED, found, user.person_id)
    db.session.flush()


def erase_old() -> None:
    """Throw away what nobody took in within a week; called by the worker."""
    before = clock.now() - KEPT
    old = (IdeaImport.state == IdeaImportState.PREVIEWED, IdeaImport.uploaded_at < before)
    ids = db.session.scalars(select(IdeaImport.id).where(*old)).all()
    if not ids:
        return
    with db.write():
        for each in db.session.scalars(
            update(IdeaImport)
            .where(IdeaImport.id.in_(ids), *old)
            .values(state=IdeaImportState.ERASED, rows=[])
            .returning(IdeaImport)
        ):
            log(AuditEvent.SUGGESTIONS_IMPORT_ERASED, each, None)


def log(event: AuditEvent, found: IdeaImport, person_id: int | None, **data: object) -> None:
    """Write down what was done with a file; never a word of it."""
    append(event, person_id=person_id, object_type="idea_import", object_id=found.id, **data)
