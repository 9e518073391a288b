"""However acts on grants and administrators mix, the duties stay apart (AC5, AC6, SE5).

Walks through the services and, past them, with plain SQL: no order of acts gives one person two
administrators' accounts in use, lets anybody decide what he asked for or what is about himself, or
leaves a duty of 三员 without an account in use, today or on any later day. 2,000 walks with
`--long`, forty without.
"""

import os
import time
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import administration, appointments, duties, roles, service
from app.accounts.appointment_models import Appointment
from app.accounts.models import DUTIES_OF, Account, AccountKind, Hall, Person, RoleGrant
from app.accounts.roster import people
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Grant, Principal, Role
from tests.conftest import NOW
from tests.support import cast
from tests.support.database import writing

SEED = int(os.environ.get("SEED", time.time()))
STEPS = 20
EVERYBODY = (*cast.CAST, *cast.ADMINISTRATORS)
DUTIES = {Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR}
KINDS = [kind for kind in AccountKind if kind is not AccountKind.BUSINESS]
ROLES = [Role.INSPECTOR, Role.OFFICE, Role.CLERK]
REASON = "例会决定。"
CENTRE_WIDE = frozenset({Grant(role=Role.LEADER, department_id=None)})
# Who has asked for whom when a walk begins: somebody for another, for himself, and one who decides.
WAITING = [("clerk", "staff"), ("other", "other"), ("secadmin", "chief"), ("clerk", "secadmin")]

anybody = st.sampled_from(EVERYBODY)
# Those who must not are tried as often as all others together.
deciders = st.one_of(st.sampled_from(["asker", "person himself"]), anybody)
number = st.integers(0, 40)
days = st.integers(-3, 5)
kinds = st.sampled_from(KINDS)


def number_of(who):
    """Give the 工号 of a member of the cast."""
    return cast.CAST[who][0] if who in cast.CAST else cast.ADMINISTRATORS[who][0]


def acting(person_id, account_id=0, grants=frozenset()):
    """Give somebody as services see who acts."""
    return Principal(
        account_id=account_id,
        person_id=person_id,
        name="",
        staff_number="",
        department_id=1,
        department_name="",
        grants=grants,
        session_id="",
    )


def administrators():
    """Give the administrators' accounts, those that are disabled included."""
    found = select(Account).where(Account.kind != AccountKind.BUSINESS).order_by(Account.id)
    return list(db.session.scalars(found))


def past_the_services(statement):
    """Run a statement as whoever is at the database; tells whether it was taken."""
    try:
        with writing(), db.database.engine.begin() as connection:
            connection.execute(statement)
    except IntegrityError:
        return False
    return True


def asked(asker_id, person_id, role, start):
    """Give a request for a role in the whole centre."""
    return {
        "person_id": person_id,
        "role": role,
        "department_id": None,
        "starts_on": clock.today() + timedelta(days=start),
        "ends_on": None,
        "requested_by_id": asker_id,
    }


def keep_together():
    """Let one person hold all three duties, as a small hall begins."""
    with db.write():
        db.session.get_one(Hall, 1).has_separate_administrators = False
        for account in administrators():
            account.disabled_at = clock.now()
        db.session.flush()
        service.add_account(
            person_id=cast.person_id("chief"),
            login_name="gl-gu",
            password_hash="x",
            kind=AccountKind.ADMINISTRATOR,
        )


