"""What holds for README, CHANGELOG and docs: they quote, name and promise only what is there."""

import importlib
import re
import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app import FEATURES
from app.accounts.appointments import STATE_LABELS
from app.accounts.demo import CAST
from app.accounts.models import RoleGrant
from app.accounts.roles import state_of
from app.accounts.roster.demo_hall import DEPARTMENTS
from app.exams import attendance
from app.exams.exam_flow import FLOW
from app.exams.models import GRACE, Exam, ExamState, HandedInBy, Sitting, SittingStanding
from app.jobs.models import JOB_STATE_LABELS
from app.kernel.clock import from_local
from app.kernel.config import VARIABLES
from app.questions.demo_bank.loading import load_bank
from manage_parts.commands import HELP, VERBS
from manage_parts.packages import RUNTIME, TRUST_THE_OPERATOR
from tests.support import rules

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PICTURES = DOCS / "handbook" / "pictures"
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
# Pages that quote the interface, in 「」.
GUIDES = [ROOT / "README.md", DOCS / "deployment.md", *sorted((DOCS / "handbook").glob("*.md"))]
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
MOST_PICTURE_BYTES = 100_000

FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
CODE = re.compile(r"`([^`\n]+)`")
TOP = r"(?:app|docs|manage_parts|migrations|requirements|static|templates|tests|\.ci)"
NAMED_FILE = re.compile(rf"(?<![\w/.-]){TOP}/[\w./-]*[\w/]")
DOTTED = re.compile(r"app(?:\.\w+)+")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def fences(path: Path, language: str) -> list[str]:
    """Give the blocks of one language on a page."""
    return [body for kind, _, body in FENCE.findall(text_of(path)) if kind == language]


def table_after(text: str, first_heading: str) -> list[list[str]]:
    """Give the rows of the table whose heading row begins with a word."""
    start = text.index(f"| {first_heading} |")
    lines = text[start:].split("\n\n", maxsplit=1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in lines]


def sources() -> str:
    """Give all text from which the interface is made."""
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "app").rglob("*.py")]
    return "\n".join(text_of(path) for path in [*files, *(ROOT / "static").rglob("*.js")])


def program() -> str:
    return "\n".join(text_of(path) for path in (ROOT / "app").rglob("*.py"))


# ---------- snippets, files, links, names


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_snippets_occur_verbatim_in_the_file_that_they_name(path: Path) -> None:
    for _, file, snippet in FENCE.findall(text_of(path)):
        assert not file or snippet in text_of(ROOT / file), f"{file} does not hold:\n{snippet}"


