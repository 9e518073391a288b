"""Every flow of the site, as data: it can work, and its addresses exist."""

import pytest

from app import FEATURES
from app.workflow import engine

FLOWS = [flow for room in FEATURES for flow in room.flows]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_flow_is_sound(flow):
    assert engine.faults_of(flow) == []


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_pages_of_a_flow_exist(flow, app):
    assert flow.endpoint in app.view_functions
    for move in flow.moves:
        room = flow.endpoint.partition(".")[0]
        word = f"{move.name}_{flow.word}".replace("-", "_")
        assert (move.endpoint or f"{room}.{word}") in app.view_functions, move.name


def test_names_of_flows_differ():
    names = [flow.name for flow in FLOWS]
    assert len(names) == len(set(names))
