"""EX1: nothing that a person gets before release depends on the key, or on how well he did."""

import re

import pytest
from sqlalchemy import select

from app.accounts.models import Person
from app.exams.call_back_flow import FLOW
from app.exams.models import CallBack, ControlKind, Sitting
from app.exams.service import running
from app.kernel import db
from app.kernel.permissions import Role
from app.questions.kinds import QuestionKind
from app.workflow import service as workflow
from tests.accounts.factories import grant
from tests.exams import every_kind
from tests.exams.factories import (
    KEY,
    WRONG,
    Examinee,
    browser_of,
    draft,
    frozen,
    get_exam,
    publish_exam,
    release,
    run_jobs,
    sweep,
)
from tests.support import cast

BASIS, ANALYSIS = "依据要到公布后才看得到", "解析要到公布后才看得到"
HTMX = {"HX-Request": "true"}
# What differs between any two answers: tokens, addresses of sittings, receipts.
RANDOM = (
    (r'("X-CSRFToken": |name="csrf_token" value=)"[^"]+"', r"\1"),
    (r"/sittings/[\w-]{16}", "/sittings/X"),
    (r'data-sitting="[\w-]{16}"', "data-sitting"),
    (r"/exams/\d+", "/exams/N"),
    (r"/call-backs/\d+", "/call-backs/N"),
    (r"\b[2-9A-HJ-NP-Z]{10}\b", "RECEIPT"),
    (r"\b[0-9a-f]{12}\b", "REQUEST"),
)


def paper(one, several, true):
    """Three questions that differ in nothing but their keys."""
    both = {"basis": BASIS, "analysis": ANALYSIS}
    options = ["甲", "乙", "丙", "丁"]
    return [
        {"stem": "单选", "options": options, "key": one, **both},
        {"kind": QuestionKind.MULTIPLE, "stem": "多选", "options": options, "key": several, **both},
        {"kind": QuestionKind.TRUE_FALSE, "stem": "判断", "options": [], "key": true, **both},
    ]


class Walk:
    """Somebody's way through an exam, with every answer that he gets, made faceless."""

    def __init__(self, app, person_id, exam_id):
        self.browser = browser_of(app, person_id)
        self.examinee = Examinee(self.browser, exam_id)
        self.seen = []
        with app.app_context():
            person = db.session.get_one(Person, person_id)
            self._own = (person.name, person.staff_number)

    def faceless(self, text):
        for pattern, replacement in RANDOM:
            text = re.sub(pattern, replacement, text)
        for name in self._own:
            text = text.replace(name, "某")
        return text

    def get(self, path, headers=()):
        answer = self.browser.client.get(path, headers=dict(headers))
        kept = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}
        seen = (path, answer.status_code, str(kept), answer.get_data(as_text=True))
        self.seen.append(tuple(self.faceless(str(part)) for part in seen))

    def sit(self, chosen):
        """Go the way from the home page to the receipt."""
        for path in ("/", "/exams", self.examinee.notice):
            self.get(path)
        self.examinee.start()
        for number, labels in chosen.items():
            self.seen.append(self.examinee.save(number, labels, 2))
        self.seen.append(self.examinee.save(1, ["B"], 1, status=409))
        self.get(self.examinee.url)
        self.get(f"{self.examinee.url}/hand-in")
        self.examinee.hand_in()
        self.seen.append(self.examinee.save(1, ["B"], 9, status=409))

    def look(self):
        """Open all that somebody can open who waits for his marks."""
        url = self.examinee.url
        for path in ("/", "/exams", "/exams?sort=-opens", self.examinee.notice, url):
            self.get(path)
        for path in ("hand-in", "receipt", "result", "sheet.pdf"):
            self.get(f"{url}/{path}")
        for path in ("/exams?released=no", f"{url}/receipt"):
            self.get(path, HTMX)


# Keys that nobody could guess: what stands of them in any answer has come from the key.
SECRET_KEYS = {
    QuestionKind.SINGLE: ["C"],
    QuestionKind.MULTIPLE: ["A", "B", "C", "D"],
    QuestionKind.TRUE_FALSE: ["false"],
    QuestionKind.BLANK: [["密钥甲", "密钥乙", "密钥丙"], ["密钥丁"]],
    QuestionKind.NUMERIC: [{"value": "7391.5", "tolerance": "0.125"}],
    QuestionKind.SHORT: ["密钥戊：" + "很长的参考答案" * 40],
    QuestionKind.ESSAY: ["密钥己"],
}
SECRETS = ("密钥", "7391", "0.125", "很长的参考答案", every_kind.BASIS, every_kind.ANALYSIS)


