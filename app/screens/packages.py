"""图片包: every slide of a group as a PNG of one size, in a zip, for a vendor's system.

"Every approved slide as PNG at any width and height, in a zip with validity dates and the list of
what to take down." A job draws them: a PDF through kernel/pdf, then its pages in a child process.
What each package held is kept, so that the next one of the same size says what hangs no longer.
"""

import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from app.accounts import service as accounts
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import service as files
from app.files.models import StoredFile
from app.jobs import service as jobs
from app.kernel import children, clock, db, pdf
from app.kernel.feature import JobRun
from app.kernel.permissions import Principal
from app.kernel.slides import SlidePage, layout_for, split
from app.screens import drawing, playlists
from app.screens.models import ScreenGroup, ScreenPackage, ScreenPackageItem
from app.screens.package_lists import compare, file_name, pack, safe
from app.screens.service import select_groups_for

PACKAGE_JOB = "screens.package"
KEPT = timedelta(days=14)
MEDIA_TYPE = "application/zip"
PAGES_PER_DOCUMENT = 20
MOST_PAGES = 300
CHILD_MEMORY = 1 << 30
CHILD_SECONDS = 30
# Of all pictures together: 120 in 4K, 480 in 1920×1080.
MOST_POINTS = 1_000_000_000
NO_SLIDES = "这组大厅屏现在没有可以公开的内容，或者已经停播。有内容公开后再制作。"
TOO_MANY = "这组大厅屏有{pages}页，一个图片包最多{most}页。请按部门分成几组后再制作。"

TOO_LARGE = (
    "这组大厅屏有{pages}页，这个尺寸一个图片包最多{most}页。请把尺寸改小，或者按部门分成几组。"
)


def order_package(*, group: ScreenGroup, width: int, height: int, ordered_by_id: int) -> str:
    """Order a package in the open write; gives the job's public id, of an open one if there is."""
    key = f"{PACKAGE_JOB}:{group.id}:{width}x{height}"
    if jobs.get_open_job(key) is None:
        append(
            AuditEvent.SCREENS_PACKAGE_ORDERED,
            person_id=ordered_by_id,
            object_type="screen_group",
            object_id=group.slug,
            size=f"{width}×{height}",
        )
    return jobs.order(
        kind=PACKAGE_JOB,
        key=key,
        title=f"制作图片包：{group.name} {width}×{height}",
        payload={
            "group_id": group.id,
            "width": width,
            "height": height,
            "ordered_by_id": ordered_by_id,
        },
        ordered_by_id=ordered_by_id,
    )


def make_package(job: JobRun) -> Mapping[str, Any]:
    """Draw the pictures, pack them, and keep the zip; a job's handler."""
    width, height = int(job.payload["width"]), int(job.payload["height"])
    group = db.session.get_one(ScreenGroup, int(job.payload["group_id"]))
    pages = list_pages(group, width, height)
    items = [item_of(page, place) for place, page in enumerate(pages)]
    package = ScreenPackage(
        public_id=secrets.token_urlsafe(12),
        group_id=group.id,
        ordered_by_id=int(job.payload["ordered_by_id"]),
        made_at=clock.now(),
        width=width,
        height=height,
    )
    gone = compare(held_before(package), items)
    # Picture by picture onto the disk: all of them have no room in the worker's memory.
    with tempfile.TemporaryFile() as file:
        pack(file, items, draw(job, pages, width, height), gone, f"{group.name} {width}×{height}")
        file.seek(0)
        content = file.read()
    sha256 = files.put_content(content)
    with db.write():
        store(package, items, sha256, len(content), gone_count=len(gone))
    return {
        "endpoint": "screens.show_package",
        "values": {"public_id": package.public_id},
        "label": "打开图片包",
    }


def list_pages(group: ScreenGroup, width: int, height: int) -> list[SlidePage]:
    """Give all pages in the layout for that size; raises JobRefusedError for none or too many."""
    layout = layout_for(width, height)
    pages = [page for slide in playlists.list_slides(group) for page in split(slide, layout)]
    if not pages:
        raise jobs.JobRefusedError(NO_SLIDES)
    if len(pages) > MOST_PAGES:
        raise jobs.JobRefusedError(TOO_MANY.format(pages=len(pages), most=MOST_PAGES))
    if len(pages) * width * height > MOST_POINTS:
        most = MOST_POINTS // (width * height)
        raise jobs.JobRefusedError(TOO_LARGE.format(pages=len(pages), most=most))
    return pages


def draw(job: JobRun, pages: Sequence[SlidePage], width: int, height: int) -> Iterator[bytes]:
    """Give a PNG of each page, telling how far it is."""
    for start in range(0, len(pages), PAGES_PER_DOCUMENT):
        batch = pages[start : start + PAGES_PER_DOCUMENT]
        document = print_pages(batch, width, height)
        for place in range(len(batch)):
            job.progress(done=start + place, total=len(pages) + 1)
            yield children.run(
                "app.kernel.slides_child",
                document,
                memory=CHILD_MEMORY,
                seconds=CHILD_SECONDS,
                options={"page": place, "width": width, "height": height},
            )
    job.progress(done=len(pages), total=len(pages) + 1)