class Walk(RuleBasedStateMachine):
    """Acts in any order, by anybody: who may ask for a page is the business of other tests."""

    world: SimpleNamespace

    @initialize(is_separate=st.booleans())
    def begin(self, is_separate):
        self.world.reset()
        self.context = self.world.app.app_context()
        self.context.push()
        self.ids = {who: cast.person_id(who) for who in EVERYBODY}
        self.logins = 0
        if not is_separate:
            keep_together()
        for who, whom in WAITING:
            self.act(roles.request_role, **asked(self.ids[who], self.ids[whom], Role.OFFICE, 0))

    def teardown(self):
        if hasattr(self, "context"):
            db.session.close()
            self.context.pop()

    def act(self, do, **values):
        """Do an act in a write of its own; tells whether it was refused with words."""
        db.session.close()
        try:
            with db.write():
                do(**values)
        except RefusedError:
            return True
        return False

    def grant(self, place, condition):
        """Draw a grant in some state; any other where there is none."""
        rows = select(*RoleGrant.__table__.columns).order_by(RoleGrant.id.desc()).limit(6)
        found = db.session.execute(rows.where(condition)).all() or db.session.execute(rows).all()
        return found[place % len(found)]

    def person(self, who, grant):
        """Give somebody by name, or by what he has to do with a grant."""
        involved = {"asker": grant.requested_by_id, "person himself": grant.person_id}
        return involved.get(who) or self.ids.get(who, self.ids["secadmin"])

    def account(self, place):
        found = administrators()
        return found[place % len(found)]

    # ---------- roles

    @rule(who=anybody, whom=anybody, role=st.sampled_from([*ROLES, *DUTIES]), start=days)
    def ask_for_a_role(self, who, whom, role, start):
        values = asked(self.ids[who], self.ids[whom], role, start)
        is_refused = self.act(roles.request_role, **values)
        assert is_refused or role not in DUTIES

    @rule(place=number, who=deciders, is_granted=st.booleans())
    def decide(self, place, who, is_granted):
        grant = self.grant(place, RoleGrant.decided_at.is_(None))
        by_id = self.person(who, grant)
        is_refused = self.act(
            roles.decide, grant_id=grant.id, is_granted=is_granted, decided_by_id=by_id
        )
        assert is_refused or by_id not in {grant.requested_by_id, grant.person_id}

    @rule(place=number, who=deciders)
    def end_a_role(self, place, who):
        grant = self.grant(place, RoleGrant.is_granted.is_(True))
        by_id = self.person(who, grant)
        is_refused = self.act(roles.end_role, grant_id=grant.id, reason=REASON, ended_by_id=by_id)
        assert is_refused or by_id != grant.person_id

    # ---------- administrators

    @rule(whom=anybody, kind=kinds)
    def add_administrator(self, whom, kind):
        self.logins += 1
        with suppress(IntegrityError):
            self.act(
                service.add_account,
                person_id=self.ids[whom],
                login_name=f"gl-{self.logins}",
                password_hash="x",
                kind=kind,
            )

    @rule(place=number, other=number)
    def disable(self, place, other):
        self.change(administration.disable, place, other)

    @rule(place=number, other=number)
    def enable(self, place, other):
        with suppress(IntegrityError):
            self.change(administration.enable, place, other)

    def change(self, do, place, other):
        """Let the holder of one administrator's account act on another, or on his own."""
        mine, account = self.account(place), self.account(other)
        is_own = mine.id == account.id
        is_refused = self.act(
            do, user=acting(mine.person_id, mine.id), account_id=account.id, reason=REASON
        )
        assert is_refused or not is_own

    @rule()
    def separate(self):
        with suppress(IntegrityError):
            self.act(service.separate_administrators)

    # ---------- appointments

    @rule(who=anybody, whom=anybody, kind=kinds)
    def appoint(self, who, whom, kind):
        self.logins += 1
        is_refused = self.act(
            appointments.ask,
            user=acting(self.ids[who]),
            number=number_of(whom),
            kind=kind,
            login_name=f"rm-{self.logins}",
            reason=REASON,
        )
        assert is_refused or who != whom

    @rule(place=number, who=st.sampled_from([*EVERYBODY, "asker", "person himself"]))
    def confirm(self, place, who):
        found = self.appointment(place)
        if found is None:
            return
        by_id = self.person(who, found)
        is_refused = self.act(
            appointments.decide,
            user=acting(by_id, grants=CENTRE_WIDE),
            appointment_id=found.id,
            is_confirmed=True,
        )
        assert is_refused or by_id not in {found.requested_by_id, found.person_id}

    @rule(place=number)
    def begin_as_administrator(self, place):
        found = self.appointment(place)
        if found is None:
            return
        is_refused = self.act(appointments.accept, user=acting(found.person_id), password_hash="x")
        assert is_refused or appointments.find_mine(found.person_id) is None

    @rule(place=number)
    def withdraw_an_appointment(self, place):
        found = self.appointment(place)
        if found is not None:
            self.act(
                appointments.withdraw,
                user=acting(self.ids["sysadmin"]),
                appointment_id=found.id,
            )

    @rule(place=number)
    def separate_on_the_page(self, place):
        account = self.account(place)
        self.act(duties.separate, user=acting(account.person_id, account.id))

    def appointment(self, place):
        """Draw one of the last appointments."""
        rows = db.session.execute(
            select(*Appointment.__table__.columns).order_by(Appointment.id.desc()).limit(3)
        ).all()
        return rows[place % len(rows)] if rows else None

    # ---------- people and time

    @rule(whom=anybody, start=days)
    def leave(self, whom, start):
        left_on = clock.today() + timedelta(days=start)
        self.act(people.let_leave, person_id=self.ids[whom], left_on=left_on, by_id=1)

    @rule(whom=anybody)
    def come_back(self, whom):
        self.act(people.cancel_leaving, person_id=self.ids[whom], by_id=1)

    @rule(count=st.integers(1, 4))
    def let_days_pass(self, count):
        self.world.now.move(days=count)

    # ---------- past the services

    @rule(whom=anybody, kind=kinds)
    def slip_in_an_account(self, whom, kind):
        self.logins += 1
        past_the_services(insert(Account).values(**raw_account(self.ids[whom], kind, self.logins)))

    @rule(place=number)
    def slip_an_account_back_into_use(self, place):
        account = self.account(place)
        past_the_services(update(Account).where(Account.id == account.id).values(disabled_at=None))

    @rule(
        whom=anybody,
        role=st.sampled_from([*ROLES, *DUTIES]),
        asker=st.one_of(st.none(), anybody),
        decider=st.one_of(st.none(), anybody),
        is_granted=st.sampled_from([True, False, None]),
    )
    def slip_in_a_grant(self, whom, role, asker, decider, is_granted):
        ids = {**self.ids, None: None}
        values = raw_grant(ids[whom], role, ids[asker], ids[decider], is_granted)
        is_taken = past_the_services(insert(RoleGrant).values(**values))
        is_own = decider is not None and decider in {whom, asker}
        assert not (is_taken and is_own)

    @precondition(lambda self: self.logins)
    @rule()
    def slip_in_the_switch(self):
        past_the_services(update(Hall).values(has_separate_administrators=True))

    # ---------- what holds at any time

    @invariant()
    def duties_stay_apart(self):
        if not hasattr(self, "context"):
            return
        db.session.close()
        found = select(*Account.__table__.columns, Person.left_on).join(Person)
        rows = db.session.execute(found.where(Account.kind != AccountKind.BUSINESS)).all()
        check_accounts(rows)
        check_grants()
        check_appointments()
        # Nobody does anything from now on: the days that come take no duty away either.
        for ahead in (0, 1, 30):
            check_duties(rows, clock.today() + timedelta(days=ahead))


