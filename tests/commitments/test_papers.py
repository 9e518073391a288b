"""台卡, 海报, 公示: what was typed stands in the text of the PDF, and nobody who has left does."""

import hashlib
from dataclasses import replace

import pypdfium2
import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.commitments import papers
from app.commitments.disclosure import Line
from app.commitments.models import PrintKind, SheetState
from app.commitments.sheets import StandardEntry
from app.files import papers as files_papers
from app.files.models import ProducedPaper, StoredFile
from app.files.service import path_of
from app.kernel import db, pdf
from tests.commitments import factories
from tests.commitments.factories import LINES, STANDARD, printed
from tests.support import cast

NAMES = {"desk_card": "desk-card", "poster": "poster", "notice": "notice"}


@pytest.fixture
def made(app):
    """Give a window with `staff` on duty, photo, code and plate; its sheet and its department's."""
    with app.app_context():
        window = factories.add_window()
        factories.seat("staff", window)
        factories.give_photo("staff")
        factories.give_code(window)
        factories.move_plate(factories.ask_for_plate(), "confirm")
        return {
            "window": window,
            "sheet": factories.publish(window),
            "department": factories.publish(),
        }


def print_it(app, browser, record_id, kind):
    """Order a paper by its button, let the worker make it, and open it from its job."""
    page = browser.get(f"/commitments/{record_id}")
    answer = browser.submit(page, form=f"form[action$=print-{NAMES[kind]}]")
    with app.app_context():
        factories.run_jobs()
    (href,) = [each for each in browser.get(answer.location).links() if each.endswith(".pdf")]
    assert href == f"/commitments/{record_id}/{NAMES[kind]}.pdf"
    return browser.get(href)


@pytest.mark.parametrize("kind", NAMES)
def test_what_was_typed_is_found_in_the_paper(app, browse, made, kind):
    answer = print_it(app, browse("clerk"), made["sheet"], kind)
    assert answer.data.startswith(b"%PDF-")
    text = printed(answer.data)
    for sentence, indicator, measure in LINES:
        assert sentence in text
        if kind == "notice":
            assert indicator in text
            assert measure in text
    with app.app_context():
        code = factories.get(made["sheet"]).check_code[:16].upper()
    assert "-".join(code[i : i + 4] for i in range(0, 16, 4)) in text
    for word in ("0000-55661200", "12345", "B12", "不动产登记中心", "第1版", "2026年11月20日"):
        assert word in text, word
    if kind != "desk_card":
        assert STANDARD[0] in text
        assert STANDARD[1] in text
    if kind == "notice":
        assert "大厅值班长" in text


def test_card_shows_who_is_on_duty_and_has_a_back(app, browse, made):
    text = printed(print_it(app, browse("clerk"), made["sheet"], "desk_card").data)
    for word in ("单知远", "SY001", "专业窗口", "党员示范岗", "请您评价", "一次讲清", "一次办成"):
        assert word in text, word
    assert "暂停服务" in text
    assert "请至号窗口" in text


def test_card_shows_nothing_else_about_a_person(app, browse, made):
    text = printed(print_it(app, browse("clerk"), made["sheet"], "desk_card").data)
    for word in ("党员徽章", "政治面貌", "手机", "身份证"):
        assert word not in text


def test_departments_cards_are_those_of_windows_without_their_own_sheet(app, made):
    with app.app_context():
        second = factories.add_window("B13")
        snapshot = papers.read_cards(made["department"])
        assert [each.window for each in snapshot.cards] == ["B13"]
        factories.seat("chief", second)
        snapshot = papers.read_cards(made["department"])
        assert [each.person.name for each in snapshot.cards] == [cast.name_of("chief")]


def test_stand_in_takes_the_place_of_whoever_is_absent(app, made):
    from app.accounts.roster import people  # noqa: PLC0415
    from app.accounts.roster.models import AbsenceKind  # noqa: PLC0415
    from app.kernel import clock  # noqa: PLC0415

    with app.app_context():
        with db.write():
            people.add_absence(
                person_id=cast.person_id("staff"),
                kind=AbsenceKind.SICK,
                starts_on=clock.today(),
                ends_on=clock.today(),
                covered_by_id=cast.person_id("other"),
                by_id=cast.person_id("clerk"),
            )
        (card,) = papers.read_cards(made["sheet"]).cards
        assert card.person.name == cast.name_of("other")
        assert not card.person.is_model_post


def leave(app, now):
    """Let `staff` have left yesterday."""
    from app.accounts.roster import people  # noqa: PLC0415
    from app.kernel import clock  # noqa: PLC0415

    with app.app_context():
        with db.write():
            people.let_leave(
                person_id=cast.person_id("staff"),
                left_on=clock.today(),
                by_id=cast.person_id("clerk"),
            )
        now.move(days=1)


