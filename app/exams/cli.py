"""`exams analyse SCORES.csv`: item and test statistics of any score matrix, for scripts."""

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import AppGroup

from app.exams.score_file import read_scores
from app.exams.statistics import BadMatrixError, analyse_items, analyse_test

commands = AppGroup("exams", help="一月一考。")
A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
UNDEFINED = "—"


@commands.command("analyse")
@click.argument("scores", type=A_FILE)
@click.option("--json", "as_json", is_flag=True, help="向标准输出写一份JSON。")
def analyse(scores: Path, *, as_json: bool) -> None:
    """分析 SCORES：首行题目名称，次行满分，以下每人一行得分。不需要数据库。"""
    try:
        matrix = read_scores(scores.read_bytes())
    except BadMatrixError as error:
        raise click.ClickException(str(error)) from error
    items, test = analyse_items(matrix), analyse_test(matrix)
    if as_json:
        click.echo(
            json.dumps(
                {"items": [asdict(item) for item in items], "test": asdict(test)},
                ensure_ascii=False,
            )
        )
        return
    click.echo(f"{test.n}人，平均{write(test.mean)}分，一致性系数{write(test.cic)}%")
    for item in items:
        click.echo(
            f"{item.item}\t得分率{write(item.facility)}\t"
            f"区分指数{write(item.discrimination_index)}\t区分度{write(item.upper_lower_d)}"
        )


def write(value: float | None) -> str:
    """Write a figure; a dash where it is undefined."""
    return UNDEFINED if value is None else f"{value:.2f}"
