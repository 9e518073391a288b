"""The history of roster imports: who, when, how many."""

from dataclasses import dataclass

from flask import url_for

from app.accounts.models import Person
from app.accounts.roster.imports.models import (
    ROSTER_IMPORT_STATE_LABELS,
    RosterImport,
    RosterImportState,
)
from app.kernel import formats
from app.kernel.listing import Cell, Column, Filter, Listing

STATE_TAGS = {
    RosterImportState.READING: "tag-blue",
    RosterImportState.UNREADABLE: "tag-amber",
    RosterImportState.PREVIEWED: "tag-amber",
    RosterImportState.APPLIED: "tag-green",
    RosterImportState.UNDONE: "tag",
    RosterImportState.FAULTY: "tag-red",
}


@dataclass(frozen=True, kw_only=True)
class ImportRow:
    """An import in the list."""

    imported: RosterImport
    by: str


def count_column(name: str, label: str) -> Column[ImportRow]:
    """Give a column with a count of people."""
    return Column(
        name=name,
        label=label,
        cell=lambda row: str(getattr(row.imported, name)),
        sort=getattr(RosterImport, name),
        export=lambda row: getattr(row.imported, name),
        align="right",
    )


IMPORTS: Listing[ImportRow] = Listing(
    id="import-list",
    noun="次导入",
    title="人员名单导入",
    row=lambda found: ImportRow(imported=found[0], by=found[1]),
    columns=[
        Column(
            name="uploaded",
            label="上传时间",
            cell=lambda row: Cell(
                text=formats.moment(row.imported.uploaded_at),
                href=url_for("accounts.show_import", public_id=row.imported.public_id),
            ),
            is_short=True,
            sort=RosterImport.uploaded_at,
            export=lambda row: row.imported.uploaded_at,
        ),
        Column(
            name="file",
            label="文件",
            cell=lambda row: row.imported.file_name,
            sort=RosterImport.file_name,
        ),
        Column(name="by", label="上传人", cell=lambda row: row.by, sort=Person.name_key),
        Column(
            name="state",
            label="状态",
            cell=lambda row: Cell(
                text=ROSTER_IMPORT_STATE_LABELS[row.imported.state],
                kind=STATE_TAGS[row.imported.state],
            ),
            sort=RosterImport.state,
        ),
        Column(
            name="effective",
            label="名单日期",
            cell=lambda row: formats.day(row.imported.effective_on),
            sort=RosterImport.effective_on,
            export=lambda row: row.imported.effective_on,
            is_wide=True,
        ),
        count_column("added", "新增"),
        count_column("moved", "调动"),
        count_column("changed", "信息更改"),
        count_column("departed", "离岗"),
    ],
    search=(RosterImport.file_name, Person.name),
    search_label="文件名或上传人",
    filters=[
        Filter(
            name="state",
            label="状态",
            options=[(state.value, label) for state, label in ROSTER_IMPORT_STATE_LABELS.items()],
            where=lambda value: RosterImport.state == RosterImportState(value),
        )
    ],
    default_sort="-uploaded",
    tie_break=RosterImport.id.desc(),
    empty_text="还没有导入过名单。",
)
