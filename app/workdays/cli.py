"""Counting working days for scripts, and filling the table of a new site.

`add` needs no database: without one it counts by the official notices that come with the site.
"""

import json
import re
from datetime import date, datetime, time
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import inspect

from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.workdays import imports, notices, service
from app.workdays.models import CalendarYear

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
TIME = re.compile(r"\d{2}:\d{2}")

commands = AppGroup("workdays", help="工作日与开放时间。")


# A negative number is a refused input and no unknown option.
@commands.command("add", context_settings={"ignore_unknown_options": True})
@click.argument("day", metavar="DATE")
@click.argument("days", metavar="N", type=int)
@click.option("--at", default="09:00", metavar="HH:MM", help="收到的时刻；默认09:00。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一份JSON。")
def add(day: str, days: int, at: str, *, as_json: bool) -> None:
    """从 DATE 收到起，数 N 个工作日，给出截止时间。"""
    has_table = has_calendar()
    if not has_table:
        click.echo("没有数据库，按程序自带的放假通知计算。", err=True)
    try:
        received = read_moment(day, at)
        calendar = service.get_calendar() if has_table else notices.official_calendar()
        deadline = service.get_deadline(received=received, days=days, calendar=calendar)
    except RefusedError as refused:
        raise click.ClickException(str(refused)) from refused
    if not as_json:
        click.echo(formats.moment(deadline.due) + ("（暂定）" if deadline.provisional else ""))
        return
    answer = {
        "received": received.isoformat(),
        "days": days,
        "due": deadline.due.isoformat(),
        "provisional": deadline.provisional,
    }
    click.echo(json.dumps(answer))


def has_calendar() -> bool:
    """Tell whether there is a migrated database; looking for it makes none."""
    url = db.database.engine.url
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return False
    return inspect(db.database.engine).has_table(CalendarYear.__tablename__)


def read_moment(day: str, at: str) -> datetime:
    """Read what was typed, in the hall's time.

    Raises click.UsageError for what is no date or time at all, RefusedError for one that doesn't
    exist, such as 2026-02-30.
    """
    if not DATE.fullmatch(day) or not TIME.fullmatch(at):
        raise click.UsageError("日期请写成 2026-11-20，时刻请写成 16:30。")
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), clock.SHANGHAI)
    except ValueError as error:
        raise RefusedError(received=f"没有这个时间：{day} {at}。") from error


@commands.command("import-missing")
def import_missing() -> None:
    """登记去年、今年、明年还没有登记而程序自带的放假通知。"""
    with db.write():
        years = imports.import_missing_years(around=clock.today())
    click.echo(f"已登记：{'、'.join(map(str, years)) or '没有新的年份'}", err=True)
