"""图片包: pictures of any size with their list, what to take down, and for how long it is kept."""

import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pypdfium2
import pytest
from PIL import Image
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.files.models import StoredFile
from app.jobs.models import Job, JobState
from app.kernel import children, clock, db, fonts, pdf, slides, slides_child
from app.kernel.slides import SlideLine
from app.screens import drawing, package_lists, packages, service
from app.screens.models import ScreenPackage, ScreenPackageItem
from tests.accounts.factories import events
from tests.exams.factories import run_jobs
from tests.kernel.test_slides import FOUR, LONG
from tests.screens.factories import act, add_group, offering, slide
from tests.support import cast

BLUE = (0x0F, 0x2F, 0x57)
SMALL = (640, 360)


@pytest.fixture(scope="module", autouse=True)
def prepared():
    fonts.prepare(pdf.FONTS)
    yield
    pdf.close()


def work(app):
    """Let the worker do what waits for it."""
    with app.app_context():
        run_jobs()


def order(app, browse, width=SMALL[0], height=SMALL[1], group_id=1):
    """Order a package as a 经办人, let the worker make it, and go where its job leads."""
    browser = browse("clerk")
    page = browser.get(f"/screens/{group_id}")
    sent = {"width": str(width), "height": str(height)}
    job = browser.submit(page, sent, form="#package-form").location
    work(app)
    done = browser.get(job)
    link = [each.get("href") for each in done.all(".card a")]
    return browser, browser.get(link[0]) if link else done


