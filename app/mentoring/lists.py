"""The lists of the room: pairs, my pairs, who may need a master, who may be one."""

from collections.abc import Sequence

from flask import url_for
from sqlalchemy import ColumnElement

from app.accounts.models import Department, Person
from app.accounts.roster.models import Placement
from app.kernel import clock, formats
from app.kernel.listing import Cell, Column, Filter, Listing, tag
from app.mentoring.models import MentoringPair, PairState
from app.mentoring.months import length_text
from app.mentoring.pairs import Apprentice, Master, PairRow
from app.mentoring.pairs import row_of as pair_of
from app.mentoring.people import Candidate, Newcomer, candidates_of, newcomer_of
from app.mentoring.workflow import PAIR_FLOW

TERM_OVER = "term_over"


def names_cell(row: PairRow) -> Cell:
    """Show the apprentice, which leads to the pair."""
    href = url_for("mentoring.show_pair", public_id=row.pair.public_id)
    return Cell(text=row.apprentice.name, href=href)


def is_term_over(pair: MentoringPair) -> bool:
    """Tell whether a term has passed without 出师."""
    return pair.is_under_way and pair.ends_on < clock.today()


def state_cell(row: PairRow) -> Cell:
    """Show how far a pair is; a term that has passed is said beside it."""
    state = PAIR_FLOW.state(row.pair.state)
    more = "，期限已到" if is_term_over(row.pair) else ""
    return tag(f"{state.label}{more}", state.kind)


def in_state(value: str) -> ColumnElement[bool]:
    """Narrow pairs to a state, or to those whose term has passed."""
    if value == TERM_OVER:
        return (MentoringPair.state == PairState.RUNNING) & (MentoringPair.ends_on < clock.today())
    return MentoringPair.state == PairState(value)


PAIR_COLUMNS: Sequence[Column[PairRow]] = (
    Column(
        name="apprentice", label="徒弟", cell=names_cell, sort=Apprentice.name_key, is_short=True
    ),
    Column(
        name="master", label="师傅", cell=lambda row: row.master.name, sort=Master.name_key,
        is_short=True,
    ),
    Column(
        name="department", label="部门", cell=lambda row: row.department.name,
        sort=Department.position,
    ),
    Column(
        name="number", label="协议编号", cell=lambda row: row.pair.number or "—",
        sort=MentoringPair.number, is_short=True, is_wide=True,
    ),
    Column(
        name="starts", label="开始", cell=lambda row: formats.day(row.pair.starts_on),
        sort=MentoringPair.starts_on, is_short=True, is_wide=True,
        export=lambda row: row.pair.starts_on,
    ),
    Column(
        name="ends", label="到期", cell=lambda row: formats.day(row.pair.ends_on),
        sort=MentoringPair.ends_on, is_short=True, export=lambda row: row.pair.ends_on,
    ),
    Column(name="state", label="状态", cell=state_cell, sort=MentoringPair.state),
    Column(
        name="certificate", label="出师证书", is_short=True, is_wide=True,
        cell=lambda row: row.pair.certificate_number or "—",
        sort=MentoringPair.certificate_number,
    ),
)  # fmt: skip
STATE_FILTER = Filter(
    name="state",
    label="状态",
    options=[
        *((str(each.value), each.label) for each in PAIR_FLOW.states),
        (TERM_OVER, "期限已到，还在带教"),
    ],
    where=in_state,
)
SEARCH = (Master.name, Apprentice.name, MentoringPair.number, Department.name)


def make_pairs(departments: Sequence[Department]) -> Listing[PairRow]:
    """Declare the list of pairs with the departments that its reader may choose from."""
    return Listing(
        id="pair-list",
        noun="对师徒",
        title="师徒结对",
        row=lambda found: pair_of(tuple(found)),
        columns=PAIR_COLUMNS,
        search=SEARCH,
        search_label="姓名、部门、编号",
        filters=[
            STATE_FILTER,
            Filter(
                name="department",
                label="部门",
                options=[(str(each.id), each.name) for each in departments],
                where=lambda value: MentoringPair.department_id == int(value),
            ),
        ],
        default_sort="-starts",
        tie_break=MentoringPair.id.desc(),
        empty_text="还没有结对。",
    )


