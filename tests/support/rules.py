"""Writes docs/rules.md: which rule, which module, which tests. `python -m tests.support.rules`

It reads the docstrings of the modules below app/. One quotes a plan as 清廉8 “its words”, which
must stand in that point of the plan, and a rule of the hall between straight quotes or as a
Chinese sentence.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULES = ROOT / "docs" / "rules.md"
PLANS = {
    "清廉": ROOT / "docs" / "plans" / "2023-clean-window-plan.txt",
    "效能": ROOT / "docs" / "plans" / "2025-efficiency-plan.txt",
}
CITATION = re.compile(r"(清廉|效能)(\d+) “([^”]+)”")
QUOTED = re.compile(r'"([^"]{15,})"')
HAN = re.compile(r"[\u4e00-\u9fff]")
STATED = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff，、；：“”,;:=÷ ]+[\u4e00-\u9fff]")
SEPARATOR = re.compile(r"[，、；：,;:=÷]")
# Fewer characters are a list of two names and no rule.
LEAST_HAN = 7
POINT = re.compile(r"(\d+)\.(?=[\u4e00-\u9fff])(.*)")
HEADING = re.compile(r"[一二三四五六七八九十]、|[（(][一二三四五六七八九十][）)]")
FOOTNOTE = re.compile(r"[¹²]")
HEAD = """\
# 规矩在哪里落实

由 `python -m tests.support.rules` 从各模块开头的说明生成，请不要手改；
说明或测试文件变了，再运行一次。
清廉＝[2023年清廉窗口创建实施方案](plans/2023-clean-window-plan.txt)，\
效能＝[2025年效能提升方案](plans/2025-efficiency-plan.txt)，后面的数字是“任务举措”的序号。
"""


class MisquotedError(Exception):
    """A docstring puts words into a plan that do not stand there."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule and where it is carried out; `source` is a point of a plan, or empty."""

    source: str
    text: str
    module: Path


def docstrings() -> Iterator[tuple[Path, str]]:
    """Give each module below app/ with its docstring on one line."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
        if text:
            yield path.relative_to(ROOT), " ".join(text.split())


@cache
def points(plan: str) -> dict[int, str]:
    """Give a plan's numbered points; a page break within a sentence is no end."""
    found: dict[int, str] = {}
    is_inside = False
    for line in PLANS[plan].read_text(encoding="utf-8").splitlines():
        begins = POINT.match(line)
        if begins and int(begins[1]) == len(found) + 1:
            found[len(found) + 1], is_inside = begins[2], True
        elif HEADING.match(line):
            is_inside = False
        elif is_inside and not FOOTNOTE.match(line):
            found[len(found)] += line.strip()
    return found


def sentence(plan: str, number: int, words: str) -> str:
    """Give the first sentence of a plan's point that holds the words; raises MisquotedError."""
    point = points(plan).get(number, "").replace("**", "")
    for each in point.split("。"):
        if words in each:
            return each + "。"
    message = f"{plan}{number} does not say {words}"
    raise MisquotedError(message)


def plan_rules() -> list[Rule]:
    """Give what docstrings quote from the plans, as whole sentences of the plan."""
    return [
        Rule(source=f"{plan}{number}", text=sentence(plan, int(number), words), module=module)
        for module, text in docstrings()
        for plan, number, words in CITATION.findall(text)
    ]


def hall_rules() -> list[Rule]:
    """Give the rules of the hall that docstrings quote or state."""
    return [
        Rule(source="", text=rule, module=module)
        for module, text in docstrings()
        for rule in dict.fromkeys(stated(CITATION.sub("", text)))
    ]


def stated(text: str) -> Iterator[str]:
    """Give the rules in one docstring."""
    yield from QUOTED.findall(text)
    for match in STATED.finditer(QUOTED.sub("", text)):
        if len(HAN.findall(match[0])) >= LEAST_HAN and SEPARATOR.search(match[0]):
            yield match[0]


@cache
def imported() -> dict[Path, frozenset[str]]:
    """Give what each test file of a room imports, as dotted names."""
    found: dict[Path, frozenset[str]] = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        names = {each.name for node in nodes if isinstance(node, ast.Import) for each in node.names}
        for node in nodes:
            if isinstance(node, ast.ImportFrom) and node.module:
                names |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        found[file] = frozenset(names)
    return found


def tests_of(module: Path) -> str:
    """Give links to the tests that call a module; to its room's folder where none imports it."""
    dotted = ".".join(module.with_suffix("").parts).removesuffix(".__init__")
    files = [file for file, names in imported().items() if dotted in names]
    names = [f"[{file.stem.removeprefix('test_')}](../{file.relative_to(ROOT)})" for file in files]
    room = Path("tests", module.parts[1])
    if not names and (ROOT / room).is_dir():
        return f"[{room.name}（全部）](../{room}/)"
    return "、".join(names) or "还没有"


def row(rule: Rule) -> str:
    """Write one row of a table."""
    cells = [rule.source] if rule.source else []
    cells += [rule.text, f"`{rule.module}`", tests_of(rule.module)]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def page() -> str:
    """Write the whole page."""
    parts = [
        HEAD,
        "\n## 两个方案的原文\n\n| 出处 | 原文 | 模块 | 测试 |\n| --- | --- | --- | --- |\n",
        *map(row, plan_rules()),
        "\n## 大厅的规矩\n\n| 规矩 | 模块 | 测试 |\n| --- | --- | --- |\n",
        *map(row, hall_rules()),
    ]
    return "".join(parts)


if __name__ == "__main__":
    RULES.write_text(page(), encoding="utf-8")
