"""Reading the scores of a test from CSV: item names, maximum marks, then one row per attempt.

An empty cell says that the item was not put to this person; an item left blank has 0 marks.
"""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from app.exams.statistics import BadMatrixError, Matrix

# GBK is what Excel saves as CSV on a Chinese office machine.
ENCODINGS = ("utf-8-sig", "gb18030")
MOST_PLACES = 15
HEAD_ROWS = 2


def read_scores(content: bytes) -> Matrix:
    """Read a matrix of scores; raises BadMatrixError, naming the first cell that is wrong."""
    rows = [row for row in csv.reader(io.StringIO(decode(content))) if any(map(str.strip, row))]
    if len(rows) < HEAD_ROWS:
        message = "文件要有两行以上：第一行是题目名称，第二行是满分，以下每人一行得分。"
        raise BadMatrixError(message)
    names = read_names(rows[0])
    full = [read_full(cell, column) for column, cell in enumerate(fit(rows[1], names, 2), start=1)]
    scores = [
        [
            read_score(cell, full[column], f"第{line}行第{column + 1}列")
            for column, cell in enumerate(fit(row, names, line))
        ]
        for line, row in enumerate(rows[HEAD_ROWS:], start=HEAD_ROWS + 1)
    ]
    return Matrix.of(names, full, scores)


def decode(content: bytes) -> str:
    """Read the bytes as text."""
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    message = "文件不是文本。请在表格软件里另存为 CSV（UTF-8）再试。"
    raise BadMatrixError(message)


def read_names(cells: Sequence[str]) -> list[str]:
    """Give the names of the items."""
    names = [cell.strip() for cell in cells]
    if not all(names):
        message = f"第1行第{names.index('') + 1}列没有题目名称。"
        raise BadMatrixError(message)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        message = f"第1行有两个“{twice}”，题目名称不能重复。"
        raise BadMatrixError(message)
    return names


def fit(cells: Sequence[str], names: Sequence[str], line: int) -> Sequence[str]:
    """Refuse a row of another length than the first."""
    if len(cells) != len(names):
        message = f"第{line}行有{len(cells)}列，第1行有{len(names)}列，要一样多。"
        raise BadMatrixError(message)
    return cells


def read_full(cell: str, column: int) -> Decimal:
    """Read the maximum marks of an item."""
    full = read_number(cell, f"第2行第{column}列")
    if full is None or full <= 0:
        message = f"第2行第{column}列的满分要大于0。"
        raise BadMatrixError(message)
    return full


def read_score(cell: str, full: Decimal, where: str) -> Decimal | None:
    """Read the marks of one person for one item."""
    score = read_number(cell, where)
    if score is not None and score > full:
        message = f"{where}的得分{score}超过满分{full}。"
        raise BadMatrixError(message)
    return score


def read_number(cell: str, where: str) -> Decimal | None:
    """Read a number; None for an empty cell."""
    if not (text := cell.strip()):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        message = f"{where}的“{text}”不是数。没有考到这道题的留空，没有作答的填0。"
        raise BadMatrixError(message)
    if not -MOST_PLACES <= exponent <= MOST_PLACES:
        message = f"{where}的“{text}”太长，小数不超过{MOST_PLACES}位。"
        raise BadMatrixError(message)
    return number
