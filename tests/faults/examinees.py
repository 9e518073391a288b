"""People who sit exams over HTTP while the server dies, and write down what it has promised them.

They do what static/exams/sitting.js does: a save or a hand-in without an answer is sent again, the
same revision each time, until the server has answered.
"""

import http.client
import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.faults.papers import Asked

TIMEOUT_SECONDS = 10
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
RECEIPT = re.compile(r"回执号</dt>\s*<dd[^>]*>\s*([2-9A-Z]{10})")
NO_ANSWER = (OSError, http.client.HTTPException)


class BusyError(Exception):
    """The server asks to come again."""


@dataclass(frozen=True)
class Reply:
    """An answer of the server, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> dict[str, object]:
        return json.loads(self.body)


@dataclass
class Visitor:
    """A browser without eyes: one connection for each request, cookies kept."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def ask(self, method: str, path: str, fields: Sequence[tuple[str, object]] = ()) -> Reply:
        """Send a request; raises what `NO_ANSWER` lists when no whole answer comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        try:
            headers = {
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            }
            if method == "POST":
                headers |= {
                    "Content-Type": "application/x-www-form-urlencoded",
                    "X-CSRFToken": self.token,
                }
            connection.request(method, path, urlencode(fields), headers)
            answer = connection.getresponse()
            reply = Reply(answer.status, answer.headers, answer.read())
        finally:
            connection.close()
        for header in reply.headers.get_all("Set-Cookie") or ():
            self.cookies |= {name: each.value for name, each in SimpleCookie(header).items()}
        return reply

    def open(self, path: str) -> Reply:
        """Open a page and take over its token."""
        reply = self.ask("GET", path)
        found = TOKEN.search(reply.text)
        if found:
            self.token = found[1]
        return reply

    def sign_in(self, staff_number: str, password: str) -> None:
        """Sign in as a person does."""
        assert self.open("/sign-in").status == 200
        fields = [("staff_number", staff_number), ("password", password)]
        reply = self.ask("POST", "/sign-in", fields)
        assert reply.status == 303, f"{reply.status}: {reply.text[:500]}"

    def start(self, exam_id: int) -> str:
        """Begin a sitting, or go on with it; returns its public id."""
        assert self.open(f"/exams/{exam_id}").status == 200
        reply = self.ask("POST", f"/exams/{exam_id}/start")
        if reply.status >= 500:
            raise BusyError
        assert reply.status == 303, f"{reply.status}: {reply.text[:500]}"
        public_id = urlsplit(reply.headers["Location"]).path.rpartition("/")[2]
        assert len(public_id) == 16, reply.headers["Location"]
        return public_id

    def save(self, public_id: str, number: int, chosen: Sequence[str], revision: int) -> Reply:
        """Save one answer."""
        fields = [
            *(("answer", label) for label in chosen),
            ("revision", revision),
            ("flagged", "0"),
        ]
        return self.ask("POST", f"/exams/sittings/{public_id}/answers/{number}", fields)

    def hand_in(self, public_id: str) -> Reply:
        """Hand in."""
        return self.ask("POST", f"/exams/sittings/{public_id}/hand-in")


@dataclass
class Ledger:
    """What people have sent, and what the server has acknowledged."""

    sent: dict[tuple[str, int, int], tuple[str, ...]] = field(default_factory=dict)
    saved: dict[tuple[str, int], int] = field(default_factory=dict)
    receipts: dict[str, list[str]] = field(default_factory=dict)
    acknowledged: list[tuple[str, int]] = field(default_factory=list)
    started: dict[str, int] = field(default_factory=dict)
    retries: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def promises(self) -> tuple[dict[tuple[str, int], int], dict[str, list[str]]]:
        """Copy what has been acknowledged up to now."""
        with self.lock:
            return dict(self.saved), {name: list(codes) for name, codes in self.receipts.items()}


class Examinee(threading.Thread):
    """A person who sits one exam after another."""

    def __init__(
        self,
        visitor: Visitor,
        exams: Sequence[int],
        paper: Sequence[Asked],
        ledger: Ledger,
        seed: str,
        hands_in: threading.Event,
        enough: threading.Event,
    ) -> None:
        super().__init__(daemon=True)
        self.visitor, self.exams, self.paper, self.ledger = visitor, exams, paper, ledger
        self.hands_in, self.enough = hands_in, enough
        self.chance = random.Random(seed)

    def run(self) -> None:
        try:
            for exam_id in self.exams:
                if self.enough.is_set():
                    return
                self.sit(exam_id)
        except Exception as error:  # noqa: BLE001 - told to the test, which fails with it.
            self.ledger.problems.append(f"{type(error).__name__}: {error}")

    def sit(self, exam_id: int) -> None:
        """Answer every question, some of them again, and hand in."""
        public_id = self.insist(lambda: self.visitor.start(exam_id))
        self.ledger.started[public_id] = exam_id
        revisions = dict.fromkeys((each.number for each in self.paper), 0)
        again = self.chance.sample(list(self.paper), 2)
        for question in [*self.paper, *again]:
            revisions[question.number] += 1
            self.save(public_id, question, revisions[question.number])
            time.sleep(self.chance.uniform(0, 0.02))
        self.hand_in(public_id)

    def save(self, public_id: str, question: Asked, revision: int) -> None:
        """Save an answer until it is acknowledged."""
        chosen = self.draw(question)
        key = (public_id, question.number)
        self.ledger.sent[*key, revision] = chosen
        reply = self.insist(lambda: self.visitor.save(*key, chosen, revision))
        answer = reply.json
        if reply.status != 200 or not answer["saved"] or answer["revision"] != revision:
            self.ledger.problems.append(f"{key} revision {revision}: {reply.status} {answer}")
            return
        with self.ledger.lock:
            self.ledger.saved[key] = revision
            self.ledger.acknowledged.append(key)

    def draw(self, question: Asked) -> tuple[str, ...]:
        """Answer right more often than not."""
        if self.chance.random() < 0.6:
            return question.key
        count = self.chance.randint(1, 3) if len(question.key) > 1 else 1
        return tuple(sorted(self.chance.sample(question.labels, count)))

    def hand_in(self, public_id: str) -> None:
        """Hand in until there is a receipt; sometimes twice, as people do who press again."""
        for _ in range(self.chance.choice((1, 1, 2))):
            self.hands_in.set()
            self.insist(lambda: self.expect(self.visitor.hand_in(public_id), 303))
            page = self.insist(
                lambda: self.expect(
                    self.visitor.ask("GET", f"/exams/sittings/{public_id}/receipt"), 200
                )
            )
            found = RECEIPT.search(page.text)
            with self.ledger.lock:
                self.ledger.receipts.setdefault(public_id, []).append(found[1] if found else "")

    def expect(self, reply: Reply, status: int) -> Reply:
        """Refuse an answer that is neither the expected one nor a server in trouble."""
        assert reply.status == status or reply.status >= 500, f"{reply.status}: {reply.text[:300]}"
        return reply

    def insist(self, act: Callable[[], object]) -> object:
        """Do something until the server answers it."""
        while True:
            try:
                reply = act()
            except (*NO_ANSWER, BusyError) as error:
                reply, reason = None, type(error).__name__
            else:
                reason = f"status {getattr(reply, 'status', 200)}"
                if getattr(reply, "status", 200) < 500:
                    return reply
            self.ledger.retries[reason] += 1
            time.sleep(self.chance.uniform(0.01, 0.05))
