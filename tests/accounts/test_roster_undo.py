"""An import taken back: every row as it was, or nothing; on both engines."""

import os
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts import service, sessions
from app.accounts.models import Account, Department, Person, RoleGrant
from app.accounts.roster import placements
from app.accounts.roster.imports import undoing
from app.accounts.roster.imports.models import RosterImportState
from app.accounts.roster.models import ServiceWindow
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from tests.accounts import rosters
from tests.accounts.rosters import EFFECTIVE_ON, line, whole_cast
from tests.site.rows import read_rows
from tests.support import cast

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("hall")]


def undo(public_id, who="clerk"):
    with db.write():
        undoing.undo_roster(public_id=public_id, undone_by_id=cast.person_id(who))


def everything(app):
    """Give all rows but the log, the jobs, the imports, and the versions that count edits."""
    return {
        key: {name: value for name, value in row.items() if name != "version"}
        for key, row in read_rows(app).items()
        if key[0] not in {"audit_entry", "job", "roster_import"}
    }


def test_undoing_puts_every_row_back(hall):
    before = everything(hall)
    rows = [
        line("SY001", "单志远", 部门="区民政局", 窗口="A1", 手机="13800000001", 角色="巡查员"),
        line("N1", "沈一诺", 部门="区民政局", 角色="巡查员"),
    ]
    public_id = rosters.upload(rosters.book(rows))
    rosters.apply(public_id, leaving=[cast.person_id("other"), cast.person_id("chief")])
    assert everything(hall) != before
    undo(public_id)
    assert everything(hall) == before
    assert rosters.last_import().state is RosterImportState.UNDONE
    with pytest.raises(RefusedError, match="最近一次"):
        undo(public_id)


def let_sign_in():
    with db.write():
        sessions.begin_session(service.find_account("n1"))


def let_move():
    with db.write():
        placements.transfer(
            person_id=rosters.person("SY001").id,
            department_id=cast.department_ids()[0],
            window_id=None,
            post_id=1,
            starts_on=EFFECTIVE_ON + timedelta(days=1),
        )


def let_phone_change():
    with db.write():
        db.session.get_one(Person, rosters.person("SY001").id).phone = "13800000009"


def let_role_be_granted():
    with db.write():
        waiting = RoleGrant.decided_at.is_(None)
        grant = db.session.scalars(select(RoleGrant).where(waiting)).one()
        grant.decided_by_id, grant.decided_at = cast.person_id("secadmin"), clock.now()
        grant.is_granted = True


def let_newcomer_be_edited():
    with db.write():
        db.session.get_one(Person, rosters.person("N1").id).phone = "13800000009"


def let_department_be_used():
    with db.write():
        home = db.session.scalars(select(Department).where(Department.name == "区民政局")).one()
        db.session.add(ServiceWindow(number="Z9", name="Z9", department_id=home.id))


@pytest.mark.parametrize(
    ("happen", "who"),
    [
        (let_sign_in, "沈一诺"),
        (let_move, "单知远"),
        (let_phone_change, "单知远"),
        (let_role_be_granted, "沈一诺"),
        (let_newcomer_be_edited, "沈一诺"),
        (let_department_be_used, "区民政局"),
    ],
)
def test_undoing_is_refused_as_a_whole_and_names_who_stands_in_the_way(happen, who, hall):
    rows = [
        *rosters.without("SY001"),
        line("SY001", "单知远", 部门="区民政局", 岗位="专业窗口", 岗位类别="", 手机="13800000001"),
        line("N1", "沈一诺", 角色="巡查员"),
    ]
    public_id = rosters.upload(rosters.book(rows))
    rosters.apply(public_id)
    happen()
    db.session.rollback()
    before = read_rows(hall)
    with pytest.raises(RefusedError, match=who):
        undo(public_id)
    assert read_rows(hall) == before


def test_only_the_last_import_can_be_undone():
    first = rosters.upload(rosters.book([*whole_cast(), line("N1", "沈一诺")]))
    rosters.apply(first)
    second = rosters.upload(
        rosters.book([*whole_cast(), line("N1", "沈一诺"), line("N2", "任清越")])
    )
    rosters.apply(second)
    with pytest.raises(RefusedError, match="最近一次"):
        undo(first)
    undo(second)
    undo(first)
    assert db.session.scalars(select(Account).where(Account.login_name == "n1")).all() == []


NAMES = st.text("沈陆顾梁秦许曾任邵倪知远静怡晓岚", min_size=2, max_size=4)
ROWS = st.builds(
    lambda number, name, home, window, post, kind, day, phone: line(
        number, name, 部门=home, 窗口=f"{home}{window}" if window else "", 岗位=post,
        岗位类别="", 用工性质=kind, 入职日期=day, 手机=phone,
    ),
    st.integers(1, 40).map(lambda number: f"R{number}"),
    NAMES,
    st.sampled_from(["不动产登记中心", "区税务局", "区民政局", "区气象局"]),
    st.sampled_from(["", "1", "2"]),
    st.sampled_from(["综合窗口", "专业窗口", "帮办", "导服", "后台"]),
    st.sampled_from(["", "公务员", "事业", "派驻", "派遣"]),
    st.dates(date(2000, 1, 1), date(2026, 10, 1)),
    st.sampled_from(["", "13800000001", "021-12345678"]),
)  # fmt: skip
ROSTERS = st.lists(ROWS, min_size=1, max_size=12, unique_by=lambda row: row[1])


def renamed(rows, names):
    """Give the rows with the names that the site has for their 工号: a roster renames nobody."""
    return [[*row[:2], names.get(row[1], row[2]), *row[3:]] for row in rows]


@settings(
    max_examples=40 if "LONG" in os.environ else 6,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(first=ROSTERS, second=ROSTERS, leaving=st.booleans())
def test_applied_twice_changes_nothing_and_undone_leaves_no_trace(hall, first, second, leaving):
    """Any two rosters one after the other: each twice is once, and each can be taken back."""
    start = everything(hall)
    done, names = [], {}
    for days, rows in ((0, first), (5, second)):
        before = everything(hall)
        content = rosters.book([*whole_cast(), *renamed(rows, names)])
        names.update({row[1]: row[2] for row in renamed(rows, names)})
        day = EFFECTIVE_ON + timedelta(days=days)
        public_id = rosters.upload(content, effective_on=day)
        found = rosters.differences(public_id)
        if found.problems or found.is_empty:
            continue
        ticked = [each.person_id for each in found.missing] if leaving else []
        if not (found.joined or found.moved or found.changed or ticked):
            continue
        rosters.apply(public_id, leaving=ticked)
        again = rosters.differences(rosters.upload(content, effective_on=day))
        assert [again.joined, again.moved, again.changed, again.departed, again.problems] == [
            []
        ] * 5
        assert not leaving or not [each for each in again.missing if not each.hindrance]
        done.append((public_id, before))
    for public_id, before in reversed(done):
        undo(public_id)
        assert everything(hall) == before
    assert everything(hall) == start
    db.session.rollback()
