"""Lists, declared once: columns give the query its order, the page its table and Excel its sheet.

Every list of the site can be searched, filtered, sorted, paged and exported. The state of a list
lives in its URL, so that a link shows what its sender saw; junk in the URL falls back to defaults.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, func, or_, select

from app.kernel import db, spreadsheets

PER_PAGE = 25
MAX_QUERY = 100
MAX_PAGE = 10_000
CUT = "共{total}{noun}，本表只有前{most}{noun}：请用查询条件缩小范围，分几次导出。"
NOTHING_FOUND = "没有符合条件的记录。"

Row = TypeVar("Row")
Condition = ColumnElement[bool]
Statement = Select[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What stands in one cell; `href` makes it a link, `kind` colours it as a tag."""

    text: str | Markup
    href: str | None = None
    kind: str = ""


def tag(text: str, kind: str) -> Cell:
    """Show a word as a tag; `kind` is its colour: "", amber, blue, green, red."""
    return Cell(text=text, kind=f"tag-{kind}" if kind else "tag")


@dataclass(frozen=True, kw_only=True)
class Column(Generic[Row]):
    """One column: how a row becomes a cell, how the database sorts it, what Excel gets."""

    name: str
    label: str
    cell: Callable[[Row], Cell | str]
    sort: Any = None
    export: Callable[[Row], object] | None = None
    align: str = "left"
    is_wide: bool = False
    # Names, numbers, dates: never broken, and no wider than they are.
    is_short: bool = False


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One choice above the list; `where` turns a chosen value into a condition."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    where: Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[Row]):
    """A list as a room declares it. `row` turns a result row into what the columns read."""

    id: str
    # A measure word with its noun, for the pager (共20道题); the sheet's name where it differs.
    noun: str
    columns: Sequence[Column[Row]]
    row: Callable[[Any], Row]
    # Turns all result rows of a page at once, where that saves a query for each.
    rows: Callable[[Sequence[Any]], Sequence[Row]] | None = None
    search: Sequence[Any] = ()
    search_label: str = "搜索"
    filters: Sequence[Filter] = ()
    default_sort: str = ""
    # A column that no two rows share, or several in a tuple, the last of them such a one.
    tie_break: Any = None
    empty_text: str = "还没有记录。"
    title: str = ""
    per_page: int = PER_PAGE


@dataclass(frozen=True, kw_only=True)
class State:
    """What the URL says about a list, cleaned."""

    query: str
    chosen: Mapping[str, str]
    sort: str
    page: int

    def url(self, base: str, **changes: object) -> str:
        """Give the address of the list with some parts changed; a new order starts at page 1."""
        parts: dict[str, object] = {"q": self.query, **self.chosen, "sort": self.sort}
        parts["page"] = self.page if not changes.keys() - {"page"} else 1
        parts.update(changes)
        kept = {key: value for key, value in parts.items() if value not in {"", None}}
        if kept.get("page") == 1:
            del kept["page"]
        return f"{base}?{urlencode(kept)}" if kept else base


@dataclass(frozen=True, kw_only=True)
class ColumnView:
    """A heading, with the link that sorts by it."""

    name: str
    label: str
    align: str
    is_wide: bool
    is_short: bool
    is_sortable: bool
    sort: str
    sort_url: str


@dataclass(frozen=True, kw_only=True)
class FilterView:
    """A filter with its chosen value."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str


@dataclass(frozen=True, kw_only=True)
class RowView:
    """One row, ready to be drawn."""

    cells: Sequence[Cell]
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class ListView:
    """A page of a list as the templates read it."""

    id: str
    noun: str
    url: str
    query: str
    search_label: str
    filters: Sequence[FilterView]
    columns: Sequence[ColumnView]
    rows: Sequence[RowView]
    page: int
    pages: int
    total: int
    first: int
    last: int
    previous_url: str | None
    next_url: str | None
    page_urls: Sequence[tuple[int, str, bool]]
    export_url: str | None
    # How many rows the file has room for, where the list has more.
    export_most: int | None
    empty_text: str
    # An order other than the usual one, which the filter form carries along.
    sort: str
    is_narrowed: bool
    empty_action: tuple[str, str] | None = None


def read_state(listing: Listing[Row], args: Mapping[str, str]) -> State:
    """Read a list's state from query arguments; whatever makes no sense is left out."""
    sortable = {column.name for column in listing.columns if column.sort is not None}
    sort = args.get("sort", "")
    page = args.get("page", "1")
    return State(
        query="".join(c for c in args.get("q", "") if c.isprintable()).strip()[:MAX_QUERY],
        chosen={
            each.name: args[each.name]
            for each in listing.filters
            if args.get(each.name) in {value for value, _ in each.options}
        },
        sort=sort if sort.removeprefix("-") in sortable else listing.default_sort,
        page=min(int(page), MAX_PAGE) if page.isascii() and page.isdigit() and int(page) else 1,
    )


