"""The diagrams of this room's workflows are what the tables of the program say."""

import re

import pytest

from app.commitments.workflow import PLATE_FLOW, SHEET_FLOW
from app.kernel.config import ROOT
from app.workflow.definition import Waiting

WORKFLOWS = (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADINGS = {"Commitment sheet": SHEET_FLOW, "Model post": PLATE_FLOW}


def diagram(heading):
    """Give the diagram below a heading."""
    return FENCE.search(WORKFLOWS.split(f"## {heading}\n")[1])[1]


@pytest.mark.parametrize("heading", HEADINGS)
def test_diagram_is_what_the_flow_says(heading):
    flow, drawing = HEADINGS[heading], diagram(heading)
    labels = dict(re.findall(r"^ {4}(\w+): (.+)$", drawing, re.MULTILINE))
    assert labels == {each.value: each.label for each in flow.states}
    arrows = set(re.findall(r"^ +(\S+) --> (\S+?)(?:: (.+))?$", drawing, re.MULTILINE))
    moves = {
        (str(source), str(each.target), each.label)
        for each in flow.moves
        for source in each.sources
    }
    ends = {(str(each.value), "[*]", "") for each in flow.states if each.waiting is Waiting.CLOSED}
    assert arrows == moves | ends | {("[*]", str(flow.states[0].value), flow.begun)}