def raw_account(person_id, kind, place):
    return {
        "person_id": person_id,
        "kind": kind,
        "login_name": f"raw-{place}",
        "password_hash": "x",
        "password_set_at": clock.now(),
        "must_change_password": False,
    }


def raw_grant(person_id, role, asker_id, decider_id, is_granted):
    """Give a grant; it is decided when it says how."""
    return {
        "person_id": person_id,
        "role": role,
        "starts_on": clock.today(),
        "requested_by_id": asker_id,
        "requested_at": clock.now(),
        "decided_by_id": decider_id,
        "decided_at": None if is_granted is None else clock.now(),
        "is_granted": is_granted,
    }


def check_accounts(rows):
    """One administrator's account in use for each person; where they are three, one duty."""
    found = [row for row in rows if row.disabled_at is None]
    assert len({row.person_id for row in found}) == len(found)
    if db.session.scalar(select(Hall.has_separate_administrators)):
        assert all(len(DUTIES_OF[row.kind]) == 1 for row in found)


def check_grants():
    """Nobody decided what he asked for or what is about himself; no duty comes by a grant."""
    for grant in db.session.execute(select(*RoleGrant.__table__.columns)):
        assert grant.decided_by_id not in {grant.person_id, grant.requested_by_id} - {None}
        assert grant.role not in DUTIES
        if grant.is_granted and grant.requested_by_id is not None:
            assert grant.decided_by_id is not None, "granted by nobody"


def check_appointments():
    """Nobody asked for or confirmed his own; what has begun was confirmed."""
    for each in db.session.execute(select(*Appointment.__table__.columns)):
        assert each.person_id not in {each.requested_by_id, each.decided_by_id}
        assert each.decided_by_id is None or each.decided_by_id != each.requested_by_id
        assert each.accepted_at is None or each.is_confirmed


def check_duties(rows, on):
    """For every duty there is an account with which somebody can sign in on that day."""
    found = [
        DUTIES_OF[row.kind]
        for row in rows
        if row.disabled_at is None and (row.left_on is None or row.left_on >= on)
    ]
    assert frozenset().union(*found) >= DUTIES, f"a duty is left to nobody on {on}"


def walk(app, now, reset, count):
    """Walk so often, each time in a fresh hall."""

    class Machine(Walk):
        world = SimpleNamespace(app=app, now=now, reset=reset)

    print(f"SEED={SEED}")
    run_state_machine_as_test(
        seed(SEED)(Machine),
        settings=settings(
            max_examples=count,
            # Making a failure shorter takes minutes; `--long` does it.
            phases=[Phase.generate, *([Phase.shrink] if "LONG" in os.environ else [])],
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_order_of_acts_joins_duties_or_leaves_one_to_nobody(app, now, stores, rounds):
    def reset():
        now.now = NOW
        stores("sqlite").reset()

    walk(app, now, reset, rounds if "LONG" in os.environ else rounds // 5)
