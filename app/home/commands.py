"""Commands that make a site and fill the demonstration hall; `./manage` calls them."""

import sys
from datetime import date

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import inspect, text

from app.accounts import service as accounts
from app.accounts import setup_code
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, config, db, triggers
from app.kernel.config import ROOT, Config
from app.kernel.feature import features
from app.workdays import imports, notices

MIGRATIONS = ROOT / "migrations"
# The head of the migrations, committed: two branches that both add one conflict here, in git.
HEAD_FILE = MIGRATIONS / "HEAD"
DEMO_MARKER = "DEMO"
UNFINISHED = "unfinished\n"


def init(app: Flask) -> None:
    """Add the commands."""
    for command in (
        upgrade_database,
        check_migrations,
        write_migration,
        fill_demonstration,
        print_setup_code,
    ):
        app.cli.add_command(command)


@click.command("db-upgrade")
@with_appcontext
def upgrade_database() -> None:
    """Make the data directory and its secrets, and bring the database to the head."""
    bring_up_to_date()


def bring_up_to_date() -> None:
    """Do what has to be done before the site can serve; quick where nothing is to be done."""
    settings: Config = current_app.config["SITE"]
    config.prepare_var(settings)
    current_app.config["SECRET_KEY"] = config.read_secret_key(settings)
    if read_revision() != read_head():
        migrate()
    # Rebuilding a table drops its triggers silently, and a trigger may change without a migration.
    registry = [trigger for room in features(current_app) for trigger in room.triggers]
    with db.write():
        triggers.create(db.session.connection(), registry)
    if settings.is_plain_http and not settings.is_demo:
        with db.write():
            append(AuditEvent.SITE_PLAIN_HTTP_STARTED, person_id=None)


def migrate() -> None:
    """Run the migrations."""
    # Alembic takes long to load, and a site that is up to date never needs it.
    from flask_migrate import Migrate, upgrade  # noqa: PLC0415

    Migrate(current_app, db.database, directory=str(MIGRATIONS))
    upgrade(directory=str(MIGRATIONS))
    # The connection that migrated has foreign keys off; nobody else may get it.
    db.database.engine.dispose()


def read_head() -> str:
    """Give the revision that this program needs."""
    return HEAD_FILE.read_text(encoding="utf-8").strip()


def read_revision() -> str | None:
    """Give the revision that the database has; None for an empty one."""
    with db.database.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def require_ready(app: Flask) -> None:
    """Refuse to serve without a key or on another head; raises ConfigError saying what to do."""
    with app.app_context():
        app.config["SECRET_KEY"] = config.read_secret_key(app.config["SITE"])
        present, wanted = read_revision(), read_head()
        db.database.engine.dispose()
    if present != wanted:
        message = f"数据库版本是 {present}，程序需要 {wanted}：请先运行 ./manage db-upgrade。"
        raise config.ConfigError(message)


@click.command("db-check")
@with_appcontext
def check_migrations() -> None:
    """Check that there is one migration head, and that the committed head file names it."""
    from alembic.config import Config as AlembicConfig  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(MIGRATIONS))
    heads = ScriptDirectory.from_config(settings).get_heads()
    if heads != [read_head()]:
        click.echo(f"migrations/HEAD says {read_head()!r}, the migrations end in {heads}", err=True)
        sys.exit(1)


@click.command("db-revision")
@click.argument("number")
@click.argument("name")
@with_appcontext
def write_migration(number: str, name: str) -> None:
    """Write the next migration, as in `db-revision 012 add_mentor_pairs`, and its head file."""
    from flask_migrate import Migrate, revision  # noqa: PLC0415

    Migrate(current_app, db.database, directory=str(MIGRATIONS))
    revision(directory=str(MIGRATIONS), message=name, rev_id=number, autogenerate=True)
    HEAD_FILE.write_text(f"{number}\n", encoding="utf-8")


@click.command("demo-fill")
@with_appcontext
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="演示日，默认最近一个工作日")
def fill_demonstration(day: object) -> None:
    """Fill an empty database with the demonstration hall, as of one working day."""
    settings: Config = current_app.config["SITE"]
    if not settings.is_demo:
        click.echo("只有 CLEAN_WINDOW_DEMO=1 时才能填入演示数据。", err=True)
        sys.exit(2)
    bring_up_to_date()
    marker = settings.var / DEMO_MARKER
    if accounts.is_set_up():
        if marker.read_text(encoding="utf-8") == UNFINISHED:
            click.echo("上次没有建完演示大厅，请加 --reset 重新启动。", err=True)
            sys.exit(1)
        return
    chosen = last_workday(getattr(day, "date", clock.today)())
    marker.write_text(UNFINISHED, encoding="utf-8")
    for room in features(current_app):
        if room.demo is not None:
            room.demo(chosen)
    marker.write_text(f"{chosen.isoformat()}\n", encoding="utf-8")
    click.echo(f"演示大厅已建好，演示日为{chosen.isoformat()}。", err=True)


def last_workday(day: date) -> date:
    """Give the last working day up to `day`, by the official notices."""
    return notices.official_calendar().last_workday(day)


@click.command("setup-code")
@with_appcontext
def print_setup_code() -> None:
    """Bring the site up to date; print a fresh one-time code while nobody can sign in yet."""
    bring_up_to_date()
    with db.write():
        imports.import_missing_years(around=clock.today())
    if accounts.is_set_up():
        click.echo("已经有人可以登录，不再需要启动码。", err=True)
        return
    click.echo(f"{setup_code.LABEL}{setup_code.make()}")
