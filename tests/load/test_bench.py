"""The benches themselves: that they run, end with the right status, and count what went wrong."""

import asyncio
import json
from dataclasses import replace

import pytest

from tests.load import bench, bench_bank, bench_exam, plans, report
from tests.load.persons import Person
from tests.load.record import Record, Run, percentile
from tests.load.report import Goal, Report
from tests.load.wire import Answer, Browser, WireError

PERSON = Person(staff_number="SY1000", password="", cookie="", exam=1, sitting="s")


@pytest.fixture(autouse=True)
def results(tmp_path, monkeypatch):
    """Keep results of tests out of the real folder."""
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    return tmp_path


def test_a_small_exam_runs_and_loses_nothing(results, monkeypatch):
    whole = bench_exam.slice_plan
    monkeypatch.setattr(
        bench_exam, "slice_plan", lambda *given: replace(whole(*given), rounds=1, seconds=0.3)
    )
    assert bench.main(["exam", "--people", "4", "--seconds", "3"]) == 0
    figures = json.loads((results / "exam.json").read_text(encoding="utf-8"))["figures"]
    assert figures["promised"] == 4 * 30 + 4
    assert figures["lost"] == figures["double"] == 0
    assert figures["slices"]["save"]["ratio_to_hello"] > 1


def test_a_small_bank_is_opened_page_by_page(results, monkeypatch):
    monkeypatch.setattr(bench_bank, "ROUNDS", 2)
    assert bench.main(["bank", "--people", "120"]) == 0
    pages = json.loads((results / "bank.json").read_text(encoding="utf-8"))["figures"]["pages"]
    assert {kind: each["n"] for kind, each in pages.items()} == {
        kind: 2 * 5 if kind == bench_bank.HELLO else 2 for kind in bench_bank.LABELS
    }


def test_a_small_drawing_is_measured_beside_its_reference(results):
    assert bench.main(["draw", "--people", "10"]) == 0
    figures = json.loads((results / "draw.json").read_text(encoding="utf-8"))["figures"]
    assert {each["forms"] for each in figures["cases"].values()} == {10}
    assert figures["reference_ms"] > 0


def test_a_small_board_is_refreshed_with_and_without_news(results):
    assert bench.main(["live", "--people", "6"]) == 0
    figures = json.loads((results / "live.json").read_text(encoding="utf-8"))["figures"]
    assert set(figures["cost_ms"]) == {"hello", "same", "news"}


def test_a_few_sittings_are_marked_again_and_as_before(results):
    assert bench.main(["remark", "--people", "5"]) == 0
    figures = json.loads((results / "remark.json").read_text(encoding="utf-8"))["figures"]
    assert set(figures["seconds"]) == {"reference", "foresee", "apply", "revoke"}


def test_an_unknown_bench_is_a_usage_error():
    with pytest.raises(SystemExit) as ended:
        bench.main(["nothing"])
    assert ended.value.code == 2


def test_a_failure_ends_with_status_one(monkeypatch):
    failed = Report(name="hello", parameters={}, failures=["lost"])
    monkeypatch.setattr("tests.load.bench_hello.run", lambda options: failed)
    assert bench.main(["hello"]) == 1


def test_an_aim_out_of_reach_is_said_and_is_no_failure(monkeypatch, capsys):
    missed = Report(
        name="hello", parameters={}, goals=[Goal(what="p99", found=2, limit=1, unit="ms")]
    )
    monkeypatch.setattr("tests.load.bench_hello.run", lambda options: missed)
    assert bench.main(["hello"]) == 0
    assert "未达到" in capsys.readouterr().out


def test_latency_counts_from_the_plan_and_not_from_the_sending():
    async def late() -> Record:
        run = Run(Record(), seed=1)
        run.began = asyncio.get_running_loop().time() - 1.0
        await run.insist("save", planned=0.0, send=lambda: give(200))
        return run.record

    assert asyncio.run(late()).times["save"][0] >= 1000


def test_a_busy_answer_is_tried_again_and_is_no_error():
    answers = iter([503, 503, 200])
    record = asyncio.run(insisted(lambda: give(next(answers), retry_after="0"), may_be_busy=True))
    assert record.busy["sign-in"] == record.retries["sign-in"] == 2
    assert not record.errors
    assert report.errors_in(record) == []


def test_a_refusal_is_final_and_an_error():
    record = asyncio.run(insisted(lambda: give(409)))
    assert report.errors_in(record) == ["1 × sign-in 409", "1 × sign-in 没有完成"]


def test_an_answer_that_never_came_is_tried_again_and_counted(monkeypatch):
    monkeypatch.setattr("tests.load.record.PAUSES", (0.0, 0.0))
    answers = iter([cut(), give(200)])
    record = asyncio.run(insisted(lambda: next(answers)))
    assert record.errors == {"sign-in timeout": 1}
    assert len(record.times["sign-in"]) == 1


async def insisted(send, *, may_be_busy: bool = False) -> Record:
    run = Run(Record(), seed=1)
    run.chance.random = lambda: 0.0
    await run.insist("sign-in", 0.0, send, may_be_busy=may_be_busy)
    return run.record


async def give(status: int, retry_after: str = "") -> Answer:
    headers = {"retry-after": retry_after} if retry_after else {}
    return Answer(status=status, headers=headers, set_cookies=(), body=b"", size=0)


async def cut() -> Answer:
    raise WireError("timeout")


def test_a_connection_closed_between_two_requests_is_opened_again():
    async def talk() -> tuple[bytes, bytes]:
        async def answer_once(reader, writer):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            await writer.drain()
            writer.close()
            await writer.wait_closed()

        server = await asyncio.start_server(answer_once, "127.0.0.1", 0)
        async with server:
            browser = Browser(server.sockets[0].getsockname()[1])
            bodies = (await browser.get("/")).body, (await browser.get("/")).body
            browser.connection.close()
            return bodies

    assert asyncio.run(talk()) == (b"ok", b"ok")


def test_the_rates_are_those_of_six_hundred_people_at_any_size():
    times = plans.exam_times(60, answering=45.0)
    assert (times.opening, times.ending) == (6.0, 1.0)
    plan = plans.plan_exam([PERSON], 30, times, seed=1)[0]
    moments = [moment for moment, _ in plan.saves]
    assert len(moments) == 30
    assert moments == sorted(moments)
    assert plan.opens <= moments[0]
    assert moments[-1] <= times.opening + times.answering <= plan.hands_in <= times.whole


def test_savers_of_a_later_case_have_higher_revisions():
    first, second = (plans.plan_savers([PERSON], 3, 20.0, 2.0, seed)[0] for seed in (1, 2))
    assert max(choice.revision for _, choice in first.saves) < min(
        choice.revision for _, choice in second.saves
    )


def test_percentiles_are_nearest_ranks():
    values = [float(value) for value in range(1, 101)]
    assert [percentile(values, share) for share in (0.5, 0.99, 1.0)] == [50, 99, 100]
    assert percentile([7.0], 0.99) == 7.0
