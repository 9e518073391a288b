"""What a group shows: slides of all rooms, cut into pages with their seconds, and the manifest.

"Screens: … power on → last content within ten seconds". The manifest is all that a player reads: it
keeps the last good one, so nothing here may depend on asking again. Only what is approved and in
force today comes in; an end of validity travels along and is kept by the player without a server.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from app.accounts import service as accounts
from app.kernel import clock, static_files
from app.kernel.feature import features
from app.kernel.slides import LANDSCAPE, PORTRAIT, Layout, Slide, SlidePage, seconds_for, split
from app.screens import drawing
from app.screens.models import ScreenGroup, ScreenOrientation, ScreenPace
from app.screens.service import list_department_ids

SCHEMA = 1
SHELL_LENGTH = 12
LONGEST_LOOP_SECONDS = 180
LAYOUTS = {ScreenOrientation.LANDSCAPE: LANDSCAPE, ScreenOrientation.PORTRAIT: PORTRAIT}
# Stands between what the hash covers; no text of a page can hold it.
BETWEEN = "\x1f"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One page of a playlist."""

    page: SlidePage
    seconds: int

    @property
    def key(self) -> str:
        """The page's own name: of another text it is another one, and on another canvas too."""
        slide, layout = self.page.slide, self.page.layout.name
        return f"{slide.key}:{slide.version[:12]}:{layout}:{self.page.number}"

    @property
    def valid_from(self) -> datetime:
        """The first instant of its first day, in the hall's time."""
        return clock.start_of(self.page.slide.valid_from)

    @property
    def valid_until(self) -> datetime | None:
        """The instant at which its last day has ended."""
        last = self.page.slide.valid_until
        return None if last is None else clock.start_of(last + timedelta(days=1))


def layout_of(group: ScreenGroup) -> Layout:
    """Give the layout for how a group's screens hang."""
    return LAYOUTS[group.orientation]


def list_slides(group: ScreenGroup) -> list[Slide]:
    """Give the slides that a group shows today; of a stopped one none."""
    if group.stopped_at is not None:
        return []
    today, chosen = clock.today(), set(list_department_ids(group.id))
    return [
        slide
        for room in features(current_app)
        if room.slides is not None
        for slide in room.slides()
        if slide.is_valid(today) and (group.takes_all or slide.department_id in chosen)
    ]


def list_items(group: ScreenGroup) -> list[Item]:
    """Give a group's playlist: every slide page by page."""
    layout, is_slow = layout_of(group), group.pace is ScreenPace.SLOW
    return [
        Item(page=page, seconds=seconds_for(page.characters, is_slow=is_slow))
        for slide in list_slides(group)
        for page in split(slide, layout)
    ]


def loop_seconds(items: Sequence[Item]) -> int:
    """Give how long it takes until everything was shown once."""
    return sum(item.seconds for item in items)


def build_manifest(group: ScreenGroup) -> dict[str, object]:
    """Give what the player reads."""
    entries = [entry_of(item) for item in list_items(group)]
    now = clock.now().isoformat(timespec="milliseconds")
    return {
        "schema": SCHEMA,
        "group": group.slug,
        # Another one: the page that plays it has changed, and it loads itself anew.
        "shell": shell_of(group),
        "generated_at": now,
        "server_now": now,
        "hash": hash_of(entries),
        "items": entries,
    }


def shell_of(group: ScreenGroup) -> str:
    """Give the hash of all that stands in the page itself: script, style, canvas, names."""
    files, _ = static_files.read_tree(static_files.static_folder())
    parts = (files, layout_of(group).name, accounts.hall_name(), group.name)
    return hashlib.sha256(BETWEEN.join(parts).encode()).hexdigest()[:SHELL_LENGTH]


def entry_of(item: Item) -> dict[str, str | int]:
    """Give a page as the manifest holds it."""
    until = item.valid_until
    return {
        "id": item.key,
        "seconds": item.seconds,
        "valid_from": item.valid_from.isoformat(),
        "valid_until": until.isoformat() if until else "",
        "html": drawing.page_html(item.page),
    }


def hash_of(entries: Sequence[dict[str, str | int]]) -> str:
    """Give the hash over all that the player shows; it computes the same before it believes."""
    names = ("id", "seconds", "valid_from", "valid_until", "html")
    text = BETWEEN.join(str(entry[name]) for entry in entries for name in names)
    return hashlib.sha256(text.encode()).hexdigest()
