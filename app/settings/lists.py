"""The list of all business numbers, and the list of what one of them ever was."""

from collections.abc import Callable
from typing import Any

from flask import url_for
from sqlalchemy import Integer, String, column, literal, select, union_all

from app.kernel import formats
from app.kernel.listing import Cell, Column, Filter, Listing, Statement
from app.settings.models import SettingValue
from app.settings.service import AnySetting, Standing

POLICY, NUMBER = "安全策略", "业务参数"
PLANNED = "planned"
TEXTS = ("key", "group", "label", "value", "since", "planned", "kind", "source", "remark")
UNCONFIRMED = "（核）待中心确认"


def texts_of(standing: Standing) -> dict[str, str]:
    """Give all that the list shows of a setting, as texts that can be searched."""
    setting = standing.setting
    show: Callable[[Any], str] = setting.show
    return {
        "key": setting.key,
        "group": setting.group,
        "label": setting.label,
        "value": show(standing.value),
        "since": formats.day(standing.since) + "起" if standing.since else "默认值",
        "planned": "；".join(
            f"{formats.day(day)}起{show(value)}" for day, value in standing.planned
        ),
        "kind": POLICY if setting.is_policy else NUMBER,
        "source": setting.source,
        "remark": UNCONFIRMED if setting.is_unconfirmed and not standing.since else "",
    }


def select_settings(standings: list[Standing]) -> Statement:
    """Select the settings as rows, although they are declared in code: lists read statements."""
    rows = [
        select(
            literal(place, Integer).label("position"),
            *(literal(texts[name], String).label(name) for name in TEXTS),
        )
        for place, texts in enumerate(map(texts_of, standings))
    ]
    # Named as `of` below, so that columns of the listing find it.
    of = union_all(*rows).subquery("of_settings")
    return select(*(of.c[name] for name in ("position", *TEXTS)))


def of(name: str) -> Any:  # noqa: ANN401 - a column of rows that no table has.
    """Name a column of the statement above."""
    return column(name, String)


SETTINGS: Listing[Any] = Listing(
    id="settings",
    noun="项参数",
    title="参数设置",
    row=lambda found: found,
    columns=[
        Column(
            name="label",
            label="参数",
            cell=lambda row: Cell(
                text=row.label, href=url_for("settings.edit_setting", key=row.key)
            ),
            sort=of("label"),
        ),
        Column(name="group", label="用在哪里", cell=lambda row: row.group, sort=of("group")),
        Column(name="value", label="现在", cell=lambda row: row.value),
        Column(name="since", label="从何时起", cell=lambda row: row.since, sort=of("since")),
        Column(name="planned", label="计划", cell=lambda row: row.planned),
        Column(name="kind", label="类别", cell=lambda row: row.kind, sort=of("kind"), is_wide=True),
        Column(name="source", label="出处", cell=lambda row: row.source, is_wide=True),
        Column(name="remark", label="备注", cell=lambda row: row.remark, is_wide=True),
    ],
    search=[of("label"), of("group"), of("source")],
    search_label="参数、用处或出处",
    filters=[
        Filter(
            name="kind",
            label="类别",
            options=[(POLICY, POLICY), (NUMBER, NUMBER)],
            where=lambda value: of("kind") == value,
        ),
        Filter(
            name="planned",
            label="计划",
            options=[(PLANNED, "有计划的")],
            where=lambda _: of("planned") != "",
        ),
    ],
    tie_break=of("position"),
    per_page=60,
)


def list_history(setting: AnySetting) -> Listing[SettingValue]:
    """Declare the list of one setting's values."""
    return Listing(
        id="history",
        noun="次设定",
        title=f"{setting.label}的变更",
        row=lambda found: found[0],
        columns=[
            Column(
                name="valid_from",
                label="生效日期",
                cell=lambda row: formats.day(row.valid_from),
                is_short=True,
                sort=SettingValue.valid_from,
                export=lambda row: row.valid_from,
            ),
            Column(
                name="value",
                label="数值",
                cell=lambda row: setting.show(setting.load(row.value)),
            ),
            Column(name="reason", label="原因或依据", cell=lambda row: row.reason),
            Column(name="set_by", label="设定人", cell=lambda row: row.set_by),
            Column(
                name="set_at",
                label="设定时间",
                cell=lambda row: formats.moment(row.set_at),
                is_short=True,
                sort=SettingValue.set_at,
                export=lambda row: row.set_at,
            ),
        ],
        search=[SettingValue.reason, SettingValue.set_by],
        search_label="原因或设定人",
        default_sort="-valid_from",
        tie_break=SettingValue.number.desc(),
        empty_text="还没有改过，一直是默认值。",
    )
