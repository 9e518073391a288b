"""A small hall to go round in: three windows, two inspectors more, rounds and findings.

Everything here opens the site's context by itself, because none is held around a request.
"""

import io
import uuid
from datetime import timedelta

from PIL import Image

from app.accounts import passwords
from app.accounts import service as accounts
from app.accounts.models import RoleGrant
from app.accounts.roster.models import Placement, ServiceWindow
from app.files import service as files
from app.inspections import checklists, findings, rosters, rounds
from app.inspections.findings import Found, Photo
from app.inspections.models import DutyPeriod, InspectionWay, Opinion, Track
from app.inspections.rosters import Duty
from app.inspections.rounds import Start
from app.kernel import clock, db
from app.kernel.permissions import Principal, Role
from app.rectifications.models import Severity
from tests.support import cast
from tests.support.inside import inside

WINDOWS = (("A01", "登记窗口", 0), ("A02", "查询窗口", 0), ("B01", "税务窗口", 1))


@inside
def furnish():
    """Add windows and two more inspectors; staff sits at A01. Gives windows by number, and mates."""
    homes = cast.department_ids()
    with db.write():
        windows = [
            ServiceWindow(number=number, name=name, department_id=homes[place])
            for number, name, place in WINDOWS
        ]
        db.session.add_all(windows)
        db.session.flush()
        seat = db.session.query(Placement).filter_by(person_id=cast.person_id("staff")).one()
        seat.window_id = windows[0].id
        mates = [add_inspector(number) for number in ("SY061", "SY062")]
        found = {each.number: each.id for each in windows}
    return {**found, "mate": mates[0], "third": mates[1]}


@inside
def add_inspector(number):
    """Add somebody who inspects, to the open write."""
    return accounts.add_person(
        staff_number=number,
        name=f"巡查{number}",
        department_id=cast.department_ids()[1],
        post="后台",
        password_hash=passwords.NO_PASSWORD,
        roles=[Role.INSPECTOR],
        joined_on=cast.JOINED_ON,
    )


@inside
def principal(person_id):
    """Give anybody as services see him."""
    grants = accounts.read_grants(person_id, clock.today())
    return Principal(
        account_id=accounts.business_account(person_id).id,
        person_id=person_id,
        name="",
        staff_number="",
        department_id=0,
        department_name="",
        grants=grants,
        session_id="",
    )


@inside
def grant(person_id, role, department_id=None):
    """Give a role."""
    with db.write():
        accounts.grant_at_set_up(
            person_id=person_id,
            role=role,
            starts_on=cast.JOINED_ON,
            department_id=department_id,
        )
        return db.session.query(RoleGrant).count()


def new_id():
    return str(uuid.uuid4())


def picture(**options):
    """Draw a picture of nothing, with the extras of a camera where `exif` says so."""
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), (200, 210, 220)).save(buffer, "JPEG", **options)
    return buffer.getvalue()


@inside
def photo():
    content = picture()
    return Photo(sha256=files.put_content(content), size=len(content))


@inside
def add_duty(hall, *, day=None, period=DutyPeriod.MORNING):
    """Put the inspector of the cast and his mate on duty."""
    day = day or clock.today()
    duty = Duty(
        since=day,
        until=day,
        period=period,
        first_id=cast.person_id("inspector"),
        second_id=hall["mate"],
        leader_id=cast.person_id("leader"),
        areas="A区",
    )
    with db.write():
        rosters.add_duties(duty=duty, added_by_id=cast.person_id("clerk"))


@inside
def begin(hall, *, who="inspector", way=InspectionWay.ON_SITE):
    """Begin a round; gives its id and its public id."""
    given = Start(
        period=DutyPeriod.MORNING,
        way=way,
        second_id=hall["mate"],
        leader_id=cast.person_id("leader"),
        areas="全部窗口",
    )
    with db.write():
        made = rounds.start(start=given, client_id=new_id(), user=cast.principal(who))
        return made.id, made.public_id


@inside
def items(code):
    """Give the item in force with this code."""
    return next(each for each in checklists.list_current() if each.code == code)


@inside
def find(
    round_id, window_id, *, code="dress", track=Track.REMINDER, with_photo=False, client_id=None
):
    """Record a finding with the first phrase of an item; gives its id."""
    item = items(code)
    found = Found(
        window_id=window_id,
        item_id=item.id,
        phrase=item.phrases[0],
        addition="",
        track=track,
        severity=Severity.MINOR,
    )
    kept = photo() if with_photo else None
    with db.write():
        made = findings.add_finding(
            inspection_id=round_id,
            found=found,
            photo=kept,
            client_id=client_id or new_id(),
            user=cast.principal("inspector"),
        )
        return made.id


@inside
def normal(round_id, window_id):
    with db.write():
        rounds.check_normal(
            inspection_id=round_id, window_id=window_id, user=cast.principal("inspector")
        )


@inside
def fix(finding_id, number="SY001"):
    kept = photo()
    with db.write():
        findings.fix(
            finding_id=finding_id,
            photo=kept,
            staff_number=number,
            user=cast.principal("inspector"),
        )


@inside
def escalate(finding_id, who="inspector"):
    """Make an order of what is not mended on the spot."""
    with db.write():
        findings.escalate(finding_id=finding_id, severity=Severity.MINOR, user=cast.principal(who))


@inside
def finish(round_id, opinion=Opinion.AGREED, note=""):
    with db.write():
        rounds.finish(
            inspection_id=round_id,
            opinion=opinion,
            opinion_note=note,
            user=cast.principal("inspector"),
        )


@inside
def whole_round(hall):
    """Make a finished round: one window normal, a reminder, one mended, one order. Gives its ids."""
    round_id, public_id = begin(hall)
    normal(round_id, hall["B01"])
    reminder = find(round_id, hall["A01"])
    mended = find(round_id, hall["A02"], code="display", track=Track.ON_THE_SPOT, with_photo=True)
    fix(mended)
    order = find(round_id, hall["A01"], code="paused", track=Track.ORDER, with_photo=True)
    finish(round_id)
    return {
        "id": round_id,
        "public_id": public_id,
        "reminder": reminder,
        "mended": mended,
        "order": order,
    }


def days_ago(days):
    """Let the clock stand so many days back."""
    return clock.frozen(clock.now() - timedelta(days=days))