def print_pages(pages: Sequence[SlidePage], width: int, height: int) -> bytes:
    """Print pages as sheets of that size; raises JobRefusedError for a name no font can draw."""
    document = pdf.Document(
        html=drawing.document_html(pages),
        stylesheets=drawing.document_styles(pages, width, height),
        title="大厅屏",
        author=accounts.hall_name(),
        created_at=clock.now(),
    )
    try:
        return pdf.render(document)
    except pdf.MissingGlyph as missing:
        characters = "、".join(missing.characters)
        message = f"字体里没有这些字：{characters}。请联系管理员安装字体后再试。"
        raise jobs.JobRefusedError(message) from missing


def item_of(page: SlidePage, position: int) -> ScreenPackageItem:
    """Describe a page as its package's row."""
    slide = page.slide
    return ScreenPackageItem(
        position=position,
        file_name=file_name(page),
        slide_key=slide.key,
        slide_version=slide.version,
        window=slide.window,
        title=slide.title,
        valid_from=slide.valid_from,
        valid_until=slide.valid_until,
    )


def held_before(package: ScreenPackage) -> list[ScreenPackageItem]:
    """Give what may hang: what the last fetched package of that size held, and all since then.

    A package that nobody fetched has told nobody what to take down.
    """
    before = [
        ScreenPackage.group_id == package.group_id,
        ScreenPackage.width == package.width,
        ScreenPackage.height == package.height,
    ]
    if package.id is not None:
        before.append(ScreenPackage.id < package.id)
    fetched = select(func.max(ScreenPackage.id)).where(
        *before, ScreenPackage.fetched_at <= package.made_at
    )
    since = db.session.scalar(fetched) or 0
    rows = db.session.scalars(
        select(ScreenPackageItem)
        .join(ScreenPackage, ScreenPackage.id == ScreenPackageItem.package_id)
        .where(*before, ScreenPackage.id >= since)
        .order_by(ScreenPackage.id, ScreenPackageItem.position)
    )
    return list({each.file_name: each for each in rows}.values())


def list_outdated(group: ScreenGroup, package: ScreenPackage) -> list[ScreenPackageItem]:
    """Give what a package holds of slides that the group shows no longer as they were."""
    offered = {(slide.key, slide.version) for slide in playlists.list_slides(group)}
    return [
        each
        for each in list_items(package.id)
        if (each.slide_key, each.slide_version) not in offered
    ]


def note_fetched(*, public_id: str) -> None:
    """Write down when a package was first downloaded, in the open write."""
    package = db.session.scalars(
        select(ScreenPackage).where(ScreenPackage.public_id == public_id).with_for_update()
    ).one()
    package.fetched_at = package.fetched_at or clock.now()
    db.session.flush()


def list_items(package_id: int) -> Sequence[ScreenPackageItem]:
    """Give what a package held, in its order."""
    found = select(ScreenPackageItem).where(ScreenPackageItem.package_id == package_id)
    return db.session.scalars(found.order_by(ScreenPackageItem.position)).all()


def store(
    package: ScreenPackage,
    items: Sequence[ScreenPackageItem],
    sha256: str,
    size: int,
    *,
    gone_count: int,
) -> None:
    """Keep a package and what it holds, in the open write."""
    group = db.session.get_one(ScreenGroup, package.group_id)
    file = files.add_file(
        sha256=sha256,
        size=size,
        media_type=MEDIA_TYPE,
        name=f"大厅屏图片包_{safe(group.name)}_{package.width}x{package.height}.zip",
    )
    package.file_id = file.id
    db.session.add(package)
    db.session.flush()
    for item in items:
        item.package_id = package.id
        db.session.add(item)
    db.session.flush()
    append(
        AuditEvent.SCREENS_PACKAGE_MADE,
        person_id=package.ordered_by_id,
        object_type="screen_package",
        object_id=package.public_id,
        group=group.name,
        size=f"{package.width}×{package.height}",
        pictures=len(items),
        taken_down=gone_count,
    )


def select_packages(group_id: int) -> Select[Any]:
    """Select a group's packages with whoever ordered them."""
    return select(ScreenPackage).where(ScreenPackage.group_id == group_id)


def get_package_for(user: Principal, public_id: str) -> tuple[ScreenPackage, ScreenGroup] | None:
    """Give a package of a group that somebody may see."""
    groups = select_groups_for(user).subquery()
    found = db.session.execute(
        select(ScreenPackage, ScreenGroup)
        .join(ScreenGroup, ScreenGroup.id == ScreenPackage.group_id)
        .where(ScreenPackage.public_id == public_id, ScreenGroup.id.in_(select(groups.c.id)))
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def file_of(package: ScreenPackage) -> StoredFile | None:
    """Give the zip of a package, as long as it is kept."""
    return files.get_kept(package.file_id, package.made_at, KEPT)


def erase(package: ScreenPackage) -> None:
    """Erase the zip of a package in the open write; what it held stays."""
    package.erased_at = clock.now()
    files.let_go(package)
    append(
        AuditEvent.SCREENS_PACKAGE_ERASED,
        person_id=None,
        object_type="screen_package",
        object_id=package.public_id,
    )


def erase_old() -> None:
    """Erase the zips that are two weeks old; the worker calls it."""
    files.erase_expired(ScreenPackage, KEPT, erase)
