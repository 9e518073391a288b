"""Commands that make a site and fill the demonstration hall; `./manage` calls them."""

import sys
from datetime import date, timedelta
from pathlib import Path

import click
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import Migrate, upgrade

from app.accounts import service as accounts
from app.accounts import setup_code
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, config, db
from app.kernel.config import ROOT, Config
from app.kernel.feature import features
from app.workdays import notices

MIGRATIONS = ROOT / "migrations"
HEAD_FILE = MIGRATIONS / "HEAD"
DEMO_MARKER = "DEMO"


def init(app: Flask) -> None:
    """Add the commands."""
    Migrate(app, db.database, directory=str(MIGRATIONS))
    for command in (upgrade_database, check_migrations, fill_demonstration, print_setup_code):
        app.cli.add_command(command)


@click.command("db-upgrade")
@with_appcontext
def upgrade_database() -> None:
    """Make the data directory and its secrets, and bring the database to the head."""
    settings: Config = current_app.config["SITE"]
    config.prepare_var(settings)
    current_app.config["SECRET_KEY"] = config.read_secret_key(settings)
    upgrade(directory=str(MIGRATIONS))
    # The connection that migrated has foreign keys off; nobody else may get it.
    db.database.engine.dispose()
    if settings.is_plain_http and not settings.is_demo:
        with db.write():
            append(AuditEvent.SITE_PLAIN_HTTP_STARTED, person_id=None)


@click.command("db-check")
@with_appcontext
def check_migrations() -> None:
    """Check that there is one migration head, and that the committed head file names it."""
    heads = script_directory().get_heads()
    written = HEAD_FILE.read_text(encoding="utf-8").strip() if HEAD_FILE.exists() else ""
    if heads != [written]:
        click.echo(f"migrations/HEAD says {written!r}, the migrations end in {heads}", err=True)
        sys.exit(1)


def script_directory() -> ScriptDirectory:
    """Open the migrations."""
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(settings)


def require_ready(app: Flask) -> None:
    """Refuse to serve without a key or on another head; raises ConfigError saying what to do."""
    with app.app_context():
        app.config["SECRET_KEY"] = config.read_secret_key(app.config["SITE"])
        with db.database.engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
        db.database.engine.dispose()
    wanted = script_directory().get_current_head()
    if present != wanted:
        message = f"数据库版本是 {present}，程序需要 {wanted}：请先运行 ./manage db-upgrade。"
        raise config.ConfigError(message)


@click.command("demo-fill")
@with_appcontext
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="演示日，默认最近一个工作日")
def fill_demonstration(day: object) -> None:
    """Fill an empty database with the demonstration hall, as of one working day."""
    settings: Config = current_app.config["SITE"]
    if not settings.is_demo:
        click.echo("只有 CLEAN_WINDOW_DEMO=1 时才能填入演示数据。", err=True)
        sys.exit(2)
    if accounts.is_set_up():
        return
    wanted = getattr(day, "date", clock.today)()
    chosen = last_workday(wanted)
    (Path(settings.var) / DEMO_MARKER).write_text(f"{chosen.isoformat()}\n", encoding="utf-8")
    for room in features(current_app):
        if room.demo is not None:
            room.demo(chosen)
    click.echo(f"演示大厅已建好，演示日为{chosen.isoformat()}。", err=True)


def last_workday(day: date) -> date:
    """Give the last working day up to `day`, by the official notices."""
    calendar = notices.official_calendar()
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    return day


@click.command("setup-code")
@with_appcontext
def print_setup_code() -> None:
    """Print a fresh one-time code while nobody can sign in yet."""
    if accounts.is_set_up():
        click.echo("已经有人可以登录，不再需要启动码。", err=True)
        return
    click.echo(setup_code.make())
