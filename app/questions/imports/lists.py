"""The lists of the import's pages: which files came, and what stands in one of them."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import case

from app.accounts.models import Person
from app.files.models import StoredFile
from app.kernel import formats
from app.kernel.listing import Cell, Column, Filter, Listing
from app.questions.imports.models import (
    IMPORT_ITEM_LABELS,
    QUESTION_IMPORT_STATE_LABELS,
    ImportItemState,
    QuestionImport,
    QuestionImportItem,
    QuestionImportState,
)

STATE_TAGS = {
    QuestionImportState.READING: "tag-blue",
    QuestionImportState.UNREADABLE: "tag-amber",
    QuestionImportState.READ: "tag-green",
}
PER_PAGE = 20
# What a person has to look at comes first.
FIRST = {
    ImportItemState.DOUBTFUL: 0,
    ImportItemState.SURE: 1,
    ImportItemState.TAKEN: 2,
    ImportItemState.DROPPED: 3,
}


@dataclass(frozen=True, kw_only=True)
class ImportRow:
    """A file in the list."""

    imported: QuestionImport
    file: StoredFile
    by: str
    total: int
    waiting: int


IMPORTS: Listing[ImportRow] = Listing(
    id="question-import-list",
    noun="个文件",
    title="题库导入",
    row=lambda found: ImportRow(
        imported=found[0], file=found[1], by=found[2], total=found[3], waiting=found[4]
    ),
    columns=[
        Column(
            name="uploaded",
            label="上传时间",
            cell=lambda row: Cell(
                text=formats.moment(row.imported.uploaded_at),
                href=url_for("questions.show_import", public_id=row.imported.public_id),
            ),
            is_short=True,
            sort=QuestionImport.uploaded_at,
            export=lambda row: row.imported.uploaded_at,
        ),
        Column(name="file", label="文件", cell=lambda row: row.file.name, sort=StoredFile.name),
        Column(
            name="bank", label="题库", cell=lambda row: row.imported.bank, sort=QuestionImport.bank
        ),
        Column(name="by", label="上传人", cell=lambda row: row.by, sort=Person.name_key),
        Column(
            name="state",
            label="状态",
            cell=lambda row: Cell(
                text=QUESTION_IMPORT_STATE_LABELS[row.imported.state],
                kind=STATE_TAGS[row.imported.state],
            ),
            sort=QuestionImport.state,
        ),
        Column(
            name="total",
            label="读到的题",
            cell=lambda row: str(row.total),
            export=lambda row: row.total,
            align="right",
        ),
        Column(
            name="waiting",
            label="还没有处理",
            cell=lambda row: str(row.waiting),
            export=lambda row: row.waiting,
            align="right",
        ),
    ],
    search=(StoredFile.name, Person.name, QuestionImport.bank),
    search_label="文件名、题库、上传人",
    filters=[
        Filter(
            name="state",
            label="状态",
            options=[(each.value, label) for each, label in QUESTION_IMPORT_STATE_LABELS.items()],
            where=lambda value: QuestionImport.state == QuestionImportState(value),
        )
    ],
    default_sort="-uploaded",
    tie_break=QuestionImport.id.desc(),
    empty_text="还没有上传过题目文件。",
)

# Drawn as cards and not as a table: it has no columns.
ITEMS: Listing[QuestionImportItem] = Listing(
    id="question-items",
    noun="道题",
    row=lambda found: found[0],
    columns=[],
    search=(QuestionImportItem.stem, QuestionImportItem.source),
    search_label="题干或原文",
    filters=[
        Filter(
            name="state",
            label="状态",
            options=[(each.value, label) for each, label in IMPORT_ITEM_LABELS.items()],
            where=lambda value: QuestionImportItem.state == ImportItemState(value),
        )
    ],
    tie_break=(case(FIRST, value=QuestionImportItem.state), QuestionImportItem.place),
    empty_text="这个文件里没有读到题目。",
    per_page=PER_PAGE,
)
