"""月度绩效数据: a file is read and shown with what is wrong, then taken in as a whole.

They are kept per person and month, read for the effect of classes (effects.py) and for nothing
else: no ranking, no points. What nobody takes in within a week is erased.
"""

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Select, select, tuple_, update

from app.accounts.models import Department, Person
from app.accounts.roster.models import Placement
from app.accounts.roster.placements import standing
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal
from app.training.figure_files import Row
from app.training.models import FigureImport, FigureImportState, MonthlyFigure

IMPORT = Permission.TRAINING_FIGURE_IMPORT
KEPT = timedelta(days=7)
PUBLIC_ID_BYTES = 12
BATCH = 500
OVER = "这个文件已经导入或者清除了。"


def select_figures_for(user: Principal) -> Select[MonthlyFigure, Person, Department]:
    """Select the figures of those whom somebody keeps them for."""
    scope = user.departments_of(IMPORT)
    statement = (
        select(MonthlyFigure, Person, Department)
        .join(Person, Person.id == MonthlyFigure.person_id)
        .join(Placement, standing(clock.today()))
        .join(Department, Department.id == Placement.department_id)
    )
    return statement if scope is None else statement.where(Department.id.in_(scope))


def list_metrics() -> list[str]:
    """Give the names of all metrics."""
    found = select(MonthlyFigure.metric).distinct().order_by(MonthlyFigure.metric)
    return list(db.session.scalars(found))


def list_months() -> list[date]:
    """Give the months of which there are figures, the newest first."""
    found = select(MonthlyFigure.month).distinct().order_by(MonthlyFigure.month.desc())
    return list(db.session.scalars(found))


def upload(*, rows: Sequence[Row], file_name: str, user: Principal) -> str:
    """Keep what a file says, in the open write; gives the public id. Raises RefusedError."""
    if not rows:
        raise RefusedError(file="文件里没有一行数据，请检查。")
    kept = FigureImport(
        public_id=secrets.token_urlsafe(PUBLIC_ID_BYTES),
        file_name=file_name,
        state=FigureImportState.PREVIEWED,
        uploaded_by_id=user.person_id,
        uploaded_at=clock.now(),
        rows=[each.dump() for each in rows],
        added=0,
    )
    db.session.add(kept)
    db.session.flush()
    log(AuditEvent.TRAINING_FIGURES_UPLOADED, kept, user.person_id, rows=len(rows))
    return kept.public_id


def get_import_for(user: Principal, public_id: str) -> FigureImport | None:
    """Give a file that somebody uploaded himself: nobody else reads it."""
    if not user.can(IMPORT):
        return None
    return db.session.scalar(
        select(FigureImport).where(
            FigureImport.public_id == public_id, FigureImport.uploaded_by_id == user.person_id
        )
    )


def list_rows(found: FigureImport) -> list[Row]:
    """Give the rows of a file, those with a problem first."""
    rows = [Row(**each) for each in found.rows]
    return sorted(rows, key=lambda row: (not row.problem, row.place))


def count_known(rows: Sequence[Row]) -> int:
    """Count the rows that give a new value for what is known already."""
    keys = [
        (each.person_id, date.fromisoformat(each.month), each.metric)
        for each in rows
        if not each.problem
    ]
    column = tuple_(MonthlyFigure.person_id, MonthlyFigure.month, MonthlyFigure.metric)
    return sum(
        len(db.session.scalars(select(MonthlyFigure.id).where(column.in_(part))).all())
        for part in (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
    )


def apply(*, import_id: int, user: Principal) -> int:
    """Take in all rows that are right, in the open write; gives how many. Raises RefusedError."""
    found = db.session.get_one(FigureImport, import_id, with_for_update=True)
    if found.state is not FigureImportState.PREVIEWED:
        raise RefusedError(form=OVER)
    rows = [each for each in list_rows(found) if not each.problem]
    if not rows:
        raise RefusedError(form="没有可以导入的行，请改好文件后再上传。")
    store(rows, user)
    found.state, found.rows, found.added = FigureImportState.APPLIED, [], len(rows)
    log(AuditEvent.TRAINING_FIGURES_APPLIED, found, user.person_id, rows=len(rows))
    return len(rows)


def store(rows: Sequence[Row], user: Principal) -> None:
    """Write the values; one that is known already gets the new value."""
    values = [
        {
            "person_id": each.person_id,
            "month": date.fromisoformat(each.month),
            "metric": each.metric,
            "value": Decimal(each.value),
            "imported_by_id": user.person_id,
            "imported_at": clock.now(),
        }
        for each in rows
    ]
    for start in range(0, len(values), BATCH):
        statement = db.insert(MonthlyFigure).values(values[start : start + BATCH])
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["person_id", "month", "metric"],
                set_={
                    "value": statement.excluded.value,
                    "imported_by_id": statement.excluded.imported_by_id,
                    "imported_at": statement.excluded.imported_at,
                },
            )
        )


def discard(*, import_id: int, user: Principal) -> None:
    """Throw a file away before it is taken in; raises RefusedError."""
    found = db.session.get_one(FigureImport, import_id, with_for_update=True)
    if found.state is not FigureImportState.PREVIEWED:
        raise RefusedError(form=OVER)
    found.state, found.rows = FigureImportState.ERASED, []
    log(AuditEvent.TRAINING_FIGURES_ERASED, found, user.person_id)


def erase_old() -> None:
    """Throw away what nobody took in within a week; called by the worker."""
    old = (
        FigureImport.state == FigureImportState.PREVIEWED,
        FigureImport.uploaded_at < clock.now() - KEPT,
    )
    if db.session.scalar(select(FigureImport.id).where(*old).limit(1)) is None:
        return
    with db.write():
        for each in db.session.scalars(
            update(FigureImport)
            .where(*old)
            .values(state=FigureImportState.ERASED, rows=[])
            .returning(FigureImport)
        ):
            log(AuditEvent.TRAINING_FIGURES_ERASED, each, None)


def log(event: AuditEvent, found: FigureImport, person_id: int | None, **data: object) -> None:
    """Write down what was done with a file; never a value of it."""
    append(
        event,
        person_id=person_id,
        object_type="training_figure_import",
        object_id=found.id,
        **data,
    )
    db.session.flush()
