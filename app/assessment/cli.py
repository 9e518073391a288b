"""Commands of the assessment: all papers of a quarter into a folder, one folder per department."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.assessment import packages, schemes
from app.assessment.models import CycleState
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files.packing import make_papers
from app.kernel import db

commands = AppGroup("assessment", help="季度考核。")


@commands.command("export")
@click.option("--cycle", "name", required=True, metavar="NAME", help="考核期，如2026年第三季度。")
@click.option("--output", "folder", required=True, type=click.Path(file_okay=False, path_type=Path))
def export(name: str, folder: Path) -> None:
    """把一个季度的考核画像、反馈函和部门考核表写到 DIR，每个部门一个文件夹。"""
    cycle = schemes.find_cycle(name)
    if cycle is None:
        raise click.ClickException(f"没有“{name}”的考核。")
    if cycle.state is CycleState.COLLECTING:
        raise click.ClickException(packages.NOT_YET)
    with db.write():
        append(
            AuditEvent.RECORD_EXPORTED,
            person_id=None,
            object_type="assessment_cycle",
            object_id=cycle.id,
            name=cycle.name,
        )
    parts, _ = packages.list_parts(cycle.id, None)
    for path, content in make_papers(parts):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        target.write_bytes(content)
    click.echo(f"已写出{len(parts)}份。", err=True)
