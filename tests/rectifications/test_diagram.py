"""The diagram of 整改通知单 in the docs is the table of the program."""

import re
from pathlib import Path

from app.rectifications.workflow import FLOW

DOCS = Path(__file__).parents[2] / "docs"


def drawing() -> str:
    """Give the diagram below the heading."""
    text = (DOCS / "workflows.md").read_text(encoding="utf-8")
    part = text.split("## 整改通知单", 1)[1]
    return part.split("```mermaid", 1)[1].split("```", 1)[0]


def test_diagram_has_the_states_of_the_table():
    labels = dict(re.findall(r"^ {4}(\w+): (.+)$", drawing(), re.MULTILINE))
    assert labels == {str(each.value): each.label for each in FLOW.states}


def test_diagram_has_the_moves_of_the_table_and_no_other():
    arrows = set(re.findall(r"^ {4}(\w+) --> (\w+): (.+)$", drawing(), re.MULTILINE))
    assert arrows == {
        (str(source), str(move.target), move.label)
        for move in FLOW.moves
        for source in move.sources
    }