OWN_PAIRS: Listing[PairRow] = Listing(
    id="own-pairs",
    noun="对师徒",
    title="我的师徒",
    row=lambda found: pair_of(tuple(found)),
    columns=PAIR_COLUMNS,
    search=SEARCH,
    search_label="姓名、编号",
    filters=[STATE_FILTER],
    default_sort="-starts",
    tie_break=MentoringPair.id.desc(),
    empty_text="你现在没有结对。部门提出结对以后，会在待办里请你同意。",
)


def newcomer_cell(row: Newcomer) -> Cell:
    """Show somebody, which leads to who may be his master."""
    href = url_for("mentoring.list_candidates", person_id=row.person.id)
    return Cell(text=row.person.name, href=href)


NEWCOMERS: Listing[Newcomer] = Listing(
    id="newcomer-list",
    noun="人",
    title="可以结对的徒弟",
    row=lambda found: newcomer_of(tuple(found)),
    columns=[
        Column(
            name="name", label="姓名", cell=newcomer_cell, sort=Person.name_key, is_short=True
        ),
        Column(
            name="number", label="工号", cell=lambda row: row.person.staff_number,
            sort=Person.staff_number, is_short=True,
        ),
        Column(
            name="department", label="部门", cell=lambda row: row.department,
            sort=Department.position,
        ),
        Column(name="post", label="岗位", cell=lambda row: row.post, is_wide=True),
        Column(
            name="since", label="到现岗位", cell=lambda row: formats.day(row.since),
            sort=Placement.starts_on, is_short=True,
        ),
    ],
    search=(Person.name, Person.staff_number, Department.name),
    search_label="姓名、工号、部门",
    default_sort="-since",
    tie_break=Person.id,
    empty_text="现在没有到岗不久、还没有师傅的人。",
)  # fmt: skip


def reasons_cell(row: Candidate) -> Cell:
    """Give the reasons, one to a line."""
    return Cell(text="；".join(row.reasons))


def make_candidates(apprentice_id: int, department_id: int) -> Listing[Candidate]:
    """Declare the list of who may be the master of one apprentice; by pinyin, never ranked."""

    def choose(row: Candidate) -> Cell:
        href = url_for("mentoring.new_pair", person_id=apprentice_id, master_id=row.person.id)
        return Cell(text="提出结对", href=href)

    return Listing(
        id="candidate-list",
        noun="人",
        title="可以当师傅的人",
        row=lambda found: candidates_of(apprentice_id, [found])[0],
        rows=lambda found: candidates_of(apprentice_id, found),
        columns=[
            Column(name="name", label="姓名", cell=lambda row: row.person.name, is_short=True,
                   sort=Person.name_key),
            Column(name="department", label="部门", cell=lambda row: row.department),
            Column(name="post", label="岗位", cell=lambda row: row.post, is_short=True),
            Column(name="since", label="在现岗位", is_wide=True, is_short=True,
                   cell=lambda row: length_text(row.since, clock.today())),
            Column(name="reasons", label="为什么列出来", cell=reasons_cell),
            Column(name="choose", label="办理", cell=choose, is_short=True),
        ],
        search=(Person.name, Person.staff_number, Department.name),
        search_label="姓名、工号、部门",
        filters=[
            Filter(
                name="home",
                label="范围",
                options=[("same", "同部门"), ("other", "别的部门、事项相同")],
                where=lambda value: (
                    Placement.department_id == department_id
                    if value == "same"
                    else Placement.department_id != department_id
                ),
            )
        ],
        default_sort="name",
        tie_break=Person.id,
        empty_text="现在没有符合条件的师傅：要在现岗位满规定的月数、没有带满、今天在岗，并且同部门或者有"
        "同一事项的授权。",
    )  # fmt: skip
