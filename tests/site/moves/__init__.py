"""One valid act for every route that writes: who, on what, with which form filled in how."""

from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.site.hall import Hall, Visit
from tests.site.moves import (
    accounts,
    assessment,
    call_backs,
    commitments,
    corrections,
    exams,
    excuses,
    inspections,
    marking,
    measures,
    mentoring,
    other,
    question_imports,
    questions,
    regulations,
    running,
    suggestions,
    surveys,
    training,
)
from tests.site.moves.move import Move
from tests.support.pages import fields_of

ROOMS = (
    training,
    suggestions,
    other,
    accounts,
    exams,
    excuses,
    questions,
    question_imports,
    commitments,
    surveys,
    inspections,
    mentoring,
    measures,
    assessment,
    regulations,
    call_backs,
    corrections,
    marking,
    running,
)
MOVES: dict[str, Move] = {name: move for room in ROOMS for name, move in room.MOVES.items()}


def url_of(hall: Hall, endpoint: str) -> str:
    """Give the address that an act is sent to."""
    return hall.address(endpoint, MOVES[endpoint].name, method="POST")


def filled_in(hall: Hall, visit: Visit, endpoint: str) -> MultiDict[str, str]:
    """Give what a browser sends: the form as the page shows it, filled in."""
    move, data = MOVES[endpoint], MultiDict()
    if move.page:
        page = visit.browser.get(hall.address(move.page, move.name))
        forms = page.all(f'form[action="{url_of(hall, endpoint)}"]')
        assert forms, f"{move.page} shows no form for {endpoint}"
        data = fields_of(page, forms[0])
    for name, value in move.values.items():
        data.setlist(name, [value(data) if callable(value) else value])
    for name, (made, key) in move.made.items():
        data.setlist(name, [hall.world.objects[made][key]])
    return data


def act(hall: Hall, endpoint: str, **changes: str) -> TestResponse:
    """Do an act with some fields changed, and see it succeed."""
    move = MOVES[endpoint]
    visit = hall.visit(move.who)
    data = filled_in(hall, visit, endpoint)
    for name, value in changes.items():
        data.setlist(name, [value])
    answer = visit.send("POST", url_of(hall, endpoint), data)
    text = answer.get_data(as_text=True)
    assert answer.status_code == move.status, f"{endpoint}: {answer.status_code} {text[-3000:]}"
    return answer
