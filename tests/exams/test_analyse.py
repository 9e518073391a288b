"""`exams analyse SCORES.csv`: the contract of the command, and what it says of a bad file."""

import json

import pytest

from tests.exams.test_statistics import NINE

SHEET = "甲,乙,丙\n2,4,4\n2,4,4\n2,4,2\n1,2,3\n0,2,1\n2,2,0\n"


@pytest.fixture
def analyse(app, tmp_path):
    """Run the command over a file of these bytes."""

    def run(content, *options):
        path = tmp_path / "scores.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return app.test_cli_runner().invoke(args=["exams", "analyse", str(path), *options])

    return run


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_json_has_every_figure(analyse, encoding):
    answer = analyse(SHEET.encode(encoding), "--json")
    assert answer.exit_code == 0, answer.output
    found = json.loads(answer.stdout)
    assert list(found) == ["items", "test"]
    assert list(found["items"][0]) == [
        "item", "n", "facility", "sd", "covariance", "effective_weight", "discrimination_index",
        "discriminative_efficiency", "upper_lower_d",
    ]  # fmt: skip
    assert list(found["test"]) == [
        "n", "mean", "median", "sd", "skewness", "kurtosis", "cic", "error_ratio",
        "standard_error",
    ]  # fmt: skip
    assert [each["item"] for each in found["items"]] == ["甲", "乙", "丙"]
    assert found["test"]["cic"] == pytest.approx(555 / 8.2, rel=NINE)


def test_what_is_undefined_is_null(analyse):
    found = json.loads(analyse("甲,乙\n1,1\n1,0\n", "--json").stdout)
    assert found["test"]["sd"] is None
    assert found["items"][0]["discrimination_index"] is None
    assert found["items"][0]["facility"] == 1.0


def test_an_empty_cell_was_not_asked(analyse):
    found = json.loads(analyse("甲,乙\n1,1\n1,\n0,1\n1,1\n", "--json").stdout)
    assert [each["n"] for each in found["items"]] == [3, 2]
    assert found["test"]["cic"] is None


def test_people_read_a_table(analyse):
    answer = analyse(SHEET)
    assert answer.exit_code == 0
    assert "5人，平均6.20分，一致性系数67.68%" in answer.stdout
    assert "甲\t得分率0.70\t区分指数39.80\t区分度1.00" in answer.stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "文件要有两行以上"),
        ("甲,乙\n", "文件要有两行以上"),
        ("甲,\n1,1\n1,1\n", "第1行第2列没有题目名称"),
        ("甲,甲\n1,1\n", "第1行有两个“甲”"),
        ("甲,乙\n1,0\n1,0\n", "第2行第2列的满分要大于0"),
        ("甲,乙\n1\n1,1\n", "第2行有1列，第1行有2列"),
        ("甲,乙\n1,1\n1,1,1\n", "第3行有3列"),
        ("甲,乙\n1,1\n1,缺考\n", "第3行第2列的“缺考”不是数"),
        ("甲,乙\n1,1\nNaN,1\n", "第3行第1列的“NaN”不是数"),
        ("甲,乙\n1,1\n2,1\n", "第3行第1列的得分2超过满分1"),
        ("甲,乙\n1,1\n1e-99,1\n", "小数不超过15位"),
        (b"\xff\xfe\x00", "文件不是文本"),
    ],
)
def test_a_bad_file_is_refused_with_the_cell(analyse, content, says):
    answer = analyse(content, "--json")
    assert answer.exit_code == 1
    assert says in answer.stderr
    assert answer.stdout == ""


def test_it_needs_no_database(analyse, app, monkeypatch):
    def refuse(*_args, **_options):
        message = "no database"
        raise AssertionError(message)

    monkeypatch.setattr("sqlalchemy.engine.Engine.connect", refuse)
    assert analyse(SHEET, "--json").exit_code == 0


def test_a_file_that_is_not_there_is_wrong_usage(app):
    answer = app.test_cli_runner().invoke(args=["exams", "analyse", "nowhere.csv"])
    assert answer.exit_code == 2
