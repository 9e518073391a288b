"""Verifying the log from a shell, for scripts and for whoever trusts no page of the site."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import inspect

from app.audit import heads, verify
from app.audit.labels import VERDICT_LABELS
from app.audit.models import AuditHead, Verdict
from app.kernel import db

commands = AppGroup("audit", help="审计日志。")


@commands.command("verify")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一份JSON。")
def verify_log(*, as_json: bool) -> None:
    """核对日志链和外存的链头：完整退出码0，有改动、缺失、截断、链头不符退出码1。"""
    if not has_log():
        message = "没有可以核对的日志：数据库还没有建好，请先运行 ./manage db-upgrade。"
        raise click.ClickException(message)
    report = verify.check(heads.read_heads(), show_progress)
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
    else:
        click.echo(f"{VERDICT_LABELS[report.verdict]}：{report.detail}")
    if report.verdict is not Verdict.INTACT:
        sys.exit(1)


def has_log() -> bool:
    """Tell whether there is a migrated database; looking for it makes none."""
    url = db.database.engine.url
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return False
    return inspect(db.database.engine).has_table(AuditHead.__tablename__)


def show_progress(done: int, total: int) -> None:
    """Tell how far it is, beside the answer."""
    click.echo(f"已核对 {done} / {total} 条", err=True)
