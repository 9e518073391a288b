"""Reading a questionnaire from a shell: changes nothing, and needs no database."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from app.kernel.sheets_in import UnreadableFileError
from app.surveys.parsing import parse

commands = AppGroup("surveys", help="满意度调查。")


@commands.command("parse")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一份JSON。")
def parse_file(file: Path, *, as_json: bool) -> None:
    """读出 Excel 文件里的题目；有没能采用的，退出码1。"""
    try:
        parsed = parse(file.read_bytes())
    except UnreadableFileError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        answer = {
            "questions": [
                {
                    "code": each.code,
                    "kind": each.kind.value,
                    "text": each.text,
                    "options": list(each.labels),
                }
                for each in parsed.questions
            ],
            "problems": [asdict(each) for each in parsed.problems],
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
    else:
        click.echo(f"读到{len(parsed.questions)}道题，{len(parsed.problems)}处问题。")
    if any(each.severity == "error" for each in parsed.problems):
        sys.exit(1)
