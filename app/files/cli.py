"""`documents verify FILE`: whether a PDF is a paper of this site, for scripts."""

import json
import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from app.files import verifying
from app.files.verifying import VERDICT_LABELS, Verdict
from app.kernel import formats

commands = AppGroup("documents", help="打印的文件。")


@commands.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一份JSON。")
def verify(file: Path, *, as_json: bool) -> None:
    """核对 FILE：一致，已有新版，或者不符；不一致的退出码是1。"""
    found = verifying.check_file(file.read_bytes())
    label = VERDICT_LABELS[found.verdict]
    if as_json:
        answer = {
            "verdict": found.verdict.value,
            "text": label,
            "title": found.title or None,
            "code": found.code or None,
            "made_at": found.made_at.isoformat() if found.made_at else None,
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        made = f"，{found.title}，{formats.moment(found.made_at)}生成" if found.made_at else ""
        click.echo(f"{label}{made}")
    if found.verdict is not Verdict.CURRENT:
        sys.exit(1)