def test_card_of_somebody_who_left_is_gone_with_its_bytes(app, browse, made, now):
    """ "The photo of somebody who left is gone within the hour": the printed card too."""
    clerk = browse("clerk")
    body = print_it(app, clerk, made["sheet"], "desk_card").data
    leave(app, now)
    browse("clerk").get(f"/commitments/{made['sheet']}/desk-card.pdf", status=404)
    with app.app_context():
        path = path_of(hashlib.sha256(body).hexdigest())
        assert path.exists()
        papers.erase_stale_cards()
        assert not path.exists()
        assert db.session.scalar(select(ProducedPaper.id)) is None
        (card,) = papers.read_cards(made["sheet"]).cards
        assert card.person is None
    print_it(app, browse("clerk"), made["sheet"], "desk_card")
    with app.app_context():
        factories.seat("chief", made["window"])
    fresh = print_it(app, browse("clerk"), made["sheet"], "desk_card").data
    with app.app_context():
        papers.erase_stale_cards()
        (kept,) = db.session.scalars(select(ProducedPaper)).all()
        file = db.session.get_one(StoredFile, kept.file_id)
        assert file.sha256 == hashlib.sha256(fresh).hexdigest()


def test_card_that_still_holds_is_kept(app, browse, made):
    print_it(app, browse("clerk"), made["sheet"], "desk_card")
    with app.app_context():
        papers.erase_stale_cards()
        assert db.session.scalar(select(ProducedPaper.id)) is not None


def test_withdrawn_version_has_no_paper(app, browse, made):
    clerk = browse("clerk")
    print_it(app, clerk, made["sheet"], "poster")
    with app.app_context():
        factories.move(made["sheet"], "withdraw", "chief", reason="窗口合并。")
    clerk.get(f"/commitments/{made['sheet']}/poster.pdf", status=404)
    url = f"/commitments/{made['sheet']}/print-poster"
    answer = clerk.post(url, {"csrf_token": clerk.token()})
    assert "不能打印" in clerk.follow(answer).text


def test_draft_has_no_paper(app, browse, made):
    with app.app_context():
        draft = factories.draft(place=1)
    for name in NAMES.values():
        browse("clerk").get(f"/commitments/{draft}/{name}.pdf", status=404)


def test_print_is_written_down(app, browse, made):
    print_it(app, browse("clerk"), made["sheet"], "desk_card")
    with app.app_context():
        (line,) = factories.prints_of(made["sheet"])
        assert (line.kind, line.printed_by_id) == (
            PrintKind.DESK_CARD,
            cast.person_id("clerk"),
        )
        (entry,) = factories.events(AuditEvent.COMMITMENTS_SHEET_PRINTED)
        assert entry.object_id == str(made["sheet"])


def test_same_snapshot_gives_one_paper(app, browse, made):
    first = print_it(app, browse("clerk"), made["sheet"], "notice").data
    second = print_it(app, browse("clerk"), made["sheet"], "notice").data
    assert first == second
    with app.app_context():
        assert len(db.session.scalars(select(ProducedPaper.id)).all()) == 1


def draw(kind, record_id, **changes):
    """Print a paper of a version in this process; gives its pages and their text."""
    kind_of = papers.KINDS[kind]
    snapshot = kind_of.snapshot(record_id)
    snapshot = replace(snapshot, sheet=replace(snapshot.sheet, **changes))
    body = pdf.render(kind_of.document(snapshot, files_papers.code_of(snapshot)))
    return list(pypdfium2.PdfDocument(body))


def box_of(text, words, *, is_last=False):
    """Give left, bottom, right and top of some words on a page, in points."""
    read = text.get_text_range()
    start = read.rindex(words) if is_last else read.index(words)
    boxes = [text.get_charbox(start + place) for place in range(len(words))]
    return (
        min(box[0] for box in boxes), min(box[1] for box in boxes),
        max(box[2] for box in boxes), max(box[3] for box in boxes),
    )  # fmt: skip


LONGEST = [
    (f"{place}料齐全的不动产抵押登记申请材料到窗口3分钟", "指标", "怎样衡量")
    for place in "甲乙丙丁戊"
]
LONG_NAME = "区人力资源和社会保障局就业促进中心"


