"""The diagrams of the flows of pairs in the docs are the tables of the program."""

import re
from pathlib import Path

import pytest

from app.mentoring.record_flow import RECORD_FLOW
from app.mentoring.workflow import PAIR_FLOW

DOCS = Path(__file__).parents[2] / "docs"
FLOWS = {"Pair of master and apprentice": PAIR_FLOW, "Monthly record of a pair": RECORD_FLOW}


@pytest.mark.parametrize("heading", FLOWS)
def test_a_diagram_has_the_states_and_moves_of_its_table_and_no_other(heading):
    flow = FLOWS[heading]
    text = (DOCS / "workflows.md").read_text(encoding="utf-8")
    drawing = text.split(f"## {heading}\n", 1)[1].split("```mermaid", 1)[1].split("```", 1)[0]
    labels = dict(re.findall(r"^ {4}(\w+): (.+)$", drawing, re.MULTILINE))
    assert labels == {str(each.value): each.label for each in flow.states}
    arrows = set(re.findall(r"^ {4}(\w+) --> (\w+): (.+)$", drawing, re.MULTILINE))
    assert arrows == {
        (str(source), str(move.target), move.label)
        for move in flow.moves
        for source in move.sources
    }
