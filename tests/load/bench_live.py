"""bench live: "600 people refreshed within 3 s at under 5 % of a core".

One process and one client: what a refresh of the live board costs with news on it and without,
beside the hello of the same process.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select

from app.exams.models import Answer, Sitting, SittingPresence
from app.exams.service import sittings
from app.kernel import clock, db
from tests.exams.factories import publish_exam
from tests.load.report import Goal, Options, Report, Table
from tests.support import cast
from tests.support.database import make_app
from tests.support.pages import sign_in

PEOPLE, QUESTIONS, ROUNDS = 600, 30, 20
# 5 % of the three seconds between two refreshes.
AIM_MS = 150.0
LABELS = {"hello": "hello（对照）", "same": "没有变化（204）", "news": "有变化，全部重画"}


def run(options: Options) -> Report:
    """Let everybody sit, answer half of the paper, and refresh the board."""
    people = options.people or PEOPLE
    with tempfile.TemporaryDirectory(prefix="cw-bench-") as folder:
        app = make_app(Path(folder))
        with app.app_context():
            cast.fill()
            exam_id = fill(people)
        costs, failures = measure(sign_in(app, "clerk").client, exam_id, people)
        with app.app_context():
            db.session.remove()
            db.database.engine.dispose()
    return report_of(people, costs, failures)


def fill(people: int) -> int:
    """Make an exam that so many sit, each with half of the paper answered."""
    exam_id = publish_exam(
        [{"stem": f"第{number}问：材料齐全的，多长时间内收件？"} for number in range(QUESTIONS)],
        only=cast.add_staff(people),
    )
    now = clock.now()
    ids = list(db.session.execute(select(Sitting.id, Sitting.person_id)))
    with db.write():
        for sitting_id, person_id in ids:
            sittings.start_sitting(exam_id=exam_id, person_id=person_id)
            db.session.add(SittingPresence(sitting_id=sitting_id, seen_at=now, unsaved=0))
            answered = range(1, QUESTIONS // 2 + 1)
            same = {"chosen": ["C"], "is_flagged": False, "revision": 1, "saved_at": now}
            db.session.add_all(
                Answer(sitting_id=sitting_id, number=number, **same) for number in answered
            )
    return exam_id


def measure(client: FlaskClient, exam_id: int, people: int) -> tuple[dict[str, float], list[str]]:
    """Refresh with and without news; gives milliseconds of processor time each."""
    url, htmx = f"/exams/papers/{exam_id}/live", {"HX-Request": "true"}
    body = client.get(url, headers=htmx).get_data(as_text=True)
    mark = body.split("mark=")[1].split('"')[0]
    same = client.get(f"{url}?mark={mark}", headers=htmx)
    failures = [] if same.status_code == 204 else [f"没有变化时答了{same.status_code}"]
    failures += [] if body.count("<tr>") == people + 1 else [f"看板有{body.count('<tr>') - 1}人"]
    costs = {
        "hello": cost(lambda: client.get("/healthz")),
        "same": cost(lambda: client.get(f"{url}?mark={mark}", headers=htmx)),
        "news": cost(lambda: client.get(url, headers=htmx)),
    }
    return costs, failures


def cost(act: Callable[[], object]) -> float:
    """Give the processor time of one act in milliseconds, over some rounds."""
    began = os.times()
    for _ in range(ROUNDS):
        act()
    ended = os.times()
    used = ended.user + ended.system - began.user - began.system
    return round(used * 1000 / ROUNDS, 1)


def report_of(people: int, costs: dict[str, float], failures: list[str]) -> Report:
    """Put it together."""
    rows = [
        (LABELS[name], each, round(each / max(costs["hello"], 0.1), 1))
        for name, each in costs.items()
    ]
    return Report(
        name="live",
        parameters={"people": people, "questions": QUESTIONS},
        tables=[
            Table(title="考场看板刷新一次", columns=("项目", "毫秒CPU", "hello 的几倍"), rows=rows)
        ],
        figures={"cost_ms": costs},
        goals=[
            Goal(what=LABELS[name], found=costs[name], limit=AIM_MS, unit="毫秒")
            for name in ("same", "news")
        ],
        failures=failures,
    )
