"""Text stays text (XS1): what people typed, markup and template code included, is shown as it is.

The same walk in a browser, where a script that ran would be seen, stands in tests/browser.
"""

import re

import pytest
from sqlalchemy import update

from app.accounts.models import Department, Hall, Person
from app.accounts.roster.models import Post
from app.kernel import db
from tests.site import world as worlds
from tests.site.moves import MOVES, act, filled_in, url_of
from tests.site.rows import read_rows
from tests.site.table import GETS, WHO, name_of, status_of

CANARY = "\"'><img src=x onerror=alert(1)>{{7*7}}"
SHORT = "\"'><img src=x>{{7*7}}"
RAW = re.compile(r"<img[^>]*src=x|onerror=alert\(1\)>|src=x( onerror=alert\(1\))?(>|&gt;)49")
ESCAPED = "&lt;img src=x"
WRITTEN = [endpoint for endpoint, move in MOVES.items() if move.texts]
# Pages that show texts of others; a canary that is nowhere proves nothing.
SHOWS = {
    "home.show_home", "exams.list_exams", "exams.show_notice", "exams.show_sitting",
    "accounts.list_imports", "accounts.show_import", "exams.hand_in", "exams.show_receipt", "exams.show_result", "exams.list_papers",
    "exams.show_paper", "exams.edit_paper", "exams.choose_questions", "exams.preview_paper",
    "exams.list_results", "exams.show_person_result", "exams.list_late_answers", "jobs.show_job",
    "questions.list_questions", "questions.show_question", "questions.edit_question",
    "accounts.list_accounts", "accounts.show_account",
    "workdays.list_days", "workdays.edit_day", "accounts.sign_in", "entrance.show_entrance",
    "audit.list_entries",
}  # fmt: skip


def fill_poisoned():
    """Make a world in which every text that a person types ends in the canary."""
    world = worlds.fill(CANARY)
    with db.write():
        db.session.execute(update(Person).values(name=Person.id.concat(SHORT)))
        db.session.execute(update(Post).values(name=Post.id.concat(SHORT)))
        db.session.execute(update(Department).values(name=Department.id.concat(SHORT)))
        db.session.execute(update(Hall).values(name=SHORT))
    return world


@pytest.fixture
def poisoned(make_hall):
    return make_hall("poison", fill_poisoned)


@pytest.mark.parametrize("who", WHO)
def test_no_page_takes_text_for_markup(who, poisoned):
    visit, shown = poisoned.visit(who), set()
    for row in GETS:
        url = poisoned.url(row)
        page = visit.browser.get(url, status=status_of(row, who))
        fragment = visit.send("GET", url, fragment=True).get_data()
        for text in (page.body, fragment.decode(errors="replace")):
            assert not RAW.search(text), name_of(row)
            if ESCAPED in text:
                shown.add(row["endpoint"])
    allowed = {row["endpoint"] for row in GETS if row[who].startswith("200")}
    assert shown >= SHOWS & allowed


@pytest.mark.parametrize("endpoint", WRITTEN)
def test_form_keeps_text_to_the_letter_and_its_page_shows_it_as_text(endpoint, hall):
    answer = act(hall, endpoint, **dict.fromkeys(MOVES[endpoint].texts, CANARY))
    kept = [value for row in read_rows(hall.app).values() for value in row.values()]
    assert CANARY in kept
    page = hall.visit(MOVES[endpoint].who).browser.get(answer.headers["Location"])
    assert not RAW.search(page.body)


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
