"""bench exam: L600 in its first form. All open the paper, save every question, hand it in."""

from dataclasses import dataclass

from tests.load import data, ledger, plans, report, servers, slices
from tests.load.crowd import Scenario, play, run_apart
from tests.load.data import Crowd
from tests.load.ledger import Verdict
from tests.load.record import Record, percentile
from tests.load.report import Goal, Options, Report
from tests.load.servers import Hall
from tests.load.slices import SlicePlan

QUESTIONS = 30
QUICK_PEOPLE, QUICK_SECONDS = 60, 45.0
# 600 people, 30 questions, 15 minutes: 20 saves per second; L600 expects 10 to 25.
FULL_PEOPLE, FULL_SECONDS = 600, 900.0
SEED = 600
AIMS = {"paper": 500.0, "save": 500.0, "hand-in": 1000.0}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one exam has shown."""

    record: Record
    verdict: Verdict
    site_cpu_seconds: float
    slices: dict[str, dict[str, float]]


def run(options: Options) -> Report:
    """Hold an exam and compare the ledger with the database."""
    people = options.people or (FULL_PEOPLE if options.is_full else QUICK_PEOPLE)
    seconds = options.seconds or (FULL_SECONDS if options.is_full else QUICK_SECONDS)
    with (
        data.crowd(people + slices.WIDTH, QUESTIONS) as crowd,
        servers.hall(crowd.var) as hall,
    ):
        outcome = hold(crowd, hall, people, plans.exam_times(people, seconds))
    return report_of(outcome, people, plans.exam_times(people, seconds))


def hold(crowd: Crowd, hall: Hall, people: int, times: plans.ExamTimes) -> Outcome:
    """Measure single requests, which warms the servers up, and then play the exam."""
    measured = slices.figures(run_apart(slices.measure, slice_plan(crowd, hall, people)))
    scenario = Scenario(
        site=hall.site.port,
        hello=hall.hello.port,
        seconds=times.whole,
        sittings=plans.plan_exam(crowd.people[:people], QUESTIONS, times, SEED),
        seed=SEED,
    )
    before = hall.site.cpu_seconds()
    record = run_apart(play, scenario)
    return Outcome(
        record=record,
        verdict=ledger.compare(crowd.app, record.ledger),
        site_cpu_seconds=hall.site.cpu_seconds() - before,
        slices=measured,
    )


def slice_plan(crowd: Crowd, hall: Hall, people: int) -> SlicePlan:
    """Let those act who take no part in the exam itself."""
    return SlicePlan(
        site=hall.site.port,
        site_pid=hall.site.pid,
        hello=hall.hello.port,
        hello_pid=hall.hello.pid,
        kinds=(slices.REFERENCE, "save", "paper"),
        people=crowd.people[people:],
        questions=QUESTIONS,
    )


def report_of(outcome: Outcome, people: int, times: plans.ExamTimes) -> Report:
    """Put it all together."""
    record, verdict = outcome.record, outcome.verdict
    return Report(
        name="exam",
        parameters={
            "people": people,
            "questions": QUESTIONS,
            "seconds": round(times.whole, 1),
            "saves_per_second": round(people * QUESTIONS / times.answering, 1),
        },
        tables=[
            report.slices_table(outcome.slices),
            report.crowd_table("考试，从计划时刻算起", record),
        ],
        figures=figures_of(outcome),
        goals=goals_of(outcome),
        failures=[
            *verdict.lost,
            *verdict.double,
            *report.errors_in(record),
            *missing_hand_ins(record, people),
            *slices.failures(outcome.slices),
        ],
    )


def figures_of(outcome: Outcome) -> dict[str, object]:
    """Sum up for the JSON document."""
    record, spent = outcome.record, outcome.site_cpu_seconds
    return {
        **report.crowd_figures(record),
        "promised": outcome.verdict.promised,
        "lost": len(outcome.verdict.lost),
        "double": len(outcome.verdict.double),
        "site_cpu_seconds": round(spent, 1),
        "site_cpu_us_per_request": round(spent / record.requests * slices.MICRO),
        "slices": outcome.slices,
    }


def goals_of(outcome: Outcome) -> list[Goal]:
    """Hold the run against the load target."""
    record, verdict = outcome.record, outcome.verdict
    return [
        *(
            Goal(
                what=f"{report.LABELS[kind]} p99",
                found=percentile(record.times[kind], 0.99),
                limit=limit,
                unit="ms",
            )
            for kind, limit in AIMS.items()
        ),
        Goal(what="出错", found=record.errors.total(), limit=0, unit="次"),
        Goal(what=f"丢失（应有{verdict.promised}）", found=len(verdict.lost), limit=0, unit="条"),
        Goal(what="重复", found=len(verdict.double), limit=0, unit="条"),
    ]


def missing_hand_ins(record: Record, people: int) -> list[str]:
    """Name how many never got their receipt."""
    missing = people - len(record.ledger.hand_ins)
    return [f"{missing} 人没有拿到回执"] if missing else []