# What belongs to a sitting, but stands at another address.
OUTSIDE = (
    "exams.show_notice",
    "exams.start_sitting",
    "exams.resume_sitting",
    "exams.cancel_call_back",
)


def endpoints_of_a_sitting(app):
    """Give the endpoints that somebody who sits meets before release, with the methods of each."""
    rules = [
        rule
        for rule in app.url_map.iter_rules()
        if "/exams/sittings/<" in rule.rule or rule.endpoint in OUTSIDE
    ]
    return {(method, rule.endpoint) for rule in rules for method in rule.methods & {"GET", "POST"}}


class FullWalk(Walk):
    """A way through a paper with every kind of question, past every endpoint of a sitting."""

    def __init__(self, app, person_id, exam_id):
        super().__init__(app, person_id, exam_id)
        self.app, self.person_id = app, person_id
        self.asked = set()

    def ask(self, endpoint, path="", data=None):
        """Ask once, as a page, as a fragment or as the script; keeps whatever comes back."""
        self.ask_at(endpoint, f"{self.examinee.url}{path}", data)

    def ask_at(self, endpoint, url, data=None):
        """Ask at another address than below the sitting."""
        client = self.browser.client
        token = {"X-CSRFToken": self.browser.token()}
        for headers in ({}, HTMX):
            answer = (
                client.get(url, headers=headers)
                if data is None
                else client.post(url, data=data, headers={**headers, **token})
            )
            kept = {name: value for name, value in answer.headers.items() if name != "Set-Cookie"}
            body = answer.get_data()
            seen = (url, answer.status_code, kept, body.decode("utf-8", "replace"))
            self.seen.append(tuple(self.faceless(str(part)) for part in seen))
            self.sizes.append(len(body))
        self.asked.add(("GET" if data is None else "POST", endpoint))

    def go(self):
        """Do everything that somebody can do with a sitting, right, wrong and junk."""
        self.sizes = []
        self.ask_at("exams.show_notice", self.examinee.notice)
        self.examinee.start()
        self.ask_at("exams.start_sitting", f"{self.examinee.notice}/start", {"sure": "1"})
        for number, sent in every_kind_answers():
            self.ask("exams.save_answer", f"/answers/{number}", {"answer": sent, "revision": "2"})
            self.ask("exams.save_answer", f"/answers/{number}", {"answer": sent, "revision": "1"})
        whole = {f"answer-{number}": sent for number, sent in every_kind_answers()}
        revisions = {f"revision-{number}": "7" for number in range(1, 8)}
        self.ask("exams.save_answers", "/answers", {**whole, **revisions})
        self.ask("exams.show_sitting")
        self.ask("exams.send_pulse", "/pulse", {"unsaved": "1", "known": "0"})
        self.ask("exams.take_over", "/take-over", {"sure": "1"})
        self.ask("exams.show_question_picture", "/pictures/1/1")
        self.be_paused()
        self.be_called_back()
        self.be_taken_over()
        self.ask("exams.hand_in", "/hand-in")
        self.ask("exams.hand_in", "/hand-in", {"sure": "1"})
        self.ask("exams.save_answer", "/answers/1", {"answer": "C", "revision": "9"})
        self.ask("exams.show_receipt", "/receipt")
        self.ask("exams.show_result", "/result")
        self.ask("exams.raise_doubt", "/doubts/1")
        self.ask("exams.raise_doubt", "/doubts/1", {"reason": "答案不对。"})
        self.ask("exams.show_sheet", "/sheet.pdf")
        self.ask("exams.make_sheet", "/sheet", {"sure": "1"})

    def meet(self, revision):
        """Do what an open page does while its clock stands still, or elsewhere."""
        for number, sent in every_kind_answers():
            data = {"answer": sent, "revision": str(revision)}
            self.ask("exams.save_answer", f"/answers/{number}", data)
        self.ask("exams.send_pulse", "/pulse", {"unsaved": "2", "known": "0"})
        self.ask("exams.show_sitting")
        self.ask("exams.hand_in", "/hand-in")

    def be_paused(self):
        """Meet every answer of an exam that an organiser has stopped, and let it go on."""
        for kind in (ControlKind.PAUSE, ControlKind.RESUME):
            with self.app.app_context(), db.write():
                running.control(
                    exam_id=self.examinee.exam_id, kind=kind, made_by_id=cast.person_id("chief")
                )
            self.meet(20)

    def be_called_back(self):
        """Meet every answer from the call to the window until coming back."""
        self.ask("exams.ask_call_back", "/call-back")
        self.ask("exams.ask_call_back", "/call-back", {"sure": "1"})
        self.meet(30)
        with self.app.app_context():
            record_id = db.session.scalars(
                select(CallBack.id)
                .join(Sitting, Sitting.id == CallBack.sitting_id)
                .where(Sitting.exam_id == self.examinee.exam_id)
            ).one()
            with db.write():
                workflow.execute(
                    FLOW, record_id=record_id, name="confirm", user=cast.principal("lead")
                )
        self.meet(40)
        for endpoint, word in (
            ("exams.cancel_call_back", "cancel"),
            ("exams.resume_sitting", "resume"),
        ):
            url = f"/exams/call-backs/{record_id}/{word}"
            self.ask_at(endpoint, url)
            self.ask_at(endpoint, url, {"sure": "1"})
        self.meet(50)

    def be_taken_over(self):
        """Meet every answer where the sitting goes on at another device, and take it back."""
        there = browser_of(self.app, self.person_id)
        token = {"X-CSRFToken": there.token()}
        there.client.post(f"{self.examinee.url}/take-over", headers=token)
        self.meet(60)
        self.ask("exams.take_over", "/take-over", {"sure": "1"})
        self.meet(70)


