"""The list of the log: its columns, what it can be searched and filtered by, its sheet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, String, or_, type_coerce

from app.audit import labels
from app.audit.models import AuditEntry, AuditResult
from app.audit.names import find_persons, person_names
from app.kernel import clock
from app.kernel.listing import Cell, Column, Filter, Listing

RESULT_TAGS = {
    AuditResult.DONE: "tag",
    AuditResult.REFUSED: "tag-amber",
    AuditResult.FAILED: "tag-amber",
}
PERIODS = {"day": ("近24小时", 1), "week": ("近7天", 7), "month": ("近30天", 30),
           "half": ("近183天", 183), "year": ("近一年", 366)}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class EntryRow:
    """An entry with the name of whoever acted."""

    entry: AuditEntry
    person: str


def with_names(found: Sequence[Any]) -> list[EntryRow]:
    """Give all entries of a page their names, with one question."""
    entries: list[AuditEntry] = [each[0] for each in found]
    names = person_names({each.person_id for each in entries if each.person_id is not None})
    return [EntryRow(entry=each, person=person_text(each, names.get)) for each in entries]


def person_text(entry: AuditEntry, name_of: Callable[[int], str | None]) -> str:
    """Give whose act it was; a dash where nobody is known."""
    if entry.person_id is None:
        return "—"
    return name_of(entry.person_id) or f"人员{entry.person_id}"


class WordSearch:
    """Looks for a word where no column holds it: in names of persons and in Chinese labels."""

    def icontains(self, word: str, *, autoescape: bool) -> ColumnElement[bool]:
        """Give the condition, as a column would."""
        del autoescape
        word = word.casefold()
        events = [event for event, text in labels.EVENT_LABELS.items() if word in text.casefold()]
        objects = [kind for kind, text in labels.OBJECT_LABELS.items() if word in text.casefold()]
        return or_(
            AuditEntry.person_id.in_(find_persons(word)),
            AuditEntry.event.in_(events),
            AuditEntry.object_type.in_(objects),
        )


def in_group(group: str) -> ColumnElement[bool]:
    """Give the condition for events of one room."""
    return AuditEntry.event.in_(
        [event for event in labels.EVENT_LABELS if event.value.split(".")[0] == group]
    )


def since(period: str) -> ColumnElement[bool]:
    """Give the condition for what happened within a period."""
    return AuditEntry.at > clock.now() - timedelta(days=PERIODS[period][1])


def second(row: EntryRow) -> str:
    """Give the time to the second, in the hall's time."""
    return f"{clock.local(row.entry.at):%Y-%m-%d %H:%M:%S}"


def show_seq(row: EntryRow) -> Cell:
    """Show the number, which leads to the entry."""
    url = url_for("audit.show_entry", seq=row.entry.seq)
    return Cell(text=str(row.entry.seq), href=url, kind="num")


def show_result(row: EntryRow) -> Cell:
    """Show how it ended."""
    return Cell(text=labels.RESULT_LABELS[row.entry.result], kind=RESULT_TAGS[row.entry.result])


def show_data(row: EntryRow) -> str:
    """Give the details in one line, for the sheet."""
    return "；".join(f"{label}：{text}" for label, text in labels.data_rows(row.entry.data))


ENTRIES: Listing[EntryRow] = Listing(
    id="entries",
    noun="条日志",
    title="审计日志",
    row=lambda found: with_names([found])[0],
    rows=with_names,
    columns=[
        Column(
            name="seq",
            label="序号",
            cell=show_seq,
            sort=AuditEntry.seq,
            export=lambda row: row.entry.seq,
        ),
        Column(
            name="at",
            label="时间",
            cell=second,
            is_short=True,
            sort=AuditEntry.at,
        ),
        Column(name="person", label="人员", cell=lambda row: row.person),
        Column(
            name="acted_as",
            label="身份",
            cell=lambda row: labels.acted_as_text(row.entry.acted_as),
            is_wide=True,
        ),
        Column(name="event", label="事项", cell=lambda row: labels.event_label(row.entry.event)),
        Column(
            name="object",
            label="对象",
            cell=lambda row: labels.object_text(row.entry.object_type, row.entry.object_id),
        ),
        Column(name="result", label="结果", cell=show_result),
        Column(name="address", label="地址", cell=lambda row: row.entry.address, is_wide=True),
        Column(
            name="request",
            label="请求编号",
            cell=lambda row: Cell(text=row.entry.request_id, kind="muted"),
            is_wide=True,
        ),
    ],
    search=[
        WordSearch(),
        AuditEntry.object_id,
        AuditEntry.request_id,
        AuditEntry.address,
        type_coerce(AuditEntry.object_type, String),
    ],
    search_label="人员、对象或请求编号",
    filters=[
        Filter(
            name="group",
            label="类别",
            options=list(labels.GROUP_LABELS.items()),
            where=in_group,
        ),
        Filter(
            name="result",
            label="结果",
            options=[(each.value, label) for each, label in labels.RESULT_LABELS.items()],
            where=lambda value: AuditEntry.result == AuditResult(value),
        ),
        Filter(
            name="period",
            label="时间",
            options=[(name, label) for name, (label, _) in PERIODS.items()],
            where=since,
        ),
    ],
    default_sort="-seq",
    tie_break=AuditEntry.seq,
    empty_text="日志里还没有记录。",
)

# The sheet holds the details too, which a page has no room for.
SHEET: Listing[EntryRow] = Listing(
    id=ENTRIES.id,
    noun=ENTRIES.noun,
    title=ENTRIES.title,
    row=ENTRIES.row,
    rows=ENTRIES.rows,
    columns=[*ENTRIES.columns, Column(name="data", label="内容", cell=show_data),
             Column(name="hash", label="哈希", cell=lambda row: row.entry.hash)],
    search=ENTRIES.search,
    filters=ENTRIES.filters,
    default_sort=ENTRIES.default_sort,
    tie_break=ENTRIES.tie_break,
)  # fmt: skip
