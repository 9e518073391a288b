"""The diagram of a measure in the docs is the table of the program."""

import re

from app.kernel.config import ROOT
from app.measures.workflow import FLOW


def test_diagram_has_the_states_and_the_moves_of_the_table():
    text = (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8")
    drawing = text.split("## Measure", 1)[1].split("```mermaid", 1)[1].split("```", 1)[0]
    labels = dict(re.findall(r"^ {4}(\w+): (.+)$", drawing, re.MULTILINE))
    assert labels == {str(each.value): each.label for each in FLOW.states}
    arrows = set(re.findall(r"^ {4}(\w+) --> (\w+): (.+)$", drawing, re.MULTILINE))
    assert arrows == {
        (str(source), str(move.target), move.label)
        for move in FLOW.moves
        for source in move.sources
    }
