"""Reading a file of questions from a shell: changes nothing, and needs no database."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.kernel.sheets_in import UnreadableFileError
from app.questions.parsing import parse_file
from app.questions.writing import write_json

commands = AppGroup("questions", help="题库。")
FORMATS = ("auto", "xlsx", "docx", "doc", "txt", "json")
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@commands.command("parse")
@click.argument("file", type=A_FILE)
@click.option("--answers", type=A_FILE, help="只有答案的第二个文件。")
@click.option("--format", "form", type=click.Choice(FORMATS), default="auto", help="文件的格式。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一份JSON。")
def parse(file: Path, *, answers: Path | None, form: str, as_json: bool) -> None:
    """读出文件里的题目，不改动任何数据；文件不能读取，退出码1。"""
    name = file.name if form == "auto" else f"{file.stem}.{form}"
    keys = (answers.read_bytes(), answers.name) if answers else None
    try:
        result = parse_file(file.read_bytes(), name, answers=keys)
    except UnreadableFileError as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(write_json(result.questions, result.problems).decode())
    else:
        sure = sum(result.is_sure(each) for each in result.questions)
        click.echo(
            f"读到{len(result.questions)}道题，其中{sure}道可以直接采用，{len(result.problems)}处问题。"
        )
