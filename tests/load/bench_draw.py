"""bench draw: "Blueprint of 400 papers from 2,000 questions under 5 s in a bench; same seed, same
papers". One process without a database; beside it what any drawing by hash must do at least.
"""

import time
from collections.abc import Callable, Sequence
from hashlib import sha256

from app.exams.drawing import Candidate, Form, Plan, draw
from tests.load.draw_bank import MOST_EXPOSURE, make_bank, make_plan
from tests.load.report import Goal, Options, Report, Table

FORMS, QUESTIONS, TIMES = 400, 2000, 3
AIM_SECONDS = 5.0
CASES = {"free": None, "limited": MOST_EXPOSURE}
LABELS = {"free": "不限出现的份数", "limited": f"一道题最多出现在{MOST_EXPOSURE}%的卷里"}


def run(options: Options) -> Report:
    """Draw everything several times; the fastest counts."""
    bank = make_bank(QUESTIONS)
    wanted = options.people or FORMS
    reference = min(timed(lambda: order_all(bank, wanted))[0] for _ in range(TIMES))
    cases, failures = {}, []
    for name, most_exposure in CASES.items():
        plan = make_plan(wanted, most_exposure=most_exposure)
        cases[name], found = measure(plan, bank)
        failures += [f"{LABELS[name]}：{each}" for each in found]
    return report_of(reference, cases, failures)


def measure(plan: Plan, bank: Sequence[Candidate]) -> tuple[dict[str, float], list[str]]:
    """Draw with the bank in another order each time: the papers must be the same."""
    drawn = [timed(lambda at=at: draw(plan, [*bank[at:], *bank[:at]])) for at in range(TIMES)]
    first = drawn[0][1]
    failures = [] if all(forms == first for _, forms in drawn) else ["同一个种子组出了不同的卷"]
    failures += [] if len(first) == plan.all_forms else [f"组出了{len(first)}份"]
    failures += [] if is_whole(first, plan) else ["有的卷题数不对或者有重复的题"]
    return {"seconds": round(min(each for each, _ in drawn), 3), "forms": len(first)}, failures


def is_whole(forms: Sequence[Form], plan: Plan) -> bool:
    """Tell whether every form has its questions, each once."""
    count = sum(row.count for row in plan.rows)
    return all(len(set(form.question_ids)) == len(form.question_ids) == count for form in forms)


def timed(act: Callable[[], list[Form]]) -> tuple[float, list[Form]]:
    """Do something and give how long it took, with its result."""
    began = time.perf_counter()
    result = act()
    return time.perf_counter() - began, result


def order_all(bank: Sequence[Candidate], forms: int) -> list[Form]:
    """Put all questions in an order of its own for each form, and draw nothing."""
    for code in range(forms):
        sorted(sha256(f"1:{code}:{each.question_id}".encode()).digest() for each in bank)
    return []


def report_of(reference: float, cases: dict[str, dict[str, float]], failures: list[str]) -> Report:
    """Put it together."""
    rows = [("只排序（对照）", reference, 1.0)]
    rows += [
        (LABELS[name], each["seconds"], each["seconds"] / reference) for name, each in cases.items()
    ]
    return Report(
        name="draw",
        parameters={"forms": max(each["forms"] for each in cases.values()), "questions": QUESTIONS},
        tables=[
            Table(title=f"组卷，{TIMES}次取最快", columns=("项目", "秒", "对照的几倍"), rows=rows)
        ],
        figures={"reference_ms": round(reference * 1000, 1), "cases": cases},
        goals=[
            Goal(what=LABELS[name], found=each["seconds"], limit=AIM_SECONDS, unit="秒")
            for name, each in cases.items()
        ],
        failures=failures,
    )