def every_kind_answers():
    """Give an answer to each kind: right in one of the two papers, wrong in the other, and junk."""
    yield from (
        (1, ["B"]),
        (2, ["A", "B", "C"]),
        (3, ["true"]),
        (4, ["十五", "回执"]),
        (5, ["15"]),
        (6, ["写明缺什么、怎么补、多长时间。"]),
        (7, ["减环节、减材料、减时限。"]),
    )


@pytest.mark.db
def test_every_endpoint_of_a_sitting_says_the_same_whatever_the_keys_are(app, colleagues, now):
    """EX1: bodies, headers and sizes, with every kind of question; only the keys differ."""
    with app.app_context():
        exams = [
            publish_exam(every_kind.add_every_kind(keys), only=[person])
            for keys, person in zip((every_kind.KEYS, SECRET_KEYS), colleagues, strict=True)
        ]
    walks = [FullWalk(app, *pair) for pair in zip(colleagues, exams, strict=True)]
    for walk in walks:
        walk.go()
    for here, there in zip(walks[0].seen, walks[1].seen, strict=True):
        assert here == there
    assert walks[0].sizes == walks[1].sizes
    text = str(walks[1].seen)
    for said in ('data-stopped="call_back"', "等窗口负责人确认", "正在另一台设备上作答"):
        assert said in text, "the walk has been in this state"
    for secret in SECRETS:
        assert secret not in text
    # A new endpoint of a sitting has to be walked here as well.
    assert endpoints_of_a_sitting(app) == walks[0].asked


@pytest.fixture
def colleagues(app):
    """Two people of one department whose names have the same length."""
    with app.app_context():
        first, _, second = cast.add_staff(3)
    return first, second


@pytest.mark.db
def test_two_papers_that_differ_in_their_keys_look_the_same_to_the_byte(app, colleagues):
    first, second = colleagues
    with app.app_context():
        these = publish_exam(paper(["A"], ["A", "B"], ["true"]), only=[first])
        those = publish_exam(paper(["D"], ["A", "B", "C", "D"], ["false"]), only=[second])
    walks = Walk(app, first, these), Walk(app, second, those)
    for walk in walks:
        # Right on every question of the first paper, wrong on every one of the second.
        walk.sit({1: ["A"], 2: ["A", "B"], 3: ["true"]})
        walk.look()
    for here, there in zip(walks[0].seen, walks[1].seen, strict=True):
        assert here == there
    assert len(walks[0].seen) > 20


