"""The source sentence of each of the 39 rows stands in its plan, word for word."""

import re
import unicodedata

from app.kernel.config import ROOT
from app.measures import plans
from app.measures.models import IndicatorKind

PLANS = ROOT / "docs" / "plans"
# Marks of footnotes and of bold type are no words of the plan.
MARKS = re.compile(r"[¹²*]")
ROWS = {"2025-efficiency-plan": 27, "2023-clean-window-plan": 12}


def normal(text):
    """Leave letters and digits: blanks and punctuation differ between the two files' typing."""
    plain = unicodedata.normalize("NFKC", MARKS.sub("", text))
    return "".join(each for each in plain if unicodedata.category(each)[0] in "LNS")


def body_of(name):
    """Give a plan's text without its footnotes, which the pages break into sentences."""
    lines = (PLANS / f"{name}.txt").read_text(encoding="utf-8").split("\n")
    notes = ("¹ ", "² ")
    return normal("\n".join(each for each in lines if not each.startswith(notes)))


def test_each_row_quotes_its_plan():
    for file in plans.list_files():
        body = body_of(file.name)
        assert len(file.content["measures"]) == ROWS[file.name]
        for row in file.content["measures"]:
            for sentence in row["source"]:
                assert len(normal(sentence)) > 5
                assert normal(sentence) in body, (file.name, row["code"], sentence)


def test_each_number_of_a_target_stands_in_its_sentence():
    told = {("11", "一月一考"): "一月一考", ("8", "一月一考"): "一月一考"}
    words = {"7": "七", "3": "3", "1": "每季度", "5000": "5000", "24": "24"}
    for file in plans.list_files():
        for row in file.content["measures"]:
            for given in row["indicators"]:
                if "target" not in given:
                    continue
                source = "".join(row["source"])
                number = str(given["target"])
                found = told.get((row["code"], given["label"]), number)
                is_there = found in source or words.get(number, number) in source
                is_whole = number == "100" and "全覆盖" in source
                assert is_there or is_whole, (row["code"], given["label"])


def test_counted_lists_are_no_targets():
    for file in plans.list_files():
        for row in file.content["measures"]:
            for given in row["indicators"]:
                if IndicatorKind(given["kind"]) is IndicatorKind.CHECKLIST:
                    assert "target" not in given
                    assert given["items"]
