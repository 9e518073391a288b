"""Going round through HTTP: one tap for 全部正常, four for a finding, mended on the spot, locked."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.accounts.roster import people as roster
from app.accounts.roster.models import Absence, AbsenceKind
from app.audit.models import AuditEntry, AuditEvent
from app.files import service as files
from app.files.models import StoredFile
from app.inbox.models import Notice
from app.inspections.models import DutyPeriod, Finding, Inspection, Track, WindowCheck
from app.kernel import clock, db
from app.kernel.permissions import Role
from app.rectifications.models import OrderState, RectificationOrder
from tests.inspections import factories
from tests.support import inside
from tests.support.inside import count, one, person, rows

# The tick for all photos of a round.
TICKED = {"is_unclassified": "y"}


@pytest.fixture
def hall(app):
    inside.use(app)
    return factories.furnish()


@pytest.fixture
def running(hall):
    """A round that has begun, with its address."""
    round_id, public_id = factories.begin(hall)
    return {**hall, "id": round_id, "url": f"/inspections/{public_id}", "public_id": public_id}


@pytest.fixture
def inspector(browse):
    return browse("inspector")


def picture(name="现场.jpg", **options):
    return (io.BytesIO(factories.picture(**options)), name)


def record(inspector, running, window="A01", code="dress", track="reminder", **more):
    """Go the four steps: window, item, form, button of the track."""
    page = inspector.get(f"{running['url']}/windows/{running[window]}")
    name = factories.items(code).name
    link = next(each for each in page.all("ul.item-list a") if (each.text or "") == name)
    form = inspector.get(link.get("href"))
    return press(inspector, form, track, more)


def press(inspector, form, track, more, status=303):
    """Press the button of a track."""
    fields = {
        each.get("name"): each.get("value", "")
        for each in form.all("#finding-form input[type=hidden]")
    }
    fields["phrase"] = form.all("#finding-form input[name=phrase][checked]")[0].get("value")
    fields["severity"] = "minor"
    return inspector.post(form.url, {**fields, "track": track, **more}, status=status)


# ---------- start


@pytest.mark.db
def test_start_is_filled_in_from_the_duty_of_the_day(hall, inspector):
    factories.add_duty(hall)
    home = inspector.get("/")
    assert "今天上午巡查值班" in home.text
    page = inspector.get("/inspections/new")
    assert page.one("select[name=second_id] option[selected]").get("value") == str(hall["mate"])
    refused = inspector.submit(page, form="#start-form", status=422)
    assert "请打勾，再开始巡查" in refused.text, "the tick for all photos is set by a person"
    answer = inspector.submit(page, TICKED, form="#start-form")
    listed = inspector.follow(answer)
    assert "巡查2026-001" in listed.text_of("h1")
    assert one(Inspection).areas == "A区"
    assert "继续巡查" in inspector.get("/").text


def test_duty_of_the_other_half_of_the_day_is_proposed_where_there_is_no_other(hall, inspector):
    """At ten in the morning: who is on duty in the afternoon begins a little early."""
    factories.add_duty({**hall, "mate": hall["third"]}, period=DutyPeriod.AFTERNOON)
    page = inspector.get("/inspections/new")
    chosen = page.one("select[name=second_id] option[selected]")
    assert chosen.get("value") == str(hall["third"])


@pytest.mark.db
def test_double_tap_begins_one_round(hall, inspector):
    page = inspector.get("/inspections/new")
    values = {"second_id": hall["mate"], "leader_id": person("leader"), **TICKED}
    first, second = (inspector.submit(page, values, form="#start-form") for _ in range(2))
    assert first.location == second.location
    assert count(Inspection) == 1


def test_round_needs_another_inspector_and_a_leader(hall, inspector):
    page = inspector.get("/inspections/new")
    values = {"second_id": person("staff"), "leader_id": person("staff")}
    answer = inspector.submit(page, values, form="#start-form", status=422)
    assert "Not a valid choice" not in answer.text
    assert count(Inspection) == 0


def test_without_a_duty_the_way_to_a_round_stands_on_the_home_page(hall, inspector, browse):
    assert inspector.get("/").one("main a[href='/inspections/new']").text.strip() == "开始巡查"
    assert browse("clerk").get("/").all("main a[href='/inspections/new']") == []


def test_somebody_without_the_role_can_not_begin(hall, browse):
    for who in ("staff", "clerk", "chief", "lead"):
        browse(who).get("/inspections/new", status=403)


# ---------- one tap, four taps


@pytest.mark.db
def test_everything_normal_takes_one_tap_and_a_second_one_changes_nothing(running, inspector):
    listed = inspector.get(f"{running['url']}/windows")
    form = f"form[action$='/windows/{running['A01']}/normal']"
    for _ in range(2):
        answer = inspector.submit(listed, form=form)
        assert answer.headers["Location"].endswith(f"/windows#window-{running['A01']}")
    page = inspector.follow(answer)
    assert "已查1/3个窗口" in page.text_of("h1")
    assert count(WindowCheck) == 1
    assert not page.all(form), "what is known to be normal is not asked again"
    check = one(WindowCheck)
    assert check.on_duty == [person("staff")]


@pytest.mark.db
def test_finding_takes_four_taps_and_no_typing(running, inspector):
    """有问题, the item, the photo, the track: the sentence is chosen already, and nothing is typed."""
    listed = inspector.get(f"{running['url']}/windows")
    taps = 0
    link = listed.one(f"#window-{running['A01']} a.btn")
    assert (link.text or "").startswith("有问题")
    page, taps = inspector.get(link.get("href")), taps + 1
    item = next(each for each in page.all("ul.item-list a") if each.text == "着装工牌党徽")
    form, taps = inspector.get(item.get("href")), taps + 1
    chosen, taps = {"file": picture()}, taps + 1
    answer, taps = press(inspector, form, "reminder", chosen), taps + 1
    assert taps == 4
    finding = one(Finding)
    assert finding.fact == "未佩戴工牌"
    assert finding.before_file_id is not None
    assert answer.headers["Location"].endswith(f"#window-{running['A01']}")


@pytest.mark.db
def test_repeated_post_makes_one_finding_and_gives_the_same_answer(running, inspector):
    url = f"{running['url']}/windows/{running['A01']}/items/{factories.items('dress').id}"
    form = inspector.get(url)
    answers = [press(inspector, form, "order", {}) for _ in range(3)]
    assert len({each.location for each in answers}) == 1
    assert count(Finding) == 1
    assert count(RectificationOrder) == 1


def test_form_without_a_well_formed_id_is_shown_again(running, inspector):
    url = f"{running['url']}/windows/{running['A01']}/items/{factories.items('dress').id}"
    form = inspector.get(url)
    answer = press(inspector, form, "reminder", {"client_id": "twice"}, status=422)
    assert "这一页已经过期" in answer.text
    assert count(Finding) == 0


def test_only_a_ready_sentence_and_one_of_three_tracks_are_taken(running, inspector):
    url = f"{running['url']}/windows/{running['A01']}/items/{factories.items('dress').id}"
    form = inspector.get(url)
    press(inspector, form, "reminder", {"phrase": "态度恶劣"}, status=422)
    press(inspector, form, "punish", {}, status=422)
    assert count(Finding) == 0


@pytest.mark.db
def test_first_reminder_is_not_scored_and_the_second_one_is_none(running, inspector):
    record(inspector, running)
    record(inspector, running, window="A02")
    record(inspector, running)
    found = rows(Finding)
    assert [each.is_first for each in found] == [True, True, False]
    finding = inspector.get(f"/inspections/findings/{found[0].public_id}")
    assert "首次提醒，不计分" in finding.text


@pytest.mark.db
def test_photo_is_drawn_anew_without_what_a_camera_adds(running, inspector):
    exif = Image.Exif()
    exif[0x010E], exif[0x9286] = "secret place", "31.4N 121.4E"
    content = factories.picture(exif=exif)
    assert b"secret place" in content
    record(inspector, running, file=(io.BytesIO(content), "IMG_GPS.jpg"))
    finding = one(Finding)
    stored = inside.run(lambda: files.read_content(one(StoredFile)))
    assert b"Exif" not in stored
    assert b"secret place" not in stored
    url = f"/inspections/findings/{finding.public_id}/photos"
    answer = inspector.get(f"{url}/before")
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.data == stored
    inspector.get(f"{url}/after", status=404)


def test_what_is_no_picture_is_refused_and_nothing_recorded(running, inspector):
    url = f"{running['url']}/windows/{running['A01']}/items/{factories.items('dress').id}"
    form = inspector.get(url)
    answer = press(inspector, form, "reminder", {"file": (io.BytesIO(b"GIF89a"), "a.jpg")}, 422)
    assert "不是能用的图片" in answer.text
    assert count(Finding) == 0


@pytest.mark.db
def test_empty_post_shows_leave_and_cover_before_anything_counts(running, inspector):
    today = clock.today()
    inside.write(
        lambda: roster.add_absence(
            person_id=person("staff"),
            kind=AbsenceKind.ANNUAL,
            starts_on=today,
            ends_on=today + timedelta(days=2),
            covered_by_id=person("other"),
            by_id=person("clerk"),
        )
    )
    url = f"{running['url']}/windows/{running['A01']}/items/{factories.items('presence').id}"
    form = inspector.get(url)
    said = "单知远请假，梁静怡替岗"
    assert said in form.text
    assert "年休假" not in form.text
    press(inspector, form, "reminder", {})
    finding = one(Finding)
    assert finding.absence_note == said
    check = one(WindowCheck)
    assert check.on_duty == [person("other")], "the one who stands in is at the window"
    other = inspector.get(
        f"{running['url']}/windows/{running['A02']}/items/{factories.items('presence').id}"
    )
    assert "没有登记请假" in other.text


# ---------- mended on the spot


def test_photo_is_not_asked_for_again_because_another_field_was_wrong(running, inspector):
    """Before and after: what came once counts, for the one who sent it."""
    url = f"{running['url']}/windows/{running['A01']}/items/{factories.items('display').id}"
    form = inspector.get(url)
    refused = press(inspector, form, "on_the_spot", {}, status=422)
    assert "请先拍改前的照片" in refused.text
    wrong = {"addition": "长" * 201, "file": picture()}
    refused = press(inspector, form, "on_the_spot", wrong, status=422)
    assert "照片已经收到" in refused.text
    kept = refused.one("#finding-form input[name=kept]").get("value")
    press(inspector, form, "on_the_spot", {"kept": f"{kept}x"}, status=422)
    page = inspector.follow(press(inspector, form, "on_the_spot", {"kept": kept}))
    assert one(Finding).before_file_id is not None
    values = {**hidden(page), "staff_number": "SY999", "file": picture()}
    refused = inspector.post(page.url, values, status=422)
    values = {**hidden(refused), "staff_number": "SY001"}
    assert hidden(refused)["kept"]
    inspector.post(page.url, values)
    assert one(Finding).after_file_id is not None


@pytest.mark.db
def test_on_the_spot_needs_the_photo_after_and_somebody_of_the_window(running, inspector):
    answer = record(inspector, running, track="on_the_spot", file=picture())
    page = inspector.follow(answer)
    number = {"staff_number": "SY001"}
    refused = inspector.submit(page, number, form="#fix-form", status=422)
    assert "请选择文件" in refused.text
    for wrong in ("SY999", "SY002", "SY006"):
        values = {"staff_number": wrong, "file": picture()}
        refused = inspector.post(page.url, {**hidden(page), **values}, status=422)
        assert "没有这个工号" in refused.text
    values = {"staff_number": "sy001", "file": picture()}
    today = clock.today()
    inside.write(
        lambda: roster.add_absence(
            person_id=person("staff"),
            kind=AbsenceKind.ANNUAL,
            starts_on=today,
            ends_on=today,
            covered_by_id=None,
            by_id=person("clerk"),
        )
    )
    refused = inspector.post(page.url, {**hidden(page), **values}, status=422)
    assert "今天登记了请假" in refused.text
    inside.write(
        lambda: roster.cancel_absence(
            person_id=person("staff"), absence_id=one(Absence).id, by_id=person("clerk")
        )
    )
    values = {"staff_number": "sy001", "file": picture()}
    done = inspector.post(page.url, {**hidden(page), **values})
    told = one(Notice, Notice.person_id == person("staff")).text
    assert "确认A01窗口“未佩戴工牌”已改好。不是你确认的，请告诉这次巡查的带班领导" in told
    assert "立行立改已办结" in inspector.follow(done).text
    finding = one(Finding)
    assert finding.confirmed_by_id == person("staff")
    assert finding.after_file_id not in {None, finding.before_file_id}
    assert finding.fixed_at == clock.now()


def hidden(page):
    return {
        each.get("name"): each.get("value") for each in page.all("#fix-form input[type=hidden]")
    }


@pytest.mark.db
def test_what_can_not_be_mended_becomes_an_order_after_a_question(running, inspector):
    record(inspector, running, track="on_the_spot", file=picture())
    finding = one(Finding)
    page = inspector.get(f"/inspections/findings/{finding.public_id}/fix")
    refused = inspector.submit(page, form="form[action$=escalate]", status=422)
    assert "请选择严重程度" in refused.text
    asked = inspector.submit(page, {"severity": "grave"}, form="form[action$=escalate]", status=200)
    assert "改开整改通知单？" in asked.text
    assert count(RectificationOrder) == 0
    inspector.submit(asked)
    finding = one(Finding)
    assert finding.track is Track.ORDER
    order = one(RectificationOrder)
    assert (order.state, order.severity) == (OrderState.TO_SIGN, "grave")


@pytest.mark.db
def test_order_of_a_finding_says_time_place_and_fact(running, inspector):
    record(inspector, running, code="paused", track="order", severity="serious")
    order = one(RectificationOrder)
    assert order.fact == "2026年11月20日 10:00，A01窗口，暂停服务未摆牌。"
    assert order.source_label == "巡查2026-001"
    assert order.number is None, "numbered with the signature"
    assert (order.found_by_id, order.drafted_by_id) == (person("inspector"),) * 2
    assert order.severity == "serious"


# ---------- the end


def finish(inspector, running, **values):
    page = inspector.get(f"{running['url']}/finish")
    asked = inspector.submit(page, values, form="#finish-form", status=200)
    assert "确认结束巡查？" in asked.text
    return asked


@pytest.mark.db
def test_round_ends_with_an_opinion_and_is_locked(running, inspector):
    record(inspector, running)
    asked = finish(inspector, running, opinion="refused", opinion_note="当事人拒签")
    page = inspector.follow(inspector.submit(asked))
    assert "拒签，当事人拒签" in page.text
    ended = one(Inspection)
    assert ended.ended_at == clock.now()
    listed = inspector.get(f"{running['url']}/windows")
    assert not listed.all("form[action$=normal]")
    token = {"csrf_token": inspector.token()}
    inspector.post(f"{running['url']}/windows/{running['A02']}/normal", token)
    assert count(WindowCheck) == 1


def test_round_without_a_window_or_with_something_open_does_not_end(running, inspector):
    asked = finish(inspector, running)
    assert "还没有检查过窗口" in inspector.submit(asked, status=422).text
    record(inspector, running, track="on_the_spot", file=picture())
    asked = finish(inspector, running)
    assert "还有立行立改没有改好" in inspector.submit(asked, status=422).text
    assert count(Inspection, Inspection.ended_at.is_not(None)) == 0


def test_refused_signature_must_be_noted(running, inspector):
    record(inspector, running)
    asked = finish(inspector, running, opinion="refused")
    assert "请写明被查人的说明" in inspector.submit(asked, status=422).text


@pytest.mark.db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE finding SET fact = 'x'",
        "UPDATE inspection SET areas = 'x'",
        "UPDATE inspection SET ended_at = NULL, opinion = NULL",
        "DELETE FROM finding",
        (
            "INSERT INTO window_check (inspection_id, window_id, department_id, on_duty, checked_at)"
            " SELECT inspection_id, (SELECT max(id) FROM service_window), department_id, on_duty,"
            " checked_at FROM window_check"
        ),
    ],
)
def test_database_refuses_to_change_a_finished_round(statement, running):
    factories.find(running["id"], running["A01"])
    factories.finish(running["id"])
    with pytest.raises(IntegrityError):
        inside.write(lambda: db.session.execute(text(statement)))


@pytest.mark.db
def test_correction_is_a_remark_with_its_reason(running, inspector):
    factories.find(running["id"], running["A01"])
    url = f"{running['url']}/remarks/new"
    page = inspector.get(url)
    values = {"text": "当事人是替岗人员", "reason": "核对考勤"}
    assert "还没有结束" in inspector.submit(page, values, form="#remark-form", status=422).text
    factories.finish(running["id"])
    inspector.submit(inspector.get(url), values, form="#remark-form")
    shown = inspector.get(running["url"]).text
    assert "更正：当事人是替岗人员（原因：核对考勤）" in shown


# ---------- who


@pytest.mark.db
def test_round_belongs_to_its_two_inspectors(running, browse, app):
    factories.grant(person("staff"), Role.INSPECTOR)
    stranger = browse("staff")
    for path in ("/windows", "/finish", f"/windows/{running['A01']}"):
        stranger.get(f"{running['url']}{path}", status=403)
    assert stranger.get(running["url"]).status == 200
    browse("lead").get(running["url"], status=403)
    browse("inspector").get("/inspections/nowhere/windows", status=404)


@pytest.mark.db
def test_every_act_stands_in_the_log(running, inspector):
    record(inspector, running, track="on_the_spot", file=picture())
    finding = one(Finding)
    factories.fix(finding.id)
    factories.finish(running["id"])
    events = inside.run(lambda: set(db.session.scalars(select(AuditEntry.event))))
    assert events >= {
        AuditEvent.INSPECTIONS_STARTED,
        AuditEvent.INSPECTIONS_WINDOW_CHECKED,
        AuditEvent.INSPECTIONS_FINDING_ADDED,
        AuditEvent.INSPECTIONS_FINDING_FIXED,
        AuditEvent.INSPECTIONS_FINISHED,
    }