def test_the_tour_has_snippets_of_page_and_server() -> None:
    quoted = {file for _, file, _ in FENCE.findall(text_of(DOCS / "tour.md"))}
    assert {"static/exams/sending.js", "app/kernel/db.py"} <= quoted


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_files_that_are_named_exist(path: Path) -> None:
    named = set(NAMED_FILE.findall(text_of(path)))
    assert [file for file in sorted(named) if not (ROOT / file).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_and_pictures_resolve(path: Path) -> None:
    targets = {one or other for one, other in LINK.findall(text_of(path))}
    dead = [each for each in sorted(targets) if not (path.parent / each).exists()]
    assert dead == []


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_names_of_the_program_are_there(path: Path) -> None:
    for name in CODE.findall(text_of(path)):
        if DOTTED.fullmatch(name):
            module, _, attribute = name.rpartition(".")
            assert hasattr(importlib.import_module(module), attribute), name


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_pages_speak_of_the_project_alone(path: Path) -> None:
    addresses = re.findall(r"https?://([^\s/`）)]+)", text_of(path))
    assert [each for each in addresses if not each.startswith("127.0.0.1:")] == []


def test_every_picture_is_small_and_shown_somewhere() -> None:
    shown = "\n".join(text_of(path) for path in PAGES)
    for picture in sorted(PICTURES.iterdir()):
        assert picture.read_bytes().startswith(b"\x89PNG"), picture.name
        assert picture.stat().st_size < MOST_PICTURE_BYTES, picture.name
        assert f"pictures/{picture.name}" in shown, picture.name


# ---------- what users read


@pytest.mark.parametrize("path", GUIDES, ids=name_of)
def test_words_of_the_interface_stand_in_the_interface(path: Path) -> None:
    interface = sources()
    quoted = re.findall(r"「([^」]+)」", text_of(path))
    assert [words for words in quoted if words not in interface] == []


def test_readme_counts_what_the_demonstration_has() -> None:
    people = sum(home.size for home in DEPARTMENTS)
    expected = f"{len(DEPARTMENTS)}个部门、{people}人、{len(load_bank())}道演示题"
    readme = text_of(ROOT / "README.md")
    assert expected in readme
    assert [member.name for member in CAST if f"| {member.name} |" not in readme] == []


def test_commands_and_options_of_manage_are_there(app) -> None:
    known = set(VERBS) | set(app.cli.commands)
    for path in PAGES:
        for verb in re.findall(r"\./manage (?:--demo )?([a-z][\w-]*)", text_of(path)):
            assert verb in known, f"{path.name}: ./manage {verb}"
    options = {cell for row in table_after(text_of(ROOT / "README.md"), "选项") for cell in row[:1]}
    assert [each for each in options if each.strip("`").split()[0] not in HELP] == []


def test_changelog_begins_with_the_version_of_the_program() -> None:
    version = tomllib.loads(text_of(ROOT / "pyproject.toml"))["project"]["version"]
    heading = re.compile(r"^## (\S+) \d{4}-\d{2}-\d{2}$", re.MULTILINE)
    newest = heading.search(text_of(ROOT / "CHANGELOG.md"))
    assert newest is not None
    assert newest[1] == version


# ---------- deployment, workflows, rules, glossary, decisions


def test_deployment_lists_the_variables_word_by_word() -> None:
    rows = table_after(text_of(DOCS / "deployment.md"), "变量")
    assert {name.strip("`"): meaning for name, meaning in rows} == VARIABLES


def test_deployment_lists_the_system_packages() -> None:
    text = text_of(DOCS / "deployment.md")
    rows = table_after(text, "软件包")
    assert {name.strip("`"): why for name, why in rows} == {
        package.name: package.reason for package in RUNTIME
    }
    assert TRUST_THE_OPERATOR in text


def diagram(number: int) -> str:
    return fences(DOCS / "workflows.md", "mermaid")[number]


def labels_in(drawing: str) -> dict[str, str]:
    """Give the states that a diagram names, with what it calls them."""
    return dict(re.findall(r"^ {4}(\w+): (.+)$", drawing, re.MULTILINE))


def ends_in(drawing: str) -> set[str]:
    """Give the states at both ends of a diagram's arrows."""
    arrows = re.findall(r"^ +(\S+) --> (\S+?)(?::|$)", drawing, re.MULTILINE)
    return {state for arrow in arrows for state in arrow} - {"[*]"}


def test_exam_diagram_has_the_states_and_moves_of_its_table_and_no_other() -> None:
    drawing = diagram(0)
    assert labels_in(drawing) == {str(each.value): each.label for each in FLOW.states}
    arrows = set(re.findall(r"^ {4}(\w+) --> (\w+): (.+)$", drawing, re.MULTILINE))
    assert arrows == {
        (str(source), str(move.target), move.label)
        for move in FLOW.moves
        for source in move.sources
    }


def test_sitting_diagram_has_the_words_of_the_program() -> None:
    deadline = from_local(datetime(2026, 11, 20, 10, 0))  # noqa: DTZ001 - the hall's time.
    late = deadline + GRACE + timedelta(seconds=1)
    begun = {"started_at": deadline - timedelta(minutes=40), "deadline_at": deadline}
    person = {"handed_in_at": deadline, "handed_in_by": HandedInBy.PERSON}
    due = {"standing": SittingStanding.DUE}
    exam = Exam(state=ExamState.PUBLISHED, closes_at=late + timedelta(hours=1))
    said = [
        attendance.state_of(exam, Sitting(**due), deadline),
        attendance.state_of(exam, Sitting(**due, **begun), deadline),
        attendance.state_of(exam, Sitting(**due, **begun, **person), late),
        attendance.state_of(exam, Sitting(**due, **begun), late),
        attendance.state_of(exam, Sitting(**due), exam.closes_at),
        attendance.state_of(exam, Sitting(standing=SittingStanding.DEFERRED), deadline),
        attendance.state_of(exam, Sitting(standing=SittingStanding.EXEMPT), deadline),
    ]
    assert list(labels_in(diagram(1)).values()) == said
    assert ends_in(diagram(1)) == set(labels_in(diagram(1)))


def test_job_diagram_has_the_states_of_the_program() -> None:
    drawing = diagram(2)
    assert labels_in(drawing) == {state.value: text for state, text in JOB_STATE_LABELS.items()}
    assert ends_in(drawing) == set(labels_in(drawing))


def test_appointment_diagram_has_the_states_of_the_program() -> None:
    drawing = diagram(3)
    assert labels_in(drawing) == {state.value: text for state, text in STATE_LABELS.items()}
    assert ends_in(drawing) == set(labels_in(drawing))


def test_role_grant_diagram_has_the_words_of_the_program() -> None:
    now, today = from_local(datetime(2026, 11, 20, 10, 0)), date(2026, 11, 20)  # noqa: DTZ001
    day = timedelta(days=1)
    granted = {"decided_at": now, "is_granted": True, "starts_on": today}
    said = [
        state_of(RoleGrant(**values), today)[0]
        for values in (
            {},
            {"ended_at": now},
            {**granted, "is_granted": False},
            {**granted, "starts_on": today + day},
            granted,
            {**granted, "starts_on": today - day, "ends_on": today - day},
            {**granted, "is_granted": False, "ended_at": now},
        )
    ]
    assert list(labels_in(diagram(4)).values()) == said
    assert ends_in(diagram(4)) == set(labels_in(diagram(4)))


FLOWS = [flow for room in FEATURES for flow in room.flows]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_diagram_of_a_flow_has_its_states_and_every_way_between_them(flow) -> None:
    drawing = next(
        each
        for each in fences(DOCS / "workflows.md", "mermaid")
        if labels_in(each) == {str(state.value): state.label for state in flow.states}
    )
    arrows = set(re.findall(r"^ +(\w+) --> (\w+):", drawing, re.MULTILINE))
    moves = {(str(source), str(each.target)) for each in flow.moves for source in each.sources}
    assert arrows == moves


def test_rules_page_is_what_the_docstrings_say() -> None:
    hint = "run: python -m tests.support.rules"
    assert text_of(rules.RULES) == rules.page(), hint


def test_words_put_into_a_plan_are_refused() -> None:
    assert "建立“窗口学习会”“一月一考”等制度" in rules.sentence("清廉", 8, "一月一考")
    with pytest.raises(rules.MisquotedError):
        rules.sentence("清廉", 8, "师徒结对")


def test_glossary_names_are_used_in_the_program() -> None:
    decided, _ = text_of(DOCS / "glossary.md").split("## Decided before the code is there")
    rows = [line.split(" | ") for line in decided.splitlines() if line.count(" | ") == 3]
    names = {name for cells in rows for name in CODE.findall(cells[2])}
    words = set(re.findall(r"\w+", program()))
    assert len(names) > 50
    assert sorted(names - words) == []


def test_glossary_has_one_row_for_each_word_of_the_office() -> None:
    lines = [line for line in text_of(DOCS / "glossary.md").splitlines() if line.startswith("| ")]
    words = [line.split(" | ")[0] for line in lines if "办公用语" not in line and "---" not in line]
    assert sorted({word for word in words if words.count(word) > 1}) == []


def test_decisions_are_numbered_and_say_what_was_rejected() -> None:
    assert [path.name[:3] for path in DECISIONS] == [
        f"{number:03}" for number in range(1, len(DECISIONS) + 1)
    ]
    for path in DECISIONS:
        text = text_of(path)
        assert text.startswith(f"# {path.name[:3]} "), path.name
        assert "## Decided" in text, path.name
        assert "## Rejected" in text, path.name
        assert len(text.splitlines()) <= 60, f"{path.name} is longer than a page"
