"""A roster compared with the site and applied; on both engines."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.accounts import passwords, service
from app.accounts.models import Department, RoleGrant, SignInSession
from app.accounts.roster import placements
from app.accounts.roster.imports import service as imports
from app.accounts.roster.imports.models import RosterImport, RosterImportState
from app.accounts.roster.models import Post, PostGroup, ServiceWindow
from app.audit.models import AuditEntry, AuditEvent
from app.kernel import db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Role
from tests.accounts import rosters
from tests.accounts.factories import counted_verifications
from tests.accounts.rosters import EFFECTIVE_ON, line, whole_cast
from tests.site.rows import read_rows
from tests.support import cast

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("hall")]


def problems_of(*rows):
    """Give what comparing says against rows: (row, column, message)."""
    found = rosters.differences(rosters.upload(rosters.book(rows)))
    return [(each.row, each.letter, each.message) for each in found.problems]


def add_window(number, department, **values):
    with db.write():
        home = db.session.scalars(select(Department).where(Department.name == department)).one()
        db.session.add(ServiceWindow(number=number, name=number, department_id=home.id, **values))


def test_file_that_says_what_the_site_says_changes_nothing():
    public_id = rosters.upload(rosters.book(whole_cast()))
    found = rosters.differences(public_id)
    assert found.is_empty
    assert found.unchanged == len(whole_cast())
    with pytest.raises(RefusedError, match="没有要改的内容"):
        rosters.apply(public_id)


def test_somebody_new_gets_place_account_and_role():
    rosters.brought_in(
        [
            *whole_cast(),
            line(
                "N1",
                "沈一诺",
                部门="区民政局",
                窗口="A01",
                岗位="婚姻登记",
                岗位类别="专窗",
                手机="13800000000",
            ),
        ]
    )
    added = rosters.person("N1")
    assert (added.name, added.name_key, added.phone) == ("沈一诺", "shen3 yi1 nuo4", "13800000000")
    assert rosters.places("N1") == [("区民政局", "A01", "婚姻登记", date(2024, 3, 1), None)]
    post = db.session.scalars(select(Post).where(Post.name == "婚姻登记")).one()
    assert post.post_group is PostGroup.SPECIAL
    home = db.session.scalars(select(Department).where(Department.name == "区民政局")).one()
    assert home.position == len(cast.DEPARTMENTS) + 1
    grants = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == added.id)).all()
    assert [(each.role, each.is_granted) for each in grants] == [(Role.STAFF, True)]


def test_account_of_somebody_new_opens_with_no_password_and_takes_as_long(monkeypatch):
    rosters.brought_in([*whole_cast(), line("N1", "沈一诺")])
    account = service.find_account("n1")
    assert account.password_hash == passwords.NO_PASSWORD
    for typed in ("", "!", cast.PASSWORD):
        with counted_verifications(monkeypatch) as asked:
            assert not passwords.verify(account.password_hash, typed)
        # Argon2 was asked about a real hash, as it is for a name that nobody has.
        assert len(asked) == 1
        assert asked[0].startswith("$argon2id$")


def test_other_role_is_asked_for_and_not_given():
    rosters.brought_in([*whole_cast(), line("N1", "沈一诺", 角色="巡查员")])
    grants = db.session.scalars(
        select(RoleGrant)
        .where(RoleGrant.person_id == rosters.person("N1").id)
        .order_by(RoleGrant.id)
    ).all()
    assert [(each.role, each.is_granted) for each in grants] == [
        (Role.STAFF, True),
        (Role.INSPECTOR, None),
    ]
    assert grants[1].requested_by_id == cast.person_id("clerk")


@pytest.mark.parametrize(("word", "is_own"), [("窗口负责人", True), ("巡查员", False)])
def test_a_lead_is_asked_for_in_his_own_department(word, is_own):
    rosters.brought_in([*whole_cast(), line("N1", "沈一诺", 部门="区民政局", 角色=word)])
    home = db.session.scalar(select(Department.id).where(Department.name == "区民政局"))
    asked = db.session.scalars(
        select(RoleGrant).where(
            RoleGrant.person_id == rosters.person("N1").id, RoleGrant.decided_at.is_(None)
        )
    ).one()
    assert asked.department_id == (home if is_own else None)


def test_transfer_ends_one_placement_and_begins_the_next():
    rows = [
        *rosters.without("SY001"),
        line(
            "SY001",
            "单知远",
            部门="区税务局",
            岗位="专业窗口",
            岗位类别="",
            用工性质="",
            入职日期=cast.JOINED_ON,
        ),
    ]
    found = rosters.brought_in(rows)
    assert [each.before for each in found.moved] == ["不动产登记中心 专业窗口"]
    assert rosters.places("SY001") == [
        ("不动产登记中心", None, "专业窗口", cast.JOINED_ON, EFFECTIVE_ON - timedelta(days=1)),
        ("区税务局", None, "专业窗口", EFFECTIVE_ON, None),
    ]


def test_particulars_change_and_an_empty_cell_erases_nothing():
    row = line(
        "SY001", "单志远", 岗位="专业窗口", 岗位类别="", 入职日期=cast.JOINED_ON, 手机="13800000001"
    )
    rosters.brought_in([*rosters.without("SY001"), row])
    changed = rosters.person("SY001")
    assert (changed.name, changed.name_key) == ("单志远", "shan zhi4 yuan3")
    assert (changed.phone, changed.employment) == ("13800000001", "stationed")
    rosters.upload(rosters.book([*rosters.without("SY001"), [*row[:9], "", "", ""]]))
    assert rosters.differences(rosters.last_import().public_id).is_empty


def test_whoever_is_missing_leaves_only_when_ticked():
    rows = [*rosters.without("SY001"), line("N1", "沈一诺")]
    found = rosters.differences(rosters.upload(rosters.book(rows)))
    assert [each.name for each in found.missing] == ["单知远"]
    rosters.apply(rosters.last_import().public_id)
    assert rosters.person("SY001").left_on is None
    rosters.upload(rosters.book(rows))
    rosters.apply(rosters.last_import().public_id, leaving=[cast.person_id("staff")])
    assert rosters.person("SY001").left_on == EFFECTIVE_ON - timedelta(days=1)
    assert rosters.places("SY001")[0][-1] == EFFECTIVE_ON - timedelta(days=1)


def test_leaving_ends_the_sessions(browse):
    browser = browse("staff")
    rosters.upload(rosters.book(rosters.without("SY001")))
    rosters.apply(rosters.last_import().public_id, leaving=[cast.person_id("staff")])
    browser.get("/", status=303)
    ended = db.session.scalars(select(SignInSession.end_reason)).all()
    assert ended == ["person_left"]


def test_day_of_leaving_in_the_file_needs_no_tick():
    row = [*next(row for row in whole_cast() if row[1] == "SY001")]
    row[10] = "2026-11-30"
    rosters.brought_in([*rosters.without("SY001"), row])
    assert rosters.person("SY001").left_on == date(2026, 11, 30)
    # The same file again says nothing new.
    assert rosters.differences(
        rosters.upload(rosters.book([*rosters.without("SY001"), row]))
    ).is_empty


def test_nobody_but_the_missing_can_be_ticked():
    public_id = rosters.upload(rosters.book([*rosters.without("SY001"), line("N1", "沈一诺")]))
    with pytest.raises(RefusedError, match="对不上"):
        rosters.apply(public_id, leaving=[cast.person_id("chief")])


def test_administrators_and_the_importer_do_not_leave_by_an_import():
    found = rosters.differences(rosters.upload(rosters.book([line("N1", "沈一诺")])))
    hindered = {each.staff_number: each.hindrance for each in found.missing if each.hindrance}
    assert set(hindered) == {"SY003", "SY011", "SY012", "SY013"}
    with pytest.raises(RefusedError):
        rosters.apply(rosters.last_import().public_id, leaving=[cast.person_id("sysadmin")])
    row = [*next(row for row in whole_cast() if row[1] == "SY011")]
    row[10] = "2026-11-19"
    assert [(row, letter) for row, letter, _ in problems_of(row)] == [(2, "K")]


@pytest.mark.parametrize(
    ("row", "letter", "advice"),
    [
        (line("SY001", "黄若溪", 岗位="专业窗口", 岗位类别=""), "C", "登记的是单知远"),
        (line("N1", "沈一诺", 窗口="T01"), "E", "窗口T01登记在区税务局名下"),
        (line("N1", "沈一诺", 窗口="B09"), "E", "窗口B09已经停用"),
        (line("N1", "沈一诺", 岗位="专业窗口", 岗位类别="导服"), "G", "登记为专窗"),
        (line("N1", "沈一诺", 部门="区气象局"), "D", "区气象局已经撤销"),
        (line("1", "沈一诺"), "B", "可能丢了前面的0"),
    ],
    ids=["other name", "window", "closed window", "group", "closed department", "zeros"],
)
def test_mistake_that_only_the_site_can_see_is_named(row, letter, advice):
    add_window("T01", "区税务局")
    add_window("B09", "不动产登记中心", closed_on=date(2026, 1, 1))
    with db.write():
        service.add_department(name="区气象局", position=9)
        db.session.scalars(
            select(Department).where(Department.name == "区气象局")
        ).one().closed_on = date(2026, 1, 1)
        service.add_person(
            staff_number="001", name="曾望舒", department_id=1, post="后台",
            password_hash="!", roles=[], joined_on=cast.JOINED_ON,
        )  # fmt: skip
    [(number, found, message)] = problems_of(row)
    assert (number, found) == (2, letter)
    assert advice in message


def test_whoever_has_left_does_not_come_back_by_an_import():
    rosters.upload(rosters.book(rosters.without("SY001")))
    rosters.apply(rosters.last_import().public_id, leaving=[cast.person_id("staff")])
    [(_, letter, message)] = problems_of(*whole_cast())
    assert letter == "B"
    assert "返岗的另外登记" in message


def test_transfer_on_the_day_of_the_last_one_is_refused():
    row = line(
        "SY001", "单知远", 部门="区税务局", 岗位="专业窗口", 岗位类别="", 入职日期=cast.JOINED_ON
    )
    rosters.brought_in([*rosters.without("SY001"), row])
    back = [*row]
    back[3] = "不动产登记中心"
    [(_, letter, message)] = problems_of(*rosters.without("SY001"), back)
    assert letter == "D"
    assert "名单日期改晚" in message


def test_one_window_belongs_to_one_department_within_a_file():
    [(row, letter, _)] = problems_of(
        line("N1", "沈一诺", 窗口="C1"), line("N2", "任清越", 部门="区税务局", 窗口="c1")
    )
    assert (row, letter) == (3, "E")


def test_unknown_department_is_matched_by_a_person_never_by_a_guess():
    rows = [
        *whole_cast(),
        line("N1", "沈一诺", 部门="税务局"),
        line("N2", "任清越", 部门="区 税务局"),
    ]
    public_id = rosters.upload(rosters.book(rows))
    found = rosters.differences(public_id)
    [asked] = found.unknown_departments
    tax = cast.department_ids()[1]
    assert (asked.name, asked.row, asked.people, asked.suggestion) == (
        "税务局",
        len(whole_cast()) + 2,
        1,
        str(tax),
    )
    assert not found.can_be_applied
    with pytest.raises(RefusedError, match="没有选择"), db.write():
        imports.apply_roster(
            public_id=public_id,
            seen=found.fingerprint(),
            leaving=frozenset(),
            applied_by_id=cast.person_id("clerk"),
        )
    with db.write():
        imports.choose(
            public_id=public_id,
            choices={asked.key: str(tax), "department:x": "add"},
            chosen_by_id=cast.person_id("clerk"),
        )
    rosters.apply(public_id)
    assert {rosters.places(number)[0][0] for number in ("N1", "N2")} == {"区税务局"}
    assert len(cast.department_ids()) == 2


def test_with_one_fault_nothing_is_written(hall):
    public_id = rosters.upload(rosters.book([*whole_cast(), line("N1", "沈一诺"), line("N2", "")]))
    before = read_rows(hall)
    with pytest.raises(RefusedError, match="一行也没有导入"):
        rosters.apply(public_id)
    assert read_rows(hall) == before


def test_only_what_was_seen_is_applied():
    public_id = rosters.upload(rosters.book([*whole_cast(), line("N1", "沈一诺")]))
    seen = rosters.differences(public_id).fingerprint()
    with db.write():
        placements.transfer(
            person_id=cast.person_id("staff"),
            department_id=cast.department_ids()[1],
            window_id=None,
            post_id=1,
            starts_on=EFFECTIVE_ON - timedelta(days=3),
        )
    with pytest.raises(StaleEditError), db.write():
        imports.apply_roster(
            public_id=public_id,
            seen=seen,
            leaving=frozenset(),
            applied_by_id=cast.person_id("clerk"),
        )


def test_import_is_applied_once():
    public_id = rosters.upload(rosters.book([*whole_cast(), line("N1", "沈一诺")]))
    seen = rosters.differences(public_id).fingerprint()
    rosters.apply(public_id)
    with pytest.raises(RefusedError, match="已经处理过"), db.write():
        imports.apply_roster(
            public_id=public_id,
            seen=seen,
            leaving=frozenset(),
            applied_by_id=cast.person_id("clerk"),
        )


def test_event_says_who_was_concerned_and_keeps_no_telephone():
    rosters.brought_in([*rosters.without("SY001"), line("N1", "沈一诺", 手机="13812345678")])
    [entry] = db.session.scalars(
        select(AuditEntry).where(AuditEntry.event == AuditEvent.ACCOUNTS_ROSTER_IMPORTED)
    ).all()
    assert entry.data["added"] == [rosters.person("N1").id]
    assert "13812345678" not in str(entry.data)


def test_unreadable_file_says_why_and_its_content_is_gone():
    rosters.upload(b"PK\x03\x04 no table")
    imported = rosters.last_import()
    assert imported.state is RosterImportState.UNREADABLE
    assert set(imported.content) == {"error"}


def test_content_is_erased_after_thirty_days(now):
    public_id = rosters.upload(rosters.book([*whole_cast(), line("N1", "沈一诺")]))
    now.move(days=29)
    imports.erase_old()
    assert rosters.last_import().content["rows"]
    db.session.rollback()
    now.move(days=2)
    imports.erase_old()
    imports.erase_old()
    imported = rosters.last_import()
    assert (imported.content, imported.made, imported.file_name) == ({}, {}, "（已清除）")
    with pytest.raises(RefusedError, match="已经清除"):
        rosters.apply(public_id)


def test_counts_stand_in_the_history():
    rosters.brought_in([*rosters.without("SY001"), line("N1", "沈一诺")])
    imported = db.session.scalars(select(RosterImport)).one()
    assert (imported.added, imported.moved, imported.changed, imported.departed) == (1, 0, 0, 0)
    assert imported.unchanged == len(whole_cast()) - 1
