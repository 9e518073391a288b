"""A 议事机构: who is a member today, who was, each with his days."""

import pytest

from app.accounts.roster.models import Committee, CommitteeMember
from app.audit.models import AuditEvent
from app.kernel import db
from tests.accounts.factories import events

pytestmark = pytest.mark.db


@pytest.fixture
def url(app):
    with app.app_context(), db.write():
        committee = Committee(name="工作小组", duty="落实方案")
        db.session.add(committee)
        db.session.flush()
        return f"/committees/{committee.id}"


def join(browse, url, status=303, **values):
    clerk = browse("clerk")
    typed = {"staff_number": "sy001", "office": "chair", **values}
    return clerk.submit(clerk.get(url), typed, form="form[action$=members]", status=status)


def test_a_member_joins_and_leaves(browse, app, url, now):
    join(browse, url)
    page = browse("chief").get(url)
    assert "单知远（SY001）" in page.text
    assert "2026年11月20日起" in page.text
    assert not page.all("form[action$=end]")
    now.move(days=3)
    clerk = browse("clerk")
    clerk.submit(clerk.get(url), form="form[action$=end]")
    assert "2026年11月20日至2026年11月22日" in browse("chief").get(url).text
    with app.app_context():
        assert len(events(AuditEvent.ACCOUNTS_REGISTER_CHANGED)) == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [({"staff_number": "SY777"}, "没有这个工号"), ({"staff_number": ""}, "请写工号")],
)
def test_nobody_unknown_joins(browse, app, url, values, message):
    assert message in join(browse, url, status=422, **values).text_of("#staff_number-error")
    with app.app_context():
        assert db.session.query(CommitteeMember).count() == 0


def test_nobody_is_a_member_twice(browse, app, url):
    join(browse, url)
    page = join(browse, url, status=422, office="member")
    assert "已经是成员" in page.text_of("#staff_number-error")
    with app.app_context():
        assert db.session.query(CommitteeMember).count() == 1
