"""Questions in and out of the bank from a shell: what is sure is taken, the rest is listed.

Reading a file (`parse`) changes nothing, and needs no database.
"""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from app.accounts import service as accounts
from app.accounts.acting import acting
from app.kernel.permissions import Principal
from app.kernel.sheets_in import UnreadableFileError
from app.questions import service
from app.questions.imports import stored
from app.questions.imports.filing import WRITERS, take_file
from app.questions.models import MAX_BANK
from app.questions.parsing import parse_file
from app.questions.parsing.result import ParseResult, Problem
from app.questions.writing import plain_problem, write_json

commands = AppGroup("questions", help="题库。")
FORMATS = ("auto", "xlsx", "docx", "doc", "txt", "json")
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
LEFT_PICTURES = "有{}道题带图，Excel 里只有图的位置。要连图一起导出，请用 docx 或 json。"


def read(file: Path, answers: Path | None, form: str) -> ParseResult:
    """Read a file of questions; one that cannot be read ends the command with 1."""
    name = file.name if form == "auto" else f"{file.stem}.{form}"
    keys = (answers.read_bytes(), answers.name) if answers else None
    try:
        return parse_file(file.read_bytes(), name, answers=keys)
    except UnreadableFileError as error:
        raise click.ClickException(str(error)) from error


@commands.command("parse")
@click.argument("file", type=A_FILE)
@click.option("--answers", type=A_FILE, help="只有答案的第二个文件。")
@click.option("--format", "form", type=click.Choice(FORMATS), default="auto", help="文件的格式。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一份JSON。")
def parse(file: Path, *, answers: Path | None, form: str, as_json: bool) -> None:
    """读出文件里的题目，不改动任何数据；文件不能读取，退出码1。"""
    result = read(file, answers, form)
    if as_json:
        click.echo(write_json(result.questions, result.problems).decode())
    else:
        sure = sum(result.is_sure(each) for each in result.questions)
        click.echo(
            f"读到{len(result.questions)}道题，其中{sure}道可以直接采用，{len(result.problems)}处问题。"
        )


def check_bank(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Refuse a name that no bank can have."""
    del context, parameter
    name = " ".join(value.split())
    if not 0 < len(name) <= MAX_BANK:
        message = f"题库的名称要有1到{MAX_BANK}个字。"
        raise click.BadParameter(message)
    return name


def find_person(staff_number: str | None) -> Principal | None:
    """Give who has this 工号; nobody for none."""
    if staff_number is None:
        return None
    account = accounts.find_account(accounts.normalise(staff_number))
    if account is None:
        message = f"没有工号是{staff_number}的人。"
        raise click.BadParameter(message, param_hint="--by")
    return acting(account.person_id)


BANK = click.option("--bank", required=True, callback=check_bank, help="题库的名称。")


@commands.command("import")
@click.argument("file", type=A_FILE)
@BANK
@click.option("--answers", type=A_FILE, help="只有答案的第二个文件。")
@click.option("--format", "form", type=click.Choice(FORMATS), default="auto", help="文件的格式。")
@click.option("--by", help="以谁的工号录入；不写的，是系统录入。")
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一份JSON。")
def import_file(
    file: Path,
    *,
    bank: str,
    answers: Path | None,
    form: str,
    by: str | None,
    as_json: bool,
) -> None:
    """采用文件里没有疑问的题，列出有疑问的；有没有采用的，退出码1。"""
    user = find_person(by)
    taken, problems, is_whole = take_file(read(file, answers, form), bank=bank, user=user)
    if as_json:
        click.echo(json.dumps(report_of(taken, problems), ensure_ascii=False, indent=1))
    else:
        click.echo(f"采用了{len(taken)}道题，{len(problems)}处问题。")
        for each in problems:
            click.echo(f"{each.where}：{each.message}")
    if not is_whole:
        sys.exit(1)


def report_of(taken: list[int], problems: list[Problem]) -> dict[str, Any]:
    """Give what `import --json` says."""
    return {
        "taken": len(taken),
        "questions": taken,
        "problems": [plain_problem(each) for each in problems],
    }


@commands.command("export")
@BANK
@click.option("--format", "form", type=click.Choice(tuple(WRITERS)), required=True, help="格式。")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def export_bank(*, bank: str, form: str, output: Path) -> None:
    """导出一个题库的全部题目和答案；没有这个题库，退出码1。"""
    ids = stored.ids_of_bank(bank)
    if not ids:
        message = f"没有叫“{bank}”的题库。现有：{'、'.join(service.list_banks()) or '无'}。"
        raise click.ClickException(message)
    questions = list(stored.read_questions(ids))
    output.write_bytes(WRITERS[form](questions))
    click.echo(f"导出了{len(questions)}道题：{output}", err=True)
    pictured = sum(bool(each.pictures) for each in questions)
    if form == "xlsx" and pictured:
        click.echo(LEFT_PICTURES.format(pictured), err=True)
