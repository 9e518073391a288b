"""Junk never breaks the site (IN1) and never becomes SQL (IN2): no answer is a 5xx.

What is drawn at random comes from a printed seed: SEED=... repeats it, ROUNDS says how often.
"""

import os
import re
import time
from random import Random
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.site.exams_world import add_question
from tests.site.hall import FRAGMENT
from tests.site.moves import MOVES, filled_in, url_of
from tests.site.table import GETS, TABLE, name_of

SEED = int(os.environ.get("SEED", time.time()))
IS_LONG = "LONG" in os.environ
# Of what every form is to be sent, each gets one in so many; all of it with `--long`.
SHARE = 6
# To open a form takes as long as to send it twice.
MOST_OPENED = 80
FORM = "application/x-www-form-urlencoded"
# Its body is not looked at, and it would end the session.
FORMS = [endpoint for endpoint in MOVES if endpoint != "accounts.sign_out"]
NASTY = [
    "", " ", "　", "\x00", "a\x00b", "\r\n", "\x1b[31m", "\u2028", "\u202e", "\ud7ff", "💩" * 50,
    "0", "-1", "00", "1e400", "1e9999999", "1e-9999999", "NaN", "-Infinity", "sNaN", "0x10", "١٢٣", "１", "²", "½",
    "9" * 9, "9" * 10, "9" * 19, "9" * 40, "-" + "9" * 40, "1.005", "0.001", "1,5", "true", "None",
    "9" * 5000, "0000-00-00", "9999-12-31", "0001-01-01", "2026-02-30", "10000-01-01", "2026-W07-6",
    "0000-00-00T00:00", "0001-01-01T00:00", "9999-12-31T23:59", "2026-11-20T25:61",
    "2026-11-20T10:00:00+99:99", "24:00-25:00", "9:00-9:00", "%", "_", "%_%", "\\", "'", '"',
    "' OR 1=1 --", "'; DROP TABLE exam; --", "{{7*7}}", "${7*7}", "../../etc/passwd", "A" * 6000,
    "[]", "{}", '{"$ne": 1}', "A,B", "AAAA", "ABCDEFGH", "单", "single", "multiple", "true_false",
]  # fmt: skip
IN_ADDRESSES = [b"\x00", b"\xff", "\u2028".encode(), "💩".encode(), b"'"]
VALUES = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=40),
    st.binary(max_size=20),
    st.integers().map(str),
    st.dates().map(str),
    st.floats().map(str),
)
KNOWN = ["q", "sort", "page", "kind", "state", "category", "released", "department", "next"]
NAMES = st.one_of(
    st.sampled_from([*KNOWN, "received", "days", "year", "version", "add", "hand-in", "answer"]),
    st.text(max_size=8),
)
BODIES = [
    ("multipart/form-data", b"--x\r\n"),
    ("multipart/form-data; boundary=", b"--\r\n\r\n"),
    ("multipart/form-data; boundary=x", b""),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="a'),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"),
    ("multipart/form-data; boundary=x", b"--x\r\n\xff\xfe: \x00\r\n\r\n\xff\r\n--x--\r\n"),
    (
        "multipart/form-data; boundary=x",
        b'--x\r\nContent-Disposition: form-data; name="stem"; filename="a"\r\n\r\n1\r\n--x--\r\n',
    ),
    (FORM, b"%"),
    (FORM, b"a=%zz&%00=%00&=&&&;=\xff\xfe"),
    (FORM, b"&" * 10_000),
    (FORM, b"stem=" + b"%FF" * 1000),
    ("application/json", b'{"stem": 1'),
    ("application/json", b"\xff"),
    ("application/json", b"[1, 2]"),
    ("application/json", b'{"stem": 1, "title": {"a": 1}, "staff_number": [], "reason": true}'),
    ("text/plain; charset=no-such-charset", b"stem=1"),
    ("application/x-www-form-urlencoded; charset=utf-7", b"stem=+ADw-"),
    ("", b"stem=1"),
    ("\u00e4/\u00f6", b"stem=1"),
]
HEADERS = [
    {"Referer": "http://["},
    {"HX-Current-URL": "http://["},
    {"HX-Request": "true", "HX-Current-URL": "//[::1"},
    {"HX-Request": "true", "HX-Current-URL": "http://localhost/\u00ff?\u00e4"},
    {"Origin": "http://["},
    {"Origin": "\u00ff"},
    {"Cookie": "clean-window=\u00ff\u00fe; remember_token=1|x; \x01=;;;="},
    {"Cookie": "clean-window=.eJw.x.y; clean-window=twice"},
    {"Accept-Encoding": ";;q=;gzip;q=x"},
    {"Accept-Language": "\u00ff;q=9" * 50},
    {"Content-Length": "-1"},
    {"Host": "["},
    {"Host": "evil.example:99999/\u00ff"},
    {"Range": "bytes=9-1"},
    {"X-CSRFToken": "\u00ff"},
    {"If-None-Match": '"'},
    {"If-Modified-Since": "never"},
    {"X-Forwarded-For": "' OR 1=1", "X-Forwarded-Host": "evil.example"},
]


def check_alive(answer, what):
    assert answer.status_code < 500, f"{what[:300]} {answer.headers['X-Request-ID']}"


