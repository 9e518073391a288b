"""Loading a plan from its data file, for a hall that has its own."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.kernel import db
from app.kernel.forms import RefusedError
from app.measures import plans

commands = AppGroup("measures", help="任务分解表。")


@commands.command("load")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def load(file: Path) -> None:
    """载入一份计划的数据文件（如 docs/plans/2025-efficiency-plan.toml）。"""
    try:
        found = plans.read_file(file)
        with db.write():
            plans.load(found, user=None)
    except RefusedError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"已载入：{found.title}，{len(found.content['measures'])}项。", err=True)