def fetch(browser, page):
    """Download the zip."""
    link = next(a.get("href") for a in page.all("a.btn-primary"))
    answer = browser.get(link)
    assert answer.headers["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(answer.data))


def pictures(archive):
    """Give the pictures by name."""
    return {
        name: Image.open(io.BytesIO(archive.read(name)))
        for name in archive.namelist()
        if name.endswith(".png")
    }


def is_drawn(picture):
    """Tell whether there is text on the ground, with the ground all round it."""
    rgb = picture.convert("RGB")
    width, height = rgb.size
    edge = [rgb.getpixel((x, y)) for x in range(width) for y in (0, height - 1)]
    edge += [rgb.getpixel((x, y)) for x in (0, width - 1) for y in range(height)]
    light = sum(rgb.convert("L").point(lambda value: value > 150).histogram()[1:])
    return set(edge) == {BLUE} and light > width * height / 200


@pytest.mark.db
def test_package_holds_every_slide_and_its_list(app, browse):
    group = add_group(app)
    with offering(app, slide(1), slide(2, valid_until=date(2026, 12, 31), lines=FOUR + FOUR)):
        browser, page = order(app, browse, group_id=group.id)
        archive = fetch(browser, page)
    found = pictures(archive)
    assert [picture.size for picture in found.values()] == [SMALL] * 3
    assert all(is_drawn(picture) for picture in found.values())
    first, second, third = found
    assert first.startswith("不动产登记中心_B1号窗口_20261101起_")
    assert second.startswith("不动产登记中心_B2号窗口_20261101至20261231_第1页共2页_")
    assert third.startswith("不动产登记中心_B2号窗口_20261101至20261231_第2页共2页_")
    text = archive.read("清单.txt").decode("utf-8-sig")
    assert "窗口上方屏 640×360" in text
    assert f"{second}　不动产登记中心　B2号窗口　2026年11月1日　2026年12月31日" in text
    assert text.endswith("【撤下】\r\n（无）\r\n")
    book = CalamineWorkbook.from_filelike(io.BytesIO(archive.read("清单.xlsx")))
    assert book.sheet_names == ["播放", "撤下"]
    assert [row[0] for row in book.get_sheet_by_name("播放").to_python()] == ["图片", *found]
    assert "共3张图片" in page.text
    assert "没有要撤下的" in page.text


@pytest.mark.db
def test_next_package_says_what_to_take_down(app, browse):
    group = add_group(app)
    changed = slide(1, footer="2026年11月20日公开")
    with offering(app, slide(1), slide(2), slide(3)) as offered:
        browser, first = order(app, browse, group_id=group.id)
        fetch(browser, first)
        assert "已经不能播放" not in browser.get(first.url).text
        offered[:] = [changed, slide(3)]
        assert "有2张已经不能播放" in browser.get(first.url).text
        # Of another size: the screens with the first one still hang as they did.
        _, other = order(app, browse, 360, 640, group_id=group.id)
        assert "没有要撤下的" in other.text
        # Nobody fetches this one: what it says is taken down still hangs, and the next says it again.
        _, unfetched = order(app, browse, group_id=group.id)
        assert "请从屏上撤下（2张）" in unfetched.text
        browser, page = order(app, browse, group_id=group.id)
        text = fetch(browser, page).read("清单.txt").decode("utf-8-sig")
        _, again = order(app, browse, group_id=group.id)
    assert "请从屏上撤下（2张）" in page.text
    down = text.partition("【撤下】")[2]
    assert down.count(".png") == 2
    assert "B1号窗口　已换成新图" in down
    assert "B2号窗口　不再公开" in down
    assert "B3号窗口" not in down
    assert "没有要撤下的" in again.text
    with app.app_context():
        made = events(AuditEvent.SCREENS_PACKAGE_MADE)
    assert [entry.data["taken_down"] for entry in made] == [0, 0, 2, 2, 0]


@pytest.mark.parametrize(
    ("width", "height"), [(1920, 360), (64, 64), (200, 1200), (1080, 1920), (333, 777)]
)
def test_any_size_is_drawn_to_the_point_and_whole(width, height, app):
    given = slide(lines=(LONG, *FOUR), badge=True)
    with app.app_context():
        pages = slides.split(given, slides.layout_for(width, height))
        content = packages.print_pages(pages, width, height)
    assert len(pypdfium2.PdfDocument(content)) == len(pages)
    for place in range(len(pages)):
        options = {"page": place, "width": width, "height": height}
        made = Image.open(io.BytesIO(slides_child.work(content, options)))
        assert (made.size, made.format) == ((width, height), "PNG")
        assert is_drawn(made)


CASES = [
    slide(), slide(lines=(LONG,) * 5, badge=True),
    slide(window="", title="区人力资源和社会保障局就业促进中心"),
    slide(window="综合服务12号窗口", title="区市场监督管理局行政许可科", badge=True),
    slide(phones=(("监督电话", "0000-5566 1200"), ("投诉热线", "0000-1234 5678"), ("热线", "12345"))),
    slide(lines=(SlideLine(before="本窗口实行首问负责制，首位接待的工作人员负责到底，" * 4),)),
]  # fmt: skip
SIZES = [(1920, 1080), (1080, 1920), (1920, 360), (3840, 300), (1024, 1024)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_text_is_lost_or_cut_on_paper_of_any_shape(width, height, app):
    """The text of the PDF is that of the slide, all of it within the sheet's margins."""
    layout = slides.layout_for(width, height)
    pages = [page for given in CASES for page in slides.split(given, layout)]
    with app.app_context():
        content = packages.print_pages(pages, width, height)
    document = pypdfium2.PdfDocument(content)
    assert len(document) == len(pages)
    for page, sheet in zip(pages, document, strict=True):
        text, given = sheet.get_textpage(), page.slide
        read = "".join(text.get_text_range().split())
        wanted = [given.window, given.title, given.footer, *(line.text for line in page.lines)]
        wanted += [part for pair in page.phones for part in pair]
        for words in wanted:
            assert "".join(words.split()) in read, (width, height, words, read)
        check_places(text, width, height, layout)


def check_places(text, width, height, layout):
    """See that every letter stands on the canvas, within its margins."""
    unit = min(width / layout.width, height / layout.height) * 0.75
    left = (width * 0.75 - layout.width * unit) / 2 + layout.margin[1] * unit
    right = width * 0.75 - left
    bottom = (height * 0.75 - layout.height * unit) / 2 + layout.margin[0] * unit
    top = height * 0.75 - bottom
    slack = 12 * unit
    for place in range(text.count_chars()):
        if not text.get_text_range(place, 1).strip():
            continue
        x1, y1, x2, y2 = text.get_charbox(place)
        assert left - slack <= x1 <= x2 <= right + slack
        assert bottom - slack <= y1 <= y2 <= top + slack


@pytest.mark.parametrize("layout", [slides.LANDSCAPE, slides.PORTRAIT], ids=lambda each: each.name)
def test_lines_do_not_run_into_what_stands_below_them(layout, app):
    """On every page the last letter of the lines ends above the telephones."""
    pages = [page for given in CASES for page in slides.split(given, layout)]
    with app.app_context():
        content = packages.print_pages(pages, layout.width, layout.height)
    for page, sheet in zip(pages, pypdfium2.PdfDocument(content), strict=True):
        text = sheet.get_textpage()
        read = text.get_text_range()
        below = read.index(page.phones[0][0])
        last = page.lines[-1].text[-1]
        letter = text.get_charbox(read.rindex(last, 0, below))
        assert letter[1] > text.get_charbox(below)[3]


@pytest.mark.db
def test_a_stopped_or_empty_group_is_told_why(app, browse):
    group = add_group(app)
    _, page = order(app, browse, group_id=group.id)
    assert packages.NO_SLIDES in page.text
    act(app, service.stop_group, group_id=group.id, stopped_by_id=None)
    with offering(app, slide()):
        _, page = order(app, browse, group_id=group.id)
    assert packages.NO_SLIDES in page.text


def test_too_many_pages_are_refused(app, browse, monkeypatch):
    monkeypatch.setattr(packages, "MOST_PAGES", 2)
    group = add_group(app)
    with offering(app, *(slide(number) for number in range(3))):
        _, page = order(app, browse, group_id=group.id)
    assert packages.TOO_MANY.format(pages=3, most=2) in page.text
    monkeypatch.setattr(packages, "MOST_PAGES", 300)
    monkeypatch.setattr(packages, "MOST_POINTS", 2 * SMALL[0] * SMALL[1])
    with offering(app, *(slide(number) for number in range(3))):
        _, page = order(app, browse, group_id=group.id)
    assert packages.TOO_LARGE.format(pages=3, most=2) in page.text


def test_a_letter_that_no_font_has_is_named(app, browse):
    group = add_group(app)
    with offering(app, slide(title="\U0003134a中心")):
        _, page = order(app, browse, group_id=group.id)
    assert "字体里没有这些字：\U0003134a" in page.text


@pytest.mark.parametrize(
    ("width", "height"), [("63", "1080"), ("1920", "7681"), ("", "1080"), ("abc", "1080")]
)
def test_a_size_out_of_bounds_comes_back(width, height, app, browse):
    group = add_group(app)
    browser = browse("clerk")
    page = browser.get(f"/screens/{group.id}")
    sent = {"width": width, "height": height}
    again = browser.submit(page, sent, form="#package-form", status=422)
    assert "请填64到7680之间的整数" in again.text
    assert again.one("#width").get("value", "") == width
    with app.app_context():
        assert db.session.scalars(select(Job)).all() == []


def test_the_same_order_twice_is_one_job(app, browse):
    group = add_group(app)
    browser = browse("clerk")
    with offering(app, slide()):
        page = browser.get(f"/screens/{group.id}")
        jobs = {browser.submit(page, form="#package-form").location for _ in range(2)}
    assert len(jobs) == 1
    with app.app_context():
        assert len(events(AuditEvent.SCREENS_PACKAGE_ORDERED)) == 1


@pytest.mark.db
def test_zip_is_erased_after_two_weeks_and_what_it_held_is_kept(app, browse, now):
    group = add_group(app)
    with offering(app, slide()):
        browser, page = order(app, browse, group_id=group.id)
    link = page.one("a.btn-primary").get("href")
    now.move(days=13, hours=23)
    with app.app_context():
        packages.erase_old()
    browser = browse("clerk")
    browser.get(link)
    now.move(hours=2)
    # Before the worker has come round as well.
    browser = browse("clerk")
    browser.get(link, status=404)
    with app.app_context():
        packages.erase_old()
        packages.erase_old()
        package = db.session.scalars(select(ScreenPackage)).one()
        assert package.file_id is None
        assert db.session.scalars(select(StoredFile)).all() == []
        assert len(db.session.scalars(select(ScreenPackageItem)).all()) == 1
        assert len(events(AuditEvent.SCREENS_PACKAGE_ERASED)) == 1
    assert "文件已经清理" in browser.get(page.url).text


def test_a_job_that_is_begun_again_makes_one_package(app, browse, monkeypatch):
    """The worker dies between the pictures: the next try makes all of them."""
    group = add_group(app)
    made = packages.files.put_content

    def fail(content):
        monkeypatch.setattr(packages.files, "put_content", made)
        raise RuntimeError(str(len(content)))

    monkeypatch.setattr(packages.files, "put_content", fail)
    with offering(app, slide()):
        browser = browse("clerk")
        page = browser.get(f"/screens/{group.id}")
        browser.submit(page, form="#package-form")
        work(app)
        with app.app_context(), db.write():
            db.session.scalars(select(Job)).one().lease_until = None
        work(app)
    with app.app_context():
        assert db.session.scalars(select(Job)).one().state is JobState.DONE
        assert len(db.session.scalars(select(ScreenPackage)).all()) == 1


def test_fetching_leaves_its_mark(app, browse):
    group = add_group(app)
    with offering(app, slide()):
        browser, page = order(app, browse, group_id=group.id)
    fetch(browser, page)
    with app.app_context():
        assert [each.object_type for each in events(AuditEvent.RECORD_EXPORTED)] == [
            "screen_package"
        ]


def test_the_largest_picture_is_drawn_within_the_child(app):
    """7680 by 4320, the largest wall there is, within memory and time."""
    with app.app_context():
        content = packages.print_pages(slides.split(slide(), slides.LANDSCAPE), 7680, 4320)
    options = {"page": 0, "width": 7680, "height": 4320}
    made = children.run(
        "app.kernel.slides_child",
        content,
        memory=packages.CHILD_MEMORY,
        seconds=packages.CHILD_SECONDS,
        options=options,
    )
    assert Image.open(io.BytesIO(made)).size == (7680, 4320)


def test_measures_of_a_sheet_are_put_in_as_numbers(app):
    with app.app_context():
        page = slides.split(slide(), slides.layout_for(1920, 360))
        (style,) = drawing.document_styles(page, 960, 180)
    assert "* var(--u))" not in style.partition("*/")[2]
    assert "size: 960px 180px" in style
    assert "font-size: 36.0000px" in style


def test_names_are_fit_for_any_machine():
    page = slides.split(replace(slide(), title="a/b:中心*?", window="..\\窗口"), slides.LANDSCAPE)[
        0
    ]
    name = package_lists.file_name(page)
    assert name.startswith("ab中心_窗口_")
    assert not set(name) & set('\\/:*?"<>|')


def test_validity_of_the_list_is_that_of_the_slide():
    assert package_lists.describe_end(None) == "长期"
    assert package_lists.describe_end(date(2026, 11, 20) + timedelta(days=1)) == "2026年11月21日"


@pytest.mark.parametrize(("width", "height"), [(640, 300), (320, 360)])
def test_another_width_or_height_is_another_place(width, height, app):
    """The vendor's system keeps pictures by size: each has a package before of its own."""
    group = add_group(app)
    with app.app_context():
        page = slides.split(slide(), slides.LANDSCAPE)[0]
        made = []
        for size in ((640, 360), (width, height), (640, 360)):
            package = ScreenPackage(
                public_id=f"made-{len(made)}",
                group_id=group.id,
                ordered_by_id=cast.person_id("clerk"),
                made_at=clock.now(),
                width=size[0],
                height=size[1],
            )
            sha256 = packages.files.put_content(b"zip")
            with db.write():
                items = [packages.item_of(page, 0)]
                packages.store(package, items, sha256, 3, gone_count=0)
            made.append(package)
        before = [packages.held_before(package) for package in made]
    assert before[:2] == [[], []]
    assert [item.package_id for item in before[2]] == [made[0].id]