def run(rounds, test, *strategies):
    """Draw often, from a printed seed; a failure says what was sent, so nothing is shrunk."""
    print(f"SEED={SEED}")
    options = settings(
        max_examples=rounds,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    seed(SEED)(options(given(*strategies)(test)))()


class OpenForm:
    """A form as its page shows it, ready to be sent with anything in it."""

    def __init__(self, hall, endpoint):
        self.hall, self.endpoint = hall, endpoint
        self.open()

    def open(self):
        visit = self.hall.visit(MOVES[self.endpoint].who)
        self.fields = filled_in(self.hall, visit, self.endpoint).to_dict(flat=False)
        self.headers, self.client = {"X-CSRFToken": visit.token()}, visit.client

    def send(self, body, kind=FORM):
        url = url_of(self.hall, self.endpoint)
        answer = self.client.post(url, data=body, content_type=kind, headers=self.headers)
        check_alive(answer, f"{self.endpoint} {body[:500]}")
        if answer.status_code < 400 and MOVES[self.endpoint].who == "anon":
            self.open()
        return answer


class Forms(dict):
    """All forms of a hall, opened when they are first looked at."""

    def __init__(self, hall):
        super().__init__()
        self.hall = hall

    def __missing__(self, endpoint):
        self[endpoint] = OpenForm(self.hall, endpoint)
        return self[endpoint]


@pytest.fixture
def forms(hall):
    return Forms(hall)


@pytest.mark.db
def test_no_form_breaks_on_junk(forms, rounds):
    """Of a form that would pass, some fields are junk, doubled or missing, and some are foreign."""
    changes = st.lists(st.tuples(st.integers(0, 20), st.lists(VALUES, max_size=2)), max_size=4)
    foreign = st.dictionaries(NAMES, VALUES, max_size=2)
    # All of them now: what is sent closes the door to some.
    drawn = FORMS if IS_LONG else Random(SEED).sample(FORMS, MOST_OPENED)
    opened = {endpoint: forms[endpoint] for endpoint in drawn}

    def send(endpoint, changed, added):
        data = {**opened[endpoint].fields, **{name: [value] for name, value in added.items()}}
        names = sorted(data)
        for place, values in changed:
            if names:
                data[names[place % len(names)]] = values
        opened[endpoint].send(urlencode(data, doseq=True))

    run(rounds, send, st.sampled_from(drawn), changes, foreign)


@pytest.mark.db
def test_no_address_breaks_on_junk(hall, rounds):
    clients = {who: hall.visit(who).client for who in ("anon", "staff", "clerk")}
    addresses = [hall.url(row) for row in GETS]
    queries = st.lists(st.tuples(NAMES, VALUES), max_size=4)

    def fetch(who, address, query, is_fragment):
        url = f"{address}?{urlencode(query)}"
        check_alive(clients[who].get(url, headers=FRAGMENT if is_fragment else {}), f"{who} {url}")

    everybody = st.sampled_from(sorted(clients))
    run(rounds, fetch, everybody, st.sampled_from(addresses), queries, st.booleans())


@pytest.mark.db
def test_no_part_of_an_address_breaks_the_site(hall):
    """Each is sent one kind of junk in turn, with `--long` all of them."""
    rows = [row for row in TABLE if "<string" in row["rule"] and row["object"] != "asset"]
    for who in ("staff", "clerk"):
        visitor = hall.visit(who)
        # One who is refused before anything is looked up is enough.
        asked = rows if who == "staff" else [each for each in rows if each[who] != "403"]
        for place, row in enumerate(asked):
            given = hall.world.objects[row["object"]]
            name = given[re.findall(r"<string[^:>]*:(\w+)>", row["rule"])[-1]]
            for character in IN_ADDRESSES if IS_LONG else [IN_ADDRESSES[place % len(IN_ADDRESSES)]]:
                junk = quote(character * 10)
                url = junk.join(hall.url(row).rsplit(str(name), 1))
                assert junk in url
                check_alive(visitor.send(row["method"], url), f"{name_of(row)} {url}")


def share_of(things, endpoint):
    """Give a form its share of what all are to be sent."""
    first = 0 if IS_LONG else FORMS.index(endpoint) % SHARE
    return list(things)[first :: 1 if IS_LONG else SHARE]


@pytest.mark.parametrize("endpoint", FORMS)
def test_no_body_and_no_megabyte_breaks_the_site(endpoint, forms):
    """A body is read before any form looks at it, and each field in one way."""
    form = forms[endpoint]
    for kind, body in share_of(BODIES, endpoint):
        form.send(body, kind)
    for name in share_of(form.fields, endpoint):
        form.send(urlencode({**form.fields, name: ["9" * 1_000_000]}, doseq=True))


def test_too_many_fields_are_refused(forms):
    form = forms["questions.new_question"]
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="a{n}"\r\n\r\n1\r\n' for n in range(501)
    )
    assert form.send(f"{parts}--x--\r\n", "multipart/form-data; boundary=x").status_code == 413
    assert form.send("stem=" + "9" * 2_100_000).status_code == 413


@pytest.mark.db
@pytest.mark.parametrize("word", ["%", "_", "%25", "\\", "' OR 1=1 --", "*", "?", "[a-z]"])
def test_search_takes_every_word_literally(word, hall):
    visitor = hall.visit("clerk")
    lists = ("/questions", "/exams/papers", "/workdays/2026", hall.url(results_row()))
    for path in lists:
        page = visitor.browser.get(f"{path}?{urlencode({'q': word})}")
        assert "没有符合条件的记录" in page.body, path
    with hall.app.app_context():
        add_question(0, stem=f"满意率要达到90{word}以上吗？")
    page = visitor.browser.get(f"/questions?{urlencode({'q': word})}")
    assert len(page.all("tbody tr")) == 1


def results_row():
    return next(row for row in GETS if row["endpoint"] == "exams.list_results")
