"""Text stays text (XS1): what people typed, markup and template code included, is shown as it is.

Here forms are filled in with too much; test_acts.py fills them in as far as they take it, and
test_access.py reads every page of a hall in which all texts are such.
The same walk in a browser, where a script that ran would be seen, stands in tests/browser.
"""

import pytest

from tests.site.moves import MOVES, filled_in, url_of
from tests.site.poison import CANARY, ESCAPED, RAW

WRITTEN = [endpoint for endpoint, move in MOVES.items() if move.texts]


def test_many_forms_take_text():
    """That it is kept to the letter and shown as text is seen where the acts are done: test_acts.py."""
    assert len(WRITTEN) > 100


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