@pytest.mark.parametrize("count", [3, 5])
def test_whatever_is_typed_stands_whole_on_its_page(app, made, count):
    """A front and a back a card, one page a poster; nothing runs into what stands beside it."""
    assert max(len(each[0]) for each in LONGEST) == 22
    standards = [
        StandardEntry(text=f"{place}" + "准" * 39, basis=f"{place}" + "据" * 55)
        for place in "子丑寅卯辰"[:count]
    ]
    with app.app_context(), app.test_request_context():
        for number in range(40 if count == 5 else 2):
            factories.add_window(f"C{number * 2:02d}")
        factories.move(made["department"], "withdraw", "chief", reason="换。")
        record_id = factories.publish(
            lines=LONGEST[:count], standards=standards, slogan="一次讲清跑一次 办成不回头高效办"
        )
        (poster,) = draw(PrintKind.POSTER, record_id, department=LONG_NAME)
        cards = draw(PrintKind.DESK_CARD, record_id, department=LONG_NAME)
    text = poster.get_textpage()
    flat = "".join(text.get_text_range().split())
    assert all(each[0] in flat for each in LONGEST[:count])
    assert all(each.basis in flat for each in standards)
    below = box_of(text, "适用窗口")[3]
    assert box_of(text, "据", is_last=True)[1] > below
    assert box_of(text, "监督电话")[1] > 0
    assert len(cards) == 2 * (40 if count == 5 else 2)
    front = cards[0].get_textpage()
    name_right = max(box_of(front, letter)[2] for letter in "促进中心")
    assert name_right < box_of(front, "一次讲清跑一次")[0]
    assert box_of(front, "分钟", is_last=True)[1] > box_of(front, "监督电话")[3]


def test_windows_in_a_row_are_named_by_the_first_and_the_last():
    numbers = [f"B{number:02d}" for number in range(40)]
    assert list(papers.in_rows(numbers)) == ["B00至B39"]
    assert list(papers.in_rows(["A01", "A02", "A04", "B05", "B06", "B07", "导服台"])) == [
        "A01", "A02", "A04", "B05至B07", "导服台",
    ]  # fmt: skip
    assert list(papers.in_rows([])) == []


def test_notice_ends_on_a_day_and_says_nothing_that_was_not_written(app, browse, made):
    """公示 has an end, a receiver and standards of its own; without them the page says what to do."""
    clerk = browse("clerk")
    text = printed(print_it(app, clerk, made["sheet"], "notice").data)
    assert "自2026年11月20日起，至2026年11月27日止（5个工作日）" in text
    for values, message in (
        ({"standards": []}, "没有写服务标准"),
        ({"receiver": ""}, "没有写公示受理人"),
    ):
        with app.app_context():
            record_id = factories.publish(made["window"], **values)
        page = clerk.get(f"/commitments/{record_id}")
        assert message in page.text
        assert not page.all("form[action$=print-notice]")
        url = f"/commitments/{record_id}/print-notice"
        answer = clerk.post(url, {"csrf_token": clerk.token()})
        assert message in clerk.follow(answer).text
        clerk.get(f"/commitments/{record_id}/notice.pdf", status=404)
        with app.app_context():
            assert factories.prints_of(record_id) == []


def test_line_takes_the_largest_size_that_fits():
    def line(length):
        return Line(before="材" * length, number="3", after="", indicator="", measure="")

    sizes = [papers.size_for([line(n)], papers.CARD_WIDTH, papers.CARD_SIZES) for n in range(22)]
    assert sizes[0] == "large"
    assert sizes[-1] == papers.BROKEN
    order = ["large", "middle", papers.BROKEN]
    assert sizes == sorted(sizes, key=order.index)
    posters = {
        papers.size_for([line(n)], papers.POSTER_WIDTH, papers.POSTER_SIZES) for n in range(22)
    }
    assert papers.BROKEN not in posters


@pytest.mark.parametrize(
    ("slogan", "rows"),
    [("一次讲清 一次办成", ("一次讲清", "一次办成")), ("一次讲清，一次办成", ("一次讲清", "一次办成")),
     ("您的事我来办", ("您的事我来办",)), ("窗口受理的事一次讲清办成", ("窗口受理的事", "一次讲清办成")),
     ("一次讲清办成不跑回头路 好", ("一次讲清办成", "不跑回头路好")), ("", ("",))],
)  # fmt: skip
def test_slogan_is_broken_where_it_was_typed_so(slogan, rows):
    assert papers.break_slogan(slogan) == rows


def test_damaged_picture_is_no_reason_to_print_without_a_word(app, made):
    """A card whose photo is damaged is not printed; the job says so."""
    with app.app_context():
        snapshot = papers.read_cards(made["sheet"])
        file = db.session.get_one(StoredFile, snapshot.cards[0].photo_id)
        path_of(file.sha256).write_bytes(b"damaged")
        with app.test_request_context(), pytest.raises(Exception, match=file.sha256):
            papers.card_document(snapshot, "")
        assert factories.get(made["sheet"]).state is SheetState.PUBLIC
