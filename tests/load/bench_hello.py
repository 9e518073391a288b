"""bench hello: the reference by itself, the least that Flask and gunicorn cost on this machine."""

from tests.load import report, servers, slices
from tests.load.crowd import run_apart
from tests.load.report import Options, Report
from tests.load.slices import SlicePlan

ROUNDS = 5


def run(options: Options) -> Report:
    """Measure the hello in a closed loop of four connections."""
    seconds = options.seconds or 2.0
    with servers.reference() as hello:
        servers.wait_for_answer(hello)
        plan = SlicePlan(
            site=hello.port,
            site_pid=hello.pid,
            hello=hello.port,
            hello_pid=hello.pid,
            kinds=(slices.REFERENCE,),
            people=(),
            rounds=ROUNDS,
            seconds=seconds,
        )
        figures = slices.figures(run_apart(slices.measure, plan))
    return Report(
        name="hello",
        parameters={"rounds": ROUNDS, "seconds": seconds},
        tables=[report.slices_table(figures)],
        figures={"slices": figures},
        failures=slices.failures(figures),
    )
