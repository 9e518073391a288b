"""Text stays text (XS1): what people typed, markup and template code included, is shown as it is.

Here forms are filled in; test_access.py reads every page of a hall in which all texts are such.
The same walk in a browser, where a script that ran would be seen, stands in tests/browser.
"""

import pytest

from tests.site.moves import MOVES, act, filled_in, url_of
from tests.site.poison import CANARY, ESCAPED, RAW
from tests.site.rows import read_rows

WRITTEN = [endpoint for endpoint, move in MOVES.items() if move.texts]


@pytest.mark.parametrize("endpoint", WRITTEN)
def test_form_keeps_text_to_the_letter_and_its_page_shows_it_as_text(endpoint, hall):
    answer = act(hall, endpoint, **dict.fromkeys(MOVES[endpoint].texts, CANARY))
    kept = [value for row in read_rows(hall.app).values() for value in row.values()]
    assert CANARY in kept
    if "Location" in answer.headers:
        page = hall.visit(MOVES[endpoint].who).browser.get(answer.headers["Location"])
        assert not RAW.search(page.body)
    assert not RAW.search(answer.get_data(as_text=True))


@pytest.mark.parametrize("endpoint", WRITTEN)
def test_form_that_is_refused_gives_text_back_as_text(endpoint, hall):
    """A text that is too long comes back with its message, still in its control."""
    move, long = MOVES[endpoint], CANARY * 200
    visit = hall.visit(move.who)
    data = filled_in(hall, visit, endpoint)
    for name in move.texts:
        data.setlist(name, [long])
    answer = visit.send("POST", url_of(hall, endpoint), data)
    body = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert ESCAPED in body
    assert not RAW.search(body)