def show(
    listing: Listing[Row],
    statement: Statement,
    args: Mapping[str, str],
    *,
    url: str,
    export_url: str | None = None,
    empty_action: tuple[str, str] | None = None,
) -> ListView:
    """Build one page of a list: one query that counts, one that reads."""
    state = read_state(listing, args)
    narrowed = narrow(listing, statement, state)
    total = count(narrowed)
    pages = max(1, -(-total // listing.per_page))
    state = State(
        query=state.query, chosen=state.chosen, sort=state.sort, page=min(state.page, pages)
    )
    start = (state.page - 1) * listing.per_page
    found = db.session.execute(
        ordered(listing, narrowed, state).limit(listing.per_page).offset(start)
    ).all()
    rows = read_rows(listing, found)
    is_narrowed = bool(state.query or state.chosen)
    return ListView(
        id=listing.id,
        noun=listing.noun,
        url=url,
        query=state.query,
        search_label=listing.search_label,
        filters=[
            FilterView(
                name=each.name,
                label=each.label,
                options=[("", "全部"), *each.options],
                value=state.chosen.get(each.name, ""),
            )
            for each in listing.filters
        ],
        columns=[heading(column, state, url) for column in listing.columns],
        rows=[
            RowView(cells=[as_cell(column.cell(row)) for column in listing.columns]) for row in rows
        ],
        page=state.page,
        pages=pages,
        total=total,
        first=start + 1 if rows else 0,
        last=start + len(rows),
        previous_url=state.url(url, page=state.page - 1) if state.page > 1 else None,
        next_url=state.url(url, page=state.page + 1) if state.page < pages else None,
        page_urls=[
            (number, state.url(url, page=number), number == state.page)
            for number in near(state.page, pages)
        ],
        export_url=state.url(export_url) if export_url else None,
        export_most=spreadsheets.MAX_ROWS if total > spreadsheets.MAX_ROWS else None,
        empty_text=NOTHING_FOUND if is_narrowed else listing.empty_text,
        empty_action=("清除条件", url) if is_narrowed else empty_action,
        sort=state.sort if state.sort != listing.default_sort else "",
        is_narrowed=is_narrowed,
    )


def export(listing: Listing[Row], statement: Statement, args: Mapping[str, str]) -> bytes:
    """Write the list that the URL describes, all its pages, as an Excel file.

    What has no room is said in the last row: a file that just ends would be taken for the whole.
    """
    state = read_state(listing, args)
    narrowed = narrow(listing, statement, state)
    limited = ordered(listing, narrowed, state).limit(spreadsheets.MAX_ROWS)
    rows = read_rows(listing, db.session.execute(limited).all())
    lines = [[exported(column, row) for column in listing.columns] for row in rows]
    if len(rows) == spreadsheets.MAX_ROWS:
        total = count(narrowed)
        if total > len(rows):
            lines.append([CUT.format(total=total, noun=listing.noun, most=len(rows))])
    return spreadsheets.write_table(
        listing.title or listing.noun, [column.label for column in listing.columns], lines
    )


def read_rows(listing: Listing[Row], found: Sequence[Any]) -> Sequence[Row]:
    """Turn result rows into what the columns read."""
    return listing.rows(found) if listing.rows else [listing.row(each) for each in found]


def count(statement: Statement) -> int:
    """Count the rows of a statement."""
    found = select(func.count()).select_from(statement.order_by(None).subquery())
    return db.session.scalar(found) or 0


def narrow(listing: Listing[Row], statement: Statement, state: State) -> Statement:
    """Apply search and filters; search words are literal, % and _ included."""
    # A list without anything to search in shows no field for it, and takes no notice of one.
    for word in state.query.split() if listing.search else ():
        statement = statement.where(
            or_(*(column.icontains(word, autoescape=True) for column in listing.search))
        )
    for each in listing.filters:
        if each.name in state.chosen:
            statement = statement.where(each.where(state.chosen[each.name]))
    return statement


def ordered(listing: Listing[Row], statement: Statement, state: State) -> Statement:
    """Sort by the chosen column; ties by the list's own key, so that pages never overlap."""
    name = state.sort.removeprefix("-")
    for column in listing.columns:
        if column.name == name and column.sort is not None:
            key = column.sort
            statement = statement.order_by(key.desc() if state.sort.startswith("-") else key.asc())
    if listing.tie_break is None:
        return statement
    keys = listing.tie_break if isinstance(listing.tie_break, tuple) else (listing.tie_break,)
    return statement.order_by(*keys)


def heading(column: Column[Row], state: State, url: str) -> ColumnView:
    """Give a column's heading; the link of the sorted one turns the order round."""
    direction = {column.name: "asc", f"-{column.name}": "desc"}.get(state.sort, "")
    turned = f"-{column.name}" if direction == "asc" else column.name
    return ColumnView(
        name=column.name,
        label=column.label,
        align=column.align,
        is_wide=column.is_wide,
        is_short=column.is_short,
        is_sortable=column.sort is not None,
        sort=direction,
        sort_url=state.url(url, sort=turned),
    )


def as_cell(value: Cell | str) -> Cell:
    """Let a column answer with bare text."""
    return value if isinstance(value, Cell) else Cell(text=value)


def exported(column: Column[Row], row: Row) -> object:
    """Give what Excel gets: the column's own value, or what the page shows."""
    return column.export(row) if column.export else str(as_cell(column.cell(row)).text)


def button(*, form: str, name: str, value: int, label: str, about: str) -> Cell:
    """Give a cell with a button that sends `name=value` through the form with that id.

    `about` tells those who can't see the row which one it is.
    """
    template = Markup(
        '<button class="btn btn-small" type="submit" form="{}" name="{}" value="{}">{}'
        '<span class="sr-only">{}</span></button>'
    )
    return Cell(text=template.format(form, name, value, label, about), kind="actions")


def near(page: int, pages: int) -> list[int]:
    """Give the page numbers that the pager offers: first, last and the neighbours."""
    return sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})
