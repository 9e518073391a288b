"""The lists of 大厅屏: groups, and what a package held."""

from typing import Any

from flask import url_for
from sqlalchemy import Select, select

from app.kernel import formats
from app.kernel.listing import Cell, Column, Condition, Filter, Listing
from app.screens.models import (
    ORIENTATION_LABELS,
    PACE_LABELS,
    ScreenGroup,
    ScreenOrientation,
    ScreenPackageItem,
)
from app.screens.package_lists import last_day, shown_window

PLAYING, STOPPED = "playing", "stopped"
STATE_LABELS = {PLAYING: "播放中", STOPPED: "已停播"}


def state_of(group: ScreenGroup) -> str:
    """Tell whether a group plays."""
    return PLAYING if group.stopped_at is None else STOPPED


def state_cell(group: ScreenGroup) -> Cell:
    """Show whether a group plays."""
    state = state_of(group)
    return Cell(text=STATE_LABELS[state], kind="tag-green" if state == PLAYING else "tag")


def has_state(value: str) -> Condition:
    """Filter by whether a group plays."""
    is_playing: Condition = ScreenGroup.stopped_at.is_(None)
    return is_playing if value == PLAYING else ~is_playing


GROUPS: Listing[ScreenGroup] = Listing(
    id="screen-groups",
    noun="组大厅屏",
    title="大厅屏",
    row=lambda found: found[0],
    columns=[
        Column(
            name="name",
            label="名称",
            cell=lambda row: Cell(
                text=row.name, href=url_for("screens.show_group", group_id=row.id)
            ),
            sort=ScreenGroup.name,
        ),
        Column(name="slug", label="网址末段", cell=lambda row: row.slug, sort=ScreenGroup.slug),
        Column(
            name="orientation",
            label="方向",
            cell=lambda row: ORIENTATION_LABELS[row.orientation],
            sort=ScreenGroup.orientation,
        ),
        Column(
            name="inches",
            label="尺寸",
            cell=lambda row: f"{row.inches}英寸",
            sort=ScreenGroup.inches,
            export=lambda row: row.inches,
            align="right",
        ),
        Column(
            name="metres",
            label="观看距离",
            cell=lambda row: f"{row.metres}米",
            sort=ScreenGroup.metres,
            export=lambda row: row.metres,
            align="right",
        ),
        Column(name="pace", label="停留时间", cell=lambda row: PACE_LABELS[row.pace], is_wide=True),
        Column(name="state", label="状态", cell=state_cell, sort=ScreenGroup.stopped_at),
    ],
    search=(ScreenGroup.name, ScreenGroup.slug),
    search_label="名称或网址末段",
    filters=[
        Filter(
            name="orientation",
            label="方向",
            options=[(each.value, label) for each, label in ORIENTATION_LABELS.items()],
            where=lambda value: ScreenGroup.orientation == ScreenOrientation(value),
        ),
        Filter(name="state", label="状态", options=list(STATE_LABELS.items()), where=has_state),
    ],
    default_sort="name",
    tie_break=ScreenGroup.id,
    empty_text="还没有登记大厅屏。",
)

ITEMS: Listing[ScreenPackageItem] = Listing(
    id="package-items",
    noun="张图片",
    title="图片包",
    row=lambda found: found[0],
    columns=[
        Column(
            name="position",
            label="序号",
            cell=lambda row: str(row.position + 1),
            sort=ScreenPackageItem.position,
            export=lambda row: row.position + 1,
            is_short=True,
        ),
        Column(
            name="title", label="部门", cell=lambda row: row.title, sort=ScreenPackageItem.title
        ),
        Column(name="window", label="窗口", cell=shown_window, sort=ScreenPackageItem.window),
        Column(
            name="from",
            label="从哪一天起",
            cell=lambda row: formats.day(row.valid_from),
            sort=ScreenPackageItem.valid_from,
            export=lambda row: row.valid_from,
        ),
        Column(
            name="until",
            label="到哪一天",
            cell=last_day,
            sort=ScreenPackageItem.valid_until,
            export=lambda row: row.valid_until,
        ),
        Column(name="file", label="图片", cell=lambda row: row.file_name, is_wide=True),
    ],
    search=(ScreenPackageItem.title, ScreenPackageItem.window),
    search_label="部门或窗口",
    default_sort="position",
    tie_break=ScreenPackageItem.position,
    empty_text="这个图片包里没有图片。",
)


def select_items(package_id: int) -> Select[Any]:
    """Select what a package held."""
    return select(ScreenPackageItem).where(ScreenPackageItem.package_id == package_id)
