"""Questions out of Excel, and hints on their wording."""

import io
import json

import pytest

from app.kernel import spreadsheets
from app.surveys.linting import DOUBLE, IDENTIFYING, LEADING, hints_of
from app.surveys.questions import STANDARD, Question, QuestionKind

HEADER = ["编号", "题型", "题目", "选项", "必答"]
GOOD = [
    ["q1", "满意度", "您对培训总体上满意吗？", "", ""],
    ["q2", "单选", "时长怎么样？", "偏短\n合适\n偏长", "是"],
    ["", "多选题", "哪些内容有用？", "政策\n礼仪", "否"],
    ["q9", "问答", "有什么建议？", "", "选答"],
]
BAD = [
    ["", "排序", "排一排", "甲\n乙", ""],
    ["", "单选", "只有一项", "甲", ""],
    ["", "文字", "", "", ""],
    ["q1", "量表", "满意吗？", "多余的", ""],
]


def run(app, tmp_path, rows, header=HEADER):
    path = tmp_path / "问卷.xlsx"
    path.write_bytes(spreadsheets.write_table("问卷", header, rows))
    result = app.test_cli_runner().invoke(args=["surveys", "parse", str(path), "--json"])
    return result.exit_code, json.loads(result.stdout)


def test_file_is_read_into_questions(app, tmp_path):
    code, answer = run(app, tmp_path, GOOD)
    assert (code, answer["problems"]) == (0, [])
    assert [each["kind"] for each in answer["questions"]] == ["scale", "single", "multiple", "text"]
    assert [each["code"] for each in answer["questions"]] == ["q1", "q2", "q3", "q9"]
    assert answer["questions"][1]["options"] == ["偏短", "合适", "偏长"]
    assert set(answer["questions"][0]) == {"code", "kind", "text", "options"}


def test_what_is_not_sure_is_a_problem_with_its_place(app, tmp_path):
    code, answer = run(app, tmp_path, [*GOOD, *BAD])
    assert code == 1
    assert len(answer["questions"]) == 5
    found = [(each["where"], each["severity"]) for each in answer["problems"]]
    assert ("B6", "error") in found
    assert ("D7", "error") in found
    assert ("C8", "error") in found
    assert ("D9", "warning") in found


def test_file_without_the_columns_is_refused(app, tmp_path):
    code, answer = run(app, tmp_path, [["a", "b"]], ["甲", "乙"])
    assert (code, answer["questions"]) == (1, [])
    assert "题型" in answer["problems"][0]["message"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("您对培训内容和讲师讲解满意吗？", DOUBLE),
        ("您对时间、场地的安排满意吗？", DOUBLE),
        ("课程内容是否清楚并且有用？", DOUBLE),
        ("您是不是也觉得这次精彩的培训很好？", LEADING),
        ("大家都认为培训有用，您呢？", LEADING),
        ("您在哪个窗口工作？", IDENTIFYING),
        ("您的入职年份是？", IDENTIFYING),
        ("请留下您的手机号。", IDENTIFYING),
    ],
)
def test_hint_is_given(text, hint):
    question = Question(code="q", kind=QuestionKind.TEXT, text=text)
    assert hint in hints_of(question)


@pytest.mark.parametrize("question", STANDARD, ids=lambda each: each.code)
def test_standard_questions_need_no_hint(question):
    assert hints_of(question) == []


def test_file_is_taken_into_a_draft_as_a_whole_or_not_at_all(browse, app):
    clerk = browse("clerk")
    page = clerk.get("/surveys/questionnaires")
    url = clerk.submit(page, form="main form[action$=draft]").location
    refused = send(clerk, url, BAD, "add", status=422)
    assert "B2：题型请写" in refused.text
    assert "C3" not in clerk.get(url).text
    assert len(clerk.get(url).all("main h2[id^=question-]")) == len(STANDARD)
    send(clerk, url, GOOD, "add")
    assert len(clerk.get(url).all("main h2[id^=question-]")) == len(STANDARD) + len(GOOD)
    many = send(
        clerk, url, [["", "文字", f"第{place}题", "", ""] for place in range(12)], "add", 422
    )
    assert "最多20道题" in many.text
    send(clerk, url, GOOD, "replace")
    assert len(clerk.get(url).all("main h2[id^=question-]")) == len(GOOD)
    template = clerk.get("/surveys/questionnaires/template")
    assert template.data.startswith(b"PK")


def send(clerk, url, rows, mode, status=303):
    """Send a file to a draft."""
    page = clerk.get(f"{url}/questions/import")
    content = spreadsheets.write_table("问卷", HEADER, rows)
    data = {
        **{each.get("name"): each.get("value") for each in page.all("#import-form input[type=hidden]")},
        "file": (io.BytesIO(content), "问卷.xlsx"), "mode": mode, "is_unclassified": "y",
    }  # fmt: skip
    return clerk.post(f"{url}/questions/import", data, status=status)
