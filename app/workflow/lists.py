"""What lists of records show of their workflow: the state as a tag, and the states to choose."""

from app.kernel.listing import Cell, tag
from app.workflow.definition import Flow


def state_tag(flow: Flow, value: str) -> Cell:
    """Show how far a record is; `value` is its stored state."""
    state = flow.state(value)
    return tag(state.label, state.kind)


def state_options(flow: Flow) -> list[tuple[str, str]]:
    """Give the states of a flow for a filter, in the order of its table."""
    return [(str(each.value), each.label) for each in flow.states]
