"""Everything in the log has a Chinese name, and the log holds nothing that it must not (AL2)."""

import re

import pytest

from app.audit import labels
from app.audit.models import RESULT_OF, AuditEvent, AuditResult, Verdict
from app.kernel.permissions import Role
from tests.audit.factories import entries
from tests.site import world as worlds

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("event", AuditEvent)
def test_every_event_has_a_label_and_a_group(event):
    assert HAN.search(labels.event_label(event))
    assert event.value.split(".")[0] in labels.GROUP_LABELS


def test_no_two_events_share_a_label():
    assert len(set(labels.EVENT_LABELS.values())) == len(AuditEvent)
    assert set(RESULT_OF) <= set(AuditEvent)


@pytest.mark.parametrize(
    ("names", "kinds"),
    [(labels.RESULT_LABELS, AuditResult), (labels.VERDICT_LABELS, Verdict)],
)
def test_every_result_and_verdict_has_a_label(names, kinds):
    assert set(names) == set(kinds)


@pytest.mark.parametrize("role", Role)
def test_every_role_is_said_in_words(role):
    assert HAN.search(labels.acted_as_text(role.value))


def test_what_stands_in_the_log_of_a_whole_month_is_said_in_words(app):
    with app.app_context():
        worlds.fill()
        found = entries()
        assert len({each.event for each in found}) > 10
        assert {key for each in found for key in each.data} <= set(labels.DATA_LABELS)
        assert {each.object_type for each in found} - {""} <= set(labels.OBJECT_LABELS)
        for entry in found:
            for label, text in labels.data_rows(entry.data):
                assert HAN.search(label)
                assert text


def test_values_are_written_for_people():
    assert labels.value_text(["staff", "clerk"]) == "窗口工作人员、经办人"
    assert labels.value_text([]) == "无"
    assert labels.value_text(True) == "是"
    assert labels.value_text({"before": None, "after": {"kind": "off"}}) == (
        "改前：无；改后：种类：off"
    )
    assert labels.value_text(0) == "0"
