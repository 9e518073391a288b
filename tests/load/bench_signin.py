"""bench signin: everybody signs in at about the same time while others answer their questions."""

from dataclasses import dataclass

from tests.load import data, ledger, plans, report, servers, slices
from tests.load.crowd import Scenario, play, run_apart
from tests.load.data import Crowd
from tests.load.record import Record, percentile
from tests.load.report import Goal, Options, Report
from tests.load.servers import Hall
from tests.load.slices import SlicePlan

QUESTIONS = 30
SAVERS = 20
SAVE_EVERY_SECONDS = 2.0
# Savers begin before the crowd comes, and go on for those of it who were told to wait.
LEAD_SECONDS, TAIL_SECONDS = 4.0, 6.0
QUICK_PEOPLE, FULL_PEOPLE = 150, 600
# AU11: 200 of 600 in the same moment.
AT_ONCE_SHARE = 3
SEED = 60
# Milliseconds: L600 allows a queue, AU11 that answers stay quick beside 200 parallel sign-ins.
SIGN_IN_AIM, SAVE_AIM = 10_000.0, 1000.0


@dataclass(frozen=True)
class Case:
    """So many people within so many seconds."""

    people: int
    seconds: float

    @property
    def title(self) -> str:
        """How the report calls it."""
        return f"{self.people}人{self.seconds:g}秒内登录"


def run(options: Options) -> Report:
    """Let a crowd in three times: as planned, twice as fast, and a third of it at once."""
    people = options.people or (FULL_PEOPLE if options.is_full else QUICK_PEOPLE)
    seconds = options.seconds or people / plans.OPENED_PER_SECOND
    cases = (
        Case(people, seconds),
        Case(people, seconds / 2),
        Case(max(1, people // AT_ONCE_SHARE), 1.0),
    )
    result = Report(name="signin", parameters={"people": people, "seconds": seconds})
    with (
        data.crowd(people + SAVERS + slices.WIDTH, QUESTIONS) as crowd,
        servers.hall(crowd.var) as hall,
    ):
        measure_slices(result, crowd, hall)
        for number, case in enumerate(cases):
            play_case(result, crowd, hall, case, SEED + number)
    return result


def play_case(result: Report, crowd: Crowd, hall: Hall, case: Case, seed: int) -> None:
    """Play one case and add what it has shown."""
    record = run_apart(play, scenario_of(crowd, hall, case, seed))
    verdict = ledger.compare(crowd.app, record.ledger)
    result.tables.append(report.crowd_table(case.title, record))
    result.goals += goals_of(case, record)
    result.failures += [*verdict.lost, *verdict.double, *report.errors_in(record)]
    result.figures[case.title] = {
        **report.crowd_figures(record),
        "signed_in": len(record.ledger.sign_ins),
        "promised": verdict.promised,
        "lost": len(verdict.lost),
    }


def scenario_of(crowd: Crowd, hall: Hall, case: Case, seed: int) -> Scenario:
    """Plan one case."""
    whole = LEAD_SECONDS + case.seconds + TAIL_SECONDS
    newcomers = crowd.people[SAVERS : SAVERS + case.people]
    return Scenario(
        site=hall.site.port,
        hello=hall.hello.port,
        seconds=whole,
        sittings=plans.plan_savers(
            crowd.people[:SAVERS], QUESTIONS, whole, SAVE_EVERY_SECONDS, seed
        ),
        sign_ins=plans.plan_sign_ins(newcomers, LEAD_SECONDS, case.seconds, seed),
        seed=seed,
    )


def goals_of(case: Case, record: Record) -> list[Goal]:
    """Hold a case against the load target."""
    missing = case.people - len(record.ledger.sign_ins)
    aims = {"sign-in": SIGN_IN_AIM, "save": SAVE_AIM}
    return [
        *(
            Goal(
                what=f"{case.title}：{report.LABELS[kind]} p99",
                found=percentile(record.times[kind], 0.99),
                limit=limit,
                unit="ms",
            )
            for kind, limit in aims.items()
        ),
        Goal(what=f"{case.title}：没能登录", found=missing, limit=0, unit="人"),
    ]


def measure_slices(result: Report, crowd: Crowd, hall: Hall) -> None:
    """Measure one sign-in (form and password) beside the reference."""
    plan = SlicePlan(
        site=hall.site.port,
        site_pid=hall.site.pid,
        hello=hall.hello.port,
        hello_pid=hall.hello.pid,
        kinds=(slices.REFERENCE, "sign-in"),
        people=crowd.people[-slices.WIDTH :],
    )
    figures = slices.figures(run_apart(slices.measure, plan))
    result.figures["slices"] = figures
    result.tables.append(report.slices_table(figures))
    result.failures += slices.failures(figures)
