"""首次启用: one person gives the first roles alone, never to himself, until the hall is opened."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts import first_run, roles, service
from app.accounts.models import Account, AccountKind, Hall, Person, RoleGrant
from app.audit.models import AuditEvent
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Grant, Role
from tests.accounts.factories import events, grant, let_leave, with_one_administrator
from tests.support import cast


@pytest.fixture
def begun(app):
    """Let the hall of the cast be in its first run, since today, with one administrator."""
    with app.app_context():
        with_one_administrator()
        grant("other", Role.LEADER)
        with db.write():
            db.session.get_one(Hall, 1).set_up_on = clock.today()


def give(browser, status=303, **values):
    page = browser.get("/first-run/roles")
    return browser.submit(page, values, form="#give-form", status=status)


def held(who):
    return service.read_grants(cast.person_id(who), clock.today())


@pytest.mark.db
def test_roles_are_given_to_all_who_are_named_in_the_whole_hall(browse, app, begun):
    sysadmin = browse("sysadmin")
    give(sysadmin, role="party_branch", people="SY001\n　梁静怡 \n\nsy001")
    with app.app_context():
        for who in ("staff", "other"):
            assert Grant(role=Role.PARTY_BRANCH, department_id=None) in held(who)
        granted = events(AuditEvent.ACCOUNTS_ROLE_GRANTED)
        assert [entry.data["is_first_run"] for entry in granted] == [True, True]
        assert {entry.person_id for entry in granted} == {cast.person_id("sysadmin")}
    page = sysadmin.get("/first-run/roles")
    assert page.text.count("党支部 ") >= 2
    assert "首次启用" in sysadmin.get("/roles?q=单知远").text


def test_a_lead_gets_his_own_department(browse, app, begun):
    give(browse("sysadmin"), role="window_lead", people="单知远\n梁静怡", scope="own")
    with app.app_context():
        homes = cast.department_ids()
        assert Grant(role=Role.WINDOW_LEAD, department_id=homes[0]) in held("staff")
        assert Grant(role=Role.WINDOW_LEAD, department_id=homes[1]) in held("other")


def test_who_gets_a_role_signs_in_anew(browse, app, begun):
    staff = browse("staff")
    give(browse("sysadmin"), role="inspector", people="SY001")
    staff.get("/", status=303)


def test_giving_twice_gives_once(browse, app, begun):
    sysadmin = browse("sysadmin")
    give(sysadmin, role="inspector", people="SY001")
    give(sysadmin, role="inspector", people="SY001")
    assert "这些人已经是巡查员了" in sysadmin.get("/first-run/roles").text
    with app.app_context():
        held = db.session.query(RoleGrant).filter_by(role=Role.INSPECTOR)
        assert held.filter_by(person_id=cast.person_id("staff")).count() == 1


@pytest.mark.db
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("SY999", "第3行“SY999”没有这个在岗的人"),
        ("查无此人", "第3行“查无此人”没有这个在岗的人"),
        ("翟景行", "第3行“翟景行”是你本人"),
        ("SY011", "第3行“SY011”是你本人"),
        ("陆文博", "第3行“陆文博”有几个人同名"),
    ],
)
def test_one_faulty_line_gives_nothing_to_anybody(browse, app, begun, line, says):
    with app.app_context(), db.write():
        service.add_person(
            staff_number="SY077", name="陆文博", department_id=cast.department_ids()[0],
            post="导服", password_hash="", roles=[], joined_on=cast.JOINED_ON,
        )  # fmt: skip
    answer = give(browse("sysadmin"), role="office", people=f"SY001\n\n{line}", status=422)
    assert says in answer.text_of("#people-error")
    assert answer.one("#people").text.strip() == f"SY001\n\n{line}"
    with app.app_context():
        # The one of the cast who has it already.
        assert db.session.query(RoleGrant).filter_by(role=Role.OFFICE).count() == 1


def test_who_has_left_gets_no_role(browse, app, begun):
    with app.app_context(), db.write():
        db.session.get_one(Person, cast.person_id("other")).left_on = clock.today() - timedelta(1)
    answer = give(browse("sysadmin"), role="office", people="SY002", status=422)
    assert "没有这个在岗的人" in answer.text_of("#people-error")


@pytest.mark.db
def test_the_database_refuses_a_role_that_somebody_gives_himself(app, begun):
    with app.app_context():
        me = cast.person_id("sysadmin")
        with pytest.raises(IntegrityError), db.write():
            first_run.give(me, Role.OFFICE, None, me)
        assert not db.session.query(RoleGrant).filter_by(person_id=me).count()


def test_a_mistake_is_taken_back(browse, app, begun, now):
    sysadmin = browse("sysadmin")
    give(sysadmin, role="inspector", people="SY001")
    page = sysadmin.get("/first-run/roles")
    sysadmin.submit(page, form="form[action$=withdraw]")
    assert "还没有给出角色" in sysadmin.get("/first-run/roles").text
    with app.app_context():
        assert {grant.role for grant in held("staff")} == {Role.STAFF}
        [ended] = events(AuditEvent.ACCOUNTS_ROLE_ENDED)
        assert ended.data["reason"] == "首次启用时撤回"


@pytest.mark.db
def test_what_the_roster_asks_for_is_given_at_once(browse, app, begun):
    sysadmin = browse("sysadmin")
    assert "名单里申请的角色" not in sysadmin.get("/first-run/roles").text
    with app.app_context(), db.write():
        for who in ("staff", "other", "sysadmin", "chief"):
            roles.request_role(
                person_id=cast.person_id(who), role=Role.INSPECTOR, department_id=None,
                starts_on=clock.today(), ends_on=None,
                requested_by_id=cast.person_id("clerk" if who == "chief" else "sysadmin"),
            )  # fmt: skip
    page = sysadmin.get("/first-run/roles")
    sysadmin.submit(page, form="form[action$=asked]")
    with app.app_context():
        inspector = Grant(role=Role.INSPECTOR, department_id=None)
        # Neither his own, nor what somebody else asks for.
        assert [inspector in held(who) for who in ("staff", "other", "sysadmin", "chief")] == [
            True, True, False, False,
        ]  # fmt: skip
        granted = events(AuditEvent.ACCOUNTS_ROLE_GRANTED)
        assert [entry.data["is_first_run"] for entry in granted] == [True, True]
    assert "名单里申请的角色" not in sysadmin.get("/first-run/roles").text.replace(
        "名单里申请的角色都已给出", ""
    )


def test_a_request_that_is_over_stands_in_nobodys_way(browse, app, begun, now):
    with app.app_context(), db.write():
        for who, days in (("staff", 0), ("clerk", 90)):
            roles.request_role(
                person_id=cast.person_id(who), role=Role.INSPECTOR, department_id=None,
                starts_on=clock.today(), ends_on=clock.today() + timedelta(days=days),
                requested_by_id=cast.person_id("sysadmin"),
            )  # fmt: skip
    now.move(days=1)
    sysadmin = browse("sysadmin")
    sysadmin.submit(sysadmin.get("/first-run/roles"), form="form[action$=asked]")
    with app.app_context():
        inspector = Grant(role=Role.INSPECTOR, department_id=None)
        assert [inspector in held(who) for who in ("staff", "clerk")] == [False, True]


def test_naming_somebody_gives_what_the_roster_asks_for_him(browse, app, begun):
    with app.app_context(), db.write():
        roles.request_role(
            person_id=cast.person_id("staff"), role=Role.WINDOW_LEAD, department_id=None,
            starts_on=clock.today(), ends_on=None, requested_by_id=cast.person_id("sysadmin"),
        )  # fmt: skip
    give(browse("sysadmin"), role="window_lead", people="SY001", scope="own")
    with app.app_context():
        home = cast.department_ids()[0]
        assert Grant(role=Role.WINDOW_LEAD, department_id=home) in held("staff")
        assert not first_run.list_asked(cast.person_id("sysadmin"))


def test_a_role_that_was_granted_otherwise_is_not_taken_back_here(app, begun):
    with app.app_context():
        grant_id = db.session.scalar(
            select(RoleGrant.id).where(RoleGrant.person_id == cast.person_id("staff"))
        )
        with pytest.raises(RefusedError, match="不是在首次启用时给的"), db.write():
            first_run.withdraw_role(grant_id=grant_id, by_id=cast.person_id("sysadmin"))


@pytest.mark.db
def test_opening_the_hall_ends_it(browse, app, begun):
    sysadmin = browse("sysadmin")
    page = sysadmin.get("/first-run")
    asked = sysadmin.submit(page, form="form[action$=open]", status=200)
    assert "由一人申请、另一人授权" in asked.text
    sysadmin.submit(asked)
    assert sysadmin.get("/first-run", status=303).location == "/"
    assert sysadmin.get("/first-run/roles", status=303).location == "/"
    assert "首次启用已经结束" in sysadmin.get("/").text_of("main")
    assert "首次启用" not in sysadmin.get("/").text_of("main")
    with app.app_context():
        assert events(AuditEvent.ACCOUNTS_HALL_OPENED)
        with pytest.raises(RefusedError, match="首次启用已经结束"), db.write():
            first_run.give_roles(
                role=Role.OFFICE,
                lines=["SY001"],
                is_own_department=False,
                by_id=cast.person_id("sysadmin"),
            )


@pytest.mark.parametrize(
    ("role", "says"),
    [
        (Role.SECTION_CHIEF, "业务科室负责人（由他审核发布试卷）"),
        (Role.LEADER, "中心领导（由他确认管理员的任命）"),
        (Role.CLERK, "经办人（除管理员本人外再要一位"),
    ],
)
def test_a_hall_that_could_not_go_on_is_not_opened(browse, app, begun, now, role, says):
    with app.app_context(), db.write():
        db.session.query(RoleGrant).filter_by(role=role).delete()
        # The administrator's own does not count.
        service.grant_at_set_up(
            person_id=cast.person_id("sysadmin"), role=Role.CLERK, starts_on=cast.JOINED_ON
        )
    sysadmin = browse("sysadmin")
    assert "完成首次启用以前，还要有" in sysadmin.get("/first-run/roles").text
    asked = sysadmin.submit(sysadmin.get("/first-run"), form="form[action$=open]", status=200)
    sysadmin.submit(asked)
    assert says in sysadmin.get("/first-run").text
    now.move(days=60)
    with app.app_context():
        assert first_run.is_first_run()


def test_who_has_left_does_not_count_as_chief(app, begun):
    with app.app_context():
        let_leave("chief", clock.today() - timedelta(days=1))
        assert first_run.missing_roles() == [Role.SECTION_CHIEF]


def test_separating_the_duties_ends_it(app, begun):
    with app.app_context():
        with db.write():
            db.session.get_one(Account, cast.account("sysadmin").id).kind = AccountKind.SYSADMIN
            db.session.flush()
            service.separate_administrators()
        assert not first_run.is_first_run()
        with pytest.raises(RefusedError, match="已经结束"), db.write():
            first_run.give_roles(
                role=Role.OFFICE, lines=["SY001"], is_own_department=False,
                by_id=cast.person_id("sysadmin"),
            )  # fmt: skip


@pytest.mark.parametrize(("days", "runs"), [(30, True), (31, False)])
def test_it_ends_by_itself_after_thirty_days(browse, app, begun, now, days, runs):
    now.move(days=days)
    with app.app_context():
        assert first_run.is_first_run() is runs
    browse("sysadmin").get("/first-run", status=200 if runs else 303)


def test_a_hall_that_was_set_up_otherwise_has_none(browse, app):
    assert browse("sysadmin").get("/first-run", status=303).location == "/"
    assert "首次启用" not in browse("clerk").get("/").text


@pytest.mark.parametrize(
    ("who", "links"),
    [
        ("sysadmin", ["核对大厅信息", "导入部门和人员", "给出首批角色", "打印激活单"]),
        ("clerk", ["导入部门和人员", "录入题目", "审核题目", "发布第一场考试"]),
        ("chief", ["审核题目", "发布第一场考试"]),
    ],
)
def test_everybody_sees_all_steps_and_can_take_his_own(browse, app, begun, who, links):
    browser = browse(who)
    assert "首次启用" in browser.get("/").text_of("main")
    page = browser.get("/first-run")
    steps = page.all(".first-step")
    assert len(steps) == 7
    mine = [step for step in steps if step.findall(".//{*}a")]
    titles = ["".join(step.itertext()) for step in mine]
    assert len(titles) == len(links)
    for link, title in zip(links, titles, strict=True):
        assert link in title
    for step in mine:
        browser.get(step.findall(".//{*}a")[0].get("href"))


def test_a_step_is_done_when_the_hall_says_so(browse, app, begun):
    browser = browse("sysadmin")
    before = browser.get("/first-run").all(".first-step.is-done")
    # Saved unchanged: somebody has gone through it.
    browser.submit(browser.get("/hall"), form="#hall-form")
    after = browser.get("/first-run").all(".first-step.is-done")
    assert len(after) == len(before) + 1


def test_whoever_runs_the_machine_can_give_a_role(app):
    runner = app.test_cli_runner()
    words = ["accounts", "grant", "--staff-number", "sy002", "--role", "leader"]
    assert runner.invoke(args=words).exit_code == 0
    assert runner.invoke(args=[*words, "--department", "没有这个部门"]).exit_code == 1
    assert runner.invoke(args=[*words[:-1], "sysadmin"]).exit_code == 2
    with app.app_context():
        assert Role.LEADER in cast.principal("other").roles


@pytest.mark.db
def test_what_was_refused_meanwhile_is_not_given_by_the_first_run(app):
    """The rows are held and read anew: a refusal that came first stands."""
    with app.app_context():
        with_one_administrator()
        sysadmin = cast.person_id("sysadmin")
        with db.write():
            db.session.get_one(Hall, 1).set_up_on = clock.today()
            asked = roles.request_role(
                person_id=cast.person_id("staff"), role=Role.INSPECTOR, department_id=None,
                starts_on=clock.today(), ends_on=None, requested_by_id=sysadmin,
            )  # fmt: skip
        # As a page that was drawn before saw it.
        assert len(first_run.list_asked(sysadmin)) == 1
        with db.write():
            roles.decide(grant_id=asked, is_granted=False, decided_by_id=cast.person_id("chief"))
        with db.write():
            assert first_run.give_asked(by_id=sysadmin) == 0
        assert not db.session.get_one(RoleGrant, asked).is_granted