@pytest.mark.db
def test_before_release_nothing_tells_how_well_somebody_did(app, colleagues, now):
    with app.app_context():
        exam_id = publish_exam(only=colleagues)
    walks = [Walk(app, person, exam_id) for person in colleagues]
    for walk, chosen in zip(walks, (KEY, WRONG), strict=True):
        walk.sit(chosen)
    now.move(hours=8, seconds=67)
    with app.app_context():
        sweep()
    for walk, person in zip(walks, colleagues, strict=True):
        walk.browser = browser_of(app, person)
        walk.seen.clear()
        walk.look()
    for here, there in zip(walks[0].seen, walks[1].seen, strict=True):
        assert here == there
    text = str(walks[0].seen)
    assert "等待公布成绩" in text
    assert not re.search(r"\d+分，(不?合格)|得\d|答对", text)
    with app.app_context():
        release(exam_id)
    walks[0].look()
    assert "30分，合格" in str(walks[0].seen)


def test_the_key_its_basis_and_its_reasons_stand_on_no_page_before_release(app, colleagues):
    first, _ = colleagues
    with app.app_context():
        exam_id = publish_exam(paper(["A"], ["A", "B"], ["true"]), only=[first])
        hashes = [each.content_hash for each in frozen(exam_id)]
        prints = get_exam(exam_id).paper_hash
    walk = Walk(app, first, exam_id)
    walk.sit({1: ["A"]})
    walk.look()
    text = str(walk.seen)
    for secret in (BASIS, ANALYSIS, *hashes, prints[:16]):
        assert secret not in text


def test_the_same_page_names_them_after_release(app, colleagues, now):
    """Without this the tests above could pass on empty pages."""
    first, _ = colleagues
    with app.app_context():
        exam_id = publish_exam(paper(["A"], ["A", "B"], ["true"]), only=[first])
    walk = Walk(app, first, exam_id)
    walk.sit({1: ["B"]})
    now.move(hours=8, seconds=67)
    with app.app_context():
        sweep()
        release(exam_id)
        run_jobs()
    walk.browser = browser_of(app, first)
    walk.look()
    assert BASIS in str(walk.seen)
    assert ANALYSIS in str(walk.seen)


@pytest.mark.db
def test_whoever_sits_a_paper_gets_its_keys_on_no_organisers_page(browse, app, now):
    """He has been made 经办人 while the exam runs, and another draft holds the same questions."""
    with app.app_context():
        exam_id = publish_exam(paper(["A"], ["A", "B"], ["true"]), only=["staff"])
        ids = [each.question_id for each in frozen(exam_id)]
        other = draft(ids)
        grant("staff", Role.CLERK)
    staff, clerk = browse("staff"), browse("clerk")
    for question_id in ids:
        for path in ("", "/edit"):
            staff.get(f"/questions/{question_id}{path}", status=404)
    assert not [href for href in staff.get("/questions").links() if re.search(r"/\d+$", href)]
    assert "答案 AB" in clerk.get(f"/exams/papers/{other}").text
    page = staff.get(f"/exams/papers/{other}")
    assert "答案" not in page.text_of("main")
    # What would not open is not offered either.
    for path in ("/exams/papers", "/"):
        assert f"/exams/papers/{exam_id}" not in staff.get(path).links()
        assert f"/exams/papers/{exam_id}" in clerk.get(path).links()
    now.move(hours=8, seconds=67)
    with app.app_context():
        sweep()
        release(exam_id)
    assert "答案 AB" in browse("staff").get(f"/exams/papers/{other}").text


def test_nobody_opens_the_sitting_of_another(app, browse, exam_id):
    """AC3: the address of a sitting is worth nothing in another's hands."""
    mine = Examinee(browse("staff"), exam_id)
    mine.start()
    for who in ("other", "clerk", "chief"):
        person = browse(who)
        status = 404 if who == "other" else 403
        for path in ("", "/hand-in", "/receipt", "/result", "/sheet.pdf"):
            person.get(f"{mine.url}{path}", status=status)
            person.get(f"{mine.url}{path}", status=status, fragment=True)
        token = person.token()
        for path in ("/answers", "/answers/1", "/hand-in", "/sheet"):
            sent = {"answer": "C", "revision": "1", "csrf_token": token}
            person.post(f"{mine.url}{path}", sent, status=status)
    browse(None).get(mine.url, status=303)
